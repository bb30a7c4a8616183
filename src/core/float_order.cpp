#include "core/float_order.hpp"

#include <algorithm>
#include <limits>

namespace bourse {
namespace {

constexpr int digit_bits = 11, digits = 3;  // the last digit has ten bits
constexpr std::size_t buckets = std::size_t{1} << digit_bits;

template <int number>
std::size_t digit(std::uint32_t key) noexcept {
    return (key >> (number * digit_bits)) & (buckets - 1);
}

using Places = std::uint32_t[buckets];  // counts, then where the next one of a digit goes

// From one memory to the other, in the order of one digit.
template <int number, class From, class To, class Key, class Value>
void move_by(std::span<const From> from, To* to, Places& places, Key key, Value value) {
    std::uint32_t before = 0;
    for (auto& place : places) before += std::exchange(place, before);
    for (const auto& each : from) {
        const std::uint32_t bits = key(each);
        to[places[digit<number>(bits)]++] = value(bits);
    }
}

}  // namespace

// The first pass makes keys of the values and the last one values of the keys, without a walk of their own.
void FloatSorter::sort(std::span<float> values) {
    const std::size_t count = values.size();
    if (count > std::numeric_limits<std::uint32_t>::max()) {
        std::sort(values.begin(), values.end(), [](float a, float b) { return order_key(a) < order_key(b); });
        return;
    }
    Places counts[digits] = {};
    for (const float value : values) {
        const std::uint32_t key = order_key(value);
        ++counts[0][digit<0>(key)];
        ++counts[1][digit<1>(key)];
        ++counts[2][digit<2>(key)];
    }
    keys_.resize(std::max(keys_.size(), count));
    other_.resize(keys_.size());
    const std::span<const std::uint32_t> keys(keys_.data(), count), other(other_.data(), count);
    const auto same = [](std::uint32_t key) { return key; };
    move_by<0>(std::span<const float>(values), keys_.data(), counts[0], order_key, same);
    move_by<1>(keys, other_.data(), counts[1], same, same);
    move_by<2>(other, values.data(), counts[2], same, from_order_key);
}

}  // namespace bourse
