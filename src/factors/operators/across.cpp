// Cross-sectional operators: the members of a universe at one time, in order of instrument. Missing and infinite values
// do not take part.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "factors/operators/families.hpp"
#include "factors/operators/window.hpp"

namespace bourse::factors {
namespace {

std::vector<std::size_t> members_with_all(const CrossSection& at) {
    std::vector<std::size_t> rows;
    for (std::size_t m = 0; m < at.members(); ++m)
        if (std::all_of(at.inputs.begin(), at.inputs.end(), [m](std::span<const double> x) { return present(x[m]); }))
            rows.push_back(m);
    return rows;
}

double mean_of(std::span<const double> x, const std::vector<std::size_t>& rows) {
    double sum = 0;
    for (const auto m : rows) sum += x[m];
    return sum / static_cast<double>(rows.size());
}

// Of x itself everywhere: equal values have a deviation of exactly 0.
bool all_equal(std::span<const double> x, const std::vector<std::size_t>& rows) {
    return std::all_of(rows.begin(), rows.end(), [&](std::size_t m) { return x[m] == x[rows[0]]; });
}

double deviation(std::span<const double> x, const std::vector<std::size_t>& rows) {
    if (rows.size() < 2) return nan_value;
    if (all_equal(x, rows)) return 0;
    const double mean = mean_of(x, rows);
    double squares = 0;
    for (const auto m : rows) squares += (x[m] - mean) * (x[m] - mean);
    return std::sqrt(squares / static_cast<double>(rows.size() - 1));
}

// Average rank of equal values, divided by their number.
void rank(const CrossSection& at) {
    const auto x = at.inputs[0];
    auto rows = members_with_all(at);
    std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
    for (std::size_t from = 0; from < rows.size();) {
        std::size_t to = from + 1;
        while (to < rows.size() && x[rows[to]] == x[rows[from]]) ++to;
        const double average = (static_cast<double>(from) + static_cast<double>(to) + 1) / 2;
        for (; from < to; ++from) at.out[rows[from]] = average / static_cast<double>(rows.size());
    }
}

void zscore(const CrossSection& at) {
    const auto x = at.inputs[0];
    const auto rows = members_with_all(at);
    const double spread = deviation(x, rows);
    if (!(spread > 0)) return;
    const double mean = mean_of(x, rows);
    for (const auto m : rows) at.out[m] = (x[m] - mean) / spread;
}

void demean(const CrossSection& at) {
    const auto x = at.inputs[0];
    const auto rows = members_with_all(at);
    if (rows.empty()) return;
    const double mean = all_equal(x, rows) ? x[rows[0]] : mean_of(x, rows);
    for (const auto m : rows) at.out[m] = x[m] - mean;
}

// The same number for every member, also for those without a value of their own.
template <class Value>
auto for_all(Value value) {
    return [value](const CrossSection& at) {
        const auto rows = members_with_all(at);
        std::fill(at.out.begin(), at.out.end(), value(at.inputs[0], rows));
    };
}

void neutralize_group(const CrossSection& at) {
    const auto x = at.inputs[0], group = at.inputs[1];
    std::map<double, std::vector<std::size_t>> groups;
    for (const auto m : members_with_all(at)) groups[group[m]].push_back(m);
    for (const auto& [value, rows] : groups) {
        const double mean = all_equal(x, rows) ? x[rows[0]] : mean_of(x, rows);
        for (const auto m : rows) at.out[m] = x[m] - mean;
    }
}

// Takes the mean out of a column; afterwards it is orthogonal to the constant.
void centre(std::vector<double>& column) {
    const double mean = std::accumulate(column.begin(), column.end(), 0.0) / static_cast<double>(column.size());
    for (double& v : column) v -= mean;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// Residuals of the least-squares fit of x on a constant and the exposures, by Gram-Schmidt, twice for its rounding
// errors. An exposure that the ones before explain adds nothing and is left out.
void neutralize(const CrossSection& at) {
    const auto rows = members_with_all(at);
    if (rows.size() < at.inputs.size() + 1) return;
    const auto column = [&](std::span<const double> from) {
        std::vector<double> values;
        for (const auto m : rows) values.push_back(from[m]);
        centre(values);
        return values;
    };
    std::vector<std::vector<double>> basis;
    const auto project = [&](std::vector<double>& v) {
        for (int pass = 0; pass < 2; ++pass)
            for (const auto& b : basis) {
                const double share = dot(v, b);
                for (std::size_t i = 0; i < v.size(); ++i) v[i] -= share * b[i];
            }
    };
    for (std::size_t e = 1; e < at.inputs.size(); ++e) {
        auto exposure = column(at.inputs[e]);
        double largest = 0;
        for (const auto m : rows) largest = std::max(largest, std::fabs(at.inputs[e][m]));
        const double before = std::sqrt(dot(exposure, exposure));
        project(exposure);
        const double length = std::sqrt(dot(exposure, exposure));
        const double rounding = 1e-12 * largest * std::sqrt(static_cast<double>(rows.size()));
        if (!(length > 1e-10 * before) || length <= rounding) continue;
        for (double& v : exposure) v /= length;
        basis.push_back(std::move(exposure));
    }
    auto x = column(at.inputs[0]);
    project(x);
    for (std::size_t i = 0; i < rows.size(); ++i) at.out[rows[i]] = x[i];
}

Operator across(std::string name, std::vector<std::string> inputs, std::string summary, std::string missing,
                std::function<void(const CrossSection&)> evaluate) {
    Operator op;
    op.name = std::move(name);
    op.inputs = std::move(inputs);
    op.texts = {{"universe", false}};
    op.elsewhere = Elsewhere::across;
    op.summary = std::move(summary);
    op.missing = std::move(missing);
    op.across = std::move(evaluate);
    return op;
}

}  // namespace

std::vector<Operator> across_operators() {
    const std::string one = "missing where x is, and for who is no member or has no bar at this ts";
    const std::string any = "missing where one of them is, and for who is no member or has no bar at this ts";
    std::vector<Operator> all{
        across("CSRank", {"x"}, "rank among the members at this ts, ties averaged, divided by their number: (0, 1]",
               one, rank),
        across("CSZScore", {"x"}, "distance from the members' mean in their sample standard deviations",
               one + "; where fewer than two are left or all are equal", zscore),
        across("CSDemean", {"x"}, "x minus the members' mean", one, demean),
        across("CSMean", {"x"}, "the members' mean, the same for all",
               "missing where no member has a value, and for who is no member or has no bar at this ts",
               for_all([](std::span<const double> x, const std::vector<std::size_t>& rows) {
                   return rows.empty() ? nan_value : all_equal(x, rows) ? x[rows[0]] : mean_of(x, rows);
               })),
        across("CSStd", {"x"}, "the members' sample standard deviation, the same for all",
               "missing where fewer than two members have a value, and for who is no member or has no bar at this ts",
               for_all(
                   [](std::span<const double> x, const std::vector<std::size_t>& rows) { return deviation(x, rows); })),
        across("CSNeutralizeGroup", {"x", "group"},
               "x minus the mean of the members with the same group number (an industry's, say)", any,
               neutralize_group),
        across("CSNeutralize", {"x", "exposure"},
               "residual of x after a least-squares fit on a constant and up to 16 exposures (size, beta …)",
               any + "; where fewer members than coefficients + 1 are left", neutralize)};
    all.back().more_inputs = 15;
    return all;
}

}  // namespace bourse::factors
