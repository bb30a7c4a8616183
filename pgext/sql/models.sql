-- Prediction inside the database. References are resolved by bourse.resolve_model (sql/registry) with the caller's rights.

CREATE FUNCTION bourse.predict(model text, features bourse.fvec) RETURNS float8
    AS 'MODULE_PATHNAME', 'bourse_predict_fvec' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION bourse.predict(text, bourse.fvec) IS 'what the objective defines: value, probability of class 1, or number of the class';
CREATE FUNCTION bourse.predict(model text, features float8[]) RETURNS float8
    AS 'MODULE_PATHNAME', 'bourse_predict_float8' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION bourse.predict(text, float8[]) IS 'what the objective defines: value, probability of class 1, or number of the class; NULL and NaN are missing';

CREATE FUNCTION bourse.predict_margin(model text, features bourse.fvec) RETURNS float8[]
    AS 'MODULE_PATHNAME', 'bourse_predict_margin_fvec' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION bourse.predict_margin(text, bourse.fvec) IS 'raw margins, one per output, equal to the training library bit for bit';
CREATE FUNCTION bourse.predict_margin(model text, features float8[]) RETURNS float8[]
    AS 'MODULE_PATHNAME', 'bourse_predict_margin_float8' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION bourse.predict_margin(text, float8[]) IS 'raw margins, one per output, equal to the training library bit for bit; NULL and NaN are missing';

CREATE FUNCTION bourse.predict_proba(model text, features bourse.fvec) RETURNS float8[]
    AS 'MODULE_PATHNAME', 'bourse_predict_proba_fvec' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION bourse.predict_proba(text, bourse.fvec) IS 'probabilities per class, class 0 first; only for models that classify';
CREATE FUNCTION bourse.predict_proba(model text, features float8[]) RETURNS float8[]
    AS 'MODULE_PATHNAME', 'bourse_predict_proba_float8' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION bourse.predict_proba(text, float8[]) IS 'probabilities per class, class 0 first; only for models that classify; NULL and NaN are missing';

CREATE FUNCTION bourse.predict_row(model text, "row" anyelement) RETURNS float8
    AS 'MODULE_PATHNAME', 'bourse_predict_row' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION bourse.predict_row(text, anyelement) IS 'predicts with a row whose columns are named like the model''s features; others are ignored';

CREATE FUNCTION bourse.predict_many(model text, query text, OUT row_number bigint, OUT prediction float8) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'bourse_predict_many' LANGUAGE C STABLE STRICT COST 100000;
COMMENT ON FUNCTION bourse.predict_many(text, text) IS 'predicts every row of a query that gives one column of bourse.fvec or float8[], in blocks; read-only';

CREATE FUNCTION bourse.predict_feature_rows(model text, from_ts timestamptz, to_ts timestamptz, universe text, symbols text[], known_at timestamptz,
    OUT symbol text, OUT ts timestamptz, OUT available_at timestamptz, OUT prediction float8, OUT rank int, OUT model_version int) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'bourse_predict_feature_rows' LANGUAGE C STABLE PARALLEL SAFE COST 100000
    SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION bourse.predict_feature_rows(text, timestamptz, timestamptz, text, text[], timestamptz) IS 'what bourse.predict_table returns: stored features of the model''s set, or computed ones where it is not stored or known_at is given, evaluated in blocks; NULL does not restrict';

CREATE FUNCTION bourse.predict_proba_feature_rows(model text, from_ts timestamptz, to_ts timestamptz, universe text, symbols text[], known_at timestamptz,
    OUT symbol text, OUT ts timestamptz, OUT available_at timestamptz, OUT probabilities float8[], OUT model_version int) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'bourse_predict_proba_feature_rows' LANGUAGE C STABLE PARALLEL SAFE COST 100000
    SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION bourse.predict_proba_feature_rows(text, timestamptz, timestamptz, text, text[], timestamptz) IS 'what bourse.predict_table_proba returns, of the same rows as bourse.predict_feature_rows';

CREATE FUNCTION bourse.artifact_info(artifact bytea) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'bourse_artifact_info' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.artifact_info(bytea) IS 'header and tensors of a model artifact, after every check that predict makes; MB011 when it is damaged';

CREATE FUNCTION bourse.model_format(content bytea) RETURNS text
    AS 'MODULE_PATHNAME', 'bourse_model_format' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.model_format(bytea) IS 'format of a model file by its first bytes: xgboost-json, xgboost-ubj, lightgbm, bourse-model; MB011 with a remedy for anything else';

CREATE FUNCTION bourse.read_model_file(model text, format text) RETURNS bytea
    AS 'MODULE_PATHNAME', 'bourse_read_model_file' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION bourse.read_model_file(text, text) IS 'what bourse.export_model returns; for bourse_researcher';
