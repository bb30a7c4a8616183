#include "workers/task/training/labels.hpp"

#include "workers/task/panel_reader.hpp"

namespace bourse::workers {
namespace {

std::int64_t to_us(pqxx::transaction_base& tx, const std::optional<std::string>& ts, std::int64_t otherwise) {
    return ts ? tx.exec_params1("SELECT bourse.to_unix_us($1)", *ts)[0].as<std::int64_t>() : otherwise;
}

}  // namespace

datasets::Labels read_labels(Connection& connection, pqxx::transaction_base& tx, const RunSpec& spec,
                             const CheckInterrupts& interrupts) {
    DatabaseSource source(connection);
    datasets::LabelRequest request{spec.label, spec.freq, spec.universe};
    request.from_us = to_us(tx, spec.from_ts, factors::beginning_us);
    request.to_us = to_us(tx, spec.to_ts, factors::end_of_time_us);
    return datasets::read_labels(source, request, interrupts);
}

}  // namespace bourse::workers
