// How an attempt ended, as the child tells the daemon: one JSON object on a pipe.
#pragma once

#include <exception>
#include <string>

#include <nlohmann/json.hpp>

namespace bourse::workers {

struct Outcome {
    bool completed = false;  // the job's row is gone, nothing is left to do
    bool lost = false;       // another attempt holds the job
    std::string sqlstate;    // of the error
    std::string message;
    std::string detail;
    std::string hint;
    bool retryable = true;
};

// The exception as an outcome. `cancelled`: SIGTERM had come, so a cancelled statement is no failure of its own.
Outcome outcome_of(std::exception_ptr error, bool cancelled);

nlohmann::json to_json(const Outcome& outcome);
Outcome outcome_from_json(const nlohmann::json& json);  // throws nlohmann::json::exception

// The text with its line breaks as spaces and none at the end: libpq's messages have them, log lines must not.
std::string one_line(std::string text);

// For last_error: message, detail, hint, sqlstate on one line.
std::string describe(const Outcome& outcome);

}  // namespace bourse::workers
