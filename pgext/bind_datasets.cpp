// Datasets in SQL: what bourse.create_dataset checks, and their rows.
#include <cmath>
#include <unordered_map>

#include "datasets/build.hpp"
#include "pgext/arguments.hpp"
#include "pgext/fvec.hpp"
#include "pgext/json_arguments.hpp"
#include "pgext/spi_source.hpp"

extern "C" {
#include "utils/array.h"
}

namespace bourse::pg {
namespace {

using namespace datasets;
using nlohmann::json;

std::vector<std::int64_t> times_arg(FunctionCallInfo fcinfo, int n) {
    const Datum datum = PG_GETARG_DATUM(n);
    ArrayType* array = pg_call([=] { return DatumGetArrayTypeP(datum); });
    if (ARR_NDIM(array) == 0) return {};
    if (ARR_NDIM(array) != 1 || ARR_HASNULL(array))
        throw Error(ErrorKind::invalid_argument, "times must be a one-dimensional array without NULLs");
    const auto* first = reinterpret_cast<const TimestampTz*>(ARR_DATA_PTR(array));
    std::vector<std::int64_t> times(first, first + ARR_DIMS(array)[0]);
    for (auto& time : times) time += epoch_2000_us;
    if (std::adjacent_find(times.begin(), times.end(), std::greater_equal<>()) != times.end())
        throw Error(ErrorKind::invalid_argument, "times must be distinct and ascending");
    return times;
}

Datum read_fold_plan_of(FunctionCallInfo fcinfo) { return jsonb_result(to_json(read_fold_plan(json_arg(fcinfo, 0)))); }

Datum plan_folds_of(FunctionCallInfo fcinfo) {
    const auto plan = read_fold_plan(json_arg(fcinfo, 0));
    const auto times = times_arg(fcinfo, 1);
    Rows rows(fcinfo);
    for (const auto& range : plan_folds(plan, times, PG_GETARG_INT32(2)))
        rows.add([&](Datum* values, bool*) {
            values[0] = Int32GetDatum(range.fold);
            values[1] = text_datum(span_name(range.part));
            values[2] = time_datum(range.from);
            values[3] = time_datum(range.to);
            values[4] = Int32GetDatum(static_cast<std::int32_t>(range.timestamps));
        });
    return static_cast<Datum>(0);
}

Datum read_processors_of(FunctionCallInfo fcinfo) {
    const auto lists = read_processors(json_arg(fcinfo, 0));
    require_columns(lists, texts_arg(fcinfo, 1, "features"));
    return jsonb_result(to_json(lists));
}

Definition definition_arg(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0)) throw Error(ErrorKind::invalid_argument, "definition may not be NULL");
    return read_definition(json_arg(fcinfo, 0));
}

int fold_arg(FunctionCallInfo fcinfo, const Definition& definition) {
    return PG_ARGISNULL(1) ? definition.folds() : PG_GETARG_INT32(1);
}

std::unordered_map<std::int32_t, std::string> symbols() {
    std::unordered_map<std::int32_t, std::string> all;
    spi_rows("SELECT instrument_id, symbol FROM bourse.instrument",
             [&](const SpiRow& row) { all.emplace(row.int4(1), row.text(2)); });
    return all;
}

// dataset_rows_of(definition, fold, part, processed)
Datum dataset_rows_of(FunctionCallInfo fcinfo) {
    const auto definition = definition_arg(fcinfo);
    const int fold = fold_arg(fcinfo, definition);
    std::vector<Span> parts{Span::train, Span::valid, Span::test};
    if (!PG_ARGISNULL(2)) parts = {read_part(text_arg(fcinfo, 2, "part"))};
    const bool processed = PG_ARGISNULL(3) || PG_GETARG_BOOL(3);
    Rows rows(fcinfo);
    SpiScope spi;
    SpiSource source(definition.id);
    const auto names = symbols();
    BuildWatch watch;
    watch.interrupts = check_interrupts();
    const auto built = build_fold(source, definition, fold, processed, watch);
    const auto all = built.dataset.matrix.view();
    for (const Span part : parts) {
        const auto& range = built.dataset.range(part);
        for (std::size_t row = range.from; row < range.to; ++row)
            rows.add([&](Datum* values, bool* nulls) {
                values[0] = text_datum(names.at(all.instruments[row]));
                values[1] = time_datum(all.ts[row]);
                values[2] = text_datum(span_name(part));
                values[3] = time_datum(built.label_end[row]);
                values[4] = fvec_datum(make_fvec(all.values.subspan(row * all.columns, all.columns)));
                values[5] = Float8GetDatum(all.labels[row]);
                nulls[5] = std::isnan(all.labels[row]);
                values[6] = Float8GetDatum(built.dataset.outcomes[row]);
            });
    }
    return static_cast<Datum>(0);
}

