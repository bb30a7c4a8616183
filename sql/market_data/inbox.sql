-- COPY bourse.bar_inbox and INSERT INTO bourse.bar_inbox: the rows of a statement are one load.

CREATE OR REPLACE FUNCTION bourse.bar_inbox_load() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM bourse.open_load();
    INSERT INTO pg_temp.bar_series (series, symbol, freq)
    SELECT row_number() OVER (), k.symbol, k.freq
    FROM (SELECT DISTINCT coalesce(btrim(symbol, E' \t'), '') AS symbol, coalesce(btrim(freq), '') AS freq FROM arrived) AS k;
    INSERT INTO pg_temp.bar_stage (row_no, series, ts, open, high, low, close, volume, amount, adj_factor, known_at)
    SELECT a.row_no, r.series, a.ts, a.open, a.high, a.low, a.close, a.volume, a.amount, a.adj_factor, a.known_at
    FROM (SELECT row_number() OVER () AS row_no, n.* FROM arrived AS n) AS a JOIN pg_temp.bar_series AS r ON r.symbol = coalesce(btrim(a.symbol, E' \t'), '') AND r.freq = coalesce(btrim(a.freq), '');
    IF FOUND THEN
        PERFORM bourse.load_bars('bar_inbox');
        DELETE FROM bourse.bar_inbox;  -- sees this statement's rows alone: every other one was deleted by the statement that brought it
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bourse.bar_inbox_load() IS 'loads what a statement put into bar_inbox. SECURITY DEFINER: only loads write bar';

CREATE OR REPLACE TRIGGER bar_inbox_load AFTER INSERT ON bourse.bar_inbox
    REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION bourse.bar_inbox_load();
COMMENT ON TRIGGER bar_inbox_load ON bourse.bar_inbox IS 'loads the rows of the statement';
