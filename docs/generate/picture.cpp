#include "picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "indicators/describe.hpp"

namespace bourse::docs {
namespace {

using indicators::Entry;
using indicators::Info;
using Column = std::vector<double>;

constexpr int left = 8, step = 5, width = 680, gap = 14;
constexpr int head = 22, price_height = 170, below_height = 96;

// One decimal, without what a reader of SVG can do without: "12", "12.5".
std::string coordinate(double value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.1f", value);
    std::string text(buffer);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text == "-0" ? "0" : text;
}

std::string label(double value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, std::fabs(value) < 1e5 ? "%.5g" : "%.3g", value);
    return buffer;
}

std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text) result += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
    return result;
}

struct Range {
    double lowest = HUGE_VAL, highest = -HUGE_VAL;
    void take(double x) {
        if (!std::isfinite(x)) return;
        lowest = std::min(lowest, x);
        highest = std::max(highest, x);
    }
    bool empty() const { return lowest > highest; }
};

// A strip of the picture with a scale of its own.
class Panel {
public:
    Panel(Range range, int top, int height) : range_(range), top_(top), height_(height) {
        if (range_.empty()) range_ = {0, 1};
        if (range_.lowest == range_.highest) {
            const double room = range_.lowest == 0 ? 1 : std::fabs(range_.lowest) * 0.1;
            range_ = {range_.lowest - room, range_.highest + room};
        }
    }
    double y(double value) const {
        return top_ + height_ * (range_.highest - value) / (range_.highest - range_.lowest);
    }
    static int x(std::size_t bar) { return left + step / 2 + step * static_cast<int>(bar); }

    std::string line(const Column& column, std::size_t from, std::size_t count, std::size_t colour) const {
        std::string path;
        bool drawn = false;
        for (std::size_t i = 0; i < count; ++i) {
            const double value = column[from + i];
            if (std::isfinite(value)) path += (drawn ? "L" : "M") + point(i, value);
            // A value between two gaps would not be seen.
            if (std::isfinite(value) && !drawn && (i + 1 == count || !std::isfinite(column[from + i + 1])))
                path += "h2";
            drawn = std::isfinite(value);
        }
        return path.empty() ? "" : "<path class=\"l c" + std::to_string(colour % 7) + "\" d=\"" + path + "\"/>\n";
    }
    // Bars from 0 for what comes and goes: signals.
    std::string stems(const Column& column, std::size_t from, std::size_t count, std::size_t colour) const {
        std::string path;
        for (std::size_t i = 0; i < count; ++i)
            if (std::isfinite(column[from + i]) && column[from + i] != 0)
                path += "M" + point(i, 0) + "V" + coordinate(y(column[from + i]));
        return path.empty() ? "" : "<path class=\"s c" + std::to_string(colour % 7) + "\" d=\"" + path + "\"/>\n";
    }
    std::string grid(double value) const {
        const std::string at = coordinate(y(value));
        return "<path class=\"g\" d=\"M" + std::to_string(left) + " " + at + "H" + std::to_string(width - 64) +
               "\"/><text x=\"" + std::to_string(width - 60) + "\" y=\"" + coordinate(y(value) + 4) + "\">" +
               label(value) + "</text>\n";
    }
    std::string scale() const {
        std::string result = grid(range_.highest) + grid(range_.lowest);
        if (range_.lowest < 0 && range_.highest > 0) {
            const double at = (y(0) - top_) / height_;
            if (at > 0.15 && at < 0.85) result += grid(0);
        }
        return result;
    }

private:
    std::string point(std::size_t bar, double value) const {
        return std::to_string(x(bar)) + " " + coordinate(y(value));
    }
    Range range_;
    int top_, height_;
};

std::string candles(const Panel& panel, const Stock& stock, std::size_t from, std::size_t count) {
    const auto& in = stock.inputs;
    std::string wicks, rising, falling;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t t = from + i;
        const double open = in.at("open")[t], close = in.at("close")[t];
        double top = panel.y(std::max(open, close)), bottom = panel.y(std::min(open, close));
        if (bottom - top < 0.6) bottom = top + 0.6;
        const std::string at = "M" + std::to_string(Panel::x(i)) + " ";
        wicks += at + coordinate(panel.y(in.at("high")[t])) + "V" + coordinate(panel.y(in.at("low")[t]));
        (close >= open ? rising : falling) += at + coordinate(top) + "V" + coordinate(bottom);
    }
    return "<path class=\"w\" d=\"" + wicks + "\"/>\n<path class=\"u\" d=\"" + rising + "\"/>\n<path class=\"d\" d=\"" +
           falling + "\"/>\n";
}

