// Runs a fuzz target where libFuzzer is not: every file of the corpus, then random mutations of them.
//   fuzz_<format> [-runs=N] [-seed=N] FOLDER|FILE…       without -runs only the files; the seed is printed
// An input that crashes is written to crash-<format> in the working folder, to be given as FILE.
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Random = std::mt19937_64;
using Corpus = std::vector<std::string>;

const std::string* running = nullptr;  // for the signal handler alone

void keep_input(int signal) {
    std::signal(signal, SIG_DFL);
    if (FILE* out = std::fopen("crash-" BOURSE_FUZZ_FORMAT, "wb"); out && running) {
        std::fwrite(running->data(), 1, running->size(), out);
        std::fclose(out);
        std::fprintf(stderr, "input of %zu bytes written to crash-%s\n", running->size(), BOURSE_FUZZ_FORMAT);
    }
    std::raise(signal);
}

void limit_processor_time(int seconds) {
    const itimerval timer{{0, 0}, {seconds, 0}};
    setitimer(ITIMER_VIRTUAL, &timer, nullptr);
}

void run(const std::string& input) {
    running = &input;
    limit_processor_time(60);  // a hang ends by SIGVTALRM, its input kept, however slow the machine
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    limit_processor_time(0);
}

std::size_t below(Random& random, std::size_t n) { return n == 0 ? 0 : random() % n; }

// Begin and end of a run of digits at or behind `from`; equal where there is none.
std::pair<std::size_t, std::size_t> number_behind(const std::string& text, std::size_t from) {
    const auto begin = text.find_first_of("0123456789", from);
    if (begin == std::string::npos) return {0, 0};
    const auto end = text.find_first_not_of("0123456789.eE+-", begin);
    return {begin, end == std::string::npos ? text.size() : end};
}

// One small change. Words are put where words stand in binary files, numbers where they stand in text.
void mutate(std::string& bytes, const Corpus& corpus, Random& random) {
    static constexpr std::array<std::uint64_t, 10> words{0,
                                                         1,
                                                         0x7fffffff,
                                                         0x80000000,
                                                         0xffffffff,
                                                         0x7fffffffffffffff,
                                                         0x8000000000000000,
                                                         ~0ull,
                                                         0x7ff0000000000000,
                                                         0x7f800000};
    static constexpr std::array<const char*, 12> numbers{
        "-1", "0", "1", "2147483647", "-2147483649", "4294967296", "1e39", "1e400", "nan", "NaN", "1000000", "\"\""};
    const std::size_t at = below(random, bytes.size());
    switch (random() % 8) {
        case 0:
            if (!bytes.empty()) bytes[at] ^= static_cast<char>(1u << random() % 8);
            break;
        case 1:
            if (!bytes.empty()) bytes[at] = static_cast<char>(random());
            break;
        case 2:
            bytes.erase(at, 1 + below(random, 50));
            break;
        case 3: {  // a word, little-endian or big-endian (UBJ), of 1, 2, 4 or 8 bytes
            std::array<char, 8> word;
            const auto value = words[random() % words.size()];
            const std::size_t size = std::size_t{1} << random() % 4;
            std::memcpy(word.data(), &value, 8);
            if (random() % 2) std::reverse(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(size));
            for (std::size_t i = 0; i < size && at + i < bytes.size(); ++i) bytes[at + i] = word[i];
            break;
        }
        case 4:
            if (const auto [begin, end] = number_behind(bytes, at); end > begin)
                bytes.replace(begin, end - begin, numbers[random() % numbers.size()]);
            break;
        case 5:  // a part of it once more
            bytes.insert(below(random, bytes.size()), bytes.substr(at, 1 + below(random, 64)));
            break;
        case 6: {  // two parts change places
            const std::size_t other = below(random, bytes.size()), size = 1 + below(random, 16);
            const std::string part = bytes.substr(at, size);
            bytes.replace(at, part.size(), bytes.substr(other, size));
            bytes.replace(std::min(other, bytes.size()), part.size(), part);
            break;
        }
        default: {  // a part of another file
            const std::string& other = corpus[random() % corpus.size()];
            bytes.replace(at, below(random, 64), other.substr(below(random, other.size()), 1 + below(random, 256)));
        }
    }
}

void add(Corpus& corpus, const std::filesystem::path& path) {
    if (std::filesystem::is_directory(path)) {
        std::vector<std::filesystem::path> files(std::filesystem::directory_iterator{path}, {});
        std::sort(files.begin(), files.end());
        for (const auto& file : files) add(corpus, file);
        return;
    }
    std::ifstream in(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

std::uint64_t number_of(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
    if (error != std::errc() || end != text.end()) {
        std::fprintf(stderr, "not a number: %.*s\n", static_cast<int>(text.size()), text.data());
        std::exit(2);
    }
    return value;
}

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t runs = 0, seed = std::random_device{}();
    Corpus corpus;
    for (const std::string_view argument : std::vector<std::string_view>(argv + 1, argv + argc)) {
        if (argument.starts_with("-runs="))
            runs = number_of(argument.substr(6));
        else if (argument.starts_with("-seed="))
            seed = number_of(argument.substr(6));
        else
            add(corpus, argument);
    }
    if (corpus.empty()) {
        std::fprintf(stderr, "usage: %s [-runs=N] [-seed=N] FOLDER|FILE…\n", argv[0]);
        return 2;
    }
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGVTALRM}) std::signal(signal, keep_input);
    std::printf("%s: %zu files, then %ju mutations, -seed=%ju\n", BOURSE_FUZZ_FORMAT, corpus.size(),
                static_cast<std::uintmax_t>(runs), static_cast<std::uintmax_t>(seed));
    std::fflush(stdout);
    for (const auto& file : corpus) run(file);
    Random random(seed);
    for (std::uint64_t i = 0; i < runs; ++i) {
        std::string input = corpus[random() % corpus.size()];
        for (auto changes = 1 + random() % 5; changes > 0; --changes) mutate(input, corpus, random);
        run(input);
    }
    std::printf("done\n");
    return 0;
}
