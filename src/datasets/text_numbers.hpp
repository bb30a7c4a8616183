// Texts numbered in the order in which they come, found by the million.
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace bourse::datasets {

class TextNumbers {
public:
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    // Numbers count from 0. A text that is there already keeps its first number, and uses up one more.
    void add(std::string_view text) {
        if ((ends_.size() + 1) * 2 > slots_.size()) grow();
        pool_.append(text);
        ends_.push_back(pool_.size());
        insert(hash(text), static_cast<std::uint32_t>(ends_.size() - 1));
    }
    std::uint32_t find(std::string_view text) const noexcept {
        if (slots_.empty()) return none;
        const std::uint64_t wanted = hash(text);
        for (std::size_t i = wanted >> shift_;; i = (i + 1) & (slots_.size() - 1)) {
            const Slot& slot = slots_[i];
            if (slot.number == none || (slot.hash == wanted && text_of(slot.number) == text)) return slot.number;
        }
    }
    std::size_t size() const noexcept { return ends_.size(); }

private:
    struct Slot {
        std::uint64_t hash = 0;
        std::uint32_t number = none;
    };
    static std::uint64_t word(const char* bytes, std::size_t size) noexcept {
        std::uint64_t result = 0;
        std::memcpy(&result, bytes, size);
        return result;
    }
    // The upper bits choose the slot. Symbols are short: up to 16 bytes are two words that may overlap.
    static std::uint64_t hash(std::string_view text) noexcept {
        constexpr std::uint64_t odd = 0x9e3779b97f4a7c15, other = 0xc2b2ae3d27d4eb4f;
        const std::size_t size = text.size();
        const char* bytes = text.data();
        std::uint64_t first = 0, last = size;
        if (size > 16) {
            first = std::hash<std::string_view>()(text);
        } else if (size >= 8) {
            first = word(bytes, 8);
            last += word(bytes + size - 8, 8);
        } else if (size >= 4) {
            first = word(bytes, 4);
            last += word(bytes + size - 4, 4) << 32;
        } else if (size > 0) {
            first = word(bytes, 1) << 16 | word(bytes + size / 2, 1) << 8 | word(bytes + size - 1, 1);
        }
        const std::uint64_t mixed = (first ^ (last * other)) * odd;
        return (mixed ^ mixed >> 32) * odd;
    }
    std::string_view text_of(std::uint32_t number) const noexcept {
        const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
        return {pool_.data() + begin, ends_[number] - begin};
    }
    void insert(std::uint64_t hash_of_text, std::uint32_t number) noexcept {
        std::size_t i = hash_of_text >> shift_;
        while (slots_[i].number != none) {
            if (slots_[i].hash == hash_of_text && text_of(slots_[i].number) == text_of(number)) return;
            i = (i + 1) & (slots_.size() - 1);
        }
        slots_[i] = {hash_of_text, number};
    }
    void grow() {
        const std::size_t size = slots_.empty() ? 64 : slots_.size() * 2;
        slots_.assign(size, Slot());
        shift_ = 64;
        for (std::size_t rest = size; rest > 1; rest /= 2) --shift_;
        for (std::uint32_t number = 0; number < ends_.size(); ++number) insert(hash(text_of(number)), number);
    }

    std::string pool_;
    std::vector<std::size_t> ends_;  // of each text in pool_
    std::vector<Slot> slots_;        // a power of two, at most half of them taken
    int shift_ = 0;
};

}  // namespace bourse::datasets
