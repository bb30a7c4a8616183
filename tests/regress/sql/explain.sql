-- Explanations as their users meet them. Their values are compared with libraries elsewhere (models.Contributions, worker.import_model).
\ir ../data/registry.sql
SELECT test.register_version('steps', NULL, 'xgboost', NULL, '{ret,sector}', 'label', :'steps') > 0 AS registered;
SELECT test.register_version('state', NULL, 'xgboost', NULL, '{ret,sector}', 'label', :'classes') > 0 AS registered;
SELECT test.register_version('sign', NULL, 'xgboost', NULL, '{ret,sector}', 'label', :'binary') > 0 AS registered;

-- the largest first; a missing value is NULL
SELECT feature, value, contribution::numeric(8,4) FROM bourse.explain('steps:1', '{1,2}'::bourse.fvec);
SELECT feature, value, contribution::numeric(8,4) FROM bourse.explain('steps:1', '{1,NULL}'::float8[]);
SELECT feature FROM bourse.explain('steps:1', '{1,2}'::bourse.fvec, top => 1);
SELECT count(*) FROM bourse.explain('steps:1', '{1,2}'::bourse.fvec, top => NULL);
SELECT count(*) FROM bourse.explain('steps:1', '{1,2}'::bourse.fvec, top => 0);
SELECT count(*) FROM bourse.explain('steps:1', NULL::bourse.fvec);
SELECT * FROM bourse.explain('steps:1', '{1,2}'::bourse.fvec, top => -1);
SELECT * FROM bourse.explain('steps:1', '{1,2,3}'::bourse.fvec);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM bourse.explain('steps', '{1,2}'::bourse.fvec);

-- parts and base value sum to the margin, per output
SELECT r, abs((SELECT sum(s) FROM unnest(bourse.shap('steps:1', r)) AS s) - (bourse.predict_margin('steps:1', r))[1]) < 1e-6 AS adds_up
FROM (VALUES ('{0,0}'::float8[]), ('{1,2}'), ('{NaN,3}'), ('{Infinity,-1}')) AS v(r);
SELECT cardinality(bourse.shap('state:1', '{1,2}'::bourse.fvec)) AS parts, cardinality(bourse.predict_margin('state:1', '{1,2}'::bourse.fvec)) AS outputs;
SELECT bool_and(abs((SELECT sum(s) FROM unnest((bourse.shap('state:1', '{1,2}'::float8[]))[k * 3 + 1:k * 3 + 3]) AS s) - (bourse.predict_margin('state:1', '{1,2}'::float8[]))[k + 1]) < 1e-6) AS adds_up
FROM generate_series(0, 2) AS k;
-- many rows at once, from tables: near those of one row, rows of NULL in their places
SELECT count(*) AS rows, count(contributions) AS explained, bool_and(NOT EXISTS (
    SELECT FROM unnest(contributions, bourse.shap('state:1', f)) AS u(many, one) WHERE abs(many - one) > 1e-6 OR many IS NULL OR one IS NULL)) AS near
FROM (SELECT n, CASE WHEN n % 7 > 0 THEN ARRAY[CASE WHEN n % 5 > 0 THEN n % 3 - 1 END, n % 4]::float8[] END AS f FROM generate_series(1, 1200) AS n) AS r
JOIN bourse.shap_many('state:1', 'SELECT CASE WHEN n % 7 > 0 THEN ARRAY[CASE WHEN n % 5 > 0 THEN n % 3 - 1 END, n % 4]::float8[] END FROM generate_series(1, 1200) AS n') AS m ON m.row_number = r.n;
SELECT count(*) FROM bourse.shap_many('state:1', 'SELECT NULL::bourse.fvec WHERE false');
SELECT * FROM bourse.shap_many('state:1', 'SELECT 1');
-- several outputs: the one with the highest margin, or the one asked for
SELECT bourse.predict('state:1', '{1,2}'::float8[]) AS class,
    (SELECT array_agg(e ORDER BY feature) FROM bourse.explain('state:1', '{1,2}'::float8[]) AS e) =
    (SELECT array_agg(e ORDER BY feature) FROM bourse.explain('state:1', '{1,2}'::float8[], output => bourse.predict('state:1', '{1,2}'::float8[])::int) AS e) AS same;
SELECT * FROM bourse.explain('state:1', '{1,2}'::float8[], output => 3);

