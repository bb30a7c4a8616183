#include "datasets/folds.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

#include "core/error.hpp"
#include "datasets/dates.hpp"

namespace bourse::datasets {
namespace {

using Kind = FoldPlan::Kind;

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

// [from, to) as positions among the timestamps.
struct Piece {
    int fold;
    Span part;
    std::size_t from, to;
};

[[noreturn]] void too_little(std::span<const std::int64_t> ts, const std::string& wanted) {
    const std::string when = ts.empty() ? "" : " from " + date_text(ts.front()) + " to " + date_text(ts.back());
    throw Error(ErrorKind::insufficient_data,
                "too little data: " + std::to_string(ts.size()) + " timestamps" + when + ", " + wanted,
                "load more bars, ask for a longer span, or for fewer folds or bars in the split");
}

std::size_t embargo_of(const FoldPlan& plan, std::size_t timestamps) {
    return plan.embargo_bars ? static_cast<std::size_t>(*plan.embargo_bars) : (timestamps + 99) / 100;
}

std::vector<Piece> holdout(const FoldPlan& plan, std::span<const std::int64_t> ts) {
    std::vector<Piece> pieces;
    if (plan.at) {
        const auto position = [&](std::int64_t at) {
            return static_cast<std::size_t>(std::lower_bound(ts.begin(), ts.end(), at) - ts.begin());
        };
        for (std::size_t i = 0; i < span_count; ++i) {
            const auto [from, to] = (*plan.at)[i];
            if (from == to) continue;
            pieces.push_back({1, static_cast<Span>(i), position(from), position(to)});
            if (pieces.back().from == pieces.back().to)
                too_little(ts, std::string("none of them in ") + span_name(static_cast<Span>(i)) + ", " +
                                   date_text(from) + " to " + date_text(to));
        }
        return pieces;
    }
    const TimeSplit split({ts.begin(), ts.end()}, plan.shares);
    std::size_t from = 0;
    for (const Span part : {Span::train, Span::valid, Span::test}) {
        const std::size_t to = from + split.timestamps_in(part);
        if (from < to) pieces.push_back({1, part, from, to});
        from = to;
    }
    return pieces;
}

std::vector<Piece> walk_forward(const FoldPlan& plan, std::span<const std::int64_t> ts) {
    const std::size_t n = ts.size();
    const auto folds = static_cast<std::size_t>(plan.folds);
    const std::size_t unit = n / (folds + 5);
    const std::size_t test = plan.test_bars ? static_cast<std::size_t>(*plan.test_bars) : unit;
    const std::size_t valid = plan.valid_bars ? static_cast<std::size_t>(*plan.valid_bars) : unit;
    if (test == 0 || folds * test + valid >= n)
        too_little(ts, std::to_string(folds) + " folds of " + std::to_string(test) + " bars to test on and " +
                           std::to_string(valid) + " to validate on leave none to train on");
    std::vector<Piece> pieces;
    for (std::size_t fold = 0; fold < folds; ++fold) {
        const std::size_t test_from = n - (folds - fold) * test, valid_from = test_from - valid;
        const std::size_t longest = plan.train_bars ? static_cast<std::size_t>(*plan.train_bars) : valid_from;
        const int number = static_cast<int>(fold + 1);
        pieces.push_back({number, Span::train, valid_from - std::min(longest, valid_from), valid_from});
        if (valid > 0) pieces.push_back({number, Span::valid, valid_from, test_from});
        pieces.push_back({number, Span::test, test_from, test_from + test});
    }
    return pieces;
}

// Groups of timestamps as even as can be; those of `tested` are the test, the runs between them train.
void add_fold(std::size_t n, std::size_t groups, const std::vector<bool>& tested, int fold,
              std::vector<Piece>& pieces) {
    for (const Span part : {Span::train, Span::test})
        for (std::size_t group = 0; group < groups;) {
            const std::size_t first = group;
            while (group < groups && tested[group] == (part == Span::test)) ++group;
            if (first < group) pieces.push_back({fold, part, first * n / groups, group * n / groups});
            if (first == group) ++group;
        }
}

std::vector<Piece> cross_validation(std::span<const std::int64_t> ts, std::size_t groups, std::size_t test_groups) {
    const std::size_t n = ts.size();
    if (n < groups) too_little(ts, std::to_string(groups) + " groups need at least one each");
    std::vector<bool> tested(groups, false);
    std::fill_n(tested.begin(), test_groups, true);
    std::vector<Piece> pieces;
    int fold = 0;
    do {
        if (static_cast<std::size_t>(++fold) > max_folds)
            throw Error(ErrorKind::invalid_argument, "split: choosing " + std::to_string(test_groups) + " of " +
                                                         std::to_string(groups) + " groups gives more than " +
                                                         std::to_string(max_folds) + " folds");
        add_fold(n, groups, tested, fold, pieces);
    } while (std::prev_permutation(tested.begin(), tested.end()));
    return pieces;
}

std::string some_dates(const std::vector<std::int64_t>& dates) {
    std::string text = date_text(dates.front());
    if (dates.size() == 2) text += " and " + date_text(dates.back());
    if (dates.size() > 2)
        text += " to " + date_text(dates.back()) + " (" + std::to_string(dates.size()) + " timestamps)";
    return text;
}

void require_apart(const std::vector<Piece>& pieces, std::span<const std::int64_t> ts) {
    for (const auto& a : pieces)
        for (const auto& b : pieces) {
            if (a.fold != b.fold || a.part >= b.part) continue;
            const std::size_t from = std::max(a.from, b.from), to = std::min(a.to, b.to);
            if (from >= to) continue;
            throw Error(ErrorKind::invalid_argument,
                        std::string("split: ") + span_name(a.part) + " and " + span_name(b.part) + " both hold " +
                            some_dates({ts.begin() + static_cast<std::ptrdiff_t>(from),
                                        ts.begin() + static_cast<std::ptrdiff_t>(to)}),
                        "end one span where the other begins");
        }
}

// Timestamps of `early` whose label, reading `horizon` ahead, meets `late` although a purge of `purge` keeps them.
std::vector<std::int64_t> meeting(const Piece& early, const Piece& late, std::span<const std::int64_t> ts,
                                  std::size_t horizon, std::size_t purge, std::size_t embargo) {
    std::vector<std::int64_t> dates;
    for (std::size_t i = early.from; i < early.to; ++i) {
        const bool before = i < late.from;
        const bool kept = before ? i + purge + embargo < late.from : i >= late.to + purge + embargo;
        const bool meets = before ? i + horizon >= late.from : i < late.to + horizon;
        if (kept && meets) dates.push_back(ts[i]);
    }
    return dates;
}

void require_no_overlap(const FoldPlan& plan, const std::vector<Piece>& pieces, std::span<const std::int64_t> ts,
                        int horizon_bars) {
    if (!plan.purge_bars || *plan.purge_bars >= horizon_bars || plan.allow_overlap) return;
    for (const auto& early : pieces)
        for (const auto& late : pieces) {
            if (early.fold != late.fold || early.part >= late.part) continue;
            const auto dates = meeting(early, late, ts, static_cast<std::size_t>(horizon_bars),
                                       static_cast<std::size_t>(*plan.purge_bars), embargo_of(plan, ts.size()));
            if (dates.empty()) continue;
            throw Error(ErrorKind::invalid_argument,
                        "split: with purge_bars " + std::to_string(*plan.purge_bars) + " label windows of " +
                            span_name(early.part) + " at " + some_dates(dates) + " meet " + span_name(late.part) +
                            ", " + date_text(ts[late.from]) + " to " + date_text(ts[late.to - 1]),
                        "leave purge_bars out: every label that meets a later part is then purged; \"allow_overlap\": "
                        "true lets them in",
                        "fold " + std::to_string(early.fold) + "; the label looks " + std::to_string(horizon_bars) +
                            " bars ahead");
        }
}

}  // namespace

std::vector<FoldRange> plan_folds(const FoldPlan& plan, std::span<const std::int64_t> timestamps, int horizon_bars) {
    assert(std::adjacent_find(timestamps.begin(), timestamps.end(), std::greater_equal<>()) == timestamps.end());
    std::vector<Piece> pieces;
    switch (plan.kind) {
        case Kind::holdout:
            pieces = holdout(plan, timestamps);
            break;
        case Kind::walk_forward:
            pieces = walk_forward(plan, timestamps);
            break;
        case Kind::purged_kfold:
            pieces = cross_validation(timestamps, static_cast<std::size_t>(plan.folds), 1);
            break;
        case Kind::combinatorial:
            pieces = cross_validation(timestamps, static_cast<std::size_t>(plan.groups),
                                      static_cast<std::size_t>(plan.test_groups));
    }
    require_apart(pieces, timestamps);
    require_no_overlap(plan, pieces, timestamps, horizon_bars);
    std::vector<FoldRange> ranges;
    for (const auto& piece : pieces)
        ranges.push_back({piece.fold, piece.part, timestamps[piece.from],
                          piece.to < timestamps.size() ? timestamps[piece.to] : timestamps.back() + 1,
                          piece.to - piece.from});
    return ranges;
}

namespace {

// Nothing whose window [ts, end] meets [from, to) may be in an earlier part.
struct Guard {
    Span part;
    std::int64_t from, to;
};

class Assignment {
public:
    Assignment(const FoldPlan& plan, std::span<const FoldRange> ranges, std::span<const std::int64_t> ts,
               std::span<const std::int64_t> label_end)
        : plan_(plan), ranges_(ranges), ts_(ts), label_end_(label_end) {
        std::unique_copy(ts.begin(), ts.end(), std::back_inserter(times_));
        embargo_ = embargo_of(plan, times_.size());
        for (const auto& range : ranges)
            if (range.part != Span::train) guards_.push_back(guard(range));
    }

