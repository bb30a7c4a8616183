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
COMMENT ON FUNCTION bourse.built_in_features(text) IS 'names and expressions of the built-in sets alpha158, alpha360, signals_v1, signals_v26, signals_v27, in their order; of signal sets also …_neutral, …_references';

CREATE FUNCTION bourse.evaluate(expression text, symbol text, from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL, freq text DEFAULT '1d',
    options jsonb DEFAULT '{}') RETURNS TABLE(ts timestamptz, value float8)
    AS 'MODULE_PATHNAME', 'bourse_evaluate' LANGUAGE C STABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION bourse.evaluate(text, text, timestamptz, timestamptz, text, jsonb) IS
    'an expression for one symbol, from_ts <= ts < to_ts; a session without a bar is a row; options: strict_qlib, adjusted, suspended, grid, known_at';

CREATE FUNCTION bourse.evaluated_rows(expressions text[], universe text, from_ts timestamptz, to_ts timestamptz, freq text, options jsonb)
    RETURNS TABLE(symbol text, ts timestamptz, features bourse.fvec)
    AS 'MODULE_PATHNAME', 'bourse_evaluated_rows' LANGUAGE C STABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION bourse.evaluated_rows(text[], text, timestamptz, timestamptz, text, jsonb) IS 'part of bourse.evaluate_panel: its rows, computed while they are fetched where it is selected and not selected from';

CREATE FUNCTION bourse.matrix_rows(expressions text[], universe text, from_ts timestamptz, to_ts timestamptz, freq text, options jsonb)
    RETURNS TABLE(symbol text, ts_us bytea, features bytea)
    AS 'MODULE_PATHNAME', 'bourse_matrix_rows' LANGUAGE C STABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION bourse.matrix_rows(text[], text, timestamptz, timestamptz, text, jsonb) IS 'part of bourse.evaluate_matrix: its rows, computed while they are fetched where it is selected and not selected from';

-- The server keeps what a function in FROM returns until its end: selected, its rows go on as they are made. It puts the bodies of these where they are called.
CREATE FUNCTION bourse.evaluate_panel(expressions text[], universe text DEFAULT 'all', from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL,
    freq text DEFAULT '1d', options jsonb DEFAULT '{}') RETURNS TABLE(symbol text, ts timestamptz, features bourse.fvec)
    LANGUAGE sql STABLE PARALLEL SAFE COST 100000
BEGIN ATOMIC
    SELECT (p.made).symbol, (p.made).ts, (p.made).features
    FROM (SELECT bourse.evaluated_rows(evaluate_panel.expressions, evaluate_panel.universe, evaluate_panel.from_ts, evaluate_panel.to_ts, evaluate_panel.freq, evaluate_panel.options) AS made) AS p;
END;
COMMENT ON FUNCTION bourse.evaluate_panel(text[], text, timestamptz, timestamptz, text, jsonb) IS
    'expressions for the members of a universe; common subexpressions are computed once; options as evaluate';

CREATE FUNCTION bourse.evaluate_matrix(expressions text[], universe text DEFAULT 'all', from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL,
    freq text DEFAULT '1d', options jsonb DEFAULT '{}') RETURNS TABLE(symbol text, ts_us bytea, features bytea)
    LANGUAGE sql STABLE PARALLEL SAFE COST 100000
BEGIN ATOMIC
    SELECT (m.made).symbol, (m.made).ts_us, (m.made).features
    FROM (SELECT bourse.matrix_rows(evaluate_matrix.expressions, evaluate_matrix.universe, evaluate_matrix.from_ts, evaluate_matrix.to_ts, evaluate_matrix.freq, evaluate_matrix.options) AS made) AS m;
END;
COMMENT ON FUNCTION bourse.evaluate_matrix(text[], text, timestamptz, timestamptz, text, jsonb) IS
    'as evaluate_panel, for clients that want a matrix: the rows of an instrument together (a long series in pieces of 16 MB), computed while they are fetched. ts_us: int64 microseconds since 1970 UTC; features: float32, row after row; both little-endian';

