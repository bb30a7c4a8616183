// bourse import-model: hands a model file to the database, whose workers make a version of it.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "models/artifact.hpp"
#include "workers/cli/command.hpp"
#include "workers/common/connection.hpp"
#include "workers/common/text_array.hpp"

namespace bourse::cli {
namespace {

struct Arguments {
    std::string file, name, format, feature_set;
    std::vector<std::string> features;
};

std::string read_file(const std::string& path) {
    std::error_code error;
    const auto size = std::filesystem::is_regular_file(path, error) ? std::filesystem::file_size(path, error) : 0;
    std::ifstream in(path, std::ios::binary);
    if (!in || error || !std::filesystem::is_regular_file(path))
        throw Error(ErrorKind::unreadable_file, "\"" + path + "\" cannot be read as a file",
                    "give the path of a model file of XGBoost (JSON, UBJ) or LightGBM (text)");
    if (size > models::max_artifact_bytes)
        throw Error(ErrorKind::too_large, "\"" + path + "\" has " + std::to_string(size) + " bytes, allowed " +
                                              std::to_string(models::max_artifact_bytes));
    return {std::istreambuf_iterator<char>(in), {}};
}

void run(const Arguments& arguments, const Common& common) {
    if (!arguments.features.empty() && !arguments.feature_set.empty())
        throw CLI::ValidationError("import-model", "give either --features or --feature-set");
    const auto content = read_file(arguments.file);
    workers::Connection connection(common.db, "bourse import-model");
    pqxx::nontransaction tx(connection);
    const auto job =
        tx.exec_params1("SELECT bourse.import_model($1, $2, nullif($3, ''), nullif($4::text[], '{}'), nullif($5, ''))",
                        arguments.name, pqxx::binarystring(content), arguments.format,
                        workers::to_array_literal(arguments.features), arguments.feature_set)[0]
            .as<std::string>();
    tx.exec("CALL bourse.wait(" + job + ")");
    const auto made = tx.exec_params1(
        "SELECT m.model, m.version, r.result ->> 'kind', cardinality(m.features), r.result ->> 'objective' FROM "
        "bourse.job_archive AS r JOIN bourse_bi.model_version AS m ON m.model_version_id = (r.result ->> "
        "'model_version_id')::bigint WHERE r.job_id = $1",
        job);
    const std::string reference = made[0].as<std::string>() + ":" + made[1].as<std::string>();
    if (common.json)
        std::printf("%s\n", nlohmann::json{{"model", made[0].c_str()},
                                           {"version", made[1].as<int>()},
                                           {"kind", made[2].c_str()},
                                           {"features", made[3].as<int>()},
                                           {"objective", made[4].c_str()},
                                           {"job_id", std::stoll(job)}}
                                .dump(2)
                                .c_str());
    else
        std::printf("%s: %s, %s features, objective %s\n", reference.c_str(), made[2].c_str(), made[3].c_str(),
                    made[4].as<std::string>("").empty() ? "of its own" : made[4].c_str());
}

}  // namespace

void add_import_model(CLI::App& app, Common& common) {
    auto* command = app.add_subcommand(
        "import-model", "make a version of a model file of XGBoost (JSON, UBJ) or LightGBM (text); a worker does it");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("FILE", arguments->file, "the model file")->required();
    command->add_option("--name", arguments->name, "name of the model, new or one that gets a further version")
        ->required();
    command->add_option("--format", arguments->format,
                        "xgboost-json, xgboost-ubj, lightgbm or bourse-model (default: told by the file)");
    command->add_option("--feature-set", arguments->feature_set, "the feature set whose rows it takes");
    command
        ->add_option("--features", arguments->features,
                     "names of its features, in the order of training (default: the file's own)")
        ->delimiter(',');
    command->callback([arguments, &common] { run(*arguments, common); });
}

}  // namespace bourse::cli
