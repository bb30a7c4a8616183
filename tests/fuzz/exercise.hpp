// What every fuzz target does with bytes from outside: read them, and where they are accepted do everything that a
// worker and a backend would do with the model. A bourse::Error is an answer; anything else that is thrown, a crash, a
// hang, a report of a sanitizer and a broken promise (below) end the program.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace bourse::fuzz {

// A file of XGBoost or LightGBM in the given format (models/native_file.hpp). Promises of an accepted one: its artifact
// reads back as the same bytes, what is exported of it is imported as the same artifact, and a row's margins do not
// depend on the rows beside it. True: accepted.
bool import_file(std::string_view file, std::string_view format);

// An artifact as a backend loads it. Promises of an accepted one: written again it reads back as the same bytes;
// margins as above. True: accepted.
bool load_artifact(std::span<const std::byte> bytes);

}  // namespace bourse::fuzz
