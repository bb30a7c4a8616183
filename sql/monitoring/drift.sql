-- Has the market moved away from what a model was trained on? Feature by feature: KS and PSI against the training data.

-- Start of the newest `days` distinct days (UTC) before to_ts; one index probe a day.
CREATE OR REPLACE FUNCTION bourse.drift_span_start(feature_set_id int, universe text, to_ts timestamptz, days int) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    members int[] := ARRAY(SELECT DISTINCT u.instrument_id FROM bourse.universe AS u WHERE u.name = drift_span_start.universe);
    newest timestamptz;
    day_start timestamptz := drift_span_start.to_ts;
BEGIN
    FOR i IN 1 .. greatest(days, 1) LOOP
        IF universe = 'all' THEN
            SELECT max(v.ts) INTO newest FROM bourse.feature_value AS v
            WHERE v.feature_set_id = drift_span_start.feature_set_id AND v.ts < day_start;
        ELSE
            SELECT v.ts INTO newest FROM bourse.feature_value AS v
            WHERE v.feature_set_id = drift_span_start.feature_set_id AND v.ts < day_start AND v.instrument_id = ANY (members)
            ORDER BY v.ts DESC LIMIT 1;
        END IF;
        EXIT WHEN newest IS NULL;
        day_start := date_trunc('day', newest, 'UTC');
    END LOOP;
    RETURN nullif(day_start, drift_span_start.to_ts);
END
$$;
COMMENT ON FUNCTION bourse.drift_span_start(int, text, timestamptz, int) IS 'first instant of the newest days with stored rows before to_ts; NULL when there are none';

CREATE OR REPLACE FUNCTION bourse.drift_advice(verdict text, verdict_before text, missing_reference_ratio float8, missing_current_ratio float8)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.concat_ws('; ',
    CASE verdict
        WHEN 'insufficient_data' THEN 'too few values to compare: ask for a longer span'
        WHEN 'none' THEN CASE WHEN missing_current_ratio - missing_reference_ratio >= 0.1 THEN NULL ELSE 'none' END
        ELSE CASE WHEN verdict_before IN ('moderate', 'severe') THEN 'investigate: second window in a row; retrain if realised IC fell as well'
                  ELSE 'watch: first window beyond a limit' END
    END,
    CASE WHEN missing_current_ratio - missing_reference_ratio >= 0.1 THEN
        pg_catalog.format('check the data: missing values rose from %s %% to %s %%',
            pg_catalog.round((100 * missing_reference_ratio)::numeric, 1), pg_catalog.round((100 * missing_current_ratio)::numeric, 1)) END);
COMMENT ON FUNCTION bourse.drift_advice(text, text, float8, float8) IS 'what to do about a feature: none, watch, investigate, check the data';

-- The version and the span to compare; errors when there is nothing to compare with.
CREATE OR REPLACE FUNCTION bourse.drift_request(model text, from_ts timestamptz, to_ts timestamptz,
    OUT model_version_id bigint, OUT feature_set_id int, OUT universe text, OUT span_from timestamptz, OUT span_to timestamptz)
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wanted record;
BEGIN
    IF model IS NULL THEN
        RAISE EXCEPTION 'model must not be NULL' USING ERRCODE = '22004';
    ELSIF from_ts >= to_ts THEN
        RAISE EXCEPTION 'from_ts % is not before to_ts %', from_ts, to_ts USING ERRCODE = '22023';
    END IF;
    SELECT v.model_version_id, v.feature_set_id, format('%s:%s', m.name, v.version) AS reference, s.name AS set_name,
        coalesce(r.universe, 'all') AS universe,
        EXISTS (SELECT FROM bourse.drift_reference AS d WHERE d.model_version_id = v.model_version_id) AS has_reference
    INTO STRICT wanted
    FROM bourse.model_version AS v JOIN bourse.model AS m USING (model_id)
    LEFT JOIN bourse.feature_set AS s USING (feature_set_id) LEFT JOIN bourse.run AS r USING (run_id)
    WHERE v.model_version_id = bourse.resolve_model(drift_request.model);
    IF wanted.feature_set_id IS NULL OR NOT wanted.has_reference THEN
        RAISE EXCEPTION 'model % has no training data to compare with', wanted.reference USING ERRCODE = 'MB040',
            DETAIL = CASE WHEN wanted.feature_set_id IS NULL THEN 'it was imported or trained without a feature set'
                          ELSE 'no drift reference was stored with it' END,
            HINT = 'train it on a feature set: SELECT bourse.train(…, feature_set => …)';
    END IF;
    model_version_id := wanted.model_version_id;
    feature_set_id := wanted.feature_set_id;
    universe := wanted.universe;
    span_to := coalesce(to_ts, 'infinity');
    span_from := coalesce(from_ts, bourse.drift_span_start(feature_set_id, universe, span_to, bourse.setting_number('drift_days')::int));
    SELECT min(v.ts), max(v.ts) INTO span_from, span_to FROM bourse.feature_value AS v
    WHERE v.feature_set_id = drift_request.feature_set_id AND v.ts >= span_from AND v.ts < span_to
      AND (drift_request.universe = 'all' OR EXISTS (SELECT FROM bourse.universe AS u
           WHERE u.name = drift_request.universe AND u.instrument_id = v.instrument_id AND u.span @> v.ts));
    IF span_from IS NULL THEN
        RAISE EXCEPTION 'feature set "%" has no stored rows of universe "%"%', wanted.set_name, universe,
                coalesce(' from ' || from_ts, '') || coalesce(' before ' || to_ts, '')
            USING ERRCODE = 'MB040', HINT = format('load bars, or SELECT bourse.refresh_features(%L)', wanted.set_name);
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.drift_request(text, timestamptz, timestamptz) IS 'part of bourse.drift: the version, its universe, first and last stored ts to compare';

