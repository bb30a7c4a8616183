-- Kinds of jobs and their policies.

CREATE OR REPLACE FUNCTION bourse.set_job_kind(kind text, max_attempts int DEFAULT NULL, timeout interval DEFAULT NULL,
    backoff_base_s float8 DEFAULT NULL, backoff_cap_s float8 DEFAULT NULL, backoff_jitter_ratio float8 DEFAULT NULL, memory_mb int DEFAULT NULL,
    description text DEFAULT NULL) RETURNS bourse.job_kind
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    policy bourse.job_kind;
BEGIN
    IF kind IS NULL OR kind !~ '^[A-Za-z][A-Za-z0-9_.-]{0,62}$' THEN
        RAISE EXCEPTION 'job kind % is not a name', coalesce('"' || left(kind, 80) || '"', 'NULL')
            USING ERRCODE = '22023', HINT = 'a letter, then letters, digits, _ . or -, at most 63 in all';
    END IF;
    IF max_attempts NOT BETWEEN 1 AND 100 THEN
        RAISE EXCEPTION 'max_attempts % is outside 1 to 100', max_attempts USING ERRCODE = '22023';
    END IF;
    IF timeout < interval '0' THEN
        RAISE EXCEPTION 'timeout % is below zero', timeout USING ERRCODE = '22023', HINT = 'zero: no limit';
    END IF;
    IF backoff_base_s NOT BETWEEN 0 AND 86400 OR backoff_cap_s NOT BETWEEN 0 AND 86400 THEN
        RAISE EXCEPTION 'back-off from % s to % s is outside 0 to 86400', coalesce(backoff_base_s::text, '…'), coalesce(backoff_cap_s::text, '…') USING ERRCODE = '22023';
    END IF;
    IF backoff_jitter_ratio NOT BETWEEN 0 AND 1 THEN
        RAISE EXCEPTION 'backoff_jitter_ratio % is outside 0 to 1', backoff_jitter_ratio USING ERRCODE = '22023';
    END IF;
    IF memory_mb < 16 THEN
        RAISE EXCEPTION 'memory_mb % is below 16', memory_mb USING ERRCODE = '22023', HINT = 'it limits the address space of one child, in MiB';
    END IF;
    SELECT k.* INTO policy FROM bourse.job_kind AS k WHERE k.kind = set_job_kind.kind FOR UPDATE;
    IF NOT FOUND AND description IS NULL THEN
        RAISE EXCEPTION 'job kind "%" is new: it needs a description', kind USING ERRCODE = '22023', HINT = 'description => ''what its jobs do''';
    END IF;
    INSERT INTO bourse.job_kind AS k (kind, max_attempts, timeout, backoff_base_s, backoff_cap_s, backoff_jitter_ratio, memory_mb, description)
    VALUES (set_job_kind.kind, coalesce(set_job_kind.max_attempts, policy.max_attempts, 5), nullif(coalesce(set_job_kind.timeout, policy.timeout), interval '0'),
        coalesce(set_job_kind.backoff_base_s, policy.backoff_base_s, 2), coalesce(set_job_kind.backoff_cap_s, policy.backoff_cap_s, 600),
        coalesce(set_job_kind.backoff_jitter_ratio, policy.backoff_jitter_ratio, 0.25), coalesce(set_job_kind.memory_mb, policy.memory_mb, 8192),
        coalesce(set_job_kind.description, policy.description))
    ON CONFLICT ON CONSTRAINT job_kind_pkey DO UPDATE
    SET max_attempts = excluded.max_attempts, timeout = excluded.timeout, backoff_base_s = excluded.backoff_base_s, backoff_cap_s = excluded.backoff_cap_s,
        backoff_jitter_ratio = excluded.backoff_jitter_ratio, memory_mb = excluded.memory_mb, description = excluded.description
    RETURNING k.* INTO policy;
    RETURN policy;
END
$$;
COMMENT ON FUNCTION bourse.set_job_kind(text, int, interval, float8, float8, float8, int, text) IS
    'makes a kind of job or changes its policy: what is left out stays (of a new kind: the default), timeout zero means none. It holds for jobs made later (tries, timeout) and attempts that end later (back-off). SECURITY DEFINER: operators need no right on the table';
