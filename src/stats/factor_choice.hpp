// Which of many factors say the same, and which of them to take.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace bourse::stats {

inline constexpr std::size_t no_place = std::numeric_limits<std::size_t>::max();

// Correlations of `size` factors: at(a, b), symmetric, 1 on the diagonal; NaN: unknown, which counts as 0.
class Correlations {
public:
    explicit Correlations(std::size_t size) : size_(size), values_(size * size, 0) {}
    std::size_t size() const noexcept { return size_; }
    double& at(std::size_t a, std::size_t b) noexcept { return values_[a * size_ + b]; }
    double at(std::size_t a, std::size_t b) const noexcept { return values_[a * size_ + b]; }

private:
    std::size_t size_;
    std::vector<double> values_;
};

// Number of each factor's cluster, from 0 in order of its first member: average linkage on 1 - |correlation|, joined
// while the clusters' mean |correlation| is at least `joined`.
std::vector<std::size_t> clusters(const Correlations& correlations, double joined);

// Place (0, 1 …) of the factors taken, no_place for others: by falling |score|, leaving out what correlates above `cap`
// (in size) with one that was taken; at most `count`. A factor whose score is NaN is not taken.
std::vector<std::size_t> choose_by_score(const Correlations& correlations, std::span<const double> scores, double cap,
                                         std::size_t count);

// The same by forward selection: each step takes the factor that raises most the IC of the sum of the taken ones, each
// with the sign of its IC, and stops where none does. Of factors with unit variance and ICs g that sum has the IC
// sum |g| / sqrt(sum of signed correlations).
std::vector<std::size_t> choose_forward(const Correlations& correlations, std::span<const double> ics,
                                        std::size_t count);

}  // namespace bourse::stats
