-- Explanations: exact SHAP values (docs/reference/models.md).

CREATE FUNCTION bourse.shap(model text, features bourse.fvec) RETURNS float8[]
    AS 'MODULE_PATHNAME', 'bourse_shap_fvec' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION bourse.shap(text, bourse.fvec) IS 'per output the features'' parts of the margin, then the base value: exact path-dependent SHAP; of linear models weight times value';
CREATE FUNCTION bourse.shap_interventional(model text, features bourse.fvec, background text) RETURNS float8[]
    AS 'MODULE_PATHNAME', 'bourse_shap_against_fvec' LANGUAGE C STABLE STRICT COST 100000;
COMMENT ON FUNCTION bourse.shap_interventional(text, bourse.fvec, text) IS 'as bourse.shap, against a background: a query that gives one column of features (at most 10,000 rows); the base value is its mean margin';
CREATE FUNCTION bourse.explain(model text, features bourse.fvec, top int DEFAULT 10, output int DEFAULT NULL, background text DEFAULT NULL,
    OUT feature text, OUT value float8, OUT contribution float8) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'bourse_explain_fvec' LANGUAGE C STABLE COST 10000 ROWS 10;
COMMENT ON FUNCTION bourse.explain(text, bourse.fvec, int, int, text) IS 'the features that moved the margin most, largest first (top NULL: all); output: which one of several, from 0, NULL that with the highest margin; background: as bourse.shap_interventional';
CREATE FUNCTION bourse.shap_interactions(model text, features bourse.fvec, output int DEFAULT NULL,
    OUT feature_a text, OUT feature_b text, OUT contribution float8) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'bourse_shap_interactions_fvec' LANGUAGE C STABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION bourse.shap_interactions(text, bourse.fvec, int) IS 'SHAP interaction values that are not zero: each pair in both orders with half its effect, a feature with itself has the rest; over feature_b they sum to bourse.shap';

CREATE FUNCTION bourse.shap(model text, features float8[]) RETURNS float8[]
    AS 'MODULE_PATHNAME', 'bourse_shap_float8' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION bourse.shap(text, float8[]) IS 'per output the features'' parts of the margin, then the base value: exact path-dependent SHAP; of linear models weight times value';
CREATE FUNCTION bourse.shap_interventional(model text, features float8[], background text) RETURNS float8[]
    AS 'MODULE_PATHNAME', 'bourse_shap_against_float8' LANGUAGE C STABLE STRICT COST 100000;
COMMENT ON FUNCTION bourse.shap_interventional(text, float8[], text) IS 'as bourse.shap, against a background: a query that gives one column of features (at most 10,000 rows); the base value is its mean margin';
CREATE FUNCTION bourse.explain(model text, features float8[], top int DEFAULT 10, output int DEFAULT NULL, background text DEFAULT NULL,
    OUT feature text, OUT value float8, OUT contribution float8) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'bourse_explain_float8' LANGUAGE C STABLE COST 10000 ROWS 10;
COMMENT ON FUNCTION bourse.explain(text, float8[], int, int, text) IS 'the features that moved the margin most, largest first (top NULL: all); output: which one of several, from 0, NULL that with the highest margin; background: as bourse.shap_interventional';
CREATE FUNCTION bourse.shap_interactions(model text, features float8[], output int DEFAULT NULL,
    OUT feature_a text, OUT feature_b text, OUT contribution float8) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'bourse_shap_interactions_float8' LANGUAGE C STABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION bourse.shap_interactions(text, float8[], int) IS 'SHAP interaction values that are not zero: each pair in both orders with half its effect, a feature with itself has the rest; over feature_b they sum to bourse.shap';

CREATE FUNCTION bourse.shap_many(model text, query text, OUT row_number bigint, OUT contributions float8[]) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'bourse_shap_many' LANGUAGE C STABLE STRICT COST 100000;
COMMENT ON FUNCTION bourse.shap_many(text, text) IS 'bourse.shap of every row of a query that gives one column of bourse.fvec or float8[], in blocks; trees of at most six levels from float32 tables, within 1e-6 of bourse.shap; read-only';
