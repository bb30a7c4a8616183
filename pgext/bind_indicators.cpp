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

double param_value(const Param& param, Datum datum) {
    return param.integer ? DatumGetInt32(datum) : DatumGetFloat8(datum);
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

// ---- window form: the kernel lives in the partition's memory, one update a row

template <class Kernel>
struct Partition {
    static constexpr std::size_t param_count = Kernel::info.params.size();
    std::array<double, param_count> params;
    Kernel kernel;
    explicit Partition(const std::array<double, param_count>& values) : params(values), kernel(params) {}
};

// Everything the server has to say about the current row; plain, so that it may be filled under pg_call.
template <class Kernel>
struct Row {
    void** slot;
    std::array<double, Kernel::info.inputs.size()> inputs;
    std::array<double, Kernel::info.params.size()> params;
    int null_param = -1;
};

template <class Kernel>
void read_params(FunctionCallInfo fcinfo, WindowObject window, Row<Kernel>& row) {
    constexpr int first = static_cast<int>(Kernel::info.inputs.size());
    for (int i = 0; i < static_cast<int>(row.params.size()); ++i) {
        // A constant needs no second look; what changes by row must not change within the partition.
        if (*row.slot != nullptr && get_fn_expr_arg_stable(fcinfo->flinfo, first + i)) continue;
        bool null = false;
        const Datum datum = WinGetFuncArgCurrent(window, first + i, &null);
        if (null)
            row.null_param = i;
        else
            row.params[static_cast<std::size_t>(i)] =
                param_value(Kernel::info.params[static_cast<std::size_t>(i)], datum);
    }
}

template <class Kernel>
Row<Kernel> read_row(FunctionCallInfo fcinfo) {
    Row<Kernel> row;
    pg_call([&] {
        WindowObject window = PG_WINDOW_OBJECT();
        row.slot = static_cast<void**>(WinGetPartitionLocalMemory(window, sizeof(void*)));
        if (*row.slot != nullptr) row.params = static_cast<Partition<Kernel>*>(*row.slot)->params;
        for (std::size_t i = 0; i < row.inputs.size(); ++i) {
            bool null = false;
            const Datum datum = WinGetFuncArgCurrent(window, static_cast<int>(i), &null);
            row.inputs[i] = null ? indicators::missing : DatumGetFloat8(datum);
        }
        read_params<Kernel>(fcinfo, window, row);
        WinSetMarkPosition(window, WinGetCurrentPosition(window));  // rows before are never asked for again
    });
    if (row.null_param >= 0) refuse_null(Kernel::info, static_cast<std::size_t>(row.null_param));
    return row;
}

template <class Kernel>
Partition<Kernel>& partition_of(const Row<Kernel>& row) {
    if (*row.slot == nullptr) {
        check_params(Kernel::info, row.params);
        *row.slot = emplace_in<Partition<Kernel>>(GetMemoryChunkContext(row.slot), row.params);
    }
    auto& partition = *static_cast<Partition<Kernel>*>(*row.slot);
    for (std::size_t i = 0; i < row.params.size(); ++i)
        if (!same(row.params[i], partition.params[i]))
            throw Error(ErrorKind::invalid_argument,
                        std::string(Kernel::info.params[i].name) + " of ta." + std::string(Kernel::info.name) +
                            " must not change within a partition",
                        "name the column that it follows in PARTITION BY");
    return partition;
}

template <class Kernel>
Datum window_form(FunctionCallInfo fcinfo) {
    const auto row = read_row<Kernel>(fcinfo);
    std::array<double, Kernel::info.outputs.size()> values;
    partition_of<Kernel>(row).kernel.update(row.inputs, values);
    std::array<Datum, values.size()> datums;
    std::array<bool, values.size()> nulls;
    bool nothing = true;
    for (std::size_t i = 0; i < values.size(); ++i) {
        nulls[i] = !std::isfinite(values[i]);
        nothing = nothing && nulls[i];
        datums[i] = Float8GetDatum(values[i]);
    }
    if (nothing) PG_RETURN_NULL();
    if constexpr (values.size() == 1)
        return datums[0];
    else
        return make_row(fcinfo, datums, nulls);
}

// ---- array form: whole series

std::vector<double> array_params(FunctionCallInfo fcinfo, const Info& info) {
    std::vector<double> params;
    for (std::size_t i = 0; i < info.params.size(); ++i) {
        const auto argument = static_cast<int>(info.inputs.size() + i);
        if (PG_ARGISNULL(argument)) refuse_null(info, i);
        params.push_back(param_value(info.params[i], PG_GETARG_DATUM(argument)));
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

Datum run_on_arrays(FunctionCallInfo fcinfo, const indicators::Entry& entry) {
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
    std::array<bool, 8> nulls{};
    return make_row(fcinfo, datums, std::span(nulls).first(datums.size()));
}

template <class Kernel>
Datum array_form(FunctionCallInfo fcinfo) {
    static const indicators::Entry& entry = *indicators::find(Kernel::info.name);
    return run_on_arrays(fcinfo, entry);
}

}  // namespace

#define EXPORT(name, Kernel)                                                 \
    BOURSE_PG_FUNCTION(ta_##name##_window, window_form<indicators::Kernel>); \
    BOURSE_PG_FUNCTION(ta_##name##_array, array_form<indicators::Kernel>);
BOURSE_INDICATORS(EXPORT)
#undef EXPORT

}  // namespace bourse::pg
