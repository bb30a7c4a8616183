#include "models/contributions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/error.hpp"
#include "core/interrupt_pace.hpp"
#include "models/forest.hpp"
#include "models/light_forest.hpp"
#include "models/linear.hpp"
#include "models/linear_model.hpp"
#include "models/prepared.hpp"

namespace bourse::models {
namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

// Covers in the order of the forest's nodes.
std::vector<double> covers_of(const Forest& forest, const Artifact& artifact) {
    const auto all = artifact.get<float>("node_cover");
    const auto sizes = artifact.get<std::uint32_t>("tree_nodes");
    std::vector<double> covers(forest.nodes());
    std::size_t first = 0;
    for (std::size_t tree = 0; tree < forest.trees(); ++tree) {
        const std::size_t end = tree + 1 < forest.trees() ? forest.root(tree + 1) : forest.nodes();
        for (std::uint32_t node = forest.root(tree); node < end; ++node)
            covers[node] = all[first + forest.number(node)];
        first += sizes[tree];
    }
    return covers;
}

// Inner nodes have the rows of their leaves; children stand behind their parents.
std::vector<double> covers_of(const LightForest& forest, const Artifact& artifact) {
    const auto leaves = artifact.get<std::uint32_t>("leaf_count");
    std::vector<double> covers(forest.nodes());
    for (auto node = static_cast<std::uint32_t>(covers.size()); node-- > 0;) {
        const auto left = forest.left_child(node);
        covers[node] = left == 0 ? leaves[forest.feature(node)] : covers[left] + covers[left + 1];
    }
    return covers;
}

}  // namespace

// The way from a root to a leaf, and what it says of each feature on it.
struct Contributions::Path {
    struct Step {
        std::uint32_t feature;
        double share;
        bool taken;  // the row goes this way
    };
    struct Open {
        std::uint32_t node, depth;
        Step step;
    };
    struct Feature {
        std::uint32_t feature;
        double unknown;  // share of the leaf when the feature is unknown
        bool known;      // the row can reach it when the feature is known

        double effect() const { return (known ? 1 : 0) - unknown; }
    };

    Path(std::size_t width, const CheckInterrupts& interrupts) : place(width, none), pace(interrupts) {}

    // Steps of one feature become one. False: no set of features reaches the leaf.
    bool merge() {
        for (const auto& f : features) place[f.feature] = none;
        features.clear();
        pace.done(steps.size());
        for (const auto& step : steps) {
            auto& at = place[step.feature];
            if (at == none) {
                at = static_cast<std::uint32_t>(features.size());
                features.push_back({step.feature, 1, true});
            }
            features[at].unknown *= step.share;
            features[at].known = features[at].known && step.taken;
        }
        return std::none_of(features.begin(), features.end(), [](const auto& f) { return f.unknown == 0 && !f.known; });
    }

    // weights[k]: Σ over the sets of k of these features, but `left_out`, of the product of their parts, by how many
    // orders have them first.
    void extend(std::size_t left_out = none) {
        weights.assign(features.size() + 1, 0);
        weights[0] = 1;
        std::size_t l = 0;
        for (std::size_t at = 0; at < features.size(); ++at) {
            if (at == left_out) continue;
            const auto& f = features[at];
            const auto size = static_cast<double>(++l + 1);
            pace.done(l);
            for (std::size_t i = l; i-- > 0;) {
                if (f.known) weights[i + 1] += weights[i] * static_cast<double>(i + 1) / size;
                weights[i] *= f.unknown * static_cast<double>(l - i) / size;
            }
        }
        extended = l;
    }

    // Sum of the weights that extend() would give without f.
    double without(const Feature& f) {
        const std::size_t n = extended;
        pace.done(2 * n);  // divisions
        const auto size = static_cast<double>(n + 1);
        double total = 0, next = weights[n];
        for (std::size_t j = n; j-- > 0;) {
            const auto rest = static_cast<double>(n - j);
            if (f.known) {
                const double part = next * size / static_cast<double>(j + 1);
                total += part;
                next = weights[j] - part * f.unknown * rest / size;
            } else {
                total += weights[j] * size / (f.unknown * rest);
            }
        }
        return total;
    }

    std::vector<Open> open;
    std::vector<Step> steps;
    std::vector<Feature> features;
    std::vector<std::uint32_t> place;  // of a feature in `features`
    std::vector<double> weights;
    std::size_t extended = 0;  // features that weights stand for
    InterruptPace pace;        // a deep tree has many leaves, and long ways to them
};

