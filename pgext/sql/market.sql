CREATE FUNCTION bourse.bar_rule(symbol text, freq text, ts timestamptz, open float8, high float8, low float8, close float8, volume float8, amount float8,
        adj_factor float8, known_at timestamptz, now_at timestamptz, on_session_grid boolean) RETURNS text
    AS 'MODULE_PATHNAME', 'bourse_bar_rule' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bourse.bar_rule(text, text, timestamptz, float8, float8, float8, float8, float8, float8, float8, timestamptz, timestamptz, boolean)
    IS 'the rule that a row breaks as a bar, NULL when none; on_session_grid decides the grid inside a day where sessions are loaded';

CREATE FUNCTION bourse.to_symbol(code text, style text DEFAULT 'suffix') RETURNS text
    AS 'MODULE_PATHNAME', 'bourse_to_symbol' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.to_symbol(text, text)
    IS 'a code of Shanghai, Shenzhen or Beijing, however written, in a style: qlib SH600000, lower sh600000, suffix 600000.SH, yahoo 600000.SS, mic 600000.XSHG, prefix sh.600000, bare 600000; others come back as they are';
