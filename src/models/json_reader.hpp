// A reader of model files in JSON: one pass, no tree in memory, and lenient where XGBoost's writer is:
// bare NaN, Infinity, -Infinity are numbers, and \u escapes stay as they stand (XGBoost neither writes nor reads them).
// Every failure is Error(corrupt_artifact) with the byte offset. Nesting deeper than 32 is refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bourse::models {

class JsonReader {
public:
    // `text` must outlive the reader; `what` names it in messages.
    JsonReader(std::string_view text, std::string_view what) : text_(text), what_(what) {}

    bool at_object() { return peek() == '{'; }
    bool at_array() { return peek() == '['; }
    bool at_string() { return peek() == '"'; }
    bool at_integer();  // digits with a sign at most: no point, no exponent

    // Calls member(key) for every member in file order; it must read or skip the value.
    template <class F>
    void object(F&& member) {
        open('{');
        for (bool first = true; !closed('}', first); first = false) {
            const std::string key = string();
            expect(':');
            member(std::string_view(key));
        }
    }

    // Calls element() for every element; it must read or skip the value.
    template <class F>
    void array(F&& element) {
        open('[');
        for (bool first = true; !closed(']', first); first = false) element();
    }

    std::string string();
    float float32();  // nearest float32; NaN and infinities as written; a finite number beyond float32 is refused
    std::int64_t integer();
    void skip();    // any value
    void finish();  // nothing but white space may follow

    [[noreturn]] void fail(const std::string& problem) const;

private:
    char peek();
    void expect(char c);
    void open(char c);
    bool closed(char c, bool first);
    std::string_view number_text();

    std::string_view text_;
    std::string_view what_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace bourse::models
