-- The direct path of `bourse import`: blocks of clean new bars, inserted as they come. What is not simple (a broken rule,
-- a key that exists, sessions) is an error here; the client then rolls back and takes the staged path, load_bars().

-- The staging tables must be those of open_load(): under their names a user's own could run code with the owner's rights.
CREATE OR REPLACE FUNCTION bourse.direct_require(version bigint) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class AS c JOIN pg_roles AS o ON o.oid = c.relowner
                   WHERE c.relnamespace = pg_my_temp_schema() AND c.relname = 'bar_series' AND c.relkind = 'r' AND o.rolname = current_user)
        OR NOT EXISTS (SELECT FROM bourse.data_version AS v WHERE v.data_version_id = version AND v.xmin = pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'data version % is not of a direct load of this transaction', version
            USING ERRCODE = '55000', HINT = 'begin with bourse.open_direct_load(source)';
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.direct_require(bigint) IS 'part of direct loads: an error unless the load was opened in this transaction';

CREATE OR REPLACE FUNCTION bourse.open_direct_load(source text) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    version bigint;
BEGIN
    PERFORM bourse.open_load();
    INSERT INTO bourse.data_version (source) VALUES (open_direct_load.source) RETURNING data_version_id INTO version;
    RETURN version;
END
$$;
COMMENT ON FUNCTION bourse.open_direct_load(text) IS 'begins a direct load, returns its data version. SECURITY DEFINER: only loads write data_version';

CREATE OR REPLACE FUNCTION bourse.direct_series(version bigint, freq text, symbols text[], options jsonb) RETURNS TABLE (instrument_id int, newest timestamptz)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    before int;
    wrong  text;
BEGIN
    PERFORM bourse.direct_require(version);
    IF direct_series.freq IS NULL OR direct_series.freq NOT IN ('1m', '5m', '15m', '30m', '1h', '4h', '1d', '1w') THEN
        RAISE EXCEPTION 'bars of frequency % cannot be loaded directly', quote_nullable(direct_series.freq) USING ERRCODE = '22023', HINT = 'use bourse.load_bars';
    END IF;
    SELECT quote_nullable(s) INTO wrong FROM unnest(symbols) AS s
    WHERE s IS DISTINCT FROM btrim(s, E' \t') OR bourse.bar_rule(s, '1d', '2000-01-03 00:00+00', 1, 1, 1, 1, NULL, NULL, NULL, NULL, '2000-01-04 00:00+00', NULL) IS NOT NULL LIMIT 1;
    IF FOUND THEN RAISE EXCEPTION 'a direct load cannot have the symbol %', wrong USING ERRCODE = '22023'; END IF;
    SELECT coalesce(max(r.series), 0) INTO before FROM pg_temp.bar_series AS r;
    IF EXISTS (SELECT FROM unnest(symbols) AS s GROUP BY s HAVING count(*) > 1) OR EXISTS (SELECT FROM pg_temp.bar_series AS r WHERE r.symbol = ANY (symbols)) THEN
        RAISE EXCEPTION 'a series of a direct load is opened twice' USING ERRCODE = '22023';
    END IF;

    INSERT INTO pg_temp.bar_series (series, symbol, freq, rows, first_row)
    SELECT before + s.n, s.symbol, direct_series.freq, 1, s.n FROM unnest(symbols) WITH ORDINALITY AS s (symbol, n);
    PERFORM bourse.load_know_series(options->>'calendar');
    IF EXISTS (SELECT FROM pg_temp.bar_series AS r WHERE r.series > before AND r.sessions) THEN
        RAISE EXCEPTION 'series whose calendar has sessions cannot be loaded directly' USING ERRCODE = '22023', HINT = 'use bourse.load_bars';
    END IF;
    UPDATE pg_temp.bar_series AS r SET bad = 0 WHERE r.series > before;
    PERFORM bourse.load_make_instruments(options->>'exchange');
    UPDATE pg_temp.bar_series AS r SET rows = 0 WHERE r.series > before;
    RETURN QUERY SELECT r.instrument_id, b.newest
        FROM pg_temp.bar_series AS r
            CROSS JOIN LATERAL (SELECT max(k.ts) AS newest FROM bourse.bar AS k WHERE k.instrument_id = r.instrument_id AND k.freq = direct_series.freq) AS b
        WHERE r.series > before ORDER BY r.series;
END
$$;
COMMENT ON FUNCTION bourse.direct_series(bigint, text, text[], jsonb)
    IS 'instruments of a direct load in the order of the symbols, made where unknown, with their newest bar. SECURITY DEFINER: only loads make instruments';

CREATE OR REPLACE FUNCTION bourse.load_block(block bytea, freq text, version bigint) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
    numbers bigint[];
    known   bigint;
    counted bigint;
BEGIN
    PERFORM bourse.direct_require(version);
    IF block IS NULL OR load_block.freq IS NULL THEN RAISE EXCEPTION 'block or frequency is NULL' USING ERRCODE = '22023'; END IF;
    numbers := bourse.insert_block(block, load_block.freq, version);
    WITH spans AS (
        SELECT numbers[i] AS instrument_id, numbers[i + 1] AS rows, numbers[i + 2] AS from_us, numbers[i + 3] AS to_us, numbers[i + 4] AS without_volume
        FROM generate_series(1, array_length(numbers, 1), 5) AS i),
    noted AS (
        UPDATE pg_temp.bar_series AS r
        SET rows = r.rows + s.rows, without_volume = r.without_volume + s.without_volume,
            from_ts = least(r.from_ts, timestamptz '2000-01-01 00:00:00+00' + s.from_us * interval '1 microsecond'),
            to_ts = greatest(r.to_ts, timestamptz '2000-01-01 00:00:00+00' + s.to_us * interval '1 microsecond')
        FROM spans AS s WHERE r.instrument_id = s.instrument_id AND r.nfreq = load_block.freq AND r.bad = 0
        RETURNING s.rows)
    SELECT count(*), sum(noted.rows) INTO known, counted FROM noted;
    IF known <> array_length(numbers, 1) / 5 THEN
        RAISE EXCEPTION 'the block has an instrument that this load did not open at %', load_block.freq USING ERRCODE = '22023', HINT = 'name it to bourse.direct_series first';
    END IF;
    RETURN counted;
END
$$;
COMMENT ON FUNCTION bourse.load_block(bytea, text, bigint)
    IS 'inserts a block of bars (per row: instrument int4, ts int8 µs, open high low close volume amount adj_factor float8, known_at int8 µs; little-endian, NaN and the lowest int8 = missing). SECURITY DEFINER: only loads write bar, and every row is judged here';

CREATE OR REPLACE FUNCTION bourse.close_direct_load(version bigint, options jsonb, OUT data_version_id bigint, OUT refused boolean, OUT reason text,
        OUT rows_read bigint, OUT rows_loaded bigint, OUT rows_changed bigint, OUT rows_unchanged bigint, OUT rows_duplicate bigint,
        OUT rows_rejected bigint, OUT rows_without_volume bigint, OUT instruments_made int)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    PERFORM bourse.direct_require(version);
    PERFORM bourse.load_check_options(options);
    data_version_id := version;
    refused := false;
    rows_changed := 0;
    rows_unchanged := 0;
    rows_duplicate := 0;
    rows_rejected := 0;
    SELECT coalesce(sum(r.rows), 0), coalesce(sum(r.without_volume), 0), count(*) FILTER (WHERE i.xmin = pg_current_xact_id()::xid)
    INTO rows_loaded, rows_without_volume, instruments_made
    FROM pg_temp.bar_series AS r JOIN bourse.instrument AS i ON i.instrument_id = r.instrument_id WHERE r.rows > r.bad;
    rows_read := rows_loaded;
    PERFORM bourse.load_tell(version, options->>'universe', rows_loaded > 0, true);
    UPDATE bourse.data_version AS v
    SET rows_read = close_direct_load.rows_loaded, rows_loaded = close_direct_load.rows_loaded, rows_without_volume = close_direct_load.rows_without_volume
    WHERE v.data_version_id = version;
    PERFORM bourse.load_keep_file(version, options->'file', false, NULL);
    DELETE FROM pg_temp.bar_series;  -- the load is over: no further block finds its series
END
$$;
COMMENT ON FUNCTION bourse.close_direct_load(bigint, jsonb) IS 'ends a direct load: counts, file, universe, stale feature sets; columns and options as of load_bars. SECURITY DEFINER: only loads write these';