    Span part_of(std::size_t row) const {
        for (const auto& range : ranges_)
            if (ts_[row] >= range.from && ts_[row] < range.to) return range.part;
        return Span::purged;
    }

    bool is_clear(std::size_t row, Span part) const {
        const std::int64_t end = end_of(row);
        return std::all_of(guards_.begin(), guards_.end(), [&](const Guard& each) {
            return each.part <= part || end < each.from || ts_[row] >= each.to;
        });
    }

private:
    std::size_t position(std::int64_t at) const {
        return static_cast<std::size_t>(std::lower_bound(times_.begin(), times_.end(), at) - times_.begin());
    }
    std::int64_t at(std::size_t position) const { return position < times_.size() ? times_[position] : never; }

    // The last time that the row's window counts as holding.
    std::int64_t end_of(std::size_t row) const {
        if (!plan_.purge_bars) return label_end_[row];
        const std::size_t last = position(ts_[row]) + static_cast<std::size_t>(*plan_.purge_bars);
        const std::int64_t asked = times_[std::min(last, times_.size() - 1)];
        return plan_.allow_overlap ? asked : std::max(asked, label_end_[row]);
    }

    Guard guard(const FoldRange& range) const {
        std::int64_t end = range.from;
        const auto first = static_cast<std::size_t>(std::lower_bound(ts_.begin(), ts_.end(), range.from) - ts_.begin());
        for (std::size_t row = first; row < ts_.size() && ts_[row] < range.to; ++row) end = std::max(end, end_of(row));
        const std::size_t begin = position(range.from);
        const std::size_t after = std::max(position(end + 1), position(range.to));
        return {range.part, at(begin - std::min(embargo_, begin)), at(after + embargo_)};
    }

    const FoldPlan& plan_;
    std::span<const FoldRange> ranges_;
    std::span<const std::int64_t> ts_, label_end_;
    std::vector<std::int64_t> times_;
    std::size_t embargo_ = 0;
    std::vector<Guard> guards_;
};

}  // namespace

std::vector<Span> assign_rows(const FoldPlan& plan, std::span<const FoldRange> ranges_of_fold,
                              std::span<const std::int64_t> ts, std::span<const std::int64_t> label_end,
                              std::vector<Span>* in_part) {
    const Assignment assignment(plan, ranges_of_fold, ts, label_end);
    std::vector<Span> spans(ts.size(), Span::purged);
    if (in_part) in_part->assign(ts.size(), Span::purged);
    for (std::size_t row = 0; row < ts.size(); ++row) {
        const Span part = assignment.part_of(row);
        if (in_part) (*in_part)[row] = part;
        if (part != Span::purged && assignment.is_clear(row, part)) spans[row] = part;
    }
    return spans;
}

}  // namespace bourse::datasets
