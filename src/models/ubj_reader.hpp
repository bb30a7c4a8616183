// A reader of model files in UBJSON (UBJ, big-endian): the same calls as JsonReader, so that one walk over a model
// reads both. Draft 12 without typed objects: scalars i U I l L (integers), d D (floats), Z T F C, strings S and H,
// arrays plain, counted (#) or typed ($ and #, of numbers), objects; no-ops (N) between values.
// Every failure is Error(corrupt_artifact) with the byte offset. Sizes are checked against the bytes that are left
// before anything is taken; nesting deeper than 32 is refused. Source: ubjson.org; XGBoost's src/common/json.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bourse::models {

class UbjReader {
public:
    // `bytes` must outlive the reader; `what` names it in messages.
    UbjReader(std::string_view bytes, std::string_view what) : bytes_(bytes), what_(what) {}

    bool at_object() { return peek() == '{'; }
    bool at_array() { return peek() == '['; }
    bool at_string() { return peek() == 'S'; }
    bool at_integer() { return std::string_view("iUIlL").find(peek()) != std::string_view::npos; }

    // Calls member(key) for every member in file order; it must read or skip the value.
    template <class F>
    void object(F&& member) {
        open_object();
        while (!closed('}')) member(std::string_view(sized_text()));
    }

    // Calls element() for every element; it must read or skip the value.
    template <class F>
    void array(F&& element) {
        const auto count = open_array();
        if (!count) {
            while (!closed(']')) element();
            return;
        }
        for (std::uint64_t i = 0; i < *count; ++i) element();
        close_counted();
    }

    std::string string();
    float float32();         // nearest float32; a finite float64 beyond float32 is refused; integers are taken, too
    std::int64_t integer();  // of any width; a float is refused
    void skip();             // any value
    void finish();           // nothing but no-ops may follow

    [[noreturn]] void fail(const std::string& problem) const;

private:
    char peek();
    char marker();  // of the next value, taken; inside a typed array that array's
    char take();
    std::string_view bytes(std::uint64_t count);
    template <class T>
    T big_endian();
    std::optional<std::int64_t> integer_of(char marker);
    std::uint64_t size();
    std::string sized_text();
    void open_object();
    std::optional<std::uint64_t> open_array();
    void close_counted();
    bool closed(char c);

    std::string_view bytes_;
    std::string_view what_;
    std::size_t at_ = 0;
    int depth_ = 0;
    char element_ = 0;  // type of the typed array that is being read; 0 outside of one
};

// Whether a file that starts so is UBJ: an object whose first key has a binary length.
bool looks_like_ubj(std::string_view bytes) noexcept;

}  // namespace bourse::models
