// What a run leaves behind, written in the transaction that completes its job.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "stats/drift_reference.hpp"
#include "training/evaluation.hpp"
#include "training/trainer.hpp"
#include "workers/task/handler.hpp"
#include "workers/task/training/dataset_reader.hpp"

namespace bourse::workers {

struct SpanResult {
    datasets::Span span;
    std::vector<training::Metric> metrics;
};

struct RunResult {
    const RunSpec& spec;
    const std::vector<std::string>& features;
    const std::vector<std::int64_t>& data_version_ids;
    const datasets::Dataset& dataset;
    const training::Trained& trained;
    std::vector<SpanResult> spans;
    std::vector<float> test_predictions;            // one a row of the test span
    std::vector<std::byte> artifact;                // our own format
    Signed signature;                               // of the artifact
    nlohmann::json about;                           // for run.dataset
    std::vector<stats::DriftReference> references;  // one a feature; empty: of the train span as it is
};

// Version, metrics, learning curve, importance, drift reference, test predictions with outcomes, lineage.
// Returns model_version_id. What an earlier attempt wrote of the curve is replaced.
std::int64_t write_results(Connection& connection, pqxx::transaction_base& tx, const RunResult& result,
                           const CheckInterrupts& interrupts);

}  // namespace bourse::workers
