#include "market/qlib_layout.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"

namespace bourse::market {
namespace {

constexpr float none = std::numeric_limits<float>::quiet_NaN();

template <class Call>
std::string error_of(Call call) {
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

// The claim of the header, on random bits: a bar gives back the float32 values that it was made of.
TEST(QlibLayout, BarsGiveTheSameBitsBack) {
    Random random(7);
    const auto number = [&](double low, double high) {
        return static_cast<float>(std::exp(std::log(low) + (std::log(high) - std::log(low)) * random.uniform()));
    };
    for (int i = 0; i < 200'000; ++i) {
        const QlibRow row{number(1e-6, 1e6),
                          number(1e-6, 1e6),
                          number(1e-6, 1e6),
                          number(1e-6, 1e6),
                          number(1, 1e13),
                          number(1e-5, 1e5),
                          i % 2 ? none : number(1, 1e15),
                          none};
        QlibRow with_vwap = row;
        with_vwap.amount = none;
        with_vwap.vwap = number(1e-6, 1e6);
        for (const bool traded : {false, true}) {
            const QlibRow back = qlib_row_of(bar_of(row, traded), traded);
            for (const auto field : {&QlibRow::open, &QlibRow::high, &QlibRow::low, &QlibRow::close, &QlibRow::volume,
                                     &QlibRow::factor, &QlibRow::amount})
                ASSERT_TRUE(std::bit_cast<std::uint32_t>(row.*field) == std::bit_cast<std::uint32_t>(back.*field) ||
                            (std::isnan(row.*field) && std::isnan(back.*field)));
            ASSERT_EQ(qlib_row_of(bar_of(with_vwap, traded), traded).vwap, with_vwap.vwap);
        }
    }
}

TEST(QlibLayout, BarsAreRaw) {
    const QlibRow row{20, 22, 18, 21, 500, 2, none, 20.5F};
    const BarRow bar = bar_of(row, false);
    EXPECT_EQ(bar.close, 10.5);
    EXPECT_EQ(bar.volume, 1000);
    EXPECT_EQ(bar.amount, 10250);  // 1000 pieces at 10.25
    EXPECT_EQ(bar_of(row, true).volume, 500);
    EXPECT_TRUE(std::isnan(qlib_row_of({1, 1, 1, 1, 0, 0, 1}, false).vwap));  // no volume, no average
}

TEST(QlibLayout, ReadsAndWritesBins) {
    const QlibBin bin{2559, {1.5F, none, -3}};
    const std::string bytes = qlib_bin_bytes(bin);
    ASSERT_EQ(bytes.size(), 16u);
    EXPECT_EQ(bytes.substr(0, 8),
              std::string("\0\xf0\x1f\x45\0\0\xc0\x3f", 8));  // numpy: float32([2559, 1.5]).tobytes()
    const auto shape = qlib_bin_shape(16, 2559, 2562);
    EXPECT_EQ(shape.start, 2559u);
    EXPECT_EQ(shape.count, 3u);
    const QlibBin back = read_qlib_bin(bytes);
    EXPECT_EQ(back.start, 2559u);
    EXPECT_EQ(back.values[2], -3);
    EXPECT_TRUE(std::isnan(back.values[1]));
}

TEST(QlibLayout, RefusesBinsThatDoNotFit) {
    for (const std::uint64_t size : {0, 3, 17})
        EXPECT_NE(error_of([=] { (void)qlib_bin_shape(size, 0, 10); }).find("truncated"), std::string::npos);
    for (const float first : {-1.0F, 0.5F, 10.0F, 1e9F, none, std::numeric_limits<float>::infinity()})
        EXPECT_NE(error_of([=] { (void)qlib_bin_shape(16, first, 10); }).find("wrong start index"), std::string::npos)
            << first;
    EXPECT_EQ(error_of([] { (void)qlib_bin_shape(16, 7, 10); }), "no error");
    EXPECT_NE(error_of([] { (void)qlib_bin_shape(16, 8, 10); }).find("do not fit"), std::string::npos);
}

TEST(QlibLayout, Names) {
    EXPECT_EQ(qlib_folder("SH600000"), "sh600000");
    EXPECT_EQ(qlib_folder("LPT1"), "_qlib_lpt1");
    EXPECT_EQ(qlib_folder("COMP"), "comp");
    EXPECT_EQ(qlib_folder("NUL"), "_qlib_nul");
    for (std::size_t i = 0; i < frequency_names.size(); ++i)
        EXPECT_EQ(parse_frequency(qlib_name(static_cast<Frequency>(i))), static_cast<Frequency>(i));
}

TEST(QlibLayout, ReadsCalendarsAndSpans) {
    const auto times = read_qlib_calendar("2024-01-02 09:30:00\r\n2024-01-02 09:31:00\n", 15);
    ASSERT_EQ(times.size(), 2u);
    EXPECT_EQ(times[1].us - times[0].us, 60'000'000);
    const auto spans =
        read_qlib_instruments("aapl\t2020-01-02\t2020-02-03\nAAPL\t2020-02-04\t2020-03-03\n\nB 2020-01-02 2020-01-02");
    ASSERT_EQ(spans.size(), 3u);
    EXPECT_EQ(spans[0].code, "AAPL");
    EXPECT_EQ(spans[2].line, 4);
    EXPECT_EQ(error_of([] { (void)read_qlib_instruments("A\t2020-01-02\t2020-02-03\nA\t2020-02-03\t2020-03-03\n"); }),
              "line 2: the span of A, 2020-02-03 to 2020-03-03, overlaps the one of line 1, 2020-01-02 to 2020-02-03");
    EXPECT_EQ(error_of([] {
                  (void)read_qlib_instruments(
                      "A\t2020-03-02\t2020-04-03\nB\t2020-01-02\t2020-02-03\nA\t2020-01-02\t2020-03-02\n");
              }),
              "line 3: the span of A, 2020-01-02 to 2020-03-02, overlaps the one of line 1, 2020-03-02 to 2020-04-03");
    EXPECT_EQ(error_of([] { (void)read_qlib_calendar("2020-01-02\n2020-01-02\n", 15); }),
              "line 2: '2020-01-02' does not come after the line before");
    EXPECT_EQ(error_of([] { (void)read_qlib_calendar("2020-01-02\n2020-01-20\n", 15); }),
              "line 2: no session for 18 days before '2020-01-20'");
    EXPECT_EQ(error_of([] { (void)read_qlib_calendar("2020-01-02\n2020-01-20\n", 0); }), "no error");
    EXPECT_EQ(error_of([] { (void)read_qlib_calendar("", 15); }), "line 1: there is no session in it");
}

}  // namespace
}  // namespace bourse::market
