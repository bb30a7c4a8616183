// Brings a stored feature set up to date.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/interrupt.hpp"
#include "workers/common/connection.hpp"

namespace bourse::workers {

struct RefreshResult {
    std::int64_t ranges = 0;       // dirty rows that were read and deleted by this refresh
    std::int64_t instruments = 0;  // computed
    std::int64_t resumed = 0;      // of them, those that went on from a checkpoint
    std::int64_t rows = 0;         // stored
    std::int64_t values = 0;       // rows × features
    double seconds = 0;
    double values_per_second() const noexcept { return seconds > 0 ? static_cast<double>(values) / seconds : 0; }
};

struct RefreshOptions {
    CheckInterrupts interrupts;
    std::function<void(double ratio, const std::string& note)> progress;
    // Called in the last transaction, before its commit: completes a job together with its effects.
    std::function<void(pqxx::transaction_base&, const RefreshResult&)> finish;
    // Asked once, when there is more than one part to do: so many others may help.
    std::function<void(int helpers)> helpers = {};
    bool is_helper = false;                   // does parts of what others have planned, as long as there are any
    std::int64_t values_a_part = 16'000'000;  // 64 MB: bounds memory, and what a killed worker loses
};

// Plans the set's dirty ranges (see dirty_ranges.hpp) and does them part by part: each part's rows are computed, and in
// one transaction the stored ones are replaced, exactly the ranges that were read are deleted, and with the last part
// finish is called. A range dirtied meanwhile stays dirty. Several refreshes of a set share the parts; one that is no
// helper ends when all that was planned when it began is done, by whomever. A part is as a whole done or not, whoever
// is killed. A set that is not stored yet becomes stored. Must be called outside a transaction: each part's is open
// while its rows are computed and stored; a set with cross-sections is one part, stored in pieces of time of about
// values_a_part. Errors: unknown_feature_set; bad_expression when a field is gone.
RefreshResult refresh_feature_set(Connection& connection, int feature_set_id, const RefreshOptions& options = {});

}  // namespace bourse::workers
