// A model that prepares its rows before it looks at them: what the processors of its dataset did.
// Tensors "prepare.<number>.<kind>", float64, shape 3 × features: on (0 or 1), a, b of a ColumnStep; or
// "prepare.<number>.across_<kind>", uint8, one a feature: CrossStep::on.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/cross_section.hpp"
#include "models/evaluator.hpp"

namespace bourse::models {

// Steps have as many columns as the artifact has features.
void put_steps(Artifact& artifact, std::span<const PreparationStep> steps);
// Empty for a model that takes its features as they are. Errors: corrupt_artifact.
std::vector<PreparationStep> read_steps(const Artifact& artifact);
// `model` behind these steps; itself where there are none.
std::unique_ptr<const Evaluator> make_prepared(const Artifact& artifact, std::unique_ptr<const Evaluator> model,
                                               std::vector<PreparationStep> steps);

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

// A model whose steps look at the other rows of a timestamp. By itself a row means nothing to it: the margins of
// Evaluator throw invalid_argument. All rows of a timestamp are prepared together and then shown to model().
class PreparedAcross final : public Evaluator {
public:
    PreparedAcross(const Artifact& artifact, std::unique_ptr<const Evaluator> model,
                   std::vector<PreparationStep> steps);

    const Evaluator& model() const noexcept { return *model_; }
    // In place; row-major, all rows of one timestamp that have any feature.
    void prepare(std::span<float> rows) const;
    [[noreturn]] static void refuse_single_rows();

private:
    void block(const float* rows, std::size_t count, float* margins, const CheckInterrupts& interrupts) const override;

    std::unique_ptr<const Evaluator> model_;
    std::vector<PreparationStep> steps_;
};

// The evaluator behind the steps; `model` itself where it has none.
const Evaluator& inner_model(const Evaluator& model) noexcept;
// Rows (row-major) as that evaluator is shown them. Errors: invalid_argument where that depends on other rows.
std::vector<double> inner_rows(const Evaluator& model, std::span<const double> rows);

}  // namespace bourse::models
