#include "models/prepared.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace bourse::models {
namespace {

constexpr std::string_view prefix = "prepare.";

[[noreturn]] void corrupt(const std::string& tensor) {
    throw Error(ErrorKind::corrupt_artifact, "model artifact: tensor " + tensor.substr(0, 60) + " is no step");
}

// prepare.<number>.<kind>, numbers from 0 without a gap.
std::size_t read_name(const std::string& name, ColumnStep::Kind& kind) {
    const std::size_t dot = name.find('.', prefix.size());
    if (dot == std::string::npos || dot == prefix.size() || dot > prefix.size() + 3) corrupt(name);
    std::size_t number = 0;
    for (const char digit : name.substr(prefix.size(), dot - prefix.size())) {
        if (digit < '0' || digit > '9') corrupt(name);
        number = number * 10 + static_cast<std::size_t>(digit - '0');
    }
    if (!read_kind(std::string_view(name).substr(dot + 1), kind)) corrupt(name);
    return number;
}

}  // namespace

void put_steps(Artifact& artifact, std::span<const ColumnStep> steps) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
        std::vector<double> values(steps[i].on.begin(), steps[i].on.end());
        values.insert(values.end(), steps[i].a.begin(), steps[i].a.end());
        values.insert(values.end(), steps[i].b.begin(), steps[i].b.end());
        artifact.put<double>(std::string(prefix) + std::to_string(i) + "." + kind_name(steps[i].kind), values,
                             {3, steps[i].columns()});
    }
}

std::vector<ColumnStep> read_steps(const Artifact& artifact) {
    const std::size_t width = artifact.features.size();
    std::vector<ColumnStep> steps;
    std::vector<std::uint8_t> seen;
    for (const auto& [name, tensor] : artifact.tensors) {
        if (!name.starts_with(prefix)) continue;
        ColumnStep step(ColumnStep::Kind::scale, width);
        const std::size_t number = read_name(name, step.kind);
        const auto values = artifact.get<double>(name);
        if (values.size() != 3 * width) corrupt(name);
        for (std::size_t column = 0; column < width; ++column)
            if (values[column] == 1)
                step.set(column, values[width + column], values[2 * width + column]);
            else if (values[column] != 0)
                corrupt(name);
        if (number >= steps.size()) {
            steps.resize(number + 1);
            seen.resize(number + 1);
        }
        if (seen[number]++) corrupt(name);
        steps[number] = std::move(step);
    }
    if (std::find(seen.begin(), seen.end(), 0) != seen.end()) corrupt(std::string(prefix) + "…");
    return steps;
}

Prepared::Prepared(const Artifact& artifact, std::unique_ptr<const Evaluator> model, std::vector<ColumnStep> steps)
    : Evaluator(artifact, model->objective()), model_(std::move(model)), steps_(std::move(steps)) {
    if (model_->wide())
        throw Error(ErrorKind::corrupt_artifact, "model artifact: steps before a model that compares in float64");
    set_size(sizeof *this + model_->size_bytes() + steps_.size() * features().size() * (1 + 2 * sizeof(double)));
}

void Prepared::block(const float* rows, std::size_t count, float* margins, const CheckInterrupts& interrupts) const {
    const std::size_t width = features().size();
    std::vector<float> prepared(rows, rows + count * width);
    for (std::size_t i = 0; i < count; ++i) prepare(std::span(prepared).subspan(i * width, width));
    model_->margins(std::span<const float>(prepared), count, std::span(margins, count * outputs()), interrupts);
}

const Evaluator& inner_model(const Evaluator& model) noexcept {
    const auto* prepared = dynamic_cast<const Prepared*>(&model);
    return prepared ? prepared->model() : model;
}

std::vector<double> inner_rows(const Evaluator& model, std::span<const double> rows) {
    const auto* prepared = dynamic_cast<const Prepared*>(&model);
    if (!prepared) return {rows.begin(), rows.end()};
    std::vector<float> narrow(rows.begin(), rows.end());
    const std::size_t width = model.features().size();
    for (std::size_t at = 0; at + width <= narrow.size(); at += width)
        prepared->prepare(std::span(narrow).subspan(at, width));
    return {narrow.begin(), narrow.end()};
}

}  // namespace bourse::models
