-- The registry as its users meet it: register, references, stages, predictions, errors.
\ir ../data/registry.sql

-- register: what does not fit is refused, versions count up
SELECT test.register_version('momentum', NULL, 'xgboost', NULL, '{ret,sector}', 'label', :'steps', '{"native": true}');
SELECT test.register_version('momentum', NULL, 'xgboost', NULL, '{sector,ret}', 'label', :'steps');
SELECT test.register_version('momentum', NULL, 'xgboost', NULL, '{ret}', 'label', :'steps');
SELECT test.register_version('momentum', NULL, 'xgboost', NULL, '{ret,sector}', 'label', substr(:'steps'::bytea, 1, 300));
SELECT test.register_version('mo:mentum', NULL, 'xgboost', NULL, '{ret,sector}', 'label', :'steps');
SELECT test.register_version('momentum', NULL, 'xgboost', NULL, NULL, 'label', :'steps');
SELECT count(*) AS models FROM bourse.model;
SELECT test.register_version('momentum', NULL, 'xgboost', NULL, '{ret,sector}', 'label', :'steps', params => '{"max_depth": 2}', metrics => '{"rank_ic": 0.05, "test": {"ic": 0.04}}') > 0 AS registered;
SELECT test.register_version('momentum', NULL, 'xgboost', NULL, '{ret,sector}', 'label', :'steps_b', metrics => '{"rank_ic": 0.06, "note": "text"}') > 0 AS registered;
SELECT test.register_version('sign', NULL, 'xgboost', NULL, '{ret,sector}', 'up', :'binary') > 0 AS registered;
SELECT test.register_version('state', NULL, 'xgboost', NULL, '{ret,sector}', 'state', :'classes') > 0 AS registered;
SELECT model, version, stage, algorithm, size_bytes, params, metrics FROM bourse_bi.model_version ORDER BY model, version;
SELECT a.format, a.size_bytes, c.chunk, sha256(c.content) = a.sha256 AS whole FROM bourse.artifact AS a JOIN bourse.artifact_chunk AS c USING (artifact_id) ORDER BY a.artifact_id;
SELECT bourse.artifact_info(:'classes') -> 'tensors' -> 'tree_output' AS tree_output, bourse.artifact_info(:'classes') ->> 'objective' AS objective;

-- more than one chunk: a linear model (y = 1 + 0.5 + 2 a) with 40 MB of ballast behind it
SELECT h AS header, '\x626f757273652d6d6f64656c01000000'::bytea || decode(lpad(to_hex(length(h)), 2, '0') || '00000004000000', 'hex') || h::bytea
    || (SELECT string_agg(decode(lpad(to_hex(length(n)), 2, '0') || '00', 'hex') || n::bytea || '\x0101'::bytea || '\x0100000000000000'::bytea, '' ORDER BY o)
        FROM unnest('{base_margin,bias,weights}'::text[]) WITH ORDINALITY AS t(n, o))
    || '\x0700'::bytea || 'ballast'::bytea || '\x0501025a620200000000'::bytea AS head
FROM (SELECT jsonb_build_object('features', jsonb_build_array('a'), 'kind', 'xgboost-linear', 'objective', 'reg:squarederror', 'outputs', 1)::text AS h) AS p \gset
SELECT test.register_version('large', NULL, 'xgboost', NULL, '{a}', 'label', :'head'::bytea || decode(repeat('00', (8 - length(:'head'::bytea) % 8) % 8), 'hex')
    || '\x0000003f00000000'::bytea || '\x0000803f00000000'::bytea || '\x0000004000000000'::bytea || repeat('0123456', 5714286)::bytea) > 0 AS registered;
SELECT count(*) AS chunks, min(chunk), max(chunk), sum(length(content)) = max(size_bytes) AS whole
FROM bourse.artifact_chunk JOIN bourse.artifact USING (artifact_id) WHERE size_bytes > 1000000;
SELECT bourse.predict('large:1', '{3}'::float8[]);

-- references
SELECT bourse.predict('momentum:1', '{1,2}'::bourse.fvec) AS version_1, bourse.predict('momentum:2', '{1,2}'::bourse.fvec) AS version_2,
    bourse.predict('momentum@latest', '{1,2}'::bourse.fvec) AS latest, bourse.predict('momentum@development', '{1,2}'::bourse.fvec) AS development;