std::string volumes(const Stock& stock, std::size_t from, std::size_t count, int bottom) {
    const auto& volume = stock.inputs.at("volume");
    double most = 1;
    for (std::size_t i = 0; i < count; ++i) most = std::max(most, volume[from + i]);
    std::string path;
    for (std::size_t i = 0; i < count; ++i)
        path += "M" + std::to_string(Panel::x(i)) + " " + std::to_string(bottom) + "v" +
                std::to_string(-static_cast<int>(std::lround(26 * volume[from + i] / most)));
    return "<path class=\"v\" d=\"" + path + "\"/>\n";
}

// Triangles: above the bar for bearish patterns, below it for the others.
std::string pattern_marks(const Panel& panel, const Stock& stock, const Column& signal, std::size_t from,
                          std::size_t count) {
    std::string path;
    for (std::size_t i = 0; i < count; ++i) {
        const double found = signal[from + i];
        if (!std::isfinite(found) || found == 0) continue;
        const bool bearish = found < 0;
        const double at = panel.y(stock.inputs.at(bearish ? "high" : "low")[from + i]) + (bearish ? -4 : 4);
        path += "M" + std::to_string(Panel::x(i)) + " " + coordinate(at) + "l-5 " + (bearish ? "-8" : "8") + "h10z";
    }
    return path.empty() ? "" : "<path class=\"m\" d=\"" + path + "\"/>\n";
}

bool is_pattern(const Info& info) { return info.family == "pattern recognition"; }

// Prices of the size of the bars'.
bool lies_on_the_bars(const indicators::Output& output, const Column& column, const Range& bars, std::size_t from,
                      std::size_t count) {
    if (output.unit.name != indicators::unit::price.name) return false;
    const double room = (bars.highest - bars.lowest) * 0.6;
    for (std::size_t i = 0; i < count; ++i) {
        const double value = column[from + i];
        if (std::isfinite(value) && !(value > bars.lowest - room && value < bars.highest + room)) return false;
    }
    return true;
}

std::string legend(const std::vector<std::pair<std::string, std::size_t>>& names, int y) {
    std::string result;
    int x = left + 4;
    for (const auto& [name, colour] : names) {
        result += "<text class=\"t" + std::to_string(colour % 7) + "\" x=\"" + std::to_string(x) + "\" y=\"" +
                  std::to_string(y) + "\">" + name + "</text>";
        x += 8 + 7 * static_cast<int>(name.size());
    }
    return result.empty() ? "" : result + "\n";
}

constexpr const char* colours[7] = {"0969da", "bc4c00", "8250df", "1a7f37", "bf3989", "9a6700", "cf222e"};
constexpr const char* dark_colours[7] = {"58a6ff", "f0883e", "bc8cff", "3fb950", "f778ba", "d29922", "ff7b72"};

std::string style(std::size_t used) {
    const auto paint = [&](const char* const* of) {
        std::string result;
        for (std::size_t i = 0; i < std::min<std::size_t>(used, 7); ++i)
            result +=
                ".c" + std::to_string(i) + "{stroke:#" + of[i] + "}.t" + std::to_string(i) + "{fill:#" + of[i] + "}";
        return result;
    };
    return "<style>text{font:11px "
           "sans-serif;fill:#59636e}path{fill:none}.p{fill:#fff}.g{stroke:#d1d9e0}.w,.d{stroke:#818b98}"
           ".u{stroke:#c8d1da}.u,.d{stroke-width:3}.v{stroke:#d1d9e0;stroke-width:3}.m{fill:#0969da}.l{stroke-width:1."
           "3}"
           ".s{stroke-width:3}" +
           paint(colours) +
           "@media(prefers-color-scheme:dark){text{fill:#9198a1}.p{fill:#0d1117}.g,.v{stroke:#30363d}.w,.d{stroke:#"
           "6e7681}"
           ".u{stroke:#adbac7}.m{fill:#58a6ff}" +
           paint(dark_colours) + "}</style>\n";
}

}  // namespace