CREATE OR REPLACE FUNCTION bourse.drift(model text, from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL)
RETURNS TABLE(feature text, ks float8, p_value float8, psi float8, missing_reference_ratio float8, missing_current_ratio float8, verdict text, advice text)
LANGUAGE plpgsql VOLATILE ROWS 100 SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    request record;
    severe_ks float8 := bourse.setting_number('drift_severe_ks');
    severe_psi float8 := bourse.setting_number('drift_severe_psi');
    moderate_effect float8 := bourse.setting_number('drift_moderate_effect');
    alpha float8 := bourse.setting_number('drift_alpha');
    min_values float8 := bourse.setting_number('drift_min_values');
    checked timestamptz := clock_timestamp();
BEGIN
    SELECT * INTO STRICT request FROM bourse.drift_request(drift.model, drift.from_ts, drift.to_ts);
    RETURN QUERY
    WITH measured AS (
        SELECT d.*, d.missing_reference / nullif(d.n_reference + d.missing_reference, 0)::float8 AS reference_ratio,
            d.missing_current / nullif(d.n_current + d.missing_current, 0)::float8 AS current_ratio
        FROM bourse.drift_statistics(request.model_version_id, request.feature_set_id, request.span_from,
                                     request.span_to + interval '1 microsecond', request.universe) AS d
    ), judged AS (
        SELECT m.*, CASE
            WHEN least(m.n_reference, m.n_current) < min_values OR m.n_reference = 0 OR m.n_current = 0 THEN 'insufficient_data'
            WHEN m.psi >= severe_psi OR m.ks >= severe_ks THEN 'severe'
            WHEN m.p_value < alpha AND (m.ks >= moderate_effect OR m.psi >= moderate_effect) THEN 'moderate'
            ELSE 'none' END AS verdict
        FROM measured AS m
    ), before AS (  -- windows that overlap this one by less than half: a check every night is not a second window
        SELECT DISTINCT ON (r.feature) r.feature, r.verdict FROM bourse.drift_result AS r
        WHERE r.model_version_id = request.model_version_id AND r.to_ts <= request.span_from + (request.span_to - request.span_from) / 2
        ORDER BY r.feature, r.to_ts DESC, r.checked_at DESC
    ), kept AS (
        INSERT INTO bourse.drift_result AS k (model_version_id, checked_at, from_ts, to_ts, feature, ks, p_value, psi,
                                              missing_reference_ratio, missing_current_ratio, verdict, advice)
        SELECT request.model_version_id, checked, request.span_from, request.span_to, j.feature, j.ks, j.p_value, j.psi,
            j.reference_ratio, j.current_ratio, j.verdict, bourse.drift_advice(j.verdict, b.verdict, j.reference_ratio, j.current_ratio)
        FROM judged AS j LEFT JOIN before AS b USING (feature)
        RETURNING k.feature, k.ks, k.p_value, k.psi, k.missing_reference_ratio, k.missing_current_ratio, k.verdict, k.advice
    )
    SELECT k.* FROM kept AS k
    ORDER BY array_position(ARRAY['severe', 'moderate', 'insufficient_data', 'none'], k.verdict), k.psi DESC NULLS LAST, k.feature;
END
$$;
COMMENT ON FUNCTION bourse.drift(text, timestamptz, timestamptz) IS
    'features stored with from_ts <= ts < to_ts against the training data of a version (default: the newest 60 days), worst first; kept in bourse_bi.drift';
