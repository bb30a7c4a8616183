// One file into the database: all of it in one transaction, or nothing but the row that says why not.
#pragma once

#include <cstdint>
#include <string>

#include "workers/cli/import/import_options.hpp"
#include "workers/common/connection.hpp"

namespace bourse::cli {

struct ImportOutcome {
    enum class State { loaded, refused, same, dry_run };
    State state = State::refused;
    std::string file, reason;          // reason: of a refusal; of the same file, when it was loaded
    std::int64_t data_version_id = 0;  // 0 in a dry run and for files that were not read to their end
    std::int64_t read = 0, loaded = 0, changed = 0, unchanged = 0, duplicate = 0, rejected = 0, without_volume = 0,
                 instruments_made = 0;
    std::string layout, symbol, freq, rejects;  // for people; rejects: "missing_value 11, high_low_order 12"
    std::string hint;
    double seconds = 0;
    bool unreadable = false;  // refused because it could not be read
};

// Refusals come back as outcomes; throws what is no fault of the file: cancelled, a lost connection, a wrong option.
ImportOutcome import_file(workers::Connection& connection, const std::string& db, const std::string& path,
                          const ImportOptions& options);

}  // namespace bourse::cli
