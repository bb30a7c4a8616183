// bench_indicators_client CONNINFO OURS PEER ROUNDS: indicators of every bar as a float32 matrix [row, indicator] in
// this process, with the symbol and time of each row. OURS: (symbol, times, values) of an instrument a row, as
// bourse.evaluate_matrix gives them; PEER: (symbol, ts, real[]) a row of the matrix. Both by COPY BINARY. Statements
// that are no COPY make a temporary table `kept`, which is dropped off the clock.
//
// In turns, ROUNDS of each: the first statement of a session (connected before the clock starts), and the next one.
// Prints medians: milliseconds from the statement to the matrix, then processor time of backend and client.
#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <string>

#include "lib/copy_rows.hpp"

namespace {

using namespace bourse::bench;

struct Matrix {
    std::vector<std::pair<std::string, std::size_t>> symbols;  // and how many rows each has
    std::vector<std::int64_t> times;
    std::vector<float> values;
    std::size_t size = 0;  // of the values that are there

    float* room(std::size_t count) {
        if (size + count > values.size()) values.resize(2 * (size + count));
        size += count;
        return values.data() + size - count;
    }
    void add(std::span<const char> symbol, std::size_t rows) {
        const std::string_view name(symbol.data(), symbol.size());
        if (symbols.empty() || symbols.back().first != name) symbols.emplace_back(name, 0);
        symbols.back().second += rows;
    }
};
using Fields = std::span<const std::span<const char>>;

void take_block(Fields fields, Matrix& to) {
    const auto& [times, values] = std::pair(fields[1], fields[2]);
    const std::size_t rows = times.size() / 8, before = to.times.size();
    to.add(fields[0], rows);
    to.times.resize(before + rows);
    std::memcpy(to.times.data() + before, times.data(), times.size());
    std::memcpy(to.room(values.size() / 4), values.data(), values.size());
}

// An array of one dimension: its head, then length and bytes of each element.
void take_row(Fields fields, Matrix& to) {
    constexpr std::size_t head = 20;
    to.add(fields[0], 1);
    std::uint64_t ts = 0;
    std::memcpy(&ts, fields[1].data(), sizeof ts);
    to.times.push_back(static_cast<std::int64_t>(__builtin_bswap64(ts)));
    const char* from = fields[2].data() + head;
    const std::size_t count = big_endian(fields[2].data() + 12);
    float* values = to.room(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t bits = 0x7FC00000;  // NULL
        if (big_endian(from) == UINT32_MAX) {
            from += 4;
        } else {
            bits = big_endian(from + 4);
            from += 8;
        }
        std::memcpy(values + i, &bits, sizeof bits);
    }
}

struct Took {
    double all, backend, client;  // milliseconds
};

double process_ms(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/schedstat");
    double ns = 0;
    file >> ns;
    return ns / 1e6;
}
double own_ms() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

template <class Take>
Took read(PGconn* connection, const char* statement, Take take, Matrix& matrix) {
    matrix.symbols.clear();
    matrix.times.clear();
    matrix.size = 0;
    const double backend = process_ms(PQbackendPID(connection)), own = own_ms();
    const bool copies = std::string_view(statement).starts_with("COPY");
    const auto start = std::chrono::steady_clock::now();
    if (copies)
        copy_rows(connection, statement, [&](Fields fields) { take(fields, matrix); });
    else
        expect(connection, PQexec(connection, statement), PGRES_COMMAND_OK);
    const Took took{std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count(),
                    process_ms(PQbackendPID(connection)) - backend, own_ms() - own};
    if (!copies) expect(connection, PQexec(connection, "DROP TABLE kept"), PGRES_COMMAND_OK);
    return took;
}

double median(std::vector<Took> all, double Took::*which) {
    std::sort(all.begin(), all.end(), [&](const Took& a, const Took& b) { return a.*which < b.*which; });
    return all[all.size() / 2].*which;
}

void print(const char* name, const std::vector<Took>& all) {
    std::printf("%s %.2f %.2f %.2f\n", name, median(all, &Took::all), median(all, &Took::backend),
                median(all, &Took::client));
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 5) return 2;
    const int rounds = std::atoi(arguments[4]);
    Matrix ours, theirs;
    std::vector<Took> first[2], next[2];
    for (int round = 0; round < rounds; ++round)
        for (const int side : {0, 1}) {
            PGconn* connection = PQconnectdb(arguments[1]);
            if (PQstatus(connection) != CONNECTION_OK) fail(connection);
            for (auto* to : {&first[side], &next[side]})
                to->push_back(side == 0 ? read(connection, arguments[2], take_block, ours)
                                        : read(connection, arguments[3], take_row, theirs));
            PQfinish(connection);
        }
    if (ours.size < theirs.size) {  // days without a bar are rows, too
        std::fprintf(stderr, "%zu values, PostgreSQL's window functions gave %zu\n", ours.size, theirs.size);
        return 1;
    }
    print("ours_first", first[0]);
    print("ours_next", next[0]);
    print("peer_first", first[1]);
    print("peer_next", next[1]);
    return 0;
}
