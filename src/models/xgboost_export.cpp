#include "models/xgboost_export.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "core/error.hpp"
#include "models/evaluator.hpp"
#include "models/forest.hpp"
#include "models/linear.hpp"

namespace bourse::models {
namespace {

constexpr std::int64_t no_parent = 2147483647;
constexpr std::int64_t deleted_feature = 2147483647;  // with default_left

// Shortest digits that read back, in the form that every version reads: no plus, no leading zeros in the exponent.
// A cover need not be finite; XGBoost writes and reads these words.
std::string text_of(float value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
    std::array<char, 40> digits;
    const auto end = std::to_chars(digits.begin(), digits.end(), value, std::chars_format::scientific).ptr;
    const std::string_view all(digits.data(), static_cast<std::size_t>(end - digits.data()));
    const auto at = all.find('e');
    std::string text(all.substr(0, at));
    text += all[at + 1] == '-' ? "E-" : "E";
    const auto exponent = all.substr(at + 2);
    return text.append(exponent.substr(std::min(exponent.find_first_not_of('0'), exponent.size() - 1)));
}
std::string text_of(std::int64_t value) { return std::to_string(value); }

// Not JSON's escapes: XGBoost neither writes nor reads \u, see JsonReader.
std::string json_string(std::string_view text) {
    std::string all = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n')
            all += "\\n";
        else if (c == '\t')
            all += "\\t";
        else if (c == '\r')
            all += "\\r";
        else if (c == '\b')
            all += "\\b";
        else if (c == '\f')
            all += "\\f";
        else if (c == '"' || (c == '\\' && text.substr(i + 1, 1) != "u"))
            all += std::string("\\") + c;
        else
            all += c;
    }
    return all + '"';
}
std::string text_of(const std::string& value) { return json_string(value); }

template <class Range>
std::string list(const Range& values) {
    std::string all = "[";
    for (const auto& value : values) {
        if (all.size() > 1) all += ',';
        all += text_of(value);
    }
    return all + ']';
}

// "key":value, values ready as JSON.
std::string object(std::initializer_list<std::pair<const char*, std::string>> members) {
    std::string all = "{";
    for (const auto& [key, value] : members) {
        if (all.size() > 1) all += ',';
        all += json_string(key) + ':' + value;
    }
    return all + '}';
}

std::string number(std::size_t value) { return json_string(std::to_string(value)); }

// The base_score whose link is `margin`. The link is steep or flat in places, so that the nearest float of the exact
// inverse need not be it: its neighbours are tried, nearest first.
std::optional<float> base_score(const Objective& objective, float margin) {
    double exact = margin;
    if (objective.base_link == Transform::logistic) exact = 1 / (1 + std::exp(-static_cast<double>(margin)));
    if (objective.base_link == Transform::exponential) exact = std::exp(static_cast<double>(margin));
    float up = static_cast<float>(exact), down = up;
    for (int step = 0; step < 4096; ++step) {
        for (const float score : {up, down})
            if (base_margin(objective, score) == margin) return score;
        up = std::nextafter(up, HUGE_VALF);
        down = std::nextafter(down, -HUGE_VALF);
    }
    return std::nullopt;
}

std::string base_scores(const Artifact& artifact, const Objective& objective) {
    std::vector<float> scores;
    for (const auto margin : artifact.get<float>("base_margin")) {
        const auto score = base_score(objective, margin);
        if (!score)
            throw Error(ErrorKind::unavailable, "no base_score gives the base margin " + std::to_string(margin));
        scores.push_back(*score);
    }
    const bool equal = std::adjacent_find(scores.begin(), scores.end(), std::not_equal_to<>()) == scores.end();
    return json_string(equal ? text_of(scores.front()) : list(scores));
}

// The parameters that 1.7 demands of each objective, at their defaults.
std::string objective_of(const Artifact& artifact) {
    const std::string &name = artifact.objective, one = json_string("1");
    if (name.starts_with("multi:"))
        return object({{"name", json_string(name)},
                       {"softmax_multiclass_param", object({{"num_class", number(artifact.outputs)}})}});
    if (name == "count:poisson")
        return object({{"name", json_string(name)},
                       {"poisson_regression_param", object({{"max_delta_step", json_string("0.7")}})}});
    if (name == "reg:tweedie")
        return object({{"name", json_string(name)},
                       {"tweedie_regression_param", object({{"tweedie_variance_power", json_string("1.5")}})}});
    if (name == "reg:pseudohubererror")
        return object({{"name", json_string(name)}, {"pseudo_huber_param", object({{"huber_slope", one}})}});
    if (name == "survival:aft")
        return object({{"name", json_string(name)},
                       {"aft_loss_param", object({{"aft_loss_distribution", json_string("normal")},
                                                  {"aft_loss_distribution_scale", one}})}});
    if (name.starts_with("rank:"))
        return object(
            {{"name", json_string(name)},
             {"lambda_rank_param", object({{"fix_list_weight", json_string("0")}, {"num_pairsample", one}})}});
    return object({{"name", json_string(name)}, {"reg_loss_param", object({{"scale_pos_weight", one}})}});
}

// The tensors of forest.hpp, tree by tree.
class Trees {
public:
    explicit Trees(const Artifact& artifact)
        : width_(artifact.features.size()),
          sizes_(artifact.get<std::uint32_t>("tree_nodes")),
          left_(artifact.get<std::int32_t>("node_left")),
          right_(artifact.get<std::int32_t>("node_right")),
          feature_(artifact.get<std::uint32_t>("node_feature")),
          value_(artifact.get<float>("node_value")),
          cover_(artifact.get<float>("node_cover")),
          flags_(artifact.get<std::uint8_t>("node_flags")),
          category_node_(artifact.get<std::uint32_t>("category_node")),
          category_count_(artifact.get<std::uint32_t>("category_count")),
          category_(artifact.get<std::uint32_t>("category")) {}

