-- Rules that every object of ours keeps. Each query lists what breaks one: no rows is right.
\pset footer off
\t on
CREATE TEMP VIEW ours AS SELECT oid, nspname FROM pg_namespace WHERE nspname IN ('bourse', 'ta', 'bourse_bi');

\echo -- functions and procedures without a comment
SELECT p.oid::regprocedure FROM pg_proc AS p JOIN ours ON ours.oid = p.pronamespace
WHERE obj_description(p.oid, 'pg_proc') IS NULL ORDER BY 1::text;

\echo -- tables, views, types and sequences without a comment (partitions have their parent''s, identity sequences their column''s)
SELECT c.oid::regclass FROM pg_class AS c JOIN ours ON ours.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'c', 'S', 'f') AND NOT c.relispartition AND obj_description(c.oid, 'pg_class') IS NULL
    AND NOT (c.relkind = 'c' AND obj_description(c.reltype, 'pg_type') IS NOT NULL)
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')
ORDER BY 1::text;
SELECT t.oid::regtype FROM pg_type AS t JOIN ours ON ours.oid = t.typnamespace
WHERE t.typtype IN ('b', 'd', 'e', 'r') AND t.typelem = 0 AND obj_description(t.oid, 'pg_type') IS NULL ORDER BY 1::text;

\echo -- schemas and roles that are not there
SELECT name FROM unnest(ARRAY['bourse', 'ta', 'bourse_bi']) AS name WHERE obj_description(to_regnamespace(name), 'pg_namespace') IS NULL;
SELECT name FROM unnest(ARRAY['reader', 'researcher', 'operator', 'approver', 'worker', 'admin']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bourse_' || name AND NOT rolcanlogin AND NOT rolsuper AND NOT rolbypassrls);

\echo -- functions whose meaning depends on the caller''s search_path (BEGIN ATOMIC bodies are bound, C has no names, procedures may commit)
SELECT p.oid::regprocedure FROM pg_proc AS p JOIN ours ON ours.oid = p.pronamespace JOIN pg_language AS l ON l.oid = p.prolang
WHERE l.lanname NOT IN ('c', 'internal') AND p.prokind IN ('f', 'w') AND p.prosqlbody IS NULL
    AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS s WHERE s LIKE 'search\_path=pg\_catalog, pg\_temp' OR s LIKE 'search\_path=pg\_catalog')
ORDER BY 1::text;

\echo -- SECURITY DEFINER without a reason in the comment or here, without a fixed search_path, or of a procedure
SELECT p.oid::regprocedure FROM pg_proc AS p JOIN ours ON ours.oid = p.pronamespace
WHERE p.prosecdef AND (p.prokind = 'p' OR (obj_description(p.oid, 'pg_proc') NOT LIKE '%SECURITY DEFINER%' AND p.oid::regprocedure::text !~ ALL (ARRAY[
        -- the queue is written through its functions only: they check (job, attempt), owner and state
        '^bourse\.job_(claim|take|take_few|take_done|complete|fail|release|rescue|tick|progress|heartbeat)\(', '^bourse\.worker_(register|sleep|stop)\(',
        '^bourse\.(enqueue_many|pause|resume)\(', '^bourse\.run_job_finished\(']))
    OR (p.prosqlbody IS NULL AND p.prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c')
        AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS s WHERE s LIKE 'search\_path=%')))
ORDER BY 1::text;

\echo -- columns of bourse_bi of our own vector type
SELECT a.attrelid::regclass, a.attname FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN ours ON ours.oid = c.relnamespace
WHERE ours.nspname = 'bourse_bi' AND a.attnum > 0 AND format_type(a.atttypid, a.atttypmod) ~ 'fvec' ORDER BY 1::text, 2;

\echo -- anything but views in bourse_bi
SELECT c.oid::regclass, c.relkind FROM pg_class AS c JOIN ours ON ours.oid = c.relnamespace
WHERE ours.nspname = 'bourse_bi' AND c.relkind NOT IN ('v') ORDER BY 1::text;

\echo -- tables, views and sequences granted to PUBLIC, and views of bourse_bi that readers cannot read
SELECT c.oid::regclass, a.privilege_type FROM pg_class AS c JOIN ours ON ours.oid = c.relnamespace, aclexplode(c.relacl) AS a
WHERE a.grantee = 0 ORDER BY 1::text, 2;
SELECT c.oid::regclass FROM pg_class AS c JOIN ours ON ours.oid = c.relnamespace
WHERE ours.nspname = 'bourse_bi' AND NOT has_table_privilege('bourse_reader', c.oid, 'SELECT') ORDER BY 1::text;

\echo -- views of bourse_bi that fail when a reader reads them
SET ROLE bourse_reader;
DO $$
DECLARE
    view regclass;
BEGIN
    FOR view IN SELECT c.oid FROM pg_class AS c WHERE c.relnamespace = 'bourse_bi'::regnamespace ORDER BY c.relname LOOP
        BEGIN
            EXECUTE format('SELECT * FROM %s LIMIT 1', view);
        EXCEPTION WHEN OTHERS THEN
            RAISE NOTICE '%: %', view, sqlerrm;
        END;
    END LOOP;
