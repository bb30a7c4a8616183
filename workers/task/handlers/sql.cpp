// Job kind sql: {"function": "schema.name", …} calls schema.name(args jsonb) -> jsonb as the job's owner, in the
// transaction that completes the job, so that its effects are there exactly once.
#include <cmath>

#include "workers/task/handler.hpp"

namespace bourse::workers {
namespace {

std::string allowed_function(pqxx::transaction_base& tx, const std::string& args) {
    return tx.exec_params1("SELECT bourse.job_function_check($1::jsonb)", args)[0].as<std::string>();
}

}  // namespace

void handle_sql(const Job& job, Context& context) {
    const auto args = job.args.dump();
    const auto interrupts = context.interrupts();
    pqxx::work tx(context.database(), "sql job");
    give_up_when_silent(tx);  // the function may lock anything
    const auto function = allowed_function(tx, args);
    if (job.timeout_s > 0)
        tx.exec("SET LOCAL statement_timeout = " + std::to_string(static_cast<long>(std::ceil(job.timeout_s * 1000))));
    check(interrupts);
    tx.exec("SET LOCAL ROLE " + tx.quote_name(job.owner));
    const auto result = tx.exec_params1("SELECT " + function + "($1::jsonb)", args)[0];
    tx.exec("RESET ROLE");
    // The function may have been replaced between the check and the call; then its effects go.
    allowed_function(tx, args);
    context.complete(tx, result.is_null() ? nlohmann::json() : nlohmann::json::parse(result.c_str()));
    tx.commit();
}

}  // namespace bourse::workers
