-- bourse.train: everything that can be refused is refused here, before there is a job.

CREATE OR REPLACE FUNCTION bourse.check_universe(universe text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF universe IS NULL OR (universe <> 'all' AND NOT EXISTS (SELECT FROM bourse.universe AS u WHERE u.name = check_universe.universe)) THEN
        RAISE EXCEPTION 'unknown universe "%"', coalesce(universe, 'NULL')
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'universes there are: all' || coalesce(', ' || (SELECT string_agg(DISTINCT u.name, ', ' ORDER BY u.name) FROM bourse.universe AS u), '');
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.check_universe(text) IS 'refuses the name of a universe that does not exist, and lists those that do';

CREATE OR REPLACE FUNCTION bourse.check_label(label text, freq text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    lookahead_bars int := (SELECT c.lookahead_bars FROM bourse.check_expressions(ARRAY[label], bourse.known_fields(freq)) AS c);
BEGIN
    IF lookahead_bars < 1 THEN
        RAISE NOTICE 'label % does not look ahead: it is known at the bar itself', label
            USING HINT = 'negative shifts look ahead, as in Ref($close,-2)/Ref($close,-1)-1';
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.check_label(text, text) IS 'part of bourse.train: refuses an expression that cannot be read (MB022)';

CREATE OR REPLACE FUNCTION bourse.check_enough_bars(freq text, universe text, from_ts timestamptz, to_ts timestamptz, at_least int) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    timestamps int := 0;
    last_ts timestamptz := coalesce(from_ts, '-infinity') - interval '1 microsecond';
BEGIN
    LOOP  -- from one timestamp to the next by index, until there are enough
        SELECT b.ts INTO last_ts FROM bourse.bar AS b
        WHERE b.freq = check_enough_bars.freq AND b.ts > last_ts AND b.ts < coalesce(to_ts, 'infinity')
            AND (universe = 'all' OR EXISTS (SELECT FROM bourse.universe AS u
                 WHERE u.name = check_enough_bars.universe AND u.instrument_id = b.instrument_id AND u.span @> b.ts))
        ORDER BY b.ts LIMIT 1;
        EXIT WHEN NOT FOUND;
        timestamps := timestamps + 1;
        EXIT WHEN timestamps >= at_least;
    END LOOP;
    IF timestamps < at_least THEN
        RAISE EXCEPTION 'too little data: % timestamps of % bars in universe "%", expected at least %', timestamps, freq, universe, at_least
            USING ERRCODE = 'MB040', DETAIL = format('span from %s to %s; %s', coalesce(from_ts::text, 'the first bar'), coalesce(to_ts::text, 'the last bar'), bourse.bar_dates(freq)),
                HINT = 'load more bars or ask for a longer span';
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.check_enough_bars(text, text, timestamptz, timestamptz, int) IS 'MB040 when a universe has bars at fewer timestamps than asked for';

CREATE OR REPLACE FUNCTION bourse.check_source(source text, source_path text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('search_path', source_path, true);
    EXECUTE format(E'EXPLAIN SELECT q.symbol::text, q.ts::timestamptz, q.features::bourse.fvec, q.label::float8 FROM (\n%s\n) AS q', source);
EXCEPTION WHEN syntax_error_or_access_rule_violation OR cannot_coerce OR datatype_mismatch THEN
    RAISE EXCEPTION 'source cannot be read: %', sqlerrm
        USING ERRCODE = sqlstate, HINT = 'a source is one query with the columns symbol, ts, features (fvec or array) and label';
END
$$;
COMMENT ON FUNCTION bourse.check_source(text, text) IS 'part of bourse.train: plans the query, as the caller and on the caller''s search_path, without running it';

CREATE OR REPLACE FUNCTION bourse.train(
    model text, algorithm text DEFAULT 'xgboost', feature_set text DEFAULT 'alpha158', label text DEFAULT NULL, universe text DEFAULT 'all',
    from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL,
    split jsonb DEFAULT '{"train":0.6,"valid":0.2,"test":0.2,"purge_bars":null}', params jsonb DEFAULT '{}', seed bigint DEFAULT 0,
    dataset text DEFAULT NULL, source text DEFAULT NULL, options jsonb DEFAULT '{}',
    source_path text DEFAULT pg_catalog.current_setting('search_path')) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    run bourse.run;
    found_set bourse.feature_set;
    found_dataset bourse.dataset;
BEGIN
    PERFORM bourse.check_model_name(model);
    IF algorithm IS NULL OR split IS NULL OR params IS NULL OR options IS NULL OR seed IS NULL THEN
        RAISE EXCEPTION 'algorithm, split, params, seed and options may not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'leave an argument out to get its default';
    END IF;
    IF seed NOT BETWEEN 0 AND 2147483647 THEN
        RAISE EXCEPTION 'seed is %, expected 0 to 2147483647', seed USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF dataset IS NOT NULL AND (source IS NOT NULL OR label IS NOT NULL OR from_ts IS NOT NULL OR to_ts IS NOT NULL OR universe <> 'all'
            OR feature_set <> 'alpha158' OR split <> '{"train":0.6,"valid":0.2,"test":0.2,"purge_bars":null}' OR options ? 'label_norm') THEN
        RAISE EXCEPTION 'a dataset brings its own features, label, universe, span, split and processors'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'leave those arguments out, or leave dataset out';
    END IF;
    IF from_ts >= to_ts THEN
        RAISE EXCEPTION 'from_ts % is not before to_ts %', from_ts, to_ts USING ERRCODE = 'invalid_parameter_value';
    END IF;
    run.params := bourse.read_params(algorithm, params);
    run.split := bourse.read_split(split);
    PERFORM bourse.check_keys(options, '["label_norm", "features", "fold"]', 'options of train');
    IF options ? 'fold' AND dataset IS NULL THEN
        RAISE EXCEPTION 'options: fold is one of a dataset' USING ERRCODE = 'invalid_parameter_value', HINT = 'name the dataset';
    END IF;
    IF coalesce(options ->> 'label_norm', 'none') NOT IN ('none', 'zscore', 'rank') THEN
        RAISE EXCEPTION 'options: label_norm is "%", expected none, zscore or rank', options ->> 'label_norm' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF options ? 'features' AND (source IS NULL OR jsonb_typeof(options -> 'features') <> 'array') THEN
        RAISE EXCEPTION 'options: features names the columns of a source, an array of texts' USING ERRCODE = 'invalid_parameter_value';
    END IF;

    IF dataset IS NOT NULL THEN
        found_dataset := bourse.find_dataset(dataset);
        run.fold := bourse.trainable_fold(found_dataset, options -> 'fold');
        run.dataset_id := found_dataset.dataset_id;
        run.feature_set_id := found_dataset.feature_set_id;
        run.label := found_dataset.label;
        run.split := found_dataset.split;
        run.universe := found_dataset.universe;
        run.from_ts := lower(found_dataset.span);
        run.to_ts := upper(found_dataset.span);
    ELSIF source IS NULL THEN
        found_set := bourse.find_feature_set(feature_set);
        run.label := coalesce(label, CASE WHEN found_set.freq = '1d' THEN 'Ref($close,-2)/Ref($close,-1)-1' ELSE 'Ref($close,-1)/$close-1' END);
        PERFORM bourse.check_universe(universe);
        PERFORM bourse.check_label(run.label, found_set.freq::text);
        PERFORM bourse.check_enough_bars(found_set.freq::text, universe, from_ts, to_ts, 30);
        run.feature_set_id := found_set.feature_set_id;
    ELSE
        IF label IS NOT NULL OR universe <> 'all' THEN
            RAISE EXCEPTION 'a source brings its own label and instruments'
                USING ERRCODE = 'invalid_parameter_value', HINT = 'leave label and universe out, or leave source out';
        END IF;
        run.source := regexp_replace(source, '[;\s]+$', '');
        PERFORM bourse.check_source(run.source, source_path);
        run.label := 'source';
    END IF;

    run.run_id := bourse.enqueue('train', jsonb_build_object('model', model, 'algorithm', algorithm));
    run.model := model;
    run.algorithm := algorithm;
    run.universe := coalesce(run.universe, universe, 'all');
    run.from_ts := coalesce(run.from_ts, from_ts);
    run.to_ts := coalesce(run.to_ts, to_ts);
    run.seed := seed;
    run.options := CASE WHEN source IS NULL THEN options ELSE options || jsonb_build_object('search_path', source_path) END;
    PERFORM bourse.insert_run(run);
    RETURN run.run_id;
END
$$;
COMMENT ON FUNCTION bourse.train(text, text, text, text, text, timestamptz, timestamptz, jsonb, jsonb, bigint, text, text, jsonb, text) IS 'trains a new version of a model in the background: writes a run and its job in the caller''s transaction and returns their id; docs/reference/training.md';
