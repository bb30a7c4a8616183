// Byte strings kept by number: a number is half a pointer, and what it names never moves.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>

#include "core/large_vector.hpp"

namespace bourse::datasets {

class ByteStore {
public:
    static constexpr std::uint32_t none = 0;

    // Room for so many bytes, one at least, at a multiple of 8; never `none`. Error: std::length_error beyond 2^32
    // units.
    std::uint32_t take(std::size_t bytes) {
        const std::size_t units = (bytes + unit - 1) / unit;
        if (units > left_) add_block(units);
        const auto place = static_cast<std::uint32_t>((blocks_.size() - 1) * units_a_block + next_);
        next_ += units;
        left_ -= units;
        return place;
    }
    std::uint32_t keep(std::span<const std::byte> bytes) {
        const std::uint32_t place = take(bytes.size());
        std::memcpy(at(place), bytes.data(), bytes.size());
        return place;
    }
    std::byte* at(std::uint32_t place) const noexcept {
        return const_cast<std::byte*>(blocks_[place / units_a_block].data()) +
               static_cast<std::size_t>(place % units_a_block) * unit;
    }
    // Asked of the system so far.
    std::size_t bytes() const noexcept { return bytes_; }

private:
    static constexpr std::size_t unit = 8, units_a_block = std::size_t{1} << 20, units_at_first = 1 << 15;

    // The first is small, as most stores are; a string beyond a block has a longer one for itself.
    void add_block(std::size_t units) {
        if (blocks_.size() >= (std::size_t{1} << 32) / units_a_block)
            throw std::length_error("more than 2^32 units of bytes");
        const std::size_t first = blocks_.empty() ? 1 : 0;
        const std::size_t size = std::max(units + first, blocks_.empty() ? units_at_first : units_a_block);
        blocks_.emplace_back(size * unit);
        bytes_ += size * unit;
        next_ = first;
        left_ = size - first;
    }

    std::vector<LargeVector<std::byte>> blocks_;
    std::size_t next_ = 0, left_ = 0, bytes_ = 0;
};

}  // namespace bourse::datasets
