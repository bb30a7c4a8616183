-- What bourse.create_dataset refuses before there is a job, what it writes, and as-of joins against a slow reference.
SET timezone = 'UTC';
INSERT INTO bourse.instrument (symbol, calendar) SELECT 'S' || i, '24x7' FROM generate_series(1, 5) AS i;
SELECT bourse.create_feature_set('tiny', '{"a": "$close", "b": "$close/Ref($close,1)"}'::jsonb);
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
SELECT 'S' || i, '1d', '2020-01-01'::timestamptz + d * interval '1 day', c, c, c, c, 1 FROM generate_series(1, 5) AS i, generate_series(0, 99) AS d,
    LATERAL (SELECT 10 + (i * 7 + d * 13) % 17 AS c) AS p;

SELECT bourse.create_dataset('1st');
SELECT bourse.create_dataset('x', 'tiyn');
SELECT bourse.create_dataset('x', 'tiny', label => 'Ref($close,-2)/Ref($clos,-1)-1');
SELECT bourse.create_dataset('x', 'tiny', horizon => 1);
SELECT bourse.create_dataset('x', 'tiny', universe => 'sp500');
SELECT bourse.create_dataset('x', 'tiny', span => 'empty');
SELECT bourse.create_dataset('x', 'tiny', span => '[2031-01-01,2032-01-01)');
SELECT bourse.create_dataset('x', 'tiny', known_at => '2999-01-01');
SELECT bourse.create_dataset('x', 'tiny', processors => '["CSRankNom"]');
SELECT bourse.create_dataset('x', 'tiny', processors => '[{"name": "DropCol", "col_list": ["aa"]}]');
SELECT bourse.create_dataset('x', 'tiny', split => '{"kind": "walk_forward", "fold": 3}');
SELECT bourse.create_dataset('x', 'tiny', split => '{"test_bars": 50}');
-- label windows that would meet what is held out, and spans that share days, are refused with the dates
SELECT bourse.create_dataset('x', 'tiny', split => '{"train": ["2020-01-01", "2020-03-01"], "valid": ["2020-03-01", "2020-03-15"], "test": ["2020-03-15", "2020-04-01"], "purge_bars": 0, "embargo_bars": 0}');
SELECT bourse.create_dataset('x', 'tiny', split => '{"train": ["2020-01-01", "2020-03-04"], "test": ["2020-03-01", "2020-03-15"]}');
SELECT bourse.train('demo', dataset => 'x');

SELECT bourse.create_dataset('x', 'tiny', split => '{"train": ["2020-01-01", "2020-03-01"], "test": ["2020-03-01", "2020-03-15"], "purge_bars": 0, "embargo_bars": 0, "allow_overlap": true}',
    horizon => 4, description => 'asked for') AS dataset \gset
SELECT dataset, version, dataset_id = :dataset AS id, feature_set, label, horizon_bars, universe, from_ts, to_ts, pinned, split, processors, description, folds FROM bourse_bi.dataset;
SELECT j.kind FROM bourse.job AS j WHERE j.job_id = :dataset;
SELECT part, count(*), max(ts), max(label_end) FROM bourse.dataset_rows('x') GROUP BY part ORDER BY part DESC;
SELECT bourse.create_dataset('x', 'tiny', split => '{"kind": "combinatorial", "groups": 4}', processors => '["CSZFillna"]') > 0 AS made;
SELECT fold, part, from_ts, to_ts, timestamps FROM bourse.dataset_folds('x') WHERE fold = 2;
SELECT count(DISTINCT fold) FROM bourse.dataset_folds('x:2');
SELECT count(*) FROM bourse.dataset_rows('x:2', 7);
SELECT count(*) FROM bourse.dataset_rows('x:1', part => 'tset');
SELECT bourse.train('demo', dataset => 'x') > 0 AS trainable;  -- with a processor across the timestamp
SELECT bourse.train('demo', dataset => 'x:1', label => '$close');
SELECT bourse.train('demo', dataset => 'x:1', options => '{"fold": 2}');

