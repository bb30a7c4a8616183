// Feature sets that ship with the program, made from their rules instead of written out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bourse::factors {

struct NamedExpression {
    std::string name;
    std::string expression;
};

// Qlib's Alpha158 and Alpha360: names, order and expressions (spec: microsoft/qlib, contrib/data/loader.py).
std::vector<NamedExpression> alpha158();
std::vector<NamedExpression> alpha360();

// The signal sets: 13, 19 and 30 features of hourly bars, closed ones only. Source: shared spec bedrock-signals.md, 2.
enum class Signals : unsigned char { v1, v26, v27 };
// origin_windows: 4h indicators see 25 bars, so that the MACD of 4h bars is never there, as in the original.
std::vector<NamedExpression> signals(Signals set, bool origin_windows = false);
// As many expressions of the same names: 1 where the set's feature holds its neutral value, 0 where it was computed.
std::vector<NamedExpression> signals_neutral(Signals set, bool origin_windows = false);
// Named after the reference symbols: 1 where one has a bar, or is the instrument itself, else 0. Sets before v27: none.
std::vector<NamedExpression> signals_references(Signals set);

// By name: alpha158, alpha360, signals_v1, signals_v26, signals_v27, and of the signal sets also …_neutral,
// …_references, …_origin, …_origin_neutral. Errors: unknown_feature_set.
std::vector<NamedExpression> built_in_set(std::string_view name);

}  // namespace bourse::factors
