// Arrays of PostgreSQL as texts.
#pragma once

#include <string>
#include <vector>

#include <pqxx/pqxx>

namespace bourse::workers {

// A text[] as libpqxx gives it; empty for NULL.
std::vector<std::string> read_text_array(const pqxx::field& field);
// The other way, for a parameter that is cast to text[], float8[], …
std::string to_array_literal(const std::vector<std::string>& values);

}  // namespace bourse::workers
