// Pieces of work that do not mind each other, done side by side where the caller allows it: a backend has one thread.
#pragma once

#include <cstddef>
#include <functional>

#include "core/interrupt.hpp"

namespace bourse {

// Calls work(0) … work(pieces - 1), in any order and perhaps from several threads at once, and returns when all have
// ended. An exception of a piece is thrown on, after which not all pieces have been done.
using Parallel = std::function<void(std::size_t pieces, const std::function<void(std::size_t piece)>& work)>;

// Without `parallel`: one after the other, looking at the interrupts between them.
inline void in_parallel(const Parallel& parallel, std::size_t pieces, const CheckInterrupts& interrupts,
                        const std::function<void(std::size_t piece)>& work) {
    if (parallel) return parallel(pieces, work);
    for (std::size_t piece = 0; piece < pieces; ++piece) {
        check(interrupts);
        work(piece);
    }
}

// [0, count) in runs of `at_once`.
inline void in_runs(const Parallel& parallel, std::size_t count, std::size_t at_once, const CheckInterrupts& interrupts,
                    const std::function<void(std::size_t from, std::size_t to)>& work) {
    in_parallel(parallel, (count + at_once - 1) / at_once, interrupts, [&](std::size_t piece) {
        const std::size_t from = piece * at_once;
        work(from, from + at_once < count ? from + at_once : count);
    });
}

}  // namespace bourse
