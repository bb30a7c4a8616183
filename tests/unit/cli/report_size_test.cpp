// Reports stay below 2 MB whatever the data: every list as long and every text as wide as the database allows, or
// wider, of characters that HTML writes as six.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include <nlohmann/json.hpp>

#include "workers/cli/report/factors_page.hpp"
#include "workers/cli/report/sections.hpp"

using namespace bourse::cli::report;

namespace {

using nlohmann::json;

constexpr std::size_t limit = 2 << 20;

std::string wide(const std::string& name, std::size_t bytes) { return name + std::string(bytes - name.size(), '"'); }

class Numbers {
public:
    double operator()() { return normal_(random_) * std::pow(10, static_cast<double>(random_() % 12) - 6); }
    json list(std::size_t n) {
        json all = json::array();
        for (std::size_t i = 0; i < n; ++i) all.push_back((*this)());
        return all;
    }

private:
    std::mt19937_64 random_{3};
    std::normal_distribution<double> normal_;
};

json factors(std::size_t features, std::size_t horizons, std::size_t quantiles) {
    Numbers numbers;
    json data{{"set", {{"name", "set"}, {"version", 1}, {"freq", "1m"}}},
              {"universe", wide("u", 5000)},
              {"from_ts", "1990-01-01T00:00:00+00:00"},
              {"to_ts", nullptr},
              {"label", wide("Ref($close,-1)", 100'000)},
              {"horizons", json::array()},
              {"rows", json::array()}};
    for (std::size_t h = 1; h <= horizons; ++h) data["horizons"].push_back(50 * h);
    for (std::size_t f = 0; f < features; ++f) {
        json row{{"feature", wide("f" + std::to_string(f), 63)},
                 {"nearest", wide("f0", 63)},
                 {"days", 2'600'000},  // minutes of ten years
                 {"decay", numbers.list(horizons)},
                 {"quantile_returns", numbers.list(quantiles)},
                 {"cluster", f},
                 {"chosen", f < 100 ? json(f + 1) : json()},
                 {"forward", f < 100 ? json(f + 1) : json()}};
        for (const char* name : {"coverage", "ic", "icir", "rank_ic", "rank_icir", "rank_ic_error", "t", "p_value",
                                 "p_adjusted", "autocorrelation", "turnover", "spread", "spread_error", "spread_t",
                                 "monotonicity", "nearest_correlation"})
            row[name] = numbers();
        data["rows"].push_back(std::move(row));
    }
    return data;
}

// A run: so many features, days of its test span, rounds of its curves, lines and loads.
json run(std::size_t features, std::size_t days, std::size_t rounds, std::size_t others) {
    Numbers numbers;
    const std::string text = wide("x", 20'000), at = "2024-01-02T03:04:05+00:00";
    json names = json::array(), expressions = json::array();
    for (std::size_t f = 0; f < features; ++f) {
        names.push_back(wide("f" + std::to_string(f), 63));
        expressions.push_back(f % 100 ? wide("$close", 300) : text);
    }
    json many = json::object();
    for (std::size_t i = 0; i < others; ++i) many["key" + std::to_string(i)] = text;
    json data{{"run", {{"run_id", 1},         {"model", wide("m", 100)},
                       {"state", "failed"},   {"algorithm", "xgboost"},
                       {"universe", text},    {"owner", wide("o", 63)},
                       {"started_at", at},    {"finished_at", at},
                       {"created_at", at},    {"error", text},
                       {"seconds", 1e6},      {"label", text},
                       {"from_ts", at},       {"to_ts", at},
                       {"seed", 1},           {"source", text},
                       {"stop_reason", text}, {"split", many},
                       {"params", many},      {"options", many},
                       {"dataset", many}}},
              {"version",
               {{"version", 1},
                {"stage", "production"},
                {"features", names},
                {"size_bytes", 1},
                {"artifact_sha256", "ab"},
                {"params", {{"a", text}}}}},
              {"feature_set", {{"name", "s"}, {"version", 1}, {"features", names}, {"expressions", expressions}}},
              {"metrics", json::array()},
              {"curves", json::array()},
              {"days", json::array()},
              {"importance", json::array()},
              {"drift", {{"checked_at", at}, {"from_ts", at}, {"to_ts", at}, {"rows", json::array()}}},
              {"data_versions", json::array()},
              {"lineage", json::array()},
              {"log", json::array()}};
    for (std::size_t i = 0; i < others; ++i) {
        data["metrics"].push_back({{"span", "test"}, {"metric", "metric" + std::to_string(i)}, {"value", numbers()}});
        data["data_versions"].push_back({{"data_version_id", i},
                                         {"source", text},
                                         {"path", text},
                                         {"made_at", at},
                                         {"rows_loaded", 1},
                                         {"rows_changed", 1},
                                         {"rows_rejected", 1},
                                         {"sha256", text}});
        data["lineage"].push_back(
            {{"from_kind", "run"}, {"from_name", text}, {"to_kind", "run"}, {"to_name", text}, {"made_at", at}});
        data["log"].push_back({{"logged_at", at}, {"level", "info"}, {"message", text}});
    }
    for (const char* metric : {"rmse", "mae", "logloss", "auc"})
        for (const char* span : {"train", "valid"})
            for (std::size_t r = 1; r <= rounds; ++r)
                data["curves"].push_back({{"span", span}, {"metric", metric}, {"step", r}, {"value", numbers()}});
    std::int64_t year = 1900, month = 1, day = 1;
    for (std::size_t d = 0; d < days; ++d) {
        char date[16];
        std::snprintf(date, sizeof date, "%04d-%02d-%02d", static_cast<int>(year), static_cast<int>(month),
                      static_cast<int>(day));
        data["days"].push_back({{"day", date},
                                {"periods", 1440},
                                {"names", 5000},
                                {"ic", numbers()},
                                {"rank_ic", numbers()},
                                {"group_sums", numbers.list(5)},
                                {"group_periods", {1, 1, 1, 1, 1}}});
        if (++day > 28) day = 1, ++month;
        if (month > 12) month = 1, ++year;
    }
    const char* verdicts[] = {"severe", "moderate", "none", "insufficient_data"};
    for (std::size_t f = 0; f < features; ++f) {
        for (const char* kind : {"gain", "weight", "coefficient"})
            data["importance"].push_back({{"feature", names[f]}, {"kind", kind}, {"value", numbers()}});
        data["drift"]["rows"].push_back({{"feature", names[f]},
                                         {"verdict", verdicts[f % 4]},
                                         {"psi", numbers()},
                                         {"ks", numbers()},
                                         {"p_value", numbers()},
                                         {"missing_reference_ratio", numbers()},
                                         {"missing_current_ratio", numbers()},
                                         {"advice", wide("look", 600)}});
    }
    return data;
}

TEST(ReportSize, OfFactorsIsBounded) {
    for (const std::size_t features : {1u, 158u, 700u, 2000u, 16'000u}) {
        const auto html = factors_page(factors(features, 20, 20));
        EXPECT_LE(html.size(), limit) << features << " features";
        if (features > 700) {
            EXPECT_NE(html.find(std::to_string(features - 700) + " weaker features are not listed"), std::string::npos);
        }
        EXPECT_NE(html.find("</html>"), std::string::npos);
    }
}

TEST(ReportSize, OfARunIsBounded) {
    const auto html = page(run(16'000, 36'500, 20'000, 1000));
    EXPECT_LE(html.size(), limit);
    EXPECT_NE(html.find("more are not listed"), std::string::npos);
    EXPECT_LT(page(run(3, 10, 10, 1)).size(), limit / 4);
}

// What is left out is told, and what is there is whole: rows that were listed plus those counted are all there are.
TEST(ReportSize, CountsWhatItLeavesOut) {
    const auto html = page(run(4000, 10, 10, 3));
    const auto from = html.find("Against the training data"), to = html.find("more are not listed", from);
    ASSERT_NE(to, std::string::npos);
    const auto table = html.substr(from, to - from);
    std::size_t listed = 0;
    for (std::size_t at = table.find("<tr class="); at != std::string::npos; at = table.find("<tr class=", at + 1))
        ++listed;
    const auto number = table.rfind('>') + 1;
    EXPECT_GT(listed, 10u);
    EXPECT_EQ(listed + std::stoul(table.substr(number)), 3000u) << "severe, moderate and insufficient";
}

}  // namespace
