// What a run was asked to do, as bourse.train wrote it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <pqxx/pqxx>

#include "datasets/dataset.hpp"
#include "datasets/definition.hpp"

namespace bourse::workers {

struct RunSpec {
    std::int64_t run_id = 0;
    std::string model;
    std::string algorithm;
    std::optional<int> feature_set_id;  // empty: a source
    std::string feature_set;            // for messages
    std::string freq;
    std::vector<std::string> features;  // names of the columns; of a source those that the caller gave, maybe none
    std::optional<int> lookback_bars;   // of the feature set; empty: all history
    std::string label;
    std::string universe;
    std::optional<std::string> from_ts, to_ts;    // as the server prints them
    datasets::SplitOptions split;                 // without a stored dataset
    std::optional<datasets::Definition> dataset;  // features, label, universe and span are its own then
    int fold = 0;
    std::optional<std::string> fold_sha256;  // as the build of a pinned dataset found its rows
    nlohmann::json params;                   // as the algorithm reads them
    std::int64_t seed = 0;
    std::optional<std::string> source;
    std::string search_path;  // for the source
    std::string owner;
    datasets::LabelNorm label_norm = datasets::LabelNorm::none;
};

// Errors: invalid_argument when the job has no run, or one of whose arguments this program makes no sense.
RunSpec read_run(pqxx::transaction_base& tx, std::int64_t run_id);

}  // namespace bourse::workers