SELECT bourse.predict('momentum', '{1,2}'::bourse.fvec);
\echo :LAST_ERROR_SQLSTATE
SELECT bourse.predict('momentum@production', '{1,2}'::bourse.fvec);
SELECT bourse.predict('momentun', '{1,2}'::bourse.fvec);
SELECT bourse.predict('quite another', '{1,2}'::bourse.fvec);
SELECT bourse.predict('momentum:3', '{1,2}'::bourse.fvec);
SELECT bourse.predict('momentum:', '{1,2}'::bourse.fvec);
SELECT bourse.predict('momentum:99999999999999999999', '{1,2}'::bourse.fvec);
SELECT bourse.predict('momentum@best', '{1,2}'::bourse.fvec);
SELECT bourse.predict('', '{1,2}'::bourse.fvec);

-- forms of features
SELECT bourse.predict('momentum:1', f::bourse.fvec) AS fvec, bourse.predict('momentum:1', f::float8[]) AS float8
FROM (VALUES ('{0.4,0}'), ('{0.5,0}'), ('{NaN,5}'), ('{1,NaN}'), ('{1,5.9}'), ('{1,-1}'), ('{Infinity,Infinity}'), ('{-Infinity,2}')) AS v(f);
SELECT bourse.predict('momentum:1', '{1,NULL}'::float8[]) AS null_element, bourse.predict('momentum:1', NULL::bourse.fvec) AS null_features,
    bourse.predict(NULL, '{1,2}'::bourse.fvec) AS null_model;
SELECT bourse.predict('momentum:1', '{1,2,3}'::bourse.fvec);
\echo :LAST_ERROR_SQLSTATE
SELECT bourse.predict('momentum:1', '{}'::float8[]);
SELECT bourse.predict('momentum:1', '{{1,2}}'::float8[]);
SELECT bourse.predict('momentum:1', '{1e300,2}'::float8[]);
SELECT bourse.predict('momentum:1', '{1,2}');

-- objectives
SELECT bourse.predict('sign:1', r), bourse.predict_margin('sign:1', r), bourse.predict_proba('sign:1', r)
FROM (VALUES ('{0,0}'::float8[]), ('{1,2}'), ('{1,3}')) AS v(r);
SELECT bourse.predict('state:1', r), bourse.predict_margin('state:1', r), bourse.predict_proba('state:1', r)
FROM (VALUES ('{0,0}'::float8[]), ('{1,2}'), ('{0,4}')) AS v(r);
SELECT bourse.predict_proba('momentum:1', '{1,2}'::bourse.fvec);

-- rows by name: order and extra columns do not matter
SELECT bourse.predict_row('momentum:1', t) FROM (SELECT 'x' AS other, 2::smallint AS sector, 0.7::numeric AS ret) AS t;
SELECT bourse.predict_row('momentum:1', t) FROM (SELECT NULL::int AS sector, true AS ret) AS t;
SELECT bourse.predict_row('momentum:1', t) FROM (SELECT 2 AS sectors, 0.7 AS ret) AS t;
SELECT bourse.predict_row('momentum:1', t) FROM (SELECT 'two' AS sector, 0.7 AS ret) AS t;
-- a category's code is a whole number, as the signature has it
SELECT bourse.predict_row('momentum:1', t) FROM (SELECT 2.0::float8 AS sector, 0.7 AS ret) AS t;
SELECT bourse.predict_row('momentum:1', t) FROM (SELECT true AS sector, 0.7 AS ret) AS t;
SELECT bourse.predict_row('momentum:1', 7);
CREATE TEMP TABLE bars (gone int, ret float8, sector int8);
ALTER TABLE bars DROP COLUMN gone;
INSERT INTO bars VALUES (0.4, 0), (0.5, 0), (0.5, 2);
SELECT bourse.predict_row('momentum:1', bars) FROM bars;

