#include "tests/fuzz/exercise.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <vector>

#include "core/error.hpp"
#include "models/contributions.hpp"
#include "models/native_file.hpp"
#include "models/xgboost_export.hpp"

namespace bourse::fuzz {
namespace {

using namespace bourse::models;

void require(bool kept, const char* promise) {
    if (kept) return;
    std::fprintf(stderr, "broken promise: %s\n", promise);
    std::abort();
}

// Empty where the call was refused.
template <class F>
auto unless_refused(F&& body) -> std::optional<decltype(body())> {
    try {
        return body();
    } catch (const Error&) {
        return std::nullopt;
    }
}

constexpr double values[] = {0.0,
                             1.0,
                             -2.5,
                             1e30,
                             std::numeric_limits<double>::quiet_NaN(),
                             std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity(),
                             0.5,
                             -0.0,
                             7.0,
                             1e-36};

// Margins of one row, and of so many that kernels for blocks take part, in either precision.
template <class T>
void compare_blocks(const Evaluator& model) {
    constexpr std::size_t count = 40;
    const std::size_t width = model.features().size(), outputs = model.outputs();
    std::vector<T> rows(count * width), together(count * outputs), alone(outputs);
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = static_cast<T>(values[(i * i + i / width) % std::size(values)]);
    model.margins(rows, count, together, {});
    for (std::size_t i = 0; i < count; ++i) {
        model.margins(std::span<const T>(rows).subspan(i * width, width), 1, alone, {});
        for (std::size_t k = 0; k < outputs; ++k) {
            const T a = together[i * outputs + k], b = alone[k];
            require((std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b)),
                    "a row's margins are the same alone and among others");
        }
    }
}

void predict_with(const Evaluator& model) {
    compare_blocks<float>(model);
    compare_blocks<double>(model);
    const std::size_t width = model.features().size();
    for (const double value : values) {
        std::vector<double> row(width, value), margins(model.outputs()), prediction(1);
        model.margins(row, 1, margins, {});
        model.predictions(std::span<const double>(margins), 1, prediction);
    }
}

void explain_with(const Artifact& artifact) {
    unless_refused([&] {
        const Contributions explainer(artifact);
        const std::size_t width = explainer.model().features().size();
        const std::vector<double> row(width, 0.5), background(2 * width, -0.5);
        std::vector<double> parts(explainer.model().outputs() * (width + 1));
        explainer.of_row(row, parts);
        explainer.of_row_against(row, background, 2, parts);
        if (width <= 64) {
            std::vector<double> pairs((width + 1) * (width + 1));
            explainer.interactions_of_row(row, 0, pairs);
        }
        return true;
    });
}

// True: accepted.
bool use(const Artifact& artifact) {
    const auto model = unless_refused([&] { return make_evaluator(artifact); });
    if (!model) return false;
    predict_with(**model);
    explain_with(artifact);
    return true;
}

}  // namespace

bool import_file(std::string_view file, std::string_view format) {
    const auto artifact = unless_refused([&] {
        return artifact_from_native(file, format, {}, false, nlohmann::json::object(), nlohmann::json::object());
    });
    if (!artifact) return false;
    const auto bytes = write_artifact(*artifact);  // an importer accepts nothing that cannot be stored
    const auto read = read_artifact(bytes);
    require(write_artifact(read) == bytes, "an imported artifact reads back as it was written");
    require(use(read), "what an importer accepts is loaded");
    if (format == lightgbm_text) return true;
    if (const auto exported = unless_refused([&] { return xgboost_json_from(read); })) {
        auto again = artifact_from_native(*exported, xgboost_json, {}, false, read.params, nlohmann::json::object());
        again.training = read.training;
        require(write_artifact(again) == bytes, "what is exported is imported as the same model");
    }
    return true;
}

bool load_artifact(std::span<const std::byte> bytes) {
    const auto artifact = unless_refused([&] { return read_artifact(bytes); });
    if (!artifact) return false;
    if (const auto written = unless_refused([&] { return write_artifact(*artifact); }))
        require(write_artifact(read_artifact(*written)) == *written, "an artifact reads back as it was written");
    return use(*artifact);
}

}  // namespace bourse::fuzz
