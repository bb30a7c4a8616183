// The reference lists every operator as the catalogue has it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

#include "factors/operators/operator.hpp"

namespace bourse::factors {
namespace {

TEST(Docs, ReferenceHasEveryOperator) {
    const char* source = std::getenv("BOURSE_SOURCE");
    if (!source) GTEST_SKIP() << "BOURSE_SOURCE is not set";
    std::ifstream file(std::string(source) + "/docs/reference/expressions.md");
    ASSERT_TRUE(file);
    std::set<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.insert(line);
    std::string lacking;
    for (const auto& op : operators()) {
        const std::string row = "| `" + form(op) + "` | " + op.summary + " | " + op.missing + " |";
        if (!lines.contains(row)) lacking += row + "\n";
    }
    EXPECT_TRUE(lacking.empty()) << "docs/reference/expressions.md lacks these rows:\n" << lacking;
}

}  // namespace
}  // namespace bourse::factors
