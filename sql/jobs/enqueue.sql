-- Making jobs, in the caller's transaction.

CREATE OR REPLACE FUNCTION bourse.job_check_policy(kind text, queue text, run_at timestamptz, unique_key text, unique_while text,
    unique_period interval, max_attempts int, timeout interval, resources jsonb, owner text) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known_resources constant text[] := ARRAY['cpu', 'gpu', 'memory_mb'];
    item record;
BEGIN
    IF kind IS NULL OR kind !~ '^[A-Za-z][A-Za-z0-9_.-]{0,62}$' THEN
        RAISE EXCEPTION 'job kind % is not a name', coalesce('"' || left(kind, 80) || '"', 'NULL')
            USING ERRCODE = '22023', HINT = 'a letter, then letters, digits, _ . or -, at most 63 in all';
    END IF;
    IF queue IS NULL OR queue !~ '^[A-Za-z][A-Za-z0-9_.-]{0,62}$' THEN
        RAISE EXCEPTION 'queue % is not a name', coalesce('"' || left(queue, 80) || '"', 'NULL')
            USING ERRCODE = '22023', HINT = 'a letter, then letters, digits, _ . or -, at most 63 in all';
    END IF;
    IF run_at IS NULL OR NOT isfinite(run_at) THEN
        RAISE EXCEPTION 'run_at % is not a time', coalesce(run_at::text, 'NULL') USING ERRCODE = '22023';
    END IF;
    IF unique_while IS NULL OR unique_while NOT IN ('waiting', 'running') THEN
        RAISE EXCEPTION 'unique_while % is neither waiting nor running', coalesce('"' || unique_while || '"', 'NULL')
            USING ERRCODE = '22023', HINT = 'waiting: unique until it starts; running: until it ends';
    END IF;
    IF unique_key IS NULL AND unique_period IS NOT NULL THEN
        RAISE EXCEPTION 'unique_period without unique_key' USING ERRCODE = '22023', HINT = 'say what is to be unique: unique_key => ''…''';
    END IF;
    IF unique_key = '' OR length(unique_key) > 500 THEN
        RAISE EXCEPTION 'unique_key has % characters, 1 to 500 are accepted', length(unique_key) USING ERRCODE = '22023';
    END IF;
    IF unique_period <= interval '0' THEN
        RAISE EXCEPTION 'unique_period % is not above zero', unique_period USING ERRCODE = '22023';
    END IF;
    IF max_attempts NOT BETWEEN 1 AND 100 THEN
        RAISE EXCEPTION 'max_attempts % is outside 1 to 100', max_attempts USING ERRCODE = '22023';
    END IF;
    IF timeout <= interval '0' THEN
        RAISE EXCEPTION 'timeout % is not above zero', timeout USING ERRCODE = '22023';
    END IF;
    IF resources IS NULL OR jsonb_typeof(resources) <> 'object' THEN
        RAISE EXCEPTION 'resources must be a JSON object, not %', coalesce(jsonb_typeof(resources), 'NULL') USING ERRCODE = '22023';
    END IF;
    FOR item IN SELECT r.key, r.value FROM jsonb_each(resources) AS r LOOP
        IF item.key <> ALL (known_resources) THEN
            RAISE EXCEPTION 'unknown key "%" in resources', item.key
                USING ERRCODE = 'MB030', HINT = concat('known keys: ', array_to_string(known_resources, ', '), '; did you mean ' || bourse.nearest(item.key, known_resources) || '?');
        END IF;
        IF jsonb_typeof(item.value) <> 'number' OR item.value::text::numeric < 0 THEN
            RAISE EXCEPTION 'resources.% is %, expected a number from 0', item.key, item.value USING ERRCODE = '22023';
        END IF;
    END LOOP;
    IF owner <> bourse.caller() THEN
        IF NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = job_check_policy.owner) THEN
            RAISE EXCEPTION 'role "%" does not exist', owner USING ERRCODE = '42704';
        END IF;
        IF NOT bourse.may_act_for(owner) THEN
            RAISE EXCEPTION 'role "%" may not make work of "%"', bourse.caller(), owner
                USING ERRCODE = '42501', HINT = 'leave owner out, or ask for the role bourse_operator';
        END IF;
    END IF;
    IF NOT EXISTS (SELECT FROM bourse.job_kind AS k WHERE k.kind = job_check_policy.kind) THEN
        RAISE NOTICE 'no job kind "%" is known here', kind
            USING HINT = concat('it waits until a worker takes that kind; SELECT kind, description FROM bourse.job_kind lists the known ones',
                '; did you mean ' || bourse.nearest(kind, (SELECT array_agg(k.kind ORDER BY k.kind) FROM bourse.job_kind AS k)) || '?');
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.job_check_policy(text, text, timestamptz, text, text, interval, int, interval, jsonb, text) IS 'internal: refuses arguments of enqueue that make no sense';

