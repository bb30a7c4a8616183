-- Predictions over stored features.

CREATE OR REPLACE FUNCTION bourse.known_universe(universe text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF universe = 'all' OR EXISTS (SELECT FROM bourse.universe AS u WHERE u.name = known_universe.universe) THEN
        RETURN universe;
    END IF;
    RAISE EXCEPTION 'universe "%" does not exist', left(universe, 200) USING ERRCODE = '22023',
        HINT = format('universes: %s', (SELECT string_agg(n, ', ') FROM (SELECT 'all' AS n UNION SELECT u.name FROM bourse.universe AS u ORDER BY 1 LIMIT 20) AS names));
END
$$;
COMMENT ON FUNCTION bourse.known_universe(text) IS 'the universe itself, or 22023 with the list of those there are';

CREATE OR REPLACE FUNCTION bourse.known_symbols(symbols text[]) RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    unknown text := (SELECT min(s) FROM unnest(symbols) AS s WHERE NOT EXISTS (SELECT FROM bourse.instrument AS i WHERE i.symbol = s));
BEGIN
    IF unknown IS NOT NULL THEN
        RAISE EXCEPTION 'symbol "%" does not exist', left(unknown, 200) USING ERRCODE = '22023',
            HINT = coalesce(format('did you mean "%s"?', bourse.nearest(unknown, ARRAY(SELECT i.symbol FROM bourse.instrument AS i))),
                            'SELECT symbol FROM bourse.instrument lists the symbols there are');
    END IF;
    RETURN symbols;
END
$$;
COMMENT ON FUNCTION bourse.known_symbols(text[]) IS 'the symbols themselves, or 22023 with the nearest one';

CREATE OR REPLACE FUNCTION bourse.model_universe(model_version_id bigint) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT r.universe FROM bourse.model_version AS v JOIN bourse.run AS r ON r.run_id = v.run_id
                     WHERE v.model_version_id = model_universe.model_version_id), 'all');
END
$$;
COMMENT ON FUNCTION bourse.model_universe(bigint) IS
    'part of bourse.predict_table: the universe whose members a version learned from. SECURITY DEFINER because whoever may predict need not see runs';

CREATE OR REPLACE FUNCTION bourse.predict_table(model text, from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL, universe text DEFAULT 'all',
    symbols text[] DEFAULT NULL, known_at timestamptz DEFAULT NULL)
RETURNS TABLE(symbol text, ts timestamptz, available_at timestamptz, prediction float8, rank int, model_version int)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT p.symbol, p.ts, p.available_at, p.prediction, p.rank, p.model_version
    FROM bourse.predict_feature_rows(predict_table.model, predict_table.from_ts, predict_table.to_ts,
                                     bourse.known_universe(predict_table.universe), bourse.known_symbols(predict_table.symbols), predict_table.known_at) AS p;
END;
COMMENT ON FUNCTION bourse.predict_table(text, timestamptz, timestamptz, text, text[], timestamptz) IS
    'predictions for every feature row with from_ts <= ts < to_ts, universe membership tested at ts; rank 1 is the highest of its ts; known_at: from what was known and available then';

CREATE OR REPLACE FUNCTION bourse.predict_table_proba(model text, from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL, universe text DEFAULT 'all',
    symbols text[] DEFAULT NULL, known_at timestamptz DEFAULT NULL)
RETURNS TABLE(symbol text, ts timestamptz, available_at timestamptz, probabilities float8[], model_version int)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT p.symbol, p.ts, p.available_at, p.probabilities, p.model_version
    FROM bourse.predict_proba_feature_rows(predict_table_proba.model, predict_table_proba.from_ts, predict_table_proba.to_ts,
        bourse.known_universe(predict_table_proba.universe), bourse.known_symbols(predict_table_proba.symbols), predict_table_proba.known_at) AS p;
END;
COMMENT ON FUNCTION bourse.predict_table_proba(text, timestamptz, timestamptz, text, text[], timestamptz) IS
    'bourse.predict_proba for the rows of bourse.predict_table: probabilities per class, class 0 first; only for models that classify';

CREATE OR REPLACE FUNCTION bourse.top(model text, at timestamptz DEFAULT NULL, n int DEFAULT 20) RETURNS TABLE(rank int, symbol text, prediction float8)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT p.rank, p.symbol, p.prediction
    FROM bourse.model_version AS m
    JOIN bourse.feature_set AS s USING (feature_set_id)
    CROSS JOIN LATERAL (
        (SELECT v.ts FROM bourse.feature_value AS v
         WHERE s.materialized AND v.feature_set_id = s.feature_set_id AND v.available_at <= coalesce(top.at, 'infinity')
         ORDER BY v.ts DESC LIMIT 1)
        UNION ALL
        (SELECT b.ts FROM bourse.bar AS b
         WHERE NOT s.materialized AND b.freq = s.freq AND (top.at IS NULL OR bourse.bar_close(b.instrument_id, b.freq::text, b.ts) <= top.at)
         ORDER BY b.ts DESC LIMIT 1)) AS latest
    CROSS JOIN LATERAL bourse.predict_table(top.model, latest.ts, latest.ts + interval '1 microsecond') AS p
    WHERE m.model_version_id = bourse.resolve_model(top.model)
    ORDER BY p.rank, p.symbol LIMIT top.n;
END;
COMMENT ON FUNCTION bourse.top(text, timestamptz, int) IS 'the n highest predictions of the newest feature rows that were available at a time (NULL: the newest there are)';
