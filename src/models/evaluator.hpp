// A model that predicts: what every kind of artifact becomes. Immutable, so one may serve many callers.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/interrupt.hpp"
#include "models/artifact.hpp"
#include "models/objective.hpp"

namespace bourse::models {

class Evaluator {
public:
    virtual ~Evaluator() = default;

    const std::vector<std::string>& features() const noexcept { return features_; }
    // As Artifact::feature_types: of each feature, or none.
    const std::vector<std::string>& feature_types() const noexcept { return feature_types_; }
    const Objective& objective() const noexcept { return objective_; }
    std::size_t outputs() const noexcept { return outputs_; }
    std::size_t classes() const noexcept { return outputs_ == 1 ? 2 : outputs_; }  // entries of a row of probabilities
    std::size_t size_bytes() const noexcept { return size_bytes_; }                // memory held, about

    // Raw margins of `count` rows. rows: count × features, row-major, NaN = missing, infinities compare as numbers.
    // margins: count × outputs. For models of XGBoost, equal to XGBoost bit for bit. `interrupts` is called once per
    // block of rows and every 128 trees.
    void margins(std::span<const float> rows, std::size_t count, std::span<float> margins,
                 const CheckInterrupts& interrupts) const;

    // The same in float64: the precision of LightGBM, whose margins are equal bit for bit only here; models of XGBoost
    // round the rows to float32 first (beyond its range to an infinity) and widen their margins.
    void margins(std::span<const double> rows, std::size_t count, std::span<double> margins,
                 const CheckInterrupts& interrupts) const;

    // The second form's margins of rows in float32, which are not widened first where the model can do without.
    void margins(std::span<const float> rows, std::size_t count, std::span<double> margins,
                 const CheckInterrupts& interrupts) const;

    // Whether it compares and adds in float64: then only margins in float64 have the training library's bits.
    virtual bool wide() const noexcept { return false; }

    // What the objective makes of margins, one number per row (see predict_row).
    void predictions(std::span<const float> margins, std::size_t count, std::span<double> out) const;
    void predictions(std::span<const double> margins, std::size_t count, std::span<double> out) const;

    // One row in float32; convenience over the above.
    double predict(std::span<const float> row) const;

protected:
    Evaluator(const Artifact& artifact);  // the objective is one of XGBoost's
    Evaluator(const Artifact& artifact, const Objective& objective);
    // Rows that block() takes at a time: few stay in the cache while every tree passes over them. More may be asked for
    // where block() itself sees to that, and to the interrupts.
    virtual std::size_t rows_per_block() const noexcept { return 64; }
    virtual void block(const float* rows, std::size_t count, float* margins,
                       const CheckInterrupts& interrupts) const = 0;
    virtual void wide_block(const double* rows, std::size_t count, double* margins,
                            const CheckInterrupts& interrupts) const;
    virtual void widening_block(const float* rows, std::size_t count, double* margins,
                                const CheckInterrupts& interrupts) const;
    void set_size(std::size_t bytes) noexcept { size_bytes_ = bytes; }

private:
    std::vector<std::string> features_, feature_types_;
    Objective objective_;
    std::size_t outputs_;
    std::size_t size_bytes_ = 0;
};

// Builds the evaluator of an artifact. Errors: corrupt_artifact for anything inconsistent (indices outside their
// range, cycles, a node with one child, counts that differ), unavailable for a kind that this program has none for.
// `interrupts` is called every few thousand nodes.
std::unique_ptr<const Evaluator> make_evaluator(const Artifact& artifact, const CheckInterrupts& interrupts = {});

// read_artifact + make_evaluator.
std::unique_ptr<const Evaluator> load_model(std::span<const std::byte> bytes, const CheckInterrupts& interrupts = {});

}  // namespace bourse::models
