-- COPY bourse.bar_inbox and INSERT INTO bourse.bar_inbox: the rows of a statement are one load.

CREATE OR REPLACE FUNCTION bourse.bar_inbox_load() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM bourse.open_load();
    INSERT INTO pg_temp.bar_stage (row_no, symbol, freq, ts, open, high, low, close, volume, amount, adj_factor, known_at)
    SELECT row_number() OVER (), coalesce(btrim(symbol, E' \t'), ''), coalesce(btrim(freq), ''), ts, open, high, low, close, volume, amount, adj_factor, known_at
    FROM arrived;
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
