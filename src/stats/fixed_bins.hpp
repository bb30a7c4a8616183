// Bins that are the same for every series and every day, so that histograms of days, instruments and machines add up.
// A bin is what float32 values share in sign, exponent and first five bits of the mantissa: 32 bins from one power of 2
// to the next, each 2.2 to 3.1 % wide, and one for 0. A quantile read from them is off by at most half a bin.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <vector>

namespace bourse::stats {

inline constexpr int fixed_bin_shift = 18;                                       // 23 bits of mantissa but 5
inline constexpr std::int32_t last_fixed_bin = (0x7f800000 >> fixed_bin_shift);  // the one below infinity

// Finite values only: 0 for 0, 1 .. 8160 upwards for positive ones, -1 .. -8160 downwards for negative ones.
inline std::int16_t fixed_bin(float value) noexcept {
    const auto bits = std::bit_cast<std::uint32_t>(std::fabs(value));
    if (bits == 0) return 0;
    const auto bin = static_cast<std::int32_t>(bits >> fixed_bin_shift) + 1;
    return static_cast<std::int16_t>(value < 0 ? -bin : bin);
}

// The least size of a value in bin `bin` > 0 (of the first bin: 0, which is not in it). One above the last: infinity.
inline float fixed_bin_start(std::int32_t bin) noexcept {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bin - 1) << fixed_bin_shift);
}

struct BinEdges {
    float from, to;  // from <= |x| < to for positive bins, mirrored for negative ones: from < x <= to
};
// Errors: none; `bin` must be within -8160 .. 8160.
inline BinEdges fixed_bin_edges(std::int32_t bin) noexcept {
    if (bin == 0) return {0, 0};
    if (bin > 0) return {fixed_bin_start(bin), fixed_bin_start(bin + 1)};
    return {-fixed_bin_start(-bin + 1), -fixed_bin_start(-bin)};
}

// One feature over some rows. Mean and m2 are of the finite values.
class ColumnStatistics {
public:
    void add(float value) {
        if (std::isnan(value)) {
            ++missing;
        } else if (std::isinf(value)) {
            ++infinite;
        } else {
            ++n;
            const double d = value - mean;
            mean += d / static_cast<double>(n);
            m2 += d * (value - mean);
            least = std::fmin(least, value);
            greatest = std::fmax(greatest, value);
            pending_.push_back(fixed_bin(value));
            if (pending_.size() == most_pending) count_pending();
        }
    }

    std::int64_t n = 0, missing = 0, infinite = 0;
    double mean = 0, m2 = 0;  // m2: sum of squared distances from the mean
    float least = std::numeric_limits<float>::infinity(), greatest = -std::numeric_limits<float>::infinity();

    // How many values are in each bin that has any, in order of value.
    const std::map<std::int16_t, std::int32_t>& bins() {
        count_pending();
        return bins_;
    }

private:
    static constexpr std::size_t most_pending = 4096;  // sorting a few at a time is cheaper than a search for each

    void count_pending() {
        std::sort(pending_.begin(), pending_.end());
        for (std::size_t from = 0, to = 0; from < pending_.size(); from = to) {
            while (to < pending_.size() && pending_[to] == pending_[from]) ++to;
            bins_[pending_[from]] += static_cast<std::int32_t>(to - from);
        }
        pending_.clear();
    }

    std::vector<std::int16_t> pending_;
    std::map<std::int16_t, std::int32_t> bins_;
};

// One feature over spans that were counted one by one, put together.
class MergedStatistics {
public:
    // Chan, Golub and LeVeque's update of mean and m2; the order of the parts moves them by roundings alone.
    void add(std::int64_t part_n, double part_mean, double part_m2, float part_least, float part_greatest) noexcept {
        if (part_n == 0) return;
        const double a = static_cast<double>(n), b = static_cast<double>(part_n), d = part_mean - mean;
        n += part_n;
        mean += d * (b / (a + b));
        m2 += part_m2 + d * d * (a * b / (a + b));
        least = std::fmin(least, part_least);
        greatest = std::fmax(greatest, part_greatest);
    }
    // Ascending bins and their counts: as many of each.
    void add_bins(std::span<const std::int16_t> part_bins, std::span<const std::int32_t> part_counts) {
        joined_.clear();
        joined_.reserve(bins.size() + part_bins.size());
        std::size_t a = 0, b = 0;
        while (a < bins.size() || b < part_bins.size()) {
            if (b == part_bins.size() || (a < bins.size() && bins[a].bin < part_bins[b])) {
                joined_.push_back(bins[a++]);
            } else if (a == bins.size() || part_bins[b] < bins[a].bin) {
                joined_.push_back({part_bins[b], part_counts[b]});
                ++b;
            } else {
                joined_.push_back({bins[a].bin, bins[a].count + part_counts[b]});
                ++a, ++b;
            }
        }
        bins.swap(joined_);
    }

    struct Bin {
        std::int16_t bin;
        std::int64_t count;
    };
    std::int64_t n = 0, missing = 0, infinite = 0;
    double mean = 0, m2 = 0;
    float least = std::numeric_limits<float>::infinity(), greatest = -std::numeric_limits<float>::infinity();
    std::vector<Bin> bins;  // ascending

private:
    std::vector<Bin> joined_;  // room for the next merge
};

}  // namespace bourse::stats
