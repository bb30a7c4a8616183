// The parts that are pictures.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "workers/cli/console.hpp"
#include "workers/cli/report/html.hpp"
#include "workers/cli/report/sections.hpp"
#include "workers/cli/report/svg_chart.hpp"

namespace bourse::cli::report {
namespace {

using nlohmann::json;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_days = 4000;  // on one chart; longer spans are averaged over neighbouring days

std::string section(const std::string& id, const std::string& title, const std::string& intro,
                    const std::string& body) {
    return "<section id=\"" + id + "\"><h2>" + escape(title) + "</h2>" +
           (intro.empty() ? "" : element("p", intro, "intro")) + body + "</section>\n";
}

std::string nothing(const std::string& why) { return element("p", why, "none"); }

std::string slug(std::string name) {
    for (char& c : name)
        if (!std::isalnum(static_cast<unsigned char>(c))) c = '-';
    return name;
}

struct Days {
    std::vector<std::string> day;
    std::vector<double> x, ic, rank_ic;
    std::vector<std::vector<double>> group_sums{5};
    std::vector<double> group_means = std::vector<double>(5, missing);  // over all periods
    double periods = 0, names = 0;
};

Days read_days(const json& data) {
    Days days;
    std::vector<double> totals(5, 0), counts(5, 0);
    for (const auto& d : data["days"]) {
        days.x.push_back(static_cast<double>(days.day.size()));
        days.day.push_back(d["day"].get<std::string>());
        days.ic.push_back(number(d["ic"]));
        days.rank_ic.push_back(number(d["rank_ic"]));
        days.periods += number(d["periods"]);
        days.names += number(d["names"]);
        for (std::size_t g = 0; g < 5; ++g) {
            const double sum = number(d["group_sums"][g]);
            days.group_sums[g].push_back(sum);
            if (!std::isfinite(sum)) continue;
            totals[g] += sum;
            counts[g] += number(d["group_periods"][g]);
        }
    }
    for (std::size_t g = 0; g < 5; ++g)
        if (counts[g] > 0) days.group_means[g] = totals[g] / counts[g];
    return days;
}

std::vector<double> cumulated(const std::vector<double>& values) {
    std::vector<double> out(values.size(), missing);
    double total = 0;
    bool any = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isfinite(values[i])) {
            total += values[i];
            any = true;
        }
        if (any) out[i] = total;
    }
    return out;
}

// Mean of the last `window` values that are there; missing until there are as many.
std::vector<double> moving_mean(const std::vector<double>& values, std::size_t window) {
    std::vector<double> out(values.size(), missing), kept;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isfinite(values[i])) kept.push_back(values[i]);
        if (kept.size() < window) continue;
        out[i] = std::accumulate(kept.end() - static_cast<std::ptrdiff_t>(window), kept.end(), 0.0) /
                 static_cast<double>(window);
    }
    return out;
}

double mean(const std::vector<double>& values) {
    double total = 0, count = 0;
    for (const double v : values)
        if (std::isfinite(v)) total += v, ++count;
    return count > 0 ? total / count : missing;
}

double positive_ratio(const std::vector<double>& values) {
    double positive = 0, count = 0;
    for (const double v : values)
        if (std::isfinite(v)) positive += v > 0, ++count;
    return count > 0 ? positive / count : missing;
}

// Labels that are returns are shown in hundredths; any other label as it is.
bool is_return(const json& data) {
    auto label = text(data["run"]["label"]);
    std::erase(label, ' ');
    return label.find("Ref(") != std::string::npos && (label.ends_with("-1") || label.starts_with("Log("));
}

void thin(Chart& chart) {
    const std::size_t n = chart.x.size();
    if (n <= most_days) return;
    const std::size_t stride = n / most_days + 1;
    const auto pick = [stride](auto& values) {
        std::size_t to = 0;
        for (std::size_t i = stride - 1; i < values.size(); i += stride) values[to++] = values[i];
        values.resize(to);
    };
    for (auto& series : chart.series) {
        if (series.mark == Mark::bars)
            for (std::size_t i = stride - 1; i < n; i += stride)
                series.y[i] = mean({series.y.begin() + static_cast<std::ptrdiff_t>(i + 1 - stride),
                                    series.y.begin() + static_cast<std::ptrdiff_t>(i + 1)});
        pick(series.y);
    }
    pick(chart.x);
    if (!chart.x_names.empty()) pick(chart.x_names);
    chart.description += "; " + std::to_string(stride) + " days to a point";
}

