// Job kind build_dataset: counts and hashes the rows of the dataset whose id is the job's.
#include "core/reused_memory.hpp"
#include "datasets/build.hpp"
#include "workers/task/handler.hpp"
#include "workers/task/panel_reader.hpp"

namespace bourse::workers {
namespace {

using nlohmann::json;

json describe(const datasets::ScannedPart& part, const char* name) {
    return {{"fold", part.fold},
            {"part", name},
            {"rows", part.rows},
            {"purged_rows", part.purged_rows},
            {"sha256", part.sha256}};
}

json describe(const datasets::Scan& scan) {
    json parts = json::array();
    for (const auto& part : scan.parts) parts.push_back(describe(part, datasets::span_name(part.part)));
    for (const auto& fold : scan.folds) parts.push_back(describe(fold, "all"));
    return {{"rows", scan.rows}, {"rows_without_label", scan.without_label}, {"sha256", scan.sha256}, {"parts", parts}};
}

datasets::Scan scan(const Job& job, Context& context) {
    keep_freed_memory(128);
    pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> tx(context.database(), "dataset");
    const auto definition = tx.exec_params1("SELECT bourse.dataset_definition($1)", job.id)[0].as<std::string>();
    DatabaseSource source(context.database(), job.id);
    datasets::BuildWatch watch;
    watch.interrupts = context.interrupts();
    watch.progress = [&](double ratio, const std::string& note) { context.progress("build", ratio, note); };
    return datasets::scan_dataset(source, datasets::read_definition(json::parse(definition)), watch);
}

}  // namespace

void handle_build_dataset(const Job& job, Context& context) {
    const auto found = describe(scan(job, context));
    context.progress("build", 1, std::to_string(found["rows"].get<std::size_t>()) + " rows");
    pqxx::work tx(context.database(), "dataset");
    tx.exec_params("SELECT bourse.dataset_built($1, $2::jsonb)", job.id, found.dump());
    context.complete(tx, {{"dataset_id", job.id}, {"rows", found["rows"]}, {"sha256", found["sha256"]}});
    tx.commit();
}

}  // namespace bourse::workers
