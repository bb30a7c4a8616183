// Feed-forward networks: standardised inputs, then layer after layer, evaluated in float64.
// Tensors  input_mean, input_scale float64[features]; for layer i = 0 … l-1: weight_i [out × in] and bias_i [out], both
//          float32 or both float64; activation uint8[l] with the numbers below.
// Margin   h = (x - input_mean) / input_scale, a missing x gives 0 (its mean); each layer: activation(weight · h +
// bias),
//          bias first, then in the order of h. The objective (XGBoost's names) makes the prediction of the last layer.
// A network trained in float32 and run in float32 differs by that precision, about 1e-6 of the largest margin.
// Source   gelu: Hendrycks, Gimpel (2016), Gaussian Error Linear Units, by erf and by their tanh formula.
#pragma once

#include "models/evaluator.hpp"

namespace bourse::models {

class Mlp final : public Evaluator {
public:
    static constexpr std::string_view kind = "mlp";
    enum class Activation : std::uint8_t { identity, relu, tanh, gelu, gelu_tanh, silu, sigmoid };
    static constexpr std::size_t max_layers = 256;

    explicit Mlp(const Artifact& artifact);

    bool wide() const noexcept override { return true; }

private:
    struct Layer {
        std::size_t in, out;
        std::vector<double> weights, bias;
        Activation activation;
    };

    void append_layer(const Artifact& artifact, std::size_t number, std::size_t in, std::uint8_t activation);
    void block(const float* rows, std::size_t count, float* margins, const CheckInterrupts&) const override;
    void wide_block(const double* rows, std::size_t count, double* margins, const CheckInterrupts&) const override;

    std::vector<double> mean_, scale_;
    std::vector<Layer> layers_;
};

}  // namespace bourse::models
