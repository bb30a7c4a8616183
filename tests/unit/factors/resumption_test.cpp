// Going on from a checkpoint gives the bits of an evaluation from the first row.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "factors/evaluate.hpp"
#include "factors/support.hpp"

namespace bourse::factors {
namespace {

using namespace test;

// Every operator that reads everything before and can go on, by itself.
std::vector<std::string> one_of_each() {
    const std::vector<std::string> fields{"close", "volume", "open", "high", "low"};
    std::vector<std::string> all;
    for (const auto& op : operators()) {
        if (!op.resumes) continue;
        std::string text = op.name + "(";
        for (std::size_t i = 0; i < op.inputs.size(); ++i) {
            std::string input = "$" + fields[i % fields.size()];
            for (const auto& field : fields)
                if (op.inputs[i] == field) input = "$" + field;
            text += (i ? "," : "") + input;
        }
        for (const auto& p : op.params)
            if (p.name == "N")
                text += op.name == "EMA" ? ",9" : ",0";
            else if (std::isnan(p.fallback))
                text += ",0.3";
        all.push_back(text + ")");
    }
    return all;
}

// Windows over recursions, recursions over windows over recursions, and so on.
const std::vector<std::string> nested{"Delta(OBV($close,$volume),20)/(Sum($volume,20)+1e-12)",
                                      "EMA(Mean(OBV($close,$volume),20),12)-Ref(EMA($close,5),3)",
                                      "RSI(Mean($close,0),7)",
                                      "Std(EMA($close,12)/$close,30)",
                                      "MACD($close,12,26,9)/$close",
                                      "Rank(RSI($close,14),60)",
                                      "$change",
                                      "EMA($change,9)",
                                      "Mean($change,5)*Slope($close,0)",
                                      "EMA(EMA(EMA($close,9),9),9)",
                                      "Mean(Corr($close,$volume,0),7)",
                                      "If($close>EMA($close,10),Ref($close,40),WMA($close,0))",
                                      "Mean($close,0.1)"};

// As PanelReader fills it: the change since the newest close, and that close.
void add_change(Panel& panel) {
    Series& series = panel.series[0];
    const auto& close = series.fields[static_cast<std::size_t>(panel.field_index("close"))];
    std::vector<double> change(series.rows(), missing);
    series.previous_close.assign(series.rows(), missing);
    double previous = missing;
    for (std::size_t i = 0; i < series.rows(); ++i) {
        series.previous_close[i] = previous;
        if (std::isnan(close[i])) continue;
        change[i] = close[i] / previous - 1;
        previous = close[i];
    }
    panel.fields.emplace_back("change");
    series.fields.push_back(change);
}

// Rows [from, to) of a panel of one series.
Panel part(const Panel& whole, std::size_t from, std::size_t to) {
    Panel panel = whole;
    Series& series = panel.series[0];
    const auto cut = [&](auto& column) {
        if (column.empty()) return;
        column.erase(column.begin() + static_cast<std::ptrdiff_t>(to), column.end());
        column.erase(column.begin(), column.begin() + static_cast<std::ptrdiff_t>(from));
    };
    cut(series.ts_us), cut(series.available_us), cut(series.has_bar), cut(series.member), cut(series.previous_close);
    for (auto& column : series.fields) cut(column);
    series.first = 0, series.last = to - from;
    return panel;
}

struct Market {
    Panel panel;
    Plan plan;
    Resumption how;
    std::size_t rows;
    std::vector<double> all = {};  // [expression * rows + row]

    Market(const std::vector<std::string>& expressions, std::size_t count, std::mt19937_64& random)
        : panel(random_panel(random, count, 0.05)), plan(compile(expressions)), how(resumption(plan)), rows(count) {
        add_change(panel);
        Evaluator(plan, panel).run(panel.series[0], 0, rows, all, {});
    }

