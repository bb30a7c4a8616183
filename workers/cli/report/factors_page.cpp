#include "workers/cli/report/factors_page.hpp"

#include <algorithm>
#include <limits>

#include "workers/cli/report/parts.hpp"
#include "workers/cli/report/svg_chart.hpp"

namespace bourse::cli::report {
namespace {

using nlohmann::json;

constexpr std::size_t most_rows = 700, shown_best = 25, shown_lines = 5;

double size_of(const json& value) {
    const double v = number(value);
    return std::isfinite(v) ? std::fabs(v) : -1;
}

// By falling |RankICIR|.
std::vector<const json*> ranked(const json& data) {
    std::vector<const json*> rows;
    for (const json& row : data["rows"]) rows.push_back(&row);
    std::stable_sort(rows.begin(), rows.end(), [](const json* a, const json* b) {
        return size_of((*a)["rank_icir"]) > size_of((*b)["rank_icir"]);
    });
    return rows;
}

std::string tile(const std::string& name, const std::string& figure) {
    return "<div class=\"tile\">" + element("span", name, "name") + element("span", figure, "figure") + "</div>";
}

std::string head(const json& data) {
    std::size_t significant = 0, clusters = 0, chosen = 0, days = 0;
    for (const json& row : data["rows"]) {
        const double p = number(row["p_adjusted"]);
        significant += std::isfinite(p) && p < 0.05;
        clusters = std::max(clusters, row["cluster"].get<std::size_t>());
        chosen += !row["chosen"].is_null();
        days = std::max(days, row["days"].get<std::size_t>());
    }
    const json& set = data["set"];
    return "<header><p class=\"kicker\">Bourse · factor report</p>" +
           element("h1", text(set["name"]) + ":" + text(set["version"])) +
           element("p",
                   "Bars of " + text(set["freq"]) + ", universe " + shorten(text(data["universe"]), longest_text) +
                       ", from " + (data["from_ts"].is_null() ? "the first bar" : time_text(data["from_ts"])) + " to " +
                       (data["to_ts"].is_null() ? "the last" : time_text(data["to_ts"])) +
                       ". A feature is compared with the return " +
                       (data["label"].is_null()
                            ? "from the next bar's close on, over " + text(data["horizons"][0]) + " bars"
                            : "that the label gives: " + shorten(text(data["label"]), longest_text)) +
                       ".",
                   "intro") +
           "<div class=\"tiles\">" + tile("features", std::to_string(data["rows"].size())) +
           tile("days", std::to_string(days)) + tile("adjusted p below 0.05", std::to_string(significant)) +
           tile("clusters", std::to_string(clusters)) + tile("chosen", std::to_string(chosen)) + "</div></header>\n";
}

std::string best(const std::vector<const json*>& rows) {
    RankedBars bars{.id = "best",
                    .title = "Size of the RankICIR",
                    .description = "The features with the greatest mean over deviation of the daily rank correlation",
                    .bars = {}};
    for (const json* row : rows)
        if (bars.bars.size() < shown_best && size_of((*row)["rank_icir"]) >= 0)
            bars.bars.emplace_back(text((*row)["feature"]), size_of((*row)["rank_icir"]));
    return section("ranking", "Strongest features",
                   bars.bars.empty() ? element("p", "No feature has a rank correlation.", "none") : render(bars));
}

// The chosen features in their order; without any the strongest.
std::vector<const json*> leading(const std::vector<const json*>& rows) {
    std::vector<const json*> result;
    for (const json* row : rows)
        if (!(*row)["chosen"].is_null()) result.push_back(row);
    std::stable_sort(result.begin(), result.end(),
                     [](const json* a, const json* b) { return (*a)["chosen"] < (*b)["chosen"]; });
    if (result.empty()) result = rows;
    result.resize(std::min(result.size(), shown_lines));
    return result;
}

Chart lines(const std::vector<const json*>& rows, const char* what, Mark mark) {
    Chart chart;
    static constexpr const char* classes[] = {"q5", "q4", "q3", "q2", "q1"};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Series series{text((*rows[i])["feature"]), classes[i % std::size(classes)], {}, mark};
        for (const json& value : (*rows[i])[what]) series.y.push_back(number(value));
        chart.series.push_back(std::move(series));
    }
    return chart;
}

std::string charts(const json& data, const std::vector<const json*>& rows) {
    const auto some = leading(rows);
    Chart decay = lines(some, "decay", Mark::line);
    decay.id = "decay";
    decay.title = "Decay: RankIC by horizon";
    decay.description = "Mean rank correlation with returns over more and more bars";
    decay.x_title = "bars";
    for (const json& h : data["horizons"]) {
        decay.x.push_back(h.get<double>());
        decay.x_ticks.push_back({h.get<double>(), text(h)});
    }
    Chart returns = lines(some, "quantile_returns", Mark::line);
    returns.id = "quantile-returns";
    returns.title = "Mean return by quantile";
    returns.description = "Mean over days of each quantile's mean return, lowest values of the feature first";
    returns.x_title = "quantile, lowest values first";
    returns.unit = {100, " %"};
    const std::size_t count = some.empty() ? 0 : (*some[0])["quantile_returns"].size();
    for (std::size_t q = 0; q < count; ++q) {
        returns.x.push_back(static_cast<double>(q + 1));
        returns.x_ticks.push_back({static_cast<double>(q + 1), std::to_string(q + 1)});
    }
    return section(
        "charts", "Chosen features",
        "<p class=\"intro\">Taken by falling |RankICIR|, leaving out what correlates too much with one that was taken; "
        "the first " +
            std::to_string(shown_lines) + " are drawn.</p><div class=\"charts\">" + render(decay) + render(returns) +
            "</div>");
}

std::string place(const json& value) { return value.is_null() ? "–" : text(value); }

std::string table(const std::vector<const json*>& rows) {
    Table all("By falling |RankICIR|; t with errors of Newey and West, p adjusted by Benjamini and Hochberg",
              {"feature", ">RankICIR", ">RankIC", ">IC", ">t", ">adjusted p", ">spread", ">its t", ">turnover",
               ">autocorr.", ">coverage", ">cluster", "nearest", ">corr.", ">chosen", ">forward"},
              1'500'000);
    for (std::size_t i = 0; i < std::min(rows.size(), most_rows); ++i) {
        const json& r = *rows[i];
        all.add({text(r["feature"]), fixed(r["rank_icir"], 3), fixed(r["rank_ic"], 4), fixed(r["ic"], 4),
                 fixed(r["t"], 2), fixed(r["p_adjusted"], 4), fixed(r["spread"], 5), fixed(r["spread_t"], 2),
                 percent(r["turnover"]), fixed(r["autocorrelation"], 3), percent(r["coverage"]), text(r["cluster"]),
                 text(r["nearest"]), fixed(r["nearest_correlation"], 2), place(r["chosen"]), place(r["forward"])});
    }
    std::string note;
    if (rows.size() > most_rows)
        note = element("p",
                       std::to_string(rows.size() - most_rows) +
                           " weaker features are not listed; bourse.factor_report gives all.",
                       "none");
    return section("features", "All features", all.html() + note);
}

}  // namespace

std::string factors_page(const json& data) {
    const auto rows = ranked(data);
    return document("Factors · " + text(data["set"]["name"]),
                    head(data) + best(rows) + charts(data, rows) + table(rows));
}

}  // namespace bourse::cli::report
