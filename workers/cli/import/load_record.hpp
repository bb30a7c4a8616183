// What every import does around its rows, whatever they come from: the same file is loaded once, partitions exist,
// the load is judged, counted and committed, a refusal leaves its row.
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "workers/cli/import/file_import.hpp"
#include "workers/cli/import/years_seen.hpp"

namespace bourse::cli {

std::string time_text(std::int64_t unix_us);  // 2026-11-21 20:00:00+00

class LoadRecord {
public:
    // What it finds goes to `outcome`; all arguments outlive it.
    LoadRecord(workers::Connection& connection, const std::string& db, const ImportOptions& options,
               const std::string& source, ImportOutcome& outcome)
        : connection_(connection), db_(db), options_(options), source_(source), outcome_(outcome) {}

    // What makes a file the same file beside its bytes: path, size_bytes, modified_at, options.
    nlohmann::json& facts() { return facts_; }

    // Of a folder with a file for each symbol: {symbol: file}, so that a rejected row's line has its file.
    void name_sources(nlohmann::json sources) { sources_ = std::move(sources); }

    // A file of this size and these options was loaded: worth a look at the bytes.
    bool seems_known(std::int64_t size_bytes);
    // The same bytes with the same options were loaded: the outcome says when.
    bool is_known(const std::string& sha256);
    // Partitions of bar for the years, in a transaction of their own, so that loads side by side do not wait for them.
    void make_partitions(pqxx::work& transaction, const YearsSeen& seen);
    // Judges, writes and counts. False: there is nothing to commit (the same file, a dry run).
    // `direct_version`: of the direct load that ends; 0 of a staged one.
    bool close(pqxx::work& transaction, const std::string& sha256, bool keys_ascend, std::int64_t direct_version);
    void finish(pqxx::work& transaction, const std::string& sha256, bool keys_ascend, std::int64_t direct_version);
    // The outcome of a source that was refused before its rows could be judged, and its row unless in a dry run.
    void refuse(const Error& error, const std::string& sha256);

private:
    bool is_known(const std::string& sha256, pqxx::transaction_base& transaction);

    workers::Connection& connection_;
    const std::string& db_;
    const ImportOptions& options_;
    const std::string& source_;
    ImportOutcome& outcome_;
    nlohmann::json facts_, sources_ = nlohmann::json::object();
};

}  // namespace bourse::cli
