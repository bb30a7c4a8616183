// A model that prepares its rows before it looks at them: what the processors of its dataset did to single columns.
// Tensors "prepare.<number>.<kind>", float64, shape 3 × features: on (0 or 1), a, b of a ColumnStep.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/column_steps.hpp"
#include "models/evaluator.hpp"

namespace bourse::models {

// Steps have as many columns as the artifact has features.
void put_steps(Artifact& artifact, std::span<const ColumnStep> steps);
// Empty for a model that takes its features as they are. Errors: corrupt_artifact.
std::vector<ColumnStep> read_steps(const Artifact& artifact);

class Prepared final : public Evaluator {
public:
    // `model` is the artifact's own evaluator; its margins are float32 (wide() is false).
    Prepared(const Artifact& artifact, std::unique_ptr<const Evaluator> model, std::vector<ColumnStep> steps);

    const Evaluator& model() const noexcept { return *model_; }
    void prepare(std::span<float> row) const noexcept { apply_steps(steps_, row); }

private:
    std::size_t rows_per_block() const noexcept override { return 4096; }
    void block(const float* rows, std::size_t count, float* margins, const CheckInterrupts& interrupts) const override;

    std::unique_ptr<const Evaluator> model_;
    std::vector<ColumnStep> steps_;
};

// The evaluator behind the steps; `model` itself where it has none.
const Evaluator& inner_model(const Evaluator& model) noexcept;
// Rows (row-major) as that evaluator is shown them.
std::vector<double> inner_rows(const Evaluator& model, std::span<const double> rows);

}  // namespace bourse::models
