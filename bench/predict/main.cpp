// Rows per second of one model, ours and the training library's own, one thread each, in turns, by the processor time
// of the thread: the best of five and the median of their ratios. Every margin must be equal, every contribution near.
//   bench_predict LIGHTGBM_LIBRARY [--quick | --deep]
//   bench_predict --save MODEL ROWS    writes XGBoost's model of the usual shape and 10,000 rows as text
//   bench_predict --one-by-one MODEL   prints how many rows a second XGBoost predicts with a call a row, best and
//   median
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>

#include "models/contributions.hpp"
#include "models/forest.hpp"
#include "models/light_forest.hpp"
#include "models/native_file.hpp"
#include "peers.hpp"

namespace {

using namespace bourse::bench;
using bourse::models::Contributions;

constexpr std::size_t features = 158, training_rows = 5000;
constexpr int turns = 5;

Rows random_rows(std::size_t count, std::mt19937& random) {
    std::normal_distribution<float> normal;
    Rows rows{features, std::vector<float>(count * features)};
    for (auto& value : rows.values) value = random() % 20 ? normal(random) : std::numeric_limits<float>::quiet_NaN();
    return rows;
}

std::vector<float> labels_of(const Rows& rows) {
    std::vector<float> y(rows.count());
    for (std::size_t i = 0; i < y.size(); ++i)
        for (std::size_t j = 0; j < features; ++j)
            if (const float x = rows.values[i * features + j]; !std::isnan(x))
                y[i] += std::sin(x * static_cast<float>(j % 7));
    return y;
}

double thread_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Processor time, so that a busy machine matters less.
template <class F>
double seconds(F&& work) {
    const double start = thread_seconds();
    work();
    return thread_seconds() - start;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

[[noreturn]] void fail(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    std::exit(1);
}

std::vector<double> our_margins(const bourse::models::Evaluator& model, const Rows& rows) {
    const std::span<const float> values(rows.values);
    if (model.wide()) {
        std::vector<double> margins(rows.count());
        model.margins(values, rows.count(), std::span(margins), {});
        return margins;
    }
    std::vector<float> margins(rows.count());
    model.margins(values, rows.count(), std::span(margins), {});
    return {margins.begin(), margins.end()};
}

std::vector<double> our_one_by_one(const bourse::models::Evaluator& model, const Rows& rows) {
    std::vector<double> all;
    Rows one{features, std::vector<float>(features)};
    for (std::size_t i = 0; i < rows.count(); ++i) {
        std::copy_n(rows.values.begin() + static_cast<std::ptrdiff_t>(i * features), features, one.values.begin());
        all.push_back(our_margins(model, one)[0]);
    }
    return all;
}

std::vector<double> our_contributions(const Contributions& parts, const Rows& rows) {
    const std::vector<double> wide(rows.values.begin(), rows.values.end());
    std::vector<double> all(rows.count() * (features + 1));
    parts.of_rows(wide, rows.count(), all);
    return all;
}

// Turns of both sides one after the other; prints the rates of the best ones, their ratio and the median ratio. Returns
// the peer's best rate.
template <class Ours, class Theirs, class Equal>
double compare(const std::string& what, std::size_t rows, Ours&& ours, Theirs&& theirs, Equal&& equal) {
    double own_s = 1e9, peer_s = 1e9;
    std::vector<double> ratios;
    for (int turn = 0; turn < turns; ++turn) {
        std::vector<double> a, b;
        const double own = seconds([&] { a = ours(); }), peer = seconds([&] { b = theirs(); });
        equal(a, b);
        own_s = std::min(own_s, own);
        peer_s = std::min(peer_s, peer);
        ratios.push_back(peer / own);
    }
    const auto count = static_cast<double>(rows);
    std::printf("%-46s %10.0f rows/s, peer %10.0f rows/s, ratio %.2f (median %.2f)\n", what.c_str(), count / own_s,
                count / peer_s, peer_s / own_s, median(ratios));
    std::fflush(stdout);
    return count / peer_s;
}

void must_be_equal(const std::vector<double>& a, const std::vector<double>& b) {
    if (a != b) fail("margins differ from the library's");
}

void must_be_near(const std::vector<double>& a, const std::vector<double>& b) {
    double scale = 1;
    for (const double x : b) scale = std::max(scale, std::abs(x));
    for (std::size_t i = 0; i < a.size(); ++i)
        if (std::abs(a[i] - b[i]) > 1e-5 * scale) fail("contributions differ from the library's");
}

// The largest difference of contributions, by the largest of them.
double distance(const std::vector<double>& a, const std::vector<double>& b) {
    double scale = 1, most = 0;
    for (const double x : b) scale = std::max(scale, std::abs(x));
    for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
    return most / scale;
}

// The kernels of every instruction set that this processor has, alone, on the rows of `asked` again and again.
template <class T, class Forest>
void compare_kernels(const std::string& label, const Forest& forest, const Rows& asked, double peer_rate) {
    using Trees = bourse::models::BitTrees<T>;
    using bourse::models::bit_part, bourse::models::bit_rows;
    constexpr std::size_t blocks = 8;
    const Trees* trees = forest.bit_trees({});
    if (!trees || asked.count() < blocks * bit_rows) return;
    for (const auto* kernel : {&bourse::models::portable_bit_kernel(), bourse::models::avx2_bit_kernel(),
                               bourse::models::avx512_bit_kernel()}) {
        if (!kernel) continue;
        typename Trees::Block rows(*trees, *kernel);
        alignas(64) T sums[bit_rows] = {};
        double best_s = 1e9, bins_s = 1e9;
        for (int turn = 0; turn < turns; ++turn) {
            double own_s = 0, own_bins_s = 0;
            for (std::size_t i = 0; i < blocks; ++i) {
                own_bins_s +=
                    seconds([&] { rows.take(asked.values.data() + i * bit_rows * features, features, bit_rows); });
                own_s += seconds([&] {
                    for (std::size_t part = 0; part < bit_rows / bit_part; ++part)
                        for (std::size_t tree = 0; tree < trees->size(); ++tree)
                            if (trees->tree(tree).whole()) rows.add(tree, part, sums + part * bit_part);
                });
            }
            best_s = std::min(best_s, own_s + own_bins_s);
            bins_s = std::min(bins_s, own_bins_s);
        }
        constexpr auto count = static_cast<double>(blocks * bit_rows);
        std::printf("%-46s %10.0f rows/s, ratio %.2f; %.0f ns a row, %.0f of them for numbering the values\n",
                    (label + ": kernel " + kernel->name).c_str(), count / best_s, count / best_s / peer_rate,
                    best_s * 1e9 / count, bins_s * 1e9 / count);
    }
}

void compare_kernels(const std::string& label, const bourse::models::Evaluator& model, const Rows& asked,
                     double peer_rate) {
    if (const auto* forest = dynamic_cast<const bourse::models::Forest*>(&model))
        compare_kernels<float>(label, *forest, asked, peer_rate);
    if (const auto* forest = dynamic_cast<const bourse::models::LightForest*>(&model))
        compare_kernels<double>(label, *forest, asked, peer_rate);
}

void run(const char* library, const Peer& peer, Shape shape, std::size_t rows, std::size_t explained,
         std::mt19937& random) {
    const std::string label =
        std::string(library) + ", " + std::to_string(shape.trees) + " trees, depth " + std::to_string(shape.depth);
    const std::string file = peer.model_file();
    const auto artifact =
        bourse::models::artifact_from_native(file, {}, {}, false, nlohmann::json::object(), nlohmann::json::object());
    const auto model = bourse::models::make_evaluator(artifact);
    const auto asked = random_rows(rows, random);
    const double peer_rate = compare(
        label + ": blocks", rows, [&] { return our_margins(*model, asked); }, [&] { return peer.margins(asked); },
        must_be_equal);
    compare_kernels(label, *model, asked, peer_rate);
    if (explained == 0) return;
    Rows few{features, {asked.values.begin(), asked.values.begin() + static_cast<std::ptrdiff_t>(1000 * features)}};
    compare(
        label + ": one by one", few.count(), [&] { return our_one_by_one(*model, few); },
        [&] { return peer.one_by_one(few); }, must_be_equal);
    compare(
        label + ": blocks / the peer's one by one", few.count(), [&] { return our_margins(*model, few); },
        [&] { return peer.one_by_one(few); }, must_be_equal);
    const Contributions parts(artifact);
    few.values.resize(explained * features);
    const double making_s = seconds([&] { our_contributions(parts, few); });
    std::printf("%-46s %10.3f s the first time, tables made with it\n", (label + ": SHAP").c_str(), making_s);
    double most = 0;
    compare(
        label + ": SHAP", explained, [&] { return our_contributions(parts, few); },
        [&] { return peer.contributions(few); },
        [&](const auto& a, const auto& b) {
            must_be_near(a, b);
            most = distance(a, b);
        });
    std::printf("%-46s %10.1e of the largest contribution\n", (label + ": SHAP, largest difference").c_str(), most);
}

void write_text(const char* path, const std::string& text) {
    std::FILE* file = std::fopen(path, "wb");
    if (!file || std::fwrite(text.data(), 1, text.size(), file) != text.size() || std::fclose(file) != 0) fail(path);
}

int save(const char* model_path, const char* rows_path) {
    std::mt19937 random(1);
    const auto training = random_rows(training_rows, random);
    const auto peer = train_xgboost(training, labels_of(training), {500, 6});
    const auto asked = random_rows(10'000, random);
    write_text(model_path, peer->model_file());
    std::string text;
    char number[32];
    for (std::size_t i = 0; i < asked.values.size(); ++i) {
        std::snprintf(number, sizeof number, "%.9g", static_cast<double>(asked.values[i]));
        text += i % features == 0 ? "{" : ",";
        text += std::isnan(asked.values[i]) ? "NaN" : number;
        if (i % features == features - 1) text += "}\n";
    }
    write_text(rows_path, text);
    return 0;
}

int one_by_one(const char* model_path) {
    std::mt19937 random(1);
    const auto peer = load_xgboost(model_path);
    const auto few = random_rows(1000, random);
    std::vector<double> rates;
    for (int turn = 0; turn < turns; ++turn)
        rates.push_back(static_cast<double>(few.count()) / seconds([&] { peer->one_by_one(few); }));
    std::printf("%.0f %.0f\n", *std::max_element(rates.begin(), rates.end()), median(rates));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 4 && std::strcmp(argv[1], "--save") == 0) return save(argv[2], argv[3]);
    if (argc == 3 && std::strcmp(argv[1], "--one-by-one") == 0) return one_by_one(argv[2]);
    const std::string which = argc > 2 ? argv[2] : "";
    std::mt19937 random(1);
    const auto training = random_rows(training_rows, random);
    const auto labels = labels_of(training);
    std::printf("%zu features, 5 %% missing, one thread, its processor time, %s, best of %d in turns; margins equal\n",
                features, bourse::models::best_bit_kernel().name, turns);
    const auto of_xgboost = [&](Shape shape, std::size_t rows, std::size_t explained) {
        run("XGBoost", *train_xgboost(training, labels, shape), shape, rows, explained, random);
    };
    const Shape usual{500, 6};
    if (which != "--deep") {
        of_xgboost(usual, 20'000, 512);
        if (const auto peer = train_lightgbm(argc > 1 ? argv[1] : "lib_lightgbm.so", training, labels, usual))
            run("LightGBM", *peer, usual, 20'000, 512, random);
        else
            std::printf("LightGBM: its library is not there; not compared\n");
    }
    if (which == "--quick") return 0;
    for (const Shape shape :
         {Shape{3000, 6}, Shape{100, 16}, Shape{200, 12}, Shape{20, 12}, Shape{200, 8}, Shape{20, 8}})
        of_xgboost(shape, 4'096, 0);
    return 0;
}
