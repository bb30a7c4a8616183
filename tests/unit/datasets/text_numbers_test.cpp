#include "datasets/text_numbers.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace bourse::datasets {
namespace {

TEST(TextNumbers, FindsWhatAMapFinds) {
    std::mt19937 random(3);
    for (const std::size_t letters : {1, 3, 26}) {
        TextNumbers numbers;
        std::map<std::string, std::uint32_t> expected;
        EXPECT_EQ(numbers.find(""), TextNumbers::none);
        for (std::uint32_t n = 0; n < 5000; ++n) {
            std::string text(random() % 40, '\0');
            for (char& letter : text) letter = static_cast<char>(random() % letters);
            numbers.add(text);
            expected.emplace(text, n);
            ASSERT_EQ(numbers.find(text), expected[text]);
        }
        EXPECT_EQ(numbers.size(), 5000u);
        for (const auto& [text, number] : expected) {
            EXPECT_EQ(numbers.find(text), number);
            const std::string longer = text + "x";
            const auto found = expected.find(longer);
            EXPECT_EQ(numbers.find(longer), found == expected.end() ? TextNumbers::none : found->second);
        }
    }
}

}  // namespace
}  // namespace bourse::datasets
