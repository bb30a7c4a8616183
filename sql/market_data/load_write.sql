-- Parts of load_bars that write bars.

-- New keys, in key order, so that loads of the same keys cannot wait for each other in a circle. Keys that are there
-- are left alone and not counted.
CREATE OR REPLACE FUNCTION bourse.load_insert(version bigint, keys_ascend boolean) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    all_good boolean := NOT EXISTS (SELECT FROM pg_temp.bar_series WHERE bad > 0) AND NOT EXISTS (SELECT FROM pg_temp.bar_repeat);
    with_sessions boolean := EXISTS (SELECT FROM pg_temp.bar_series WHERE sessions);
    -- instrument after instrument in the order of their ids: the rows are in key order as they came
    in_key_order boolean := keys_ascend AND NOT EXISTS (
        SELECT FROM (SELECT first_row, lag(last_row) OVER (ORDER BY instrument_id, nfreq) AS row_before FROM pg_temp.bar_series) AS r WHERE first_row < row_before);
    statement text := format($insert$
        INSERT INTO bourse.bar (instrument_id, freq, ts, open, high, low, close, volume, amount, adj_factor, known_at, data_version_id)
        SELECT g.instrument_id, g.nfreq, g.ts, g.open, g.high, g.low, g.close, g.volume, g.amount, g.adj_factor,
            coalesce(g.known_at, %s CASE WHEN g.nfreq = '1mo' THEN bourse.bar_end(g.nfreq, g.ts) ELSE g.ts + g.step END), $1
        FROM %s AS g %s %s $insert$,
        CASE WHEN with_sessions THEN 'k.close_at, CASE WHEN g.sessions AND g.nfreq <> ''1d'' THEN bourse.session_close(g.calendar, g.nfreq, g.ts) END,' ELSE '' END,
        CASE WHEN all_good THEN 'pg_temp.bar_all' ELSE 'pg_temp.bar_good' END,
        CASE WHEN with_sessions THEN 'LEFT JOIN bourse.calendar AS k ON g.sessions AND g.nfreq = ''1d'' AND k.calendar = g.calendar AND k.session = bourse.session_date(g.ts)' ELSE '' END,
        CASE WHEN in_key_order THEN '' ELSE 'ORDER BY g.instrument_id, g.nfreq, g.ts' END);
    loaded bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_temp.bar_series AS r
                   WHERE r.rows > r.bad AND EXISTS (SELECT FROM bourse.bar AS b WHERE b.instrument_id = r.instrument_id AND b.freq = r.nfreq
                                                        AND b.ts BETWEEN r.from_ts AND r.to_ts)) THEN
        -- nothing is there: a plain insert costs a third less than looking for conflicts row by row
        BEGIN
            EXECUTE statement USING version;
            GET DIAGNOSTICS loaded = ROW_COUNT;
            RETURN loaded;
        EXCEPTION WHEN unique_violation THEN
            NULL;  -- another load was quicker with one of the keys: below
        END;
    END IF;
    EXECUTE statement || ' ON CONFLICT DO NOTHING' USING version;
    GET DIAGNOSTICS loaded = ROW_COUNT;
    RETURN loaded;
END
$$;
COMMENT ON FUNCTION bourse.load_insert(bigint, boolean) IS 'part of load_bars: new keys';

-- Keys that were there: equal values stay untouched, others are replaced and the old ones move to bar_history.
CREATE OR REPLACE FUNCTION bourse.load_overwrite(version bigint, load_at timestamptz) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    changed bigint;
BEGIN
    -- Locked first, in key order; the next statement then sees what others committed meanwhile. Stage row by stage row
    -- through bar's key (OFFSET 0 keeps the planner from any other way): bar may be large and its statistics old.
    PERFORM FROM (SELECT * FROM pg_temp.bar_good ORDER BY instrument_id, nfreq, ts) AS g
        CROSS JOIN LATERAL (
            SELECT FROM bourse.bar AS b
            WHERE b.instrument_id = g.instrument_id AND b.freq = g.nfreq AND b.ts = g.ts AND b.data_version_id <> version
                AND (b.open, b.high, b.low, b.close, b.volume, b.amount, b.adj_factor) IS DISTINCT FROM (g.open, g.high, g.low, g.close, g.volume, g.amount, g.adj_factor)
            OFFSET 0 FOR UPDATE) AS old;
    IF NOT FOUND THEN RETURN 0; END IF;

    WITH fresh AS MATERIALIZED (
        SELECT b.*, g.open AS new_open, g.high AS new_high, g.low AS new_low, g.close AS new_close, g.volume AS new_volume, g.amount AS new_amount, g.adj_factor AS new_factor
        FROM pg_temp.bar_good AS g
            CROSS JOIN LATERAL (
                SELECT * FROM bourse.bar AS o
                WHERE o.instrument_id = g.instrument_id AND o.freq = g.nfreq AND o.ts = g.ts AND o.data_version_id <> version
                    AND (o.open, o.high, o.low, o.close, o.volume, o.amount, o.adj_factor) IS DISTINCT FROM (g.open, g.high, g.low, g.close, g.volume, g.amount, g.adj_factor)
                OFFSET 0) AS b),
    kept AS (
        INSERT INTO bourse.bar_history (instrument_id, freq, ts, open, high, low, close, volume, amount, adj_factor, known_from, known_until, data_version_id)
        SELECT f.instrument_id, f.freq, f.ts, f.open, f.high, f.low, f.close, f.volume, f.amount, f.adj_factor, f.known_at,
            greatest(load_at, f.known_at), f.data_version_id FROM fresh AS f)
    UPDATE bourse.bar AS b
    SET open = f.new_open, high = f.new_high, low = f.new_low, close = f.new_close, volume = f.new_volume, amount = f.new_amount, adj_factor = f.new_factor,
        known_at = greatest(load_at, f.known_at),  -- a bar is not known before its close, even when it is corrected before
        data_version_id = version
    FROM fresh AS f WHERE b.instrument_id = f.instrument_id AND b.freq = f.freq AND b.ts = f.ts;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;
