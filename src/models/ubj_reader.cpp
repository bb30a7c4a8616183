#include "models/ubj_reader.hpp"

#include <bit>
#include <cmath>
#include <concepts>

#include "core/error.hpp"

namespace bourse::models {
namespace {

constexpr int depth_limit = 32;

// Bytes of a number; 0 for what cannot be the type of a typed array.
std::uint64_t width(char marker) {
    switch (marker) {
        case 'i':
        case 'U':
            return 1;
        case 'I':
            return 2;
        case 'l':
        case 'd':
            return 4;
        case 'L':
        case 'D':
            return 8;
        default:
            return 0;
    }
}

}  // namespace

void UbjReader::fail(const std::string& problem) const {
    throw Error(ErrorKind::corrupt_artifact, std::string(what_) + ": " + problem + " at byte " + std::to_string(at_));
}

char UbjReader::peek() {
    if (element_ != 0) return element_;
    while (at_ < bytes_.size() && bytes_[at_] == 'N') ++at_;
    if (at_ == bytes_.size()) fail("the bytes end too early");
    return bytes_[at_];
}

char UbjReader::marker() {
    const char found = peek();
    if (element_ == 0) ++at_;
    return found;
}

char UbjReader::take() {
    if (at_ == bytes_.size()) fail("the bytes end too early");
    return bytes_[at_++];
}

std::string_view UbjReader::bytes(std::uint64_t count) {
    if (count > bytes_.size() - at_)
        fail("a size of " + std::to_string(count) + " bytes, " + std::to_string(bytes_.size() - at_) + " are left");
    const auto found = bytes_.substr(at_, count);
    at_ += count;
    return found;
}

template <class T>
T UbjReader::big_endian() {
    static_assert(std::unsigned_integral<T>);
    T value = 0;
    for (const char c : bytes(sizeof(T)))
        value = static_cast<T>((static_cast<std::uint64_t>(value) << 8) | static_cast<unsigned char>(c));
    return value;
}

std::optional<std::int64_t> UbjReader::integer_of(char marker) {
    switch (marker) {
        case 'i':
            return static_cast<std::int8_t>(big_endian<std::uint8_t>());
        case 'U':
            return big_endian<std::uint8_t>();
        case 'I':
            return static_cast<std::int16_t>(big_endian<std::uint16_t>());
        case 'l':
            return static_cast<std::int32_t>(big_endian<std::uint32_t>());
        case 'L':
            return static_cast<std::int64_t>(big_endian<std::uint64_t>());
        default:
            return std::nullopt;
    }
}

std::uint64_t UbjReader::size() {
    const auto value = integer_of(take());
    if (!value) fail("expected a size");
    if (*value < 0) fail("the size " + std::to_string(*value) + " is negative");
    return static_cast<std::uint64_t>(*value);
}

std::string UbjReader::sized_text() { return std::string(bytes(size())); }

std::string UbjReader::string() {
    if (marker() != 'S') fail("expected a string");
    return sized_text();
}

std::int64_t UbjReader::integer() {
    const auto value = integer_of(marker());
    if (!value) fail("expected an integer");
    return *value;
}

float UbjReader::float32() {
    const char type = marker();
    if (type == 'd') return std::bit_cast<float>(big_endian<std::uint32_t>());
    if (type == 'D') {
        const auto wide = std::bit_cast<double>(big_endian<std::uint64_t>());
        const auto value = static_cast<float>(wide);
        if (std::isinf(value) && !std::isinf(wide)) fail("a number does not fit float32");
        return value;
    }
    const auto value = integer_of(type);
    if (!value) fail("expected a number");
    return static_cast<float>(*value);
}

void UbjReader::open_object() {
    if (marker() != '{') fail("expected an object");
    if (peek() == '$' || peek() == '#') fail("typed and counted objects are not read");
    if (++depth_ > depth_limit) fail("nested deeper than " + std::to_string(depth_limit));
}

// Elements of a counted array; empty for one that ends with ']'.
std::optional<std::uint64_t> UbjReader::open_array() {
    if (marker() != '[') fail("expected an array");
    if (++depth_ > depth_limit) fail("nested deeper than " + std::to_string(depth_limit));
    char type = 0;
    if (peek() == '$') {
        ++at_;
        type = take();
        if (width(type) == 0) fail("arrays of this type are not read");
        if (peek() != '#') fail("a typed array has no count");
    }
    if (peek() != '#') return std::nullopt;
    ++at_;
    const auto count = size();
    if (count > (bytes_.size() - at_) / (type ? width(type) : 1))
        fail("an array of " + std::to_string(count) + " elements, " + std::to_string(bytes_.size() - at_) +
             " bytes are left");
    element_ = type;
    return count;
}

void UbjReader::close_counted() {
    element_ = 0;  // numbers hold no arrays: what is outside of a typed array is never typed
    --depth_;
}

bool UbjReader::closed(char c) {
    if (peek() != c) return false;
    ++at_;
    --depth_;
    return true;
}

void UbjReader::skip() {
    const char type = peek();
    if (type == '{') return object([this](std::string_view) { skip(); });
    if (type == '[') return array([this] { skip(); });
    marker();
    if (type == 'S' || type == 'H') return void(bytes(size()));
    if (type == 'C') return void(take());
    if (type == 'Z' || type == 'T' || type == 'F') return;
    if (width(type) == 0) fail("expected a value");
    bytes(width(type));
}

void UbjReader::finish() {
    while (at_ < bytes_.size() && bytes_[at_] == 'N') ++at_;
    if (at_ != bytes_.size()) fail("bytes follow the end");
}

bool looks_like_ubj(std::string_view bytes) noexcept {
    return bytes.size() > 1 && bytes[0] == '{' && std::string_view("iUIlLN").find(bytes[1]) != std::string_view::npos;
}

}  // namespace bourse::models
