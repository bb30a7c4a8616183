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

std::pair<float, float> middle_values(std::span<const float> values) {
    const std::size_t low = (values.size() - 1) / 2, high = values.size() / 2;
    std::vector<std::uint32_t> counts(std::size_t{1} << 16);
    for (const float value : values) ++counts[order_key(value) >> 16];
    std::size_t first = 0, before = 0;  // the upper half of the lower one's bits, and how many lie below
    while (before + counts[first] <= low) before += counts[first++];
    std::size_t last = first, until = before + counts[first];
    while (until <= high) until += counts[++last];
    std::vector<std::uint32_t> near;
    for (const float value : values)
        if (const auto key = order_key(value); key >> 16 >= first && key >> 16 <= last) near.push_back(key);
    const auto at = near.begin() + static_cast<std::ptrdiff_t>(low - before);
    std::nth_element(near.begin(), at, near.end());
    const std::uint32_t lower = *at;
    const std::uint32_t upper = high == low ? lower : *std::min_element(at + 1, near.end());
    return {from_order_key(lower), from_order_key(upper)};
}

}  // namespace bourse
