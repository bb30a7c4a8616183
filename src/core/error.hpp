// Failures that a caller can act on, free of any PostgreSQL header. The whole table is docs/errors.md.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace bourse {

enum class ErrorKind {
    invalid_argument,     // 22023: a value outside its range or of the wrong shape
    insufficient_data,    // MB040: too few rows to give an answer
    unknown_model,        // MB001
    stage_rule,           // MB002
    unsigned_artifact,    // MB010: no signature, or one by a key that the database does not trust
    corrupt_artifact,     // MB011: tampered, truncated or inconsistent model bytes
    revoked,              // MB012: the version, or the key that signed it, was revoked
    too_large,            // MB013: above a stated limit
    unknown_feature,      // MB020: also a model's feature that the caller lacks
    unknown_feature_set,  // MB021
    bad_expression,       // MB022: syntax, unknown operator, wrong arguments
    unknown_option,       // MB030: a key of options/params that nobody reads
    lost_lease,           // MB050: a stale attempt tried to write
    refused_file,         // MB060: an import that breaks its rules as a whole
    unreadable_file,      // MB061: not what its name says, truncated, not there
    migration,            // MB070: the database and the program do not fit each other
    unavailable,          // MB080: an optional part was not built in
    cancelled,            // 57014
    internal              // XX000: a bug of ours
};

// The five-character SQLSTATE of a kind; never null.
const char* sqlstate(ErrorKind kind) noexcept;

// Message: lower case, no full stop, with the offending value and the accepted range. Hint: the remedy.
class Error : public std::runtime_error {
public:
    Error(ErrorKind kind, const std::string& message, std::string hint = {}, std::string detail = {})
        : std::runtime_error(message), kind_(kind), hint_(std::move(hint)), detail_(std::move(detail)) {}
    ErrorKind kind() const noexcept { return kind_; }
    const std::string& hint() const noexcept { return hint_; }
    const std::string& detail() const noexcept { return detail_; }

private:
    ErrorKind kind_;
    std::string hint_;
    std::string detail_;
};

}  // namespace bourse
