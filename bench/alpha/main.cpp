// bench_alpha SET INSTRUMENTS DAYS INPUT OUTPUT: computes a built-in feature set of a market, one thread, and
// says how long a row took. INPUT: float32 matrices [day][instrument] of open, high, low, close, volume, vwap, one
// after the other; OUTPUT gets float32 [instrument][day][feature].
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <stdexcept>

#include "factors/evaluate.hpp"
#include "factors/lanes/lane_evaluator.hpp"
#include "factors/sets/built_in_sets.hpp"

namespace {

using namespace bourse::factors;

Panel read_market(const char* path, std::size_t instruments, std::size_t days) {
    std::ifstream file(path, std::ios::binary);
    Panel panel;
    panel.fields = {"open", "high", "low", "close", "volume", "vwap"};
    panel.series.resize(instruments);
    for (auto& series : panel.series) {
        for (std::size_t t = 0; t < days; ++t)
            series.ts_us.push_back((15000 + static_cast<std::int64_t>(t + t / 5 * 2)) * 86'400'000'000);
        series.fields.assign(panel.fields.size(), std::vector<double>(days));
        series.last = days;
    }
    std::vector<float> day(instruments);
    for (std::size_t f = 0; f < panel.fields.size(); ++f)
        for (std::size_t t = 0; t < days; ++t) {
            file.read(reinterpret_cast<char*>(day.data()), static_cast<std::streamsize>(instruments * sizeof(float)));
            if (!file) throw std::runtime_error("the input is too short");
            for (std::size_t s = 0; s < instruments; ++s) panel.series[s].fields[f][t] = day[s];
        }
    return panel;
}

// Seconds of processor time, the least of some rounds.
template <class Work>
double best_of(int rounds, Work work) {
    double best = 1e300;
    for (int round = 0; round < rounds; ++round) {
        const std::clock_t start = std::clock();
        work();
        best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    }
    return best;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 6) {
        std::fputs("usage: bench_alpha SET INSTRUMENTS DAYS INPUT OUTPUT\n", stderr);
        return 2;
    }
    const std::size_t instruments = std::strtoul(argv[2], nullptr, 10), days = std::strtoul(argv[3], nullptr, 10);
    const Panel panel = read_market(argv[4], instruments, days);
    std::vector<std::string> expressions;
    for (const auto& feature : built_in_set(argv[1])) expressions.push_back(feature.expression);
    const Plan plan = compile(expressions);
    const double rows = static_cast<double>(instruments * days);

    const auto levels = bourse::indicators::simd_levels();
    const auto groups = lane_groups(plan, panel);
    std::vector<float> values(instruments * days * expressions.size());
    for (const auto level : levels) {
        LaneEvaluator evaluator(plan, panel, level);
        const double seconds = best_of(5, [&] {
            for (const auto& group : groups) {
                std::vector<float*> to;
                for (const std::size_t s : group.members) to.push_back(values.data() + s * days * expressions.size());
                evaluator.run(group, to, {});
            }
        });
        std::printf("%s %.1f\n", bourse::indicators::simd_level_names[static_cast<int>(level)], seconds * 1e9 / rows);
    }
    Evaluator one_by_one(plan, panel);
    std::vector<double> columns;
    const Series& first = panel.series.front();
    const double seconds = best_of(5, [&] { one_by_one.run(first, 0, days, columns, {}); });
    std::printf("one_by_one %.1f\n", seconds * 1e9 / static_cast<double>(days));
    std::ofstream(argv[5], std::ios::binary)
        .write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(values.size() * sizeof(float)));
    return 0;
}
