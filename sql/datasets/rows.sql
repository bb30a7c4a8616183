-- Rows of datasets, and what was learned from them.

CREATE OR REPLACE FUNCTION bourse.dataset_rows(dataset text, fold int DEFAULT NULL, part text DEFAULT NULL, processed boolean DEFAULT true)
    RETURNS TABLE(symbol text, ts timestamptz, part text, label_end timestamptz, features bourse.fvec, label float8, outcome float8)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.symbol, r.ts, r.part, r.label_end, r.features, r.label, r.outcome
    FROM bourse.dataset_rows_of(bourse.dataset_definition((bourse.find_dataset(dataset_rows.dataset)).dataset_id), dataset_rows.fold, dataset_rows.part,
                                dataset_rows.processed) AS r;
END;
COMMENT ON FUNCTION bourse.dataset_rows(text, int, text, boolean) IS
    'rows of a fold (NULL: the last) and part (NULL: all): what a training learns from; label is what is learned, outcome the label itself; processed false: before processors';

CREATE OR REPLACE FUNCTION bourse.dataset_fit(dataset text, fold int DEFAULT NULL)
    RETURNS TABLE(step int, processor text, feature text, parameter text, value float8)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    wanted bourse.dataset := bourse.find_dataset(dataset);
BEGIN
    RETURN QUERY SELECT r.* FROM bourse.dataset_fit_of(bourse.dataset_definition(wanted.dataset_id), dataset_fit.fold) AS r;
END
$$;
COMMENT ON FUNCTION bourse.dataset_fit(text, int) IS
    'what the processors of a dataset learned from the train part of a fold (NULL: the last): centre and scale, or the ends of a clip; feature NULL: the label';

CREATE OR REPLACE FUNCTION bourse.check_dataset(dataset text) RETURNS TABLE(fold int, part text, rows bigint, purged_rows bigint, sha256 text, equal boolean)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    wanted bourse.dataset := bourse.find_dataset(dataset);
BEGIN
    RETURN QUERY
    SELECT s.fold, s.part, s.rows, s.purged_rows, s.sha256,
        CASE WHEN s.fold IS NULL THEN wanted.content_sha256 = s.sha256
             ELSE (SELECT p.sha256 = s.sha256 FROM bourse.dataset_part AS p WHERE p.dataset_id = wanted.dataset_id AND p.fold = s.fold AND p.part = s.part) END
    FROM bourse.dataset_scan_of(bourse.dataset_definition(wanted.dataset_id)) AS s;
END
$$;
COMMENT ON FUNCTION bourse.check_dataset(text) IS
    'counts and hashes the rows of a dataset now; equal: as its build found them, NULL before that; fold NULL: the whole dataset';

CREATE OR REPLACE FUNCTION bourse.dataset_built(dataset_id bigint, counts jsonb) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE bourse.dataset AS d SET built_at = now(), rows = (counts ->> 'rows')::bigint, rows_without_label = (counts ->> 'rows_without_label')::bigint,
        content_sha256 = counts ->> 'sha256'
    WHERE d.dataset_id = dataset_built.dataset_id;
    DELETE FROM bourse.dataset_part AS p WHERE p.dataset_id = dataset_built.dataset_id;
    INSERT INTO bourse.dataset_part (dataset_id, fold, part, rows, purged_rows, sha256)
    SELECT dataset_built.dataset_id, p.fold, p.part, p.rows, p.purged_rows, p.sha256
    FROM jsonb_to_recordset(counts -> 'parts') AS p(fold int, part text, rows bigint, purged_rows bigint, sha256 text);
END
$$;
COMMENT ON FUNCTION bourse.dataset_built(bigint, jsonb) IS 'part of the job build_dataset: keeps what it found; SECURITY DEFINER because datasets are written through functions only';
