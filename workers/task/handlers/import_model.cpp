// Job kind import_model: makes a version of the model file that bourse.import_model kept. Here, in a child that holds
// no key, the file is parsed; the daemon reads the artifact that came of it with our own reader, and signs.
#include "core/error.hpp"
#include "models/evaluator.hpp"
#include "models/native_file.hpp"
#include "workers/common/sha256.hpp"
#include "workers/common/text_array.hpp"
#include "workers/task/artifacts/stored_artifact.hpp"
#include "workers/task/handler.hpp"

namespace bourse::workers {
namespace {

using nlohmann::json;

struct Import {
    std::string model, format;
    std::vector<std::string> features;  // empty: the file's own
    std::string feature_set_id;         // empty: none
};

// What bourse.import_model wrote; a job that somebody else made has no upload and ends there.
Import read_spec(pqxx::transaction_base& tx, const json& args) {
    Import import{args.value("model", ""), args.value("format", ""), args.value("features", std::vector<std::string>{}),
                  ""};
    if (!args.contains("feature_set_id")) return import;
    import.feature_set_id = std::to_string(args.at("feature_set_id").get<int>());
    const auto set = tx.exec_params1("SELECT s.features FROM bourse.feature_set AS s WHERE s.feature_set_id = $1",
                                     import.feature_set_id);
    import.features = read_text_array(set[0]);
    return import;
}

std::vector<std::byte> read_upload(pqxx::transaction_base& tx, const Job& job, const CheckInterrupts& interrupts) {
    const auto rows = tx.exec_params(
        "SELECT a.artifact_id, a.size_bytes, a.sha256 FROM bourse.model_upload AS u JOIN bourse.artifact AS a USING "
        "(artifact_id) WHERE u.job_id = $1",
        job.id);
    if (rows.empty())
        throw Error(ErrorKind::invalid_argument,
                    "the file of import " + std::to_string(job.id) + " is not kept any more",
                    "call bourse.import_model again");
    return read_file(tx, stored_file(rows[0][0], rows[0][1], rows[0][2]), interrupts);
}

models::Artifact convert(const Import& import, const Job& job, std::span<const std::byte> file) {
    const json about{{"imported_by_job", job.id}, {"native_sha256", to_hex(sha256(file))}};
    return models::artifact_from_native({reinterpret_cast<const char*>(file.data()), file.size()}, import.format,
                                        import.features, /*strict=*/!import.feature_set_id.empty(), json::object(),
                                        about);
}

std::string algorithm_of(const models::Artifact& artifact) {
    return artifact.kind.starts_with("lightgbm") ? "lightgbm" : artifact.kind.substr(0, artifact.kind.find('-'));
}

void write_lineage(pqxx::transaction_base& tx, const Import& import, const std::string& file_sha256,
                   std::int64_t version) {
    const auto edge = [&](const std::string& kind, const std::string& id) {
        tx.exec_params(
            "INSERT INTO bourse.lineage_edge (from_kind, from_id, to_kind, to_id) VALUES ($1, $2, "
            "'model_version', $3) ON CONFLICT DO NOTHING",
            kind, id, version);
    };
    edge("model_file", file_sha256);
    if (!import.feature_set_id.empty()) edge("feature_set", import.feature_set_id);
}

}  // namespace

void handle_import_model(const Job& job, Context& context) {
    const auto interrupts = context.interrupts();
    Import import;
    std::vector<std::byte> file;
    {
        pqxx::transaction<pqxx::read_committed, pqxx::read_only> tx(context.database(), "upload");
        import = read_spec(tx, job.args);
        file = read_upload(tx, job, interrupts);
    }
    context.progress("read", 0.2, import.format);
    const auto artifact = convert(import, job, file);
    const auto bytes = models::write_artifact(artifact);
    check(interrupts);
    context.progress("sign", 0.7);
    const auto made = context.sign(import.model, bytes);

    context.progress("write", 0.8);
    pqxx::work tx(context.database(), "version");
    const auto version =
        tx.exec_params1(
              "SELECT bourse.register_version($1, NULL, $2, nullif($3, '')::int, $4::text[], NULL, $5, "
              "params => $6::jsonb, signature => $7, public_key => $8, import_job => $9)",
              import.model, algorithm_of(artifact), import.feature_set_id, to_array_literal(artifact.features),
              pqxx::binarystring(bytes.data(), bytes.size()), artifact.params.dump(),
              pqxx::binarystring(made.signature.data(), made.signature.size()),
              pqxx::binarystring(made.public_key.data(), made.public_key.size()), job.id)[0]
            .as<std::int64_t>();
    write_lineage(tx, import, to_hex(sha256(file)), version);
    context.complete(tx, {{"model_version_id", version},
                          {"kind", artifact.kind},
                          {"objective", artifact.objective},
                          {"features", artifact.features.size()},
                          {"outputs", artifact.outputs}});
    tx.commit();
}

}  // namespace bourse::workers
