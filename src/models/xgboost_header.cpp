#include "models/xgboost_header.hpp"

#include <algorithm>
#include <charconv>

#include "core/error.hpp"
#include "models/objective.hpp"
#include "models/signature.hpp"

namespace bourse::models {
namespace {

// "5E-1" up to 3.0; "[5E-1]" or one entry per output from 3.1 on.
std::vector<float> base_scores(std::string_view text) {
    const auto wrong = [text] { corrupt_xgboost("base_score is \"" + std::string(text.substr(0, 40)) + "\""); };
    const bool list = text.starts_with('[');
    if (list && !text.ends_with(']')) wrong();
    std::string_view rest = list ? text.substr(1, text.size() - 2) : text;
    std::vector<float> scores;
    for (;;) {
        while (rest.starts_with(' ')) rest.remove_prefix(1);
        float score = 0;
        const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), score);
        if (read.ec != std::errc()) wrong();
        scores.push_back(score);
        rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()));
        while (rest.starts_with(' ')) rest.remove_prefix(1);
        if (rest.empty()) return scores;
        if (!list || !rest.starts_with(',')) wrong();
        rest.remove_prefix(1);
    }
}

// The margin that rows start from, one entry per output. XGBoost 3.2 starts every output of gblinear from the first
// entry of a list.
void put_base_margin(const ModelText& model, const Objective& objective, Artifact& artifact) {
    const auto scores = base_scores(model.base_score);
    if (scores.size() != 1 && scores.size() != artifact.outputs)
        corrupt_xgboost(std::to_string(scores.size()) + " base scores for " + std::to_string(artifact.outputs) +
                        " outputs");
    const bool first_only = scores.size() == 1 || model.booster == "gblinear";
    std::vector<float> margins;
    for (std::size_t k = 0; k < artifact.outputs; ++k) {
        const auto margin = base_margin(objective, scores[first_only ? 0 : k]);
        if (!margin)
            corrupt_xgboost("base_score is \"" + model.base_score.substr(0, 40) + "\", outside the range of " +
                            model.objective);
        margins.push_back(*margin);
    }
    artifact.put("base_margin", std::span<const float>(margins));
}

// Labels of one feature; null where the file has none that can be trusted: 3.2 counts the offsets of text in
// characters and cuts the bytes, so that text outside ASCII is unusable.
nlohmann::json labels_of(const LabelsText& text) {
    if (!text.values) return nullptr;
    const auto& values = *text.values;
    if (!text.offsets) return values;
    const auto& offsets = *text.offsets;
    if (offsets.empty()) return values.empty() ? nlohmann::json::array() : nlohmann::json();
    if (offsets.front() != 0 || !std::is_sorted(offsets.begin(), offsets.end()) ||
        offsets.back() != static_cast<std::int64_t>(values.size()))
        return nullptr;
    nlohmann::json labels = nlohmann::json::array();
    for (std::size_t i = 0; i + 1 < offsets.size(); ++i) {
        std::string label;
        for (auto at = offsets[i]; at < offsets[i + 1]; ++at) {
            const auto byte = values[static_cast<std::size_t>(at)];
            if (byte < 0 || byte > 127) return nullptr;
            label.push_back(static_cast<char>(byte));
        }
        labels.push_back(std::move(label));
    }
    return labels;
}

}  // namespace

void corrupt_xgboost(const std::string& problem) {
    throw Error(ErrorKind::corrupt_artifact, "XGBoost model: " + problem);
}

Artifact make_xgboost_header(const ModelText& model, const std::vector<std::string>& features) {
    Artifact artifact;
    const auto* objective = find_objective(model.objective);
    if (!objective)
        throw Error(ErrorKind::invalid_argument,
                    "XGBoost model: objective \"" + model.objective.substr(0, 60) + "\" is not known",
                    "docs/reference/models.md lists the objectives");
    artifact.objective = model.objective;

    put_signature(artifact, model.num_feature, model.names, features, "XGBoost");
    const auto width = artifact.features.size();
    if (!model.types.empty() && model.types.size() != width)
        corrupt_xgboost(std::to_string(model.types.size()) + " feature types for " + std::to_string(width) +
                        " features");
    artifact.feature_types = model.types;

    if (model.num_class > 1 && model.num_target > 1) corrupt_xgboost("num_class and num_target are both above 1");
    put_outputs(artifact, std::max({model.num_class, model.num_target, std::int64_t{1}}), "XGBoost");
    const bool multi = objective->transform == Transform::softprob || objective->transform == Transform::softmax;
    if (multi != (model.num_class > 1))
        corrupt_xgboost("num_class " + std::to_string(model.num_class) + " does not fit objective " + model.objective);

    put_base_margin(model, *objective, artifact);
    return artifact;
}

void describe_xgboost_training(const ModelText& model, Artifact& artifact) {
    artifact.training["xgboost_version"] = model.version;
    if (model.num_parallel_tree > 1) artifact.training["num_parallel_tree"] = model.num_parallel_tree;
    if (!model.best_iteration.empty()) artifact.training["best_iteration"] = model.best_iteration.substr(0, 40);
    if (model.labels.empty()) return;
    if (model.labels.size() != artifact.features.size())
        corrupt_xgboost("category labels of " + std::to_string(model.labels.size()) + " features, it has " +
                        std::to_string(artifact.features.size()));
    auto& all = artifact.training["category_labels"] = nlohmann::json::array();
    for (const auto& labels : model.labels) all.push_back(labels_of(labels));
}

}  // namespace bourse::models
