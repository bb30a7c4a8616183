#include "core/float_order.hpp"

#include <algorithm>
#include <array>

namespace bourse {
namespace {

constexpr int digit_bits = 11, digits = 3;  // the last digit has ten bits
constexpr std::size_t buckets = std::size_t{1} << digit_bits;

std::size_t digit(std::uint32_t key, int number) noexcept { return (key >> (number * digit_bits)) & (buckets - 1); }

}  // namespace

void sort_by_bits(std::span<float> values) {
    std::vector<std::uint32_t> keys(values.size()), other(values.size());
    std::vector<std::array<std::size_t, buckets>> counts(digits);
    for (std::size_t i = 0; i < values.size(); ++i) {
        keys[i] = order_key(values[i]);
        for (int number = 0; number < digits; ++number)
            ++counts[static_cast<std::size_t>(number)][digit(keys[i], number)];
    }
    for (int number = 0; number < digits; ++number) {
        auto& places = counts[static_cast<std::size_t>(number)];
        if (std::find(places.begin(), places.end(), values.size()) != places.end()) continue;  // all have this digit
        std::size_t before = 0;
        for (auto& place : places) before += std::exchange(place, before);
        for (const auto key : keys) other[places[digit(key, number)]++] = key;
        keys.swap(other);
    }
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = from_order_key(keys[i]);
}

}  // namespace bourse
