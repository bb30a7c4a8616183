// Linear models in float64: ridge, lasso, elastic net, logistic and softmax regression of any maker.
// Tensors  weights float64[outputs × features], intercept float64[outputs], and, where it is known,
//          background_mean float64[features]: what a row of the training data was like.
// Margin   intercept, then + weight × x in feature order, float64. A missing x counts as its background mean, as 0
// where
//          there is none. The objective (XGBoost's names) makes the prediction of it.
#pragma once

#include "models/evaluator.hpp"

namespace bourse::models {

class LinearModel final : public Evaluator {
public:
    static constexpr std::string_view kind = "linear";

    explicit LinearModel(const Artifact& artifact);

    bool wide() const noexcept override { return true; }
    double weight(std::size_t output, std::size_t feature) const { return weights_[output * means_.size() + feature]; }
    double mean(std::size_t feature) const { return means_[feature]; }
    double intercept(std::size_t output) const { return intercept_[output]; }

private:
    void block(const float* rows, std::size_t count, float* margins, const CheckInterrupts&) const override;
    void wide_block(const double* rows, std::size_t count, double* margins, const CheckInterrupts&) const override;

    std::vector<double> weights_, intercept_, means_;
};

}  // namespace bourse::models
