// fuzz_corpus GOLDEN OUT: seeds of the fuzz targets from the golden models, a folder per format: the files of
// XGBoost and LightGBM as they are (damaged ones too), and their artifacts. Large ones are left out: they cost speed
// and reach nothing that small ones do not. Exit status 77 where there are no golden models.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "core/error.hpp"
#include "models/golden.hpp"
#include "models/native_file.hpp"

namespace {

using namespace bourse::models;
namespace fs = std::filesystem;

constexpr std::size_t max_seed_bytes = 20'000;

void write(const fs::path& path, std::string_view bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

// One model file as a seed of its own format, and of the artifact's.
void add(const std::string& name, const std::string& file, const fs::path& out) {
    if (file.empty() || file.size() > max_seed_bytes) return;
    try {
        write(out / std::string(native_format(file)) / name, file);
        const auto artifact = write_artifact(
            artifact_from_native(file, {}, {}, false, nlohmann::json::object(), nlohmann::json::object()));
        write(out / std::string(own_format) / name, {reinterpret_cast<const char*>(artifact.data()), artifact.size()});
    } catch (const bourse::Error&) {  // a damaged one, or of no such library
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: " << argv[0] << " GOLDEN OUT\n";
        return 2;
    }
    const fs::path golden = argv[1], out = argv[2];
    if (!fs::is_directory(golden)) {
        std::cout << "SKIPPED: no golden models\n";
        return 77;
    }
    fs::remove_all(out);
    for (const auto& folder : fs::directory_iterator(golden)) {
        if (!folder.is_directory()) continue;
        const std::string name = folder.path().filename();
        if (name == "damaged")
            for (const auto& file : fs::directory_iterator(folder))
                add("damaged_" + file.path().filename().string(), golden::read(file.path()), out);
        else
            for (const char* file : {"model.json", "model.ubj", "model.txt"})
                add(name, golden::read(folder.path() / file), out);
    }
    return 0;
}
