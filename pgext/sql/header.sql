\echo Use "bourse migrate" to set this database up: it makes the schemas and then this extension. \quit
DO $$
BEGIN
    IF to_regnamespace('bourse') IS NULL OR to_regnamespace('ta') IS NULL THEN
        RAISE EXCEPTION 'schemas "bourse" and "ta" must exist before the extension'
            USING ERRCODE = '3F000', HINT = 'run: bourse migrate';
    END IF;
END
$$;
