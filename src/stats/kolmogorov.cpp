#include "stats/kolmogorov.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "core/error.hpp"

namespace bourse::stats {
namespace {

using std::numbers::pi;

// log(j!) for j = 0, 1, 2 …: Stirling's series, exact sums below it. (std::lgamma writes a global.)
double log_factorial(double j) {
    if (j < 16) {
        double product = 1;
        for (double k = 2; k <= j; ++k) product *= k;
        return std::log(product);
    }
    const double x = j + 1;
    const double inverse = 1 / (x * x);
    const double series = (1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse / 1680))) / x;
    return (x - 0.5) * std::log(x) - x + 0.5 * std::log(2 * pi) + series;
}

// P(D+ >= d), one-sided and exact: sum over j of C(n,j) d (d + j/n)^(j-1) (1 - d - j/n)^(n-j) (Birnbaum, Tingey 1951).
// All terms are positive, so nothing cancels however small the result.
double one_sided_sf(std::int64_t n, double d, const CheckInterrupts& interrupts) {
    const auto size = static_cast<double>(n);
    const double log_n = log_factorial(size);
    double sum = 0;
    for (std::int64_t j = 0; j <= n; ++j) {
        if ((j & 0x3fff) == 0) check(interrupts);
        const auto k = static_cast<double>(j);
        const double rest = 1 - d - k / size;
        if (rest <= 0) break;
        sum += std::exp(log_n - log_factorial(k) - log_factorial(size - k) + (k - 1) * std::log(d + k / size) +
                        (size - k) * std::log(rest));
    }
    return d * sum;
}

// Square matrices of the recursion behind P(D_n < d), with a decimal exponent beside them against overflow.
struct Power {
    std::vector<double> cells;
    int exponent;
};

void multiply(std::size_t size, const std::vector<double>& a, const std::vector<double>& b, std::vector<double>& out) {
    std::fill(out.begin(), out.end(), 0);
    for (std::size_t i = 0; i < size; ++i)
        for (std::size_t k = 0; k < size; ++k) {
            const double factor = a[i * size + k];
            for (std::size_t j = 0; j < size; ++j) out[i * size + j] += factor * b[k * size + j];
        }
}

Power matrix_power(const std::vector<double>& base, std::size_t size, std::int64_t n,
                   const CheckInterrupts& interrupts) {
    check(interrupts);
    if (n == 1) return {base, 0};
    const Power half = matrix_power(base, size, n / 2, interrupts);
    Power result{std::vector<double>(size * size), 2 * half.exponent};
    multiply(size, half.cells, half.cells, result.cells);
    if (n % 2 == 1) {
        std::vector<double> odd(size * size);
        multiply(size, base, result.cells, odd);
        result.cells.swap(odd);
    }
    if (result.cells[(size / 2) * size + size / 2] > 1e140) {
        for (double& cell : result.cells) cell *= 1e-140;
        result.exponent += 140;
    }
    return result;
}

// P(D_n < d) by Durbin's matrix formula as Marsaglia, Tsang and Wang compute it.
double cdf_by_matrix(std::int64_t n, double d, const CheckInterrupts& interrupts) {
    const auto k = static_cast<std::size_t>(static_cast<double>(n) * d) + 1;
    const std::size_t size = 2 * k - 1;
    const double h = static_cast<double>(k) - static_cast<double>(n) * d;
    std::vector<double> cells(size * size);
    const auto at = [&](std::size_t i, std::size_t j) -> double& { return cells[i * size + j]; };
    for (std::size_t i = 0; i < size; ++i)
        for (std::size_t j = 0; j < size; ++j) at(i, j) = i + 1 < j ? 0 : 1;
    double h_power = h;
    for (std::size_t i = 0; i < size; ++i, h_power *= h) {
        at(i, 0) -= h_power;
        at(size - 1, size - 1 - i) -= h_power;
    }
    if (2 * h > 1) at(size - 1, 0) += std::pow(2 * h - 1, static_cast<double>(size));
    for (std::size_t i = 0; i < size; ++i)
        for (std::size_t j = 0; j < size && j <= i; ++j)
            for (std::size_t g = 1; g <= i + 1 - j; ++g) at(i, j) /= static_cast<double>(g);
    const Power power = matrix_power(cells, size, n, interrupts);
    const double log_cell = std::log(power.cells[(k - 1) * size + k - 1]) + power.exponent * std::numbers::ln10;
    return std::exp(log_cell + log_factorial(static_cast<double>(n)) -
                    static_cast<double>(n) * std::log(static_cast<double>(n)));
}

