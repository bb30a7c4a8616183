#include "workers/cli/progress.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "workers/cli/console.hpp"

namespace bourse::cli {
namespace {

std::string title(const Progress& p) {
    return p.subject.empty() ? "job " + std::to_string(p.id) + " (" + p.kind + ")"
                             : "run " + std::to_string(p.id) + " (" + p.subject + ")";
}

double clamped(double ratio) { return std::isfinite(ratio) ? std::clamp(ratio, 0.0, 1.0) : 0.0; }

std::string percent(double ratio) { return format_number(std::floor(100 * clamped(ratio) + 1e-9), 0) + " %"; }

// What is known besides stage and percent, joined by commas.
std::string details(const Progress& p) {
    std::string out;
    const auto add = [&out](const std::string& part) { out += (out.empty() ? "" : ", ") + part; };
    if (p.round > 0) add("round " + std::to_string(p.round) + (p.rounds > 0 ? " of " + std::to_string(p.rounds) : ""));
    if (std::isfinite(p.train_metric)) add("train " + format_number(p.train_metric, 6));
    if (std::isfinite(p.valid_metric)) add("valid " + format_number(p.valid_metric, 6));
    if (!p.note.empty() && !(p.round > 0 && p.note.starts_with("round ")))
        add(p.note);  // trainers repeat the numbers in words
    if (std::isfinite(p.eta_s) && p.eta_s >= 1) add(format_age(p.eta_s) + " left");
    if (p.attempt > 1) add("attempt " + std::to_string(p.attempt) + " of " + std::to_string(p.max_attempts));
    return out;
}

// A reason that only counts (jobs ahead, a position) is the same reason.
std::string without_digits(std::string text) {
    std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
    return text;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string not_running(const Progress& p) {
    std::string out = p.state;
    if (finished(p) && std::isfinite(p.elapsed_s)) out += " after " + format_age(p.elapsed_s);
    if (p.state == "succeeded" && !p.result.empty()) out += ": " + p.result;
    if (!finished(p) && !p.why_waiting.empty()) out += ": " + first_line(p.why_waiting);
    if (p.state != "succeeded" && !p.error.empty()) out += ": " + first_line(p.error);
    return out;
}

}  // namespace

bool finished(const Progress& p) {
    return p.state == "succeeded" || p.state == "failed" || p.state == "dead" || p.state == "cancelled";
}

std::string progress_bar(double ratio, int width) {
    constexpr std::array eighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const int filled = static_cast<int>(std::floor(clamped(ratio) * width * 8 + 1e-9));
    std::string bar;
    for (int i = 0; i < filled / 8; ++i) bar += "█";
    bar += eighths[static_cast<std::size_t>(filled % 8)];
    const int used = filled / 8 + (filled % 8 ? 1 : 0);
    return bar + std::string(static_cast<std::size_t>(std::max(0, width - used)), ' ');
}

std::string progress_line(const Progress& p) {
    if (p.state != "running") return title(p) + " " + not_running(p);
    std::string out = title(p) + " " + (p.stage.empty() ? "running" : p.stage);
    if (std::isfinite(p.ratio)) out += " " + percent(p.ratio);
    const auto more = details(p);
    return more.empty() ? out : out + ", " + more;
}

std::string progress_line_with_bar(const Progress& p, int width) {
    if (p.state != "running") return shorten(progress_line(p), static_cast<std::size_t>(width));
    const int bar_width = std::clamp(width / 5, 8, 30);
    std::string line =
        title(p) + "  " + (p.stage.empty() ? "running" : p.stage) + "  ▕" + progress_bar(p.ratio, bar_width) + "▏ ";
    line += std::isfinite(p.ratio) ? percent(p.ratio) : "";
    const auto more = details(p);
    if (!more.empty()) line += "  " + more;
    return shorten(line, static_cast<std::size_t>(width));
}

std::string progress_mark(const Progress& p) {
    const std::string tenth =
        std::isfinite(p.ratio) ? std::to_string(static_cast<int>(10 * clamped(p.ratio) + 1e-9)) : "";
    return p.state + "|" + p.stage + "|" + std::to_string(p.attempt) + "|" +
           (p.state == "running" ? tenth : without_digits(p.why_waiting));
}

}  // namespace bourse::cli
