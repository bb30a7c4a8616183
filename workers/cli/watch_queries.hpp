// What bourse watch asks the database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "workers/cli/progress.hpp"
#include "workers/common/connection.hpp"

namespace bourse::cli {

// Job and run of this id together; empty when there is neither.
std::optional<Progress> read_progress(workers::Connection& connection, std::int64_t id);

// Unfinished jobs, running ones first, at most `limit`.
std::vector<Progress> read_unfinished(workers::Connection& connection, int limit);

// What a job's child said.
struct SaidLine {
    int attempt = 0, line = 0;
    std::string time, level, message;  // time: HH:MM:SS in UTC; nothing that a terminal would obey
};

struct SaidLines {
    std::vector<SaidLine> lines;  // in order
    std::int64_t before = 0;      // how many more there are between `after` and the first of them
};

// The last lines that came after attempt and line of `after`, at most `most`.
SaidLines read_lines_after(workers::Connection& connection, std::int64_t job, const SaidLine& after, int most);

// Has the worker told all that this attempt's child has said? It may do so a little after the job's end.
bool said_everything(workers::Connection& connection, std::int64_t job, int attempt);

}  // namespace bourse::cli