CREATE OR REPLACE FUNCTION bourse.job_check_args(kind text, args jsonb[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    item jsonb;
BEGIN
    IF kind <> 'sql' AND NOT EXISTS (SELECT FROM unnest(args) AS a WHERE jsonb_typeof(a) IS DISTINCT FROM 'object' OR octet_length(a::text) > 1048576) THEN
        RETURN;  -- thousands at once are checked at once
    END IF;
    FOREACH item IN ARRAY args LOOP
        IF item IS NULL OR jsonb_typeof(item) <> 'object' THEN
            RAISE EXCEPTION 'args must be a JSON object, not %', coalesce(jsonb_typeof(item), 'NULL') USING ERRCODE = '22023';
        END IF;
        IF octet_length(item::text) > 1048576 THEN
            RAISE EXCEPTION 'args have % bytes, at most 1048576 are accepted', octet_length(item::text)
                USING ERRCODE = 'MB013', HINT = 'put the data into a table and pass its key';
        END IF;
        IF kind = 'sql' THEN
            PERFORM bourse.job_function_check(item);
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION bourse.job_check_args(text, jsonb[]) IS 'internal: refuses args that no handler could read';

CREATE OR REPLACE FUNCTION bourse.job_unique_twin(kind text, unique_key text, unique_while text, unique_period interval) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    twin bigint;
    twin_state text;
BEGIN
    -- Locked against being claimed before we commit: the caller relies on that job to see what this transaction wrote.
    -- One that is being claimed now makes us wait, and counts as running after that.
    SELECT j.job_id, j.state INTO twin, twin_state FROM bourse.job AS j
    WHERE j.kind = job_unique_twin.kind AND j.unique_key = job_unique_twin.unique_key AND j.state IN ('waiting', 'scheduled')
    FOR SHARE;
    IF NOT FOUND THEN
        SELECT j.job_id, j.state INTO twin, twin_state FROM bourse.job AS j
        WHERE j.kind = job_unique_twin.kind AND j.unique_key = job_unique_twin.unique_key
            AND (j.unique_while = 'running' OR job_unique_twin.unique_while = 'running' OR j.created_at > now() - unique_period)
        ORDER BY j.job_id LIMIT 1;
    END IF;
    IF NOT FOUND AND unique_period IS NOT NULL THEN
        SELECT a.job_id, a.state INTO twin, twin_state FROM bourse.job_archive AS a
        WHERE a.kind = job_unique_twin.kind AND a.unique_key = job_unique_twin.unique_key
            AND a.state = 'succeeded' AND a.created_at > now() - unique_period
        ORDER BY a.created_at DESC LIMIT 1;
    END IF;
    IF twin IS NOT NULL THEN
        RAISE NOTICE 'job % of kind % with unique_key "%" exists already: it is %', twin, kind, unique_key, twin_state;
    END IF;
    RETURN twin;
END
$$;
COMMENT ON FUNCTION bourse.job_unique_twin(text, text, text, interval) IS 'internal: the job that stands in the way of a new one with this key, or NULL';

CREATE OR REPLACE FUNCTION bourse.job_write(kind text, args jsonb[], queue text, priority int, run_at timestamptz, unique_key text,
    unique_while text, unique_period interval, after bigint[], max_attempts int, timeout interval, resources jsonb, owner text,
    after_failure text DEFAULT 'cancel', limit_key text DEFAULT NULL) RETURNS bigint[]
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    open bigint[];
    twin bigint;
    made bigint[];
BEGIN
    IF priority IS NULL THEN
        RAISE EXCEPTION 'priority must not be NULL' USING ERRCODE = '22023', HINT = 'lower runs earlier; the default is 100';
    END IF;
    IF unique_key IS NOT NULL AND cardinality(args) > 1 THEN
        RAISE EXCEPTION 'one unique_key lets only one of % jobs in', cardinality(args)
            USING ERRCODE = '22023', HINT = 'call bourse.enqueue once for each, with a key of its own';
    END IF;
    IF unique_period IS NOT NULL THEN  -- no index can hold this rule: those with the same key go one by one
        PERFORM pg_advisory_xact_lock(hashtextextended(kind || chr(10) || unique_key, 5064192));
    END IF;
    open := bourse.job_open_dependencies(after, after_failure);
    LOOP
        IF unique_key IS NOT NULL THEN
            twin := bourse.job_unique_twin(kind, unique_key, unique_while, unique_period);
            IF twin IS NOT NULL THEN
                RETURN ARRAY[twin];
            END IF;
        END IF;
        WITH inserted AS (
            INSERT INTO bourse.job (kind, queue, args, state, priority, max_attempts, blocked_by, unique_key, unique_while, timeout, resources, owner, run_at,
                limit_key)
            SELECT job_write.kind, job_write.queue, a.args,
                CASE WHEN job_write.run_at > clock_timestamp() THEN 'scheduled' ELSE 'waiting' END, job_write.priority,
                coalesce(job_write.max_attempts, k.max_attempts, 5), cardinality(open), job_write.unique_key,
                CASE WHEN job_write.unique_key IS NOT NULL THEN job_write.unique_while END, coalesce(job_write.timeout, k.timeout),
                job_write.resources, coalesce(job_write.owner, bourse.caller()), job_write.run_at, coalesce(job_write.limit_key, '')
            FROM unnest(job_write.args) WITH ORDINALITY AS a(args, n)
            LEFT JOIN bourse.job_kind AS k ON k.kind = job_write.kind
            ORDER BY a.n
            ON CONFLICT DO NOTHING
            RETURNING job_id
        )
        SELECT coalesce(array_agg(i.job_id ORDER BY i.job_id), '{}') INTO made FROM inserted AS i;
        EXIT WHEN cardinality(made) = cardinality(args);  -- else another session was first with this key: look again
    END LOOP;
    INSERT INTO bourse.job_dependency (job_id, after_job_id, after_failure) SELECT m, o, job_write.after_failure FROM unnest(made) AS m, unnest(open) AS o;
    IF cardinality(open) = 0 AND cardinality(made) > 0 THEN
        PERFORM bourse.ring();
    END IF;
    RETURN made;
END
$$;
COMMENT ON FUNCTION bourse.job_write(text, jsonb[], text, int, timestamptz, text, text, interval, bigint[], int, interval, jsonb, text, text, text) IS 'internal: writes jobs whose arguments have been checked, for the caller or for another owner';

CREATE OR REPLACE FUNCTION bourse.job_insert(kind text, args jsonb[], queue text, priority int, run_at timestamptz, unique_key text,
    unique_while text, unique_period interval, after bigint[], max_attempts int, timeout interval, resources jsonb, owner text,
    after_failure text, limit_key text) RETURNS bigint[]
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM bourse.job_check_policy(kind, queue, run_at, unique_key, unique_while, unique_period, max_attempts, timeout, resources,
        coalesce(owner, bourse.caller()));
    PERFORM bourse.job_check_args(kind, args);
    IF limit_key IN ('', '*') OR length(limit_key) > 200 THEN
        RAISE EXCEPTION 'limit_key "%" is not 1 to 200 characters other than *', left(limit_key, 80)
            USING ERRCODE = '22023', HINT = 'it names what bourse.limit_jobs may limit within the kind';
    END IF;
    RETURN bourse.job_write(kind, args, queue, priority, run_at, unique_key, unique_while, unique_period, after, max_attempts, timeout, resources, owner,
        after_failure, limit_key);
END
$$;
COMMENT ON FUNCTION bourse.job_insert(text, jsonb[], text, int, timestamptz, text, text, interval, bigint[], int, interval, jsonb, text, text, text) IS 'internal: what enqueue and enqueue_many share';

CREATE OR REPLACE FUNCTION bourse.enqueue(kind text, args jsonb DEFAULT '{}', queue text DEFAULT 'default', priority int DEFAULT 100,
    run_at timestamptz DEFAULT now(), unique_key text DEFAULT NULL, unique_while text DEFAULT 'waiting', unique_period interval DEFAULT NULL,
    after bigint[] DEFAULT '{}', max_attempts int DEFAULT NULL, timeout interval DEFAULT NULL, resources jsonb DEFAULT '{}',
    owner text DEFAULT NULL, after_failure text DEFAULT 'cancel', limit_key text DEFAULT NULL) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (bourse.job_insert(kind, ARRAY[args], queue, priority, run_at, unique_key, unique_while, unique_period, after, max_attempts,
        timeout, resources, owner, after_failure, limit_key))[1];
END
$$;
COMMENT ON FUNCTION bourse.enqueue(text, jsonb, text, int, timestamptz, text, text, interval, bigint[], int, interval, jsonb, text, text, text) IS
    'writes a job and returns its id; it starts after commit. SECURITY DEFINER: the table takes rows only through here';

CREATE OR REPLACE FUNCTION bourse.enqueue_many(kind text, args jsonb[], queue text DEFAULT 'default', priority int DEFAULT 100,
    run_at timestamptz DEFAULT now(), unique_key text DEFAULT NULL, unique_while text DEFAULT 'waiting', unique_period interval DEFAULT NULL,
    after bigint[] DEFAULT '{}', max_attempts int DEFAULT NULL, timeout interval DEFAULT NULL, resources jsonb DEFAULT '{}',
    owner text DEFAULT NULL, after_failure text DEFAULT 'cancel', limit_key text DEFAULT NULL) RETURNS bigint[]
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF args IS NULL THEN
        RAISE EXCEPTION 'args must be an array of JSON objects, not NULL' USING ERRCODE = '22023';
    END IF;
    RETURN bourse.job_insert(kind, args, queue, priority, run_at, unique_key, unique_while, unique_period, after, max_attempts,
        timeout, resources, owner, after_failure, limit_key);
END
$$;
COMMENT ON FUNCTION bourse.enqueue_many(text, jsonb[], text, int, timestamptz, text, text, interval, bigint[], int, interval, jsonb, text, text, text) IS
    'writes one job for each element of args, in one statement, and returns their ids in order';