    std::size_t count() const { return sizes_.size(); }

    std::string next() {
        const std::size_t n = sizes_[tree_];
        const auto of = [&](const auto& all) { return std::span(all).subspan(first_, n); };
        const Integers left = integers(of(left_)), right = integers(of(right_));
        Integers parents(n, no_parent), types, defaults, split = integers(of(feature_));
        for (std::size_t i = 0; i < n; ++i) {
            if (left[i] != -1)
                for (const auto child : {left[i], right[i]})
                    parents[static_cast<std::size_t>(child)] = static_cast<std::int64_t>(i);
            types.push_back(flags_[first_ + i] & Forest::categorical ? 1 : 0);
            defaults.push_back(flags_[first_ + i] & Forest::default_left ? 1 : 0);
        }
        // What pruning left without a parent is marked as deleted, or the library reads beyond its nodes.
        std::size_t deleted = 0;
        for (std::size_t i = 1; i < n; ++i)
            if (parents[i] == no_parent) {
                parents[i] = 0;
                split[i] = deleted_feature;
                defaults[i] = 1;
                ++deleted;
            }
        Integers nodes, begins, counts, categories;
        for (; set_ < category_node_.size() && category_node_[set_] < first_ + n; ++set_) {
            nodes.push_back(static_cast<std::int64_t>(category_node_[set_] - first_));
            begins.push_back(static_cast<std::int64_t>(categories.size()));
            counts.push_back(category_count_[set_]);
            for (std::uint32_t i = 0; i < category_count_[set_]; ++i) categories.push_back(category_[category_at_++]);
        }
        std::vector<float> weights(n);  // 1.7 wants the array; only leaves have a value
        for (std::size_t i = 0; i < n; ++i)
            if (left[i] == -1) weights[i] = value_[first_ + i];
        const std::string text = object({{"base_weights", list(weights)},
                                         {"categories", list(categories)},
                                         {"categories_nodes", list(nodes)},
                                         {"categories_segments", list(begins)},
                                         {"categories_sizes", list(counts)},
                                         {"default_left", list(defaults)},
                                         {"id", std::to_string(tree_)},
                                         {"left_children", list(left)},
                                         {"loss_changes", list(std::vector<float>(n))},
                                         {"parents", list(parents)},
                                         {"right_children", list(right)},
                                         {"split_conditions", list(of(value_))},
                                         {"split_indices", list(split)},
                                         {"split_type", list(types)},
                                         {"sum_hessian", list(of(cover_))},
                                         {"tree_param", object({{"num_deleted", number(deleted)},
                                                                {"num_feature", number(width_)},
                                                                {"num_nodes", number(n)},
                                                                {"size_leaf_vector", number(0)}})}});
        first_ += n;
        ++tree_;
        return text;
    }

private:
    using Integers = std::vector<std::int64_t>;