-- interactions: over feature_b they sum to the parts
SELECT feature_a, feature_b, contribution::numeric(8,4) FROM bourse.shap_interactions('steps:1', '{1,2}'::bourse.fvec);
SELECT bool_and(abs(i.total - e.contribution) < 1e-9) AS sums_to_shap
FROM (SELECT feature_a, sum(contribution) AS total FROM bourse.shap_interactions('steps:1', '{1,2}'::float8[]) GROUP BY feature_a) AS i
JOIN bourse.explain('steps:1', '{1,2}'::float8[]) AS e ON e.feature = i.feature_a;

-- long ones stop when told to
SET statement_timeout = 200;
SELECT sum((bourse.shap('steps:1', ARRAY[1, i]::float8[]))[1]) FROM generate_series(1, 1000000000) AS i;
SELECT count(*) FROM generate_series(1, 1000000000) AS i, LATERAL bourse.explain('steps:1', ARRAY[1, i]::float8[]) AS e;
SELECT count(*) FROM generate_series(1, 1000000000) AS i, LATERAL bourse.shap_interactions('steps:1', ARRAY[1, i]::float8[]) AS e;
SELECT bourse.shap_interventional('steps:1', '{1,2}'::bourse.fvec, 'SELECT NULL::bourse.fvec FROM generate_series(1, 1000000) AS a, generate_series(1, 1000000) AS b');
RESET statement_timeout;

-- against a background
CREATE TABLE background AS SELECT ARRAY[i / 4.0, i]::real[]::bourse.fvec AS features FROM generate_series(0, 7) AS i;
SELECT abs((bourse.shap_interventional('steps:1', '{1,2}'::bourse.fvec, 'SELECT features FROM background'))[3] - (SELECT avg((bourse.predict_margin('steps:1', features))[1]) FROM background)) < 1e-6 AS base_is_mean;
SELECT feature, contribution::numeric(8,4) FROM bourse.explain('steps:1', '{1,2}'::bourse.fvec, background => 'SELECT features FROM background');
SELECT bourse.shap_interventional('steps:1', '{1,2}'::bourse.fvec, 'SELECT features FROM background WHERE false');
SELECT bourse.shap_interventional('steps:1', '{1,2}'::bourse.fvec, 'SELECT 1');
SELECT bourse.shap_interventional('steps:1', '{1,2}'::bourse.fvec, 'SELECT ''{1,2}''::bourse.fvec FROM generate_series(1, 20000)');

-- by indicator: what the expression calls, else the name without its number
SELECT name, expression, bourse.indicator_of(name, expression) FROM (VALUES ('a', 'rsi($close, 14)'), ('momentum_10', 'Ref($close,10)'), ('momentum_20', NULL), ('ROC5', '$close/$open'), ('42', NULL)) AS v(name, expression);
SELECT indicator, feature_count, contribution::numeric(8,4) FROM bourse.explain_indicators('steps:1', '{1,2}'::bourse.fvec);
SELECT indicator, feature_count FROM bourse.explain_indicators('steps:1', '{1,2}'::float8[], top => 1);

-- two features of one indicator are one row: their sum, and with the base value the margin
SELECT bourse.create_feature_set('twice_rsi', '{"ret": "RSI($close,14)/100", "sector": "RSI($close,28)"}'::jsonb) > 0 AS made;
SELECT test.register_version('of_set', NULL, 'xgboost', (SELECT feature_set_id FROM bourse.feature_set WHERE name = 'twice_rsi'), '{ret,sector}', 'label', :'steps') > 0 AS registered;
SELECT i.indicator, i.feature_count, abs(i.contribution - e.total) < 1e-9 AS is_their_sum, abs(i.contribution + (bourse.shap('of_set:1', '{1,2}'::float8[]))[3] - (bourse.predict_margin('of_set:1', '{1,2}'::float8[]))[1]) < 1e-6 AS adds_up
FROM bourse.explain_indicators('of_set:1', '{1,2}'::float8[]) AS i, (SELECT sum(contribution) AS total FROM bourse.explain('of_set:1', '{1,2}'::float8[], top => NULL)) AS e;
SELECT indicator, feature_count, contribution::numeric(8,4) FROM bourse.explain_indicators('of_set:1', '{1,2}'::bourse.fvec, background => 'SELECT features FROM background');

-- a loaded explainer serves predictions too, and the other way round; nothing is kept where nothing may be
SET bourse.model_cache_mb = 0;
SELECT bourse.predict('sign:1', '{1,2}'::bourse.fvec) = bourse.predict('sign:1', '{1,2}'::float8[]) AS same, cardinality(bourse.shap('sign:1', '{1,2}'::bourse.fvec));
