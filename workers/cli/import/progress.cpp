#include "workers/cli/import/progress.hpp"

#include <unistd.h>

#include <cstdio>

#include "workers/cli/console.hpp"

namespace bourse::cli {

ImportProgress::ImportProgress(std::string name)
    : name_(std::move(name)),
      terminal_(isatty(STDERR_FILENO)),
      start_(std::chrono::steady_clock::now()),
      last_(start_) {}

ImportProgress::~ImportProgress() {
    if (terminal_) std::fputs("\r\033[K", stderr);
}

double ImportProgress::seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void ImportProgress::print(const std::string& text) {
    if (terminal_)
        std::fprintf(stderr, "\r\033[K%s: %s", name_.c_str(), text.c_str());
    else
        std::fprintf(stderr, "%s: %s\n", name_.c_str(), text.c_str());
    std::fflush(stderr);
}

void ImportProgress::rows(std::int64_t rows, double ratio) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < (terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(5000))) return;
    last_ = now;
    const double elapsed = seconds();
    print(format_count(rows) + " rows, " +
          format_count(static_cast<std::int64_t>(static_cast<double>(rows) / elapsed)) + " rows/s, " +
          std::to_string(static_cast<int>(ratio * 100)) + " %");
}

void ImportProgress::stage(const std::string& words) {
    if (terminal_ || seconds() > 2) print(words);
}

}  // namespace bourse::cli
