// The line on stderr that shows how an import goes: rows, rows a second, percent of the bytes.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace bourse::cli {

class ImportProgress {
public:
    explicit ImportProgress(std::string name);
    ~ImportProgress();                           // clears the line on a terminal
    void rows(std::int64_t rows, double ratio);  // cheap: prints a few times a second on a terminal, else every 5 s
    void stage(const std::string& words);
    double seconds() const;

private:
    void print(const std::string& text);

    std::string name_;
    bool terminal_;
    std::chrono::steady_clock::time_point start_, last_;
};

}  // namespace bourse::cli