std::string day_chart(Chart chart, const Days& days) {
    chart.x = days.x;
    chart.x_names = days.day;
    chart.x_ticks = day_ticks(days.day);
    thin(chart);
    return render(chart);
}

}  // namespace

std::string learning(const json& data) {
    std::map<std::string, std::map<std::string, std::map<double, double>>> curves;  // metric, span, step
    for (const auto& c : data["curves"]) curves[c["metric"]][c["span"]][number(c["step"])] = number(c["value"]);
    const auto& dataset = data["run"]["dataset"];
    const double best = dataset.is_object() && dataset.contains("rounds") ? number(dataset["rounds"]) : missing;
    std::string body;
    for (const auto& [metric, spans] : curves) {
        std::map<double, double> steps;
        for (const auto& [span, values] : spans) steps.insert(values.begin(), values.end());
        Chart chart{.id = "curve-" + slug(metric),
                    .title = metric + " by round",
                    .description = {},
                    .x_title = "round",
                    .unit = {},
                    .x = {},
                    .x_ticks = {},
                    .x_names = {},
                    .series = {},
                    .from_zero = false};
        for (const auto& [step, value] : steps) chart.x.push_back(step);
        chart.x_ticks = chart.x.size() > 1 ? number_ticks(chart.x.front(), chart.x.back(), 6)
                                           : std::vector<Tick>{{chart.x.front(), format_number(chart.x.front(), 0)}};
        if (best > 0) chart.marker = {best, "best: round " + format_number(best, 0)};
        chart.description = metric + " over " + std::to_string(chart.x.size()) + " rounds";
        for (const auto& [name, css] : {std::pair{"train", "s1"}, {"valid", "s2"}, {"test", "s3"}}) {
            const auto found = spans.find(name);
            if (found == spans.end()) continue;
            Series series{name, css, {}, Mark::line};
            for (const double step : chart.x) {
                const auto value = found->second.find(step);
                series.y.push_back(value == found->second.end() ? missing : value->second);
            }
            chart.description +=
                "; " + std::string(name) + " ends at " + format_number(found->second.rbegin()->second, 6);
            chart.series.push_back(std::move(series));
        }
        body += render(chart);
    }
    if (body.empty()) body = nothing("This run kept no learning curve.");
    body += metrics_table(data);
    return section("learning", "Learning curves and metrics",
                   "The metric that training minimised or maximised, on the data it learned from and on the validation "
                   "span it did not see.",
                   "<div class=\"charts\">" + body + "</div>");
}

std::string information_coefficient(const json& data) {
    const Days days = read_days(data);
    const std::string intro =
        "Correlation between predictions and outcomes across instruments, date by date on the test span: "
        "IC of the values, RankIC of their ranks. Dates with fewer than five names have none.";
    if (days.day.empty())
        return section("ic", "Information coefficient", intro,
                       nothing("No prediction of the test span has a known outcome."));
    const std::string summary = std::to_string(days.day.size()) + " days from " + days.day.front() + " to " +
                                days.day.back() + ": mean IC " + format_number(mean(days.ic), 4) + ", mean RankIC " +
                                format_number(mean(days.rank_ic), 4) + ", IC above zero on " +
                                format_number(100 * positive_ratio(days.ic), 1) + " % of the days";
    Chart daily{.id = "ic-daily",
                .title = "IC by day",
                .description = summary,
                .x_title = {},
                .unit = {},
                .x = {},
                .x_ticks = {},
                .x_names = {},
                .series = {{"IC", "", days.ic, Mark::bars}}};
    if (days.day.size() >= 40)
        daily.series.push_back({"mean of 20 days", "total", moving_mean(days.ic, 20), Mark::line});
    Chart sums{.id = "ic-cumulated",
               .title = "Cumulated IC and RankIC",
               .description = "Running sums; a steady slope is a steady signal. " + summary,
               .x_title = {},
               .unit = {},
               .x = {},
               .x_ticks = {},
               .x_names = {},
               .series = {{"IC", "s1", cumulated(days.ic), Mark::line},
                          {"RankIC", "s2", cumulated(days.rank_ic), Mark::line}}};
    return section("ic", "Information coefficient", intro,
                   element("p", summary + ".", "summary") + "<div class=\"charts\">" +
                       day_chart(std::move(daily), days) + day_chart(std::move(sums), days) + "</div>");
}