-- as-of join: 400 random times against stored, corrected and computed rows
SELECT bourse.create_feature_set('stored', '{"a": "$close"}'::jsonb, materialize => true) > 0 AS made;
INSERT INTO bourse.feature_value SELECT s.feature_set_id, i.instrument_id, b.ts, b.ts + interval '1 day' + ((extract(doy FROM b.ts)::int * 7 + b.instrument_id) % 10 < 3)::int * interval '30 hours', ARRAY[b.close]::real[]::bourse.fvec
FROM bourse.feature_set AS s, bourse.bar AS b JOIN bourse.instrument AS i USING (instrument_id) WHERE s.name = 'stored' AND b.ts::date <> '2020-02-02';
CREATE TABLE spine AS SELECT n, CASE WHEN n % 50 = 0 THEN 'nobody' ELSE 'S' || 1 + n % 5 END AS ticker,
    CASE WHEN n % 37 > 0 THEN timestamptz '2019-12-20' + (n * 7919 % 2880) * interval '1 hour' END AS decided FROM generate_series(1, 400) AS n;
CREATE VIEW slow AS SELECT s.n, f.ts, f.available_at, f.features FROM spine AS s LEFT JOIN bourse.instrument AS i ON i.symbol = s.ticker
    LEFT JOIN LATERAL (SELECT * FROM bourse.feature_value AS v WHERE v.feature_set_id = (SELECT feature_set_id FROM bourse.feature_set WHERE name = 'stored')
        AND v.instrument_id = i.instrument_id AND v.available_at <= s.decided ORDER BY v.available_at DESC, v.ts DESC LIMIT 1) AS f ON true;
CREATE TABLE fast AS SELECT (j.spine).n, j.feature_ts AS ts, j.available_at, j.features FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided') AS j;
SELECT count(*), count(features), count(*) FILTER (WHERE ts IS NULL) AS without FROM fast;
SELECT count(*) AS differ FROM (SELECT * FROM fast EXCEPT SELECT * FROM slow) AS d;
SELECT count(*) AS differ FROM (
    SELECT (j.spine).n, j.feature_ts, j.available_at, j.features FROM bourse.asof_join(NULL::spine, 'stored', 'ticker', 'decided', tolerance => '5 hours') AS j
    EXCEPT SELECT s.n, CASE WHEN ok THEN s.ts END, CASE WHEN ok THEN s.available_at END, CASE WHEN ok THEN s.features END
    FROM slow AS s JOIN spine USING (n), LATERAL (SELECT decided - s.available_at <= '5 hours' AS ok) AS t) AS d;
-- the one-bar leak: a join on ts would give the row of a bar that has not closed
SELECT count(*) > 50 AS leaks_there, count(*) FILTER (WHERE f.ts = l.ts) AS taken FROM fast AS f JOIN spine AS s USING (n)
CROSS JOIN LATERAL (SELECT v.ts, v.available_at FROM bourse.feature_value AS v JOIN bourse.instrument AS i USING (instrument_id)
    WHERE i.symbol = s.ticker AND v.ts <= s.decided ORDER BY v.ts DESC LIMIT 1) AS l WHERE l.available_at > s.decided;
-- as known at a time: a correction made later is not seen
SELECT clock_timestamp() AS before \gset
UPDATE spine SET decided = '2020-04-05' WHERE n = 1;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) VALUES ('S2', '1d', '2020-04-03', 99, 99, 99, 99, 1), ('S2', '1d', '2020-04-04', 98, 98, 98, 98, 1);
SELECT j.feature_ts, j.features FROM bourse.asof_join(NULL::spine, 'tiny', 'ticker', 'decided') AS j WHERE (j.spine).n = 1;
SELECT j.feature_ts, j.features[1] = (SELECT 10 + (2 * 7 + 94 * 13) % 17) AS as_it_was FROM bourse.asof_join(NULL::spine, 'tiny', 'ticker', 'decided', known_at => :'before') AS j WHERE (j.spine).n = 1;
SELECT bourse.asof_join(1, 'tiny');
SELECT bourse.asof_join(NULL::spine, 'tiny');
SELECT bourse.asof_join(NULL::spine, 'tiny', 'ticker', 'decidde');
SELECT bourse.asof_join(NULL::spine, 'tiny', 'ticker', 'decided', tolerance => '-1 hour');
SELECT bourse.asof_join(NULL::spine, 'teeny', 'ticker', 'decided');
