#include "factors/parser.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace bourse::factors {
namespace {

constexpr int deepest = 256;
constexpr std::size_t longest = 100000;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
// Bytes beyond ASCII belong to names: Qlib's field names may be Chinese.
bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

class Parser {
public:
    Parser(std::string_view text, PlanBuilder& builder) : text_(text), builder_(builder) {}

    Operand whole() {
        skip();
        if (at_ == text_.size()) fail("the expression is empty", "write for example Mean($close, 5)/$close");
        const Operand result = comparison();
        if (at_ != text_.size()) expected("an operator or the end");
        return result;
    }

private:
    // A level deeper, for every rule that can contain itself: a stack that overflows would end the process.
    class Level {
    public:
        explicit Level(Parser& parser) : parser_(parser) {
            if (++parser_.depth_ > deepest)
                parser_.fail("nested deeper than " + std::to_string(deepest) + " levels", "split the expression");
        }
        ~Level() { --parser_.depth_; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;

    private:
        Parser& parser_;
    };

    [[noreturn]] void fail(const std::string& what, const std::string& hint = {}) const {
        throw expression_error(text_, at_, what, hint);
    }

    [[noreturn]] void expected(const std::string& what, const std::string& hint = {}) const {
        fail("expected " + what + ", found " + found(), hint);
    }

    std::string found() const {
        if (at_ >= text_.size()) return "the end";
        std::size_t to = at_ + 1;
        if (is_word(text_[at_]))
            while (to < text_.size() && to - at_ < 40 && is_word(text_[to])) ++to;
        while (to < text_.size() && (static_cast<unsigned char>(text_[to]) & 0xc0) == 0x80) ++to;
        return "\"" + std::string(text_.substr(at_, to - at_)) + "\"";
    }

    void skip() {
        while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    }

    bool take(std::string_view token) {
        if (text_.substr(at_, token.size()) != token) return false;
        at_ += token.size();
        skip();
        return true;
    }

    Operand binary(const char* name, const Operand& a, const Operand& b) { return builder_.call(name, {a, b}, a.at); }

    const char* comparison_operator() {
        static constexpr std::array<std::pair<std::string_view, const char*>, 6> all{
            {{">=", "Ge"}, {"<=", "Le"}, {"==", "Eq"}, {"!=", "Ne"}, {">", "Gt"}, {"<", "Lt"}}};
        for (const auto& [token, name] : all)
            if (take(token)) return name;
        return nullptr;
    }

    Operand comparison() {
        const Level level(*this);
        const Operand left = either();
        const char* name = comparison_operator();
        if (!name) return left;
        const Operand result = binary(name, left, either());
        const std::size_t again = at_;
        if (comparison_operator()) {
            at_ = again;
            fail("comparisons cannot be chained", "write ($a < $b) & ($b < $c)");
        }
        return result;
    }

    Operand either() {
        Operand left = both();
        while (take("|")) left = binary("Or", left, both());
        return left;
    }

    Operand both() {
        Operand left = sum();
        while (take("&")) left = binary("And", left, sum());
        return left;
    }

    Operand sum() {
        Operand left = product();
        for (;;) {
            if (take("+"))
                left = binary("Add", left, product());
            else if (take("-"))
                left = binary("Sub", left, product());
            else
                return left;
        }
    }

    Operand product() {
        Operand left = unary();
        for (;;) {
            if (text_.substr(at_, 2) == "//") fail("\"//\" is no operator", "use / for division");
            if (text_.substr(at_, 2) != "**" && take("*"))
                left = binary("Mul", left, unary());
            else if (take("/"))
                left = binary("Div", left, unary());
            else
                return left;
        }
    }

    Operand unary() {
        const std::size_t at = at_;
        if (text_.substr(at_, 1) == "~") fail("\"~\" is no operator", "use Not(condition)");
        const bool minus = take("-");
        if (!minus && !take("+")) return power();
        const Level level(*this);
        return minus ? builder_.call("Neg", {unary()}, at) : unary();
    }

