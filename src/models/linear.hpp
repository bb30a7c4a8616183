// XGBoost's linear booster (gblinear).
// Tensors  weights[features × outputs], bias[outputs], base_margin[outputs]; float32.
// Margin   bias + base_margin, then + x_j * weight_j in feature order, float32 after each step; a missing x adds
// nothing. Source   XGBoost 1.7, src/gbm/gblinear.cc.
#pragma once

#include "models/evaluator.hpp"

namespace bourse::models {

class Linear final : public Evaluator {
public:
    static constexpr std::string_view kind = "xgboost-linear";

    explicit Linear(const Artifact& artifact);

private:
    void block(const float* rows, std::size_t count, float* margins, const CheckInterrupts&) const override;

    std::vector<float> weights_;
    std::vector<float> bias_;
    std::vector<float> base_margin_;
};

}  // namespace bourse::models
