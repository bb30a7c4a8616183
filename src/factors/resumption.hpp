// Starting an evaluation in the middle of a series: what a plan keeps there, and what it needs before.
//
// A checkpoint stands at a row, its base. From the base on an evaluation sees all rows; nodes with a bounded window are
// right once their window lies behind the base, and a node with a memory goes on with what it kept at the first row at
// which all that it reads is right. Everything is right `rows` rows after the base.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "factors/plan.hpp"

namespace bourse::factors {

struct Resumption {
    bool possible = false;            // false: some node cannot go on; the series is evaluated from its first row
    std::vector<int> nodes;           // those with a memory, ascending
    std::vector<std::size_t> starts;  // of each: rows after the base at which it goes on
    std::size_t rows = 1;             // values are right from so many rows after the base on
};
// Of a plan that reads everything before; one with bounded windows alone has no memory, and is not possible here.
// What does not go on: windows over all rows that keep them in order (Med, Quantile, Rank, Mad, Max, Min, IdxMax,
// IdxMin with N = 0), functions of the user's own, look-ahead, strict_qlib.
Resumption resumption(const Plan& plan);

struct Checkpoint {
    std::int64_t base_us = 0;       // the base's ts
    std::int64_t after_us = 0;      // newest row that went into it: it holds for rows after that one
    std::uint64_t rows_before = 0;  // rows of the series before the base
    double previous_close = std::numeric_limits<double>::quiet_NaN();  // adjusted, newest before the base; NaN: none
    std::vector<std::vector<std::byte>> nodes;                         // as Resumption::nodes
};

// As bytes, with a sum that tells damaged ones. `base_us` and `after_us` travel beside them.
std::vector<std::byte> pack(const Checkpoint& checkpoint);
// Nothing for bytes that are damaged or those of another plan.
std::optional<Checkpoint> unpack(std::span<const std::byte> bytes, const Resumption& of);

// Where checkpoints are kept, as numbers of rows before the base: few, so that a series' memory stays small beside its
// values, and so that an append needs no new one most of the time, and goes on from a near one.
inline constexpr std::uint64_t near_rows = 64, far_rows = 1024;
// For rows [from, to) that an evaluation has seen: each `far_rows`, and the last two of each `near_rows`.
std::vector<std::uint64_t> checkpoint_rows(std::uint64_t from, std::uint64_t to, const Resumption& of);

}  // namespace bourse::factors