std::vector<Column> values_of(const Entry& entry, const Stock& stock) {
    const auto feeds = feeds_of(*entry.info);
    std::vector<std::span<const double>> in;
    for (const auto input : entry.info->inputs) in.emplace_back(series_of(stock, feeds.at(std::string(input))));
    std::vector<Column> values(entry.info->outputs.size(), Column(stock.size()));
    const std::vector<std::span<double>> out(values.begin(), values.end());
    entry.run(indicators::defaults(*entry.info), in, out, {});
    return values;
}

std::string shown_call(const Info& info) {
    const auto feeds = feeds_of(info);
    std::string call = "ta." + std::string(info.name) + "(";
    for (std::size_t i = 0; i < info.inputs.size(); ++i)
        call += (i == 0 ? "" : ", ") + feeds.at(std::string(info.inputs[i]));
    for (const auto& param : info.params)
        call += ", " + std::string(param.name) + " => " + indicators::fallback_of(param, "'");
    return call + ")";
}

std::string picture_of(const Entry& entry, const Stock& stock, const std::vector<Column>& values, std::size_t from,
                       std::size_t count) {
    const Info& info = *entry.info;
    Range prices;
    for (std::size_t t = from; t < from + count; ++t) {
        prices.take(stock.inputs.at("high")[t]);
        prices.take(stock.inputs.at("low")[t]);
    }
    const Range bars = prices;
    Range below;
    std::vector<bool> above(values.size());
    std::vector<std::pair<std::string, std::size_t>> named_above, named_below;
    for (std::size_t j = 0; j < values.size(); ++j) {
        above[j] = is_pattern(info) || lies_on_the_bars(info.outputs[j], values[j], bars, from, count);
        if (!is_pattern(info)) {
            (above[j] ? named_above : named_below).emplace_back(info.outputs[j].name, j);
            for (std::size_t t = from; t < from + count; ++t) (above[j] ? prices : below).take(values[j][t]);
        }
    }
    for (std::size_t j = 0; j < values.size(); ++j) {  // what has two bounds is shown between them
        const auto& output = info.outputs[j];
        if (above[j] || !std::isfinite(output.lowest) || !std::isfinite(output.highest)) continue;
        below.take(output.lowest);
        below.take(output.highest);
    }
    const bool two = !named_below.empty();
    const int below_top = head + price_height + gap + 12;
    const int height = two ? below_top + below_height + 12 : head + price_height + 12;
    const Panel upper(prices, head + 6, price_height - 6), lower(below, below_top, below_height);

    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + std::to_string(width) + " " +
                      std::to_string(height) + "\" role=\"img\">\n<title>" + escaped(shown_call(info)) + "</title>\n" +
                      style(values.size());
    svg += "<path class=\"p\" d=\"M0 0H" + std::to_string(width) + "V" + std::to_string(height) + "H0z\"/>\n";
    svg += "<text x=\"" + std::to_string(left) + "\" y=\"14\">" + escaped(shown_call(info)) + "</text><text x=\"" +
           std::to_string(width - 8) + "\" y=\"14\" text-anchor=\"end\">" + stock.symbol + " " + stock.dates[from] +
           " to " + stock.dates[from + count - 1] + "</text>\n";
    svg += upper.scale();
    if (std::ranges::find(info.inputs, std::string_view("volume")) != info.inputs.end())
        svg += volumes(stock, from, count, head + price_height);
    svg += candles(upper, stock, from, count);
    if (two) svg += lower.scale();
    for (std::size_t j = 0; j < values.size(); ++j) {
        const auto& unit = info.outputs[j].unit.name;
        const Panel& panel = above[j] ? upper : lower;
        if (is_pattern(info))
            svg += pattern_marks(upper, stock, values[j], from, count);
        else if (unit == indicators::unit::flag.name || unit == indicators::unit::signal.name)
            svg += panel.stems(values[j], from, count, j);
        else
            svg += panel.line(values[j], from, count, j);
    }
    svg += legend(named_above, head + 14) + legend(named_below, below_top - 4);
    return svg + "</svg>\n";
}

}  // namespace bourse::docs
