#include "datasets/asof_block.hpp"

#include <algorithm>

namespace bourse::datasets {
namespace {

constexpr std::size_t steps_a_check = std::size_t{1} << 16;
constexpr std::size_t ahead = 16;  // rows whose bytes are fetched before they are asked for

}  // namespace

void AsofBlock::add(std::uint32_t instrument, std::int64_t at, std::span<const std::byte> row) {
    if (keys_.size() >= no_instrument) throw std::length_error("more than 2^32 rows of a spine");
    const std::uint32_t number = std::min(instrument, instruments_);
    keys_.push_back({at, number, row.empty() ? ByteStore::none : store_.keep(row)});
    if (number == instruments_) return;
    earliest_ = std::min(earliest_, at);
    latest_ = std::max(latest_, at);
}

// By instrument: each row's place is counted first, so that one pass brings it there.
void AsofBlock::scatter(const CheckInterrupts& interrupts) {
    first_.assign(std::size_t{instruments_} + 2, 0);
    for (const Key& key : keys_) ++first_[key.instrument + 1];
    for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
    cursor_.assign(first_.begin(), first_.end() - 1);
    sorted_.resize(keys_.size());
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        if (i % steps_a_check == 0) check(interrupts);
        sorted_[cursor_[keys_[i].instrument]++] = keys_[i];
    }
    keys_ = {};
    std::copy(first_.begin(), first_.end() - 1, cursor_.begin());
}

void AsofBlock::sort(std::size_t from, std::size_t to, const CheckInterrupts& interrupts) {
    Key* const begin = sorted_.data() + from;
    Key* const end = sorted_.data() + to;
    if (std::is_sorted(begin, end)) return;
    if (to - from <= steps_a_check) return std::sort(begin, end);
    std::size_t steps = 0;
    std::sort(begin, end, [&](const Key& a, const Key& b) {
        if (++steps % steps_a_check == 0) check(interrupts);
        return a < b;
    });
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
    newest_.assign(sorted_.size(), ByteStore::none);
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
        place = store_.take(sizeof(SeriesRow) + row.size());
        series_row(place)->room = row.size();
    }
    SeriesRow& kept = *series_row(place);
    kept.at = at;
    kept.ts = ts;
    if (!row.empty()) std::memcpy(&kept + 1, row.data(), row.size());
}

bool AsofBlock::next(Match& match) noexcept {
    if (position_ == sorted_.size()) return false;
    if (position_ + ahead < sorted_.size()) {
        if (sorted_[position_ + ahead].place != ByteStore::none)
            __builtin_prefetch(store_.at(sorted_[position_ + ahead].place));
        if (newest_[position_ + ahead] != ByteStore::none) __builtin_prefetch(store_.at(newest_[position_ + ahead]));
    }
    while (position_ == first_[segment_]) {
        ++segment_;
        carried_ = nullptr;
    }
    const Key& key = sorted_[position_];
    if (newest_[position_] != ByteStore::none) carried_ = series_row(newest_[position_]);
    const bool counts =
        carried_ && static_cast<std::uint64_t>(key.at) - static_cast<std::uint64_t>(carried_->at) <= tolerance_us_;
    match = {key.place == ByteStore::none ? nullptr : store_.at(key.place), counts ? carried_ : nullptr};
    ++position_;
    return true;
}

}  // namespace bourse::datasets
