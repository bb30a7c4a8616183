#include "workers/worker/redact.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace bourse::workers {
namespace {

TEST(Redact, PasswordsOfTheConnectionString) {
    const Redactor words("host=db dbname=x user=u password='top s3cret' sslpassword=key1");
    EXPECT_EQ(words.clean("login with top s3cret failed, key1 too: top s3cret"), "login with *** failed, *** too: ***");
    const Redactor address("postgresql://u:p%40ss@db/x");
    EXPECT_EQ(address.clean("p@ss was refused"), "*** was refused");
    EXPECT_EQ(address.clean("at postgresql://u:p%40ss@db/x now"), "at postgresql://u:***@db/x now");
}

TEST(Redact, ThePasswordOfTheEnvironment) {
    setenv("PGPASSWORD", "fromEnv", 1);
    const Redactor redactor("dbname=x");
    unsetenv("PGPASSWORD");
    EXPECT_EQ(redactor.clean("xfromEnvy"), "x***y");
}

TEST(Redact, WhatLooksLikeOne) {
    const Redactor redactor("dbname=x");
    EXPECT_EQ(redactor.clean("a password=abc b"), "a password=*** b");
    EXPECT_EQ(redactor.clean("PASSWORD: abc"), "PASSWORD: ***");
    EXPECT_EQ(redactor.clean(R"({"token": "abc", "n": 1})"), R"({"token": "***", "n": 1})");
    EXPECT_EQ(redactor.clean("api_key='abc',secret=d;"), "api_key='***',secret=***;");
    EXPECT_EQ(redactor.clean("http://a:b@c/d?token=e&f=1"), "http://a:***@c/d?token=***&f=1");
    EXPECT_EQ(redactor.clean("password="), "password=***");
}

TEST(Redact, LeavesTheRestAlone) {
    const Redactor redactor("dbname=x");
    for (const char* text : {"", "no password was given", "ratio 1:2 at http://host:80/a@b", "token ring", "://",
                             "a://b@c", "secretary: none"})
        EXPECT_EQ(redactor.clean(text), text);
}

}  // namespace
}  // namespace bourse::workers
