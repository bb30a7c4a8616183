// Job kind train: reads what the run asks for, trains, scores, and writes everything in the transaction that completes
// the job. The job's id is the run's; bourse.train makes both.

#include <cmath>
#include <ctime>

#include "core/error.hpp"
#include "models/evaluator.hpp"
#include "models/prepared.hpp"
#include "models/xgboost_import.hpp"
#include "training/trainer.hpp"
#include "workers/common/sha256.hpp"
#include "workers/task/handler.hpp"
#include "workers/common/threads.hpp"
#include "workers/task/training/dataset_fold.hpp"
#include "workers/task/training/dataset_reader.hpp"
#include "workers/task/training/results.hpp"
#include "workers/task/training/run_watch.hpp"

namespace bourse::workers {
namespace {

using datasets::Dataset;
using datasets::Span;
using nlohmann::json;

constexpr Span all_spans[] = {Span::train, Span::valid, Span::test};

// Where each stage begins on the run's way from 0 to 1.
constexpr double reading_at = 0.08, training_at = 0.15, scoring_at = 0.9, writing_at = 0.95;

// Threads wait for each other at every node: little data is done sooner by one.
int threads_for(const datasets::MatrixView& train) {
    constexpr std::size_t values_a_thread = 1'000'000;
    return static_cast<int>(
        std::min<std::size_t>(static_cast<std::size_t>(processors()), 1 + train.values.size() / values_a_thread));
}

RunSpec start(const Job& job, Context& context) {
    pqxx::work tx(context.database(), "begin run");
    const RunSpec spec = read_run(tx, job.id);
    begin_run(tx, job);
    tx.commit();
    return spec;
}

std::string to_text(std::int64_t us) {
    const std::time_t seconds = static_cast<std::time_t>(us >= 0 ? us / 1'000'000 : (us - 999'999) / 1'000'000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[40];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

// Of everything that was learned from: values, labels, times and instruments.
std::string content_hash(const Dataset& dataset) {
    const auto all = dataset.matrix.view();
    Sha256Stream stream;
    stream.update(std::as_bytes(all.values));
    stream.update(std::as_bytes(all.labels));
    stream.update(std::as_bytes(all.ts));
    stream.update(std::as_bytes(all.instruments));
    return to_hex(stream.finish());
}

// What run.dataset keeps.
json describe(const RunSpec& spec, const TrainingRows& read, const Dataset& dataset) {
    json about{{"columns", read.features.size()},
               {"label_bars", read.label_bars},
               {"rows_without_label", read.without_label},
               {"rows_without_features", dataset.without_features},
               {"infinite_values", dataset.infinite_values},
               {"read_at", read.snapshot_at},
               {"sha256", content_hash(dataset)}};
    const auto& purge_bars = spec.dataset ? spec.dataset->split.purge_bars : spec.split.purge_bars;
    if (purge_bars) about["purge_bars"] = *purge_bars;
    if (spec.dataset) {
        about["dataset"] = spec.dataset->name;
        about["fold"] = spec.fold;
    }
    for (const Span span : all_spans) {
        const auto& range = dataset.range(span);
        json one{{"rows", range.rows()}, {"timestamps", range.timestamps}, {"purged_rows", range.purged}};
        if (range.rows() > 0) {
            const auto view = dataset.view(span);
            one["from"] = to_text(view.ts.front());
            one["to"] = to_text(view.ts.back());
        }
        about[datasets::span_name(span)] = std::move(one);
    }
    return about;
}

std::string some_of(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < 20; ++i) text += (i ? ", " : "") + names[i];
    if (names.size() > 20) text += " and " + std::to_string(names.size() - 20) + " more";
    return text;
}

// What people should know about the data and the training could not tell them.
void note_data(const Job& job, Context& context, const RunSpec& spec, const TrainingRows& read,
               const Dataset& dataset) {
    std::vector<std::string> empty;
    const auto ratios = datasets::missing_ratios(dataset.view(Span::train));
    for (std::size_t i = 0; i < ratios.size(); ++i)
        if (ratios[i] == 1.0) empty.push_back(read.features[i]);

    pqxx::work tx(context.database(), "notes");
    std::string rows;
    for (const Span span : all_spans)
        rows += (rows.empty() ? "" : ", ") + std::string(datasets::span_name(span)) + " " +
                std::to_string(dataset.range(span).rows()) + " rows";
    log_run(tx, job, "info",
            rows + "; purged " + std::to_string(dataset.range(Span::train).purged + dataset.range(Span::valid).purged));
    if (!empty.empty())
        log_run(tx, job, "warning",
                std::to_string(empty.size()) +
                    " features have no value in the train span and cannot matter: " + some_of(empty));
    if (read.without_label > 0)
        log_run(tx, job, "info", std::to_string(read.without_label) + " rows have no label and were left out");
    if (dataset.without_features > 0)
        log_run(tx, job, "warning",
                std::to_string(dataset.without_features) + " rows have no feature at all and were left out");
    if (dataset.infinite_values > 0)
        log_run(tx, job, "warning", std::to_string(dataset.infinite_values) + " infinite values count as missing");
    if (read.unknown_symbols > 0)
        log_run(tx, job, "warning",
                std::to_string(read.unknown_symbols) +
                    " symbols of the source are no instruments: their predictions are not kept");
    if (spec.source && !spec.split.purge_bars)
        log_run(tx, job, "warning",
                "nothing was purged: how far the source's label looks ahead is not known; set purge_bars in split");
    tx.commit();
}

// The artifact must give what the library gives: a version that predicts otherwise is worse than none.
void require_equal(const models::Evaluator& evaluator, const datasets::MatrixView& view,
                   std::span<const float> predictions) {
    const std::size_t count = std::min<std::size_t>(view.rows(), 1000);
    std::vector<float> margins(count * evaluator.outputs());
    std::vector<double> own(count);
    evaluator.margins(view.values.first(count * view.columns), count, margins, {});
    evaluator.predictions(margins, count, own);
    for (std::size_t i = 0; i < count; ++i)
        if (static_cast<float>(own[i]) != predictions[i])
            throw Error(ErrorKind::internal, "the artifact predicts " + std::to_string(own[i]) +
                                                 " where the trained model predicts " + std::to_string(predictions[i]));
}

// Signed with the artifact are the hashes of what it was made from and of the native file that is kept beside it.
models::Artifact make_artifact(const RunSpec& spec, const TrainingRows& read, const training::Trained& trained,
                               const json& dataset) {
    if (trained.native_format != "xgboost-json")
        throw Error(ErrorKind::internal, "no artifact for models as " + trained.native_format);
    const json about{{"run_id", spec.run_id},
                     {"rounds", trained.best_round},
                     {"metric", trained.metric},
                     {"label", spec.label},
                     {"dataset_sha256", dataset.at("sha256")},
                     {"native_sha256", to_hex(sha256(std::as_bytes(std::span(trained.native))))}};
    return models::artifact_from_xgboost(trained.native, read.features, spec.params, about);
}

double middle_of(const RunSpec& spec) {
    const auto objective = spec.params.value("objective", "");
    return objective == "binary:logistic" || objective == "reg:logistic" ? 0.5 : 0.0;
}

void score(Context& context, const Dataset& dataset, const models::Evaluator& evaluator, RunResult& result) {
    for (const Span span : all_spans) {
        const auto& last = result.trained.curve.back();
        context.progress("evaluate", scoring_at, datasets::span_name(span),
                         {{"round", last.round}, {"rounds", last.rounds}});
        const auto view = dataset.view(span);
        auto predictions = result.trained.model->predict(view);
        require_equal(evaluator, view, predictions);
        const auto& range = dataset.range(span);
        const auto outcomes = std::span(dataset.outcomes).subspan(range.from, range.rows());
        result.spans.push_back(
            {span, training::evaluate(view, outcomes, predictions, middle_of(result.spec), context.interrupts())});
        if (span == Span::test) result.test_predictions = std::move(predictions);
    }
}

// What a run learns from, however it was asked for.
struct Material {
    TrainingRows read;  // its rows have moved into the dataset
    Dataset dataset;
    std::vector<PreparationStep> steps;             // what a prediction must do to features first
    std::vector<stats::DriftReference> references;  // see RunResult
};

Material read_fold(Context& context, const RunSpec& spec, const TellProgress& reading) {
    auto fold = read_dataset_fold(context.database(), spec, context.interrupts(), reading);
    TrainingRows read{{datasets::Matrix(0), {}, {}},    spec.features,
                      std::move(fold.data_version_ids), fold.built.label_bars,
                      fold.built.without_label,         0,
                      std::move(fold.snapshot_at)};
    auto steps =
        datasets::feature_steps(std::span(fold.built.applied).first(fold.built.infer_applied), spec.features.size());
    return {std::move(read), std::move(fold.built.dataset), std::move(steps), std::move(fold.references)};
}

Material read_material(Context& context, const RunSpec& spec) {
    const auto tell = [&](const char* stage, double from, double to) {
        return [&context, stage, from, to](double ratio, const std::string& note) {
            context.progress(stage, from + (to - from) * ratio, note);
        };
    };
    if (spec.dataset) return read_fold(context, spec, tell("read", 0, training_at));
    TrainingRows read = spec.source
                            ? read_source_rows(context.database(), spec, context.interrupts())
                            : read_feature_rows(context.database(), spec, context.interrupts(),
                                                tell("features", 0, reading_at), tell("read", reading_at, training_at));
    Dataset dataset = datasets::make_dataset(std::move(read.rows), spec.split, spec.label_norm);
    return {std::move(read), std::move(dataset), {}, {}};
}

training::Trained train(const Job& job, Context& context, const RunSpec& spec, const TrainingRows& read,
                        const Dataset& dataset) {
    RunWatch watch(job, context, training_at, scoring_at);
    auto trained = training::make_trainer(spec.algorithm)
                       ->train({dataset.view(Span::train), dataset.view(Span::valid), read.features},
                               {spec.params, spec.seed, threads_for(dataset.view(Span::train))},
                               [&](const training::Round& round) { return watch.on_round(round); });
    watch.flush();
    return trained;
}

}  // namespace

void handle_train(const Job& job, Context& context) {
    const auto interrupts = context.interrupts();
    const RunSpec spec = start(job, context);
    context.progress(spec.source || spec.dataset ? "read" : "features", 0,
                     spec.source    ? "source"
                     : spec.dataset ? spec.dataset->name
                                    : spec.feature_set);
    Material material = read_material(context, spec);
    const auto& [read, dataset, steps, references] = material;
    note_data(job, context, spec, read, dataset);
    const auto trained = train(job, context, spec, read, dataset);

    auto about = describe(spec, read, dataset);
    auto artifact = make_artifact(spec, read, trained, about);
    const auto evaluator = models::make_evaluator(artifact);  // of features as it was trained on
    models::put_steps(artifact, steps);
    const bool across = datasets::needs_cross_section(steps);
    if (across) about["needs_cross_section"] = true;
    RunResult result{spec,
                     read.features,
                     read.data_version_ids,
                     dataset,
                     trained,
                     {},
                     {},
                     models::write_artifact(artifact),
                     {},
                     std::move(about),
                     references};
    result.about["rounds"] = trained.best_round;
    result.about["rounds_made"] = trained.curve.size();
    result.about["stopped"] = trained.on_request ? "on request" : trained.early ? "early" : "at the end";
    score(context, dataset, *evaluator, result);

    context.progress("write", writing_at);
    result.signature = context.sign(spec.model, result.artifact);
    pqxx::work tx(context.database(), "results");
    const auto version = write_results(context.database(), tx, result, interrupts);
    log_run(tx, job, "info",
            "kept " + std::to_string(trained.best_round) + " of " + std::to_string(trained.curve.size()) +
                " rounds, stopped " + result.about["stopped"].get<std::string>());
    if (across)
        log_run(tx, job, "info",
                "its features depend on all rows of a timestamp: bourse.predict_table and bourse.top predict with it, "
                "single rows cannot be");
    context.complete(tx, {{"model_version_id", version}});
    tx.commit();
}

}  // namespace bourse::workers
