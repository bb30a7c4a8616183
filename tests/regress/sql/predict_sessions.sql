-- Predictions by every way that SQL has of calling a function: which version, and under which rights, each of them sees.
\ir ../data/registry.sql
SELECT test.register_version('m', NULL, 'xgboost', NULL, '{ret,sector}', 'label', :'steps') > 0 AS registered;
SELECT test.register_version('m', NULL, 'xgboost', NULL, '{ret,sector}', 'label', :'steps_b') > 0 AS registered;
SELECT to_stage FROM unnest('{testing,staging,production}'::text[]) AS s, LATERAL bourse.promote('m:1', s);
SELECT to_stage FROM unnest('{testing,staging}'::text[]) AS s, LATERAL bourse.promote('m:2', s);
SELECT bourse.predict('m:1', '{1,2}'::bourse.fvec) AS first, bourse.predict('m:2', '{1,2}'::bourse.fvec) AS second;

-- a prepared statement, with a custom and with a generic plan, sees each promotion
PREPARE asked(bourse.fvec) AS SELECT bourse.predict('m', $1);
EXECUTE asked('{1,2}');
SET plan_cache_mode = force_generic_plan;
EXECUTE asked('{1,2}');
SELECT to_stage FROM bourse.promote('m:2', 'production');
EXECUTE asked('{1,2}');
SELECT to_stage FROM unnest('{staging,production}'::text[]) AS s, LATERAL bourse.promote('m:1', s);
EXECUTE asked('{1,2}');
RESET plan_cache_mode;
-- the reference may be a parameter
PREPARE of_model(text) AS SELECT bourse.predict($1, '{1,2}'::bourse.fvec);
EXECUTE of_model('m:1');
EXECUTE of_model('m:2');
EXECUTE of_model('m:9');
-- and a column: each row has its own
SELECT reference, bourse.predict(reference, '{1,2}'::bourse.fvec) FROM unnest('{m:1,m:2,m:1}'::text[]) AS reference;

-- a cursor keeps what it saw when it was opened, whatever is promoted meanwhile
BEGIN;
DECLARE slow CURSOR FOR SELECT bourse.predict('m', ARRAY[1, 2 + 0 * i]::float8[]) FROM generate_series(1, 4) AS i;
FETCH 1 FROM slow;
SELECT to_stage FROM unnest('{staging,production}'::text[]) AS s, LATERAL bourse.promote('m:2', s);
FETCH 1 FROM slow;
SELECT bourse.predict('m', '{1,2}'::bourse.fvec) AS a_new_statement;
FETCH 1 FROM slow;
ROLLBACK;
BEGIN;
DECLARE held CURSOR WITH HOLD FOR SELECT bourse.predict('m', ARRAY[1, 2]::float8[]) FROM generate_series(1, 2);
COMMIT;
SELECT to_stage FROM unnest('{staging,production}'::text[]) AS s, LATERAL bourse.promote('m:2', s);
FETCH ALL FROM held;
CLOSE held;
SELECT to_stage FROM unnest('{staging,production}'::text[]) AS s, LATERAL bourse.promote('m:1', s);

-- subtransactions: what is rolled back was never promoted
BEGIN;
SAVEPOINT before;
SELECT to_stage FROM unnest('{staging,production}'::text[]) AS s, LATERAL bourse.promote('m:2', s);
SELECT bourse.predict('m', '{1,2}'::bourse.fvec);
ROLLBACK TO before;
SELECT bourse.predict('m', '{1,2}'::bourse.fvec);
SELECT bourse.predict('m', '{1}'::bourse.fvec);
ROLLBACK TO before;
SELECT bourse.predict('m', '{1,2}'::bourse.fvec);
COMMIT;
-- in a loop of PL/pgSQL, an exception in every other round
DO $$
DECLARE seen text := '';
BEGIN
    FOR i IN 1..6 LOOP
        BEGIN
            IF i = 3 THEN PERFORM bourse.promote('m:2', s) FROM unnest('{staging,production}'::text[]) AS s; END IF;
            seen := seen || ' ' || bourse.predict('m', CASE WHEN i % 2 = 0 THEN '{1}' ELSE '{1,2}' END::bourse.fvec);
        EXCEPTION WHEN SQLSTATE 'MB020' THEN seen := seen || ' refused';
        END;
    END LOOP;
    RAISE NOTICE 'seen:%', seen;
END $$;
-- what was promoted and taken back before the next round is not remembered by the call site
DO $$
DECLARE seen text := '';
BEGIN
    FOR i IN 1..4 LOOP
        BEGIN
            IF i % 2 = 1 THEN PERFORM bourse.promote('m:1', s) FROM unnest('{staging,production}'::text[]) AS s; END IF;
            seen := seen || ' ' || bourse.predict('m', '{1,2}'::bourse.fvec);
            IF i % 2 = 1 THEN RAISE SQLSTATE 'P0009'; END IF;
        EXCEPTION WHEN SQLSTATE 'P0009' THEN NULL;
        END;
    END LOOP;
    RAISE NOTICE 'seen:%', seen;
