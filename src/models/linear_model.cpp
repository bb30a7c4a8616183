#include "models/linear_model.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace bourse::models {
namespace {

void require_finite(const std::vector<double>& values, const char* tensor) {
    if (!std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); }))
        throw Error(ErrorKind::corrupt_artifact, std::string("model artifact: ") + tensor + " is not finite");
}

}  // namespace

LinearModel::LinearModel(const Artifact& artifact)
    : Evaluator(artifact), weights_(artifact.get<double>("weights")), intercept_(artifact.get<double>("intercept")) {
    const std::size_t width = features().size();
    means_ = artifact.has("background_mean") ? artifact.get<double>("background_mean") : std::vector<double>(width);
    if (weights_.size() != width * outputs() || intercept_.size() != outputs() || means_.size() != width)
        throw Error(ErrorKind::corrupt_artifact, "model artifact: weights do not fit the signature");
    require_finite(weights_, "weights");
    require_finite(intercept_, "intercept");
    require_finite(means_, "background_mean");
    set_size(sizeof *this + (weights_.size() + means_.size()) * sizeof(double));
}

void LinearModel::wide_block(const double* rows, std::size_t count, double* margins, const CheckInterrupts&) const {
    const std::size_t width = means_.size();
    for (std::size_t i = 0; i < count; ++i, rows += width)
        for (std::size_t k = 0; k < intercept_.size(); ++k) {
            double sum = intercept_[k];
            for (std::size_t j = 0; j < width; ++j) sum += weight(k, j) * (std::isnan(rows[j]) ? means_[j] : rows[j]);
            *margins++ = sum;
        }
}

void LinearModel::block(const float* rows, std::size_t count, float* margins, const CheckInterrupts& interrupts) const {
    const std::vector<double> wide(rows, rows + count * means_.size());
    std::vector<double> sums(count * intercept_.size());
    wide_block(wide.data(), count, sums.data(), interrupts);
    std::transform(sums.begin(), sums.end(), margins, [](double x) { return static_cast<float>(x); });
}

}  // namespace bourse::models
