// Job kind refresh_features: {"feature_set_id": n} brings a stored feature set up to date; with "helper": n it does
// parts of what another such job has planned.
#include "core/error.hpp"
#include "workers/task/feature_refresh.hpp"
#include "workers/task/handler.hpp"

namespace bourse::workers {

void handle_refresh_features(const Job& job, Context& context) {
    const auto id = job.args.find("feature_set_id");
    if (id == job.args.end() || !id->is_number_integer())
        throw Error(ErrorKind::invalid_argument, "args of refresh_features lack feature_set_id, a whole number",
                    "SELECT bourse.refresh_features('set') makes such a job");
    RefreshOptions options;
    options.interrupts = context.interrupts();
    options.progress = [&](double ratio, const std::string& note) { context.progress("features", ratio, note); };
    options.finish = [&](pqxx::transaction_base& tx, const RefreshResult& result) {
        context.complete(tx, {{"ranges", result.ranges},
                              {"instruments", result.instruments},
                              {"resumed", result.resumed},
                              {"rows", result.rows},
                              {"values", result.values},
                              {"seconds", result.seconds},
                              {"values_per_second", result.values_per_second()}});
    };
    options.values_a_part =
        static_cast<std::int64_t>(pqxx::nontransaction(context.database())
                                      .exec1("SELECT bourse.setting_number('feature_part_values')")[0]
                                      .as<double>());
    options.is_helper = job.args.contains("helper");
    options.helpers = [&](int helpers) {
        pqxx::work tx(context.database(), "ask for help");
        tx.exec_params("SELECT bourse.enqueue_refresh_helpers($1, $2)", id->get<int>(), helpers);
        tx.commit();
    };
    const auto result = refresh_feature_set(context.database(), id->get<int>(), options);
    context.progress("features", 1, std::to_string(result.rows) + " rows stored");
}

}  // namespace bourse::workers
