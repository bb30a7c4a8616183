// How a dataset is cut into folds of train, valid and test, and which rows each may use: no train label window touches
// what is validated or tested on, and none of valid what is tested on.
// Source: López de Prado (2018), Advances in Financial Machine Learning, chapters 7 (purge, embargo) and 12
// (combinatorial purged cross-validation).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <nlohmann/json.hpp>

#include "datasets/split.hpp"

namespace bourse::datasets {

struct FoldPlan {
    enum class Kind : std::uint8_t {
        holdout,       // one fold: shares of the timestamps, or spans of time that are named
        walk_forward,  // folds one after the other: train, then valid, then test
        purged_kfold,  // each group of timestamps is the test of one fold, the others train
        combinatorial  // each choice of test_groups of the groups is the test of one fold
    };
    using Interval = std::pair<std::int64_t, std::int64_t>;  // [from, to), microseconds since 1970

    Kind kind = Kind::walk_forward;
    int folds = 5;                                       // walk_forward, purged_kfold
    int groups = 6, test_groups = 2;                     // combinatorial
    std::optional<int> train_bars;                       // walk_forward; empty: all that was before
    std::optional<int> valid_bars, test_bars;            // walk_forward; empty: n / (folds + 5)
    SplitOptions shares;                                 // holdout
    std::optional<std::array<Interval, span_count>> at;  // holdout by time; an empty interval: no such part
    std::optional<int> purge_bars;                       // empty: as far as each row's label looks
    std::optional<int> embargo_bars;                     // empty: one hundredth of the timestamps, rounded up
    bool allow_overlap = false;                          // purge_bars may be less than the label needs
};

inline constexpr std::size_t max_folds = 1000;

// Reads {"kind", "folds", "groups", "test_groups", "train_bars", "valid_bars", "test_bars", "train", "valid", "test",
// "purge_bars", "embargo_bars", "allow_overlap"}; without kind it is walk_forward, or holdout where train, valid or
// test are given: shares (read_split) or ["from", "to"]. Errors: unknown_option, invalid_argument.
FoldPlan read_fold_plan(const nlohmann::json& split);
nlohmann::json to_json(const FoldPlan& plan);

// Timestamps of one part of a fold that follow each other; a part may have several.
struct FoldRange {
    int fold = 1;
    Span part = Span::train;
    std::int64_t from = 0, to = 0;  // [from, to)
    std::size_t timestamps = 0;     // before purge and embargo
};

// timestamps: distinct, ascending, microseconds since 1970. Ordered by fold, part, from.
// Errors: insufficient_data when a part would have no timestamp; invalid_argument, with the dates, where purge_bars is
// less than horizon_bars and a label window of train or valid reaches into a later part, or named spans overlap.
std::vector<FoldRange> plan_folds(const FoldPlan& plan, std::span<const std::int64_t> timestamps, int horizon_bars);

// Of one fold: what to do with each row. ts ascending; label_end: time of the last bar that the label reads.
// Span::purged: in no part, or its label window, widened by the embargo, meets a part that it must not.
// in_part, if not null, gets the part that holds each row's ts, purged where none does.
std::vector<Span> assign_rows(const FoldPlan& plan, std::span<const FoldRange> ranges_of_fold,
                              std::span<const std::int64_t> ts, std::span<const std::int64_t> label_end,
                              std::vector<Span>* in_part = nullptr);

}  // namespace bourse::datasets
