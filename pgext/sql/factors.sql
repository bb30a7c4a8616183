-- Expressions: checked, evaluated on demand.

CREATE FUNCTION bourse.check_expressions(expressions text[], fields text[] DEFAULT NULL, refuse_lookahead boolean DEFAULT false)
    RETURNS TABLE(n int, name text, lookback_bars int, lookahead_bars int, other_freqs text[])
    AS 'MODULE_PATHNAME', 'bourse_check_expressions' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION bourse.check_expressions(text[], text[], boolean) IS
    'reads expressions: the name each would get, bars it reads before (NULL: all) and after its own; MB022 tells position and what was expected; fields: the names that may follow a dollar sign';

CREATE FUNCTION bourse.built_in_operator(name text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'bourse_built_in_operator' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.built_in_operator(text) IS 'whether the language of expressions has an operator of this name';

CREATE FUNCTION bourse.built_in_features(feature_set text) RETURNS TABLE(n int, name text, expression text)
    AS 'MODULE_PATHNAME', 'bourse_built_in_features' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bourse.built_in_features(text) IS 'names and expressions of Qlib''s sets alpha158 and alpha360, in their order';

CREATE FUNCTION bourse.evaluate(expression text, symbol text, from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL, freq text DEFAULT '1d',
    options jsonb DEFAULT '{}') RETURNS TABLE(ts timestamptz, value float8)
    AS 'MODULE_PATHNAME', 'bourse_evaluate' LANGUAGE C STABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION bourse.evaluate(text, text, timestamptz, timestamptz, text, jsonb) IS
    'an expression for one symbol, from_ts <= ts < to_ts; a session without a bar is a row; options: strict_qlib, adjusted, suspended, grid, known_at';

CREATE FUNCTION bourse.evaluate_panel(expressions text[], universe text DEFAULT 'all', from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL,
    freq text DEFAULT '1d', options jsonb DEFAULT '{}') RETURNS TABLE(symbol text, ts timestamptz, features bourse.fvec)
    AS 'MODULE_PATHNAME', 'bourse_evaluate_panel' LANGUAGE C STABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION bourse.evaluate_panel(text[], text, timestamptz, timestamptz, text, jsonb) IS
    'expressions for the members of a universe; common subexpressions are computed once; options as evaluate';

CREATE FUNCTION bourse.features_at(expressions text[], freq text, symbol text, at timestamptz, known_at timestamptz) RETURNS bourse.fvec
    AS 'MODULE_PATHNAME', 'bourse_features_at' LANGUAGE C STABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION bourse.features_at(text[], text, text, timestamptz, timestamptz) IS 'part of bourse.features: expressions at the row at this time, or the newest before it; as it was known at known_at, of closed bars alone';

CREATE FUNCTION bourse.explain_expressions(expressions text[])
    RETURNS TABLE(node int, expression text, place text, inputs int[], features int, lookback_bars int, ns_per_row float8)
    AS 'MODULE_PATHNAME', 'bourse_explain_expressions' LANGUAGE C VOLATILE PARALLEL SAFE;
COMMENT ON FUNCTION bourse.explain_expressions(text[]) IS 'part of bourse.explain_features: the plan of some expressions, node by node';

CREATE FUNCTION bourse.check_lookahead_of(expressions text[], freq text, instruments int DEFAULT NULL, bars int DEFAULT NULL, times int DEFAULT NULL)
    RETURNS TABLE(n int, leaks boolean, has_values boolean, evidence text)
    AS 'MODULE_PATHNAME', 'bourse_check_lookahead' LANGUAGE C STABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION bourse.check_lookahead_of(text[], text, int, int, int) IS
    'part of bourse.check_lookahead: tries expressions on the newest bars of the longest listed instruments, with the future of some times changed';