COMMENT ON FUNCTION bourse.load_overwrite(bigint, timestamptz) IS 'part of load_bars: keys that were there before';

-- A bar of another frequency may count in any row of the longer of the two, and in later ones until the next.
CREATE OR REPLACE FUNCTION bourse.dirty_from(set_freq text, bar_freq text, ts timestamptz) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN bar_freq = set_freq THEN ts ELSE ts - interval '32 days' END;
END;
COMMENT ON FUNCTION bourse.dirty_from(text, text, timestamptz) IS 'part of load_bars: the first row of a set that a bar at this time can move';

CREATE OR REPLACE FUNCTION bourse.dirty_to(set_freq text, bar_freq text, ts timestamptz) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN bar_freq = set_freq THEN bourse.bar_end(bar_freq, ts) ELSE 'infinity' END;
END;
COMMENT ON FUNCTION bourse.dirty_to(text, text, timestamptz) IS 'part of load_bars: the end of the rows of a set that a bar at this time moves by itself';

-- Tells stored feature sets what moved. Materializing a set takes the other form of the lock: no load falls between.
CREATE OR REPLACE FUNCTION bourse.load_mark_dirty(version bigint, all_new boolean) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    marked bigint;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('bourse.materialize'));
    IF NOT EXISTS (SELECT FROM bourse.feature_set WHERE materialized) THEN RETURN 0; END IF;
    IF all_new THEN  -- every good row is new: the spans are known already
        INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts)
        SELECT f.feature_set_id, r.instrument_id, bourse.dirty_from(f.freq, r.nfreq, min(r.from_ts)), bourse.dirty_to(f.freq, r.nfreq, max(r.to_ts))
        FROM pg_temp.bar_series AS r JOIN bourse.feature_set AS f ON f.materialized AND (f.freq = r.nfreq OR r.nfreq = ANY (f.other_freqs))
        WHERE r.rows > r.bad GROUP BY f.feature_set_id, r.instrument_id, r.nfreq;
    ELSE
        INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts)
        SELECT f.feature_set_id, b.instrument_id, bourse.dirty_from(f.freq, b.freq, min(b.ts)), bourse.dirty_to(f.freq, b.freq, max(b.ts))
        FROM pg_temp.bar_good AS g
            CROSS JOIN LATERAL (SELECT * FROM bourse.bar AS n
                                WHERE n.instrument_id = g.instrument_id AND n.freq = g.nfreq AND n.ts = g.ts AND n.data_version_id = version OFFSET 0) AS b
            JOIN bourse.feature_set AS f ON f.materialized AND (f.freq = b.freq OR b.freq = ANY (f.other_freqs))
        GROUP BY f.feature_set_id, b.instrument_id, b.freq;
    END IF;
    GET DIAGNOSTICS marked = ROW_COUNT;
    RETURN marked;
END
$$;
COMMENT ON FUNCTION bourse.load_mark_dirty(bigint, boolean) IS 'part of load_bars: feature_dirty rows [from_ts, to_ts) per stored set and touched instrument';

-- What follows from the bars of a load.
CREATE OR REPLACE FUNCTION bourse.load_tell(version bigint, universe text, touched boolean, all_new boolean) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF load_tell.universe IS NOT NULL THEN
        INSERT INTO bourse.universe (name, instrument_id)
        SELECT DISTINCT load_tell.universe, r.instrument_id FROM pg_temp.bar_series AS r
        WHERE r.rows > r.bad AND NOT EXISTS (SELECT FROM bourse.universe AS u WHERE u.name = load_tell.universe AND u.instrument_id = r.instrument_id);
    END IF;
    IF touched AND bourse.load_mark_dirty(version, all_new) > 0 AND to_regprocedure('bourse.ring()') IS NOT NULL THEN
        EXECUTE 'SELECT bourse.ring()';
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.load_tell(bigint, text, boolean, boolean) IS 'part of loads: universe, stale spans of stored feature sets, the bell';

CREATE OR REPLACE FUNCTION bourse.load_keep_file(version bigint, file jsonb, refused boolean, reason text) RETURNS void
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO bourse.data_file (data_version_id, path, sha256, size_bytes, modified_at, options, state, reason)
    SELECT version, file->>'path', decode(file->>'sha256', 'hex'), (file->>'size_bytes')::bigint, (file->>'modified_at')::timestamptz,
        coalesce(file->'options', '{}'), CASE WHEN load_keep_file.refused THEN 'refused' ELSE 'loaded' END, load_keep_file.reason
    WHERE file IS NOT NULL;
END;
COMMENT ON FUNCTION bourse.load_keep_file(bigint, jsonb, boolean, text) IS 'part of loads: the file''s row';
