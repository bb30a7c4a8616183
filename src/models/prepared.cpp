#include "models/prepared.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace bourse::models {
namespace {

constexpr std::string_view prefix = "prepare.";

[[noreturn]] void corrupt(const std::string& tensor) {
    throw Error(ErrorKind::corrupt_artifact, "model artifact: tensor " + tensor.substr(0, 60) + " is no step");
}

constexpr std::string_view across = "across_";

// prepare.<number>.<kind>, numbers from 0 without a gap; gives the number and leaves the kind in `name`.
std::size_t read_name(const std::string& whole, std::string_view& kind) {
    const std::size_t dot = whole.find('.', prefix.size());
    if (dot == std::string::npos || dot == prefix.size() || dot > prefix.size() + 3) corrupt(whole);
    std::size_t number = 0;
    for (const char digit : whole.substr(prefix.size(), dot - prefix.size())) {
        if (digit < '0' || digit > '9') corrupt(whole);
        number = number * 10 + static_cast<std::size_t>(digit - '0');
    }
    kind = std::string_view(whole).substr(dot + 1);
    return number;
}

ColumnStep read_column_step(const Artifact& artifact, const std::string& name, std::string_view kind) {
    const std::size_t width = artifact.features.size();
    ColumnStep step(ColumnStep::Kind::scale, width);
    if (!read_kind(kind, step.kind)) corrupt(name);
    const auto values = artifact.get<double>(name);
    if (values.size() != 3 * width) corrupt(name);
    for (std::size_t column = 0; column < width; ++column)
        if (values[column] == 1)
            step.set(column, values[width + column], values[2 * width + column]);
        else if (values[column] != 0)
            corrupt(name);
    return step;
}

CrossStep read_cross_step(const Artifact& artifact, const std::string& name, std::string_view kind) {
    CrossStep step;
    if (!read_kind(kind, step.kind)) corrupt(name);
    step.on = artifact.get<std::uint8_t>(name);
    if (step.on.size() != artifact.features.size()) corrupt(name);
    const auto count = [&](std::uint8_t value) { return std::count(step.on.begin(), step.on.end(), value); };
    const auto exposures = count(CrossStep::exposure);
    if (count(CrossStep::left_alone) + count(CrossStep::changed) + exposures !=
            static_cast<std::ptrdiff_t>(step.on.size()) ||
        (step.kind == CrossStep::Kind::neutralise) != (exposures > 0))
        corrupt(name);
    return step;
}

}  // namespace

void put_steps(Artifact& artifact, std::span<const PreparationStep> steps) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const std::string name = std::string(prefix) + std::to_string(i) + ".";
        if (const auto* cross = std::get_if<CrossStep>(&steps[i])) {
            artifact.put<std::uint8_t>(name + std::string(across) + kind_name(cross->kind), cross->on);
            continue;
        }
        const auto& step = std::get<ColumnStep>(steps[i]);
        std::vector<double> values(step.on.begin(), step.on.end());
        values.insert(values.end(), step.a.begin(), step.a.end());
        values.insert(values.end(), step.b.begin(), step.b.end());
        artifact.put<double>(name + kind_name(step.kind), values, {3, step.columns()});
    }
}

std::vector<PreparationStep> read_steps(const Artifact& artifact) {
    std::vector<PreparationStep> steps;
    std::vector<std::uint8_t> seen;
    for (const auto& [name, tensor] : artifact.tensors) {
        if (!name.starts_with(prefix)) continue;
        std::string_view kind;
        const std::size_t number = read_name(name, kind);
        if (number >= steps.size()) {
            steps.resize(number + 1);
            seen.resize(number + 1);
        }
        if (seen[number]++) corrupt(name);
        if (kind.starts_with(across))
            steps[number] = read_cross_step(artifact, name, kind.substr(across.size()));
        else
            steps[number] = read_column_step(artifact, name, kind);
    }
    if (std::find(seen.begin(), seen.end(), 0) != seen.end()) corrupt(std::string(prefix) + "…");
    return steps;
}

std::unique_ptr<const Evaluator> make_prepared(const Artifact& artifact, std::unique_ptr<const Evaluator> model,
                                               std::vector<PreparationStep> steps) {
    if (steps.empty()) return model;
    if (model->wide())
        throw Error(ErrorKind::corrupt_artifact, "model artifact: steps before a model that compares in float64");
    std::vector<ColumnStep> single;
    for (const auto& step : steps)
        if (const auto* one = std::get_if<ColumnStep>(&step)) single.push_back(*one);
    if (single.size() < steps.size())
        return std::make_unique<PreparedAcross>(artifact, std::move(model), std::move(steps));
    return std::make_unique<Prepared>(artifact, std::move(model), std::move(single));
}

Prepared::Prepared(const Artifact& artifact, std::unique_ptr<const Evaluator> model, std::vector<ColumnStep> steps)
    : Evaluator(artifact, model->objective()), model_(std::move(model)), steps_(std::move(steps)) {
    set_size(sizeof *this + model_->size_bytes() + steps_.size() * features().size() * (1 + 2 * sizeof(double)));
}

void Prepared::block(const float* rows, std::size_t count, float* margins, const CheckInterrupts& interrupts) const {
    const std::size_t width = features().size();
    std::vector<float> prepared(rows, rows + count * width);
    for (std::size_t i = 0; i < count; ++i) prepare(std::span(prepared).subspan(i * width, width));
    model_->margins(std::span<const float>(prepared), count, std::span(margins, count * outputs()), interrupts);
}

PreparedAcross::PreparedAcross(const Artifact& artifact, std::unique_ptr<const Evaluator> model,
                               std::vector<PreparationStep> steps)
    : Evaluator(artifact, model->objective()), model_(std::move(model)), steps_(std::move(steps)) {
    set_size(sizeof *this + model_->size_bytes() + steps_.size() * features().size() * (1 + 2 * sizeof(double)));
}

void PreparedAcross::prepare(std::span<float> rows) const {
    const std::size_t width = features().size();
    for (const auto& step : steps_) {
        if (const auto* cross = std::get_if<CrossStep>(&step)) {
            cross->apply(rows);
            continue;
        }
        for (std::size_t at = 0; at < rows.size(); at += width)
            std::get<ColumnStep>(step).apply(rows.subspan(at, width));
    }
}

void PreparedAcross::refuse_single_rows() {
    throw Error(
        ErrorKind::invalid_argument,
        "the model learned from features that depend on all rows of a timestamp: a row by itself has no prediction",
        "bourse.predict_table and bourse.top predict all members of a timestamp together");
}

void PreparedAcross::block(const float*, std::size_t, float*, const CheckInterrupts&) const { refuse_single_rows(); }

const Evaluator& inner_model(const Evaluator& model) noexcept {
    if (const auto* across_rows = dynamic_cast<const PreparedAcross*>(&model)) return across_rows->model();
    const auto* prepared = dynamic_cast<const Prepared*>(&model);
    return prepared ? prepared->model() : model;
}

std::vector<double> inner_rows(const Evaluator& model, std::span<const double> rows) {
    if (dynamic_cast<const PreparedAcross*>(&model)) PreparedAcross::refuse_single_rows();
    const auto* prepared = dynamic_cast<const Prepared*>(&model);
    if (!prepared) return {rows.begin(), rows.end()};
    std::vector<float> narrow(rows.begin(), rows.end());
    const std::size_t width = model.features().size();
    for (std::size_t at = 0; at + width <= narrow.size(); at += width)
        prepared->prepare(std::span(narrow).subspan(at, width));
    return {narrow.begin(), narrow.end()};
}

}  // namespace bourse::models
