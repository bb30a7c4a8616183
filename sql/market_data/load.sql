-- load_bars: judge, reject, write, count.

CREATE OR REPLACE FUNCTION bourse.load_check_options(options jsonb) RETURNS void
    LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known text[] := '{on_conflict,strict,max_reject_ratio,exchange,calendar,universe,keys_ascend,file,source_of}';
    wrong text := (SELECT k FROM jsonb_object_keys(options) AS k WHERE k <> ALL (known) LIMIT 1);
BEGIN
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'unknown option %', quote_literal(wrong) USING ERRCODE = 'MB030', HINT = 'known options: ' || array_to_string(known, ', ');
    END IF;
    IF coalesce(options->>'on_conflict', 'reject') NOT IN ('reject', 'first', 'last') THEN
        RAISE EXCEPTION 'on_conflict is %', quote_literal(options->>'on_conflict') USING ERRCODE = '22023', HINT = 'use reject, first or last';
    END IF;
    IF NOT (options->>'max_reject_ratio')::float8 BETWEEN 0 AND 1 THEN
        RAISE EXCEPTION 'max_reject_ratio is %', options->>'max_reject_ratio' USING ERRCODE = '22023', HINT = 'a ratio from 0 to 1';
    END IF;
    IF options->>'universe' IN ('', 'all') THEN
        RAISE EXCEPTION 'a universe cannot be named %', quote_literal(options->>'universe')
            USING ERRCODE = '22023', HINT = 'every instrument belongs to the universe all by itself';
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.load_check_options(jsonb) IS 'part of load_bars: errors for options that it does not know';

-- options: on_conflict (reject, first, last), strict, max_reject_ratio (none when absent), exchange and calendar of
-- instruments made on the fly, universe that they join, keys_ascend (the caller has seen that no key repeats),
-- file {path, sha256, size_bytes, modified_at, options}: kept in data_file; source_of {symbol: path}: the files that the
-- lines of a folder's rows belong to.
CREATE OR REPLACE FUNCTION bourse.load_bars(source text, options jsonb DEFAULT '{}', OUT data_version_id bigint, OUT refused boolean, OUT reason text,
        OUT rows_read bigint, OUT rows_loaded bigint, OUT rows_changed bigint, OUT rows_unchanged bigint, OUT rows_duplicate bigint,
        OUT rows_rejected bigint, OUT rows_without_volume bigint, OUT instruments_made int)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET jit = off SET work_mem = '64MB' SET default_statistics_target = 10 SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    load_at     timestamptz := clock_timestamp();
    on_conflict text := coalesce(options->>'on_conflict', 'reject');
    strict_load boolean := coalesce((options->>'strict')::boolean, false);
    ratio       float8 := (options->>'max_reject_ratio')::float8;
    first_bad   record;
    broken      bigint;  -- rows that break a rule by themselves
