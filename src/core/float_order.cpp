#include "core/float_order.hpp"

#include <algorithm>
#include <limits>

#include "core/unset.hpp"

namespace bourse {
namespace {

constexpr int digit_bits = 11, digits = 3;  // the last digit has ten bits
constexpr std::size_t buckets = std::size_t{1} << digit_bits;

std::size_t digit(std::uint32_t key, int number) noexcept { return (key >> (number * digit_bits)) & (buckets - 1); }

using Places = std::uint32_t[buckets];  // counts, then where the next one of a digit goes

// From one memory to the other, in the order of one digit.
template <class From, class To, class Key, class Value>
void move_by(int number, std::span<const From> from, To* to, Places& places, Key key, Value value) {
    std::uint32_t before = 0;
    for (auto& place : places) before += std::exchange(place, before);
    for (const auto& each : from) {
        const std::uint32_t bits = key(each);
        to[places[digit(bits, number)]++] = value(bits);
    }
}

}  // namespace

// The first pass makes keys of the values and the last one values of the keys, without a walk of their own.
void sort_by_bits(std::span<float> values) {
    const std::size_t count = values.size();
    if (count > std::numeric_limits<std::uint32_t>::max()) {
        std::sort(values.begin(), values.end(), [](float a, float b) { return order_key(a) < order_key(b); });
        return;
    }
    auto counts = std::make_unique<Places[]>(digits);
    for (const float value : values)
        for (int number = 0; number < digits; ++number) ++counts[number][digit(order_key(value), number)];
    std::vector<int> passes;  // a digit that all have in common takes none
    for (int number = 0; number < digits; ++number)
        if (std::ranges::find(counts[number], count) == std::end(counts[number])) passes.push_back(number);
    if (passes.empty()) return;

    UnsetVector<std::uint32_t> keys(count), other(passes.size() > 2 ? count : 0);
    const auto same = [](std::uint32_t key) { return key; };
    move_by(passes[0], std::span<const float>(values), keys.data(), counts[passes[0]], order_key, same);
    if (passes.size() > 2) {
        move_by(passes[1], std::span<const std::uint32_t>(keys), other.data(), counts[passes[1]], same, same);
        keys.swap(other);
    }
    if (passes.size() > 1)
        move_by(passes.back(), std::span<const std::uint32_t>(keys), values.data(), counts[passes.back()], same,
                from_order_key);
    else
        std::ranges::transform(keys, values.begin(), from_order_key);
}

}  // namespace bourse