CREATE FUNCTION bourse.panel_bars(freq text, instrument_ids int[], from_us bigint[], to_us bigint[], dataset_id bigint DEFAULT NULL)
    RETURNS TABLE(instrument_id int, bars bytea)
    AS 'MODULE_PATHNAME', 'bourse_panel_bars' LANGUAGE C STABLE PARALLEL SAFE COST 10000 SET work_mem = '64MB';
COMMENT ON FUNCTION bourse.panel_bars(text, int[], bigint[], bigint[], bigint) IS
    'part of panels: the rows of panel_rows (of a dataset: panel_rows_of) as bytes, up to 1,024 of an instrument together: int64 microseconds since 1970 UTC, then open, high, low, close, volume, amount, adj_factor as float64, little-endian; NaN: NULL';

CREATE FUNCTION bourse.stored_edges(freq text, instrument_ids int[]) RETURNS TABLE(instrument_id int, first_us bigint, last_us bigint)
    AS 'MODULE_PATHNAME', 'bourse_stored_edges' LANGUAGE C STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION bourse.stored_edges(text, int[]) IS 'part of panels: first and last bar of instruments, of those that have any, by key';

CREATE FUNCTION bourse.stored_times(freq text, dataset_id bigint DEFAULT NULL, known_at timestamptz DEFAULT NULL, from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL)
    RETURNS bigint[]
    AS 'MODULE_PATHNAME', 'bourse_stored_times' LANGUAGE C STABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION bourse.stored_times(text, bigint, timestamptz, timestamptz, timestamptz) IS
    'part of panels: times from_ts <= ts < to_ts at which any instrument has a bar (that a dataset may read, that was known at known_at), by one look into the index of times for each; NULL: where only a SELECT will do';

CREATE FUNCTION bourse.stored_versions(freq text, instrument_ids int[], from_us bigint[], to_us bigint[], dataset_id bigint DEFAULT NULL) RETURNS bigint[]
    AS 'MODULE_PATHNAME', 'bourse_stored_versions' LANGUAGE C STABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION bourse.stored_versions(text, int[], bigint[], bigint[], bigint) IS
    'part of panels: loads that wrote the stored bars of each instrument in its span [from, to) (that a dataset may read), ascending; NULL: where only a SELECT will do';

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

CREATE FUNCTION bourse.resample_bars(freq text, from_freq text, symbols text[], from_ts timestamptz, to_ts timestamptz, adjust text, known_at timestamptz)
    RETURNS TABLE(symbol text, ts timestamptz, open float8, high float8, low float8, close float8, volume float8, amount float8, adj_factor float8, available_at timestamptz, bars int)
    AS 'MODULE_PATHNAME', 'bourse_resample_bars' LANGUAGE C STABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION bourse.resample_bars(text, text, text[], timestamptz, timestamptz, text, timestamptz) IS 'part of bourse.resample: closed bars of freq, made of stored ones of from_freq';

CREATE FUNCTION bourse.factor_rows(expressions text[], names text[], freq text, universe text, from_ts timestamptz, to_ts timestamptz, known_at timestamptz, label text,
        horizons int[], quantiles int, joined float8, cap float8, choose int)
    RETURNS TABLE(feature text, coverage float8, days int, ic float8, icir float8, rank_ic float8, rank_icir float8, rank_ic_error float8, t float8, p_value float8, p_adjusted float8,
        decay float8[], autocorrelation float8, turnover float8, quantile_returns float8[], spread float8, spread_error float8, spread_t float8, monotonicity float8,
        cluster int, nearest text, nearest_correlation float8, chosen int, forward int)
    AS 'MODULE_PATHNAME', 'bourse_factor_rows' LANGUAGE C STABLE PARALLEL SAFE COST 1000000;
COMMENT ON FUNCTION bourse.factor_rows(text[], text[], text, text, timestamptz, timestamptz, timestamptz, text, int[], int, float8, float8, int) IS
    'part of bourse.factor_report: its rows, for expressions';