-- many rows
SELECT * FROM bourse.predict_many('momentum:1', 'SELECT CASE WHEN i <> 3 THEN ARRAY[i, i]::float8[]::bourse.fvec END FROM generate_series(1, 5) AS i');
SELECT * FROM bourse.predict_many('momentum:1', 'SELECT ARRAY[1, 2]::real[]');
SELECT count(*), count(prediction), sum(prediction) = (SELECT sum(bourse.predict('momentum:1', ARRAY[i % 3, i % 7]::float8[])) FROM generate_series(1, 20000) AS i) AS same
FROM bourse.predict_many('momentum:1', 'SELECT ARRAY[i % 3, i % 7]::float8[] FROM generate_series(1, 20000) AS i');
SELECT count(*) FROM bourse.predict_many('momentum:1', 'SELECT ARRAY[1, 2]::float8[] WHERE false');
SELECT * FROM bourse.predict_many('momentum:1', 'SELECT 1, 2');
SELECT * FROM bourse.predict_many('momentum:1', 'SELECT ARRAY[1]::float8[]');
SELECT * FROM bourse.predict_many('momentum:1', 'SELEC');
SELECT * FROM bourse.predict_many('momentum:1', 'DELETE FROM bars RETURNING ARRAY[1, 2]::float8[]');
SELECT * FROM bourse.predict_many('momentum:1', 'SELECT 1; SELECT 2');

-- a long one stops when told to
SET statement_timeout = 200;
SELECT count(*) FROM bourse.predict_many('momentum:1', 'SELECT ARRAY[1, 2]::real[]::bourse.fvec FROM generate_series(1, 1000000) AS a, generate_series(1, 1000000) AS b');
RESET statement_timeout;

-- stages
SELECT * FROM bourse.promote('momentum:1', 'production');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM bourse.promote('momentum', 'prodution');
SELECT * FROM bourse.promote('nobody', 'testing');
SELECT version, from_stage, to_stage, reason FROM bourse.promote('momentum:1', 'testing', 'looks good');
SELECT version, from_stage, to_stage FROM bourse.promote('momentum@testing', 'staging');
SELECT version, from_stage, to_stage FROM bourse.promote('momentum', 'production');
SELECT version, from_stage, to_stage FROM bourse.promote('momentum:1', 'staging');
SELECT version, from_stage, to_stage FROM bourse.promote('momentum:1', 'production');
SELECT bourse.predict('momentum', '{1,2}'::bourse.fvec) AS production;
SELECT version, from_stage, to_stage FROM bourse.promote('momentum', 'testing');
SELECT version, from_stage, to_stage FROM bourse.promote('momentum', 'staging');
SELECT version, from_stage, to_stage FROM bourse.promote('momentum', 'production');
SELECT bourse.predict('momentum', '{1,2}'::bourse.fvec) AS production;
SELECT model, production_version, staging_version FROM bourse_bi.model WHERE model = 'momentum';
-- roll back, then the end
SELECT version, from_stage, to_stage FROM bourse.promote('momentum:1', 'staging', 'roll back');
SELECT version, from_stage, to_stage FROM bourse.promote('momentum@staging', 'production', 'roll back');
SELECT bourse.predict('momentum', '{1,2}'::bourse.fvec) AS production;
SELECT version, from_stage, to_stage FROM bourse.promote('momentum:2', 'deprecated');
SELECT version, from_stage, to_stage FROM bourse.promote('momentum:2', 'staging');
SELECT version, from_stage, to_stage, reason FROM bourse_bi.stage_transition WHERE model = 'momentum' ORDER BY made_at, version, to_stage COLLATE "C";
SELECT * FROM bourse.compare('{momentum,momentum:2}');
SELECT * FROM bourse.compare('{momentum,nobody}');

-- one statement sees one version, the next sees the promoted one
BEGIN;
SELECT bourse.predict('momentum', '{1,2}'::bourse.fvec);
SELECT version FROM bourse.promote('momentum:1', 'archived');
SAVEPOINT before;
SELECT bourse.predict('momentum', '{1,2}'::bourse.fvec);
ROLLBACK;
SELECT bourse.predict('momentum', '{1,2}'::bourse.fvec);