    template <class Range>
    static Integers integers(const Range& values) {
        return Integers(values.begin(), values.end());
    }

    std::size_t width_;
    std::vector<std::uint32_t> sizes_;
    std::vector<std::int32_t> left_, right_;
    std::vector<std::uint32_t> feature_;
    std::vector<float> value_, cover_;
    std::vector<std::uint8_t> flags_;
    std::vector<std::uint32_t> category_node_, category_count_, category_;
    std::size_t tree_ = 0, first_ = 0, set_ = 0, category_at_ = 0;
};

std::string booster_of(const Artifact& artifact) {
    if (artifact.kind == Linear::kind) {
        auto weights = artifact.get<float>("weights");
        const auto bias = artifact.get<float>("bias");
        weights.insert(weights.end(), bias.begin(), bias.end());
        return object({{"model", object({{"boosted_rounds", "0"}, {"weights", list(weights)}})},
                       {"name", json_string("gblinear")}});
    }
    Trees trees(artifact);
    std::string all = "[";
    for (std::size_t i = 0; i < trees.count(); ++i) {
        if (i > 0) all += ',';
        all += trees.next();
    }
    all += ']';
    const auto outputs = artifact.get<std::uint32_t>("tree_output");
    const auto parallel = artifact.training.value("num_parallel_tree", std::size_t{1});
    const std::string forest =
        object({{"model", object({{"gbtree_model_param", object({{"num_parallel_tree", number(parallel)},
                                                                 {"num_trees", number(trees.count())},
                                                                 {"size_leaf_vector", number(0)}})},
                                  {"tree_info", list(std::vector<std::int64_t>(outputs.begin(), outputs.end()))},
                                  {"trees", all}})},
                {"name", json_string("gbtree")}});
    if (!artifact.has("tree_weight")) return forest;
    return object(
        {{"gbtree", forest}, {"name", json_string("dart")}, {"weight_drop", list(artifact.get<float>("tree_weight"))}});
}

}  // namespace

std::string xgboost_json_from(const Artifact& artifact) {
    if (artifact.kind != Forest::kind && artifact.kind != Linear::kind)
        throw Error(ErrorKind::unavailable, "a model of kind " + artifact.kind.substr(0, 60) + " is none of XGBoost's");
    const Objective objective = make_evaluator(artifact)->objective();  // also checks every tensor
    const std::size_t outputs = artifact.outputs;
    const bool classes = has_classes(objective);
    const std::string parameters = object({{"base_score", base_scores(artifact, objective)},
                                           {"boost_from_average", number(1)},
                                           {"num_class", number(classes ? outputs : 0)},
                                           {"num_feature", number(artifact.features.size())},
                                           {"num_target", number(classes ? 1 : outputs)}});
    const std::string learner = object({{"attributes", "{}"},
                                        {"feature_names", list(artifact.features)},
                                        {"feature_types", list(artifact.feature_types)},
                                        {"gradient_booster", booster_of(artifact)},
                                        {"learner_model_param", parameters},
                                        {"objective", objective_of(artifact)}});
    return object({{"learner", learner}, {"version", "[1,7,6]"}});
}

}  // namespace bourse::models