Contributions::Contributions(const Artifact& artifact, const CheckInterrupts& interrupts)
    : model_(make_evaluator(artifact, interrupts)),
      forest_(dynamic_cast<const Forest*>(&inner_model(*model_))),
      light_(dynamic_cast<const LightForest*>(&inner_model(*model_))) {
    if (light_) {
        if (light_->linear())
            throw Error(ErrorKind::unavailable, "models of linear trees have no path-dependent contributions");
        base_.assign(model_->outputs(), 0);
        bias_ = base_;
        read_trees(*light_, covers_of(*light_, artifact), interrupts);
        return;
    }
    if (const auto* linear = dynamic_cast<const LinearModel*>(&inner_model(*model_))) {
        read_linear(*linear);
        return;
    }
    if (!artifact.has("base_margin"))
        throw Error(ErrorKind::unavailable, "models of kind " + artifact.kind + " have no exact contributions");
    const auto base = artifact.get<float>("base_margin");
    base_.assign(base.begin(), base.end());
    bias_ = base_;
    if (forest_) {
        read_trees(*forest_, covers_of(*forest_, artifact), interrupts);
        return;
    }
    const auto weights = artifact.get<float>("weights"), bias = artifact.get<float>("bias");
    weights_.assign(weights.begin(), weights.end());
    means_.assign(model_->features().size(), 0);
    for (std::size_t k = 0; k < bias_.size(); ++k) base_[k] = bias_[k] += bias[k];
}

// The bias is the margin of a row of means.
void Contributions::read_linear(const LinearModel& model) {
    const std::size_t width = model.features().size(), outputs = model.outputs();
    weights_.resize(width * outputs);
    for (std::size_t j = 0; j < width; ++j) means_.push_back(model.mean(j));
    for (std::size_t k = 0; k < outputs; ++k) {
        base_.push_back(model.intercept(k));
        for (std::size_t j = 0; j < width; ++j) {
            weights_[j * outputs + k] = model.weight(k, j);
            base_[k] += model.weight(k, j) * means_[j];
        }
    }
    bias_ = base_;
}

Contributions::~Contributions() = default;

std::size_t Contributions::size_bytes() const noexcept {
    return model_->size_bytes() + (table_bytes_ <= ShapTables::most_bytes ? table_bytes_ : 0) +
           nodes_.size() * sizeof(Node) + weights_.size() * sizeof(double);
}

template <class Trees>
void Contributions::read_trees(const Trees& trees, const std::vector<double>& covers,
                               const CheckInterrupts& interrupts) {
    for (const auto cover : covers)
        if (!std::isfinite(cover) || cover < 0)
            throw Error(ErrorKind::corrupt_artifact, "model artifact: a node's cover is " + std::to_string(cover));
    nodes_.resize(covers.size());
    std::vector<double> means(covers.size());  // children stand behind their parents
    std::size_t end = covers.size();
    for (std::size_t tree = trees.trees(); tree-- > 0; end = trees.root(tree)) {
        check(interrupts);
        for (auto node = static_cast<std::uint32_t>(end); node-- > trees.root(tree);) {
            const auto left = trees.left_child(node);
            nodes_[node].left = left;
            if (left == 0) {
                means[node] = nodes_[node].value = trees.leaf_value(tree, node);
                continue;
            }
            nodes_[node].feature = trees.feature(node);
            for (const auto child : {left, left + 1}) {
                nodes_[child].share = covers[node] > 0 ? covers[child] / covers[node] : 0.5;
                means[node] += nodes_[child].share * means[child];
            }
        }
    }
    for (std::size_t tree = 0; tree < trees.trees(); ++tree) {
        bias_[trees.output(tree)] += means[trees.root(tree)];
        roots_.push_back(trees.root(tree));
    }
    table_bytes_ = ShapTables::bytes_for(nodes_, roots_);
}

// Calls `leaf` with the value of every leaf that some set of features reaches, and its way in `path`. Depth first; the
// steps of a popped node's ancestors still stand below its own.
template <class Trees, class Leaf>
void Contributions::walk(const Trees& trees, std::size_t tree, std::span<const double> row, Path& path,
                         Leaf&& leaf) const {
    path.open.assign(1, {trees.root(tree), 0, {}});
    while (!path.open.empty()) {
        const auto at = path.open.back();
        path.open.pop_back();
        path.steps.resize(at.depth);
        if (at.depth > 0) path.steps.back() = at.step;
        const Node& node = nodes_[at.node];
        if (node.left != 0) {
            const bool left = trees.goes_left(at.node, row[node.feature]);
            path.open.push_back({node.left + 1, at.depth + 1, {node.feature, nodes_[node.left + 1].share, !left}});
            path.open.push_back({node.left, at.depth + 1, {node.feature, nodes_[node.left].share, left}});
        } else if (path.merge()) {
            leaf(node.value);
        }
    }
}

