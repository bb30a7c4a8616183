// A factor report against Qlib's own evaluation (shared/spec/qlib_golden/evaluation) and against choices worked out by
// hand and by trying every subset.
#include "stats/factor_report.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <random>
#include <sstream>

namespace bourse::stats {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

std::vector<std::map<std::string, std::string>> read_csv(const std::string& path) {
    std::ifstream file(path);
    std::vector<std::map<std::string, std::string>> rows;
    std::vector<std::string> names;
    for (std::string line; std::getline(file, line);) {
        std::stringstream cells(line);
        std::vector<std::string> row;
        for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
        if (names.empty()) {
            names = row;
            continue;
        }
        auto& made = rows.emplace_back();
        for (std::size_t i = 0; i < names.size(); ++i) made[names[i]] = i < row.size() ? row[i] : "";
    }
    return rows;
}

double number(const std::string& text) { return text.empty() ? missing : std::stod(text); }

struct Day {
    std::vector<std::int32_t> names;
    std::vector<float> values;
    std::vector<double> outcomes;
};

TEST(FactorReport, IsQlibsEvaluation) {
    const std::string folder = std::string(BOURSE_SHARED) + "/spec/qlib_golden/evaluation/";
    const auto golden = read_csv(folder + "daily.csv");
    if (golden.empty()) GTEST_SKIP() << folder << " is not there";
    std::map<std::string, Day> days;
    for (auto& row : read_csv(folder + "pred_label.csv")) {
        Day& day = days[row["datetime"]];
        day.names.push_back(std::stoi(row["instrument"].substr(1)));
        day.values.push_back(static_cast<float>(number(row["pred"])));
        day.outcomes.push_back(number(row["label"]));
    }
    FactorOptions options;
    options.factors = 1;
    FactorReport report(options);
    double ic = 0, rank_ic = 0, spread = 0, autocorrelation = 0;
    int counted = 0, lagged = 0;
    for (auto row : golden) {
        const Day& day = days.at(row["datetime"]);
        const std::span<const double> returns[] = {day.outcomes};
        report.add({day.names, day.values, returns});
        // 2024-01-19 has three names, too few for a correlation of ours
        const bool few = row["datetime"] == "2024-01-19" || row["datetime"] == "2024-01-22";
        if (const double lag = number(row["pred_autocorr_lag1"]); std::isfinite(lag) && !few)
            autocorrelation += lag, ++lagged;
        const auto pairs =
            std::count_if(day.outcomes.begin(), day.outcomes.end(), [](double v) { return std::isfinite(v); });
        EXPECT_TRUE(row["datetime"] != "2024-01-19" || pairs < 5);  // three names: no day of ours
        if (pairs < 5 || !std::isfinite(number(row["ic"]))) continue;
        ic += number(row["ic"]);
        rank_ic += number(row["rank_ic"]);
        spread += 2 * number(row["long_short_dropna1"]);
        ++counted;
    }
    const auto result = report.finish()[0];
    ASSERT_GT(counted, 50);
    EXPECT_EQ(result.ic.n, static_cast<std::size_t>(counted));
    EXPECT_NEAR(*result.ic.mean, ic / counted, 1e-7);  // values are float32 here
    EXPECT_NEAR(*result.rank_ic.mean, rank_ic / counted, 1e-12);
    EXPECT_NEAR(result.spread.mean, spread / counted, 1e-12);
    EXPECT_NEAR(result.quantile_returns[4] - result.quantile_returns[0], result.spread.mean, 1e-12);
    EXPECT_NEAR(result.autocorrelation, autocorrelation / lagged, 1e-6) << lagged;
    EXPECT_NEAR(result.rank_ic_error.mean, *result.rank_ic.mean, 1e-15);
}

// Returns are made of the first factor; the second is its mirror image, the third noise, the fourth never there.
TEST(FactorReport, FindsWhatWasPlanted) {
    std::mt19937_64 random(5);
    std::normal_distribution<double> normal;
    FactorOptions options;
    options.factors = 4;
    options.horizons = {1, 3};
    FactorReport report(options);
    const std::size_t names = 60;
    for (int d = 0; d < 250; ++d) {
        Day day;
        std::vector<double> later;
        for (std::size_t i = 0; i < names; ++i) {
            const double x = normal(random);
            day.names.push_back(static_cast<std::int32_t>(i));
            day.values.insert(day.values.end(),
                              {static_cast<float>(x), static_cast<float>(-x), static_cast<float>(normal(random)),
                               std::numeric_limits<float>::quiet_NaN()});
            day.outcomes.push_back(0.3 * x + normal(random));
            later.push_back(i % 7 == 0 ? missing : normal(random));
        }
        const std::span<const double> returns[] = {day.outcomes, later};
        report.add({day.names, day.values, returns});
    }
    const auto r = report.finish();
    EXPECT_GT(*r[0].rank_ic.mean, 0.2);
    EXPECT_NEAR(*r[1].rank_ic.mean, -*r[0].rank_ic.mean, 1e-12);
    EXPECT_LT(r[0].adjusted_p, 1e-10);
    EXPECT_GT(r[2].adjusted_p, 1e-3);
    EXPECT_NEAR(r[0].decay[1], 0, 0.03);
    EXPECT_NEAR(r[0].monotonicity, 1, 1e-12);
    EXPECT_EQ(r[0].cluster, r[1].cluster);
    EXPECT_NE(r[0].cluster, r[2].cluster);
    EXPECT_EQ(r[0].nearest, 1u);
    EXPECT_NEAR(r[0].nearest_correlation, -1, 1e-5);
    EXPECT_TRUE((r[0].chosen == 0) != (r[1].chosen == 0));  // one of the two, never both
    EXPECT_TRUE(r[0].chosen == no_place || r[1].chosen == no_place);
    EXPECT_EQ(r[3].coverage, 0);
    EXPECT_EQ(r[3].chosen, no_place);
    EXPECT_TRUE(std::isnan(r[3].spread.mean));
    EXPECT_NEAR(r[2].turnover, 0.8, 0.02);  // a top fifth drawn anew
    EXPECT_NEAR(r[0].autocorrelation, 0, 0.03);
}

Correlations made(std::size_t n, std::initializer_list<std::tuple<std::size_t, std::size_t, double>> pairs) {
    Correlations c(n);
    for (std::size_t i = 0; i < n; ++i) c.at(i, i) = 1;
    for (const auto& [a, b, value] : pairs) c.at(a, b) = c.at(b, a) = value;
    return c;
}

TEST(FactorChoice, ClustersByAverageLinkage) {
    // 0-1 join at .9; 2 is .8 from 0 and .5 from 1: mean .65; 3-4 join at .75 with opposite signs
    const auto c = made(5, {{0, 1, .9}, {0, 2, .8}, {1, 2, .5}, {3, 4, -.75}, {2, 3, .1}});
    EXPECT_EQ(clusters(c, .7), (std::vector<std::size_t>{0, 0, 1, 2, 2}));
    EXPECT_EQ(clusters(c, .6), (std::vector<std::size_t>{0, 0, 0, 1, 1}));
    EXPECT_EQ(clusters(c, .95), (std::vector<std::size_t>{0, 1, 2, 3, 4}));
}

TEST(FactorChoice, TakesTheBestUnderTheCap) {
    const auto c = made(4, {{0, 1, .9}, {0, 2, -.8}, {1, 2, .2}});
    const std::vector<double> scores{.5, -.4, .3, missing};
    EXPECT_EQ(choose_by_score(c, scores, .7, 9), (std::vector<std::size_t>{0, no_place, no_place, no_place}));
    EXPECT_EQ(choose_by_score(c, scores, .85, 9), (std::vector<std::size_t>{0, no_place, 1, no_place}));
    EXPECT_EQ(choose_by_score(c, scores, 1, 2), (std::vector<std::size_t>{0, 1, no_place, no_place}));
}

// Each step of the forward selection is the best of all, by the IC of the sum computed from its definition.
TEST(FactorChoice, ForwardStepsAreTheBest) {
    std::mt19937_64 random(3);
    std::uniform_real_distribution<double> unit(-1, 1);
    for (int trial = 0; trial < 50; ++trial) {
        const std::size_t n = 6;
        std::vector<std::vector<double>> loads(n, std::vector<double>(3));
        Correlations c(n);
        std::vector<double> ics;
        for (auto& load : loads)
            for (double& x : load) x = unit(random);
        for (std::size_t a = 0; a < n; ++a)
            for (std::size_t b = 0; b < n; ++b) {
                double dot = 0;
                for (std::size_t k = 0; k < 3; ++k) dot += loads[a][k] * loads[b][k] / 4;
                c.at(a, b) = a == b ? 1 : dot;
            }
        for (std::size_t i = 0; i < n; ++i) ics.push_back(unit(random) / 10);
        const auto ic_of = [&](const std::vector<std::size_t>& set) {
            double top = 0, below = 0;
            for (const auto a : set) {
                top += std::fabs(ics[a]);
                for (const auto b : set) below += (ics[a] < 0 ? -1 : 1) * (ics[b] < 0 ? -1 : 1) * c.at(a, b);
            }
            return top / std::sqrt(below);
        };
        const auto places = choose_forward(c, ics, n);
        std::vector<std::size_t> taken;
        for (std::size_t step = 0;; ++step) {
            const auto at = std::find(places.begin(), places.end(), step);
            double best = taken.empty() ? 0 : ic_of(taken), found = best;
            for (std::size_t i = 0; i < n; ++i) {
                if (std::find(taken.begin(), taken.end(), i) != taken.end()) continue;
                auto more = taken;
                more.push_back(i);
                found = std::max(found, ic_of(more));
            }
            if (at == places.end()) {
                EXPECT_LE(found, best * (1 + 1e-8));
                break;
            }
            taken.push_back(static_cast<std::size_t>(at - places.begin()));
            EXPECT_NEAR(ic_of(taken), found, 1e-12);
        }
        EXPECT_FALSE(taken.empty());
    }
}

}  // namespace
}  // namespace bourse::stats