END
$$;
RESET ROLE;

\echo -- tables that readers, researchers or approvers may write directly (writes go through functions), bytes of models that anybody may read
SELECT c.oid::regclass, r.rolname, p.privilege FROM pg_class AS c JOIN ours ON ours.oid = c.relnamespace,
    unnest(ARRAY['bourse_reader', 'bourse_researcher', 'bourse_approver']::regrole[]) AS role JOIN pg_roles AS r ON r.oid = role,
    unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p(privilege)
WHERE c.relkind IN ('r', 'p') AND has_table_privilege(r.rolname, c.oid, p.privilege)
    AND (c.oid::regclass::text, p.privilege) NOT IN (('bourse.bar_inbox', 'INSERT'),  -- COPY and INSERT of bars are its purpose
        ('bourse.drift_result', 'INSERT'))  -- bourse.drift keeps what it found, as its caller
ORDER BY 1::text, 2, 3;
SELECT rolname FROM pg_roles WHERE rolname LIKE 'bourse\_%' AND rolname <> 'bourse_admin' AND has_table_privilege(rolname, 'bourse.artifact_chunk', 'SELECT');

\echo -- constraints and indexes that were not named by hand (the name is the error message)
SELECT conrelid::regclass, conname FROM pg_constraint AS c JOIN ours ON ours.oid = c.connamespace
WHERE conrelid <> 0 AND conparentid = 0 AND NOT (SELECT relispartition FROM pg_class WHERE oid = conrelid) AND conname ~ '(_check|[a-z]\d+)$' ORDER BY 1::text, 2;
SELECT c.oid::regclass FROM pg_class AS c JOIN ours ON ours.oid = c.relnamespace
WHERE c.relkind IN ('i', 'I') AND NOT c.relispartition AND c.relname ~ '_idx\d+$' ORDER BY 1::text;

\echo -- constraints that are not enforced, triggers that are off, indexes that are not valid
SELECT conrelid::regclass, conname FROM pg_constraint AS c JOIN ours ON ours.oid = c.connamespace WHERE NOT convalidated;
SELECT tgrelid::regclass, tgname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN ours ON ours.oid = c.relnamespace WHERE tgenabled <> 'O';
SELECT indexrelid::regclass FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN ours ON ours.oid = c.relnamespace WHERE NOT indisvalid;

\echo -- row triggers and foreign keys on the large tables
SELECT tgrelid::regclass, tgname FROM pg_trigger
WHERE tgrelid IN ('bourse.bar'::regclass, 'bourse.feature_value'::regclass, 'bourse.prediction'::regclass) AND NOT tgisinternal AND tgtype & 1 = 1;
SELECT conrelid::regclass, conname FROM pg_constraint
WHERE conrelid IN ('bourse.bar'::regclass, 'bourse.feature_value'::regclass, 'bourse.prediction'::regclass) AND contype = 'f';

\echo -- names that api.md promises and that are not there
SELECT name FROM unnest(ARRAY['bourse.instrument', 'bourse.bar', 'bourse.bar_inbox', 'bourse.bar_field', 'bourse.bar_reject', 'bourse.universe',
    'bourse.calendar', 'bourse.feature_value', 'bourse_bi.bar', 'bourse_bi.run', 'bourse_bi.run_metric', 'bourse_bi.model', 'bourse_bi.model_version',
    'bourse_bi.lineage', 'bourse_bi.prediction', 'bourse_bi.importance', 'bourse_bi.drift', 'bourse_bi.job', 'ta.indicator_catalog']) AS name
WHERE to_regclass(name) IS NULL;
SELECT v.name, v.columns FROM (VALUES
    ('bourse_bi.run', 'run_id,model,algorithm,state,stage,progress_ratio,eta_at,started_at,finished_at,error'),
    ('bourse_bi.run_metric', 'run_id,span,metric,step,value'),
    ('bourse_bi.model', 'model,production_version,staging_version,algorithm,feature_set,created_at,rank_ic'),
    ('bourse_bi.model_version', 'model,version,stage,run_id,algorithm,feature_set,feature_set_version,artifact_sha256,size_bytes,created_at,metrics,params'),
    ('bourse_bi.lineage', 'from_kind,from_id,to_kind,to_id,made_at'),
    ('bourse_bi.prediction', 'model,version,symbol,session,ts,prediction,outcome,made_at'),
    ('bourse_bi.importance', 'model,version,feature,kind,value'),
    ('bourse_bi.job', 'job_id,kind,queue,state,priority,attempt,max_attempts,created_at,run_at,started_at,finished_at,worker,progress_ratio,last_error'))
    AS v (name, columns)
WHERE (SELECT string_agg(a.attname, ',' ORDER BY a.attnum) FROM pg_attribute AS a WHERE a.attrelid = to_regclass(v.name) AND a.attnum > 0)
    NOT LIKE replace(v.columns, '_', '\_') || '%';
