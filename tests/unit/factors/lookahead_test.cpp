// check_lookahead finds what looks ahead and accuses nobody else.
#include "factors/lookahead.hpp"

#include <gtest/gtest.h>

#include "factors/memory_source.hpp"
#include "factors/sets/built_in_sets.hpp"

namespace bourse::factors {
namespace {

using namespace test;

MemorySource market(std::mt19937_64& random) {
    MemorySource source;
    source.listed = {{1, "AAA", ""}, {2, "BBB", "24x7"}};
    for (const auto& listed : source.listed)
        for (int d = 0; d < 200; ++d)
            if (random() % 12) {
                source.add("1d", listed.id, day(19359 + d), 50 + static_cast<double>(random() % 100),
                           100 + static_cast<double>(random() % 9));
                source.fields["prompt"][listed.id][day(19359 + d)] = static_cast<double>(random() % 100);
                source.fields["late"][listed.id][day(19359 + d)] = static_cast<double>(random() % 100);
            }
    for (int q = 0; q < 8; ++q)
        for (const auto& listed : source.listed)
            source.published["eps_q"][listed.id].push_back(
                {0, 202200 + q / 4 * 100 + q % 4 + 1, day(19365 + 24 * q), static_cast<double>(random() % 100)});
    return source;
}

std::vector<LookaheadFinding> check(MemorySource& source, const std::vector<std::string>& expressions,
                                    const KnownSource& known = {}) {
    return check_lookahead(compile(expressions, {}, [&] { return source.custom_operators(); }), source, "1d", known);
}

TEST(Lookahead, PlantedLeaksAreFound) {
    std::mt19937_64 random(2);
    auto source = market(random);
    const std::vector<std::string> leaks{"Ref($close,-1)", "Mask(Ref($close,-1),'BBB')", "CSRank(Delta($volume,-2))",
                                         "$close/Mean(Ref($close,-3),10)", "$close-FullMean($close)"};
    for (const auto& finding : check(source, leaks)) {
        EXPECT_TRUE(finding.leaks);
        EXPECT_NE(finding.evidence.find(" becomes "), std::string::npos) << finding.evidence;
    }
}

TEST(Lookahead, BuiltInSetsAndIndicatorsAreClean) {
    std::mt19937_64 random(3);
    auto source = market(random);
    std::vector<std::string> expressions;
    for (const auto& set : {alpha158(), alpha360()})
        for (const auto& feature : set) expressions.push_back(feature.expression);
    for (const char* each : {"RSI($close,14)", "MACD_HIST($close)", "$close@1w", "CSRank($close)@1mo",
                             "TResample($close,'1w','max')", "Mask($close,'AAA')", "P(Mean($$eps_q,2))"})
        expressions.emplace_back(each);
    const auto findings = check(source, expressions);
    for (std::size_t i = 0; i < findings.size(); ++i) {
        EXPECT_FALSE(findings[i].leaks) << expressions[i] << ": " << findings[i].evidence;
        EXPECT_TRUE(findings[i].has_values) << expressions[i];
    }
}

// A call of every operator of the list, indicators too, on fields, other instruments, other frequencies, cross-sections
// and statements: it leaks if and only if its form says so.
TEST(Lookahead, EveryOperatorIsCleanUnlessItSaysSo) {
    std::mt19937_64 random(6);
    auto source = market(random);
    const std::vector<std::string> fields{"$close", "$volume", "$open", "$high", "$low"};
    std::vector<std::string> expressions;
    for (const auto& op : operators()) {
        std::vector<std::string> arguments;
        for (std::size_t i = 0; i < op.inputs.size(); ++i)
            arguments.push_back(op.elsewhere == Elsewhere::statements ? "$$eps_q"
                                : op.takes == Kind::condition         ? "($close>Mean($close,5))"
                                                                      : fields[i % fields.size()]);
        for (const auto& p : op.params)
            if (std::isnan(p.fallback))
                arguments.push_back(p.name == "N" ? "7" : p.name == "period" ? "202202" : "0.3");
        std::vector<std::string> texts;
        for (const auto& t : op.texts)
            if (t.required) texts.push_back(t.name == "symbol" ? "'AAA'" : t.name == "frequency" ? "'1w'" : "'sum'");
        arguments.insert(op.texts_first ? arguments.begin() : arguments.end(), texts.begin(), texts.end());
        std::string text = op.name + "(";
        for (const auto& argument : arguments) text += (text.back() == '(' ? "" : ",") + argument;
        expressions.push_back(text + ")");
    }
    const Plan plan = compile(expressions);
    const auto findings = check(source, expressions);
    std::size_t ahead = 0, valued = 0;
    for (std::size_t i = 0; i < findings.size(); ++i) {
        EXPECT_EQ(findings[i].leaks, plan.reach(i).right > 0) << expressions[i] << ": " << findings[i].evidence;
        ahead += findings[i].leaks;
        valued += findings[i].has_values;
    }
    EXPECT_EQ(ahead, 2u) << "DayLast and BFillNan";
    EXPECT_GT(valued, findings.size() * 9 / 10);
}

// Values that were written to their rows later than the rows were known: what a finished week would be.
TEST(Lookahead, SeriesThatWereKnownLaterAreFound) {
    std::mt19937_64 random(4);
    auto source = market(random);
    const KnownSource known = [&](std::int64_t now) {
        auto then = std::make_unique<MemorySource>(source);
        for (auto& [name, instruments] : then->fields)
            for (auto& [id, values] : instruments)
                std::erase_if(values,
                              [&](const auto& value) { return value.first + day(name == "late" ? 5 : 1) > now; });
        return then;
    };
    const auto findings = check(source, {"$prompt", "Mean($late,3)", "$close"}, known);
    EXPECT_FALSE(findings[0].leaks) << findings[0].evidence;
    EXPECT_TRUE(findings[1].leaks);
    EXPECT_FALSE(findings[2].leaks);
    // Loaded in one go, long after: nobody can tell.
    const auto in_one_go = check(source, {"$late"}, [](std::int64_t) { return std::make_unique<MemorySource>(); });
    EXPECT_FALSE(in_one_go[0].leaks);
}

TEST(Lookahead, WithoutBarsThePlanIsAsked) {
    MemorySource source;
    const auto findings = check(source, {"Ref($close,-2)", "Mean($close,5)"});
    EXPECT_TRUE(findings[0].leaks);
    EXPECT_EQ(findings[0].evidence, "reads 2 bars ahead");
    EXPECT_FALSE(findings[1].leaks);
    EXPECT_EQ(findings[1].evidence, "there are too few 1d bars to try it on");
}

}  // namespace
}  // namespace bourse::factors
