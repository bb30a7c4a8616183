// The frame of a report: style sheet and order of the parts.
#include "workers/cli/report/html.hpp"
#include "workers/cli/report/sections.hpp"

namespace bourse::cli::report {
namespace {

// No '<' and '&' in here: the page is well-formed XML as well.
constexpr const char* style = R"(
:root { color-scheme: light dark; --page: #f6f7f9; --card: #ffffff; --ink: #1b2330; --soft: #5b6675; --rule: #dfe3e8; --grid: #e8ebef;
  --s1: #1f6feb; --s2: #d9630a; --s3: #15803d; --plus: #1f6feb; --minus: #cf3f3f; --total: #1b2330;
  --q1: #b9312b; --q2: #e28a5b; --q3: #9aa3ae; --q4: #5f9ddb; --q5: #1957ad; --good: #15803d; --warn: #a35a00; --bad: #b42318; }
@media (prefers-color-scheme: dark) { :root { --page: #12161c; --card: #1a2028; --ink: #e6eaf0; --soft: #9aa7b6; --rule: #2d3641; --grid: #28313b;
  --s1: #6aa5ff; --s2: #ff9e4f; --s3: #4fc47b; --plus: #6aa5ff; --minus: #ff7b72; --total: #e6eaf0;
  --q1: #ff7b72; --q2: #e8a87f; --q3: #8d98a5; --q4: #6fb0ee; --q5: #a5cdff; --good: #4fc47b; --warn: #f0b056; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 28px 20px 60px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 6px; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 0 0 6px; }
h3 { font-size: 14px; margin: 14px 0 4px; color: var(--soft); font-weight: 600; }
p { margin: 0 0 10px; }
.kicker { margin: 0 0 2px; color: var(--soft); font-size: 13px; }
.intro, p.none { color: var(--soft); max-width: 78ch; }
.error { color: var(--bad); border-left: 3px solid var(--bad); padding-left: 10px; white-space: pre-wrap; overflow-wrap: anywhere; }
.badge { display: inline-block; vertical-align: middle; font-size: 12px; font-weight: 600; padding: 2px 9px; border: 1px solid var(--rule); border-radius: 99px; color: var(--soft); }
.badge.succeeded { color: var(--good); border-color: var(--good); }
.badge.failed, .badge.dead, .badge.cancelled { color: var(--bad); border-color: var(--bad); }
section { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 18px 20px; margin-top: 18px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px; margin-top: 14px; }
.tile { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 10px 14px; }
.tile .name { display: block; color: var(--soft); font-size: 13px; }
.tile .figure { font-size: 23px; font-weight: 600; font-variant-numeric: tabular-nums; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(480px, 100%), 1fr)); gap: 22px; }
figure { margin: 8px 0 0; max-width: 620px; }
figcaption { font-weight: 600; font-size: 14px; }
svg { display: block; width: 100%; height: auto; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 14px; margin: 2px 0 4px; padding: 0; font-size: 13px; color: var(--soft); }
.key { display: inline-block; width: 18px; height: 0; border-top: 3px solid currentColor; vertical-align: middle; margin-right: 6px; }
.key.box { height: 10px; width: 10px; border-top-width: 10px; }
.key.dash { border-top-style: dashed; }
.marker { stroke: var(--soft); stroke-dasharray: 2 3; } .grid { stroke: var(--grid); } .zero { stroke: var(--soft); }
.tick { fill: var(--soft); font-size: 12px; } .value { fill: var(--ink); font-size: 12px; font-variant-numeric: tabular-nums; }
.end { text-anchor: end; } .middle { text-anchor: middle; }
.line { fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; } .dashed { stroke-dasharray: 6 4; }
.bar { fill: currentColor; } .stems { fill: none; stroke: currentColor; }
.s1 { color: var(--s1); } .s2 { color: var(--s2); } .s3 { color: var(--s3); } .plus { color: var(--plus); } .minus { color: var(--minus); } .total { color: var(--total); }
.q1 { color: var(--q1); } .q2 { color: var(--q2); } .q3 { color: var(--q3); } .q4 { color: var(--q4); } .q5 { color: var(--q5); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin-top: 8px; font-size: 13.5px; }
caption { text-align: left; color: var(--soft); padding-bottom: 4px; }
th, td { text-align: left; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--rule); vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; color: var(--soft); white-space: nowrap; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr.none td { color: var(--soft); } tr.severe td:nth-child(2) { color: var(--bad); font-weight: 600; } tr.moderate td:nth-child(2) { color: var(--warn); font-weight: 600; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); gap: 4px 34px; }
dl { margin: 0; font-size: 13.5px; }
dl div { display: flex; justify-content: space-between; gap: 16px; border-bottom: 1px solid var(--rule); padding: 4px 0; }
dt { color: var(--soft); flex: none; max-width: 50%; overflow-wrap: anywhere; } dd { margin: 0; text-align: right; overflow-wrap: anywhere; min-width: 0; }
details { margin-top: 12px; } summary { cursor: pointer; color: var(--s1); }
@media print { body { background: none; } section { break-inside: avoid; } }
)";

}  // namespace

std::string document(const std::string& title, const std::string& body) {
    return "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\"><head><meta charset=\"utf-8\"/>"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>" +
           element("title", title) + "<style>" + style + "</style></head><body><main>\n" + body +
           "</main></body></html>\n";
}

std::string page(const nlohmann::json& data) {
    return document("Run " + text(data["run"]["run_id"]) + " · " + text(data["run"]["model"]),
                    header(data) + information_coefficient(data) + quantile_returns(data) + learning(data) +
                        importance(data) + drift(data) + inputs(data) + lineage(data) + log(data));
}

}  // namespace bourse::cli::report
