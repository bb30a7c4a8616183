#include "workers/task/outcome.hpp"

#include <new>

#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "core/error.hpp"

namespace bourse::workers {
namespace {

template <class E>
Outcome outcome_for(const E& error, bool cancelled = false) {
    return outcome_of(std::make_exception_ptr(error), cancelled);
}

TEST(Outcome, KeepsEveryPartOfAServersMessage) {
    const auto o = outcome_for(
        pqxx::sql_error("ERROR:  till is empty\nDETAIL:  amount 7\nHINT:  come back later\n", "SELECT 1", "P0001"));
    EXPECT_EQ(o.sqlstate, "P0001");
    EXPECT_EQ(o.message, "till is empty");
    EXPECT_EQ(o.detail, "amount 7");
    EXPECT_EQ(o.hint, "come back later");
    EXPECT_TRUE(o.retryable);
    EXPECT_EQ(describe(o), "till is empty; detail: amount 7; hint: come back later (P0001)");
}

TEST(Outcome, TriesAgainOnlyWhatMayGoBetter) {
    const auto sql = [](const char* state) { return outcome_for(pqxx::sql_error("ERROR:  x\n", "", state)).retryable; };
    for (const char* state : {"0A000", "22023", "42501", "MB021", "MB040"}) EXPECT_FALSE(sql(state)) << state;
    for (const char* state : {"40001", "40P01", "53100", "57014", "57P01", "P0001", "23505"})
        EXPECT_TRUE(sql(state)) << state;
    for (const auto kind : {ErrorKind::invalid_argument, ErrorKind::insufficient_data, ErrorKind::unknown_feature,
                            ErrorKind::unknown_option})
        EXPECT_FALSE(outcome_for(Error(kind, "x")).retryable);
    for (const auto kind : {ErrorKind::internal, ErrorKind::cancelled})
        EXPECT_TRUE(outcome_for(Error(kind, "x")).retryable);
    EXPECT_TRUE(outcome_for(std::bad_alloc()).retryable);
    EXPECT_TRUE(outcome_for(pqxx::broken_connection("gone")).retryable);
}

TEST(Outcome, KnowsTheSqlstatesThatTheLibraryDrops) {
    EXPECT_EQ(outcome_for(pqxx::insufficient_privilege("ERROR:  no\n")).sqlstate, "42501");
    EXPECT_FALSE(outcome_for(pqxx::insufficient_privilege("ERROR:  no\n")).retryable);
    EXPECT_EQ(outcome_for(pqxx::undefined_table("ERROR:  no\n")).sqlstate, "42P01");
    EXPECT_EQ(outcome_for(pqxx::data_exception("ERROR:  no\n")).sqlstate, "22000");
    EXPECT_EQ(outcome_for(pqxx::unique_violation("ERROR:  no\n")).sqlstate, "23505");
    EXPECT_EQ(outcome_for(pqxx::deadlock_detected("ERROR:  no\n")).sqlstate, "40P01");
    EXPECT_EQ(outcome_for(pqxx::serialization_failure("ERROR:  no\n")).sqlstate, "40001");
}

TEST(Outcome, SaysThatAnotherAttemptHoldsTheJob) {
    EXPECT_TRUE(outcome_for(Error(ErrorKind::lost_lease, "x")).lost);
    EXPECT_TRUE(outcome_for(pqxx::sql_error("ERROR:  x\n", "", "MB050")).lost);
    EXPECT_FALSE(outcome_for(pqxx::sql_error("ERROR:  x\n", "", "MB051")).lost);
}

TEST(Outcome, NamesACancelledStatementByItsCause) {
    const pqxx::sql_error error("ERROR:  canceling statement due to user request\n", "", "57014");
    EXPECT_EQ(outcome_for(error, true).message, "the job was told to stop");
    EXPECT_EQ(outcome_for(error, false).message, "canceling statement due to user request");
}

TEST(Outcome, PassesThePipeWhole) {
    Outcome o;
    o.completed = o.lost = true;
    o.sqlstate = "22023";
    o.message = std::string(100'000, '\1');  // escaped as \u0001
    o.detail = o.hint = o.message;
    o.retryable = false;
    const auto text = to_json(o).dump();
    EXPECT_LT(text.size(), 65'536u) << "more than a pipe holds: the child would block";
    const auto back = outcome_from_json(nlohmann::json::parse(text));
    EXPECT_TRUE(back.completed && back.lost && !back.retryable);
    EXPECT_EQ(back.sqlstate, o.sqlstate);
    EXPECT_EQ(back.message, o.message.substr(0, 3000));
    EXPECT_EQ(back.detail, back.message);
    EXPECT_EQ(back.hint, back.message);
    EXPECT_THROW(outcome_from_json(nlohmann::json::parse("{}")), nlohmann::json::exception);
}

TEST(Outcome, PutsTextOnOneLine) {
    EXPECT_EQ(one_line("FATAL:  down\n\tagain\n"), "FATAL:  down \tagain");
    EXPECT_EQ(one_line("\n"), "");
}

}  // namespace
}  // namespace bourse::workers
