-- Frequencies: the names people write, the step of each, its grid.

CREATE OR REPLACE FUNCTION bourse.normal_freq(freq text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE
        WHEN freq IN ('1m', '5m', '15m', '30m', '1h', '4h', '1d', '1w', '1mo') THEN freq
        WHEN freq IN ('1M', 'M') THEN '1mo'
        ELSE CASE lower(btrim(freq))
            WHEN '1m' THEN '1m' WHEN '5m' THEN '5m' WHEN '15m' THEN '15m' WHEN '30m' THEN '30m'
            WHEN '1min' THEN '1m' WHEN 'min' THEN '1m' WHEN '5min' THEN '5m' WHEN '15min' THEN '15m' WHEN '30min' THEN '30m'
            WHEN '1h' THEN '1h' WHEN '60m' THEN '1h' WHEN '60min' THEN '1h' WHEN 'hour' THEN '1h' WHEN '1hour' THEN '1h'
            WHEN '4h' THEN '4h' WHEN '240m' THEN '4h' WHEN '240min' THEN '4h' WHEN '4hour' THEN '4h'
            WHEN '1d' THEN '1d' WHEN 'd' THEN '1d' WHEN 'day' THEN '1d' WHEN '1day' THEN '1d' WHEN 'daily' THEN '1d'
            WHEN '1w' THEN '1w' WHEN 'w' THEN '1w' WHEN 'week' THEN '1w' WHEN '1week' THEN '1w' WHEN 'weekly' THEN '1w'
            WHEN '1mo' THEN '1mo' WHEN 'mo' THEN '1mo' WHEN 'month' THEN '1mo' WHEN '1month' THEN '1mo' WHEN 'monthly' THEN '1mo'
        END
    END;
END;
COMMENT ON FUNCTION bourse.normal_freq(text) IS 'the frequency as bars carry it (day -> 1d, 5min -> 5m); NULL when it is none';

CREATE OR REPLACE FUNCTION bourse.to_freq(freq text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found text := bourse.normal_freq(freq);
BEGIN
    IF found IS NULL THEN
        RAISE EXCEPTION 'unknown frequency %', coalesce(quote_literal(freq), 'NULL')
            USING ERRCODE = '22023', HINT = 'use one of 1m 5m 15m 30m 1h 4h 1d 1w 1mo';
    END IF;
    RETURN found;
END
$$;
COMMENT ON FUNCTION bourse.to_freq(text) IS 'as normal_freq, with an error for a frequency that is none';

CREATE OR REPLACE FUNCTION bourse.freq_step(freq text) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE freq
        WHEN '1m' THEN interval '1 minute' WHEN '5m' THEN interval '5 minutes' WHEN '15m' THEN interval '15 minutes'
        WHEN '30m' THEN interval '30 minutes' WHEN '1h' THEN interval '1 hour' WHEN '4h' THEN interval '4 hours'
        WHEN '1d' THEN interval '24 hours' WHEN '1w' THEN interval '168 hours' WHEN '1mo' THEN interval '1 month'
    END;
END;
COMMENT ON FUNCTION bourse.freq_step(text) IS 'length of a bar; days in hours, so that no time zone changes it';

CREATE OR REPLACE FUNCTION bourse.bar_end(freq text, ts timestamptz) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN freq = '1mo' THEN ((ts AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC'
                ELSE ((ts AT TIME ZONE 'UTC') + bourse.freq_step(freq)) AT TIME ZONE 'UTC' END;
END;
COMMENT ON FUNCTION bourse.bar_end(text, timestamptz) IS 'ts plus one step: the end of a bar where no sessions are known';
