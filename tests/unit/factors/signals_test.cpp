// What the signal sets are made of: indicators of the last rows alone, instruments that need not be there.
#include <gtest/gtest.h>

#include "factors/memory_source.hpp"
#include "factors/refused.hpp"
#include "factors/sets/built_in_sets.hpp"

namespace bourse::factors {
namespace {

using namespace test;

std::vector<double> run(const std::string& expression, const Panel& panel) {
    const Plan plan = compile(expression);
    std::vector<double> out;
    Evaluator(plan, panel).run(panel.series[0], 0, panel.series[0].rows(), out, {});
    return out;
}

// Rows [first, last) of a panel as if there were no others.
Panel cut(const Panel& panel, std::size_t first, std::size_t last) {
    auto columns = panel.series[0].fields;
    for (auto& column : columns)
        column = {column.begin() + static_cast<std::ptrdiff_t>(first),
                  column.begin() + static_cast<std::ptrdiff_t>(last)};
    return panel_of(panel.fields, std::move(columns));
}

TEST(Recent, IsTheIndicatorOfTheLastRowsAlone) {
    std::mt19937_64 random(4);
    const std::pair<const char*, const char*> pairs[] = {
        {"RSI_RECENT($close,5,30)", "RSI($close,5)"},
        {"ATR_RECENT($high,$low,$close,6,30)", "ATR($high,$low,$close,6)"},
        {"MACD_RECENT($close,4,9,3,30)", "MACD($close,4,9,3)"},
        {"MACD_SIGNAL_RECENT($close,4,9,3,30)", "MACD_SIGNAL($close,4,9,3)"},
        {"MACD_HIST_RECENT($close,4,9,3,30)", "MACD_HIST($close,4,9,3)"}};
    for (int trial = 0; trial < 3; ++trial) {
        const Panel panel = random_panel(random, 120, trial * 0.1);
        for (const auto& [recent, whole] : pairs) {
            const auto got = run(recent, panel);
            int there = 0;
            for (std::size_t i = 0; i < got.size(); ++i) {
                const double want = run(whole, cut(panel, i < 30 ? 0 : i - 29, i + 1)).back();
                ASSERT_TRUE(got[i] == want || (std::isnan(got[i]) && std::isnan(want))) << recent << " row " << i;
                there += std::isfinite(want);
            }
            EXPECT_GT(there, 60) << recent;
        }
    }
    EXPECT_EQ(compile("RSI_RECENT($close)").reach().left, 99);
    EXPECT_NE(error_of("RSI_RECENT($close,14,0)"), "");
    EXPECT_NE(error_of("RSI_RECENT($close,0,50)"), "");
}

TEST(Peer, NeedNotBeThere) {
    MemorySource source;
    source.listed = {{1, "AAA", "24x7"}, {2, "BBB", "24x7"}};
    for (int d = 0; d < 5; ++d) {
        source.add("1d", 1, day(20000 + d), 10 + d);
        if (d != 2) source.add("1d", 2, day(20000 + d), 100 + d);
    }
    const auto answer = ask(source, {"Peer($close,'BBB')", "Peer($close,'ZZZ')", "IsInstrument($close,'BBB')",
                                     "IsInstrument($close,'ZZZ')", "Count(Peer($close,'ZZZ'),1)"});
    EXPECT_EQ(answer.at(1, day(20001), 0), 101);
    EXPECT_EQ(answer.at(2, day(20001), 0), 101);
    EXPECT_TRUE(std::isnan(answer.at(1, day(20002), 0)));
    EXPECT_TRUE(std::isnan(answer.at(1, day(20001), 1)));
    EXPECT_EQ(answer.at(1, day(20001), 2), 0);
    EXPECT_EQ(answer.at(2, day(20001), 2), 1);
    EXPECT_EQ(answer.at(2, day(20001), 3), 0);
    EXPECT_EQ(answer.at(1, day(20001), 4), 0);
    EXPECT_EQ(dependence(compile("Peer($close,'BBB')")).symbols, std::vector<std::string>{"BBB"});
    EXPECT_THROW(ask(source, {"Mask($close,'ZZZ')"}), Error);
}

TEST(Signals, HaveTheirSizesAndDoNotLookAhead) {
    EXPECT_EQ(built_in_set("signals_v1").size(), 13u);
    EXPECT_EQ(built_in_set("signals_v26_origin").size(), 19u);
    EXPECT_EQ(built_in_set("signals_v27").size(), 30u);
    EXPECT_EQ(built_in_set("signals_v27_neutral").size(), 30u);
    EXPECT_EQ(built_in_set("signals_v27_origin_neutral").size(), 30u);
    EXPECT_EQ(built_in_set("signals_v27_references").size(), 5u);
    EXPECT_TRUE(built_in_set("signals_v26_references").empty());
    EXPECT_THROW(built_in_set("signals_v2"), Error);
    EXPECT_THROW(built_in_set("signals_v26_orign"), Error);
    for (const char* set : {"signals_v27", "signals_v27_neutral", "signals_v27_references"})
        for (const auto& feature : built_in_set(set))
            EXPECT_EQ(compile(feature.expression).reach().right, 0) << feature.name;
}

}  // namespace
}  // namespace bourse::factors
