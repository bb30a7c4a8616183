// What a stored dataset is: enough to make its rows again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "datasets/folds.hpp"
#include "datasets/processors.hpp"

namespace bourse::datasets {

struct Definition {
    std::int64_t id = 0;
    std::string name;  // with its version: x:1
    std::vector<std::string> features, expressions;
    std::string freq, label, universe;
    int horizon_bars = 0;
    std::int64_t from_us = 0, to_us = 0;  // rows with from <= ts < to
    bool pinned = true;
    FoldPlan split;
    ProcessorLists processors;
    std::vector<FoldRange> ranges;  // of all folds, in order

    int folds() const noexcept { return ranges.empty() ? 0 : ranges.back().fold; }
    // Errors: invalid_argument for a fold that is not there.
    std::vector<FoldRange> ranges_of(int fold) const;
};

// What bourse.dataset_definition gives.
Definition read_definition(const nlohmann::json& json);

// "train", "valid", "test". Errors: invalid_argument.
Span read_part(const std::string& name);

}  // namespace bourse::datasets
