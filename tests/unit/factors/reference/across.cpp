#include "factors/reference/across.hpp"

#include <numeric>
#include <stdexcept>

#include "factors/reference/windows.hpp"

namespace bourse::factors::reference {
namespace {

// The members with every input at one time, and where the asked one is among them.
struct Section {
    std::vector<Sample> inputs;
    std::ptrdiff_t own = -1;
    bool takes_part = false;  // the asked instrument is a member with a bar
    std::size_t size() const { return inputs[0].x.size(); }
};

Section section(Market& market, const Expression& e, const std::vector<const Values*>& inputs, std::size_t instrument,
                std::size_t row) {
    const Rows& own = market.daily[instrument];
    Section s;
    s.inputs.resize(inputs.size());
    for (std::size_t m = 0; m < market.daily.size(); ++m) {
        const Rows& rows = market.daily[m];
        const auto at = rows.at(own.ts[row]);
        if (at < 0) continue;
        const auto r = static_cast<std::size_t>(at);
        if (!rows.has_bar[r] || rows.available[r] > own.available[row]) continue;
        if (!market.is_member(e.text, rows.id, rows.ts[r])) continue;
        if (m == instrument) s.takes_part = true;
        bool all = true;
        for (const Values* input : inputs) all = all && std::isfinite((*input)[m][r]);
        if (!all) continue;
        if (m == instrument) s.own = static_cast<std::ptrdiff_t>(s.size());
        for (std::size_t i = 0; i < inputs.size(); ++i) s.inputs[i].x.push_back((*inputs[i])[m][r]);
    }
    return s;
}

Expected rank(const Sample& x, long double own) {
    long double less = 0, equal = 0;
    for (const auto v : x.x) less += v < own, equal += v == own;
    return {(less + (equal + 1) / 2) / static_cast<long double>(x.x.size()), 2 * unit_roundoff, true};
}

Expected demeaned(const Sample& x, long double own) {
    return {own - x.mean(), x.constant() ? 0 : 2 * some_roundings * x.largest(), true};
}

Expected zscore(const Sample& x, long double own) {
    if (x.x.size() < 2 || x.constant()) return none();
    if (x.ill()) return not_compared();
    const long double value = (own - x.mean()) / x.deviation();
    return {value, 10 * some_roundings * x.largest() / x.deviation() * (1 + std::fabs(value)), true};
}

Expected deviation(const Sample& x) {
    if (x.x.size() < 2) return none();
    if (x.constant()) return exactly(0);
    if (x.ill()) return not_compared();
    return {x.deviation(), some_roundings * x.largest() + 1e-13L * x.deviation(), true};
}

using Matrix = std::vector<std::vector<long double>>;

// Coefficients of x on the columns (centred, of unit length, far from dependent): normal equations, Gauss with full
// pivoting.
std::vector<long double> solve(Matrix a, std::vector<long double> b) {
    const std::size_t n = b.size();
    std::vector<long double> solution(n, 0);
    std::vector<bool> used(n, false);
    std::vector<std::size_t> order;
    for (std::size_t step = 0; step < n; ++step) {
        std::size_t pivot = n;
        for (std::size_t k = 0; k < n; ++k)
            if (!used[k] && (pivot == n || a[k][k] > a[pivot][pivot])) pivot = k;
        used[pivot] = true;
        order.push_back(pivot);
        for (std::size_t k = 0; k < n; ++k) {
            if (k == pivot) continue;
            const long double share = a[k][pivot] / a[pivot][pivot];
            for (std::size_t j = 0; j < n; ++j) a[k][j] -= share * a[pivot][j];
            b[k] -= share * b[pivot];
        }
    }
    for (const auto k : order) solution[k] = b[k] / a[k][k];
    return solution;
}

// Where less of a column is left over than this, the ones before explain it.
constexpr long double explained = 1e-13L;

// What of a column of length 1 the columns before it leave over; if anything, it joins their orthonormal basis. The
// squares in the normal equations could not tell a billionth from nothing.
long double left_over(std::vector<std::vector<long double>>& basis, std::vector<long double> column) {
    for (int pass = 0; pass < 2; ++pass)
        for (const auto& b : basis) {
            const auto share = std::inner_product(column.begin(), column.end(), b.begin(), 0.0L);
            for (std::size_t r = 0; r < b.size(); ++r) column[r] -= share * b[r];
        }
    const auto length = std::sqrt(std::inner_product(column.begin(), column.end(), column.begin(), 0.0L));
    if (length < explained) return length;
    for (auto& v : column) v /= length;
    basis.push_back(column);
    return length;
}

Expected neutral(const Section& s, std::size_t own) {
    const std::size_t n = s.size(), exposures = s.inputs.size() - 1;
    if (n < exposures + 2) return none();
    long double noise = some_roundings;
    std::vector<Sample> columns;
    std::vector<std::vector<long double>> basis;
    for (std::size_t e = 1; e <= exposures; ++e) {
        Sample column = s.inputs[e];
        if (column.constant()) continue;
        if (column.ill() || column.deviation() < 1e-10L * column.largest()) return not_compared();
        noise += some_roundings * column.largest() / column.deviation();
        const long double centre = column.mean(), length = std::sqrt(column.centred(2));
        for (auto& v : column.x) v = (v - centre) / length;
        const auto left = left_over(basis, column.x);
        if (left < explained) continue;
        if (left < 1e-4L) return not_compared();
        columns.push_back(column);
    }
    Sample x = s.inputs[0];
    if (x.largest() > 1e50L || (x.largest() < 1e-50L && x.largest() > 0)) return not_compared();
    const long double size = x.largest(), centre = x.mean();
    for (auto& v : x.x) v -= centre;
    Matrix normal(columns.size(), std::vector<long double>(columns.size()));
    std::vector<long double> right(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i)
        for (std::size_t r = 0; r < n; ++r) {
            for (std::size_t j = 0; j < columns.size(); ++j) normal[i][j] += columns[i].x[r] * columns[j].x[r];
            right[i] += columns[i].x[r] * x.x[r];
        }
    const auto coefficients = solve(normal, right);
    long double residual = x.x[own];
    for (std::size_t i = 0; i < columns.size(); ++i) residual -= coefficients[i] * columns[i].x[own];
    return {residual, 1e5L * noise * size, true};
}

}  // namespace

Expected across_members(Market& market, const Expression& e, const std::vector<const Values*>& inputs,
                        std::size_t instrument, std::size_t row) {
    const Rows& rows = market.daily[instrument];
    if (!rows.has_bar[row] || !market.is_member(e.text, rows.id, rows.ts[row])) return none();
    const Section s = section(market, e, inputs, instrument, row);
    if (e.op == "CSMean") {
        const Sample& x = s.inputs[0];
        return x.x.empty() ? none() : Expected{x.mean(), x.constant() ? 0 : some_roundings * x.largest(), true};
    }
    if (e.op == "CSStd") return deviation(s.inputs[0]);
    if (s.own < 0) return none();
    const auto at = static_cast<std::size_t>(s.own);
    const long double own = s.inputs[0].x[at];
    if (e.op == "CSRank") return rank(s.inputs[0], own);
    if (e.op == "CSZScore") return zscore(s.inputs[0], own);
    if (e.op == "CSDemean") return demeaned(s.inputs[0], own);
    if (e.op == "CSNeutralizeGroup") {
        Sample group;
        for (std::size_t m = 0; m < s.size(); ++m)
            if (s.inputs[1].x[m] == s.inputs[1].x[at]) group.x.push_back(s.inputs[0].x[m]);
        return demeaned(group, own);
    }
    if (e.op == "CSNeutralize") return neutral(s, at);
    throw std::invalid_argument("the reference has no definition of " + e.op);
}

}  // namespace bourse::factors::reference