// P(D_n < d) by the expansion of Pelz and Good up to n^(-3/2), in the notation of Simard and L'Ecuyer.
double cdf_by_series(std::int64_t n, double d) {
    const double root = std::sqrt(static_cast<double>(n));
    const double z = d * root;
    const double z2 = z * z;
    const double z4 = z2 * z2;
    const double z6 = z4 * z2;
    double k0 = 0;
    double k1 = 0;
    double k2 = 0;
    double k3 = 0;
    double k2_whole = 0;
    double k3_whole = 0;
    for (int k = 30; k >= 0; --k) {  // both signs of k: every term counts twice
        const double a = pi * pi * (k + 0.5) * (k + 0.5);
        const double e = 2 * std::exp(-a / (2 * z2));
        k0 += e;
        k1 += (a - z2) * e;
        k2 += ((6 * z6 + 2 * z4) + a * (2 * z4 - 5 * z2) + a * a * (1 - 2 * z2)) * e;
        k3 += (a * a * a * (5 - 30 * z2) + a * a * (-60 * z2 + 212 * z4) + a * (135 * z4 - 96 * z6) -
               (30 * z6 + 90 * z4 * z4)) *
              e;
        const double b = pi * pi * k * k;
        const double f = 2 * std::exp(-b / (2 * z2));
        k2_whole += b * f;
        k3_whole += (3 * b * z2 - b * b) * f;
    }
    const double c = std::sqrt(pi / 2);
    return c / z * k0 + c / (6 * z4) * k1 / root +
           (c / (72 * z6 * z) * k2 - c / (36 * z2 * z) * k2_whole) / (root * root) +
           (c / (6480 * z6 * z4) * k3 + c / (216 * z6) * k3_whole) / (root * root * root);
}

// Twice the one-sided tail; for n too large to sum, its expansion (Maag, Dicaire 1971).
double upper_tail(std::int64_t n, double d, const CheckInterrupts& interrupts) {
    if (n <= 100'000) return 2 * one_sided_sf(n, d, interrupts);
    const double shifted = 6 * static_cast<double>(n) * d + 1;
    return 2 * std::exp(-shifted * shifted / (18 * static_cast<double>(n)));
}

double survival(std::int64_t n, double d, const CheckInterrupts& interrupts) {
    const auto size = static_cast<double>(n);
    const double t = size * d * d;
    if (d >= 1) return 0;
    if (size * d <= 0.5) return 1;
    if (d >= 0.5) return upper_tail(n, d, interrupts);  // both sides cannot be that far: exact
    if (t >= 370) return 0;                             // below what a double holds
    if (t >= (n <= 140 ? 4 : 2.2)) return upper_tail(n, d, interrupts);
    if (n <= 140 || (n <= 100'000 && size * std::pow(d, 1.5) <= 1.4)) return 1 - cdf_by_matrix(n, d, interrupts);
    return 1 - cdf_by_series(n, d);
}

}  // namespace

double kolmogorov_sf(std::int64_t n, double d, const CheckInterrupts& interrupts) {
    if (n < 1 || std::isnan(d))
        throw Error(ErrorKind::invalid_argument,
                    "Kolmogorov's law needs n >= 1 and a number d, got n = " + std::to_string(n));
    return std::clamp(survival(n, d, interrupts), 0.0, 1.0);
}

}  // namespace bourse::stats
