// Expressions over panels: values a second, one thread. The yardstick is one elementwise division.
#include <benchmark/benchmark.h>

#include <random>

#include "factors/evaluate.hpp"
#include "factors/lanes/lane_evaluator.hpp"
#include "factors/sets/built_in_sets.hpp"

namespace {

using namespace bourse::factors;

Panel market(std::size_t instruments, std::size_t rows) {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> unit(0, 1);
    Panel panel;
    panel.fields = {"open", "high", "low", "close", "volume", "vwap"};
    for (std::size_t s = 0; s < instruments; ++s) {
        Series series;
        series.fields.resize(panel.fields.size());
        double close = 50;
        for (std::size_t i = 0; i < rows; ++i) {
            const double open = close;
            close *= 0.98 + 0.04 * unit(random);
            const double values[] = {open,  std::max(open, close) * 1.01,   std::min(open, close) * 0.99,
                                     close, std::floor(1e6 * unit(random)), (open + close) / 2};
            for (std::size_t f = 0; f < panel.fields.size(); ++f) series.fields[f].push_back(values[f]);
            series.ts_us.push_back((15000 + static_cast<std::int64_t>(i + i / 5 * 2)) * 86'400'000'000);
        }
        series.last = rows;
        panel.series.push_back(std::move(series));
    }
    return panel;
}

void evaluate_one(benchmark::State& state, const char* expression) {
    static const Panel panel = market(20, 2500);
    const Plan plan = compile(expression);
    Evaluator evaluator(plan, panel);
    std::vector<double> out;
    for (auto _ : state)
        for (const auto& series : panel.series) {
            evaluator.run(series, series.first, series.last, out, {});
            benchmark::DoNotOptimize(out.data());
        }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * 20 * 2500));
}

// All features of a built-in set together, common parts once: items are values.
void evaluate_set(benchmark::State& state, const char* name) {
    static const Panel panel = market(20, 2500);
    std::vector<std::string> expressions;
    for (const auto& feature : built_in_set(name)) expressions.push_back(feature.expression);
    const Plan plan = compile(expressions);
    Evaluator evaluator(plan, panel);
    std::vector<double> out;
    for (auto _ : state)
        for (const auto& series : panel.series) {
            evaluator.run(series, series.first, series.last, out, {});
            benchmark::DoNotOptimize(out.data());
        }
    state.SetItemsProcessed(
        static_cast<std::int64_t>(static_cast<std::size_t>(state.iterations()) * 20 * 2500 * expressions.size()));
}

// The same, sixteen series at a time, to rows of float32.
void evaluate_side_by_side(benchmark::State& state, const char* name, SimdLevel level) {
    static const Panel panel = market(32, 2500);
    if (static_cast<std::size_t>(level) >= bourse::indicators::simd_levels().size())
        return state.SkipWithError("not on this processor");
    std::vector<std::string> expressions;
    for (const auto& feature : built_in_set(name)) expressions.push_back(feature.expression);
    const Plan plan = compile(expressions);
    LaneEvaluator evaluator(plan, panel, level);
    std::vector<float> rows(16 * 2500 * expressions.size());
    std::vector<float*> to;
    for (std::size_t k = 0; k < 16; ++k) to.push_back(rows.data() + k * 2500 * expressions.size());
    std::size_t evaluated = 0;
    for (auto _ : state)
        for (const auto& group : lane_groups(plan, panel)) {
            evaluator.run(group, to, {});
            evaluated += group.members.size() * 2500;
        }
    state.SetItemsProcessed(static_cast<std::int64_t>(evaluated * expressions.size()));
    state.counters["ns_a_row"] = benchmark::Counter(static_cast<double>(evaluated) * 1e-9,
                                                    benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

}  // namespace

BENCHMARK_CAPTURE(evaluate_side_by_side, alpha158_portable, "alpha158", SimdLevel::portable);
BENCHMARK_CAPTURE(evaluate_side_by_side, alpha158_avx2, "alpha158", SimdLevel::avx2);
BENCHMARK_CAPTURE(evaluate_side_by_side, alpha158_avx512, "alpha158", SimdLevel::avx512);
BENCHMARK_CAPTURE(evaluate_side_by_side, alpha360_avx512, "alpha360", SimdLevel::avx512);
BENCHMARK_CAPTURE(evaluate_set, alpha158, "alpha158");
BENCHMARK_CAPTURE(evaluate_set, alpha360, "alpha360");
BENCHMARK_CAPTURE(evaluate_one, division, "$close/$open");
BENCHMARK_CAPTURE(evaluate_one, mean_20, "Mean($close,20)");
BENCHMARK_CAPTURE(evaluate_one, std_20, "Std($close,20)");
BENCHMARK_CAPTURE(evaluate_one, std_2000, "Std($close,2000)");
BENCHMARK_CAPTURE(evaluate_one, corr_20, "Corr($close,$volume,20)");
BENCHMARK_CAPTURE(evaluate_one, slope_20, "Slope($close,20)");
BENCHMARK_CAPTURE(evaluate_one, max_20, "Max($high,20)");
BENCHMARK_CAPTURE(evaluate_one, rank_20, "Rank($close,20)");
BENCHMARK_CAPTURE(evaluate_one, rank_2000, "Rank($close,2000)");
BENCHMARK_CAPTURE(evaluate_one, rsi_14, "RSI($close,14)");
BENCHMARK_MAIN();
