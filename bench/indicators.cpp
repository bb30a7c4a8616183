// Time per bar of every indicator of the list, with its defaults and with a long window.
#include <benchmark/benchmark.h>

#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "indicators/catalogue.hpp"

namespace {

using namespace bourse::indicators;

constexpr std::size_t bars = 100'000;

const std::map<std::string_view, std::vector<double>>& series() {
    static const auto made = [] {
        std::mt19937_64 random(1);
        std::normal_distribution<double> move(0, 0.01);
        std::map<std::string_view, std::vector<double>> result;
        double price = 100;
        for (std::size_t t = 0; t < bars; ++t) {
            const double open = price;
            price *= std::exp(move(random));
            result["open"].push_back(open);
            result["high"].push_back(std::max(open, price) * 1.001);
            result["low"].push_back(std::min(open, price) * 0.999);
            result["close"].push_back(price);
            result["volume"].push_back(static_cast<double>(random() % 1'000'000));
        }
        result["price"] = result["close"];
        result["price0"] = result["high"];
        result["price1"] = result["low"];
        for (std::size_t t = 0; t < bars; ++t) {
            result["periods"].push_back(static_cast<double>(2 + t % 29));
            result["session"].push_back(static_cast<double>(t / 390));
            result["anchor"].push_back(t % 1000 == 0);
            result["condition"].push_back(t % 50 == 0);
        }
        return result;
    }();
    return made;
}

void run(benchmark::State& state, const Entry& entry, const std::vector<double>& params) {
    std::vector<std::span<const double>> in;
    for (const auto name : entry.info->inputs) in.emplace_back(series().at(name));
    std::vector<std::vector<double>> results(entry.info->outputs.size(), std::vector<double>(bars));
    const std::vector<std::span<double>> out(results.begin(), results.end());
    for (auto _ : state) {
        entry.run(params, in, out, {});
        benchmark::DoNotOptimize(results[0].data());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(bars));
    state.counters["bar"] = benchmark::Counter(static_cast<double>(state.iterations()) * bars,
                                               benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

}  // namespace

int main(int argc, char** argv) {
    for (const Entry& entry : catalogue()) {
        std::vector<double> defaults, longer;
        for (const Param& param : entry.info->params) {
            defaults.push_back(param.fallback);
            const bool window = param.integer && !param.average && param.choices.size() == 0;
            longer.push_back(window ? std::min(1000.0, param.highest) : param.fallback);
        }
        const std::string name(entry.info->name);
        benchmark::RegisterBenchmark(name.c_str(),
                                     [&entry, defaults](benchmark::State& state) { run(state, entry, defaults); });
        if (longer != defaults)
            benchmark::RegisterBenchmark((name + "/periods:1000").c_str(),
                                         [&entry, longer](benchmark::State& state) { run(state, entry, longer); });
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
