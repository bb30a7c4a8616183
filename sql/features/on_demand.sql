-- Features computed when asked for.

CREATE OR REPLACE FUNCTION bourse.features(feature_set text, symbol text, at timestamptz DEFAULT NULL, known_at timestamptz DEFAULT NULL) RETURNS bourse.fvec
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted bourse.feature_set := bourse.find_feature_set(feature_set);
BEGIN
    RETURN bourse.features_at(wanted.expressions, wanted.freq::text, symbol, at, known_at);
END
$$;
COMMENT ON FUNCTION bourse.features(text, text, timestamptz, timestamptz) IS
    'a set''s features of one symbol at the row at this time, or the newest before it (NULL: the newest): the stored values, computed on demand; NULL before the first bar. known_at: as they were known then, of the newest bar that was closed';

CREATE OR REPLACE FUNCTION bourse.feature_rows(feature_set text, universe text DEFAULT 'all', from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL,
    known_at timestamptz DEFAULT NULL) RETURNS TABLE(symbol text, ts timestamptz, available_at timestamptz, features bourse.fvec)
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    wanted bourse.feature_set := bourse.find_feature_set(feature_set);
    members text := coalesce(bourse.known_universe(feature_rows.universe), 'all');
BEGIN
    IF wanted.materialized AND feature_rows.known_at IS NULL THEN
        RETURN QUERY SELECT i.symbol, v.ts, v.available_at, v.features
        FROM bourse.feature_value AS v JOIN bourse.instrument AS i ON i.instrument_id = v.instrument_id
        WHERE v.feature_set_id = wanted.feature_set_id
            AND (feature_rows.from_ts IS NULL OR v.ts >= feature_rows.from_ts) AND (feature_rows.to_ts IS NULL OR v.ts < feature_rows.to_ts)
            AND (members = 'all' OR EXISTS (SELECT FROM bourse.universe AS u WHERE u.name = members AND u.instrument_id = v.instrument_id AND u.span @> v.ts));
        RETURN;
    END IF;
    RETURN QUERY SELECT p.symbol, p.ts, c.close_at, p.features
    FROM bourse.evaluate_panel(wanted.expressions, members, feature_rows.from_ts, feature_rows.to_ts, wanted.freq::text,
                               jsonb_strip_nulls(jsonb_build_object('known_at', feature_rows.known_at))) AS p
        JOIN bourse.instrument AS i ON i.symbol = p.symbol
        CROSS JOIN LATERAL (SELECT bourse.bar_close(i.instrument_id, wanted.freq::text, p.ts) AS close_at) AS c
    WHERE feature_rows.known_at IS NULL OR c.close_at <= feature_rows.known_at;
END
$$;
COMMENT ON FUNCTION bourse.feature_rows(text, text, timestamptz, timestamptz, timestamptz) IS
    'a set''s features of a universe, from_ts <= ts < to_ts, and when each row is known at the earliest: the stored rows; computed where the set is not stored, or as it was known at a time: bars loaded later are missing, overwritten ones have their old values, unfinished bars have no row';
