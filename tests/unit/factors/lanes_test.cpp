// Series that are computed side by side have the bits of those computed one by one, at every instruction set.
#include "factors/lanes/lane_evaluator.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cstring>

#include "factors/evaluate.hpp"
#include "factors/operators/rolling.hpp"
#include "factors/operators/window.hpp"
#include "factors/sets/built_in_sets.hpp"
#include "factors/support.hpp"

namespace bourse::factors {
namespace {

using namespace test;

constexpr auto lanes = static_cast<std::size_t>(lane_count);

double unit(std::mt19937_64& random) { return std::uniform_real_distribution<double>(0, 1)(random); }

// What is done to a series beside its being a random walk.
struct Spoiling {
    double gaps = 0, infinities = 0, scale = 1;
    bool runs = false, flat = false, zeros = false;
};
const std::vector<Spoiling> spoilings{{},
                                      {.gaps = 0.1},
                                      {.gaps = 0.02, .runs = true},
                                      {.scale = 1e5, .flat = true},
                                      {.scale = 1e-8, .flat = true},
                                      {.infinities = 0.05},
                                      {.gaps = 0.9},
                                      {.gaps = 0.05, .infinities = 0.01, .runs = true, .flat = true, .zeros = true}};

Series random_series(std::mt19937_64& random, std::size_t rows, const Spoiling& spoiling) {
    Series series = std::move(random_panel(random, rows, spoiling.gaps).series[0]);
    std::size_t run = 0, flat = 0;
    for (std::size_t i = 0; i < rows; ++i) {
        if (spoiling.runs && unit(random) < 0.02) run = random() % 80;
        if (spoiling.flat && unit(random) < 0.02) flat = random() % 80;
        for (std::size_t f = 0; f < series.fields.size(); ++f) {
            double& value = series.fields[f][i];
            if (f < 4) value *= spoiling.scale;
            if (flat > 0 && i > 0) value = series.fields[f][i - 1];
            if (spoiling.zeros && unit(random) < 0.1) value = unit(random) < 0.5 ? 0.0 : -0.0;
            if (unit(random) < spoiling.infinities) value = unit(random) < 0.5 ? INFINITY : -INFINITY;
            if (run > 0) value = missing;
        }
        run -= run > 0;
        flat -= flat > 0;
    }
    return series;
}

// Many series of one calendar: most from its first to its last day, some listed later, some gone earlier; `irregular`:
// times that are no days.
Panel random_market(std::mt19937_64& random, std::size_t count, std::size_t days, bool irregular = false) {
    Panel panel;
    panel.fields = {"open", "high", "low", "close", "volume", "amount"};
    std::vector<std::int64_t> times;
    for (std::int64_t day = 19000; times.size() < days; ++day) {
        if (!irregular && day % 7 > 4) continue;
        times.push_back(day * day_us + (irregular ? static_cast<std::int64_t>(random() % 86'000'000'000) : 0));
    }
    for (std::size_t s = 0; s < count; ++s) {
        const std::size_t begin = random() % 3 ? 0 : random() % days, rest = days - begin;
        const std::size_t rows = random() % 4 ? rest : 1 + random() % rest;
        Series series = random_series(random, rows, spoilings[random() % 3 ? 0 : random() % spoilings.size()]);
        series.ts_us.assign(times.begin() + static_cast<std::ptrdiff_t>(begin),
                            times.begin() + static_cast<std::ptrdiff_t>(begin + rows));
        series.first = random() % 3 ? 0 : random() % rows;
        series.last = random() % 3 ? rows : series.first + random() % (rows - series.first + 1);
        series.instrument_id = static_cast<std::int32_t>(s + 1);
        panel.series.push_back(std::move(series));
    }
    add_clocks(panel);
    return panel;
}

bool same_bits(float a, float b) {
    return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) || (std::isnan(a) && std::isnan(b));
}

// Every series in a group, at every level, against Evaluator. Counts the values compared.
std::size_t compare(const std::vector<std::string>& expressions, const Panel& panel) {
    const Plan plan = compile(expressions);
    const auto groups = lane_groups(plan, panel);
    std::size_t compared = 0;
    for (const SimdLevel level : indicators::simd_levels()) {
        LaneEvaluator side_by_side(plan, panel, level);
        for (const LaneGroup& group : groups) {
            std::vector<std::vector<float>> got(group.members.size());
            std::vector<float*> to;
            for (std::size_t k = 0; k < got.size(); ++k) {
                const Series& series = panel.series[group.members[k]];
                got[k].assign((series.last - series.first) * expressions.size(), -12345.0F);
                to.push_back(got[k].data());
            }
            side_by_side.run(group, to, {});
            for (std::size_t k = 0; k < got.size(); ++k) {
                const Series& series = panel.series[group.members[k]];
                const std::size_t asked = series.last - series.first;
                std::vector<double> want;
                Evaluator(plan, panel).run(series, series.first, series.last, want, {});
                for (std::size_t r = 0; r < asked; ++r)
                    for (std::size_t c = 0; c < expressions.size(); ++c, ++compared) {
                        const float one = got[k][r * expressions.size() + c];
                        const auto other = static_cast<float>(want[c * asked + r]);
                        if (same_bits(one, other)) continue;
                        ADD_FAILURE() << indicators::simd_level_names[static_cast<int>(level)] << " " << expressions[c]
                                      << " member " << k << " row " << series.first + r << " of " << series.rows()
                                      << " at " << group.offsets[k] << ": " << one << " for " << other;
                        return compared;
                    }
            }
        }
    }
    return compared;
}

std::vector<std::string> expressions_of(std::string_view set) {
    std::vector<std::string> all;
    for (const auto& feature : built_in_set(set)) all.push_back(feature.expression);
    return all;
}

TEST(Lanes, Alpha158) {
    auto expressions = expressions_of("alpha158");
    std::erase_if(expressions, [](const auto& text) { return text.find("vwap") != std::string::npos; });
    std::mt19937_64 random(3);
    EXPECT_GT(compare(expressions, random_market(random, 37, 300)), 100000U);
    EXPECT_GT(compare(expressions, random_market(random, 5, 1500)), 100000U);
    EXPECT_GT(compare(expressions, random_market(random, 20, 200, true)), 100000U);
}

// With fresh data: whatever operator, of whatever window, on prices, on other operators and on conditions.
TEST(Lanes, EveryOperator) {
    const auto seed = std::random_device{}();
    std::cout << "seed " << seed << std::endl;
    std::mt19937_64 random(seed);
    const std::vector<std::string> inputs{"$close",
                                          "$volume",
                                          "Mean($close,3)",
                                          "($close>Ref($close,1))",
                                          "Log($volume)",
                                          "Ref($close,-2)/$close",
                                          "If($close>$open,$high,$low-$low)",
                                          "Max($low,4)",
                                          "EMA($close,5)",
                                          "(-$close*0)"};
    const auto input = [&] { return inputs[random() % inputs.size()]; };
    std::size_t compared = 0;
    for (int trial = 0; trial < 8; ++trial) {
        std::vector<std::string> expressions;
        for (const auto& op : operators()) {
            if (op.elsewhere != Elsewhere::nowhere || op.evaluate == nullptr || op.takes == Kind::condition) continue;
            if (op.lane_form == LaneForm::none && random() % 8) continue;
            std::string text = op.name + "(";
            for (std::size_t i = 0; i < op.inputs.size(); ++i) text += (i ? "," : "") + input();
            for (const auto& p : op.params)
                if (p.name == "N")
                    text += "," + std::to_string(random() % 12 ? 4 + random() % 20 : random() % 300 + 4);
                else if (std::isnan(p.fallback))
                    text += "," + std::to_string(unit(random));
            expressions.push_back(text + ")");
            if (expressions.size() % 7 == 0) expressions.back() = "Ref(" + expressions.back() + ",-1)+" + input();
        }
        for (const char* whole : {"Quantile($close,7,0)", "Quantile($close,7,1)", "Med($close,1)", "Std($close,1)",
                                  "Rank($volume,256)", "Rank($volume,257)", "Mean($close,0)", "Delta($close,-3)"})
            expressions.emplace_back(whole);
        compared += compare(expressions, random_market(random, 4 + random() % 30, 1 + random() % 700, trial % 3 == 0));
        if (HasFailure()) break;
    }
    EXPECT_GT(compared, 100000U);
}

// The kernels' own values, before they are rounded.
TEST(Lanes, KernelsHaveTheBitsOfTheOperators) {
    std::mt19937_64 random(5);
    const auto levels_of = [](const Series& series) { return boundary_levels(series.ts_us); };
    for (int trial = 0; trial < 32; ++trial) {
        const std::size_t rows = 1 + random() % 300;
        Series first = random_series(random, rows, spoilings[static_cast<std::size_t>(trial) % spoilings.size()]);
        const auto levels = levels_of(first);
        struct alignas(64) Line {
            double values[8];
        };
        std::vector<Line> a(rows * 2), b(rows * 2), out(rows * 2);
        std::vector<std::vector<double>> x(lanes), y(lanes);
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const Series own =
                random_series(random, rows, spoilings[static_cast<std::size_t>(trial) % spoilings.size()]);
            x[lane] = own.fields[3];
            y[lane] = own.fields[trial % 3 ? 4 : 1];
            for (std::size_t r = 0; r < rows; ++r) {
                reinterpret_cast<double*>(a.data())[r * lanes + lane] = x[lane][r];
                reinterpret_cast<double*>(b.data())[r * lanes + lane] = y[lane][r];
            }
        }
        for (const auto& op : operators()) {
            const LaneFamily family = family_of(op.lane_form);
            if (family == LaneFamily::none) continue;
            const std::vector<double> params{static_cast<double>(1 + random() % (trial % 2 ? 20 : 256)), unit(random)};
            for (const SimdLevel level : indicators::simd_levels()) {
                const LaneKernels& kernels = lane_kernels(level);
                const double param = op.lane_form == LaneForm::ema ? ema_alpha(params[0]) : params[1];
                const LaneOutput output{op.lane_form, param, reinterpret_cast<double*>(out.data())};
                LaneCall call{};
                call.rows = rows;
                call.levels = levels.data();
                call.in = {reinterpret_cast<double*>(a.data()),
                           op.inputs.size() > 1 ? reinterpret_cast<double*>(b.data()) : nullptr};
                call.window = static_cast<std::size_t>(params[0]);
                call.outputs = std::span(&output, 1);
                kernels.run(family, call);
                for (std::size_t lane = 0; lane < lanes; ++lane) {
                    const Column inputs[] = {{x[lane].data(), 1}, {y[lane].data(), 1}};
                    std::vector<double> want(rows);
                    const CheckInterrupts none;
                    Work work(none);
                    op.evaluate({rows, levels, inputs, params, {}, work, want.data()});
                    for (std::size_t r = 0; r < rows; ++r) {
                        const double got = output.to[r * lanes + lane];
                        ASSERT_TRUE(std::bit_cast<std::uint64_t>(got) == std::bit_cast<std::uint64_t>(want[r]) ||
                                    (std::isnan(got) && std::isnan(want[r])))
                            << op.name << " " << params[0] << " "
                            << indicators::simd_level_names[static_cast<int>(level)] << " row " << r << ": " << got
                            << " for " << want[r];
                    }
                }
            }
        }
    }
}

TEST(Lanes, OnlySeriesAtEqualTimesShareAGroup) {
    std::mt19937_64 random(9);
    Panel panel = random_market(random, 12, 50);
    for (std::size_t s = 0; s < 12; s += 2)
        for (auto& time : panel.series[s].ts_us) time += 1;
    std::size_t grouped = 0;
    for (const auto& group : lane_groups(compile("Mean($close,5)"), panel)) {
        const auto& times = panel.series[group.members[0]].ts_us;
        for (std::size_t k = 0; k < group.members.size(); ++k, ++grouped) {
            const auto& own = panel.series[group.members[k]].ts_us;
            ASSERT_TRUE(
                std::equal(own.begin(), own.end(), times.begin() + static_cast<std::ptrdiff_t>(group.offsets[k])));
        }
    }
    EXPECT_GT(grouped, 0U);
}

}  // namespace
}  // namespace bourse::factors