BEGIN
    PERFORM bourse.load_check_options(options);
    -- a user's own tables of these names could run code with the owner's rights
    IF (SELECT count(*) FROM pg_class AS c JOIN pg_roles AS o ON o.oid = c.relowner
        WHERE c.relnamespace = pg_my_temp_schema() AND o.rolname = current_user
            AND c.relname IN ('bar_stage', 'bar_series', 'bar_repeat', 'bar_judged', 'bar_all', 'bar_good')) <> 6 THEN
        RAISE EXCEPTION 'no load is open' USING ERRCODE = '55000', HINT = 'begin with bourse.open_load()';
    END IF;
    PERFORM bourse.load_judge(options->>'calendar');
    SELECT coalesce(sum(s.rows), 0), coalesce(sum(s.bad), 0), coalesce(sum(s.without_volume), 0) INTO rows_read, broken, rows_without_volume FROM pg_temp.bar_series AS s;
    rows_duplicate := 0;
    rows_rejected := broken;
    IF rows_read - broken > 1 AND NOT coalesce((options->>'keys_ascend')::boolean, false) THEN
        PERFORM bourse.load_find_repeated(on_conflict);
        SELECT count(*) FILTER (WHERE NOT p.conflicting), broken + count(*) FILTER (WHERE p.conflicting),
               load_bars.rows_without_volume - count(*) FILTER (WHERE s.volume IS NULL OR s.volume = 'NaN')
        INTO rows_duplicate, rows_rejected, rows_without_volume
        FROM pg_temp.bar_repeat AS p JOIN pg_temp.bar_stage AS s ON s.row_no = p.row_no;
    END IF;

    refused := rows_rejected > 0 AND (strict_load OR coalesce(rows_rejected > ratio * rows_read, false));
    INSERT INTO bourse.data_version AS v (source, refused) VALUES (load_bars.source, load_bars.refused) RETURNING v.data_version_id INTO data_version_id;
    IF rows_rejected > 0 THEN PERFORM bourse.load_write_rejects(source, options->'source_of', data_version_id); END IF;

    rows_loaded := 0;
    rows_changed := 0;
    rows_unchanged := 0;
    instruments_made := 0;
    IF refused THEN
        SELECT r.source, r.line, r.rule, r.reason INTO first_bad FROM bourse.bar_reject AS r WHERE r.data_version_id = load_bars.data_version_id ORDER BY r.reject_id LIMIT 1;
        reason := format('%s of %s rows break a rule, %s; the first: %s%s: %s', rows_rejected, rows_read,
            CASE WHEN strict_load THEN 'and --strict allows none' ELSE format('more than --max-reject-ratio %s allows', ratio) END,
            CASE WHEN first_bad.source <> load_bars.source THEN first_bad.source || ': ' ELSE '' END || CASE WHEN first_bad.line IS NULL THEN '' ELSE format('line %s, ', first_bad.line) END, first_bad.rule, first_bad.reason);
    ELSIF rows_read > rows_rejected THEN
        instruments_made := bourse.load_make_instruments(options->>'exchange');
        PERFORM bourse.load_make_partitions();
        rows_loaded := bourse.load_insert(data_version_id, coalesce((options->>'keys_ascend')::boolean, false));
        IF rows_loaded < rows_read - rows_rejected - rows_duplicate THEN
            rows_changed := bourse.load_overwrite(data_version_id, load_at);
        END IF;
        rows_unchanged := rows_read - rows_rejected - rows_duplicate - rows_loaded - rows_changed;
        PERFORM bourse.load_tell(data_version_id, options->>'universe', rows_loaded + rows_changed > 0, rows_loaded = rows_read - broken);
    END IF;

    UPDATE bourse.data_version AS v
    SET rows_read = load_bars.rows_read, rows_loaded = load_bars.rows_loaded, rows_changed = load_bars.rows_changed, rows_unchanged = load_bars.rows_unchanged,
        rows_duplicate = load_bars.rows_duplicate, rows_rejected = load_bars.rows_rejected, rows_without_volume = load_bars.rows_without_volume
    WHERE v.data_version_id = load_bars.data_version_id;
    PERFORM bourse.load_keep_file(data_version_id, options->'file', refused, reason);
END
$$;
COMMENT ON FUNCTION bourse.load_bars(text, jsonb) IS 'judges and loads the rows of pg_temp.bar_stage, see open_load; returns the counts. SECURITY DEFINER: only loads write bar';

-- A file that could not be read to its end: nothing of it was loaded, its row says why.
CREATE OR REPLACE FUNCTION bourse.refuse_file(file jsonb, reason text) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO bourse.data_file (path, sha256, size_bytes, modified_at, options, state, reason)
    VALUES (file->>'path', decode(file->>'sha256', 'hex'), (file->>'size_bytes')::bigint, (file->>'modified_at')::timestamptz,
        coalesce(file->'options', '{}'), 'refused', refuse_file.reason)
    RETURNING data_file_id;
END;
COMMENT ON FUNCTION bourse.refuse_file(jsonb, text) IS 'records a file that an import refused before its rows could be judged. SECURITY DEFINER: only loads write data_file';
