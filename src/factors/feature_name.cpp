#include "factors/feature_name.hpp"

#include <array>
#include <utility>

namespace bourse::factors {
namespace {

constexpr std::size_t longest = 63;  // NAMEDATALEN - 1

constexpr std::array<std::pair<std::string_view, std::string_view>, 13> spelt{{{"**", "power"},
                                                                               {">=", "ge"},
                                                                               {"<=", "le"},
                                                                               {"==", "eq"},
                                                                               {"!=", "ne"},
                                                                               {">", "gt"},
                                                                               {"<", "lt"},
                                                                               {"+", "plus"},
                                                                               {"-", "minus"},
                                                                               {"*", "times"},
                                                                               {"/", "over"},
                                                                               {"&", "and"},
                                                                               {"|", "or"}}};

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string feature_name(std::string_view expression) {
    std::string name;
    bool apart = false;  // a separator is owed before the next word
    const auto word = [&](std::string_view text) {
        if (!name.empty()) name += '_';
        name += text;
        apart = true;
    };
    for (std::size_t i = 0; i < expression.size(); ++i) {
        char c = expression[i];
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (is_word(c)) {
            if (apart && !name.empty()) name += '_';
            apart = false;
            name += c;
            continue;
        }
        apart = true;
        for (const auto& [symbol, text] : spelt) {
            if (expression.substr(i, symbol.size()) != symbol) continue;
            word(text);
            i += symbol.size() - 1;
            break;
        }
    }
    if (name.empty() || (name[0] >= '0' && name[0] <= '9')) name.insert(0, "f_");
    if (name.size() > longest) {
        std::size_t cut = longest;
        while (cut > 0 && (static_cast<unsigned char>(name[cut]) & 0xc0) == 0x80) --cut;
        name.resize(cut);
    }
    return name;
}

}  // namespace bourse::factors
