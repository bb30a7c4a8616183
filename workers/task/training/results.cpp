#include "workers/task/training/results.hpp"

#include <cmath>

#include "stats/drift_reference.hpp"
#include "workers/common/copy_binary.hpp"
#include "workers/common/text_array.hpp"

namespace bourse::workers {
namespace {

using datasets::Span;
using nlohmann::json;

json metrics_json(const RunResult& result) {
    json all = json::object();
    for (const auto& span : result.spans)
        for (const auto& metric : span.metrics)
            all[datasets::span_name(span.span)][std::string(metric.name)] = metric.value;
    return all;
}

std::int64_t register_version(pqxx::transaction_base& tx, const RunResult& result) {
    const auto& spec = result.spec;
    const pqxx::binarystring artifact(result.artifact.data(), result.artifact.size());
    const pqxx::binarystring native(result.trained.native.data(), result.trained.native.size());
    const pqxx::binarystring signature(result.signature.signature.data(), result.signature.signature.size());
    const pqxx::binarystring public_key(result.signature.public_key.data(), result.signature.public_key.size());
    const std::string set = spec.feature_set_id ? std::to_string(*spec.feature_set_id) : "";
    const auto row = tx.exec_params1(
        "SELECT bourse.register_version($1, $2, $3, nullif($4, '')::int, $5::text[], $6, $7, $8, $9::jsonb, "
        "$10::jsonb, $11, $12)",
        spec.model, spec.run_id, spec.algorithm, set, to_array_literal(result.features), spec.label, artifact, native,
        spec.params.dump(), metrics_json(result).dump(), signature, public_key);
    return row[0].as<std::int64_t>();
}

void write_metrics(Connection& connection, pqxx::transaction_base& tx, const RunResult& result) {
    tx.exec_params("DELETE FROM bourse.run_metric WHERE run_id = $1", result.spec.run_id);
    CopyWriter copy(connection,
                    "COPY bourse.run_metric (run_id, span, metric, step, value) FROM STDIN (FORMAT binary)");
    const auto write = [&](std::string_view span, std::string_view metric, std::int64_t step, double value) {
        copy.row(5);
        copy.int8(result.spec.run_id);
        copy.text(span);
        copy.text(metric);
        copy.int8(step);
        copy.float8(value);
    };
    for (const auto& span : result.spans)
        for (const auto& metric : span.metrics) write(datasets::span_name(span.span), metric.name, 0, metric.value);
    for (const auto& round : result.trained.curve) {
        write("train", result.trained.metric, round.round, round.train_metric);
        if (!std::isnan(round.valid_metric)) write("valid", result.trained.metric, round.round, round.valid_metric);
    }
    copy.finish();
}

void write_importance(Connection& connection, const RunResult& result, std::int64_t version) {
    CopyWriter copy(connection,
                    "COPY bourse.importance (model_version_id, feature, kind, value) FROM STDIN (FORMAT binary)");
    for (const auto& entry : result.trained.importance) {
        copy.row(4);
        copy.int8(version);
        copy.text(result.features.at(entry.feature));
        copy.text(entry.kind);
        copy.float8(entry.value);
    }
    copy.finish();
}

void write_drift_reference(Connection& connection, const RunResult& result, std::int64_t version,
                           const CheckInterrupts& interrupts) {
    const auto train = result.dataset.view(Span::train);
    CopyWriter copy(
        connection,
        "COPY bourse.drift_reference (model_version_id, feature, position, n, missing, edges, counts, sample) "
        "FROM STDIN (FORMAT binary)");
    const auto write = [&](std::size_t column, const stats::DriftReference& reference) {
        copy.row(8);
        copy.int8(version);
        copy.text(result.features[column]);
        copy.int4(static_cast<std::int32_t>(column + 1));
        copy.int8(reference.n);
        copy.int8(reference.missing);
        copy.float8_array(reference.edges);
        copy.int8_array(reference.counts);
        copy.float8_array(reference.sample);
    };
    if (result.references.empty())
        stats::each_drift_reference(train.values, train.columns, write, stats::default_psi_bins, interrupts);
    for (std::size_t column = 0; column < result.references.size(); ++column) write(column, result.references[column]);
    copy.finish();
}

// Instruments of a source that are not known have no row to be predicted for.
void write_predictions(Connection& connection, pqxx::transaction_base& tx, const RunResult& result,
                       std::int64_t version) {
    const auto test = result.dataset.view(Span::test);
    const auto& range = result.dataset.range(Span::test);
    {
        CopyWriter copy(connection,
                        "COPY bourse.prediction (model_version_id, instrument_id, ts, span, prediction) FROM STDIN "
                        "(FORMAT binary)");
        for (std::size_t i = 0; i < test.rows(); ++i) {
            if (test.instruments[i] < 0) continue;
            copy.row(5);
            copy.int8(version);
            copy.int4(test.instruments[i]);
            copy.timestamptz(test.ts[i]);
            copy.text("test");
            copy.float8(static_cast<double>(result.test_predictions[i]));
        }
        copy.finish();
    }
    if (!result.spec.feature_set_id) return;  // nobody else can say what a source's label is
    tx.exec("CREATE TEMP TABLE bourse_run_outcome (instrument_id int, ts timestamptz, outcome float8) ON COMMIT DROP");
    {
        CopyWriter copy(connection, "COPY pg_temp.bourse_run_outcome FROM STDIN (FORMAT binary)");
        for (std::size_t i = 0; i < test.rows(); ++i) {
            copy.row(3);
            copy.int4(test.instruments[i]);
            copy.timestamptz(test.ts[i]);
            copy.float8(result.dataset.outcomes[range.from + i]);
        }
        copy.finish();
    }
    tx.exec_params(
        "INSERT INTO bourse.outcome AS o (label, freq, instrument_id, ts, outcome) "
        "SELECT $1, $2, n.instrument_id, n.ts, n.outcome FROM pg_temp.bourse_run_outcome AS n ORDER BY "
        "n.instrument_id, n.ts "
        "ON CONFLICT (label, freq, instrument_id, ts) DO UPDATE SET outcome = excluded.outcome, known_at = "
        "excluded.known_at "
        "WHERE o.outcome IS DISTINCT FROM excluded.outcome",
        result.spec.label, result.spec.freq);
}

void write_lineage(pqxx::transaction_base& tx, const RunResult& result, std::int64_t version) {
    const std::string run = std::to_string(result.spec.run_id);
    const auto edge = [&](const char* from_kind, const std::string& from, const char* to_kind, const std::string& to) {
        tx.exec_params(
            "INSERT INTO bourse.lineage_edge (from_kind, from_id, to_kind, to_id) VALUES ($1, $2, $3, $4) ON CONFLICT "
            "DO NOTHING",
            std::string(from_kind), from, std::string(to_kind), to);
    };
    for (const auto id : result.data_version_ids) edge("data_version", std::to_string(id), "run", run);
    if (result.spec.feature_set_id) edge("feature_set", std::to_string(*result.spec.feature_set_id), "run", run);
    if (result.spec.dataset) edge("dataset", std::to_string(result.spec.dataset->id), "run", run);
    edge("run", run, "model_version", std::to_string(version));
}

std::string to_array_literal(const std::vector<std::int64_t>& values) {
    std::string literal = "{";
    for (const auto value : values) literal += (literal.size() > 1 ? "," : "") + std::to_string(value);
    return literal + "}";
}

}  // namespace

std::int64_t write_results(Connection& connection, pqxx::transaction_base& tx, const RunResult& result,
                           const CheckInterrupts& interrupts) {
    tx.exec_params("UPDATE bourse.run SET data_version_ids = $2::bigint[], dataset = $3::jsonb WHERE run_id = $1",
                   result.spec.run_id, to_array_literal(result.data_version_ids), result.about.dump());
    const std::int64_t version = register_version(tx, result);
    write_metrics(connection, tx, result);
    write_importance(connection, result, version);
    write_drift_reference(connection, result, version, interrupts);
    write_predictions(connection, tx, result, version);
    write_lineage(tx, result, version);
    return version;
}

}  // namespace bourse::workers