std::pair<const char*, const char*> parameter_names(ColumnStep::Kind kind) {
    switch (kind) {
        case ColumnStep::Kind::scale:
            return {"center", "scale"};
        case ColumnStep::Kind::clip:
            return {"lower", "upper"};
        default:
            return {nullptr, nullptr};
    }
}

// dataset_fit_of(definition, fold)
Datum dataset_fit_of(FunctionCallInfo fcinfo) {
    const auto definition = definition_arg(fcinfo);
    const int fold = fold_arg(fcinfo, definition);
    Rows rows(fcinfo);
    SpiScope spi;
    SpiSource source(definition.id);
    BuildWatch watch;
    watch.interrupts = check_interrupts();
    const auto built = build_fold(source, definition, fold, true, watch);
    const auto put = [&](std::size_t number, const std::string& processor, std::size_t column, const char* parameter,
                         double value) {
        rows.add([&](Datum* values, bool* nulls) {
            values[0] = Int32GetDatum(static_cast<std::int32_t>(number + 1));
            values[1] = text_datum(processor);
            nulls[2] = column == definition.features.size();
            if (!nulls[2]) values[2] = text_datum(definition.features[column]);
            values[3] = text_datum(parameter);
            values[4] = Float8GetDatum(value);
        });
    };
    std::size_t number = 0;  // of the processor, which may have done several things
    for (std::size_t i = 0; i < built.applied.size(); ++i) {
        const auto& one = built.applied[i];
        number += i > 0 && one.processor != built.applied[i - 1].processor;
        if (!one.processor->fitted()) continue;
        for (const auto& step : one.steps) {
            const auto [first, second] = parameter_names(step.kind);
            if (!first) continue;
            for (std::size_t column = 0; column < step.columns(); ++column) {
                if (!step.on[column]) continue;
                put(number, one.processor->name, column, first, step.a[column]);
                put(number, one.processor->name, column, second, step.b[column]);
            }
        }
    }
    return static_cast<Datum>(0);
}

// dataset_scan_of(definition)
Datum dataset_scan_of(FunctionCallInfo fcinfo) {
    const auto definition = definition_arg(fcinfo);
    Rows rows(fcinfo);
    SpiScope spi;
    SpiSource source(definition.id);
    BuildWatch watch;
    watch.interrupts = check_interrupts();
    const auto scan = scan_dataset(source, definition, watch);
    const auto put = [&](int fold, const char* part, std::size_t count, std::size_t purged, const std::string& sha256) {
        rows.add([&](Datum* values, bool* nulls) {
            values[0] = Int32GetDatum(fold);
            nulls[0] = fold == 0;
            nulls[1] = fold == 0;
            if (fold > 0) values[1] = text_datum(part);
            values[2] = Int64GetDatum(static_cast<std::int64_t>(count));
            values[3] = Int64GetDatum(static_cast<std::int64_t>(purged));
            values[4] = text_datum(sha256);
        });
    };
    for (const auto& part : scan.parts) put(part.fold, span_name(part.part), part.rows, part.purged_rows, part.sha256);
    for (const auto& fold : scan.folds) put(fold.fold, "all", fold.rows, fold.purged_rows, fold.sha256);
    put(0, "", scan.rows, 0, scan.sha256);
    return static_cast<Datum>(0);
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_read_fold_plan, read_fold_plan_of);
BOURSE_PG_FUNCTION(bourse_plan_folds, plan_folds_of);
BOURSE_PG_FUNCTION(bourse_read_processors, read_processors_of);
BOURSE_PG_FUNCTION(bourse_dataset_rows, dataset_rows_of);
BOURSE_PG_FUNCTION(bourse_dataset_fit, dataset_fit_of);
BOURSE_PG_FUNCTION(bourse_dataset_scan, dataset_scan_of);

}  // namespace bourse::pg
