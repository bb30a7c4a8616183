// Brings a stored feature set up to date.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/interrupt.hpp"
#include "workers/common/connection.hpp"

namespace bourse::workers {

struct RefreshResult {
    std::int64_t ranges = 0;       // dirty rows that were read and deleted
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
};

// Reads the set's dirty rows, computes those ranges (and what their change reaches), and in one transaction replaces
// the stored rows, deletes exactly the dirty rows that it read and calls finish. A range dirtied meanwhile stays dirty.
// One refresh of a set at a time: another one is waited for. A set that is not stored yet becomes stored.
// Must be called outside a transaction: none is open while it computes.
// Errors: unknown_feature_set; bad_expression when a field is gone.
RefreshResult refresh_feature_set(Connection& connection, int feature_set_id, const RefreshOptions& options = {});

}  // namespace bourse::workers
