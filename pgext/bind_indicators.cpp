// ta.*: both SQL forms of every indicator of the list.
#include <array>

#include "pgext/contexts.hpp"
#include "pgext/float8_column.hpp"
#include "pgext/indicator_result.hpp"

#include "indicators/catalogue.hpp"
#include "indicators.inc"

namespace bourse::pg {
namespace {

using indicators::Info;
using indicators::Param;

[[noreturn]] void refuse_null(const Info& info, std::size_t at) {
    throw Error(ErrorKind::invalid_argument,
                std::string(info.params[at].name) + " of ta." + std::string(info.name) + " must not be NULL");
}

// NaN, which check_params refuses, for a name that is no choice. May raise: call it under pg_call.
double param_value(const Param& param, Datum datum) {
    if (param.choices.size() > 0) {
        const text* given = DatumGetTextPP(datum);
        const std::string_view name(VARDATA_ANY(given), VARSIZE_ANY_EXHDR(given));
        for (std::size_t i = 0; i < param.choices.size(); ++i)
            if (param.choices[i] == name) return static_cast<double>(i);
        return indicators::missing;
    }
    return param.integer ? DatumGetInt32(datum) : DatumGetFloat8(datum);
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

using Values = std::array<double, indicators::Few<double>::capacity>;

// ---- window form: the series' state lives in the partition's memory, one update a row

struct Partition {
    Values params;
    std::unique_ptr<indicators::Series> series;
};

// Everything the server has to say about the current row; plain, so that it may be filled under pg_call.
struct Row {
    void** slot;
    Values inputs, params;
    int null_param = -1;
};

void read_params(FunctionCallInfo fcinfo, WindowObject window, const Info& info, Row& row) {
    const int first = static_cast<int>(info.inputs.size());
    for (int i = 0; i < static_cast<int>(info.params.size()); ++i) {
        // A constant needs no second look; what changes by row must not change within the partition.
        if (*row.slot != nullptr && get_fn_expr_arg_stable(fcinfo->flinfo, first + i)) continue;
        bool null = false;
        const Datum datum = WinGetFuncArgCurrent(window, first + i, &null);
        if (null)
            row.null_param = i;
        else
            row.params[static_cast<std::size_t>(i)] = param_value(info.params[static_cast<std::size_t>(i)], datum);
    }
}

Row read_row(FunctionCallInfo fcinfo, const Info& info) {
    Row row;
    pg_call([&] {
        WindowObject window = PG_WINDOW_OBJECT();
        row.slot = static_cast<void**>(WinGetPartitionLocalMemory(window, sizeof(void*)));
        if (*row.slot != nullptr) row.params = static_cast<Partition*>(*row.slot)->params;
        for (std::size_t i = 0; i < info.inputs.size(); ++i) {
            bool null = false;
            const Datum datum = WinGetFuncArgCurrent(window, static_cast<int>(i), &null);
            row.inputs[i] = null ? indicators::missing : DatumGetFloat8(datum);
        }
        read_params(fcinfo, window, info, row);
        WinSetMarkPosition(window, WinGetCurrentPosition(window));  // rows before are never asked for again
    });
    if (row.null_param >= 0) refuse_null(info, static_cast<std::size_t>(row.null_param));
    return row;
}

Partition& partition_of(const Row& row, const indicators::Entry& entry) {
    const Info& info = *entry.info;
    const auto params = std::span(row.params).first(info.params.size());
    if (*row.slot == nullptr) {
        check_params(info, params);
        *row.slot = emplace_in<Partition>(GetMemoryChunkContext(row.slot), row.params, entry.start(params));
    }
    auto& partition = *static_cast<Partition*>(*row.slot);
    for (std::size_t i = 0; i < params.size(); ++i)
        if (!same(params[i], partition.params[i]))
            throw Error(ErrorKind::invalid_argument,
                        std::string(info.params[i].name) + " of ta." + std::string(info.name) +
                            " must not change within a partition",
                        "name the column that it follows in PARTITION BY");
    return partition;
}

Datum window_form(FunctionCallInfo fcinfo, const indicators::Entry& entry) {
    const std::size_t inputs = entry.info->inputs.size(), outputs = entry.info->outputs.size();
    const Row row = read_row(fcinfo, *entry.info);
    Values values;
    partition_of(row, entry).series->update(std::span(row.inputs).first(inputs), std::span(values).first(outputs));
    std::array<Datum, std::tuple_size_v<Values>> datums;
    std::array<bool, std::tuple_size_v<Values>> nulls;
    bool nothing = true;
    for (std::size_t i = 0; i < outputs; ++i) {
        nulls[i] = !std::isfinite(values[i]);
        nothing = nothing && nulls[i];
        datums[i] = Float8GetDatum(values[i]);
    }
    if (nothing) PG_RETURN_NULL();
    if (outputs == 1) return datums[0];
    return make_row(fcinfo, std::span(datums).first(outputs), std::span(nulls).first(outputs));
}

// ---- array form: whole series

std::vector<double> array_params(FunctionCallInfo fcinfo, const Info& info) {
    std::vector<double> params;
    for (std::size_t i = 0; i < info.params.size(); ++i) {
        const auto argument = static_cast<int>(info.inputs.size() + i);
        if (PG_ARGISNULL(argument)) refuse_null(info, i);
        params.push_back(pg_call([&] { return param_value(info.params[i], PG_GETARG_DATUM(argument)); }));
    }
    check_params(info, params);
    return params;
}

void check_lengths(const Info& info, std::span<const std::span<const double>> inputs) {
    for (std::size_t i = 1; i < inputs.size(); ++i)
        if (inputs[i].size() != inputs[0].size())
            throw Error(ErrorKind::invalid_argument, std::string(info.inputs[0]) + " has " +
                                                         std::to_string(inputs[0].size()) + " elements, " +
                                                         std::string(info.inputs[i]) + " has " +
                                                         std::to_string(inputs[i].size()) + ": they must have as many");
}

Datum array_form(FunctionCallInfo fcinfo, const indicators::Entry& entry) {
    const Info& info = *entry.info;
    const auto params = array_params(fcinfo, info);
    std::vector<std::optional<Float8Column>> columns(info.inputs.size());
    std::vector<std::span<const double>> inputs;
    for (std::size_t i = 0; i < info.inputs.size(); ++i) {
        if (PG_ARGISNULL(static_cast<int>(i))) PG_RETURN_NULL();
        columns[i].emplace(PG_GETARG_DATUM(static_cast<int>(i)), info.inputs[i]);
        inputs.push_back(columns[i]->values());
    }
    check_lengths(info, inputs);

    std::vector<std::vector<double>> results(info.outputs.size(), std::vector<double>(inputs[0].size()));
    std::vector<std::span<double>> outputs(results.begin(), results.end());
    entry.run(params, inputs, outputs, check_interrupts());

    std::vector<Datum> datums;
    for (const auto& result : results) datums.push_back(make_float8_array(result));
    if (datums.size() == 1) return datums[0];
    std::array<bool, std::tuple_size_v<Values>> nulls{};
    return make_row(fcinfo, datums, std::span(nulls).first(datums.size()));
}

// Where each indicator of the list stands in the catalogue.
#define PLACE(name, Kernel) at_##name,
enum Place : std::size_t { BOURSE_INDICATORS(PLACE) };
#undef PLACE

template <Place at>
Datum window_form_of(FunctionCallInfo fcinfo) {
    return window_form(fcinfo, indicators::catalogue()[at]);
}

template <Place at>
Datum array_form_of(FunctionCallInfo fcinfo) {
    return array_form(fcinfo, indicators::catalogue()[at]);
}

}  // namespace

#define EXPORT(name, Kernel)                                           \
    BOURSE_PG_FUNCTION(ta_##name##_window, window_form_of<at_##name>); \
    BOURSE_PG_FUNCTION(ta_##name##_array, array_form_of<at_##name>);
BOURSE_INDICATORS(EXPORT)
#undef EXPORT

}  // namespace bourse::pg
