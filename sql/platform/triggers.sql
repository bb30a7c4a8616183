-- Statement triggers with the changed rows: PostgreSQL wants one for each event, since each has another transition table.

CREATE OR REPLACE FUNCTION bourse.on_any_change(changed_table text, handler text, suffix text, meaning text) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    each record;
    trigger_name text;
BEGIN
    FOR each IN SELECT * FROM (VALUES ('inserted', 'INSERT', 'NEW'), ('updated', 'UPDATE', 'NEW'), ('deleted', 'DELETE', 'OLD')) AS e(name, event, rows) LOOP
        trigger_name := concat_ws('_', (SELECT c.relname FROM pg_class AS c WHERE c.oid = changed_table::regclass), each.name, suffix);
        EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER %s ON %s REFERENCING %s TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION %s',
            trigger_name, each.event, changed_table::regclass, each.rows, handler);
        EXECUTE format('COMMENT ON TRIGGER %I ON %s IS %L', trigger_name, changed_table::regclass, meaning);
    END LOOP;
END
$$;
COMMENT ON FUNCTION bourse.on_any_change(text, text, text, text) IS
    'internal: three statement triggers of a table, <table>_inserted, _updated and _deleted (and a suffix), that call a handler with the rows in "changed": new ones, of a DELETE the old ones';
