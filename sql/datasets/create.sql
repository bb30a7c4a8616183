-- Datasets: versions of a definition that never changes.

CREATE OR REPLACE FUNCTION bourse.find_dataset(reference text) RETURNS bourse.dataset
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found_dataset bourse.dataset;
    parts text[] := regexp_match(reference, '^([^:]+)(?::([0-9]{1,9}))?$');
BEGIN
    SELECT d.* INTO found_dataset FROM bourse.dataset AS d
    WHERE d.name = parts[1] AND (parts[2] IS NULL OR d.version = parts[2]::int)
    ORDER BY d.version DESC LIMIT 1;
    IF found_dataset.dataset_id IS NULL THEN
        RAISE EXCEPTION 'unknown dataset %', coalesce('"' || reference || '"', 'NULL')
            USING ERRCODE = 'MB043',
                HINT = coalesce('datasets there are: ' || (SELECT string_agg(DISTINCT d.name, ', ' ORDER BY d.name) FROM bourse.dataset AS d),
                                'there are none: make one by bourse.create_dataset');
    END IF;
    RETURN found_dataset;
END
$$;
COMMENT ON FUNCTION bourse.find_dataset(text) IS 'the dataset named x (its newest version) or x:1; MB043 lists those there are';

-- Straight from the index where that can be, with the times of bars that were replaced since, whose first forms may have been known earlier. Else
-- from one timestamp to the next by index, over all bars; whether a member has one there is asked timestamp by timestamp, of a universe its members'
-- bars by key (compared and ordered as the key is, see panel_instruments). No scan and no sort of bars, whatever statistics say.
CREATE OR REPLACE FUNCTION bourse.dataset_timestamps(freq text, universe text, span tstzrange, known_at timestamptz) RETURNS timestamptz[]
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    lowest timestamptz := coalesce(lower(span), '-infinity');
    beyond timestamptz := coalesce(upper(span), 'infinity');
    stored bigint[] := CASE WHEN universe = 'all' THEN bourse.stored_times(freq, NULL, known_at, lowest, beyond) END;
BEGIN
    IF stored IS NOT NULL THEN
        RETURN ARRAY(SELECT bourse.from_unix_us(t.ts_us) FROM unnest(stored) AS t(ts_us)
                     UNION
                     SELECT h.ts FROM bourse.bar_history AS h
                     WHERE h.freq = dataset_timestamps.freq AND h.ts >= lowest AND h.ts < beyond AND h.known_from <= dataset_timestamps.known_at
                     ORDER BY 1);
    END IF;
    RETURN coalesce((
        WITH RECURSIVE listed AS (
            (SELECT b.ts FROM bourse.bar AS b WHERE b.freq = dataset_timestamps.freq AND b.ts >= lowest AND b.ts < beyond ORDER BY b.ts LIMIT 1)
            UNION ALL
            SELECT (SELECT b.ts FROM bourse.bar AS b WHERE b.freq = dataset_timestamps.freq AND b.ts > l.ts AND b.ts < beyond ORDER BY b.ts LIMIT 1)
            FROM listed AS l WHERE l.ts IS NOT NULL
        )
        SELECT array_agg(l.ts ORDER BY l.ts) FROM listed AS l
        WHERE l.ts IS NOT NULL AND CASE
            WHEN universe = 'all' AND dataset_timestamps.known_at IS NULL THEN true
            WHEN universe = 'all' THEN EXISTS (
                SELECT FROM bourse.bar AS b
                WHERE b.freq = dataset_timestamps.freq AND b.ts = l.ts AND (b.known_at <= dataset_timestamps.known_at OR EXISTS (
                    SELECT FROM bourse.bar_history AS h WHERE h.instrument_id = b.instrument_id AND h.freq = dataset_timestamps.freq
                        AND h.ts = l.ts AND h.known_from <= dataset_timestamps.known_at)))
            ELSE EXISTS (
                SELECT FROM bourse.universe AS u
                CROSS JOIN LATERAL (SELECT b.instrument_id, b.ts, b.known_at FROM bourse.bar AS b
                                    WHERE b.freq = dataset_timestamps.freq AND (b.instrument_id, b.freq, b.ts) >= (u.instrument_id, dataset_timestamps.freq, l.ts)
                                    ORDER BY b.instrument_id, b.freq, b.ts LIMIT 1) AS b
                WHERE u.name = dataset_timestamps.universe AND u.span @> l.ts AND b.instrument_id = u.instrument_id AND b.ts = l.ts
                    AND (dataset_timestamps.known_at IS NULL OR b.known_at <= dataset_timestamps.known_at OR EXISTS (
                        SELECT FROM bourse.bar_history AS h WHERE h.instrument_id = u.instrument_id AND h.freq = dataset_timestamps.freq
                            AND h.ts = l.ts AND h.known_from <= dataset_timestamps.known_at)))
            END), '{}');