    // Rows up to `to`, going on from a checkpoint (none: from the first row), compared; what that keeps.
    std::vector<Checkpoint> go_on(const Checkpoint* from, std::size_t to) const {
        const std::size_t base = from ? static_cast<std::size_t>(from->rows_before) : 0;
        const std::size_t right = from ? how.rows : 0;
        const Panel rest = part(panel, base, to);
        if (from) {
            EXPECT_EQ(rest.series[0].ts_us.front(), from->base_us);
            EXPECT_EQ(panel.series[0].ts_us[base + how.rows - 1], from->after_us);
        }
        Carry carry{&how, from};
        std::vector<double> out;
        Evaluator(plan, rest).run(rest.series[0], right, to - base, out, {}, &carry);
        const std::size_t asked = to - base - right;
        for (std::size_t c = 0; c < plan.outputs.size(); ++c)
            for (std::size_t r = 0; r < asked; ++r) {
                const double want = all[c * rows + base + right + r], have = out[c * asked + r];
                if (std::memcmp(&want, &have, sizeof want) != 0 && !(std::isnan(want) && std::isnan(have))) {
                    ADD_FAILURE() << print(plan, plan.outputs[c]) << " row " << base + right + r << " from " << base
                                  << ": " << have << ", from the first row " << want;
                    return {};
                }
            }
        return std::move(carry.kept);
    }
};

TEST(Resumption, EveryCheckpointGivesTheBitsOfTheWholeHistory) {
    std::mt19937_64 random(31);
    auto expressions = one_of_each();
    ASSERT_GE(expressions.size(), 150u);
    expressions.insert(expressions.end(), nested.begin(), nested.end());
    for (const std::size_t rows : {std::size_t{300}, std::size_t{2500}}) {
        const Market market(expressions, rows, random);
        ASSERT_TRUE(market.how.possible);
        const auto kept = market.go_on(nullptr, rows);
        ASSERT_GE(kept.size(), 2u);
        for (const auto& one : kept) {
            const auto read = unpack(pack(one), market.how);
            ASSERT_TRUE(read);
            Checkpoint checkpoint = *read;
            checkpoint.base_us = one.base_us, checkpoint.after_us = one.after_us;
            market.go_on(&checkpoint, rows);
        }
    }
}

// Refresh after refresh, each from what the ones before have kept.
TEST(Resumption, ChainsOfCheckpointsDoNotDrift) {
    std::mt19937_64 random(37);
    for (int round = 0; round < 12; ++round) {
        const Market market(nested, 900, random);
        std::map<std::uint64_t, Checkpoint> known;
        std::size_t seen = 0, resumed = 0;
        while (seen < market.rows) {
            const std::size_t to = std::min(market.rows, seen + 1 + random() % 120);
            const Checkpoint* newest = nullptr;  // that stands before the first new row
            for (const auto& [before, one] : known)
                if (before + market.how.rows <= seen) newest = &one;
            resumed += newest != nullptr;
            const auto kept = market.go_on(newest, to);
            if (HasFailure()) return;
            for (const auto& one : kept) known[one.rows_before] = one;
            seen = to;
        }
        EXPECT_GE(resumed, 3u);
    }
}

TEST(Resumption, KeepsFewCheckpointsAndNearOnes) {
    Resumption how;
    how.possible = true;
    how.rows = 60;
    for (std::uint64_t to : {0, 59, 60, 123, 124, 187, 188, 1083, 1084, 5000, 1000000}) {
        const auto rows = checkpoint_rows(0, to, how);
        EXPECT_LE(rows.size(), to / far_rows + 2) << to;
        EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end()));
        for (const auto base : rows) EXPECT_TRUE(base > 0 && base + how.rows <= to && base % near_rows == 0) << to;
        if (to >= how.rows + near_rows) {
            ASSERT_FALSE(rows.empty()) << to;
            EXPECT_GT(rows.back() + near_rows, to - how.rows) << "an append goes on from a near one";
        }
        EXPECT_EQ(std::count_if(rows.begin(), rows.end(), [](auto row) { return row % far_rows == 0; }),
                  static_cast<std::ptrdiff_t>(to >= how.rows ? (to - how.rows) / far_rows : 0));
    }
    EXPECT_TRUE(checkpoint_rows(1024, 1100, how).empty());
    how.possible = false;
    EXPECT_TRUE(checkpoint_rows(0, 5000, how).empty());
}

TEST(Resumption, IsNotPossibleWhereSomethingCannotGoOn) {
    for (const char* expression :
         {"Med($close,0)", "EMA(Quantile($close,0,0.5),3)", "Rank($close,0)+EMA($close,3)", "Mad($close,0)",
          "Max($close,0)", "IdxMin($close,0)", "Ref(EMA($close,3),-1)", "CSRank(EMA($close,3))+EMA($close,3)"})
        EXPECT_FALSE(resumption(compile(expression)).possible) << expression;
    EXPECT_FALSE(resumption(compile("Mean($close,5)")).possible) << "has no memory: starts anywhere";
    EXPECT_FALSE(resumption(compile("EMA($close,3)", Rules{true})).possible) << "strict_qlib";
    EXPECT_TRUE(resumption(compile("EMA($close@1w,3)")).possible);
    const auto how = resumption(compile("EMA(Mean(OBV($close,$volume),20),12)-Ref($close,30)"));
    ASSERT_EQ(how.nodes.size(), 2u);
    EXPECT_EQ(how.starts, (std::vector<std::size_t>{0, 19}));
    EXPECT_EQ(how.rows, 30u);
}

TEST(Resumption, RefusesDamagedStates) {
    std::mt19937_64 random(41);
    const Market market(nested, 300, random);
    const auto kept = market.go_on(nullptr, 300);
    ASSERT_FALSE(kept.empty());
    const auto bytes = pack(kept.front());
    EXPECT_TRUE(unpack(bytes, market.how));
    for (int i = 0; i < 300; ++i) {
        auto wrong = bytes;
        if (i % 3 == 0)
            wrong.resize(random() % wrong.size());
        else
            wrong[random() % wrong.size()] ^= std::byte{static_cast<unsigned char>(1u << random() % 8)};
        EXPECT_FALSE(unpack(wrong, market.how));
    }
    EXPECT_FALSE(unpack({}, market.how));
    EXPECT_FALSE(unpack(bytes, resumption(compile("EMA($close,3)")))) << "another plan";
}

}  // namespace
}  // namespace bourse::factors
