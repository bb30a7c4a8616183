-- Yearly partitions of the frequencies below a day, made when the first bar of a year comes.

CREATE OR REPLACE FUNCTION bourse.make_bar_partitions(freq text, from_ts timestamptz, to_ts timestamptz) RETURNS int
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    nfreq  text := bourse.to_freq(freq);
    parent text := 'bar_' || nfreq;
    child  text;
    made   int := 0;
BEGIN
    IF nfreq IN ('1d', '1w', '1mo') THEN RETURN 0; END IF;
    FOR year IN extract(year FROM from_ts) .. extract(year FROM to_ts) LOOP
        child := format('%s_%s', parent, to_char(year, 'FM0000'));
        CONTINUE WHEN to_regclass(format('bourse.%I', child)) IS NOT NULL;
        -- ATTACH needs this lock anyway: readers and writers go on, other makers of partitions wait, then find it made
        EXECUTE format('LOCK TABLE ONLY bourse.%I IN SHARE UPDATE EXCLUSIVE MODE', parent);
        CONTINUE WHEN to_regclass(format('bourse.%I', child)) IS NOT NULL;
        EXECUTE format('CREATE TABLE bourse.%I (LIKE bourse.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', child, parent);
        EXECUTE format('ALTER TABLE bourse.%I ATTACH PARTITION bourse.%I FOR VALUES FROM (%L) TO (%L)', parent, child,
            make_timestamptz(year, 1, 1, 0, 0, 0, 'UTC'), make_timestamptz(year + 1, 1, 1, 0, 0, 0, 'UTC'));
        EXECUTE format('COMMENT ON TABLE bourse.%I IS %L', child, format('bars of %s in %s', nfreq, year));
        made := made + 1;
    END LOOP;
    RETURN made;
END
$$;
COMMENT ON FUNCTION bourse.make_bar_partitions(text, timestamptz, timestamptz)
    IS 'makes the yearly partitions of bar that a span needs; returns how many. SECURITY DEFINER: loaders own no tables';
