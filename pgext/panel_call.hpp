// What evaluate, evaluate_panel and evaluate_matrix are asked for.
#pragma once

#include <string>
#include <vector>

#include "factors/evaluate.hpp"
#include "factors/panel_reader.hpp"
#include "pgext/boundary.hpp"

namespace bourse::pg {

struct PanelOptions {
    factors::Rules rules;
    bool adjusted = true;
    bool keep_suspended = false;
    bool only_bars = false;
    std::string known_at;  // empty: now
};

// The options argument; NULL: the defaults. Errors: MB030, invalid_argument.
PanelOptions options_arg(FunctionCallInfo fcinfo, int n);
factors::PanelRequest request_of(const factors::Plan& plan, const std::string& freq, const PanelOptions& options);
// Errors: invalid_argument where a span ends before it begins.
void check_span(std::int64_t from, std::int64_t to);

struct PanelCall {
    std::vector<std::string> expressions;
    std::string universe, freq;
    std::int64_t from_us, to_us;
    PanelOptions options;
    factors::Plan plan;
    std::vector<factors::Plan> alone;  // each expression by itself: strict Qlib rules
};

// Arguments (expressions, universe, from_ts, to_ts, freq, options).
PanelCall panel_call(FunctionCallInfo fcinfo);
factors::PanelRequest request_of(const PanelCall& call);
// Bars that are read at a time.
std::size_t block_bytes(const PanelCall& call);
// The asked rows of a panel, series after series; into the memory that the matrix has.
void values_of(const PanelCall& call, const factors::Panel& panel, factors::FeatureMatrix& matrix,
               const CheckInterrupts& interrupts);
// Whether a row belongs into the answer.
inline bool is_asked(const factors::Series& series, std::size_t row, const PanelOptions& options) {
    return series.member[row] && (!options.only_bars || series.has_bar[row]);
}

}  // namespace bourse::pg
