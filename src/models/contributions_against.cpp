// Interventional SHAP values: a row against every row of a background.
#include <cmath>
#include <stdexcept>

#include "core/interrupt_pace.hpp"
#include "models/contributions.hpp"
#include "models/forest.hpp"
#include "models/light_forest.hpp"
#include "models/prepared.hpp"

namespace bourse::models {
namespace {

constexpr std::uint32_t none = 0xffffffff;

// (n over k), n = a + b, k = a.
double choose(std::size_t a, std::size_t b) {
    double result = 1;
    for (std::size_t i = 1; i <= std::min(a, b); ++i)
        result *= static_cast<double>(a + b - std::min(a, b) + i) / static_cast<double>(i);
    return result;
}

}  // namespace

// Which features of a way come from which of two rows; those on whose tests both agree stand in neither.
struct Contributions::Choices {
    enum Side : std::uint8_t { both, row, other };
    struct Open {
        std::uint32_t node, depth, feature;
        Side side;
    };

    Choices(std::size_t width, const CheckInterrupts& interrupts) : side(width, both), pace(interrupts) {}

    void choose_side(std::uint32_t feature, Side to) {
        side[feature] = to;
        chosen.push_back(feature);
        ++(to == row ? from_row : from_other);
    }
    void go_back(std::size_t depth) {
        for (; chosen.size() > depth; chosen.pop_back()) {
            --(side[chosen.back()] == row ? from_row : from_other);
            side[chosen.back()] = both;
        }
    }

    std::vector<Open> open;
    std::vector<Side> side;  // of each feature
    std::vector<std::uint32_t> chosen;
    std::size_t from_row = 0, from_other = 0;
    InterruptPace pace;  // a deep tree has many leaves
};

// A leaf counts for exactly those sets that hold all of its features from the row and none from the other.
template <class Trees>
void Contributions::compare(const Trees& trees, std::size_t tree, std::span<const double> row,
                            std::span<const double> other, Choices& choices, std::span<double> out) const {
    choices.open.assign(1, {trees.root(tree), 0, none, Choices::both});
    while (!choices.open.empty()) {
        const auto at = choices.open.back();
        choices.open.pop_back();
        choices.go_back(at.depth);
        if (at.feature != none) choices.choose_side(at.feature, at.side);
        auto node = at.node;
        while (nodes_[node].left != 0) {
            choices.pace.done(4);
            const auto feature = nodes_[node].feature;
            const auto child = [&](bool left) { return nodes_[node].left + (left ? 0 : 1); };
            const bool mine = trees.goes_left(node, row[feature]), theirs = trees.goes_left(node, other[feature]);
            const auto side = choices.side[feature];
            if (mine != theirs && side == Choices::both) {
                choices.open.push_back(
                    {child(theirs), static_cast<std::uint32_t>(choices.chosen.size()), feature, Choices::other});
                choices.choose_side(feature, Choices::row);
            }
            node = child(side == Choices::other ? theirs : mine);
        }
        const double value = nodes_[node].value;
        const std::size_t a = choices.from_row, b = choices.from_other;
        if (a == 0) out[row.size()] += value;
        const double orders = choose(a, b);
        choices.pace.done(2 * choices.chosen.size());
        for (const auto feature : choices.chosen)
            out[feature] += choices.side[feature] == Choices::row ? value / (static_cast<double>(a) * orders)
                                                                  : -value / (static_cast<double>(b) * orders);
    }
    choices.go_back(0);
}

void Contributions::of_row_against(std::span<const double> given, std::span<const double> given_background,
                                   std::size_t count, std::span<double> out, const CheckInterrupts& interrupts) const {
    const std::size_t width = model_->features().size(), stride = width + 1, outputs = base_.size();
    const auto row = inner_rows(*model_, given), background_rows = inner_rows(*model_, given_background);
    const std::span<const double> background(background_rows);
    if (row.size() != width || count == 0 || background.size() != count * width || out.size() != stride * outputs)
        throw std::logic_error("Contributions::of_row_against: rows of another shape");
    std::fill(out.begin(), out.end(), 0.0);
    Choices choices(width, interrupts);
    std::vector<double> linear(out.size());
    for (std::size_t i = 0; i < count; ++i) {
        const auto other = background.subspan(i * width, width);
        if (!forest_ && !light_) {
            explain_linear(other, linear);
            for (std::size_t k = 0; k < outputs; ++k)
                for (std::size_t j = 0; j < width; ++j) {
                    out[k * stride + j] -= linear[k * stride + j];
                    out[k * stride + width] += linear[k * stride + j];
                }
            explain_linear(row, linear);
            for (std::size_t k = 0; k < outputs; ++k)
                for (std::size_t j = 0; j < width; ++j) out[k * stride + j] += linear[k * stride + j];
        }
        const std::size_t trees = forest_ ? forest_->trees() : light_ ? light_->trees() : 0;
        for (std::size_t tree = 0; tree < trees; ++tree) {
            check(interrupts);
            if (forest_)
                compare(*forest_, tree, row, other, choices, out.subspan(forest_->output(tree) * stride, stride));
            else
                compare(*light_, tree, row, other, choices, out.subspan(light_->output(tree) * stride, stride));
        }
    }
    for (auto& part : out) part /= static_cast<double>(count);
    for (std::size_t k = 0; k < outputs; ++k) out[k * stride + width] += base_[k];
}

}  // namespace bourse::models
