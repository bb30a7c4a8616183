CREATE FUNCTION bourse.bar_rule(symbol text, freq text, ts timestamptz, open float8, high float8, low float8, close float8, volume float8, amount float8,
        adj_factor float8, known_at timestamptz, now_at timestamptz, on_session_grid boolean) RETURNS text
    AS 'MODULE_PATHNAME', 'bourse_bar_rule' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bourse.bar_rule(text, text, timestamptz, float8, float8, float8, float8, float8, float8, float8, timestamptz, timestamptz, boolean)
    IS 'the rule that a row breaks as a bar, NULL when none; on_session_grid decides the grid inside a day where sessions are loaded';
