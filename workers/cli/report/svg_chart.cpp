#include "workers/cli/report/svg_chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

#include "workers/cli/console.hpp"
#include "workers/cli/report/html.hpp"

namespace bourse::cli::report {
namespace {

constexpr double width = 640, height = 260;
constexpr double left = 62, right = 12, top = 12, bottom = 40;
constexpr std::size_t most_points = 4000;   // of one line
constexpr std::size_t most_tooltips = 150;  // bars above this number become one path

struct Range {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    void take(double value) {
        if (!std::isfinite(value)) return;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    bool empty() const { return !(low <= high); }
};

std::string at(double value) {
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.1f", value);
    std::string text = buffer.data();
    return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

// 1, 2 or 5 times a power of ten, not below `raw`.
double round_step(double raw) {
    const double power = std::pow(10, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= raw * (1 - 1e-9)) return factor * power;
    return 10 * power;
}

int decimals_of(double step) { return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 12); }

std::string written(double value, const Unit& unit) {
    const double shown = value * unit.factor;
    if (!std::isfinite(shown)) return "–";
    const double size = std::abs(shown);
    const int digits = size == 0 ? 0 : std::clamp(2 - static_cast<int>(std::floor(std::log10(size))), 0, 8);
    return format_number(shown, digits) + unit.suffix;
}

// Multiples of `step`, a number as shown, inside [low, high].
std::vector<Tick> stepped_ticks(double low, double high, double step, const Unit& unit) {
    std::vector<Tick> ticks;
    const double first = std::ceil(low * unit.factor / step - 1e-9),
                 last = std::floor(high * unit.factor / step + 1e-9);
    for (double i = first; i <= last; ++i)
        ticks.push_back({i * step / unit.factor, format_number(i * step, decimals_of(step)) + unit.suffix});
    return ticks;
}

class Frame {
public:
    Frame(const Chart& chart, Range y) : chart_(chart) {
        if (chart.from_zero) {
            y.take(0);
        }
        if (chart.value_labels) {  // room for the numbers at the ends of the bars
            const double room = 0.1 * (y.high - y.low);
            if (y.low < 0) y.low -= room;
            if (y.high > 0) y.high += room;
        }
        if (y.low == y.high) {  // a flat line in the middle
            const double pad = y.low == 0 ? 1 : std::abs(y.low) * 0.1;
            y.low -= pad;
            y.high += pad;
        }
        const double step = round_step((y.high - y.low) * chart.unit.factor / 5) / chart.unit.factor;
        low_ = std::floor(y.low / step + 1e-9) * step;
        high_ = std::ceil(y.high / step - 1e-9) * step;
        ticks_ = stepped_ticks(low_, high_, step * chart.unit.factor, chart.unit);
        const bool bars =
            std::any_of(chart.series.begin(), chart.series.end(), [](const Series& s) { return s.mark == Mark::bars; });
        x_low_ = chart.x.front();
        x_high_ = chart.x.back();
        const double half = chart.x.size() > 1 ? (x_high_ - x_low_) / static_cast<double>(chart.x.size() - 1) / 2 : 0.5;
        if (bars || x_low_ == x_high_) {  // room for the outer halves of the first and the last bar
            x_low_ -= half;
            x_high_ += half;
        }
        bar_width_ = 2 * half / (x_high_ - x_low_) * (width - left - right);
    }

    double x(double value) const { return left + (value - x_low_) / (x_high_ - x_low_) * (width - left - right); }
    double y(double value) const { return top + (high_ - value) / (high_ - low_) * (height - top - bottom); }
    double bar_width() const { return bar_width_; }

