#include "workers/cli/artifact_job.hpp"

#include <cstdio>

#include <nlohmann/json.hpp>

#include "workers/cli/console.hpp"
#include "workers/common/connection.hpp"

namespace bourse::cli {
namespace {

constexpr const char* findings_sql =
    "SELECT object, event, detail ->> 'sqlstate', coalesce(reason, detail ->> 'from_key' || ' -> ' || (detail ->> "
    "'to_key')) FROM bourse.audit_log WHERE detail ->> 'job_id' = $1 AND object_kind = 'model_version' ORDER BY "
    "audit_id";

const char* verdict_of(const std::string& event) {
    return event == "artifact_refused" ? "REFUSED" : event == "artifact_resigned" ? "signed anew" : "ok";
}

void print(const pqxx::result& rows, bool as_json) {
    if (as_json) {
        auto list = nlohmann::json::array();
        for (const auto& row : rows)
            list.push_back({{"version", row[0].c_str()},
                            {"verdict", row[1].c_str()},
                            {"sqlstate", row[2].is_null() ? nlohmann::json() : nlohmann::json(row[2].c_str())},
                            {"detail", row[3].is_null() ? nlohmann::json() : nlohmann::json(row[3].c_str())}});
        std::printf("%s\n", list.dump(2).c_str());
        return;
    }
    TextTable table({"version", "verdict", "SQLSTATE", "detail"});
    for (const auto& row : rows)
        table.add({row[0].c_str(), verdict_of(row[1].c_str()), row[2].c_str(), row[3].c_str()});
    if (table.empty())
        std::printf("nothing to do\n");
    else
        table.print(stdout);
}

}  // namespace

void run_artifact_job(const std::string& function, const std::string& model, const Common& common) {
    workers::Connection connection(common.db, "bourse artifacts");
    pqxx::nontransaction tx(connection);
    const auto job = tx.exec_params1("SELECT " + function + "(nullif($1, ''))", model)[0].as<std::string>();
    tx.exec("CALL bourse.wait(" + job + ")");
    const auto rows = tx.exec_params(findings_sql, job);
    print(rows, common.json);
    for (const auto& row : rows)
        if (row[1].as<std::string>() == "artifact_refused") throw CLI::RuntimeError(1);
}

}  // namespace bourse::cli
