#include "workers/worker/job_log.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace bourse::workers {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "2026-11-21T14:35:52.123456 " as bourse-task writes it before the level.
bool starts_with_time(std::string_view line) {
    constexpr std::string_view form = "0000-00-00T00:00:00.000000 ";
    if (line.size() < form.size()) return false;
    for (std::size_t i = 0; i < form.size(); ++i)
        if (form[i] == '0' ? !is_digit(line[i]) : line[i] != form[i]) return false;
    return true;
}

// Splits the level off; what has none is stderr.
std::pair<std::string, std::string> level_and_message(const std::string& line) {
    constexpr std::array levels{"debug", "info", "warning", "error", "critical"};
    constexpr std::size_t time_size = 27;
    if (starts_with_time(line))
        for (const std::string_view level : levels)
            if (line.compare(time_size, level.size(), level) == 0 && line.size() > time_size + level.size() &&
                line[time_size + level.size()] == ' ')
                return {std::string(level), line.substr(time_size + level.size() + 1)};
    return {"stderr", line};
}

}  // namespace

void JobLog::append(std::string_view bytes, Clock::time_point now) {
    for (const char c : bytes) {
        if (c == '\n' || c == '\r') {
            end_line(now);
        } else if (partial_.size() >= line_bytes) {
            cut_ = true;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            partial_ += (byte < 0x20 && c != '\t') || byte == 0x7f ? ' ' : c;
        }
    }
}

void JobLog::end_line(Clock::time_point now) {
    if (cut_) partial_ += "…";
    const auto line = std::exchange(partial_, {});
    cut_ = false;
    if (line.find_first_not_of(" \t") == std::string::npos) return;
    auto [level, message] = level_and_message(line);
    LogLine said{++lines_, now, std::move(level), std::move(message)};
    if (kept_ < most_lines && kept_bytes_ + said.message.size() <= most_bytes && last_.empty()) {
        ++kept_;
        kept_bytes_ += said.message.size();
        out_.push_back(std::move(said));
        return;
    }
    last_.push_back(std::move(said));
    if (last_.size() > last_lines) {
        last_left_out_ = last_.front().number;
        last_.pop_front();
        ++left_out_;
    }
}

void JobLog::end(Clock::time_point now) {
    if (!partial_.empty()) end_line(now);
    if (left_out_ > 0)
        out_.push_back({last_left_out_, last_.front().at, "warning",
                        std::to_string(left_out_) + (left_out_ == 1 ? " line was" : " lines were") + " left out here"});
    std::move(last_.begin(), last_.end(), std::back_inserter(out_));
    last_.clear();
    left_out_ = 0;
}

std::vector<LogLine> JobLog::take() { return std::exchange(out_, {}); }

}  // namespace bourse::workers
