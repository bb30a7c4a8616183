#include "models/xgboost_file.hpp"

#include <charconv>
#include <utility>

#include "models/json_reader.hpp"
#include "models/ubj_reader.hpp"

namespace bourse::models {
namespace {

constexpr std::int64_t highest_count = std::int64_t{1} << 31;

using Integers = std::vector<std::int64_t>;
using Floats = std::vector<float>;

constexpr std::pair<std::string_view, Integers TreeText::*> integer_arrays[] = {
    {"left_children", &TreeText::left},
    {"right_children", &TreeText::right},
    {"split_indices", &TreeText::feature},
    {"default_left", &TreeText::default_left},
    {"split_type", &TreeText::split_type},
    {"categories_nodes", &TreeText::category_nodes},
    {"categories_segments", &TreeText::category_begin},
    {"categories_sizes", &TreeText::category_size},
    {"categories", &TreeText::categories},
};
constexpr std::pair<std::string_view, Floats TreeText::*> float_arrays[] = {
    {"split_conditions", &TreeText::value},
    {"sum_hessian", &TreeText::cover},
};

// In: JsonReader or UbjReader.
template <class In>
class Reader {
public:
    explicit Reader(std::string_view text) : in_(text, "XGBoost model") {}

    ModelText read() {
        bool learner = false;
        in_.object([&](std::string_view key) {
            if (key == "learner") {
                learner = true;
                in_.object([&](std::string_view field) { read_learner(field); });
            } else if (key == "version" && in_.at_array()) {
                model_.version = integers();
            } else {
                in_.skip();
            }
        });
        in_.finish();
        if (!learner) in_.fail("there is no \"learner\"");
        return std::move(model_);
    }

private:
    Floats floats() {
        Floats values;
        in_.array([&] { values.push_back(in_.float32()); });
        return values;
    }
    Integers integers() {
        Integers values;
        in_.array([&] { values.push_back(in_.integer()); });
        return values;
    }
    std::vector<std::string> strings() {
        std::vector<std::string> values;
        in_.array([&] { values.push_back(in_.string()); });
        return values;
    }

    // XGBoost keeps its parameters as strings: "num_trees":"3".
    std::int64_t count(std::string_view what) {
        const std::string text = in_.string();
        const char* end = text.data() + text.size();
        std::int64_t value = -1;
        const auto read = std::from_chars(text.data(), end, value);
        if (read.ec != std::errc() || read.ptr != end || value < 0 || value > highest_count)
            in_.fail(std::string(what) + " is \"" + text.substr(0, 40) + "\", expected 0 to " +
                     std::to_string(highest_count));
        return value;
    }

    void read_learner(std::string_view key) {
        if (key == "gradient_booster") {
            in_.object([&](std::string_view field) { read_booster(field); });
        } else if (key == "feature_names") {
            model_.names = strings();
        } else if (key == "feature_types") {
            model_.types = strings();
        } else if (key == "objective") {
            in_.object([&](std::string_view field) {
                if (field == "name")
                    model_.objective = in_.string();
                else
                    in_.skip();
            });
        } else if (key == "attributes") {
            in_.object([&](std::string_view field) {
                if (field == "best_iteration" && in_.at_string())
                    model_.best_iteration = in_.string();
                else
                    in_.skip();
            });
        } else if (key == "learner_model_param") {
            in_.object([&](std::string_view field) { read_learner_parameter(field); });
        } else {
            in_.skip();
        }
    }

    void read_learner_parameter(std::string_view key) {
        if (key == "num_feature")
            model_.num_feature = count(key);
        else if (key == "num_class")
            model_.num_class = count(key);
        else if (key == "num_target")
            model_.num_target = count(key);
        else if (key == "base_score")
            model_.base_score = in_.string();
        else
            in_.skip();
    }

    // {name, model} for gbtree and gblinear; {name, gbtree: {model}, weight_drop} for dart. Only the outermost name
    // counts.
    void read_booster(std::string_view key) {
        if (key == "name") {
            model_.booster = in_.string();
        } else if (key == "model" || key == "gbtree") {
            std::string outer = std::move(model_.booster);
            in_.object([&](std::string_view field) { read_booster(field); });
            model_.booster = std::move(outer);
        } else if (key == "trees") {
            model_.trees.clear();
            in_.array([&] {
                model_.trees.emplace_back();
                in_.object([&](std::string_view field) { read_tree(field, model_.trees.back()); });
            });
        } else if (key == "tree_info") {
            model_.tree_info = integers();
        } else if (key == "gbtree_model_param") {
            in_.object([&](std::string_view field) {
                if (field == "num_trees")
                    model_.num_trees = count(field);
                else if (field == "num_parallel_tree")
                    model_.num_parallel_tree = count(field);
                else
                    in_.skip();
            });
        } else if (key == "iteration_indptr") {
            model_.round_ends = integers();
        } else if (key == "cats") {
            in_.object([&](std::string_view field) {
                if (field == "enc")
                    read_labels();
                else
                    in_.skip();
            });
        } else if (key == "weight_drop") {
            model_.weight_drop = floats();
        } else if (key == "weights") {
            model_.weights = floats();
        } else {
            in_.skip();
        }
    }

    // {offsets, values} of text labels, {type, values} of numbers; one per feature, empty for numeric ones.
    void read_labels() {
        model_.labels.clear();
        in_.array([&] {
            auto& labels = model_.labels.emplace_back();
            in_.object([&](std::string_view field) {
                if (field == "offsets")
                    labels.offsets = integers();
                else if (field == "values")
                    labels.values = label_values();
                else
                    in_.skip();
            });
        });
    }

    // Integers; labels that are other numbers are not kept.
    std::optional<Integers> label_values() {
        Integers values;
        bool whole = true;
        in_.array([&] {
            if (in_.at_integer())
                values.push_back(in_.integer());
            else
                whole = false, in_.skip();
        });
        return whole ? std::optional(values) : std::nullopt;
    }

    void read_tree(std::string_view key, TreeText& tree) {
        for (const auto& [name, member] : integer_arrays)
            if (key == name) return void(tree.*member = integers());
        for (const auto& [name, member] : float_arrays)
            if (key == name) return void(tree.*member = floats());
        if (key != "tree_param") return in_.skip();
        in_.object([&](std::string_view field) {
            if (field == "num_nodes")
                tree.num_nodes = count(field);
            else if (field == "size_leaf_vector")
                tree.leaf_size = count(field);
            else
                in_.skip();
        });
    }

    In in_;
    ModelText model_;
};

}  // namespace

ModelText read_xgboost_file(std::string_view text) {
    return looks_like_ubj(text) ? Reader<UbjReader>(text).read() : Reader<JsonReader>(text).read();
}

}  // namespace bourse::models
