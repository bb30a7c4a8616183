// bench_dataset CONNINFO ARGUMENTS [SAVE_AS]: makes a dataset (ARGUMENTS: of bourse.create_dataset, as SQL) and reads
// its first fold as a training does, processors, drift references and all. Prints seconds and rows; SAVE_AS.values gets
// the float32 matrix, SAVE_AS.rows a line for each row: symbol, microseconds since 1970, part, label.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>

#include "core/error.hpp"
#include "workers/common/text_array.hpp"
#include "workers/task/training/dataset_fold.hpp"

namespace {

using namespace bourse;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// What bourse.train would hand to the worker.
workers::RunSpec make_dataset(workers::Connection& connection, const std::string& arguments) {
    pqxx::work tx(connection, "bench");
    const auto id = tx.exec1("SELECT bourse.create_dataset(" + arguments + ")")[0].as<std::int64_t>();
    const auto row = tx.exec_params1(
        "SELECT bourse.dataset_definition($1), s.features, s.freq, s.lookback_bars, d.label FROM bourse.dataset AS d "
        "JOIN bourse.feature_set AS s USING (feature_set_id) WHERE d.dataset_id = $1",
        id);
    workers::RunSpec spec;
    spec.dataset = datasets::read_definition(nlohmann::json::parse(row[0].c_str()));
    spec.features = workers::read_text_array(row[1]);
    spec.freq = row[2].as<std::string>();
    if (!row[3].is_null()) spec.lookback_bars = row[3].as<int>();
    spec.label = row[4].as<std::string>();
    spec.fold = 1;
    tx.commit();
    return spec;
}

void save(workers::Connection& connection, const datasets::Dataset& dataset, const std::string& name) {
    std::map<int, std::string> symbols;
    pqxx::work tx(connection, "symbols");
    for (const auto& row : tx.exec("SELECT instrument_id, symbol FROM bourse.instrument"))
        symbols[row[0].as<int>()] = row[1].as<std::string>();
    const auto all = dataset.matrix.view();
    std::ofstream(name + ".values", std::ios::binary)
        .write(reinterpret_cast<const char*>(all.values.data()), static_cast<std::streamsize>(all.values.size_bytes()));
    std::ofstream rows(name + ".rows");
    rows.precision(9);
    for (const auto part : {datasets::Span::train, datasets::Span::valid, datasets::Span::test})
        for (std::size_t row = dataset.range(part).from; row < dataset.range(part).to; ++row)
            rows << symbols.at(all.instruments[row]) << ' ' << all.ts[row] << ' ' << datasets::span_name(part) << ' '
                 << all.labels[row] << '\n';
    if (!rows.flush()) throw Error(ErrorKind::internal, name + ".rows cannot be written");
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 3) {
        std::fputs("usage: bench_dataset CONNINFO ARGUMENTS [SAVE_AS]\n", stderr);
        return 2;
    }
    try {
        workers::Connection connection(arguments[1], "bench_dataset");
        connection.drop_notices();
        const auto start = Clock::now();
        const auto spec = make_dataset(connection, arguments[2]);
        const double made = seconds_since(start);
        const auto fold = workers::read_dataset_fold(connection, spec, {}, [](double, const std::string&) {});
        std::printf("seconds %.3f\nmade %.3f\nrows %zu\n", seconds_since(start), made,
                    fold.built.dataset.matrix.rows());
        if (count > 3) save(connection, fold.built.dataset, arguments[3]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_dataset: %s\n", error.what());
        return 1;
    }
    return 0;
}
