// Indicators that are computed for many series at once have the bits of those computed one by one.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "factors/evaluate.hpp"
#include "factors/side_by_side.hpp"
#include "factors/support.hpp"

namespace bourse::factors::test {
namespace {

Panel many_series(std::size_t count, std::mt19937_64& random) {
    Panel panel;
    for (std::size_t s = 0; s < count; ++s) {
        Panel one = random_panel(random, 1 + random() % 300, s % 3 == 0 ? 0.1 : 0);
        panel.fields = one.fields;
        Series& series = panel.series.emplace_back(std::move(one.series[0]));
        series.first = random() % series.last;
        series.instrument_id = static_cast<std::int32_t>(s + 1);
    }
    return panel;
}

TEST(SideBySide, ChangesNoBit) {
    std::mt19937_64 random(31);
    const std::vector<std::string> expressions{"RSI($close,14)",
                                               "RSI($close,14)/SMA($close,5)",
                                               "MACD_SIGNAL($close)",
                                               "ATR($high,$low,$close)",
                                               "SAR($high,$low)",
                                               "RSI(Ref($close,1),5)",
                                               "Mean($close,3)",
                                               "BBANDS_LOWER($close,20,2,2,6)",
                                               "MFI($high,$low,$close,$volume)"};
    const Plan plan = compile(expressions);
    for (const std::size_t count : {1U, 3U, 5U, 17U, 70U}) {
        const Panel panel = many_series(count, random);
        SideBySide ahead(plan, panel);
        std::vector<double> with, without;
        for (const Series& series : panel.series) {
            const auto given = ahead.columns_of(series, {});
            std::size_t known = 0;
            for (const double* column : given) known += column != nullptr;
            // RSI, SMA, MACD, ATR and MFI of plain fields, in groups of sixteen; fewer than four are left to the
            // evaluator.
            const auto at = static_cast<std::size_t>(&series - panel.series.data());
            EXPECT_EQ(known, count - at / 16 * 16 < 4 ? 0U : 5U) << at << " of " << count;
            Evaluator(plan, panel).run(series, series.first, series.last, with, {}, nullptr, given);
            Evaluator(plan, panel).run(series, series.first, series.last, without, {});
            ASSERT_EQ(with.size(), without.size());
            for (std::size_t i = 0; i < with.size(); ++i)
                ASSERT_TRUE(std::isnan(with[i])
                                ? std::isnan(without[i])
                                : std::bit_cast<std::uint64_t>(with[i]) == std::bit_cast<std::uint64_t>(without[i]))
                    << count << " series, value " << i;
        }
    }
}

// The matrix of a panel against its series one by one.
void compare(const std::vector<std::string>& expressions, const Panel& panel) {
    const Plan plan = compile(expressions);
    const FeatureMatrix matrix = evaluate(plan, panel);
    std::size_t at = 0;
    std::vector<double> want;
    for (const Series& series : panel.series) {
        Evaluator(plan, panel).run(series, series.first, series.last, want, {});
        const std::size_t asked = series.last - series.first;
        for (std::size_t r = 0; r < asked; ++r)
            for (std::size_t c = 0; c < expressions.size(); ++c, ++at) {
                const auto one = static_cast<float>(want[c * asked + r]);
                ASSERT_TRUE(std::isnan(one)
                                ? std::isnan(matrix.values[at])
                                : std::bit_cast<std::uint32_t>(one) == std::bit_cast<std::uint32_t>(matrix.values[at]))
                    << expressions[c] << " of " << panel.series.size() << " series, value " << at;
            }
    }
    ASSERT_EQ(at, matrix.values.size());
}

// Whole panels: what indicators gave goes on side by side, and what is longer or at other times one by one.
TEST(SideBySide, PanelsHaveTheBitsOfSeries) {
    std::mt19937_64 random(37);
    for (const std::size_t count : {3U, 5U, 37U}) {
        Panel panel = many_series(count, random);
        for (Series& series : panel.series) series.last -= random() % (series.last - series.first);
        compare({"RSI($close,14)", "Mean(RSI($close,14),5)/SMA($close,5)", "Std(MACD_SIGNAL($close),7)-EMA($close,9)",
                 "ATR($high,$low,$close)", "SAR($high,$low)>$close"},
                panel);
    }
}

void begin_later(Series& series, std::ptrdiff_t rows) {
    const auto cut = [&](auto& column) {
        if (!column.empty()) column.erase(column.begin(), column.begin() + rows);
    };
    cut(series.ts_us);
    cut(series.available_us);
    for (auto& field : series.fields) cut(field);
    cut(series.has_bar);
    cut(series.member);
    cut(series.previous_close);
    series.last -= static_cast<std::size_t>(rows);
}

// Indicators that nothing else reads, piece by piece: some series begin later than others, some have gaps.
TEST(SideBySide, PiecesHaveTheBitsOfSeries) {
    std::mt19937_64 random(41);
    const std::vector<std::string> last{"RSI($close,14)", "MACD_SIGNAL($close)",        "MACD($close)",
                                        "MOM($close,30)", "STOCH_D($high,$low,$close)", "RSI($close,14)",
                                        "$close",         "OBV($close,$volume)",        "SMA($volume,5)"};
    std::vector<std::string> also = last, many;
    for (const char* each : {"Mean($close,7)", "SMA($volume,5)/Ref($volume,3)", "SUM($close,5)>MAX($close,4)"})
        also.emplace_back(each);
    for (int n = 2; n < 300; n += 3) many.push_back("SMA($close," + std::to_string(n) + ")");
    for (const std::size_t count : {4U, 16U, 21U})
        for (const double missing : {0.0, 0.02}) {
            Panel panel;
            for (std::size_t s = 0; s < count; ++s) {
                Panel one = random_panel(random, s == 0 ? 1300 : 700 + random() % 600, s == 1 ? missing : 0);
                panel.fields = one.fields;
                Series& series = panel.series.emplace_back(std::move(one.series[0]));
                if (s % 5 == 2) begin_later(series, 100);
                series.first = s % 2 ? random() % 500 : 0;
                series.last -= s % 4 == 0 ? 0 : random() % (series.last - series.first);
                series.instrument_id = static_cast<std::int32_t>(s + 1);
            }
            compare(last, panel);
            compare(also, panel);
            compare(many, panel);
        }
}

}  // namespace
}  // namespace bourse::factors::test
