// Which program this is: what it keeps for itself is only good for the same one.
#pragma once

#include <string>

namespace bourse::workers {

// The linker's build id of the running executable in hex, another one for every other build; empty where it has none.
std::string program_id();

}  // namespace bourse::workers
