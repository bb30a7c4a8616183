// What a job handler is: one function that does one job in a child process of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <nlohmann/json.hpp>

#include "core/interrupt.hpp"
#include "signing/artifact_signature.hpp"
#include "workers/common/connection.hpp"

namespace bourse::workers {

// (id, attempt) is the fencing token: a write that belongs to another attempt is refused by the database.
struct Job {
    std::int64_t id = 0;
    std::string kind;
    nlohmann::json args;
    int attempt = 0;
    std::string owner;     // the role whose work it is
    double timeout_s = 0;  // longest run, counted from its start; 0: none
};

enum class LogLevel { info, warning, error };

struct Signed {
    signing::Signature signature;
    signing::PublicKey public_key;
};

// What a handler may use. One connection for its work, one of its own for progress (opened by the first call).
class Context {
public:
    virtual ~Context() = default;

    virtual Connection& database() = 0;

    // Progress for people: stage ("features", "train"), 0..1, a line, and numbers to keep. Goes to bourse.job, and for
    // a run (a bourse.run row with the job's id) to run_progress, which keeps round, rounds, train_metric,
    // valid_metric, eta_s. Throttled to four a second; a new stage and the ratio 1 are always written. Never throws for
    // a lost connection.
    virtual void progress(const std::string& stage, double ratio, const std::string& message = {},
                          const nlohmann::json& values = nlohmann::json::object()) = 0;

    // A line for bourse_bi.job_log (and the worker's log). Bounded per attempt; secrets do not belong here.
    virtual void log(LogLevel level, const std::string& message) = 0;

    // Completes the job inside the caller's transaction; commit it right after. Throws Error(lost_lease) when this
    // attempt no longer holds the job: the transaction must then be dropped.
    virtual void complete(pqxx::transaction_base& tx, const nlohmann::json& result = nlohmann::json::object()) = 0;

    // The daemon's signature of an artifact of this model, after it has read the artifact itself; for kinds that sign
    // (bourse.job_kind.signs). This process never holds the key. Call it before the last transaction, not inside.
    // Throws Error(cancelled), Error(corrupt_artifact), Error(too_large).
    virtual Signed sign(const std::string& model, std::span<const std::byte> artifact) = 0;

    // Throws Error(cancelled) once the job is cancelled or the worker stops; call it between units of work.
    virtual CheckInterrupts interrupts() = 0;
};

// Returns to succeed (with complete() called in its last transaction; otherwise the caller completes it), throws to
// fail the attempt: an Error that another try would meet again (invalid_argument, unknown_*, insufficient_data, …) and
// SQL errors of classes 0A, 22, 42 and MB fail for good, anything else is tried again. May run twice: be idempotent.
using Handler = void (*)(const Job&, Context&);

}  // namespace bourse::workers
