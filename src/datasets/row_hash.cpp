#include "datasets/row_hash.hpp"

#include <sodium.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace bourse::datasets {
namespace {

static_assert(std::endian::native == std::endian::little, "digests are read by memcpy");

}  // namespace

void RowSum::add_words(const Digest& digest) noexcept {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < sum_.size(); ++i) {
        const std::uint64_t first = sum_[i] + digest[i];
        const std::uint64_t second = first + carry;
        carry = static_cast<std::uint64_t>(first < digest[i]) + static_cast<std::uint64_t>(second < first);
        sum_[i] = second;
    }
}

void RowSum::add(const Digest& digest) noexcept {
    add_words(digest);
    ++rows_;
}

void RowSum::add(const RowSum& other) noexcept {
    add_words(other.sum_);
    rows_ += other.rows_;
}

std::string RowSum::hex() const {
    unsigned char bytes[sizeof sum_ + sizeof rows_], hash[crypto_hash_sha256_BYTES];
    std::memcpy(bytes, sum_.data(), sizeof sum_);
    std::memcpy(bytes + sizeof sum_, &rows_, sizeof rows_);
    crypto_hash_sha256(hash, bytes, sizeof bytes);
    std::string text;
    for (const unsigned char byte : hash) {
        constexpr char digits[] = "0123456789abcdef";
        text += {digits[byte >> 4], digits[byte & 15]};
    }
    return text;
}

RowSum::Digest RowDigester::of(std::int32_t instrument, std::int64_t ts, std::int64_t label_end, double label,
                               std::span<const float> features) {
    if (std::isnan(label)) label = std::numeric_limits<double>::quiet_NaN();
    constexpr std::size_t head = sizeof instrument + sizeof ts + sizeof label_end + sizeof label;
    bytes_.resize(head + features.size_bytes());
    unsigned char* to = bytes_.data();
    const auto put = [&](const auto& value) {
        std::memcpy(to, &value, sizeof value);
        to += sizeof value;
    };
    put(instrument);
    put(ts);
    put(label_end);
    put(label);
    for (const float value : features) put(std::isnan(value) ? std::numeric_limits<float>::quiet_NaN() : value);
    RowSum::Digest digest;
    crypto_generichash_blake2b(reinterpret_cast<unsigned char*>(digest.data()), sizeof digest, bytes_.data(),
                               bytes_.size(), nullptr, 0);
    return digest;
}

}  // namespace bourse::datasets
