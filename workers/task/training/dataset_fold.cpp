#include "workers/task/training/dataset_fold.hpp"

#include "core/error.hpp"
#include "core/reused_memory.hpp"
#include "workers/common/threads.hpp"
#include "workers/task/panel_reader.hpp"
#include "workers/task/training/data_versions.hpp"

namespace bourse::workers {
namespace {

using datasets::Span;

// Nobody may take a model for what it is not: a pinned dataset gives the rows of its making, or no model.
void require_same_rows(const RunSpec& spec, const datasets::BuiltFold& built) {
    if (!spec.fold_sha256 || *spec.fold_sha256 == built.rows_sha256) return;
    throw Error(
        ErrorKind::invalid_argument,
        "dataset " + spec.dataset->name + " is pinned, but fold " + std::to_string(spec.fold) +
            " gives other rows than its build found",
        "a calendar, a series of bar_field or another universe that it reads has changed: make the dataset again",
        "sha256 of its rows " + built.rows_sha256 + ", at its build " + *spec.fold_sha256);
}

InstrumentSpans spans_of(const datasets::MatrixView& rows) {
    InstrumentSpans spans;
    for (std::size_t row = 0; row < rows.rows(); ++row) {
        const std::int64_t ts = rows.ts[row];
        auto& span = spans.try_emplace(rows.instruments[row], ts, ts).first->second;
        span = {std::min(span.first, ts), std::max(span.second, ts)};
    }
    return spans;
}

}  // namespace

DatasetFold read_dataset_fold(Connection& connection, const RunSpec& spec, const CheckInterrupts& interrupts,
                              const TellProgress& reading) {
    keep_freed_memory(128);
    pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> tx(connection, "dataset");
    DatabaseSource source(connection, spec.dataset->id);
    std::vector<stats::DriftReference> references;
    datasets::BuildWatch watch;
    watch.interrupts = interrupts;
    watch.progress = reading;
    watch.hash_rows = spec.fold_sha256.has_value();  // there is nothing to compare with before the build has ended
    watch.parallel = side_by_side(processors(), interrupts);
    references.resize(spec.dataset->features.size());
    watch.train_values = [&](std::size_t feature, std::span<const float> sorted, std::size_t rows) {
        references[feature] = stats::sorted_drift_reference(rows, sorted);
    };
    DatasetFold fold{datasets::build_fold(source, *spec.dataset, spec.fold, true, watch), {}, {}, {}};
    require_same_rows(spec, fold.built);
    for (const auto& range : spec.dataset->ranges_of(spec.fold)) datasets::require_rows(fold.built.dataset, range.part);
    fold.references = std::move(references);
    fold.data_version_ids =
        read_data_versions(tx, spec, spans_of(fold.built.dataset.matrix.view()), fold.built.label_bars);
    fold.snapshot_at = tx.exec("SELECT now()")[0][0].as<std::string>();
    return fold;
}

}  // namespace bourse::workers
