#include "pgext/model_rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "pgext/fvec.hpp"

namespace bourse::pg {

void FeatureRows::check_count(std::size_t count) const {
    if (count == features()) return;
    const auto& version = model_.version;
    throw Error(ErrorKind::unknown_feature,
                "model " + version.label() + " takes " + std::to_string(features()) + " features, but " +
                    std::to_string(count) + " were given",
                "SELECT features FROM bourse_bi.model_version WHERE model = '" + version.name +
                    "' AND version = " + std::to_string(version.version) + " lists them in order");
}

void FeatureRows::push(std::size_t feature, double value) {
    if (wide_) {
        doubles_.insert(doubles_.end(), floats_.begin(), floats_.end());
        floats_.clear();
        doubles_.push_back(value);
        return;
    }
    const auto x = static_cast<float>(value);
    if (std::isinf(x) && !std::isinf(value)) {
        char text[32];
        std::snprintf(text, sizeof text, "%g", value);
        throw Error(ErrorKind::invalid_argument,
                    "feature \"" + model_.evaluator->features()[feature] + "\" is " + text +
                        ", beyond float32, in which the model compares",
                    "use NULL for a missing value");
    }
    floats_.push_back(x);
}

void FeatureRows::add(std::span<const float> row) {
    check_count(row.size());
    if (!doubles_.empty())
        doubles_.insert(doubles_.end(), row.begin(), row.end());
    else
        floats_.insert(floats_.end(), row.begin(), row.end());
}

void FeatureRows::add_fvec(Datum vector) { add(as_fvec(vector)->elements()); }

void FeatureRows::add_array(Datum array) {
    struct Parts {
        Datum* values;
        bool* nulls;
        int count, dimensions;
        Oid type;
    };
    const auto parts = pg_call([&] {
        Parts p{};
        ArrayType* a = DatumGetArrayTypeP(array);
        p.dimensions = ARR_NDIM(a);
        p.type = ARR_ELEMTYPE(a);
        if (p.type == FLOAT8OID)
            deconstruct_array(a, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &p.values, &p.nulls,
                              &p.count);
        else
            deconstruct_array(a, FLOAT4OID, sizeof(float4), true, TYPALIGN_INT, &p.values, &p.nulls, &p.count);
        return p;
    });
    if (parts.dimensions > 1)
        throw Error(ErrorKind::invalid_argument,
                    "features have " + std::to_string(parts.dimensions) + " dimensions, expected one");
    const auto count = static_cast<std::size_t>(parts.count);
    check_count(count);
    for (std::size_t i = 0; i < count; ++i)
        push(i, parts.nulls[i]            ? std::numeric_limits<double>::quiet_NaN()
                : parts.type == FLOAT8OID ? DatumGetFloat8(parts.values[i])
                                          : static_cast<double>(DatumGetFloat4(parts.values[i])));
}

void FeatureRows::add(std::span<const double> values) {
    check_count(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) push(i, values[i]);
}

std::vector<double> FeatureRows::row(std::size_t i) const {
    const auto part = [&](const auto& all) {
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(i * features());
        return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(features()));
    };
    return doubles_.empty() ? part(floats_) : part(doubles_);
}

void FeatureRows::evaluate(const CheckInterrupts& interrupts) {
    const std::size_t count = size() * model_.evaluator->outputs();
    margins_.resize(count);
    if (!doubles_.empty())
        return model_.evaluator->margins(std::span<const double>(doubles_), size(), std::span(margins_), interrupts);
    if (wide_)
        return model_.evaluator->margins(std::span<const float>(floats_), size(), std::span(margins_), interrupts);
    float_margins_.resize(count);
    model_.evaluator->margins(std::span<const float>(floats_), size(), std::span(float_margins_), interrupts);
}

std::span<const double> FeatureRows::margins(const CheckInterrupts& interrupts) {
    evaluate(interrupts);
    if (!wide_) std::copy(float_margins_.begin(), float_margins_.end(), margins_.begin());
    return margins_;
}

std::span<const double> FeatureRows::predictions(const CheckInterrupts& interrupts) {
    evaluate(interrupts);
    predictions_.resize(size());
    if (wide_)
        model_.evaluator->predictions(std::span<const double>(margins_), size(), predictions_);
    else
        model_.evaluator->predictions(std::span<const float>(float_margins_), size(), predictions_);
    return predictions_;
}

std::vector<double> FeatureRows::probabilities(const CheckInterrupts& interrupts) {
    const auto& objective = model_.evaluator->objective();
    if (!objective.probabilities)
        throw Error(ErrorKind::invalid_argument,
                    "model " + model_.version.label() + " (" +
                        std::string(objective.name.empty() ? "an objective of its own" : objective.name) +
                        ") gives no class probabilities",
                    "use bourse.predict");
    evaluate(interrupts);
    const std::size_t outputs = model_.evaluator->outputs(), classes = model_.evaluator->classes();
    std::vector<double> all(size() * classes);
    std::vector<float> narrow(classes);
    for (std::size_t i = 0; i < size(); ++i) {
        const auto row = std::span(all).subspan(i * classes, classes);
        if (wide_) {
            predict_probabilities(objective, std::span<const double>(margins_).subspan(i * outputs, outputs), row);
        } else {
            predict_probabilities(objective, std::span<const float>(float_margins_).subspan(i * outputs, outputs),
                                  narrow);
            std::copy(narrow.begin(), narrow.end(), row.begin());
        }
    }
    return all;
}

void FeatureRows::clear() {
    floats_.clear();
    doubles_.clear();
}

}  // namespace bourse::pg
