#include "workers/common/conninfo.hpp"

#include <cstdlib>
#include <map>

#include <gtest/gtest.h>
#include <libpq-fe.h>

namespace bourse::workers {
namespace {

using std::chrono::milliseconds;

// What libpq itself reads in the text.
std::map<std::string, std::string> read(const std::string& conninfo) {
    std::map<std::string, std::string> options;
    char* error = nullptr;
    auto* parsed = PQconninfoParse(conninfo.c_str(), &error);
    EXPECT_NE(parsed, nullptr) << (error ? error : "");
    PQfreemem(error);
    for (const auto* option = parsed; option && option->keyword; ++option)
        if (option->val) options[option->keyword] = option->val;
    PQconninfoFree(parsed);
    return options;
}

TEST(Conninfo, AsksForKeepalivesAndKeepsWhatIsSaid) {
    const auto options =
        read(with_defaults("host=db port=6000 dbname='a b' user='o\\'' password='p\\'w\\\\'", "me", {}));
    EXPECT_EQ(options.at("host"), "db");
    EXPECT_EQ(options.at("port"), "6000");
    EXPECT_EQ(options.at("dbname"), "a b");
    EXPECT_EQ(options.at("password"), "p'w\\");
    EXPECT_EQ(options.at("application_name"), "me");
    EXPECT_EQ(options.at("keepalives_idle"), "10");
    EXPECT_EQ(options.count("connect_timeout"), 0u);
    EXPECT_EQ(options.count("tcp_user_timeout"), 0u);
}

TEST(Conninfo, ReadsAnAddress) {
    const auto options = read(with_defaults("postgresql://me:s%20ecret@one:1,two:2/shop?target_session_attrs=primary",
                                            "worker", milliseconds(10'000)));
    EXPECT_EQ(options.at("host"), "one,two");
    EXPECT_EQ(options.at("port"), "1,2");
    EXPECT_EQ(options.at("password"), "s ecret");
    EXPECT_EQ(options.at("dbname"), "shop");
    EXPECT_EQ(options.at("target_session_attrs"), "primary");
    EXPECT_EQ(options.at("connect_timeout"), "10");
    EXPECT_EQ(options.at("tcp_user_timeout"), "10000");
}

TEST(Conninfo, TheUsersWordsWin) {
    const auto options =
        read(with_defaults("connect_timeout=7 keepalives_idle=99 tcp_user_timeout=1", "w", milliseconds(300)));
    EXPECT_EQ(options.at("connect_timeout"), "7");
    EXPECT_EQ(options.at("keepalives_idle"), "99");
    EXPECT_EQ(options.at("tcp_user_timeout"), "1");
    ASSERT_EQ(setenv("PGCONNECT_TIMEOUT", "9", 1), 0);
    EXPECT_EQ(read(with_defaults("", "w", milliseconds(300))).count("connect_timeout"), 0u);
    unsetenv("PGCONNECT_TIMEOUT");
    EXPECT_EQ(read(with_defaults("", "w", milliseconds(300))).at("connect_timeout"), "2");  // libpq takes no less
}

TEST(Conninfo, ALongSessionIsNotHalfOpenForEver) {
    const auto options = read(with_defaults(with_stall_limit("host=db password='p\\'w'"), "task", {}));
    EXPECT_EQ(options.at("tcp_user_timeout"), "60000");
    EXPECT_EQ(options.at("password"), "p'w");
    EXPECT_EQ(options.at("keepalives_idle"), "10");
    EXPECT_EQ(options.count("connect_timeout"), 0u);  // nor is its own patience limited
    EXPECT_EQ(read(with_stall_limit("tcp_user_timeout=7")).at("tcp_user_timeout"), "7");
    EXPECT_EQ(read(with_stall_limit("tcp_user_timeout=0")).at("tcp_user_timeout"), "0");  // the system's own
}

TEST(Conninfo, LeavesNonsense) {
    EXPECT_EQ(with_defaults("no such thing", "w", {}), "no such thing");
    EXPECT_EQ(with_stall_limit("no such thing"), "no such thing");
}

}  // namespace
}  // namespace bourse::workers
