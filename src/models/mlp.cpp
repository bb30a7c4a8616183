#include "models/mlp.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"

namespace bourse::models {
namespace {

[[noreturn]] void corrupt(const std::string& problem) {
    throw Error(ErrorKind::corrupt_artifact, "model artifact: " + problem);
}

// A tensor of either precision.
std::vector<double> numbers(const Artifact& artifact, const std::string& name) {
    const auto found = artifact.tensors.find(name);
    if (found != artifact.tensors.end() && found->second.type == ElementType::float32) {
        const auto narrow = artifact.get<float>(name);
        return {narrow.begin(), narrow.end()};
    }
    return artifact.get<double>(name);
}

void require_finite(const std::vector<double>& values, const std::string& tensor) {
    if (!std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); }))
        corrupt(tensor + " is not finite");
}

double activate(Mlp::Activation activation, double x) {
    using enum Mlp::Activation;
    switch (activation) {
        case relu:
            return x > 0 ? x : 0;
        case tanh:
            return std::tanh(x);
        case gelu:
            return x / 2 * (1 + std::erf(x / std::numbers::sqrt2));
        case gelu_tanh:
            return x / 2 * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
        case silu:
            return x / (1 + std::exp(-x));
        case sigmoid:
            return 1 / (1 + std::exp(-x));
        case identity:
            break;
    }
    return x;
}

}  // namespace

Mlp::Mlp(const Artifact& artifact)
    : Evaluator(artifact), mean_(artifact.get<double>("input_mean")), scale_(artifact.get<double>("input_scale")) {
    const auto activations = artifact.get<std::uint8_t>("activation");
    if (mean_.size() != features().size() || scale_.size() != features().size())
        corrupt("input_mean and input_scale have not one entry per feature");
    require_finite(mean_, "input_mean");
    require_finite(scale_, "input_scale");
    if (std::find(scale_.begin(), scale_.end(), 0.0) != scale_.end()) corrupt("input_scale holds 0");
    if (activations.empty() || activations.size() > max_layers)
        corrupt(std::to_string(activations.size()) + " layers, expected 1 to " + std::to_string(max_layers));
    std::size_t in = features().size(), held = sizeof *this;
    for (std::size_t i = 0; i < activations.size(); ++i) {
        append_layer(artifact, i, in, activations[i]);
        in = layers_.back().out;
        held += (layers_.back().weights.size() + in) * sizeof(double);
    }
    if (in != outputs()) corrupt("the last layer has " + std::to_string(in) + " outputs");
    set_size(held);
}

void Mlp::append_layer(const Artifact& artifact, std::size_t number, std::size_t in, std::uint8_t activation) {
    const std::string name = "weight_" + std::to_string(number), bias = "bias_" + std::to_string(number);
    if (activation > static_cast<std::uint8_t>(Activation::sigmoid))
        corrupt("activation " + std::to_string(activation) + " of layer " + std::to_string(number));
    Layer layer{in, 0, numbers(artifact, name), numbers(artifact, bias), static_cast<Activation>(activation)};
    layer.out = layer.bias.size();
    if (layer.out == 0 || layer.weights.size() / layer.out != in || layer.weights.size() % layer.out != 0)
        corrupt(name + " does not fit " + bias);
    require_finite(layer.weights, name);
    require_finite(layer.bias, bias);
    layers_.push_back(std::move(layer));
}

void Mlp::wide_block(const double* rows, std::size_t count, double* margins, const CheckInterrupts&) const {
    const std::size_t width = mean_.size();
    std::vector<double> from(width), to;
    for (std::size_t i = 0; i < count; ++i, rows += width) {
        from.resize(width);
        for (std::size_t j = 0; j < width; ++j) from[j] = std::isnan(rows[j]) ? 0 : (rows[j] - mean_[j]) / scale_[j];
        for (const auto& layer : layers_) {
            to = layer.bias;
            for (std::size_t o = 0; o < layer.out; ++o) {
                const double* weights = layer.weights.data() + o * layer.in;
                for (std::size_t j = 0; j < layer.in; ++j) to[o] += weights[j] * from[j];
                to[o] = activate(layer.activation, to[o]);
            }
            from.swap(to);
        }
        margins = std::copy(from.begin(), from.end(), margins);
    }
}

void Mlp::block(const float* rows, std::size_t count, float* margins, const CheckInterrupts& interrupts) const {
    const std::vector<double> wide(rows, rows + count * mean_.size());
    std::vector<double> sums(count * outputs());
    wide_block(wide.data(), count, sums.data(), interrupts);
    std::transform(sums.begin(), sums.end(), margins, [](double x) { return static_cast<float>(x); });
}

}  // namespace bourse::models
