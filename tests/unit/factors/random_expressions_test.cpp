// 1,000 random expressions a run against reference/: every part of every expression equals its operator's definition,
// computed from scratch from the values of its arguments. The seed is fresh and printed; BOURSE_EXPRESSION_SEED repeats
// a run, BOURSE_SOAK makes it twenty times as long. docs/reference/expressions.md states the tolerances.
#include <gtest/gtest.h>

#include <cstring>
#include <iomanip>
#include <iostream>
#include <limits>

#include "factors/reference/definitions.hpp"

namespace bourse::factors {
namespace {

using namespace reference;

std::uint64_t seed_of_this_run() {
    const char* given = std::getenv("BOURSE_EXPRESSION_SEED");
    const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    std::cout << "BOURSE_EXPRESSION_SEED=" << seed << std::endl;
    return seed;
}

bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0 || (std::isnan(a) && std::isnan(b)); }

bool agrees(double got, const Expected& want) {
    if (!want.compared) return true;
    const auto value = static_cast<double>(want.value);
    if (std::isnan(value) || std::isnan(got)) return std::isnan(value) && std::isnan(got);
    if (std::isinf(value) || std::isinf(got)) return got == value;
    if (want.tolerance == 0) return got == want.value;
    const long double last_bit = 2.3e-16L * std::fabs(want.value) + 8 * std::numeric_limits<double>::denorm_min();
    return std::fabs(got - want.value) <= want.tolerance + last_bit;
}

// A market and the values of the parts of some expressions on it.
class Trial {
public:
    Trial(std::mt19937_64& random, int rows) : random_(random), market(random_market(random, rows)) {}

    // Text of a part; every part with inputs becomes a column of its own.
    void add(const Expression& e) {
        if (e.is_number()) return;
        if (e.op != "@")
            for (const auto& input : e.inputs) add(input);
        parts_.push_back({&e, written(e, random_)});
    }

    void evaluate() {
        std::vector<std::string> texts;
        for (const auto& part : parts_) texts.push_back(part.text);
        const auto answer = ask(market.source, texts);
        std::size_t rows = 0;
        for (const Rows& own : market.daily) rows += own.size();
        ASSERT_EQ(answer.rows.size(), rows);
        for (std::size_t c = 0; c < parts_.size(); ++c) {
            Values& values = values_[parts_[c].expression];
            for (const Rows& own : market.daily) {
                values.emplace_back();
                for (std::size_t r = 0; r < own.size(); ++r) {
                    const auto& row = answer.rows.at({own.id, own.ts[r]});
                    ASSERT_EQ(row.available_us, own.available[r]) << own.symbol << " row " << r;
                    values.back().push_back(row.values[c]);
                }
            }
        }
    }

    // Every part against its definition, on about a third of the rows. Returns how many values were compared.
    void compare(std::map<std::string, std::size_t>& compared, std::size_t& left_out) {
        for (const auto& part : parts_) {
            const Expression& e = *part.expression;
            std::vector<Values> numbers(e.inputs.size());
            std::vector<const Values*> inputs;
            for (std::size_t i = 0; i < e.inputs.size() && e.op != "@"; ++i) {
                if (e.inputs[i].is_number())
                    for (const Rows& own : market.daily) numbers[i].emplace_back(own.size(), e.inputs[i].number);
                inputs.push_back(e.inputs[i].is_number() ? &numbers[i] : &values_.at(&e.inputs[i]));
            }
            for (std::size_t s = 0; s < market.daily.size(); ++s)
                for (std::size_t r = 0; r < market.daily[s].size(); ++r) {
                    if (r > 4 && random_() % 3) continue;
                    const Expected want = expected(market, e, inputs, s, r);
                    const double got = values_.at(&e)[s][r];
                    ASSERT_TRUE(agrees(got, want))
                        << part.text << "\n  " << market.daily[s].symbol << " row " << r << " of "
                        << market.daily[s].size() << ": " << std::setprecision(17) << got << ", by definition "
                        << static_cast<double>(want.value) << " within " << static_cast<double>(want.tolerance);
                    ++(want.compared ? compared[e.op.empty() ? "$" + e.field : e.op] : left_out);
                }
        }
    }

    // Alone, written another way, from any row to any other: the bits are the same.
    void compare_alone(const Expression& e) {
        const std::string text = written(e, random_);
        const auto& longest = *std::max_element(market.daily.begin(), market.daily.end(),
                                                [](const Rows& a, const Rows& b) { return a.size() < b.size(); });
        const std::int64_t from = longest.ts[random_() % longest.size()],
                           to = from + test::day(1 + static_cast<int>(random_() % 60));
        test::Question question;
        question.from_us = from, question.to_us = to;
        question.block_bytes = random_() % 2 ? std::size_t{1} << 28 : 1 + random_() % 20000;
        const auto answer = ask(market.source, {text}, question);
        for (std::size_t s = 0; s < market.daily.size(); ++s)
            for (std::size_t r = 0; r < market.daily[s].size(); ++r) {
                const Rows& own = market.daily[s];
                if (own.ts[r] < from || own.ts[r] >= to) continue;
                ASSERT_TRUE(same_bits(answer.at(own.id, own.ts[r]), values_.at(&e)[s][r]))
                    << text << "\n  " << own.symbol << " row " << r << ": alone " << std::setprecision(17)
                    << answer.at(own.id, own.ts[r]) << ", with others " << values_.at(&e)[s][r];
            }
    }

private:
    struct Part {
        const Expression* expression;
        std::string text;
    };
    std::mt19937_64& random_;
    std::vector<Part> parts_;
    std::map<const Expression*, Values> values_;

public:
    Market market;
};

TEST(RandomExpressions, EveryPartIsWhatItsDefinitionSays) {
    const std::uint64_t seed = seed_of_this_run();
    SCOPED_TRACE("BOURSE_EXPRESSION_SEED=" + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto names = language_operators();
    const int markets = std::getenv("BOURSE_SOAK") ? 800 : 40;
    std::map<std::string, std::size_t> compared;
    std::size_t left_out = 0, all = 0, next = 0;
    for (int m = 0; m < markets; ++m) {
        Trial trial(random, m % 10 == 9 ? 1 + static_cast<int>(random() % 8) : 60 + static_cast<int>(random() % 120));
        std::vector<Expression> expressions;
        for (int i = 0; i < 25; ++i) expressions.push_back(random_expression(names[next++ % names.size()], random));
        for (const auto& e : expressions) trial.add(e);
        ASSERT_NO_FATAL_FAILURE(trial.evaluate());
        ASSERT_NO_FATAL_FAILURE(trial.compare(compared, left_out));
        for (const auto& e : expressions) ASSERT_NO_FATAL_FAILURE(trial.compare_alone(e));
    }
    for (const auto& name : names) EXPECT_GT(compared[name], 100u) << name;
    for (const auto& field : stored_fields()) EXPECT_GT(compared["$" + field], 100u) << field;
    for (const auto& [name, count] : compared) all += count;
    EXPECT_LT(left_out, all / 20) << "too many values are left out of the comparison";
    std::cout << markets * 25 << " expressions, " << all << " values compared, " << left_out << " left out\n";
}

}  // namespace
}  // namespace bourse::factors
