#include "datasets/asof_block.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace bourse::datasets {
namespace {

constexpr std::size_t steps_a_check = std::size_t{1} << 16;
constexpr std::size_t keys_at_first = std::size_t{1} << 12, keys_a_piece = std::size_t{1} << 18;
constexpr std::size_t few = 256;   // rows that are sorted by comparing them
constexpr std::size_t ahead = 16;  // rows whose bytes are fetched before they are asked for

}  // namespace

void AsofBlock::add(std::uint32_t instrument, std::int64_t at, std::span<const std::byte> row) {
    if (rows_ >= no_instrument) throw std::length_error("more than 2^32 rows of a spine");
    if (keys_.empty() || keys_.back().size() == keys_.back().capacity()) {
        const std::size_t size = keys_.empty() ? keys_at_first : keys_a_piece;
        keys_.emplace_back().reserve(size);
        key_bytes_ += size * sizeof(Key);
    }
    keys_.back().push_back({at, std::min(instrument, instruments_), row.empty() ? ByteStore::none : spine_.keep(row)});
    ++rows_;
}

// By instrument: each row's place is counted first, so that one pass brings it there.
void AsofBlock::scatter(const CheckInterrupts& interrupts) {
    first_.assign(std::size_t{instruments_} + 2, 0);
    for (const auto& piece : keys_)
        for (const Key& key : piece) ++first_[key.instrument + 1];
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
    cursor_.assign(first_.begin(), first_.end() - 1);
    sorted_.resize(rows_);
    for (auto& piece : keys_) {
        check(interrupts);
        for (const Key& key : piece) sorted_[cursor_[key.instrument]++] = key;
        piece = {};
    }
    keys_.clear();
    key_bytes_ = 0;
    std::copy(first_.begin(), first_.end() - 1, cursor_.begin());
}

void AsofBlock::sort(std::size_t from, std::size_t to, const CheckInterrupts& interrupts) {
    Key* const begin = sorted_.data() + from;
    Key* const end = sorted_.data() + to;
    if (std::is_sorted(begin, end)) return;
    if (to - from < few) return std::sort(begin, end);
    radix_sort(from, to, interrupts);
}

// By the bytes of the times' distance to the earliest, the last byte first; a byte that all have alike is skipped.
void AsofBlock::radix_sort(std::size_t from, std::size_t to, const CheckInterrupts& interrupts) {
    const std::size_t count = to - from;
    if (room_.size() < count) room_.resize(count);
    Key *rows = sorted_.data() + from, *room = room_.data();
    const auto [first, last] = std::minmax_element(rows, rows + count);
    const auto earliest = static_cast<std::uint64_t>(first->at);
    const std::uint64_t distance = static_cast<std::uint64_t>(last->at) - earliest;
    for (int shift = 0; shift < 64 && distance >> shift != 0; shift += 8) {
        const auto byte = [=](const Key& key) {
            return (static_cast<std::uint64_t>(key.at) - earliest) >> shift & 255;
        };
        std::array<std::uint32_t, 257> start{};
        for (std::size_t i = 0; i < count; ++i) ++start[byte(rows[i]) + 1];
        if (start[byte(rows[0]) + 1] == count) continue;
        std::partial_sum(start.begin(), start.end(), start.begin());
        for (std::size_t i = 0; i < count; ++i) {
            if (i % steps_a_check == steps_a_check - 1) check(interrupts);
            room[start[byte(rows[i])]++] = rows[i];
        }
        std::swap(rows, room);
    }
    if (rows != sorted_.data() + from) std::copy_n(rows, count, sorted_.data() + from);
}

void AsofBlock::arrange(const CheckInterrupts& interrupts) {
    scatter(interrupts);
    std::size_t since = 0;
    for (std::uint32_t i = 0; i < instruments_; ++i) {
        sort(first_[i], first_[i + 1], interrupts);
        if ((since += first_[i + 1] - first_[i]) < steps_a_check) continue;
        since = 0;
        check(interrupts);
    }
    room_ = {};
    newest_.assign(sorted_.size(), ByteStore::none);
    start(0, instruments_);
}

void AsofBlock::start(std::uint32_t first, std::uint32_t last) {
    if (series_.bytes() > 0) std::fill(newest_.begin(), newest_.end(), ByteStore::none);
    series_ = {};
    group_ = first;
    end_ = last == instruments_ ? sorted_.size() : first_[last];
    rewind();
}

std::uint32_t AsofBlock::fitting(std::uint32_t first, std::size_t bytes) const noexcept {
    const std::size_t rows = longest_ == 0 ? sorted_.size() : bytes / longest_;
    std::uint32_t last = first;
    while (last < instruments_ && first_[last + 1] - first_[first] <= rows) ++last;
    return last;
}

// The first row of the instrument not before `at`. Rows of a series mostly come in order, so the search starts where
// the last one ended and its strides grow.
std::size_t AsofBlock::slot(std::uint32_t instrument, std::int64_t at) noexcept {
    const Key* const rows = sorted_.data();
    const auto before = [at](const Key& key, std::int64_t) { return key.at < at; };
    std::size_t from = first_[instrument], to = first_[instrument + 1];
    const std::size_t start = cursor_[instrument];
    if (start > from && rows[start - 1].at >= at) {
        to = start - 1;
    } else {
        from = start;
        for (std::size_t stride = 1; from + stride <= to; stride *= 2) {
            if (rows[from + stride - 1].at >= at) {
                to = from + stride - 1;
                break;
            }
            from += stride;
        }
    }
    const auto found = static_cast<std::size_t>(std::lower_bound(rows + from, rows + to, at, before) - rows);
    cursor_[instrument] = static_cast<std::uint32_t>(found);
    return found;
}

void AsofBlock::offer(std::uint32_t instrument, std::int64_t at, std::int64_t ts, std::span<const std::byte> row) {
    const std::size_t at_slot = slot(instrument, at);
    if (at_slot == first_[instrument + 1]) return;  // after the whole spine
    std::uint32_t& place = newest_[at_slot];
    if (place != ByteStore::none) {
        const SeriesRow& held = *series_row(place);
        if (held.at > at || (held.at == at && held.ts > ts)) return;
    }
    if (place == ByteStore::none || series_row(place)->room < row.size()) {
        longest_ = std::max(longest_, sizeof(SeriesRow) + row.size() + 8);
        place = series_.take(sizeof(SeriesRow) + row.size());
        series_row(place)->room = row.size();
    }
    SeriesRow& kept = *series_row(place);
    kept.at = at;
    kept.ts = ts;
    if (!row.empty()) std::memcpy(&kept + 1, row.data(), row.size());
}

bool AsofBlock::next(Match& match) noexcept {
    if (position_ == end_) return false;
    if (position_ + ahead < sorted_.size()) {
        if (sorted_[position_ + ahead].place != ByteStore::none)
            __builtin_prefetch(spine_.at(sorted_[position_ + ahead].place));
        if (newest_[position_ + ahead] != ByteStore::none) __builtin_prefetch(series_.at(newest_[position_ + ahead]));
    }
    while (position_ == first_[segment_]) {
        ++segment_;
        carried_ = nullptr;
    }
    const Key& key = sorted_[position_];
    if (newest_[position_] != ByteStore::none) carried_ = series_row(newest_[position_]);
    const bool counts =
        carried_ && static_cast<std::uint64_t>(key.at) - static_cast<std::uint64_t>(carried_->at) <= tolerance_us_;
    match = {key.place == ByteStore::none ? nullptr : spine_.at(key.place), counts ? carried_ : nullptr};
    ++position_;
    return true;
}

}  // namespace bourse::datasets