-- stored features
INSERT INTO bourse.feature_set (name, version, freq, features, expressions, materialized) VALUES ('pair', 1, '1d', '{ret,sector}', '{$close,$volume}', true) RETURNING feature_set_id \gset
CREATE TABLE bourse.feature_value_pair PARTITION OF bourse.feature_value FOR VALUES IN (:feature_set_id);
INSERT INTO bourse.instrument (symbol, asset_class, calendar) SELECT s, 'stock', 'XNYS' FROM unnest('{AAA,BBB,CCC}'::text[]) AS s;
INSERT INTO bourse.feature_value (feature_set_id, instrument_id, ts, available_at, features)
SELECT :feature_set_id, i.instrument_id, d, d + interval '21 hours', ARRAY[CASE i.symbol WHEN 'AAA' THEN 0 ELSE 1 END, CASE i.symbol WHEN 'BBB' THEN 2 END]::real[]::bourse.fvec
FROM bourse.instrument AS i, generate_series('2024-01-02 00:00+00'::timestamptz, '2024-01-04 00:00+00', '1 day') AS d WHERE i.symbol IN ('AAA', 'BBB', 'CCC');
INSERT INTO bourse.universe (name, instrument_id, span) SELECT 'two', instrument_id, CASE symbol WHEN 'AAA' THEN '[2024-01-01,)'::tstzrange ELSE '[2024-01-03,2024-01-04)' END
FROM bourse.instrument WHERE symbol IN ('AAA', 'BBB');
SELECT test.register_version('stored', NULL, 'xgboost', :feature_set_id, '{ret,sector}', 'label', :'steps') > 0 AS registered;
SELECT * FROM bourse.predict_table('stored@latest', '2024-01-03');
SELECT * FROM bourse.predict_table('stored@latest', universe => 'two');
SELECT * FROM bourse.predict_table('stored@latest', to_ts => '2024-01-03', symbols => '{CCC,AAA}');
SELECT * FROM bourse.predict_table('stored@latest', '2025-01-01');
SELECT * FROM bourse.predict_table('stored@latest', universe => 'tow');
SELECT * FROM bourse.predict_table('stored@latest', symbols => '{AAAB}');
SELECT * FROM bourse.predict_table('momentum');
-- the same rows with the probabilities of each class
SELECT test.register_version('stored_state', NULL, 'xgboost', :feature_set_id, '{ret,sector}', 'label', :'classes') > 0 AS registered;
SELECT symbol, ts::date, available_at, (SELECT array_agg(p::numeric(6,4)) FROM unnest(probabilities) AS p) AS probabilities, model_version
FROM bourse.predict_table_proba('stored_state@latest', '2024-01-03', universe => 'two');
SELECT count(*), bool_and(p.probabilities = bourse.predict_proba('stored_state:1', v.features)) AS same
FROM bourse.predict_table_proba('stored_state@latest') AS p JOIN bourse.instrument AS i USING (symbol) JOIN bourse.feature_value AS v USING (instrument_id, ts);
SELECT * FROM bourse.predict_table_proba('stored@latest');
SELECT * FROM bourse.predict_table_proba('state:1');
SELECT * FROM bourse.top('stored@latest', n => 2);
SELECT * FROM bourse.top('stored@latest', '2024-01-02 20:00+00');
SELECT * FROM bourse.top('stored@latest', '2024-01-03 20:00+00', 1);

