// What one attempt's child says on its standard error, as bounded lines: the first ones and the last ones are kept.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace bourse::workers {

struct LogLine {
    int number = 0;  // in the attempt's output, from 1
    std::chrono::steady_clock::time_point at;
    std::string level;    // debug info warning error critical, or stderr: it came without one
    std::string message;  // bytes, perhaps no UTF-8; no control characters but tabs
};

class JobLog {
public:
    using Clock = std::chrono::steady_clock;

    static constexpr int most_lines = 1000;                // kept from the start
    static constexpr std::size_t most_bytes = 256 * 1024;  // of them
    static constexpr std::size_t last_lines = 100;         // kept of what comes after
    static constexpr std::size_t line_bytes = 2000;        // longer lines are cut

    void append(std::string_view bytes, Clock::time_point now);

    // No more will come: an unfinished line ends, and the last lines follow a note of how many were left out.
    void end(Clock::time_point now);

    std::vector<LogLine> take();  // what is to be stored, once

private:
    void end_line(Clock::time_point now);

    std::string partial_;
    bool cut_ = false;  // the line that comes in has lost its end
    int lines_ = 0;
    int kept_ = 0;
    std::size_t kept_bytes_ = 0;
    std::vector<LogLine> out_;
    std::deque<LogLine> last_;
    int left_out_ = 0;
    int last_left_out_ = 0;  // its number
};

}  // namespace bourse::workers
