// Rows of features as a model takes them, in the precision in which it compares, and what the model makes of them.
#pragma once

#include <vector>

#include "pgext/boundary.hpp"
#include "pgext/model_store.hpp"

namespace bourse::pg {

// Rows of one model: float32 where it compares in float32 (XGBoost), else float64 (LightGBM), unless all of them came
// in float32. NaN = missing.
class FeatureRows {
public:
    explicit FeatureRows(const LoadedModel& model) : model_(model), wide_(model.evaluator->wide()) {}

    // One more row. Errors: unknown_feature with both numbers when it has not as many features as the model's
    // signature; of an array invalid_argument for more dimensions; invalid_argument, naming the feature, for a finite
    // float64 that a model of float32 cannot hold. NULL elements of an array are missing.
    void add_fvec(Datum vector);
    void add_array(Datum array);  // float8[] or real[]
    void add(std::span<const double> values);
    void add(std::span<const float> values);

    std::size_t size() const noexcept { return (doubles_.size() + floats_.size()) / features(); }
    std::vector<double> row(std::size_t i) const;  // as the model takes it

    // rows × outputs, with the bits of the training library. Valid until the next call.
    std::span<const double> margins(const CheckInterrupts& interrupts = {});
    // What the objective makes of them, one number a row.
    std::span<const double> predictions(const CheckInterrupts& interrupts = {});
    // rows × classes: probabilities, class 0 first. Error(invalid_argument) for an objective that does not classify.
    std::vector<double> probabilities(const CheckInterrupts& interrupts = {});

    void clear();

private:
    std::size_t features() const noexcept { return model_.evaluator->features().size(); }
    void check_count(std::size_t count) const;
    void push(std::size_t feature, double value);
    void evaluate(const CheckInterrupts& interrupts);

    const LoadedModel& model_;
    bool wide_;
    std::vector<float> floats_, float_margins_;
    std::vector<double> doubles_;  // where one row needs them, of all rows
    std::vector<double> margins_, predictions_;
};

}  // namespace bourse::pg
