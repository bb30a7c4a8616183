#include "models/json_reader.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace bourse::models {
namespace {

constexpr int depth_limit = 32;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool in_number(char c) { return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'; }

}  // namespace

void JsonReader::fail(const std::string& problem) const {
    throw Error(ErrorKind::corrupt_artifact, std::string(what_) + ": " + problem + " at byte " + std::to_string(at_));
}

char JsonReader::peek() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    if (at_ == text_.size()) fail("the text ends too early");
    return text_[at_];
}

void JsonReader::expect(char c) {
    if (peek() != c) fail(std::string("expected '") + c + "'");
    ++at_;
}

void JsonReader::open(char c) {
    expect(c);
    if (++depth_ > depth_limit) fail("nested deeper than " + std::to_string(depth_limit));
}

bool JsonReader::closed(char c, bool first) {
    if (peek() == c) {
        ++at_;
        --depth_;
        return true;
    }
    if (!first) expect(',');
    return false;
}

std::string JsonReader::string() {
    expect('"');
    std::string value;
    for (;; ++at_) {
        if (at_ == text_.size()) fail("a string does not end");
        const char c = text_[at_];
        if (c == '"') break;
        if (c != '\\') {
            value.push_back(c);
            continue;
        }
        if (++at_ == text_.size()) fail("a string does not end");
        switch (text_[at_]) {
            case 'n':
                value.push_back('\n');
                break;
            case 't':
                value.push_back('\t');
                break;
            case 'r':
                value.push_back('\r');
                break;
            case 'b':
                value.push_back('\b');
                break;
            case 'f':
                value.push_back('\f');
                break;
            case '"':
            case '\\':
            case '/':
                value.push_back(text_[at_]);
                break;
            case 'u':
                value += "\\u";
                break;
            default:
                fail("unknown escape in a string");
        }
    }
    ++at_;
    return value;
}

std::string_view JsonReader::number_text() {
    peek();
    const std::size_t begin = at_;
    while (at_ < text_.size() && in_number(text_[at_])) ++at_;
    if (at_ == begin) fail("expected a number");
    return text_.substr(begin, at_ - begin);
}

float JsonReader::float32() {
    peek();
    for (const auto& [word, value] :
         {std::pair<std::string_view, float>{"NaN", std::numeric_limits<float>::quiet_NaN()},
          {"Infinity", std::numeric_limits<float>::infinity()},
          {"-Infinity", -std::numeric_limits<float>::infinity()}}) {
        if (text_.substr(at_).starts_with(word)) {
            at_ += word.size();
            return value;
        }
    }
    const auto digits = number_text();
    const char* end = digits.data() + digits.size();
    float value = 0;
    const auto read = std::from_chars(digits.data(), end, value);
    if (read.ptr != end) fail("expected a number");
    if (read.ec == std::errc()) return value;
    // Out of float32's range either way: too small is zero, too large is refused.
    double wide = 0;
    if (std::from_chars(digits.data(), end, wide).ec != std::errc() || std::abs(wide) > 1)
        fail("the number " + std::string(digits.substr(0, 40)) + " does not fit float32");
    return static_cast<float>(wide);
}

bool JsonReader::at_integer() {
    if (const char c = peek(); c != '-' && (c < '0' || c > '9')) return false;
    const std::size_t end = text_.find_first_not_of("-0123456789", at_);
    return end == std::string_view::npos || !in_number(text_[end]);
}

std::int64_t JsonReader::integer() {
    const auto digits = number_text();
    const char* end = digits.data() + digits.size();
    std::int64_t value = 0;
    const auto read = std::from_chars(digits.data(), end, value);
    if (read.ec != std::errc() || read.ptr != end)
        fail("expected an integer, found " + std::string(digits.substr(0, 40)));
    return value;
}

void JsonReader::skip() {
    const char c = peek();
    if (c == '{') return object([this](std::string_view) { skip(); });
    if (c == '[') return array([this] { skip(); });
    if (c == '"') return void(string());
    for (std::string_view word : {"true", "false", "null"}) {
        if (!text_.substr(at_).starts_with(word)) continue;
        at_ += word.size();
        return;
    }
    if (c == 'N' || c == 'I' || text_.substr(at_).starts_with("-I")) return void(float32());
    number_text();
}

void JsonReader::finish() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    if (at_ != text_.size()) fail("text follows the end");
}

}  // namespace bourse::models
