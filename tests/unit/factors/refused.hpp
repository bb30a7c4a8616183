// Expressions that must be refused.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "factors/support.hpp"

namespace bourse::factors::test {

// What compiling says of an expression that must be refused.
inline std::string error_of(const std::string& expression) {
    try {
        compile(expression);
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::bad_expression);
        return e.what();
    }
    ADD_FAILURE() << "no error for " << expression;
    return {};
}

}  // namespace bourse::factors::test
