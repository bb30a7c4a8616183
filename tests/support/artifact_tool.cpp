// artifact_tool MODEL OUT [feature,feature,…]: a model file of XGBoost or LightGBM to our artifact. For tests of the
// SQL side.
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "core/error.hpp"
#include "models/native_file.hpp"

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    std::ifstream in(argv[1], std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::vector<std::string> names;
    if (argc > 3) {
        std::istringstream list(argv[3]);
        for (std::string name; std::getline(list, name, ',');) names.push_back(name);
    }
    try {
        const auto bytes = bourse::models::write_artifact(bourse::models::artifact_from_native(
            text, {}, names, false, nlohmann::json::object(), nlohmann::json::object()));
        std::ofstream out(argv[2], std::ios::binary);
        out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return out.good() ? 0 : 1;
    } catch (const bourse::Error& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
