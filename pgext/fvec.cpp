// The type itself: memory form, text and binary form.
#include "pgext/fvec.hpp"

#include <bit>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string_view>

namespace bourse::pg {

static_assert(std::endian::native == std::endian::little, "the binary form is the memory form");

namespace {

[[noreturn]] void throw_too_long(std::size_t length) {
    throw Error(ErrorKind::too_large, "vector has " + std::to_string(length) + " elements, fvec holds at most " +
                                          std::to_string(fvec_max_length));
}

[[noreturn]] void throw_bad_text(std::string_view text, const char* detail) {
    pg_call([&] {
        const int shown = pg_mbcliplen(text.data(), static_cast<int>(text.size()), 200);
        ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
                        errmsg("invalid input syntax for type bourse.fvec: \"%.*s\"", shown, text.data()),
                        errdetail("%s", detail), errhint("write {1,2.5,NaN} or [1,2.5,NaN]")));
    });
    pg_unreachable();
}

[[noreturn]] void throw_not_a_number(std::string_view text, std::string_view token) {
    const int shown = pg_call([=] { return pg_mbcliplen(token.data(), static_cast<int>(token.size()), 100); });
    const std::string detail =
        "\"" + std::string(token.substr(0, static_cast<std::size_t>(shown))) + "\" is not a number";
    throw_bad_text(text, detail.c_str());
}

[[noreturn]] void throw_bad_binary(const std::string& message) {
    pg_call([&] { ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION), errmsg("%s", message.c_str()))); });
    pg_unreachable();
}

[[noreturn]] void throw_out_of_range(std::string_view token) {
    pg_call([&] {
        ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
                        errmsg("\"%.*s\" is out of range for an element of bourse.fvec",
                               static_cast<int>(std::min<std::size_t>(token.size(), 100)), token.data())));
    });
    pg_unreachable();
}

bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trim(std::string_view s) noexcept {
    while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
    while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
    return s;
}

bool has_nonzero_digit(std::string_view token) noexcept {
    for (const char c : token) {
        if (c == 'e' || c == 'E') return false;
        if (c >= '1' && c <= '9') return true;
    }
    return false;
}

bool is_word(std::string_view token, std::string_view word) noexcept {
    return token.size() == word.size() && pg_strncasecmp(token.data(), word.data(), word.size()) == 0;
}

// The words that real reads as numbers.
std::optional<float> parse_word(std::string_view token, bool negative) noexcept {
    if (is_word(token, "nan")) return std::numeric_limits<float>::quiet_NaN();
    if (!is_word(token, "inf") && !is_word(token, "infinity")) return std::nullopt;
    return negative ? -std::numeric_limits<float>::infinity() : std::numeric_limits<float>::infinity();
}

// One element as real reads it; NULL, as arrays print it, is a missing value.
float parse_element(std::string_view text, std::string_view token) {
    if (token.empty()) throw_bad_text(text, "an element is empty");
    if (is_word(token, "null")) return std::numeric_limits<float>::quiet_NaN();
    const bool negative = token.front() == '-';
    const std::string_view digits = negative || token.front() == '+' ? token.substr(1) : token;
    if (const auto word = parse_word(digits, negative)) return *word;
    if (digits.empty() || !(digits.front() == '.' || (digits.front() >= '0' && digits.front() <= '9')))
        throw_not_a_number(text, token);
    float value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc::invalid_argument || end != digits.data() + digits.size()) throw_not_a_number(text, token);
    if (error != std::errc() || std::isinf(value) || (value == 0 && has_nonzero_digit(digits)))
        throw_out_of_range(token);
    return negative ? -value : value;
}

Datum fvec_in(FunctionCallInfo fcinfo) {
    const std::string_view text = PG_GETARG_CSTRING(0);
    std::string_view rest = trim(text);
    const bool braces = rest.size() >= 2 && rest.front() == '{' && rest.back() == '}';
    const bool brackets = rest.size() >= 2 && rest.front() == '[' && rest.back() == ']';
    if (!braces && !brackets) throw_bad_text(text, "the value must stand between braces or brackets");
    rest = trim(rest.substr(1, rest.size() - 2));
    std::vector<float> elements;
    if (!rest.empty()) {
        for (;;) {
            if (elements.size() == fvec_max_length)
                throw_too_long(elements.size() + 1 + std::count(rest.begin(), rest.end(), ','));
            const std::size_t comma = rest.find(',');
            elements.push_back(parse_element(text, trim(rest.substr(0, comma))));
            if (comma == std::string_view::npos) break;
            rest.remove_prefix(comma + 1);
        }
    }
    return fvec_datum(make_fvec(elements));
}

// Digits as real prints them, extra_float_digits included.
int print_element(float value, char* out) {
    if (extra_float_digits > 0) return float_to_shortest_decimal_buf(value, out);
    return pg_call(
        [=] { return pg_strfromd(out, 32, std::numeric_limits<float>::digits10 + extra_float_digits, value); });
}

