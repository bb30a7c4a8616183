#include "stats/ks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "core/error.hpp"
#include "stats/kolmogorov.hpp"

namespace bourse::stats {
namespace {

using Values = std::vector<double>;
const Values R = {1, 2, 2, 3, 4, 5, 6, 7, 8, 10};
const Values C = {3, 4, 5, 5, 6, 8, 9, 11, 12};
const Values A = {.1, .4, .7, 1.2, 1.9};
const Values B = {.9, 1.1, 1.5, 2.2, 2.8};
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

Values x_fixture() {
    Values x;
    for (int i = 1; i <= 20; ++i) x.push_back(i / 20.0);
    return x;
}
Values y_fixture() {
    Values y;
    for (int j = 1; j <= 30; ++j) y.push_back(std::pow(j / 30.0, 3) + 0.001);
    return y;
}

void expect_relative(double actual, double expected, double tolerance) { EXPECT_NEAR(actual / expected, 1, tolerance); }

TEST(Ks, MatchesPublishedNumbers) {
    Values u, u2;
    for (int i = 0; i < 1000; ++i) {
        u.push_back(i / 1000.0);
        u2.push_back(u.back() * u.back());
    }
    const struct {
        Values a, b;
        double d, exact, asymptotic;
    } cases[] = {{R, C, .3, .637478620450757, .664},
                 {A, B, .6, .357142857142857, .32},
                 {x_fixture(), y_fixture(), .416666666666667, .0243512069036775, .0211467656254237},
                 {u, u2, .25, 7.61334881740e-28, 5.08405223e-28}};
    for (const auto& [a, b, d, exact, asymptotic] : cases) {
        const auto result = ks_test(a, b);
        EXPECT_EQ(result.method, KsMethod::exact);
        EXPECT_NEAR(result.statistic, d, 1e-15);
        expect_relative(result.p_value, exact, 1e-11);
        const auto limit = ks_test(a, b, KsMethod::asymptotic);
        EXPECT_EQ(limit.method, KsMethod::asymptotic);
        expect_relative(limit.p_value, asymptotic, 1e-8);
    }
}

// scipy 1.17.1, stats.kstwo.sf(d, n)
TEST(Kolmogorov, MatchesScipy) {
    const struct {
        std::int64_t n;
        double d, p;
    } cases[] = {{1, 0.6, 0.8},
                 {2, 0.6, 0.32000000000000006},
                 {5, 0.3, 0.664},
                 {12, 0.4166666666666667, 0.02114676562542339},
                 {20, 0.1, 0.976255094592155},
                 {100, 0.05, 0.9532159710635725},
                 {140, 0.17, 0.0005246108687519814},
                 {141, 0.05, 0.854845693009663},
                 {500, 0.04, 0.3902508696049749},
                 {500, 0.25, 5.084052233779515e-28},
                 {1000, 0.06, 0.001428597887952891},
                 {5000, 0.01, 0.6954557253913853},
                 {50000, 0.004, 0.3994316646755731},
                 {100000, 0.01, 4.093278023549254e-09}};
    for (const auto& [n, d, p] : cases) expect_relative(kolmogorov_sf(n, d), p, 1e-7);
    expect_relative(kolmogorov_sf(500'000, std::sqrt(2.3 / 500'000)), 0.0200748935918899, 1e-5);
}

TEST(Kolmogorov, EndsOfTheRange) {
    EXPECT_EQ(kolmogorov_sf(10, 0), 1);
    EXPECT_EQ(kolmogorov_sf(10, -1), 1);
    EXPECT_EQ(kolmogorov_sf(10, 1), 0);
    EXPECT_EQ(kolmogorov_sf(1'000'000, .5), 0);
    EXPECT_THROW(kolmogorov_sf(0, .5), Error);
    EXPECT_THROW(kolmogorov_sf(5, nan), Error);
}

// scipy 1.17.1, stats.ks_2samp(method='exact'): sizes, distance in steps of 1/(n_a n_b), p
TEST(KsExact, MatchesScipy) {
    const struct {
        std::size_t a, b;
        std::uint64_t steps;
        double p;
    } cases[] = {{1, 1, 1, 1.0},
                 {1, 9, 9, 0.2},
                 {3, 8, 8, 0.9272727272727272},
                 {7, 7, 42, 0.008158508158508158},
                 {12, 18, 132, 0.0057127480215936},
                 {50, 51, 1042, 0.0002019918186777643},
                 {64, 96, 608, 0.8224807496939762},
                 {200, 300, 9400, 0.005073042605964213},
                 {999, 1000, 48607, 0.17718337710815665},
                 {1000, 1000, 64000, 0.033253124816560224},
                 {10000, 7, 18158, 0.6448451230393764}};
    for (const auto& [a, b, steps, p] : cases) {
        expect_relative(ks_exact_p(a, b, steps), p, 1e-10);
        expect_relative(ks_exact_p(b, a, steps), p, 1e-10);
    }
    EXPECT_EQ(ks_exact_p(5, 7, 0), 1);
    EXPECT_EQ(ks_exact_p(0, 7, 3), 1);
}

// Every order of the pooled values, counted one by one.
double p_by_enumeration(std::size_t n_a, std::size_t n_b, std::uint64_t steps) {
    Values labels(n_a, 0);
    labels.insert(labels.end(), n_b, 1);
    double outside = 0;
    double all = 0;
    do {
        std::int64_t distance = 0;
        std::int64_t largest = 0;
        for (const double label : labels) {
            distance += label == 0 ? static_cast<std::int64_t>(n_b) : -static_cast<std::int64_t>(n_a);
            largest = std::max(largest, std::abs(distance));
        }
        outside += largest >= static_cast<std::int64_t>(steps);
        all += 1;
    } while (std::next_permutation(labels.begin(), labels.end()));
    return outside / all;
}

TEST(KsExact, EqualsEnumeration) {
    for (std::size_t n_a = 1; n_a <= 6; ++n_a)
        for (std::size_t n_b = 1; n_b <= 7; ++n_b)
            for (std::uint64_t steps = 1; steps <= n_a * n_b; ++steps) {
                // only distances that the lattice has: others cannot come from data
                const auto g = std::gcd(n_a, n_b);
                if (steps % g != 0) continue;
                EXPECT_NEAR(ks_exact_p(n_a, n_b, steps), p_by_enumeration(n_a, n_b, steps), 1e-13)
                    << n_a << " " << n_b << " " << steps;
            }
}

// D by its definition, at every pooled value.
double distance_by_definition(const Values& a, const Values& b) {
    const auto share = [](const Values& sample, double x) {
        return static_cast<double>(std::count_if(sample.begin(), sample.end(), [&](double v) { return v <= x; })) /
               static_cast<double>(sample.size());
    };
    double largest = 0;
    for (const auto& side : {a, b})
        for (const double x : side) largest = std::max(largest, std::abs(share(a, x) - share(b, x)));
    return largest;
}

TEST(Ks, SymmetricInvariantAndAsDefined) {
    std::mt19937_64 random(7);
    std::normal_distribution<double> normal;
    std::uniform_int_distribution<std::size_t> size(1, 80);
    for (int round = 0; round < 200; ++round) {
        Values a(size(random)), b(size(random));
        for (auto* side : {&a, &b})
            for (double& v : *side) v = round % 2 == 0 ? normal(random) : std::round(3 * normal(random)) / 3;
        const auto result = ks_test(a, b);
        EXPECT_NEAR(result.statistic, distance_by_definition(a, b), 1e-14);
        EXPECT_GE(result.p_value, 0);
        EXPECT_LE(result.p_value, 1);
        const auto swapped = ks_test(b, a);
        EXPECT_EQ(result.statistic, swapped.statistic);
        EXPECT_NEAR(result.p_value, swapped.p_value, 1e-13);
        Values mapped_a(a), mapped_b(b);  // an increasing map keeps order and ties
        for (auto* side : {&mapped_a, &mapped_b})
            for (double& v : *side) v = std::exp(v) * 5 - 3;
        const auto mapped = ks_test(mapped_a, mapped_b);
        EXPECT_EQ(result.statistic, mapped.statistic);
        EXPECT_EQ(result.p_value, mapped.p_value);
        EXPECT_EQ(ks_test(a, a).statistic, 0);
        EXPECT_EQ(ks_test(a, a).p_value, 1);
    }
}

TEST(Ks, MissingValuesAreDropped) {
    Values a(R), b(C);
    a.insert(a.begin() + 3, {nan, inf});
    b.push_back(-inf);
    const auto result = ks_test(a, b);
    EXPECT_EQ(result.n_a, 10u);
    EXPECT_EQ(result.n_b, 9u);
    EXPECT_NEAR(result.statistic, .3, 1e-15);
}

TEST(Ks, NotesSayWhatToDistrust) {
    EXPECT_EQ(ks_test({}, R).note, KsNote::insufficient_data);
    EXPECT_TRUE(std::isnan(ks_test({nan, nan}, R).p_value));
    const auto equal = ks_test({2, 2, 2}, {2, 2});
    EXPECT_EQ(equal.note, KsNote::constant);
    EXPECT_EQ(equal.statistic, 0);
    EXPECT_EQ(equal.p_value, 1);
    const auto apart = ks_test({2, 2, 2}, {3, 3});
    EXPECT_EQ(apart.note, KsNote::constant);
    EXPECT_EQ(apart.statistic, 1);
    EXPECT_EQ(ks_test(R, C).note, KsNote::heavy_ties);
    EXPECT_EQ(ks_test(A, B).note, KsNote::none);
    EXPECT_EQ(ks_test({-0.0}, {0.0}).statistic, 0);
}

TEST(Ks, LargeSamplesTakeTheAsymptoticLaw) {
    Values a(10'001), b(50);
    for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<double>(i);
    for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<double>(150 * i);
    const auto result = ks_test(a, b);
    EXPECT_EQ(result.method, KsMethod::asymptotic);
    EXPECT_EQ(result.p_value, kolmogorov_sf(50, result.statistic));  // round(10001 * 50 / 10051) = 50
}

TEST(Ks, CanBeCancelledInEveryStage) {
    const auto stop = [] { throw Error(ErrorKind::cancelled, "stop"); };
    Values a(200'000), b(200'000);
    for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<double>((i * 7919) % 200'003);
    b = a;
    EXPECT_THROW(ks_test(a, b, KsMethod::automatic, stop), Error);
    EXPECT_THROW(ks_exact_p(9'999, 10'000, 5'000'000, stop), Error);
    EXPECT_THROW(ks_exact_p(10'000, 10'000, 5'000'000, stop), Error);
    EXPECT_THROW(kolmogorov_sf(90'000, .01, stop), Error);
    EXPECT_THROW(kolmogorov_sf(140, .1, stop), Error);
}

}  // namespace
}  // namespace bourse::stats
