CREATE FUNCTION bourse.read_fold_plan(split jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'bourse_read_fold_plan' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.read_fold_plan(jsonb) IS 'checked split of a dataset, defaults filled in; MB030 for an unknown key';

CREATE FUNCTION bourse.plan_folds(split jsonb, times timestamptz[], horizon_bars int)
    RETURNS TABLE(fold int, part text, from_ts timestamptz, to_ts timestamptz, timestamps int)
    AS 'MODULE_PATHNAME', 'bourse_plan_folds' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.plan_folds(jsonb, timestamptz[], int) IS
    'cuts distinct ascending times into folds of train, valid and test; 22023 with the dates where label windows of horizon_bars would meet a later part';

CREATE FUNCTION bourse.read_processors(processors jsonb, features text[]) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'bourse_read_processors' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.read_processors(jsonb, text[]) IS 'checked processors of a dataset as {"infer", "learn"}, arguments filled in; MB030 for an unknown one, MB020 for a column that is no feature';

CREATE FUNCTION bourse.dataset_rows_of(definition jsonb, fold int, part text, processed boolean)
    RETURNS TABLE(symbol text, ts timestamptz, part text, label_end timestamptz, features bourse.fvec, label float8, outcome float8)
    AS 'MODULE_PATHNAME', 'bourse_dataset_rows' LANGUAGE C STABLE COST 100000;
COMMENT ON FUNCTION bourse.dataset_rows_of(jsonb, int, text, boolean) IS 'part of bourse.dataset_rows';

CREATE FUNCTION bourse.dataset_fit_of(definition jsonb, fold int) RETURNS TABLE(step int, processor text, feature text, parameter text, value float8)
    AS 'MODULE_PATHNAME', 'bourse_dataset_fit' LANGUAGE C STABLE COST 100000;
COMMENT ON FUNCTION bourse.dataset_fit_of(jsonb, int) IS 'part of bourse.dataset_fit';

CREATE FUNCTION bourse.dataset_scan_of(definition jsonb) RETURNS TABLE(fold int, part text, rows bigint, purged_rows bigint, sha256 text)
    AS 'MODULE_PATHNAME', 'bourse_dataset_scan' LANGUAGE C STABLE COST 100000;
COMMENT ON FUNCTION bourse.dataset_scan_of(jsonb) IS 'part of bourse.check_dataset: counts and hashes; part all: the whole fold; fold NULL: the whole dataset';

CREATE FUNCTION bourse.asof_join_support(internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'bourse_asof_join_support' LANGUAGE C STRICT;
COMMENT ON FUNCTION bourse.asof_join_support(internal) IS 'what the planner asks about bourse.asof_join: its rows are the spine''s';

CREATE FUNCTION bourse.asof_join(spine anyelement, feature_set text, symbol_column name DEFAULT 'symbol', ts_column name DEFAULT 'ts',
    known_at timestamptz DEFAULT NULL, tolerance interval DEFAULT NULL)
    RETURNS TABLE(spine anyelement, feature_ts timestamptz, available_at timestamptz, features bourse.fvec)
    AS 'MODULE_PATHNAME', 'bourse_asof_join' LANGUAGE C STABLE COST 1000000 ROWS 100000 SUPPORT bourse.asof_join_support;
COMMENT ON FUNCTION bourse.asof_join(anyelement, text, name, name, timestamptz, interval) IS
    'every row of a table or view, asof_join(NULL::my_table, ''alpha158''), with the newest feature row of its symbol whose available_at is not after its time; NULLs where there is none within the tolerance; known_at: from what was known then';