    Operand power() {
        const Operand base = postfix();
        if (!take("**")) return base;
        const Level level(*this);
        return binary("Power", base, unary());
    }

    Operand postfix() {
        Operand operand = primary();
        while (take("@")) {
            const std::size_t at = at_;
            const auto frequency = word();
            if (frequency.empty()) expected("a frequency after \"@\"", "write for example $close@1w");
            skip();
            operand = builder_.at_frequency(operand, frequency, at);
        }
        return operand;
    }

    Operand primary() {
        const std::size_t at = at_;
        if (at_ >= text_.size()) expected("a number, a $field, an operator or \"(\"");
        const char c = text_[at_];
        if (is_digit(c) || c == '.') return number();
        if (c == '$') return field();
        if (c == '\'' || c == '"')
            fail("text stands where a series or a number is expected",
                 "text is an argument of Mask, ChangeInstrument, TResample, Feature and the cross-sectional operators");
        if (is_word(c)) return call();
        if (take("(")) {
            Operand inside = comparison();
            if (!take(")")) expected("\")\" or an operator");
            inside.at = at;
            return inside;
        }
        expected("a number, a $field, an operator or \"(\"");
    }

    Operand number() {
        const std::size_t at = at_;
        double value = 0;
        const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
        if (error != std::errc{} || !std::isfinite(value)) expected("a number");
        at_ = static_cast<std::size_t>(end - text_.data());
        if (at_ < text_.size() && is_word(text_[at_])) expected("an operator after the number");
        skip();
        return builder_.constant(value, at);
    }

    std::string_view word() {
        const std::size_t from = at_;
        while (at_ < text_.size() && is_word(text_[at_])) ++at_;
        return text_.substr(from, at_ - from);
    }

    Operand field() {
        const std::size_t at = at_++;
        const bool statement = at_ < text_.size() && text_[at_] == '$';
        if (statement) ++at_;
        const auto name = word();
        if (name.empty()) expected(statement ? "the name of a field after \"$$\"" : "the name of a field after \"$\"");
        skip();
        return builder_.field(statement ? "$" + std::string(name) : std::string(name), at);
    }

    Operand call() {
        const std::size_t at = at_;
        const auto name = word();
        skip();
        if (!take("("))
            expected("\"(\" after \"" + std::string(name) + "\"",
                     "a field is written with a dollar sign: $" + std::string(name));
        std::vector<Operand> arguments;
        do arguments.push_back(argument());
        while (take(","));
        if (!take(")")) expected("\",\" or \")\"");
        // Qlib's long forms of fields
        if ((name == "Feature" || name == "PFeature") && arguments.size() == 1 && arguments[0].text) {
            const std::string& field = *arguments[0].text;
            if (field.empty() || !std::all_of(field.begin(), field.end(), is_word))
                throw expression_error(text_, arguments[0].at, "\"" + field + "\" is no name of a field");
            return builder_.field(name == "PFeature" ? "$" + field : field, at);
        }
        return builder_.call(name, std::move(arguments), at);
    }

    Operand argument() {
        const char quote = at_ < text_.size() ? text_[at_] : ' ';
        if (quote != '\'' && quote != '"') return comparison();
        const std::size_t at = at_++, end = text_.find(quote, at_);
        if (end == std::string_view::npos) {
            at_ = text_.size();
            expected(std::string("the closing ") + quote);
        }
        Operand text{-1, at, std::string(text_.substr(at_, end - at_))};
        at_ = end + 1;
        skip();
        return text;
    }

    std::string_view text_;
    PlanBuilder& builder_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace

void parse(std::string_view text, PlanBuilder& builder) {
    builder.begin(text);
    if (text.size() > longest)
        throw Error(ErrorKind::bad_expression, "an expression has " + std::to_string(text.size()) +
                                                   " characters, at most " + std::to_string(longest) + " are allowed");
    builder.end(Parser(text, builder).whole());
}

}  // namespace bourse::factors