std::string quantile_returns(const json& data) {
    const Days days = read_days(data);
    const std::string intro =
        "Instruments sorted into fifths by prediction at every time, group 1 with the lowest: what each group then "
        "earned on average. "
        "Sums of the label, neither compounded nor after costs.";
    if (std::none_of(days.group_means.begin(), days.group_means.end(), [](double v) { return std::isfinite(v); }))
        return section("quantiles", "Returns by predicted group", intro,
                       nothing("No prediction of the test span has a known outcome."));
    const Unit small = is_return(data) ? Unit{1e4, " bp"} : Unit{}, large = is_return(data) ? Unit{100, " %"} : Unit{};
    Chart means{.id = "quantile-mean",
                .title = "Mean outcome per group and period",
                .description = {},
                .x_title = "group by prediction, 5 the highest",
                .unit = small,
                .x = {1, 2, 3, 4, 5},
                .x_ticks = {},
                .x_names = {},
                .series = {{"mean", "q", days.group_means, Mark::bars}},
                .value_labels = true};
    Chart sums{.id = "quantile-cumulated",
               .title = "Cumulated outcome per group",
               .description = {},
               .x_title = {},
               .unit = large,
               .x = {},
               .x_ticks = {},
               .x_names = {},
               .series = {}};
    std::vector<double> spread(days.day.size(), missing);
    for (std::size_t g = 0; g < 5; ++g) {
        const auto name = std::to_string(g + 1);
        means.x_ticks.push_back({static_cast<double>(g + 1), name});
        means.x_names.push_back("group " + name);
        means.description += (g ? ", " : "") + ("group " + name + ": ") +
                             format_number(days.group_means[g] * small.factor, 4) + small.suffix;
        auto line = cumulated(days.group_sums[g]);
        if (!line.empty())
            sums.description += (g ? ", " : "") + ("group " + name + " ends at ") +
                                format_number(line.back() * large.factor, 3) + large.suffix;
        sums.series.push_back({"group " + name, "q" + name, std::move(line), Mark::line});
    }
    for (std::size_t i = 0; i < spread.size(); ++i) spread[i] = days.group_sums[4][i] - days.group_sums[0][i];
    sums.series.push_back({"5 minus 1", "total", cumulated(spread), Mark::dashed});
    return section("quantiles", "Returns by predicted group", intro,
                   "<div class=\"charts\">" + render(means) + day_chart(std::move(sums), days) + "</div>");
}

std::string importance(const json& data) {
    const auto& rows = data["importance"];
    if (rows.empty()) return section("importance", "Importance", {}, nothing("This version has no importance."));
    std::string charts;
    for (const auto& [kind, meaning] : {std::pair{"gain", "how much its splits improved the fit"},
                                        {"weight", "how many splits use it"},
                                        {"coefficient", "its weight on standardised values"}}) {
        RankedBars chart{"importance-" + std::string(kind), std::string("By ") + kind + ": " + meaning, {}, {}};
        std::size_t features = 0;
        for (const auto& r : rows) {
            if (r["kind"] != kind) continue;
            ++features;
            if (chart.bars.size() < 20) chart.bars.emplace_back(text(r["feature"]), number(r["value"]));
        }
        if (chart.bars.empty()) continue;
        chart.description = "The first " + std::to_string(chart.bars.size()) + " of " + std::to_string(features) +
                            " features; the most important is " + chart.bars[0].first;
        charts += render(chart);
    }
    if (charts.empty()) charts = nothing("This version has no importance by gain or weight.");
    return section("importance", "Importance", "The first twenty features.",
                   "<div class=\"charts\">" + charts + "</div>");
}

}  // namespace bourse::cli::report
