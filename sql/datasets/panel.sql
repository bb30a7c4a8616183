-- Raw rows of panels as a dataset sees them: the functions of features/panel.sql with the dataset as last argument.
-- A live dataset sees what is stored now (or was known at its known_at), a pinned one what was stored when it was made.

CREATE OR REPLACE FUNCTION bourse.panel_members_of(universe text, dataset_id bigint) RETURNS TABLE(instrument_id int, from_us bigint, to_us bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    IF EXISTS (SELECT FROM bourse.dataset AS d WHERE d.dataset_id = panel_members_of.dataset_id AND d.pinned AND d.universe = panel_members_of.universe) THEN
        RETURN QUERY SELECT m.instrument_id, bourse.to_unix_us(coalesce(lower(m.span), '-infinity')), bourse.to_unix_us(coalesce(upper(m.span), 'infinity'))
            FROM bourse.dataset_member AS m WHERE m.dataset_id = panel_members_of.dataset_id;
    ELSE
        RETURN QUERY SELECT m.instrument_id, m.from_us, m.to_us FROM bourse.panel_members(universe) AS m;
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.panel_members_of(text, bigint) IS 'as panel_members, for a dataset: a pinned one keeps the membership of its making';

CREATE OR REPLACE FUNCTION bourse.panel_replaced_of(freq text, instrument_ids int[], from_us bigint[], to_us bigint[], dataset_id bigint)
    RETURNS TABLE(instrument_id int, ts timestamptz, open float8, high float8, low float8, close float8, volume float8, amount float8, adj_factor float8)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT h.instrument_id, h.ts, h.open, h.high, h.low, h.close, h.volume, h.amount, h.adj_factor
    FROM bourse.dataset AS d
    CROSS JOIN unnest(panel_replaced_of.instrument_ids, panel_replaced_of.from_us, panel_replaced_of.to_us) AS w(instrument_id, from_us, to_us)
    CROSS JOIN LATERAL (
        SELECT DISTINCT ON (o.ts) o.* FROM bourse.bar_history AS o
        WHERE o.freq = panel_replaced_of.freq AND o.instrument_id = w.instrument_id
            AND o.ts >= bourse.from_unix_us(w.from_us) AND o.ts < bourse.from_unix_us(w.to_us)
            AND o.data_version_id <@ d.data_versions AND o.known_from <= d.known_at
        ORDER BY o.ts, o.known_from DESC, o.data_version_id DESC) AS h
    WHERE d.dataset_id = panel_replaced_of.dataset_id
        AND NOT EXISTS (SELECT FROM bourse.bar AS n WHERE n.freq = h.freq AND n.instrument_id = h.instrument_id AND n.ts = h.ts
                        AND n.data_version_id <@ d.data_versions AND n.known_at <= d.known_at);
END;
COMMENT ON FUNCTION bourse.panel_replaced_of(text, int[], bigint[], bigint[], bigint) IS 'part of panel_rows_of: bars of a pinned dataset that later loads replaced';

CREATE OR REPLACE FUNCTION bourse.panel_rows_of(freq text, instrument_ids int[], from_us bigint[], to_us bigint[], dataset_id bigint)
    RETURNS TABLE(instrument_id int, ts timestamptz, open float8, high float8, low float8, close float8, volume float8, amount float8, adj_factor float8)
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    of_dataset bourse.dataset;
BEGIN
    SELECT d.* INTO STRICT of_dataset FROM bourse.dataset AS d WHERE d.dataset_id = panel_rows_of.dataset_id;
    IF NOT of_dataset.pinned AND of_dataset.known_at IS NULL THEN
        RETURN QUERY SELECT * FROM bourse.panel_rows(freq, instrument_ids, from_us, to_us);
    ELSIF NOT of_dataset.pinned THEN
        RETURN QUERY SELECT * FROM bourse.panel_rows_known(freq, instrument_ids, from_us, to_us, of_dataset.known_at);
    ELSE
        RETURN QUERY
        SELECT b.instrument_id, b.ts, b.open, b.high, b.low, b.close, b.volume, b.amount, b.adj_factor
        FROM unnest(panel_rows_of.instrument_ids, panel_rows_of.from_us, panel_rows_of.to_us) AS w(instrument_id, from_us, to_us)
        CROSS JOIN LATERAL (
            SELECT n.instrument_id, n.ts, n.open, n.high, n.low, n.close, n.volume, n.amount, n.adj_factor
            FROM bourse.bar AS n
            WHERE n.freq = panel_rows_of.freq AND n.instrument_id = w.instrument_id
                AND n.ts >= bourse.from_unix_us(w.from_us) AND n.ts < bourse.from_unix_us(w.to_us)
                AND n.data_version_id <@ of_dataset.data_versions AND n.known_at <= of_dataset.known_at
) AS b
        UNION ALL
        SELECT * FROM bourse.panel_replaced_of(freq, instrument_ids, from_us, to_us, panel_rows_of.dataset_id);
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.panel_rows_of(text, int[], bigint[], bigint[], bigint) IS 'as panel_rows, for a dataset: a pinned one reads the bars of the loads that had ended when it was made';

CREATE OR REPLACE FUNCTION bourse.panel_series_of(freq text, field text, instrument_ids int[], from_us bigint[], to_us bigint[], dataset_id bigint)
    RETURNS TABLE(instrument_id int, ts timestamptz, value float8)
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    of_dataset bourse.dataset;
BEGIN
    SELECT d.* INTO STRICT of_dataset FROM bourse.dataset AS d WHERE d.dataset_id = panel_series_of.dataset_id;
    RETURN QUERY SELECT * FROM bourse.panel_series_known(freq, field, instrument_ids, from_us, to_us, coalesce(of_dataset.known_at, 'infinity'),
                                                         CASE WHEN of_dataset.pinned THEN of_dataset.created_at ELSE 'infinity' END);
END
$$;
COMMENT ON FUNCTION bourse.panel_series_of(text, text, int[], bigint[], bigint[], bigint) IS 'as panel_series, for a dataset: a pinned one reads the values that were there when it was made';

-- Two looks by key an instrument; the costs of filters on many rows would have each statement compiled.
CREATE OR REPLACE FUNCTION bourse.panel_instruments_of(freq text, universe text, instrument_ids int[], dataset_id bigint)
    RETURNS TABLE(instrument_id int, symbol text, calendar text, first_us bigint, last_us bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    of_dataset bourse.dataset;
BEGIN
    SELECT d.* INTO STRICT of_dataset FROM bourse.dataset AS d WHERE d.dataset_id = panel_instruments_of.dataset_id;
    IF NOT of_dataset.pinned THEN
        RETURN QUERY SELECT * FROM bourse.panel_instruments(freq, universe, instrument_ids);
        RETURN;
    END IF;
    RETURN QUERY
    SELECT i.instrument_id, i.symbol, i.calendar, bourse.to_unix_us(least(edge.first, edge.first_replaced)), bourse.to_unix_us(greatest(edge.last, edge.last_replaced))
    FROM bourse.instrument AS i
    CROSS JOIN LATERAL (
        SELECT (SELECT b.ts FROM bourse.bar AS b WHERE b.instrument_id = i.instrument_id AND b.freq = panel_instruments_of.freq
                    AND b.data_version_id <@ of_dataset.data_versions AND b.known_at <= of_dataset.known_at ORDER BY b.ts LIMIT 1) AS first,
               (SELECT b.ts FROM bourse.bar AS b WHERE b.instrument_id = i.instrument_id AND b.freq = panel_instruments_of.freq
                    AND b.data_version_id <@ of_dataset.data_versions AND b.known_at <= of_dataset.known_at ORDER BY b.ts DESC LIMIT 1) AS last,
               r.first AS first_replaced, r.last AS last_replaced
        FROM (SELECT min(h.ts) AS first, max(h.ts) AS last FROM bourse.bar_history AS h
              WHERE h.instrument_id = i.instrument_id AND h.freq = panel_instruments_of.freq
                  AND h.data_version_id <@ of_dataset.data_versions AND h.known_from <= of_dataset.known_at) AS r) AS edge
    WHERE (instrument_ids IS NULL OR i.instrument_id = ANY (instrument_ids)) AND (edge.first IS NOT NULL OR edge.first_replaced IS NOT NULL)
        AND (universe = 'all' OR i.instrument_id IN (SELECT m.instrument_id FROM bourse.panel_members_of(universe, panel_instruments_of.dataset_id) AS m))
    ORDER BY i.instrument_id;
END
$$;
COMMENT ON FUNCTION bourse.panel_instruments_of(text, text, int[], bigint) IS 'as panel_instruments, for a dataset';

CREATE OR REPLACE FUNCTION bourse.panel_times_of(freq text, calendar text, dataset_id bigint) RETURNS TABLE(ts_us bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    of_dataset bourse.dataset;
    times bigint[];
BEGIN
    SELECT d.* INTO STRICT of_dataset FROM bourse.dataset AS d WHERE d.dataset_id = panel_times_of.dataset_id;
    IF NOT of_dataset.pinned THEN
        RETURN QUERY SELECT * FROM bourse.panel_times(freq, calendar);
        RETURN;
    END IF;
    -- as panel_times; a time whose bars were all replaced since is among the replaced ones
    IF NOT EXISTS (SELECT FROM bourse.instrument AS i WHERE i.calendar IS DISTINCT FROM nullif(panel_times_of.calendar, '')) THEN
        times := bourse.stored_times(freq, panel_times_of.dataset_id);
    END IF;
    IF times IS NOT NULL THEN
        RETURN QUERY
        SELECT t.ts_us FROM unnest(times) AS t(ts_us)
        UNION
        SELECT (date_part('epoch', h.ts) * 1e6)::bigint FROM bourse.bar_history AS h
        WHERE h.freq = panel_times_of.freq AND h.data_version_id <@ of_dataset.data_versions AND h.known_from <= of_dataset.known_at
        ORDER BY 1;
        RETURN;
    END IF;
    RETURN QUERY
    WITH RECURSIVE listed AS (
        (SELECT b.ts FROM bourse.bar AS b WHERE b.freq = panel_times_of.freq ORDER BY b.ts LIMIT 1)
        UNION ALL
        SELECT (SELECT b.ts FROM bourse.bar AS b WHERE b.freq = panel_times_of.freq AND b.ts > l.ts ORDER BY b.ts LIMIT 1) FROM listed AS l WHERE l.ts IS NOT NULL
    ), found AS (
        SELECT l.ts FROM listed AS l
        WHERE l.ts IS NOT NULL AND EXISTS (
            SELECT FROM bourse.bar AS b JOIN bourse.instrument AS i ON i.instrument_id = b.instrument_id
            WHERE b.freq = panel_times_of.freq AND b.ts = l.ts AND i.calendar IS NOT DISTINCT FROM nullif(panel_times_of.calendar, '')
                AND b.data_version_id <@ of_dataset.data_versions AND b.known_at <= of_dataset.known_at)
        UNION
        SELECT h.ts FROM bourse.bar_history AS h JOIN bourse.instrument AS i ON i.instrument_id = h.instrument_id
        WHERE h.freq = panel_times_of.freq AND i.calendar IS NOT DISTINCT FROM nullif(panel_times_of.calendar, '')
            AND h.data_version_id <@ of_dataset.data_versions AND h.known_from <= of_dataset.known_at
    )
    SELECT (date_part('epoch', f.ts) * 1e6)::bigint FROM found AS f ORDER BY f.ts;
END
$$;
COMMENT ON FUNCTION bourse.panel_times_of(text, text, bigint) IS 'as panel_times, for a dataset';
