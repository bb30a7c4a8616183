#include "workers/task/training/run_spec.hpp"

#include "core/error.hpp"
#include "training/algorithm.hpp"
#include "workers/common/text_array.hpp"

namespace bourse::workers {
namespace {

std::optional<std::string> optional_text(const pqxx::field& field) {
    return field.is_null() ? std::nullopt : std::optional(field.as<std::string>());
}

}  // namespace

RunSpec read_run(pqxx::transaction_base& tx, std::int64_t run_id) {
    const auto rows = tx.exec_params(
        "SELECT r.model, r.algorithm, r.feature_set_id, s.name || ':' || s.version AS feature_set, s.freq, s.features, "
        "s.lookback_bars, "
        "r.label, r.universe, r.from_ts, r.to_ts, r.split, r.params, r.seed, r.source, r.options, r.owner, r.fold, "
        "CASE WHEN r.dataset_id IS NOT NULL THEN bourse.dataset_definition(r.dataset_id) END AS definition, "
        "(SELECT p.sha256 FROM bourse.dataset_part AS p JOIN bourse.dataset AS d USING (dataset_id) "
        "WHERE p.dataset_id = r.dataset_id AND p.fold = r.fold AND p.part = 'all' AND d.pinned) AS fold_sha256 "
        "FROM bourse.run AS r LEFT JOIN bourse.feature_set AS s USING (feature_set_id) WHERE r.run_id = $1",
        run_id);
    if (rows.empty())
        throw Error(ErrorKind::invalid_argument, "job " + std::to_string(run_id) + " has no run",
                    "make trainings with bourse.train");
    const auto& row = rows[0];
    RunSpec spec;
    spec.run_id = run_id;
    spec.model = row["model"].as<std::string>();
    spec.algorithm = row["algorithm"].as<std::string>();
    spec.label = row["label"].as<std::string>();
    spec.universe = row["universe"].as<std::string>();
    spec.from_ts = optional_text(row["from_ts"]);
    spec.to_ts = optional_text(row["to_ts"]);
    if (!row["definition"].is_null()) {
        spec.dataset = datasets::read_definition(nlohmann::json::parse(row["definition"].c_str()));
        spec.fold = row["fold"].as<int>();
        spec.fold_sha256 = optional_text(row["fold_sha256"]);
    } else {
        spec.split = datasets::read_split(nlohmann::json::parse(row["split"].c_str()));
    }
    spec.params =
        training::read_params(training::find_algorithm(spec.algorithm), nlohmann::json::parse(row["params"].c_str()));
    spec.seed = row["seed"].as<std::int64_t>();
    spec.source = optional_text(row["source"]);
    spec.owner = row["owner"].as<std::string>();
    const auto options = nlohmann::json::parse(row["options"].c_str());
    spec.label_norm = datasets::read_label_norm(options.value("label_norm", "none"));
    spec.search_path = options.value("search_path", "");
    if (!row["feature_set_id"].is_null()) {
        if (row["feature_set"].is_null())
            throw Error(ErrorKind::unknown_feature_set,
                        "feature set " + std::string(row["feature_set_id"].c_str()) + " of the run is gone");
        spec.feature_set_id = row["feature_set_id"].as<int>();
        spec.feature_set = row["feature_set"].as<std::string>();
        spec.freq = row["freq"].as<std::string>();
        spec.features = read_text_array(row["features"]);
        if (!row["lookback_bars"].is_null()) spec.lookback_bars = row["lookback_bars"].as<int>();
    } else if (!spec.source) {
        throw Error(ErrorKind::invalid_argument,
                    "run " + std::to_string(run_id) + " has neither a feature set nor a source");
    } else if (options.contains("features")) {
        spec.features = options["features"].get<std::vector<std::string>>();
    }
    return spec;
}

}  // namespace bourse::workers
