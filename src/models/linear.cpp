#include "models/linear.hpp"

#include <cmath>

#include "core/error.hpp"

namespace bourse::models {

Linear::Linear(const Artifact& artifact)
    : Evaluator(artifact),
      weights_(artifact.get<float>("weights")),
      bias_(artifact.get<float>("bias")),
      base_margin_(artifact.get<float>("base_margin")) {
    if (weights_.size() != features().size() * outputs() || bias_.size() != outputs() ||
        base_margin_.size() != outputs())
        throw Error(ErrorKind::corrupt_artifact, "model artifact: weights do not fit the signature");
    set_size(sizeof *this + weights_.size() * sizeof(float));
}

void Linear::block(const float* rows, std::size_t count, float* margins, const CheckInterrupts&) const {
    const std::size_t width = features().size();
    const std::size_t groups = outputs();
    for (std::size_t i = 0; i < count; ++i, rows += width, margins += groups)
        for (std::size_t k = 0; k < groups; ++k) {
            float sum = bias_[k] + base_margin_[k];
            for (std::size_t j = 0; j < width; ++j)
                if (!std::isnan(rows[j])) sum += rows[j] * weights_[j * groups + k];
            margins[k] = sum;
        }
}

}  // namespace bourse::models
