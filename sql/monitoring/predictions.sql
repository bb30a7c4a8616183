-- Predictions that are kept, and what happened afterwards.

CREATE OR REPLACE FUNCTION bourse.log_predictions(model text, from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL, universe text DEFAULT 'all')
RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    version_id bigint := bourse.resolve_model(model);
    pinned text;
    written bigint;
BEGIN
    SELECT m.name || ':' || v.version INTO STRICT pinned
    FROM bourse.model_version AS v JOIN bourse.model AS m USING (model_id) WHERE v.model_version_id = version_id;
    PERFORM pg_advisory_xact_lock(hashtextextended('bourse.log_predictions', version_id));  -- two callers do not write a row twice
    INSERT INTO bourse.prediction (model_version_id, instrument_id, ts, span, prediction)
    SELECT version_id, i.instrument_id, p.ts, 'live', p.prediction
    FROM bourse.predict_table(pinned, from_ts, to_ts, universe) AS p
    JOIN bourse.instrument AS i ON i.symbol = p.symbol
    WHERE p.prediction IS NOT NULL
        AND NOT EXISTS (SELECT FROM bourse.prediction AS x
                        WHERE x.model_version_id = version_id AND x.instrument_id = i.instrument_id AND x.ts = p.ts);
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END
$$;
COMMENT ON FUNCTION bourse.log_predictions(text, timestamptz, timestamptz, text) IS
    'keeps the predictions of a model for from_ts <= ts < to_ts in bourse.prediction and returns how many were new: a version predicts an instrument at a ts once. '
    'SECURITY DEFINER because predictions are written by functions only';

CREATE OR REPLACE FUNCTION bourse.update_outcomes(model text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    asked record;
    written bigint;
    total bigint := 0;
BEGIN
    PERFORM bourse.find_model(update_outcomes.model);  -- MB001 for an unknown name
    FOR asked IN
        SELECT v.label, s.freq, min(p.ts) AS first_ts, max(p.ts) AS last_ts,
            (SELECT c.lookahead_bars FROM bourse.check_expressions(ARRAY[v.label], bourse.known_fields(s.freq)) AS c) AS lookahead_bars
        FROM bourse.prediction AS p
        JOIN bourse.model_version AS v USING (model_version_id)
        JOIN bourse.model AS m USING (model_id)
        JOIN bourse.feature_set AS s USING (feature_set_id)
        WHERE (update_outcomes.model IS NULL OR m.name = update_outcomes.model) AND v.label IS NOT NULL
            AND NOT EXISTS (SELECT FROM bourse.outcome AS o
                            WHERE o.label = v.label AND o.freq = s.freq AND o.instrument_id = p.instrument_id AND o.ts = p.ts)
        GROUP BY v.label, s.freq ORDER BY v.label, s.freq
    LOOP
        -- Up to the newest bar, so that a row can be told to have its whole horizon behind it: a label that compares
        -- ($close > 1.01 * …) has a value, 0, also where the future is not there yet.
        INSERT INTO bourse.outcome (label, freq, instrument_id, ts, outcome)
        SELECT asked.label, asked.freq, i.instrument_id, e.ts, e.features[1]
        FROM (SELECT p.symbol, p.ts, p.features, row_number() OVER (PARTITION BY p.symbol ORDER BY p.ts DESC) AS nth_newest
              FROM bourse.evaluate_panel(ARRAY[asked.label], 'all', asked.first_ts, NULL, asked.freq::text) AS p) AS e
        JOIN bourse.instrument AS i ON i.symbol = e.symbol
        WHERE e.nth_newest > asked.lookahead_bars AND e.ts <= asked.last_ts AND e.features[1] NOT IN ('NaN', 'Infinity', '-Infinity')
            AND EXISTS (SELECT FROM bourse.prediction AS p JOIN bourse.model_version AS v USING (model_version_id)
                        JOIN bourse.feature_set AS s USING (feature_set_id)
                        WHERE v.label = asked.label AND s.freq = asked.freq AND p.instrument_id = i.instrument_id AND p.ts = e.ts)
        ON CONFLICT ON CONSTRAINT outcome_pkey DO NOTHING;
        GET DIAGNOSTICS written = ROW_COUNT;
        total := total + written;
    END LOOP;
    RETURN total;
END
$$;
COMMENT ON FUNCTION bourse.update_outcomes(text) IS
    'computes the label of every kept prediction (of one model, NULL: of all) whose horizon has passed, stores it in bourse.outcome and returns how many were new; '
    'a known outcome stays. SECURITY DEFINER because outcomes are written by functions only';