template <class Trees>
void Contributions::explain(const Trees& trees, std::size_t tree, std::span<const double> row, Path& path,
                            std::span<double> out) const {
    walk(trees, tree, row, path, [&](double value) {
        path.extend();
        for (const auto& f : path.features) out[f.feature] += path.without(f) * f.effect() * value;
    });
}

// Half the effect of a pair stands on either side of the diagonal.
template <class Trees>
void Contributions::explain_pairs(const Trees& trees, std::size_t tree, std::span<const double> row, Path& path,
                                  std::span<double> out) const {
    const std::size_t stride = row.size() + 1;
    walk(trees, tree, row, path, [&](double value) {
        for (std::size_t j = 1; j < path.features.size(); ++j) {
            const auto& b = path.features[j];
            path.extend(j);
            for (std::size_t i = 0; i < j; ++i) {
                const auto& a = path.features[i];
                const double half = path.without(a) * a.effect() * b.effect() * value / 2;
                out[a.feature * stride + b.feature] += half;
                out[b.feature * stride + a.feature] += half;
            }
        }
    });
}

void Contributions::explain_linear(std::span<const double> row, std::span<double> out) const {
    const std::size_t width = row.size(), outputs = bias_.size();
    for (std::size_t k = 0; k < outputs; ++k)
        for (std::size_t j = 0; j < width; ++j) {
            const double x = model_->wide() ? row[j] : static_cast<double>(static_cast<float>(row[j]));
            out[k * (width + 1) + j] = std::isnan(x) ? 0 : (x - means_[j]) * weights_[j * outputs + k];
        }
}

void Contributions::start(std::span<double> out) const {
    const std::size_t width = model_->features().size();
    std::fill(out.begin(), out.end(), 0.0);
    for (std::size_t k = 0; k < bias_.size(); ++k) out[k * (width + 1) + width] = bias_[k];
}

void Contributions::explain_tree(std::size_t tree, std::span<const double> rows, std::span<double> out,
                                 const CheckInterrupts& interrupts) const {
    const std::size_t width = model_->features().size(), stride = width + 1, parts = stride * bias_.size();
    Path path(width, interrupts);
    for (std::size_t i = 0; i * width < rows.size(); ++i) {
        if (i % 64 == 0) check(interrupts);
        const auto row = rows.subspan(i * width, width);
        const auto to = out.subspan(i * parts, parts);
        if (forest_)
            explain(*forest_, tree, row, path, to.subspan(forest_->output(tree) * stride, stride));
        else
            explain(*light_, tree, row, path, to.subspan(light_->output(tree) * stride, stride));
    }
}

void Contributions::of_row(std::span<const double> given, std::span<double> out,
                           const CheckInterrupts& interrupts) const {
    const std::size_t width = model_->features().size(), stride = width + 1;
    const auto row = inner_rows(*model_, given);
    if (row.size() != width || out.size() != stride * bias_.size())
        throw std::logic_error("Contributions::of_row: a row of another shape");
    start(out);
    if (!forest_ && !light_) return explain_linear(row, out);
    Path path(width, interrupts);
    const std::size_t trees = forest_ ? forest_->trees() : light_->trees();
    for (std::size_t tree = 0; tree < trees; ++tree) {
        check(interrupts);
        if (forest_)
            explain(*forest_, tree, row, path, out.subspan(forest_->output(tree) * stride, stride));
        else
            explain(*light_, tree, row, path, out.subspan(light_->output(tree) * stride, stride));
    }
}

void Contributions::interactions_of_row(std::span<const double> given, std::size_t output, std::span<double> out,
                                        const CheckInterrupts& interrupts) const {
    const std::size_t width = model_->features().size(), stride = width + 1;
    const auto row = inner_rows(*model_, given);
    if (row.size() != width || out.size() != stride * stride || output >= bias_.size())
        throw std::logic_error("Contributions::interactions_of_row: a row of another shape");
    std::fill(out.begin(), out.end(), 0.0);
    Path path(width, interrupts);
    const std::size_t trees = forest_ ? forest_->trees() : light_ ? light_->trees() : 0;
    for (std::size_t tree = 0; tree < trees; ++tree) {
        check(interrupts);
        if (forest_ && forest_->output(tree) == output) explain_pairs(*forest_, tree, row, path, out);
        if (light_ && light_->output(tree) == output) explain_pairs(*light_, tree, row, path, out);
    }
    std::vector<double> single(stride * bias_.size());
    of_row(given, single, interrupts);
    for (std::size_t i = 0; i < stride; ++i) {
        double shared = 0;
        for (std::size_t j = 0; j < stride; ++j) shared += out[i * stride + j];
        out[i * stride + i] = single[output * stride + i] - shared;
    }
}

}  // namespace bourse::models
