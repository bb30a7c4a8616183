// Sliding windows over rows, O(1) amortised merges a row, no subtraction.
//
// A running sum that adds the newest and subtracts the oldest value carries the rounding errors of everything it has
// ever seen: its value depends on where the computation began, and a constant window has no exact variance of 0.
// Here a window is split at the most significant time boundary inside it (the one whose two neighbouring times differ
// in the highest bit; there is exactly one), the part before is aggregated backwards, the part after forwards, and the
// two are merged. The value depends on the window's own rows and times and on nothing else, so a refresh that starts
// in the middle of the history gives the same bits as one from its beginning. A boundary stays for about half a
// window, hence the amortised cost.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "factors/operators/memory.hpp"
#include "factors/operators/operator.hpp"

namespace bourse::factors {

// levels[i]: how significant the boundary between row i-1 and row i is; 0 for the first row.
inline std::vector<std::uint8_t> boundary_levels(std::span<const std::int64_t> ts_us) {
    std::vector<std::uint8_t> levels(ts_us.size(), 0);
    for (std::size_t i = 1; i < ts_us.size(); ++i)
        levels[i] = static_cast<std::uint8_t>(
            std::bit_width(static_cast<std::uint64_t>(ts_us[i - 1]) ^ static_cast<std::uint64_t>(ts_us[i])));
    return levels;
}

// How many rows after `origin` a row is; negative: before it. Either may stand before row 0: then it wraps around.
inline double position(std::size_t row, std::size_t origin) noexcept {
    return static_cast<double>(static_cast<std::ptrdiff_t>(row - origin));
}

// The part of slide() for a window of some rows; rebuilt(rows) is called when that many rows were gone over again.
template <class State, class Add, class Emit, class Rebuilt>
void slide_window(std::size_t rows, const std::uint8_t* levels, std::size_t window, Add&& add, Emit&& emit,
                  Rebuilt&& rebuilt) {
    std::vector<State> suffix;  // suffix[r - base]: rows r .. split-1
    State prefix;               // rows split .. i
    std::size_t base = 0, split = 0;
    bool valid = false;
    for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t start = i + 1 > window ? i + 1 - window : 0;
        if (start == i) {
            State one;
            add(one, i, i);
            emit(i, start, i, one);
            valid = false;
            continue;
        }
        if (valid && split > start && levels[i] < levels[split]) {
            add(prefix, i, split);
        } else {
            split = start + 1;
            for (std::size_t r = start + 2; r <= i; ++r)
                if (levels[r] > levels[split]) split = r;
            base = start;
            if (suffix.size() < split - start) suffix.resize(split - start);
            State backwards;
            for (std::size_t r = split; r-- > start;) {
                add(backwards, r, split);
                suffix[r - start] = backwards;
            }
            prefix = State{};
            for (std::size_t r = split; r <= i; ++r) add(prefix, r, split);
            valid = true;
            rebuilt(i - start);
        }
        emit(i, start, split, merge(suffix[start - base], prefix));
    }
}

// Calls emit(row, first row of its window, origin, state) for every row. State{} is empty; merge(older, newer) joins
// two; add(state, row, origin) takes a row in (or leaves it, when it is missing). `origin` is a row near the window,
// the same for all rows of one state: positions are counted from it. Rows before the origin are added from the newest
// to the oldest, the others from the oldest to the newest. A window of 0 rows is all rows so far.
template <class State, class Add, class Emit>
void slide(const Frame& frame, std::size_t window, Add&& add, Emit&& emit) {
    const std::size_t rows = frame.rows;
    frame.work.done(rows * 8);
    if (window > 0) {
        slide_window<State>(rows, frame.levels.data(), window, add, emit,
                            [&](std::size_t again) { frame.work.done(again); });
        return;
    }
    State all;
    Remembered remembered(frame, all);
    const std::size_t first = std::size_t{0} - remembered.rows_before();  // of the series
    for (std::size_t i = 0; i < rows; ++i) {
        remembered.before(i);
        add(all, i, first);
        emit(i, first, first, all);
    }
    remembered.finish();
}

}  // namespace bourse::factors
