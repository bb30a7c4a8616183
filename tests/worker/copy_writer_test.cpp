// COPY from a thread of its own: everything arrives, once and in order; what goes wrong is told to whoever writes.
#include <libpq-fe.h>

#include "refresh_support.hpp"

namespace bourse::workers {
namespace {

class CopyAhead : public testing::TestWithParam<CopyWriter::Sending> {
protected:
    void SetUp() override {
        if (database().empty()) GTEST_SKIP() << "BOURSE_DB is not set";
        connection_ = std::make_unique<Connection>(database());
        pqxx::nontransaction(*connection_).exec("CREATE TEMP TABLE copied (n int8 PRIMARY KEY, payload bytea)");
    }
    static constexpr auto statement = "COPY pg_temp.copied FROM STDIN (FORMAT binary)";

    // More than what may wait.
    static void write(CopyWriter& writer, std::int64_t from, std::int64_t to) {
        for (auto n = from; n < to; ++n) {
            const std::vector<std::byte> payload(5000, static_cast<std::byte>(n));
            writer.row(2);
            writer.int8(n);
            writer.bytes(payload);
        }
    }
    std::int64_t count(const std::string& what) {
        return pqxx::nontransaction(*connection_)
            .exec1("SELECT " + what + " FROM pg_temp.copied")[0]
            .as<std::int64_t>();
    }
    std::unique_ptr<Connection> connection_;
};

TEST_P(CopyAhead, AllRowsArrive) {
    CopyWriter writer(*connection_, statement, GetParam());
    write(writer, 0, 3000);
    EXPECT_EQ(writer.finish(), 3000);
    EXPECT_EQ(count("count(*)"), 3000);
    EXPECT_EQ(count("count(*) FILTER (WHERE payload = decode(repeat(lpad(to_hex(n % 256), 2, '0'), 5000), 'hex'))"),
              3000);
    CopyWriter empty(*connection_, statement, GetParam());
    EXPECT_EQ(empty.finish(), 0);
}

TEST_P(CopyAhead, AbandonedRowsAreGone) {
    {
        CopyWriter writer(*connection_, statement, GetParam());
        write(writer, 0, 3000);
    }
    EXPECT_EQ(count("count(*)"), 0);
}

TEST_P(CopyAhead, ARefusalIsThrown) {
    CopyWriter writer(*connection_, statement, GetParam());
    write(writer, 0, 2000);
    write(writer, 7, 8);
    try {
        write(writer, 2000, 4000);
        writer.finish();
        FAIL() << "a row was there twice";
    } catch (const pqxx::sql_error& e) {
        EXPECT_EQ(e.sqlstate(), "23505");
    }
    EXPECT_EQ(count("count(*)"), 0);
}

TEST_P(CopyAhead, ALostSessionIsThrown) {
    Connection other(database());
    CopyWriter writer(*connection_, statement, GetParam());
    write(writer, 0, 100);
    pqxx::nontransaction(other).exec("SELECT pg_terminate_backend(" + std::to_string(PQbackendPID(connection_->raw())) +
                                     ", 60000)");
    EXPECT_THROW(
        {
            write(writer, 100, 5000);
            writer.finish();
        },
        pqxx::broken_connection);
}

INSTANTIATE_TEST_SUITE_P(Sending, CopyAhead, testing::Values(CopyWriter::Sending::at_once, CopyWriter::Sending::ahead));

}  // namespace
}  // namespace bourse::workers
