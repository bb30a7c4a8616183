#include "models/evaluator.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/error.hpp"
#include "models/forest.hpp"
#include "models/light_forest.hpp"
#include "models/linear.hpp"
#include "models/linear_model.hpp"
#include "models/mlp.hpp"
#include "models/prepared.hpp"

namespace bourse::models {
namespace {

const Objective& known_objective(const std::string& name) {
    const auto* objective = find_objective(name);
    if (!objective) throw Error(ErrorKind::corrupt_artifact, "model artifact: unknown objective " + name.substr(0, 60));
    return *objective;
}

template <class Row, class Margin, class F>
void in_blocks(const Evaluator& model, std::span<const Row> rows, std::size_t count, std::span<Margin> margins,
               std::size_t rows_per_block, const CheckInterrupts& interrupts, F&& block) {
    const std::size_t width = model.features().size(), outputs = model.outputs();
    if (rows.size() != count * width || margins.size() != count * outputs)
        throw std::logic_error("Evaluator::margins: a matrix of another shape");
    for (std::size_t i = 0; i < count; i += rows_per_block) {
        check(interrupts);
        block(rows.data() + i * width, std::min(rows_per_block, count - i), margins.data() + i * outputs);
    }
}

// Of the kind that the artifact names, whatever comes before it.
std::unique_ptr<const Evaluator> make_own(const Artifact& artifact, const CheckInterrupts& interrupts) {
    if (artifact.kind == Forest::kind) return std::make_unique<Forest>(artifact, interrupts);
    if (artifact.kind == LightForest::kind) return std::make_unique<LightForest>(artifact, interrupts);
    if (artifact.kind == Linear::kind) return std::make_unique<Linear>(artifact);
    if (artifact.kind == LinearModel::kind) return std::make_unique<LinearModel>(artifact);
    if (artifact.kind == Mlp::kind) return std::make_unique<Mlp>(artifact);
    throw Error(ErrorKind::unavailable,
                "this program has no evaluator for models of kind " + artifact.kind.substr(0, 60),
                "install a newer bourse; this one evaluates " + std::string(Forest::kind) + ", " +
                    std::string(Linear::kind) + ", " + std::string(LightForest::kind) + ", " +
                    std::string(LinearModel::kind) + ", " + std::string(Mlp::kind));
}

}  // namespace

Evaluator::Evaluator(const Artifact& artifact) : Evaluator(artifact, known_objective(artifact.objective)) {}

Evaluator::Evaluator(const Artifact& artifact, const Objective& objective)
    : features_(artifact.features),
      feature_types_(artifact.feature_types),
      objective_(objective),
      outputs_(artifact.outputs) {}

void Evaluator::margins(std::span<const float> rows, std::size_t count, std::span<float> margins,
                        const CheckInterrupts& interrupts) const {
    in_blocks(*this, rows, count, margins, rows_per_block(), interrupts,
              [&](const float* from, std::size_t n, float* to) { block(from, n, to, interrupts); });
}

void Evaluator::margins(std::span<const double> rows, std::size_t count, std::span<double> margins,
                        const CheckInterrupts& interrupts) const {
    in_blocks(*this, rows, count, margins, rows_per_block(), interrupts,
              [&](const double* from, std::size_t n, double* to) { wide_block(from, n, to, interrupts); });
}

void Evaluator::margins(std::span<const float> rows, std::size_t count, std::span<double> margins,
                        const CheckInterrupts& interrupts) const {
    in_blocks(*this, rows, count, margins, rows_per_block(), interrupts,
              [&](const float* from, std::size_t n, double* to) { widening_block(from, n, to, interrupts); });
}

void Evaluator::widening_block(const float* rows, std::size_t count, double* margins,
                               const CheckInterrupts& interrupts) const {
    const std::vector<double> wide(rows, rows + count * features_.size());
    wide_block(wide.data(), count, margins, interrupts);
}

void Evaluator::wide_block(const double* rows, std::size_t count, double* margins,
                           const CheckInterrupts& interrupts) const {
    std::vector<float> narrow(rows, rows + count * features_.size()), sums(count * outputs_);
    block(narrow.data(), count, sums.data(), interrupts);
    std::copy(sums.begin(), sums.end(), margins);
}

void Evaluator::predictions(std::span<const float> margins, std::size_t count, std::span<double> out) const {
    for (std::size_t i = 0; i < count; ++i) out[i] = predict_row(objective_, margins.subspan(i * outputs_, outputs_));
}

void Evaluator::predictions(std::span<const double> margins, std::size_t count, std::span<double> out) const {
    for (std::size_t i = 0; i < count; ++i) out[i] = predict_row(objective_, margins.subspan(i * outputs_, outputs_));
}

double Evaluator::predict(std::span<const float> row) const {
    std::vector<float> raw(outputs_);
    double prediction = 0;
    margins(row, 1, raw, {});
    predictions(std::span<const float>(raw), 1, std::span(&prediction, 1));
    return prediction;
}

std::unique_ptr<const Evaluator> make_evaluator(const Artifact& artifact, const CheckInterrupts& interrupts) {
    auto steps = read_steps(artifact);
    auto model = make_own(artifact, interrupts);
    return make_prepared(artifact, std::move(model), std::move(steps));
}

std::unique_ptr<const Evaluator> load_model(std::span<const std::byte> bytes, const CheckInterrupts& interrupts) {
    return make_evaluator(read_artifact(bytes), interrupts);
}

}  // namespace bourse::models
