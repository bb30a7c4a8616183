// Charts as SVG text: no script, no network, colours by CSS classes (s1, s2 … q1 … q5, plus, minus, total), so that the
// page's style decides about light and dark. Each has a title and a description for readers who cannot see it.
#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace bourse::cli::report {

struct Tick {
    double at;
    std::string text;
};

// How values are written on the axis and in tooltips: value × factor, then the suffix.
struct Unit {
    double factor = 1;
    std::string suffix;
};

enum class Mark { line, dashed, bars };

struct Series {
    std::string name;
    std::string css_class;  // bars without one are plus or minus by their sign
    std::vector<double> y;  // NaN: a gap
    Mark mark = Mark::line;
};

struct Chart {
    std::string id;  // unique in the page, a valid XML name
    std::string title;
    std::string description;
    std::string x_title;
    Unit unit;
    std::vector<double> x;  // ascending; every series has as many y
    std::vector<Tick> x_ticks;
    std::vector<std::string> x_names;  // for tooltips, one per x; may be empty
    std::vector<Series> series;
    bool from_zero = true;                                      // the value axis includes 0
    Tick marker{std::numeric_limits<double>::quiet_NaN(), {}};  // a vertical line with a word; NaN: none
    bool value_labels = false;                                  // write each bar's value at its end
};

// The whole figure: caption, legend (when there are several series), picture. A chart without a finite value says so.
std::string render(const Chart& chart);

struct RankedBars {
    std::string id;
    std::string title;
    std::string description;
    std::vector<std::pair<std::string, double>> bars;  // top first, values ≥ 0
};

std::string render(const RankedBars& chart);

// About `count` round numbers that lie inside [low, high]; empty unless low < high, both finite.
std::vector<Tick> number_ticks(double low, double high, int count, const Unit& unit = {});

// Ticks at the first of each year, quarter, month or, for short spans, every few days: whatever gives at most eight.
// `days` ascending, as YYYY-MM-DD; positions are indexes.
std::vector<Tick> day_ticks(const std::vector<std::string>& days);

}  // namespace bourse::cli::report
