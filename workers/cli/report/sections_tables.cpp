// The parts that are text and tables.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "workers/cli/console.hpp"
#include "workers/cli/report/html.hpp"
#include "workers/cli/report/parts.hpp"
#include "workers/cli/report/sections.hpp"

namespace bourse::cli::report {
namespace {

using nlohmann::json;

// Term and value, side by side.
std::string pairs(const std::vector<std::pair<std::string, std::string>>& rows) {
    std::string out = "<dl>";
    constexpr std::size_t most_bytes = 40'000;
    std::size_t shown = 0;
    for (; shown < rows.size() && out.size() < most_bytes; ++shown)
        out += "<div>" + element("dt", shorten(rows[shown].first, longest_text)) +
               element("dd", shorten(rows[shown].second, longest_text)) + "</div>";
    if (shown < rows.size())
        out += "<div>" + element("dt", "…") + element("dd", std::to_string(rows.size() - shown) + " more") + "</div>";
    return out + "</dl>";
}

// A JSON object as rows; nested objects as their JSON.
std::vector<std::pair<std::string, std::string>> rows_of(const json& object) {
    std::vector<std::pair<std::string, std::string>> rows;
    if (object.is_object())
        for (const auto& [key, value] : object.items()) rows.emplace_back(key, text(value));
    return rows;
}

// The spans of a data set side by side, then what is said of it as a whole.
std::string data_set(const json& dataset) {
    Table spans("Rows by span", {"span", ">rows", ">times", ">purged", "from", "to"}, 10'000);
    bool any = false;
    json rest = json::object();
    for (const auto& [key, value] : dataset.items())
        if (!value.is_object()) rest[key] = value;
    for (const char* name : {"train", "valid", "test"}) {
        if (!dataset.contains(name) || !dataset[name].is_object()) continue;
        const auto& span = dataset[name];
        const auto cell = [&span](const char* key) {
            return span.contains(key) && span[key].is_number() ? format_count(span[key].get<std::int64_t>())
                                                               : std::string("–");
        };
        spans.add({name, cell("rows"), cell("timestamps"), cell("purged_rows"), time_text(span.value("from", json())),
                   time_text(span.value("to", json()))});
        any = true;
    }
    return (any ? spans.html() : std::string()) + "<div class=\"columns\"><div>" + pairs(rows_of(rest)) +
           "</div></div>";
}

json metric(const json& data, const std::string& span, const std::string& name) {
    for (const auto& m : data["metrics"])
        if (m["span"] == span && m["metric"] == name) return m["value"];
    return nullptr;
}

std::string tile(const std::string& name, const std::string& value) {
    return "<div class=\"tile\">" + element("span", name, "name") + element("span", value, "figure") + "</div>";
}

std::string set_name(const json& data) {
    const auto& set = data["feature_set"];
    return set.is_null() ? "own source" : text(set["name"]) + ":" + text(set["version"]);
}

}  // namespace

double number(const json& value) {
    if (value.is_number()) return value.get<double>();
    if (value == "Infinity") return std::numeric_limits<double>::infinity();
    if (value == "-Infinity") return -std::numeric_limits<double>::infinity();
    return std::numeric_limits<double>::quiet_NaN();
}

std::string text(const json& value) {
    if (value.is_null()) return "–";
    return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string time_text(const json& value) {
    if (!value.is_string()) return "–";
    std::string time = value.get<std::string>();
    const auto t = time.find('T');
    if (t != std::string::npos) time[t] = ' ';
    const bool utc = time.ends_with("+00:00") || time.ends_with("Z");
    time = time.substr(0, 16);
    if (time.ends_with(" 00:00")) return time.substr(0, 10);
    return utc ? time + " UTC" : time;
}

std::string header(const json& data) {
    const auto& run = data["run"];
    const auto& version = data["version"];
    const auto state = text(run["state"]);
    const std::string name = text(run["model"]) + (version.is_null() ? "" : ":" + text(version["version"]));
    std::string out = "<header><p class=\"kicker\">" + escape("Bourse · run " + text(run["run_id"])) + "</p><h1>" +
                      escape(name) + " <span class=\"badge " + escape(state) + "\">" + escape(state) + "</span>" +
                      (version.is_null() ? "" : " " + element("span", text(version["stage"]), "badge")) + "</h1>";
    out += element("p",
                   text(run["algorithm"]) + " on " + set_name(data) + ", universe " + text(run["universe"]) + ", by " +
                       text(run["owner"]) +
                       (run["finished_at"].is_null() ? ", started " + time_text(run["started_at"])
                                                     : ", finished " + time_text(run["finished_at"])),
                   "intro");
    if (!run["error"].is_null()) out += element("p", shorten(text(run["error"]), 4000), "error");
    out += "<div class=\"tiles\">";
    for (const auto& [key, title] : {std::pair{"ic", "test IC"},
                                     {"icir", "test ICIR"},
                                     {"rank_ic", "test RankIC"},
                                     {"rank_icir", "test RankICIR"}})
        out += tile(title, fixed(metric(data, "test", key), 4));
    out += tile(
        "features",
        std::to_string(version.is_null() ? (data["feature_set"].is_null() ? 0 : data["feature_set"]["features"].size())
                                         : version["features"].size()));
    out += tile("took", run["seconds"].is_null() ? "–" : format_age(number(run["seconds"])));
    return out + "</div></header>\n";
}

std::string metrics_table(const json& data) {
    if (data["metrics"].empty()) return element("p", "This run recorded no metric.", "none");
    std::map<std::string, std::map<std::string, json>> rows;
    std::set<std::string> spans;
    for (const auto& m : data["metrics"]) {
        rows[m["metric"]][m["span"]] = m["value"];
        spans.insert(m["span"].get<std::string>());
    }
    std::vector<std::string> columns{"metric"}, shown;
    for (const char* span : {"train", "valid", "test"})
        if (spans.count(span)) {
            columns.push_back(std::string(">") + span);
            shown.push_back(span);
        }
    Table table("Metrics by span of the data", columns, 50'000);
    for (const auto& [name, values] : rows) {
        std::vector<std::string> cells{name};
        for (const auto& span : shown) cells.push_back(values.count(span) ? fixed(values.at(span), 6) : "–");
        table.add(cells);
    }
    return table.html();
}

std::string drift(const json& data) {
    const auto& drift = data["drift"];
    if (drift.is_null())
        return section(
            "drift", "Drift",
            element("p", "Not checked yet: SELECT * FROM bourse.drift('" + text(data["run"]["model"]) + "').", "none"));
    const std::string caption = "Against the training data, checked " + time_text(drift["checked_at"]) + " on " +
                                time_text(drift["from_ts"]) + " to " + time_text(drift["to_ts"]);
    const std::vector<std::string> columns{"feature", "verdict",       ">PSI",         ">KS",
                                           ">p",      ">missing then", ">missing now", "advice"};
    std::map<std::string, int> verdicts;
    Table notable(caption, columns, 250'000), quiet("Features without drift", columns, 150'000);
    for (const auto& r : drift["rows"]) {
        const auto verdict = text(r["verdict"]);
        ++verdicts[verdict];
        (verdict == "none" ? quiet : notable)
            .add({text(r["feature"]), verdict, fixed(r["psi"], 4), fixed(r["ks"], 4), fixed(r["p_value"], 4),
                  percent(r["missing_reference_ratio"]), percent(r["missing_current_ratio"]), text(r["advice"])},
                 verdict);
    }
    std::string summary;
    for (const char* verdict : {"severe", "moderate", "none", "insufficient_data"})
        if (verdicts.count(verdict))
            summary += (summary.empty() ? "" : ", ") + std::to_string(verdicts.at(verdict)) + " " + verdict;
    const int calm = verdicts.count("none") ? verdicts.at("none") : 0;
    std::string body = element("p", summary + ".", "summary");
    if (calm < static_cast<int>(drift["rows"].size()))
        body += notable.html();
    else
        body += element("p", caption + ".", "none");
    if (calm)
        body += "<details><summary>" + std::to_string(calm) + (calm == 1 ? " feature" : " features") +
                " without drift</summary>" + quiet.html() + "</details>";
    return section("drift", "Drift", body);
}

std::string inputs(const json& data) {
    const auto& run = data["run"];
    std::vector<std::pair<std::string, std::string>> asked{{"model", text(run["model"])},
                                                           {"algorithm", text(run["algorithm"])},
                                                           {"feature set", set_name(data)},
                                                           {"label", text(run["label"])},
                                                           {"universe", text(run["universe"])},
                                                           {"from", time_text(run["from_ts"])},
                                                           {"to", time_text(run["to_ts"])},
                                                           {"seed", text(run["seed"])},
                                                           {"owner", text(run["owner"])},
                                                           {"created", time_text(run["created_at"])},
                                                           {"started", time_text(run["started_at"])},
                                                           {"finished", time_text(run["finished_at"])}};
    if (!run["source"].is_null()) asked.emplace_back("source", text(run["source"]));
    if (!run["stop_reason"].is_null()) asked.emplace_back("stopped", text(run["stop_reason"]));
    std::string body = "<div class=\"columns\"><div><h3>Asked for</h3>" + pairs(asked) + "</div>";
    body += "<div><h3>Split</h3>" + pairs(rows_of(run["split"])) + "<h3>Parameters</h3>" +
            (run["params"].empty() ? element("p", "Defaults.", "none") : pairs(rows_of(run["params"])));
    if (!run["options"].empty()) body += "<h3>Options</h3>" + pairs(rows_of(run["options"]));
    body += "</div>";
    if (const auto& version = data["version"]; !version.is_null()) {
        body += "<div><h3>Version</h3>" + pairs({{"version", text(version["version"])},
                                                 {"stage", text(version["stage"])},
                                                 {"artifact", format_size(version["size_bytes"].get<std::int64_t>())},
                                                 {"sha256", text(version["artifact_sha256"])}});
        if (!version["params"].empty() && version["params"] != run["params"])
            body += "<h3>Parameters used</h3>" + pairs(rows_of(version["params"]));
        body += "</div>";
    }
    body += "</div>";
    if (run["dataset"].is_object()) body += "<h3>Data set</h3>" + data_set(run["dataset"]);
    if (const auto& set = data["feature_set"]; !set.is_null()) {
        Table features("Expressions of " + set_name(data), {"feature", "expression"}, 200'000);
        const std::size_t most = 400, all = set["features"].size();
        for (std::size_t i = 0; i < std::min(all, most); ++i)
            features.add({text(set["features"][i]), text(set["expressions"][i])});
        body += "<details><summary>" +
                escape(std::to_string(all) + " features" +
                       (all > most ? ", the first " + std::to_string(most) + " shown" : "")) +
                "</summary>" + features.html() + "</details>";
    }
    return section("inputs", "Parameters", body);
}

std::string lineage(const json& data) {
    std::string body;
    if (data["data_versions"].empty()) {
        body += element("p", "No data version was recorded.", "none");
    } else {
        constexpr std::size_t most = 200;
        const auto& versions = data["data_versions"];
        Table table("Data versions that were read" +
                        (versions.size() > most
                             ? ", the first " + std::to_string(most) + " of " + std::to_string(versions.size())
                             : std::string()),
                    {">version", "source", "loaded", ">new rows", ">changed", ">rejected", "sha256"}, 100'000);
        for (std::size_t i = 0; i < std::min(most, versions.size()); ++i) {
            const auto& v = versions[i];
            table.add({text(v["data_version_id"]), text(v["path"].is_null() ? v["source"] : v["path"]),
                       time_text(v["made_at"]), format_count(v["rows_loaded"].get<std::int64_t>()),
                       format_count(v["rows_changed"].get<std::int64_t>()),
                       format_count(v["rows_rejected"].get<std::int64_t>()), text(v["sha256"]).substr(0, 16)});
        }
        body += table.html();
    }
    if (!data["lineage"].empty()) {
        Table table("What was made from what", {"from", "", "to", "at"}, 100'000);
        std::size_t shown = 0;
        for (const auto& e : data["lineage"])
            if (shown++ < 200)
                table.add({text(e["from_kind"]) + " " + text(e["from_name"]), "→",
                           text(e["to_kind"]) + " " + text(e["to_name"]), time_text(e["made_at"])});
        body += table.html();
    }
    return section("lineage", "Data and lineage", body);
}

std::string log(const json& data) {
    if (data["log"].empty()) return {};
    Table table("What the run said, the newest 200 lines", {"time", "level", "message"}, 150'000);
    for (const auto& l : data["log"]) table.add({time_text(l["logged_at"]), text(l["level"]), text(l["message"])});
    return section(
        "log", "Log",
        "<details><summary>" + std::to_string(data["log"].size()) + " lines</summary>" + table.html() + "</details>");
}

}  // namespace bourse::cli::report
