// evaluate_matrix: the rows of an instrument together, as bytes, each block of instruments when its rows are fetched: a
// client that takes them as they come has the matrix once, and the server never.
#include <malloc.h>

#include "pgext/arguments.hpp"
#include "pgext/contexts.hpp"
#include "pgext/panel_call.hpp"
#include "pgext/spi_source.hpp"

namespace bourse::pg {
namespace {

using namespace factors;

// The C library gives freed memory back, and every block would fault in anew what the last one had: a third of the
// time. Let it keep what a block takes.
void keep_freed_memory() {
    mallopt(M_MMAP_THRESHOLD, 16 << 20);
    mallopt(M_TRIM_THRESHOLD, 32 << 20);
}

// Lives from the first row to the last. SPI is connected while a block is read and computed, not in between.
class MatrixRows {
public:
    explicit MatrixRows(PanelCall call)
        : call_(std::move(call)),
          most_rows_(std::max<std::size_t>(1, most_values / call_.expressions.size())),
          source_(call_.options.known_at) {
        keep_freed_memory();
        SpiScope spi;
        if (!reads_only_built_in(call_.plan)) require_fields(call_.plan, source_.known_fields(call_.freq));
        reader_.emplace(source_, request_of(call_));
        blocks_ = reader_->blocks(reader_->want_all(call_.from_us, call_.to_us), block_bytes(call_));
    }

    // The next row's symbol, times and features; false: there is none.
    bool next(Datum* values) {
        for (;;) {
            if (series_ == panel_.series.size()) {
                if (block_ == blocks_.size()) return false;
                read_block();
                continue;
            }
            const Series& series = panel_.series[series_];
            take_rows(series);
            const bool done = row_ == series.last;
            if (!times_.empty()) {
                values[0] = text_datum(series.symbol);
                values[1] = bytes_datum(std::as_bytes(times_));
                values[2] = bytes_datum(std::as_bytes(features_));
            }
            if (done) next_series();
            if (!times_.empty()) return true;
        }
    }

private:
    static constexpr std::size_t most_values = std::size_t{4} << 20;  // of a row: 16 MiB

    void read_block() {
        const auto interrupts = check_interrupts();
        SpiScope spi;
        panel_ = reader_->read(blocks_[block_++], interrupts);
        values_of(call_, panel_, matrix_, interrupts);
        series_ = before_ = 0;
        if (!panel_.series.empty()) row_ = panel_.series[0].first;
    }

    void next_series() {
        const Series& series = panel_.series[series_];
        before_ += (series.last - series.first) * call_.expressions.size();
        if (++series_ < panel_.series.size()) row_ = panel_.series[series_].first;
    }

    // The next rows of the series that were asked for: as they lie in memory, copied where others are among them.
    void take_rows(const Series& series) {
        kept_times_.clear();
        kept_features_.clear();
        for (;;) {
            while (row_ < series.last && !is_asked(series, row_, call_.options)) ++row_;
            const std::size_t from = row_, most = most_rows_ - kept_times_.size();
            while (row_ < series.last && row_ - from < most && is_asked(series, row_, call_.options)) ++row_;
            times_ = std::span(series.ts_us).subspan(from, row_ - from);
            const std::size_t columns = call_.expressions.size();
            features_ = std::span<const float>(matrix_.values)
                            .subspan(before_ + (from - series.first) * columns, times_.size() * columns);
            const bool last = row_ == series.last || times_.size() == most;
            if (last && kept_times_.empty()) return;
            kept_times_.insert(kept_times_.end(), times_.begin(), times_.end());
            kept_features_.insert(kept_features_.end(), features_.begin(), features_.end());
            if (last) break;
        }
        times_ = kept_times_;
        features_ = kept_features_;
    }

    PanelCall call_;
    std::size_t most_rows_;
    SpiSource source_;
    std::optional<PanelReader> reader_;
    std::vector<std::vector<PanelReader::Want>> blocks_;
    std::size_t block_ = 0, series_ = 0, row_ = 0, before_ = 0;
    Panel panel_;
    FeatureMatrix matrix_;
    std::span<const std::int64_t> times_;
    std::span<const float> features_;
    std::vector<std::int64_t> kept_times_;
    std::vector<float> kept_features_;
};

void begin(FunctionCallInfo fcinfo) {
    FuncCallContext* context = pg_call([=] {
        FuncCallContext* made = init_MultiFuncCall(fcinfo);
        TupleDesc shape = nullptr;
        if (get_call_result_type(fcinfo, nullptr, &shape) != TYPEFUNC_COMPOSITE)
            ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("rows are wanted in another form")));
        const MemoryContext before = MemoryContextSwitchTo(made->multi_call_memory_ctx);
        made->tuple_desc = BlessTupleDesc(CreateTupleDescCopy(shape));
        MemoryContextSwitchTo(before);
        return made;
    });
    context->user_fctx = emplace_in<MatrixRows>(context->multi_call_memory_ctx, panel_call(fcinfo));
}

// matrix_rows(expressions, universe, from_ts, to_ts, freq, options)
Datum matrix_rows(FunctionCallInfo fcinfo) {
    if (SRF_IS_FIRSTCALL()) begin(fcinfo);
    FuncCallContext* context = pg_call([=] { return per_MultiFuncCall(fcinfo); });
    auto* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    Datum values[3];
    if (!static_cast<MatrixRows*>(context->user_fctx)->next(values)) {
        pg_call([=] { end_MultiFuncCall(fcinfo, context); });
        result->isDone = ExprEndResult;
        fcinfo->isnull = true;
        return static_cast<Datum>(0);
    }
    ++context->call_cntr;
    result->isDone = ExprMultipleResult;
    const Datum* from = values;
    return pg_call([=] {
        Datum columns[3] = {from[0], from[1], from[2]};
        bool nulls[3] = {};
        return HeapTupleGetDatum(heap_form_tuple(context->tuple_desc, columns, nulls));
    });
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_matrix_rows, matrix_rows);

}  // namespace bourse::pg
