#include "workers/common/text_array.hpp"

namespace bourse::workers {

std::vector<std::string> read_text_array(const pqxx::field& field) {
    std::vector<std::string> values;
    if (field.is_null()) return values;
    auto parser = field.as_array();
    for (auto next = parser.get_next(); next.first != pqxx::array_parser::done; next = parser.get_next())
        if (next.first == pqxx::array_parser::string_value) values.push_back(next.second);
    return values;
}

std::string to_array_literal(const std::vector<std::string>& values) {
    std::string literal = "{";
    for (const auto& value : values) {
        literal += literal.size() > 1 ? ",\"" : "\"";
        for (const char c : value) {
            if (c == '"' || c == '\\') literal += '\\';
            literal += c;
        }
        literal += '"';
    }
    return literal + "}";
}

}  // namespace bourse::workers
