#include "core/error.hpp"

namespace bourse {

const char* sqlstate(ErrorKind kind) noexcept {
    switch (kind) {
        case ErrorKind::invalid_argument:
            return "22023";
        case ErrorKind::insufficient_data:
            return "MB040";
        case ErrorKind::unknown_model:
            return "MB001";
        case ErrorKind::stage_rule:
            return "MB002";
        case ErrorKind::unsigned_artifact:
            return "MB010";
        case ErrorKind::corrupt_artifact:
            return "MB011";
        case ErrorKind::revoked:
            return "MB012";
        case ErrorKind::too_large:
            return "MB013";
        case ErrorKind::unknown_feature:
            return "MB020";
        case ErrorKind::unknown_feature_set:
            return "MB021";
        case ErrorKind::bad_expression:
            return "MB022";
        case ErrorKind::unknown_option:
            return "MB030";
        case ErrorKind::lost_lease:
            return "MB050";
        case ErrorKind::refused_file:
            return "MB060";
        case ErrorKind::unreadable_file:
            return "MB061";
        case ErrorKind::migration:
            return "MB070";
        case ErrorKind::unavailable:
            return "MB080";
        case ErrorKind::cancelled:
            return "57014";
        case ErrorKind::internal:
            return "XX000";
    }
    return "XX000";
}

}  // namespace bourse
