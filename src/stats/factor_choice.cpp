#include "stats/factor_choice.hpp"

#include <algorithm>
#include <cmath>

namespace bourse::stats {
namespace {

double size_of(double correlation) { return std::isnan(correlation) ? 0 : std::fabs(correlation); }
double sign_of(double value) { return value < 0 ? -1 : 1; }

// Clusters numbered by their first member.
std::vector<std::size_t> numbered(std::span<const std::size_t> root) {
    std::vector<std::size_t> number(root.size(), no_place), result;
    std::size_t next = 0;
    for (const std::size_t r : root) {
        if (number[r] == no_place) number[r] = next++;
        result.push_back(number[r]);
    }
    return result;
}

}  // namespace

std::vector<std::size_t> clusters(const Correlations& correlations, double joined) {
    const std::size_t n = correlations.size();
    Correlations linkage(n);  // mean |correlation| between the clusters named by their first members
    std::vector<std::size_t> root(n), members(n, 1), alive;
    for (std::size_t a = 0; a < n; ++a) {
        root[a] = a;
        alive.push_back(a);
        for (std::size_t b = 0; b < n; ++b) linkage.at(a, b) = size_of(correlations.at(a, b));
    }
    while (alive.size() > 1) {
        std::size_t first = 0, second = 0;
        double best = -1;
        for (std::size_t i = 0; i < alive.size(); ++i)
            for (std::size_t j = i + 1; j < alive.size(); ++j)
                if (linkage.at(alive[i], alive[j]) > best) best = linkage.at(alive[first = i], alive[second = j]);
        if (best < joined) break;
        const std::size_t a = alive[first], b = alive[second];
        const auto in_a = static_cast<double>(members[a]), in_b = static_cast<double>(members[b]);
        for (const std::size_t c : alive) {
            const double mean = (in_a * linkage.at(a, c) + in_b * linkage.at(b, c)) / (in_a + in_b);
            linkage.at(a, c) = linkage.at(c, a) = mean;
        }
        members[a] += members[b];
        std::replace(root.begin(), root.end(), b, a);
        alive.erase(alive.begin() + static_cast<std::ptrdiff_t>(second));
    }
    return numbered(root);
}

std::vector<std::size_t> choose_by_score(const Correlations& correlations, std::span<const double> scores, double cap,
                                         std::size_t count) {
    std::vector<std::size_t> order, taken, places(scores.size(), no_place);
    for (std::size_t i = 0; i < scores.size(); ++i)
        if (!std::isnan(scores[i])) order.push_back(i);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return std::fabs(scores[a]) > std::fabs(scores[b]); });
    for (const std::size_t i : order) {
        if (taken.size() == count) break;
        if (std::any_of(taken.begin(), taken.end(),
                        [&](std::size_t other) { return size_of(correlations.at(i, other)) > cap; }))
            continue;
        places[i] = taken.size();
        taken.push_back(i);
    }
    return places;
}

std::vector<std::size_t> choose_forward(const Correlations& correlations, std::span<const double> ics,
                                        std::size_t count) {
    std::vector<std::size_t> places(ics.size(), no_place);
    std::vector<double> shared(ics.size(), 0);  // signed correlations of each factor with the taken ones
    double sum = 0, variance = 0, reached = 0;
    for (std::size_t taken = 0; taken < count; ++taken) {
        std::size_t best = no_place;
        double best_ic = reached;
        for (std::size_t i = 0; i < ics.size(); ++i) {
            if (places[i] != no_place || std::isnan(ics[i])) continue;
            const double wider = variance + 1 + 2 * sign_of(ics[i]) * shared[i];
            if (!(wider > 1e-9)) continue;  // they cancel out
            const double ic = (sum + std::fabs(ics[i])) / std::sqrt(wider);
            if (ic > best_ic * (1 + 1e-9)) best_ic = ic, best = i;
        }
        if (best == no_place) break;
        places[best] = taken;
        sum += std::fabs(ics[best]);
        variance += 1 + 2 * sign_of(ics[best]) * shared[best];
        reached = best_ic;
        for (std::size_t i = 0; i < ics.size(); ++i)
            if (const double c = correlations.at(i, best); !std::isnan(c)) shared[i] += sign_of(ics[best]) * c;
    }
    return places;
}

}  // namespace bourse::stats
