// One fuzz target per file format; BOURSE_FUZZ_FORMAT says which. libFuzzer calls this, or tests/fuzz/driver.cpp.
#include <cstdint>

#include "models/native_file.hpp"
#include "tests/fuzz/exercise.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bourse;
    constexpr std::string_view format = BOURSE_FUZZ_FORMAT;
    if constexpr (format == models::own_format)
        fuzz::load_artifact({reinterpret_cast<const std::byte*>(data), size});
    else
        fuzz::import_file({reinterpret_cast<const char*>(data), size}, format);
    return 0;
}
