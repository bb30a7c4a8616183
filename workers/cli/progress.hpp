// Progress of a job or run as text: a line per state, a bar for terminals. Formatting alone.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace bourse::cli {

inline constexpr double unknown_value = std::numeric_limits<double>::quiet_NaN();

struct Progress {
    std::int64_t id = 0;
    std::string kind;
    std::string subject;  // of a run: "demo · xgboost on basic:1"; else empty
    std::string state;    // waiting scheduled running succeeded failed dead cancelled
    int attempt = 0, max_attempts = 0;
    std::string stage, note, error, why_waiting;
    double ratio = unknown_value;  // 0–1
    int round = 0, rounds = 0;     // 0: none
    double train_metric = unknown_value, valid_metric = unknown_value;
    double eta_s = unknown_value, elapsed_s = unknown_value;
    std::string result;  // of a run that succeeded: "demo:3, test IC 0.05, RankIC 0.04"
};

bool finished(const Progress& progress);

// "█████▌    " of `width` columns; eighths of a column are shown. NaN: empty.
std::string progress_bar(double ratio, int width);

// run 42 (demo · xgboost on basic:1) train 62 %, round 186 of 300, train 0.0201, valid 0.0231, 12 s left
std::string progress_line(const Progress& progress);

// The same with a bar, cut to `width` columns.
std::string progress_line_with_bar(const Progress& progress, int width);

// What decides whether a plain log gets another line: it changes with state, stage, attempt and every tenth.
std::string progress_mark(const Progress& progress);

}  // namespace bourse::cli