Datum fvec_out(FunctionCallInfo fcinfo) {
    const auto elements = as_fvec(PG_GETARG_DATUM(0))->elements();
    const std::size_t size = elements.size() * 33 + 3;  // an element is at most 32 characters and a comma
    char* text = pg_call([=] { return static_cast<char*>(palloc(size)); });
    char* at = text;
    *at++ = '{';
    for (std::size_t i = 0; i < elements.size(); ++i) {
        if (i > 0) *at++ = ',';
        at += print_element(elements[i], at);
    }
    *at++ = '}';
    *at = '\0';
    PG_RETURN_CSTRING(text);
}

// Binary form: uint32 count, then count float32, all little-endian.
Datum fvec_recv(FunctionCallInfo fcinfo) {
    auto* message = reinterpret_cast<StringInfo>(PG_GETARG_POINTER(0));
    const auto remaining = static_cast<std::size_t>(message->len - message->cursor);
    if (remaining < sizeof(std::uint32_t))
        throw_bad_binary("binary fvec has " + std::to_string(remaining) + " bytes, at least 4 are needed");
    std::uint32_t count;
    std::memcpy(&count, message->data + message->cursor, sizeof count);
    if (count > fvec_max_length) throw_too_long(count);
    const std::size_t expected = sizeof count + count * sizeof(float);
    if (remaining != expected)
        throw_bad_binary("binary fvec of " + std::to_string(count) + " elements has " + std::to_string(remaining) +
                         " bytes, expected " + std::to_string(expected));
    Fvec* vector = make_fvec(count);
    std::memcpy(vector->values(), message->data + message->cursor + sizeof count, count * sizeof(float));
    message->cursor = message->len;
    return fvec_datum(vector);
}

Datum fvec_send(FunctionCallInfo fcinfo) {
    // The length field and the floats stand in memory as they stand on the wire.
    const Fvec* vector = as_fvec(PG_GETARG_DATUM(0));
    const std::size_t payload = fvec_size_bytes(vector->length) - VARHDRSZ;
    auto* bytes = pg_call([=] { return static_cast<bytea*>(palloc(VARHDRSZ + payload)); });
    SET_VARSIZE(bytes, VARHDRSZ + payload);
    std::memcpy(VARDATA(bytes), &vector->length, payload);
    PG_RETURN_BYTEA_P(bytes);
}

Datum fvec_bytes(FunctionCallInfo fcinfo) {
    const auto elements = as_fvec(PG_GETARG_DATUM(0))->elements();
    const std::size_t size = elements.size_bytes();
    auto* bytes = pg_call([=] { return static_cast<bytea*>(palloc(VARHDRSZ + size)); });
    SET_VARSIZE(bytes, VARHDRSZ + size);
    if (size > 0) std::memcpy(VARDATA(bytes), elements.data(), size);
    PG_RETURN_BYTEA_P(bytes);
}

Datum fvec_length(FunctionCallInfo fcinfo) {
    // The length is in the first bytes: a value out of line need not be fetched whole.
    auto* head = pg_call([&] { return PG_DETOAST_DATUM_SLICE(PG_GETARG_DATUM(0), 0, sizeof(std::int32_t)); });
    std::int32_t length;
    std::memcpy(&length, VARDATA_ANY(head), sizeof length);
    PG_RETURN_INT32(length);
}

}  // namespace

Fvec* make_fvec(std::size_t length) {
    if (length > fvec_max_length) throw_too_long(length);
    const std::size_t size = fvec_size_bytes(length);
    auto* vector = pg_call([=] { return static_cast<Fvec*>(palloc(size)); });
    SET_VARSIZE(vector, size);
    vector->length = static_cast<std::int32_t>(length);
    return vector;
}

Fvec* make_fvec(std::span<const float> elements) {
    Fvec* vector = make_fvec(elements.size());
    if (!elements.empty()) std::memcpy(vector->values(), elements.data(), elements.size_bytes());
    return vector;
}

const Fvec* as_fvec(Datum datum) {
    const auto* vector = pg_call([=] { return reinterpret_cast<const Fvec*>(PG_DETOAST_DATUM(datum)); });
    if (VARSIZE(vector) < sizeof(Fvec) || vector->length < 0 || fvec_size_bytes(vector->length) != VARSIZE(vector))
        throw Error(ErrorKind::internal, "stored fvec of " + std::to_string(VARSIZE(vector)) + " bytes is damaged");
    return vector;
}

BOURSE_PG_FUNCTION(bourse_fvec_in, fvec_in);
BOURSE_PG_FUNCTION(bourse_fvec_out, fvec_out);
BOURSE_PG_FUNCTION(bourse_fvec_recv, fvec_recv);
BOURSE_PG_FUNCTION(bourse_fvec_send, fvec_send);
BOURSE_PG_FUNCTION(bourse_fvec_bytes, fvec_bytes);
BOURSE_PG_FUNCTION(bourse_fvec_length, fvec_length);

}  // namespace bourse::pg
