// Ridge regression: the baseline that anything else has to beat.
//
// Model    label ~ bias + sum of weight_j * x_j over the features that are present; a missing one counts as 0.
// Fit      minimises mean squared error + l2 * sum of (weight_j * deviation_j)²: the penalty is the same for features
//          of any scale, the bias is free. l2 null: the one of 25 values from 100 down to 0.0001 that is best on
//          valid; each is a round of the learning curve. Without a valid span: 0.01.
// File     as XGBoost's gblinear, so that XGBoost reads it and our evaluator of that kind predicts it.
// Source   Hoerl and Kennard (1970), Ridge regression, Technometrics 12.
#pragma once

#include <array>
#include <memory>

#include "training/algorithm.hpp"
#include "training/trainer.hpp"

namespace bourse::training {

class Linear {
    static constexpr std::array params{
        ParamInfo{"l2", ParamType::number, 0, 1e6, "null", {}, "lambda", "penalty; null: chosen on valid"},
    };

public:
    static constexpr AlgorithmInfo info{"linear", "ridge regression", params};
    static std::unique_ptr<Trainer> make();
};

}  // namespace bourse::training
