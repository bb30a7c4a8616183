// evaluate_panel and evaluate_matrix: rows that are made when they are fetched, a block of instruments at a time, so
// that the server never holds the whole answer.
#include "pgext/arguments.hpp"
#include "pgext/fvec.hpp"
#include "pgext/panel_blocks.hpp"
#include "pgext/rows_on_demand.hpp"

namespace bourse::pg {
namespace {

using namespace factors;

class PanelRows {
public:
    explicit PanelRows(PanelCall call)
        : call_(std::move(call)), blocks_(call_), vector_(fvec_size_bytes(call_.expressions.size()) / sizeof(float)) {
        auto* made = reinterpret_cast<Fvec*>(vector_.data());
        SET_VARSIZE(made, vector_.size() * sizeof(float));
        made->length = static_cast<std::int32_t>(call_.expressions.size());
    }

    // The next row's symbol, time and features; false: there is none.
    bool next(Datum* values) {
        for (;; ++row_) {
            while (row_ == end_) {
                if (!blocks_.next()) return false;
                row_ = blocks_.series().first;
                end_ = blocks_.series().last;
            }
            if (is_asked(blocks_.series(), row_, call_.options)) break;
        }
        const Series& series = blocks_.series();
        const std::size_t count = call_.expressions.size();
        auto* made = reinterpret_cast<Fvec*>(vector_.data());
        std::memcpy(made->values(), blocks_.features().data() + (row_ - series.first) * count, count * sizeof(float));
        values[0] = text_datum(series.symbol);
        values[1] = time_datum(series.ts_us[row_++]);
        values[2] = fvec_datum(made);
        return true;
    }

private:
    PanelCall call_;
    PanelBlocks blocks_;
    std::vector<float> vector_;  // an Fvec
    std::size_t row_ = 0, end_ = 0;
};

// The rows of an instrument together, as bytes.
class MatrixRows {
public:
    explicit MatrixRows(PanelCall call)
        : call_(std::move(call)),
          blocks_(call_),
          most_rows_(std::max<std::size_t>(1, most_values / call_.expressions.size())) {}

    // The next row's symbol, times and features; false: there is none.
    bool next(Datum* values) {
        for (;;) {
            if (row_ == end_) {
                if (!blocks_.next()) return false;
                row_ = blocks_.series().first;
                end_ = blocks_.series().last;
            }
            const Series& series = blocks_.series();
            take_rows(series);
            if (times_.empty()) continue;
            values[0] = text_datum(series.symbol);
            values[1] = bytes_datum(std::as_bytes(times_));
            values[2] = bytes_datum(std::as_bytes(features_));
            return true;
        }
    }

private:
    static constexpr std::size_t most_values = std::size_t{4} << 20;  // of a row: 16 MiB

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
            features_ = blocks_.features().subspan((from - series.first) * columns, times_.size() * columns);
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
    PanelBlocks blocks_;
    std::size_t most_rows_, row_ = 0, end_ = 0;
    std::span<const std::int64_t> times_;
    std::span<const float> features_;
    std::vector<std::int64_t> kept_times_;
    std::vector<float> kept_features_;
};

// evaluated_rows(expressions, universe, from_ts, to_ts, freq, options)
Datum evaluated_rows(FunctionCallInfo fcinfo) {
    return rows_on_demand<PanelRows, 3>(fcinfo, [=] { return panel_call(fcinfo); });
}

// matrix_rows(expressions, universe, from_ts, to_ts, freq, options)
Datum matrix_rows(FunctionCallInfo fcinfo) {
    return rows_on_demand<MatrixRows, 3>(fcinfo, [=] { return panel_call(fcinfo); });
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_evaluated_rows, evaluated_rows);
BOURSE_PG_FUNCTION(bourse_matrix_rows, matrix_rows);

}  // namespace bourse::pg
