// What must hold for every operator, on random panels with gaps.
#include <gtest/gtest.h>

#include <cstring>

#include "factors/evaluate.hpp"
#include "factors/support.hpp"

namespace bourse::factors {
namespace {

using namespace test;

bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0 || (std::isnan(a) && std::isnan(b)); }

// One expression for every operator of the list, with a window of `n` rows where it has one.
std::vector<std::string> one_of_each(int n) {
    const std::vector<std::string> fields{"open", "high", "low", "close", "volume"};
    std::vector<std::string> all;
    for (const auto& op : operators()) {
        if (op.elsewhere != Elsewhere::nowhere) continue;  // elsewhere_test.cpp
        std::string text = op.name + "(";
        for (std::size_t i = 0; i < op.inputs.size(); ++i) {
            std::string input = "$" + fields[(i + 3) % fields.size()];
            for (const auto& field : fields)
                if (op.inputs[i] == field) input = "$" + field;
            if (op.takes == Kind::condition) input = "(" + input + ">Ref(" + input + ",1))";
            text += (i ? "," : "") + input;
        }
        for (const auto& p : op.params)
            if (p.name == "N")
                text += "," + std::to_string(n);
            else if (std::isnan(p.fallback))
                text += ",0.3";
        all.push_back(text + ")");
    }
    return all;
}

std::vector<double> run(const Plan& plan, const Panel& panel, std::size_t first, std::size_t last) {
    std::vector<double> out;
    Evaluator(plan, panel).run(panel.series[0], first, last, out, {});
    return out;
}

TEST(EveryOperator, SeesNothingOfTheFuture) {
    std::mt19937_64 random(7);
    for (int trial = 0; trial < 100; ++trial) {
        const Plan plan = compile(one_of_each(4 + trial % 40));
        Panel panel = random_panel(random, 150, trial % 3 * 0.1);
        const auto before = run(plan, panel, 0, 150);
        std::size_t clean = 0;
        const std::size_t now = 60 + random() % 60;
        for (auto& column : panel.series[0].fields)
            for (std::size_t i = now + 1; i < column.size(); ++i)
                column[i] = random() % 4 ? static_cast<double>(random() % 1000) : missing;
        const auto after = run(plan, panel, 0, 150);
        for (std::size_t c = 0; c < plan.outputs.size(); ++c) {
            if (plan.reach(c).right > 0) continue;  // it says so, and no feature set takes it
            ++clean;
            for (std::size_t i = 0; i <= now; ++i)
                ASSERT_TRUE(same_bits(before[c * 150 + i], after[c * 150 + i]))
                    << print(plan, plan.outputs[c]) << " row " << i << " of " << now;
        }
        EXPECT_EQ(plan.outputs.size() - clean, 2u) << "DayLast and BFillNan";
    }
}

// A refresh that starts in the middle reads `reach.left` rows before; its bits are those of the whole history.
TEST(EveryOperator, StartInTheMiddleGivesTheSameBits) {
    std::mt19937_64 random(11);
    for (int trial = 0; trial < 100; ++trial) {
        for (const auto& expression : one_of_each(4 + trial * 2 % 80)) {
            const Plan plan = compile(expression);
            const Panel panel = random_panel(random, 200, trial % 4 * 0.08);
            const auto all = run(plan, panel, 0, 200);
            const std::size_t first = random() % 190, last = first + 1 + random() % (200 - first);
            const auto part = run(plan, panel, first, last);
            for (std::size_t i = first; i < last; ++i)
                ASSERT_TRUE(same_bits(all[i], part[i - first])) << expression << " row " << i << " from " << first;
        }
    }
}

// Irregular times: bursts and long pauses, as intraday bars have.
TEST(EveryOperator, TimesDoNotChangeTheValueBeyondRounding) {
    std::mt19937_64 random(13);
    for (int trial = 0; trial < 20; ++trial) {
        const Plan plan = compile(one_of_each(12));
        Panel panel = random_panel(random, 150, 0.05);
        const auto regular = run(plan, panel, 0, 150);
        std::int64_t ts = -static_cast<std::int64_t>(random() % 1000000000);
        for (auto& at : panel.series[0].ts_us)
            at = ts += 1 + static_cast<std::int64_t>(random() % (random() % 10 ? 60000000 : 600000000000));
        const auto irregular = run(plan, panel, 0, 150);
        for (std::size_t i = 0; i < regular.size(); ++i) {
            if (std::isnan(regular[i]) || std::isnan(irregular[i]))
                ASSERT_EQ(std::isnan(regular[i]), std::isnan(irregular[i])) << operators()[i / 150].name;
            else if (std::isinf(regular[i]))
                ASSERT_EQ(regular[i], irregular[i]);
            else
                ASSERT_NEAR(regular[i], irregular[i], 1e-6 * (1e-3 + std::fabs(regular[i])))
                    << operators()[i / 150].name << " row " << i % 150;
        }
    }
}

TEST(EveryOperator, SharedPartsDoNotChangeValues) {
    std::mt19937_64 random(17);
    for (int trial = 0; trial < 100; ++trial) {
        auto expressions = one_of_each(4 + static_cast<int>(random() % 30));
        const std::size_t plain = expressions.size();
        for (std::size_t i = 0; i < 40; ++i)
            expressions.push_back("Mean(" + expressions[random() % plain] + ",5)/(1+" + expressions[random() % plain] +
                                  ")");
        const Panel panel = random_panel(random, 90, 0.1);
        const Plan together = compile(expressions);
        const auto all = run(together, panel, 0, 90);
        const std::size_t c = random() % expressions.size();
        const auto alone = run(compile(expressions[c]), panel, 0, 90);
        for (std::size_t i = 0; i < 90; ++i) ASSERT_TRUE(same_bits(all[c * 90 + i], alone[i])) << expressions[c];
    }
}

// Rolling operators against their definition, computed plainly over each window in long double.
TEST(EveryOperator, RollingEqualsItsDefinition) {
    std::mt19937_64 random(19);
    for (int trial = 0; trial < 100; ++trial) {
        const auto window = static_cast<std::size_t>(2 + random() % 300);
        const Panel panel = random_panel(random, 400, 0.1);
        const auto& x = panel.series[0].fields[3];
        const std::string n = std::to_string(window);
        const Plan plan = compile(std::vector<std::string>{
            "Mean($close," + n + ")", "Std($close," + n + ")", "Slope($close," + n + ")", "Max($close," + n + ")",
            "Med($close," + n + ")", "Rank($close," + n + ")", "Sum($close," + n + ")"});
        const auto out = run(plan, panel, 0, 400);
        for (std::size_t i = 0; i < 400; i += 7) {
            const std::size_t start = i + 1 > window ? i + 1 - window : 0;
            std::vector<double> in, at;
            for (std::size_t r = start; r <= i; ++r)
                if (!std::isnan(x[r])) in.push_back(x[r]), at.push_back(static_cast<double>(r));
            if (in.size() < 2) continue;
            long double sum = 0, squares = 0, at_sum = 0, sxy = 0, sxx = 0;
            for (const double v : in) sum += v;
            for (const double a : at) at_sum += a;
            const long double mean = sum / in.size(), centre = at_sum / in.size();
            for (std::size_t k = 0; k < in.size(); ++k) {
                squares += (in[k] - mean) * (in[k] - mean);
                sxy += (at[k] - centre) * (in[k] - mean);
                sxx += (at[k] - centre) * (at[k] - centre);
            }
            ASSERT_NEAR(out[0 * 400 + i], static_cast<double>(mean), 1e-10);
            ASSERT_NEAR(out[1 * 400 + i], static_cast<double>(std::sqrt(squares / (in.size() - 1))), 1e-9);
            ASSERT_NEAR(out[2 * 400 + i], static_cast<double>(sxy / sxx), 1e-9);
            ASSERT_NEAR(out[6 * 400 + i], static_cast<double>(sum), 1e-8);
            if (!std::isnan(x[i])) {
                const auto less = std::count_if(in.begin(), in.end(), [&](double v) { return v < x[i]; });
                const auto equal = std::count(in.begin(), in.end(), x[i]);
                ASSERT_DOUBLE_EQ(out[5 * 400 + i], (static_cast<double>(less) + (static_cast<double>(equal) + 1) / 2) /
                                                       static_cast<double>(in.size()));
            }
            std::sort(in.begin(), in.end());
            ASSERT_EQ(out[3 * 400 + i], in.back());
            ASSERT_DOUBLE_EQ(out[4 * 400 + i], (in[(in.size() - 1) / 2] + in[in.size() / 2]) / 2);
        }
    }
}

}  // namespace
}  // namespace bourse::factors
