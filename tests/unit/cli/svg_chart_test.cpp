#include "workers/cli/report/svg_chart.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <regex>

#include <gtest/gtest.h>

#include "workers/cli/report/html.hpp"

using namespace bourse::cli::report;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

Chart line_of(std::vector<double> y) {
    Chart chart{.id = "c",
                .title = "t",
                .description = "d",
                .x_title = {},
                .unit = {},
                .x = {},
                .x_ticks = {},
                .x_names = {},
                .series = {}};
    for (std::size_t i = 0; i < y.size(); ++i) chart.x.push_back(static_cast<double>(i));
    chart.series.push_back({"a", "s1", std::move(y), Mark::line});
    return chart;
}

std::vector<std::string> texts(const std::vector<Tick>& ticks) {
    std::vector<std::string> out;
    for (const auto& tick : ticks) out.push_back(tick.text);
    return out;
}

// Every coordinate of every mark lies inside the picture.
void expect_inside(const std::string& html) {
    const std::regex point("[ML](-?[0-9.]+) (-?[0-9.]+)");
    int points = 0;
    for (std::sregex_iterator i(html.begin(), html.end(), point), end; i != end; ++i, ++points) {
        EXPECT_GE(std::stod((*i)[1]), 0);
        EXPECT_LE(std::stod((*i)[1]), 640);
        EXPECT_GE(std::stod((*i)[2]), 0);
        EXPECT_LE(std::stod((*i)[2]), 260);
    }
    EXPECT_GT(points, 0);
    EXPECT_EQ(html.find("nan"), std::string::npos);
    EXPECT_EQ(html.find("inf"), std::string::npos);
}

}  // namespace

TEST(SvgChart, TicksAreRoundNumbers) {
    EXPECT_EQ(texts(number_ticks(0, 1, 5)), (std::vector<std::string>{"0", "0.2", "0.4", "0.6", "0.8", "1"}));
    EXPECT_EQ(texts(number_ticks(1, 120, 6)), (std::vector<std::string>{"20", "40", "60", "80", "100", "120"}));
    EXPECT_EQ(texts(number_ticks(-0.0008, 0.0004, 3, {1e4, " bp"})), (std::vector<std::string>{"-5 bp", "0 bp"}));
    EXPECT_TRUE(number_ticks(1, 1, 5).empty());
    EXPECT_TRUE(number_ticks(missing, 1, 5).empty());
    EXPECT_TRUE(number_ticks(-1e308, 1e308, 5).empty());  // the width overflows
}

TEST(SvgChart, DayTicksFollowTheCalendar) {
    std::vector<std::string> days;
    for (int year = 2015; year < 2020; ++year)
        for (int month = 1; month <= 12; ++month) {
            char day[16];
            std::snprintf(day, sizeof day, "%d-%02d-15", year, month);
            days.push_back(day);
        }
    EXPECT_EQ(texts(day_ticks(days)), (std::vector<std::string>{"2016", "2017", "2018", "2019"}));
    EXPECT_EQ(day_ticks(days)[0].at, 12);
    days.resize(13);
    EXPECT_EQ(texts(day_ticks(days)), (std::vector<std::string>{"2015-04", "2015-07", "2015-10", "2016-01"}));
    EXPECT_EQ(texts(day_ticks({"2015-01-05", "2015-01-06"})), (std::vector<std::string>{"2015-01-05", "2015-01-06"}));
    EXPECT_TRUE(day_ticks({}).empty());
}

TEST(SvgChart, GapsBreakTheLine) {
    const auto html = render(line_of({1, 2, missing, 3, 4}));
    expect_inside(html);
    const auto path = html.substr(html.find(" d=\""));
    EXPECT_EQ(std::count(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(path.find('/')), 'M'), 2);
}

TEST(SvgChart, DrawsAnyFiniteValues) {
    for (const auto& y :
         {std::vector<double>{5}, {0, 0, 0}, {-3, -3}, {1e-300, 2e-300}, {1e300, -1e300}, {1, missing}, {1e-9, 1e9}})
        expect_inside(render(line_of(y)));
}

TEST(SvgChart, SaysWhenThereIsNothing) {
    for (const auto& y : {std::vector<double>{}, {missing, missing}, {std::numeric_limits<double>::infinity()}}) {
        const auto html = render(line_of(y));
        EXPECT_NE(html.find("no values"), std::string::npos);
        EXPECT_EQ(html.find("<svg"), std::string::npos);
    }
}

TEST(SvgChart, ManyBarsBecomeTwoPaths) {
    auto chart = line_of(std::vector<double>(5000, 0.5));
    for (std::size_t i = 0; i < 5000; i += 2) chart.series[0].y[i] = -0.5;
    chart.series[0].mark = Mark::bars;
    chart.series[0].css_class.clear();
    const auto html = render(chart);
    EXPECT_EQ(html.find("<rect"), std::string::npos);
    EXPECT_NE(html.find("stems plus"), std::string::npos);
    EXPECT_NE(html.find("stems minus"), std::string::npos);
    EXPECT_LT(html.size(), 150000u);
}

TEST(SvgChart, LongLinesAreThinnedAndKeepTheirEnd) {
    std::vector<double> y(50000, 0);
    y.back() = 1;
    const auto html = render(line_of(y));
    expect_inside(html);
    EXPECT_LT(html.size(), 100000u);
    EXPECT_NE(html.find("L628 12\""), std::string::npos);  // upper right corner
}

TEST(SvgChart, RankedBarsAreInProportion) {
    const auto html = render(RankedBars{"r", "t", "d", {{"first & <foremost>", 10}, {"half", 5}, {"bad", missing}}});
    EXPECT_NE(html.find("first &amp; &lt;foremost&gt;"), std::string::npos);
    std::vector<double> widths;
    const std::regex bar("<rect [^>]*width=\"([0-9.]+)\"");
    for (std::sregex_iterator i(html.begin(), html.end(), bar), end; i != end; ++i)
        widths.push_back(std::stod((*i)[1]));
    ASSERT_EQ(widths.size(), 3u);
    EXPECT_NEAR(widths[1], widths[0] / 2, 0.1);
}

TEST(Html, EscapesEverythingThatMeansSomething) {
    EXPECT_EQ(escape("<a b=\"c\" d='e'>&</a>"), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;&lt;/a&gt;");
    EXPECT_EQ(escape(std::string("a\x01"
                                 "b\x1f\x7f",
                                 5)),
              "a\uFFFDb\uFFFD\uFFFD");
    EXPECT_EQ(escape("贵州\n茅台\t"), "贵州\n茅台\t");
    EXPECT_EQ(element("td", "<", "n"), "<td class=\"n\">&lt;</td>");
}