END
$$;
COMMENT ON FUNCTION bourse.dataset_timestamps(text, text, tstzrange, timestamptz) IS 'part of datasets: times in a span at which a member of a universe has a bar, ascending';

CREATE OR REPLACE FUNCTION bourse.insert_dataset(made bourse.dataset, times timestamptz[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    job_owner text := (SELECT j.owner FROM bourse.job AS j WHERE j.job_id = made.dataset_id AND j.kind = 'build_dataset');
BEGIN
    IF job_owner IS NULL OR NOT bourse.may_act_for(job_owner) THEN
        RAISE EXCEPTION 'job % builds no dataset of yours', made.dataset_id
            USING ERRCODE = 'insufficient_privilege', HINT = 'datasets are made by bourse.create_dataset';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('bourse.dataset'), hashtext(made.name));
    INSERT INTO bourse.dataset (dataset_id, name, version, feature_set_id, label, horizon_bars, universe, span, known_at, pinned, split, processors,
                                data_versions, description, owner)
    VALUES (made.dataset_id, made.name, coalesce((SELECT max(d.version) FROM bourse.dataset AS d WHERE d.name = made.name), 0) + 1, made.feature_set_id,
            made.label, made.horizon_bars, made.universe, made.span, made.known_at, made.pinned, made.split, made.processors,
            CASE WHEN made.pinned THEN coalesce((SELECT range_agg(int8range(v.data_version_id, v.data_version_id, '[]')) FROM bourse.data_version AS v),
                                                '{}'::int8multirange) END,
            made.description, job_owner);
    INSERT INTO bourse.dataset_range (dataset_id, fold, part, from_ts, to_ts, timestamps)
    SELECT made.dataset_id, r.fold, r.part, r.from_ts, r.to_ts, r.timestamps FROM bourse.plan_folds(made.split, times, made.horizon_bars) AS r;
    IF made.pinned THEN
        INSERT INTO bourse.dataset_member (dataset_id, instrument_id, span)
        SELECT made.dataset_id, u.instrument_id, u.span FROM bourse.universe AS u WHERE u.name = made.universe AND NOT isempty(u.span);
    END IF;
    INSERT INTO bourse.lineage_edge (from_kind, from_id, to_kind, to_id)
    VALUES ('feature_set', made.feature_set_id::text, 'dataset', made.dataset_id::text) ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON FUNCTION bourse.insert_dataset(bourse.dataset, timestamptz[]) IS 'part of bourse.create_dataset: the dataset of a job just made; SECURITY DEFINER because datasets are written through functions only';

CREATE OR REPLACE FUNCTION bourse.create_dataset(
    name text, feature_set text DEFAULT 'alpha158', label text DEFAULT NULL, universe text DEFAULT 'all', span tstzrange DEFAULT NULL,
    known_at timestamptz DEFAULT NULL, split jsonb DEFAULT '{}', processors jsonb DEFAULT '[]', horizon int DEFAULT NULL, pinned boolean DEFAULT true,
    description text DEFAULT NULL) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    made bourse.dataset;
    found_set bourse.feature_set;
    looks_ahead int;
    times timestamptz[];
BEGIN
    IF name IS NULL OR name !~ '^[A-Za-z_][A-Za-z0-9_]*$' OR length(name) > 50 THEN
        RAISE EXCEPTION 'dataset name "%" is not usable', coalesce(left(name, 80), 'NULL')
            USING ERRCODE = '22023', HINT = 'letters, digits and _, starting with a letter or _, at most 50';
    END IF;
    IF split IS NULL OR processors IS NULL OR pinned IS NULL THEN
        RAISE EXCEPTION 'split, processors and pinned may not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'leave an argument out to get its default';
    END IF;
    IF isempty(span) THEN
        RAISE EXCEPTION 'span is empty' USING ERRCODE = '22023', HINT = 'a span is from <= ts < to, as in tstzrange(''2015-01-01'', ''2020-01-01'')';
    END IF;
    IF known_at > now() THEN
        RAISE EXCEPTION 'known_at % lies in the future', known_at USING ERRCODE = '22023', HINT = 'what will be known then is not known yet';
    END IF;
    found_set := bourse.find_feature_set(feature_set);
    PERFORM bourse.check_universe(universe);
    made.name := name;
    made.feature_set_id := found_set.feature_set_id;
    made.label := coalesce(label, CASE WHEN found_set.freq = '1d' THEN 'Ref($close,-2)/Ref($close,-1)-1' ELSE 'Ref($close,-1)/$close-1' END);
    looks_ahead := (SELECT c.lookahead_bars FROM bourse.check_expressions(ARRAY[made.label], bourse.known_fields(found_set.freq::text)) AS c);
    IF horizon < looks_ahead THEN
        RAISE EXCEPTION 'horizon is % bars, but the label % looks % bars ahead', horizon, made.label, looks_ahead
            USING ERRCODE = '22023', HINT = format('leave horizon out, or give at least %s', looks_ahead);
    END IF;
    IF horizon > 100000 THEN
        RAISE EXCEPTION 'horizon is % bars, expected at most 100000', horizon USING ERRCODE = '22023';
    END IF;
    IF coalesce(horizon, looks_ahead) < 1 THEN
        RAISE NOTICE 'label % does not look ahead: it is known at the bar itself', made.label
            USING HINT = 'negative shifts look ahead, as in Ref($close,-2)/Ref($close,-1)-1';
    END IF;
    made.horizon_bars := coalesce(horizon, looks_ahead);
    made.universe := universe;
    made.span := coalesce(tstzrange(lower(span) + CASE WHEN lower_inc(span) OR lower_inf(span) THEN interval '0' ELSE interval '1 microsecond' END,
                                    upper(span) + CASE WHEN upper_inc(span) THEN interval '1 microsecond' ELSE interval '0' END), '(,)');
    made.pinned := pinned;
    made.known_at := CASE WHEN pinned THEN coalesce(known_at, now()) ELSE known_at END;
    made.split := bourse.read_fold_plan(split);
    made.processors := bourse.read_processors(processors, found_set.features);
    made.description := description;
    times := bourse.dataset_timestamps(found_set.freq::text, universe, made.span, made.known_at);
    IF cardinality(times) <= made.horizon_bars THEN
        RAISE EXCEPTION 'too little data: % timestamps of % bars in universe "%", the label alone looks % bars ahead',
                cardinality(times), found_set.freq, universe, made.horizon_bars
            USING ERRCODE = 'MB040', DETAIL = format('span %s; %s', made.span, bourse.bar_dates(found_set.freq::text)), HINT = 'load more bars or ask for a longer span';
    END IF;
    PERFORM bourse.plan_folds(made.split, times, made.horizon_bars);
    made.dataset_id := bourse.enqueue('build_dataset', jsonb_build_object('dataset', name));
    PERFORM bourse.insert_dataset(made, times);
    RETURN made.dataset_id;
END
$$;
COMMENT ON FUNCTION bourse.create_dataset(text, text, text, text, tstzrange, timestamptz, jsonb, jsonb, int, boolean, text) IS
    'makes the next version of a dataset, and a job that counts and hashes its rows, whose id is the dataset''s; docs/reference/datasets.md';

CREATE OR REPLACE FUNCTION bourse.dataset_folds(dataset text)
    RETURNS TABLE(fold int, part text, from_ts timestamptz, to_ts timestamptz, timestamps int)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    wanted bourse.dataset := bourse.find_dataset(dataset);
BEGIN
    IF wanted.pinned THEN
        RETURN QUERY SELECT r.fold, r.part, r.from_ts, r.to_ts, r.timestamps FROM bourse.dataset_range AS r WHERE r.dataset_id = wanted.dataset_id
            ORDER BY r.fold, array_position(ARRAY['train', 'valid', 'test'], r.part), r.from_ts;
    ELSE
        RETURN QUERY SELECT r.fold, r.part, r.from_ts, r.to_ts, r.timestamps
            FROM bourse.plan_folds(wanted.split, bourse.dataset_timestamps((SELECT s.freq::text FROM bourse.feature_set AS s WHERE s.feature_set_id = wanted.feature_set_id),
                                                                           wanted.universe, wanted.span, wanted.known_at), wanted.horizon_bars) AS r;
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.dataset_folds(text) IS
    'which times belong to which part of which fold, from_ts <= ts < to_ts, before purge and embargo; of a pinned dataset those of its making, of a live one those of now';

CREATE OR REPLACE FUNCTION bourse.dataset_definition(dataset_id bigint) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    definition jsonb;
BEGIN
    SELECT jsonb_build_object('dataset_id', d.dataset_id, 'name', d.name || ':' || d.version, 'features', to_jsonb(s.features), 'expressions', to_jsonb(s.expressions),
        'freq', s.freq, 'label', d.label, 'universe', d.universe, 'horizon_bars', d.horizon_bars, 'pinned', d.pinned, 'split', d.split, 'processors', d.processors,
        'from_us', bourse.to_unix_us(coalesce(lower(d.span), '-infinity')), 'to_us', bourse.to_unix_us(coalesce(upper(d.span), 'infinity')),
        'ranges', (SELECT jsonb_agg(jsonb_build_object('fold', f.fold, 'part', f.part, 'from_us', bourse.to_unix_us(f.from_ts), 'to_us', bourse.to_unix_us(f.to_ts),
                                                       'timestamps', f.timestamps))
                   FROM bourse.dataset_folds(d.name || ':' || d.version) AS f))
    INTO definition
    FROM bourse.dataset AS d JOIN bourse.feature_set AS s USING (feature_set_id) WHERE d.dataset_id = dataset_definition.dataset_id;
    IF definition IS NULL THEN
        RAISE EXCEPTION 'there is no dataset with id %', dataset_id USING ERRCODE = 'MB043';
    END IF;
    RETURN definition;
END
$$;
COMMENT ON FUNCTION bourse.dataset_definition(bigint) IS 'part of datasets: everything that makes its rows, as the programs read it';

CREATE OR REPLACE FUNCTION bourse.trainable_fold(dataset bourse.dataset, fold jsonb) RETURNS int
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    folds int := (SELECT max(f.fold) FROM bourse.dataset_folds(dataset.name || ':' || dataset.version) AS f);
BEGIN
    IF fold IS NULL THEN
        RETURN folds;
    END IF;
    IF jsonb_typeof(fold) <> 'number' OR (fold::numeric NOT BETWEEN 1 AND folds) OR fold::numeric <> trunc(fold::numeric) THEN
        RAISE EXCEPTION 'options: fold is %, dataset %:% has folds 1 to %', fold, dataset.name, dataset.version, folds USING ERRCODE = '22023';
    END IF;
    RETURN fold::int;
END
$$;
COMMENT ON FUNCTION bourse.trainable_fold(bourse.dataset, jsonb) IS 'part of bourse.train: the fold that is asked for, or the last';
