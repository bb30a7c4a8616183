-- No label of train or valid knows what comes after its part: bars from where the next part begins are changed, and no row moves. Without the purge the same change moves labels.
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT setseed(0.31);
CREATE TABLE public.price AS SELECT i, d, timestamptz '2023-01-02' + d * interval '1 day' AS ts, 50 + 10 * random() AS c FROM generate_series(1, 6) AS i, generate_series(0, 199) AS d;
INSERT INTO bourse.instrument (symbol, calendar) SELECT 'S' || i, '24x7' FROM generate_series(1, 6) AS i;
-- holes and runs of holes: an instrument's label window reaches further than its horizon in days
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
SELECT 'S' || i, '1d', ts, c, c * 1.02, c * 0.98, c, 100 FROM public.price WHERE NOT (i = 2 AND d % 7 = 3) AND NOT (i = 3 AND d % 23 BETWEEN 10 AND 14) AND NOT (i = 4 AND (d * 37) % 11 < 3);
SELECT bourse.create_feature_set('near', '{"a": "$close", "b": "$close/Ref($close,3)", "c": "CSRank($close)"}'::jsonb) > 0 AS made;

-- changed_parts(DATASET, FOLD): rows of a part whose symbol, time, features or label are others once every bar from the next part's first time on is another. Everything is put back.
CREATE FUNCTION public.changed_parts(dataset text, fold int) RETURNS TABLE(part text, rows bigint, moved bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    next_from timestamptz;
BEGIN
    FOREACH part IN ARRAY ARRAY['train', 'valid'] LOOP
        CREATE TEMP TABLE before AS SELECT r.symbol, r.ts, r.label_end, r.features, r.label FROM bourse.dataset_rows(dataset, fold, part, processed => false) AS r;
        SELECT min(f.from_ts) INTO next_from FROM bourse.dataset_folds(dataset) AS f WHERE f.fold = changed_parts.fold AND f.part = CASE changed_parts.part WHEN 'train' THEN 'valid' ELSE 'test' END;
        BEGIN
            INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
            SELECT i.symbol, '1d', b.ts, n.p, n.p, n.p, n.p, 7 FROM bourse.bar AS b JOIN bourse.instrument AS i USING (instrument_id), LATERAL (SELECT 1000 + 500 * random() + b.close AS p) AS n WHERE b.ts >= next_from;
            SELECT count(*) INTO rows FROM before;
            SELECT count(*) INTO moved FROM (
                (TABLE before EXCEPT ALL SELECT r.symbol, r.ts, r.label_end, r.features, r.label FROM bourse.dataset_rows(dataset, fold, part, processed => false) AS r)
                UNION ALL (SELECT r.symbol, r.ts, r.label_end, r.features, r.label FROM bourse.dataset_rows(dataset, fold, part, processed => false) AS r EXCEPT ALL TABLE before)) AS d;
            RAISE EXCEPTION 'put back' USING ERRCODE = 'P0777';
        EXCEPTION WHEN SQLSTATE 'P0777' THEN NULL;
        END;
        DROP TABLE before;
        RETURN NEXT;
    END LOOP;
END
$$;

-- horizons and splits of several kinds; embargo 0, so that the purge alone keeps them apart
CREATE TABLE public.made AS SELECT n, bourse.create_dataset('d' || n, 'near', label => label, split => split::jsonb || '{"embargo_bars": 0}', pinned => false) > 0 AS made FROM (VALUES
    (1, 'Ref($close,-1)/$close-1', '{"train": 0.5, "valid": 0.25, "test": 0.25}'),
    (2, 'Ref($close,-5)/Ref($close,-1)-1', '{"train": ["2023-01-02", "2023-04-13"], "valid": ["2023-04-13", "2023-05-19"], "test": ["2023-05-19", "2023-07-21"]}'),
    (3, 'Ref(Mean($close,4),-9)/$close-1', '{"folds": 3, "valid_bars": 30}'),
    (4, 'If(Ref($high,-2)>Ref($low,-7),1,0)+CSRank(Ref($close,-3)/$close)', '{"folds": 2, "valid_bars": 30, "train_bars": 70, "purge_bars": 12}')) AS s(n, label, split);
SELECT 'd' || n AS dataset, f.fold, c.part, c.rows >= 50 AS rows, c.moved FROM public.made, LATERAL (SELECT DISTINCT fold FROM bourse.dataset_folds('d' || n)) AS f, LATERAL public.changed_parts('d' || n, f.fold) AS c ORDER BY 1, 2, 3;
-- the test has teeth: where overlap is asked for, labels move
SELECT bourse.create_dataset('leaky', 'near', label => 'Ref($close,-5)/Ref($close,-1)-1', split => '{"train": 0.5, "valid": 0.25, "test": 0.25, "purge_bars": 0, "embargo_bars": 0, "allow_overlap": true}', pinned => false) > 0 AS made;
SELECT c.part, c.rows > 50 AS rows, c.moved >= 6 * 4 AS moved FROM public.changed_parts('leaky', 1) AS c;
-- and without asking for it the dates are told
SELECT bourse.create_dataset('leaky', 'near', label => 'Ref($close,-5)/Ref($close,-1)-1', split => '{"train": ["2023-01-02", "2023-04-13"], "valid": ["2023-04-13", "2023-05-19"], "test": ["2023-05-19", "2023-07-21"], "purge_bars": 2, "embargo_bars": 0}');

-- Labels of whole markets, where one of them closes at weekends: the third bar of its Friday comes five days later, and counts for the rows of all.
INSERT INTO bourse.instrument (symbol, calendar) SELECT 'N' || i, 'XTST' FROM generate_series(1, 4) AS i;
INSERT INTO bourse.calendar (calendar, session, open_at, close_at) SELECT 'XTST', d::date, d + interval '14 hours', d + interval '21 hours' FROM generate_series(timestamptz '2022-12-26', '2023-09-02', '24 hours') AS d WHERE extract(isodow FROM d) < 6;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
SELECT 'N' || i, '1d', d, c, c * 1.02, c * 0.98, c, 100 FROM generate_series(1, 4) AS i, generate_series(timestamptz '2023-01-02', '2023-07-20', '24 hours') AS d, LATERAL (SELECT 50 + 10 * random() + 0 * i AS c) AS p WHERE extract(isodow FROM d) < 6;
INSERT INTO public.made SELECT n, bourse.create_dataset('d' || n, 'near', label => label, split => '{"folds": 3, "valid_bars": 20, "test_bars": 24, "embargo_bars": 0}', pinned => false) > 0 FROM (VALUES
    (5, 'CSRank(Ref($close,-3)/$close)'), (6, 'Mask(Ref($close,-3),''N1'')/$close')) AS s(n, label);
SELECT 'd' || n AS dataset, c.part, count(*) AS folds, bool_and(c.rows > 50) AS rows, sum(c.moved) AS moved FROM public.made, generate_series(1, 3) AS f, LATERAL public.changed_parts('d' || n, f) AS c WHERE n > 4 GROUP BY 1, 2 ORDER BY 1, 2;
SELECT r.ts::date AS friday, r.label_end::date FROM bourse.dataset_rows('d5', 3) AS r WHERE r.symbol = 'S1' AND r.ts IN ('2023-04-07', '2023-04-08', '2023-04-10') ORDER BY r.ts;

-- Labels outside the data: the dates asked for and those there are.
SELECT bourse.create_dataset('none', 'near', span => '[2031-01-01,2032-01-01)');
SELECT bourse.create_dataset('none', 'near', span => '(,2010-01-01)');
SELECT bourse.create_dataset('none', 'near', label => 'Ref($close,-200)/$close');
SELECT bourse.create_dataset('none', 'near', split => '{"train": ["2023-01-02", "2023-04-13"], "test": ["2031-03-15", "2032-04-01"]}');
SELECT bourse.create_dataset('none', 'near', split => '{"kind": "purged_kfold", "folds": 300}');
SELECT bourse.train('none', feature_set => 'near', from_ts => '2031-01-01');
SELECT count(*) AS half_made FROM bourse.dataset WHERE name = 'none';
-- labels that would read past the last bar are no rows: the last five bars of each instrument
SELECT max(r.ts) < (SELECT max(ts) FROM bourse.bar) - interval '4 days' AS cut, count(*) FILTER (WHERE r.label_end > (SELECT max(ts) FROM bourse.bar)) AS beyond FROM bourse.dataset_rows('d2') AS r;