    std::string axes() const {
        std::string out;
        for (const auto& tick : ticks_) {
            const auto where = at(y(tick.at));
            out += "<line class=\"" + std::string(std::abs(tick.at) < 1e-12 ? "zero" : "grid") + "\" x1=\"" + at(left) +
                   "\" x2=\"" + at(width - right) + "\" y1=\"" + where + "\" y2=\"" + where + "\"/>";
            out += "<text class=\"tick end\" x=\"" + at(left - 6) + "\" y=\"" + at(y(tick.at) + 4) + "\">" +
                   escape(tick.text) + "</text>";
        }
        for (const auto& tick : chart_.x_ticks)
            out += "<text class=\"tick middle\" x=\"" + at(x(tick.at)) + "\" y=\"" + at(height - bottom + 16) + "\">" +
                   escape(tick.text) + "</text>";
        if (const double here = chart_.marker.at; here >= x_low_ && here <= x_high_) {
            const bool left_side = x(here) > width / 2;
            out += "<line class=\"marker\" x1=\"" + at(x(here)) + "\" x2=\"" + at(x(here)) + "\" y1=\"" + at(top) +
                   "\" y2=\"" + at(height - bottom) + "\"/>";
            out += "<text class=\"tick" + std::string(left_side ? " end" : "") + "\" x=\"" +
                   at(x(here) + (left_side ? -5 : 5)) + "\" y=\"" + at(top + 10) + "\">" + escape(chart_.marker.text) +
                   "</text>";
        }
        if (!chart_.x_title.empty())
            out += "<text class=\"tick middle\" x=\"" + at((left + width - right) / 2) + "\" y=\"" + at(height - 6) +
                   "\">" + escape(chart_.x_title) + "</text>";
        return out;
    }

private:
    const Chart& chart_;
    std::vector<Tick> ticks_;
    double low_ = 0, high_ = 1, x_low_ = 0, x_high_ = 1, bar_width_ = 1;
};

std::string line_path(const Chart& chart, const Series& series, const Frame& frame) {
    std::string path;
    bool pen_down = false;
    const std::size_t n = series.y.size(), stride = n / most_points + 1;
    for (std::size_t i = 0; i < n; i += (i + stride < n || i == n - 1) ? stride : n - 1 - i) {
        if (!std::isfinite(series.y[i])) {
            pen_down = false;
            continue;
        }
        path += (pen_down ? "L" : "M") + at(frame.x(chart.x[i])) + " " + at(frame.y(series.y[i]));
        pen_down = true;
    }
    return "<path class=\"line " + escape(series.css_class) + (series.mark == Mark::dashed ? " dashed" : "") +
           "\" d=\"" + path + "\"/>";
}

std::string sign_class(const Series& series, double value) {
    if (!series.css_class.empty()) return escape(series.css_class);
    return value < 0 ? "minus" : "plus";
}

std::string wide_bars(const Chart& chart, const Series& series, const Frame& frame) {
    std::string out;
    const double bar = std::max(1.0, std::min(frame.bar_width() * 0.72, 72.0));
    for (std::size_t i = 0; i < series.y.size(); ++i) {
        const double value = series.y[i];
        if (!std::isfinite(value)) continue;
        const double from = frame.y(std::max(value, 0.0)), to = frame.y(std::min(value, 0.0));
        const std::string name = i < chart.x_names.size() ? chart.x_names[i] + ": " : "";
        const std::string css = series.css_class.empty() || !chart.value_labels
                                    ? sign_class(series, value)
                                    : series.css_class + std::to_string(i + 1);
        out += "<rect class=\"bar " + css + "\" x=\"" + at(frame.x(chart.x[i]) - bar / 2) + "\" y=\"" + at(from) +
               "\" width=\"" + at(bar) + "\" height=\"" + at(std::max(to - from, 0.5)) + "\"><title>" +
               escape(name + written(value, chart.unit)) + "</title></rect>";
        if (chart.value_labels)
            out += "<text class=\"value middle\" x=\"" + at(frame.x(chart.x[i])) + "\" y=\"" +
                   at(value < 0 ? to + 14 : from - 5) + "\">" + escape(written(value, chart.unit)) + "</text>";
    }
    return out;
}

// Thousands of bars as two strokes, one per sign.
std::string thin_bars(const Chart& chart, const Series& series, const Frame& frame) {
    std::string plus, minus;
    for (std::size_t i = 0; i < series.y.size(); ++i) {
        if (!std::isfinite(series.y[i])) continue;
        (series.y[i] < 0 ? minus : plus) +=
            "M" + at(frame.x(chart.x[i])) + " " + at(frame.y(0)) + "V" + at(frame.y(series.y[i]));
    }
    const std::string stroke = "\" stroke-width=\"" + at(std::clamp(frame.bar_width() * 0.72, 0.5, 6.0)) + "\" d=\"";
    return "<path class=\"stems plus" + stroke + plus + "\"/><path class=\"stems minus" + stroke + minus + "\"/>";
}

std::string legend(const Chart& chart) {
    if (chart.series.size() < 2) return {};
    std::string out = "<ul class=\"legend\">";
    for (const auto& series : chart.series) {
        const std::string css = series.css_class.empty() ? "plus" : series.css_class;
        const char* shape = series.mark == Mark::bars ? "key box " : series.mark == Mark::dashed ? "key dash " : "key ";
        out += "<li><span class=\"" + std::string(shape) + escape(css) + "\"></span>" + escape(series.name) + "</li>";
    }
    return out + "</ul>";
}

std::string figure(const std::string& id, const std::string& title, const std::string& description,
                   const std::string& key, const std::string& picture, double picture_height) {
    return "<figure class=\"chart\" id=\"" + id + "\"><figcaption>" + escape(title) + "</figcaption>" + key +
           "<svg viewBox=\"0 0 " + at(width) + " " + at(picture_height) + "\" role=\"img\" aria-labelledby=\"" + id +
           "-t " + id + "-d\"><title id=\"" + id + "-t\">" + escape(title) + "</title><desc id=\"" + id + "-d\">" +
           escape(description) + "</desc>" + picture + "</svg></figure>";
}

}  // namespace

std::string render(const Chart& chart) {
    Range y;
    for (const auto& series : chart.series)
        for (const double value : series.y) y.take(value);
    if (chart.x.empty() || y.empty() || !std::isfinite(y.high - y.low))
        return "<figure class=\"chart\" id=\"" + chart.id + "\"><figcaption>" + escape(chart.title) +
               "</figcaption><p class=\"none\">no values</p></figure>";
    Frame frame(chart, y);
    std::string picture = frame.axes();
    for (const auto& series : chart.series) {
        if (series.mark != Mark::bars)
            picture += line_path(chart, series, frame);
        else if (series.y.size() <= most_tooltips)
            picture += wide_bars(chart, series, frame);
        else
            picture += thin_bars(chart, series, frame);
    }
    return figure(chart.id, chart.title, chart.description, legend(chart), picture, height);
}

std::string render(const RankedBars& chart) {
    constexpr double row = 22, name_width = 190, value_width = 70;
    double most = 0;
    for (const auto& [name, value] : chart.bars)
        if (std::isfinite(value)) most = std::max(most, value);
    std::string picture;
    double y = 2;
    for (const auto& [name, value] : chart.bars) {
        const double length = most > 0 && std::isfinite(value) ? value / most * (width - name_width - value_width) : 0;
        picture += "<text class=\"tick end\" x=\"" + at(name_width - 8) + "\" y=\"" + at(y + 15) + "\">" +
                   escape(shorten(name, 28)) + "</text>";
        picture += "<rect class=\"bar s1\" x=\"" + at(name_width) + "\" y=\"" + at(y + 3) + "\" width=\"" +
                   at(std::max(length, 0.5)) + "\" height=\"" + at(row - 6) + "\"><title>" +
                   escape(name + ": " + written(value, {})) + "</title></rect>";
        picture += "<text class=\"value\" x=\"" + at(name_width + length + 6) + "\" y=\"" + at(y + 15) + "\">" +
                   escape(written(value, {})) + "</text>";
        y += row;
    }
    return figure(chart.id, chart.title, chart.description, {}, picture, y + 2);
}

std::vector<Tick> number_ticks(double low, double high, int count, const Unit& unit) {
    if (!(low < high) || !std::isfinite(high - low) || count < 1) return {};
    return stepped_ticks(low, high, round_step((high - low) * unit.factor / count), unit);
}

std::vector<Tick> day_ticks(const std::vector<std::string>& days) {
    constexpr std::size_t most = 8;
    struct Grain {
        std::size_t length, months;  // of the date that is shown; months per period
    };
    for (const auto [length, months] : {Grain{7, 1}, Grain{7, 3}, Grain{4, 12}, Grain{4, 24}, Grain{4, 60}}) {
        std::vector<Tick> ticks;
        int seen = -1;
        for (std::size_t i = 0; i < days.size(); ++i) {
            if (days[i].size() < 10) return {};
            const int period =
                (std::stoi(days[i].substr(0, 4)) * 12 + std::stoi(days[i].substr(5, 2)) - 1) / static_cast<int>(months);
            if (seen >= 0 && period != seen) ticks.push_back({static_cast<double>(i), days[i].substr(0, length)});
            seen = period;
        }
        if (ticks.size() < 3) break;
        if (ticks.size() <= most) return ticks;
    }
    std::vector<Tick> ticks;
    const std::size_t stride = days.size() / 6 + 1;
    for (std::size_t i = 0; i < days.size(); i += stride) ticks.push_back({static_cast<double>(i), days[i]});
    return ticks;
}

}  // namespace bourse::cli::report