-- a set that is not stored is computed; known_at sees what was known then: AAA doubled on the 9th, until that was corrected
SELECT bourse.create_feature_set('fresh', '{"ret": "$close/Ref($close,1)-1", "sector": "$volume"}'::jsonb) > 0 AS made;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume, known_at)
SELECT s, '1d', '2024-01-08'::timestamptz + d * interval '1 day', c, c, c, c, 2, '2024-01-09'::timestamptz + d * interval '1 day'
FROM (VALUES ('AAA', 0, 10), ('AAA', 1, 20), ('AAA', 2, 20), ('BBB', 0, 10), ('BBB', 1, 10), ('BBB', 2, 20)) AS v(s, d, c);
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) VALUES ('AAA', '1d', '2024-01-09', 11, 11, 11, 11, 2);
SELECT test.register_version('computed', NULL, 'xgboost', (SELECT feature_set_id FROM bourse.feature_set WHERE name = 'fresh'), '{ret,sector}', 'label', :'steps') > 0 AS registered;
SELECT symbol, ts::date, prediction, rank FROM bourse.predict_table('computed@latest');
SELECT symbol, ts::date, prediction, rank FROM bourse.predict_table('computed@latest', known_at => '2024-01-20');
SELECT symbol, ts::date, prediction, rank FROM bourse.predict_table('computed@latest', '2024-01-09', known_at => '2024-01-10 01:00+00', symbols => '{AAA}');
SELECT count(*) FROM bourse.predict_table('computed@latest', known_at => '2024-01-01');
SELECT ts::date, value::numeric(6,3) FROM bourse.evaluate('$close', 'AAA', options => '{"known_at": "2024-01-20"}');
DO $$ BEGIN PERFORM bourse.evaluate('$close', 'AAA', options => '{"known_at": "yesteryear"}'); EXCEPTION WHEN invalid_datetime_format THEN RAISE NOTICE '%', SQLERRM; END $$;
-- computed rows are available when their bars close; those of some symbols are those of all, where a feature looks at the others, too
SELECT bool_and(p.available_at = bourse.bar_close(i.instrument_id, '1d', p.ts)) AS at_the_close FROM bourse.predict_table('computed@latest') AS p JOIN bourse.instrument AS i USING (symbol);
SELECT bourse.create_feature_set('ranked', '{"ret": "CSRank($close)-0.3", "sector": "Mean($close,2)/$close"}'::jsonb) > 0 AS made;
SELECT test.register_version('ranked', NULL, 'xgboost', (SELECT feature_set_id FROM bourse.feature_set WHERE name = 'ranked'), '{ret,sector}', 'label', :'steps') > 0 AS registered;
SELECT symbol, ts::date, prediction FROM bourse.predict_table('ranked@latest');
SELECT symbol, ts::date, prediction, rank FROM bourse.predict_table('ranked@latest', symbols => '{BBB}');
SELECT count(*) FROM bourse.predict_table('ranked@latest', symbols => '{}');
SELECT * FROM bourse.top('computed@latest', n => 1);
SELECT * FROM bourse.top('computed@latest', '2024-01-10 01:00+00', 1);

-- bytes that are not what was registered
UPDATE bourse.artifact_chunk SET content = set_byte(content, 500, get_byte(content, 500) # 1)
WHERE artifact_id = (SELECT artifact_id FROM bourse.model_version JOIN bourse.model USING (model_id) WHERE name = 'sign');
DELETE FROM bourse.artifact_chunk WHERE artifact_id = (SELECT artifact_id FROM bourse.model_version JOIN bourse.model USING (model_id) WHERE name = 'state');
\c -
SELECT bourse.predict('sign:1', '{1,2}'::bourse.fvec);
\echo :LAST_ERROR_SQLSTATE
SELECT bourse.predict('state:1', '{1,2}'::bourse.fvec);
\echo :LAST_ERROR_SQLSTATE

-- a cache too small for any model: predictions are the same
SET bourse.model_cache_mb = 0;
SELECT bourse.predict('momentum', '{1,2}'::bourse.fvec), bourse.predict('momentum:2', '{1,2}'::bourse.fvec);
SET bourse.model_cache_mb = -1;

-- who may what
CREATE ROLE registry_reader; GRANT bourse_reader TO registry_reader;
CREATE ROLE registry_operator; GRANT bourse_operator TO registry_operator;
CREATE ROLE registry_stranger;
SET ROLE registry_reader;
SELECT bourse.predict('momentum', '{1,2}'::bourse.fvec);
SELECT count(*) FROM bourse.predict_table('stored@latest');
SELECT bourse.promote('momentum', 'archived');
SELECT bourse.register_version('mine', NULL, 'xgboost', NULL, '{a}', 'l', '\x00');
SELECT count(*) FROM bourse.artifact_chunk;
SET ROLE registry_operator;
SELECT version, to_stage, made_by = session_user AS made_by_login FROM bourse.promote('momentum:1', 'archived');
SELECT bourse.move_stage(1, 'production', NULL);
SET ROLE registry_stranger;
SELECT bourse.predict('momentum:1', '{1,2}'::bourse.fvec);
RESET ROLE;
DROP ROLE registry_reader, registry_operator, registry_stranger;
