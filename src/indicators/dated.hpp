// Extremes that know their bar; of equal ones the latest counts.
#pragma once

#include <limits>

namespace bourse::indicators {

struct Dated {
    double value, bar;
};

struct LatestHighest {
    double value = -std::numeric_limits<double>::infinity(), bar = 0;
    double age(double now) const noexcept { return now - bar; }
    static LatestHighest of(const Dated& x) noexcept { return {x.value, x.bar}; }
    static LatestHighest merge(const LatestHighest& a, const LatestHighest& b) noexcept {
        return b.value >= a.value ? b : a;
    }
};

struct LatestLowest {
    double value = std::numeric_limits<double>::infinity(), bar = 0;
    double age(double now) const noexcept { return now - bar; }
    static LatestLowest of(const Dated& x) noexcept { return {x.value, x.bar}; }
    static LatestLowest merge(const LatestLowest& a, const LatestLowest& b) noexcept {
        return b.value <= a.value ? b : a;
    }
};

}  // namespace bourse::indicators
