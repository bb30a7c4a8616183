// What can be wrong with an installation, judged from facts alone, so that every verdict can be tested without a
// server.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace bourse::cli {

enum class Verdict { ok, warn, fail };

struct Check {
    Verdict verdict;
    std::string name;
    std::string finding;
    std::string advice;  // empty when ok
};

struct DoctorLimits {
    double dirty_minutes = 10;  // stored sets may wait this long for their refresh
};

// `basics` as read_basics gives it.
std::vector<Check> examine_basics(const nlohmann::json& basics);

// `content` as read_content gives it; `program` is the version of the program that asks.
std::vector<Check> examine_content(const nlohmann::json& content, const std::string& program,
                                   const DoctorLimits& limits);

// {roles_missing: [names], member: bool, fsync, full_page_writes, connections, max_connections, idle_in_transaction_s}
std::vector<Check> examine_server(const nlohmann::json& server);

}  // namespace bourse::cli