END $$;
-- statement by statement, among promotions of one's own and those that are rolled back
SELECT bourse.predict('m', '{1,2}'::bourse.fvec);
SELECT to_stage FROM unnest('{staging,production}'::text[]) AS s, LATERAL bourse.promote('m:1', s);
SELECT bourse.predict('m', '{1,2}'::bourse.fvec);
BEGIN;
SELECT to_stage FROM unnest('{staging,production}'::text[]) AS s, LATERAL bourse.promote('m:2', s);
SELECT bourse.predict('m', '{1,2}'::bourse.fvec);
ROLLBACK;
SELECT bourse.predict('m', '{1,2}'::bourse.fvec);
SELECT to_stage FROM unnest('{staging,production}'::text[]) AS s, LATERAL bourse.promote('m:2', s);
SELECT bourse.predict('m', '{1,2}'::bourse.fvec);
-- in views, under CASE, in a function of one's own
CREATE VIEW predicted AS SELECT i, CASE WHEN i > 1 THEN bourse.predict('m', ARRAY[1, 2]::float8[]) END AS p FROM generate_series(1, 3) AS i;
SELECT * FROM predicted;
CREATE FUNCTION answer(reference text) RETURNS float8 LANGUAGE sql STABLE RETURN bourse.predict(reference, '{1,2}'::bourse.fvec);
SELECT answer('m:1'), answer('m:2');

-- parallel workers: the same answers
CREATE TABLE asked AS SELECT i, ARRAY[i % 5 / 4.0, i % 7]::real[]::bourse.fvec AS features FROM generate_series(1, 5000) AS i;
ANALYZE asked;
SELECT sum(bourse.predict('m', features)) AS alone FROM asked \gset
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
EXPLAIN (COSTS OFF) SELECT sum(bourse.predict('m', features)) FROM asked;
SELECT sum(bourse.predict('m', features)) = :alone AS same FROM asked;
SET force_parallel_mode = on;
SELECT bourse.predict('m', '{1,2}'::bourse.fvec), bourse.predict_margin('m', '{1,2}'::float8[]);
BEGIN;
SELECT to_stage FROM unnest('{staging,production}'::text[]) AS s, LATERAL bourse.promote('m:1', s);
SELECT sum(bourse.predict('m', features)) = :alone AS same FROM asked;  -- workers see what this transaction has done
ROLLBACK;
RESET force_parallel_mode;
SELECT bourse.predict_row('m', a) = bourse.predict('m', ARRAY[a.ret, a.sector]) AS same FROM (SELECT 1.0::float8 AS ret, 2 AS sector) AS a;
-- compiled expressions (where the server has LLVM)
SET jit = on; SET jit_above_cost = 0; SET jit_inline_above_cost = 0; SET jit_optimize_above_cost = 0;
SELECT sum(bourse.predict('m', features)) = :alone AS same FROM asked;
RESET ALL;

-- rights are looked at again: a plan made by one role does not serve another
CREATE ROLE predict_stranger;
EXECUTE asked('{1,2}');
SET ROLE predict_stranger;
EXECUTE asked('{1,2}');
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;
EXECUTE asked('{1,2}');
DROP ROLE predict_stranger;
-- reference and rights are looked up once by a call site under a snapshot, the bytes read once in a session: calls and scans of a transaction
CREATE VIEW looked AS SELECT (SELECT calls FROM pg_stat_xact_user_functions WHERE funcname = 'resolve_model') AS times, (SELECT idx_scan FROM pg_stat_xact_all_tables WHERE relname = 'artifact_chunk') AS read;
\c -
SET track_functions = 'all'; SET max_parallel_workers_per_gather = 0;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(bourse.predict('m', features)) FROM asked;
SELECT * FROM looked;
SELECT count(bourse.predict('m', features)), count(bourse.predict_margin('m', features)) FROM asked;
SELECT * FROM looked;
COMMIT;
-- a serializable transaction looks at every call site
\c -
SET track_functions = 'all'; SET max_parallel_workers_per_gather = 0;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT count(bourse.predict('m', features)), count(bourse.predict_margin('m', features)) FROM asked;
SELECT * FROM looked;
COMMIT;
-- nothing is kept: every call site reads for itself, also when something was kept before
\c -
SET track_functions = 'all'; SET max_parallel_workers_per_gather = 0;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT count(bourse.predict('m', features)), count(bourse.predict_margin('m', features)) FROM asked;
SELECT * FROM looked;
SET LOCAL bourse.model_cache_mb = 0;
SELECT count(bourse.predict('m', features)), count(bourse.predict_margin('m', features)) FROM asked;
SELECT * FROM looked;
COMMIT;
-- a read-only transaction predicts
BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE READ ONLY;
SELECT bourse.predict('m', '{1,2}'::bourse.fvec), count(*) FROM bourse.predict_many('m', 'SELECT ''{1,2}''::bourse.fvec');
COMMIT;
