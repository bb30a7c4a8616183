// The rows of a model's feature set: from the table, or computed from bars.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "pgext/boundary.hpp"
#include "pgext/model_store.hpp"

namespace bourse::pg {

struct FeatureSetRow {
    std::string_view symbol;
    TimestampTz ts, available_at;
    std::span<const float> features;  // NaN: missing
};
// What it is given is valid within the call.
using TakeFeatureSetRow = std::function<void(const FeatureSetRow&)>;

// Every row that a call with the arguments (model, from_ts, to_ts, universe, symbols, known_at) asks for, in no order;
// NULL does not restrict. With known_at, or where the set is not stored, they are computed: with what was known then,
// those that were available by then. Read and computed in blocks: memory does not grow with their number.
void each_feature_set_row(FunctionCallInfo fcinfo, const ModelVersion& version, const TakeFeatureSetRow& take);

}  // namespace bourse::pg
