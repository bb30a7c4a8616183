-- Processors of datasets against plain SQL: what is fitted comes from the train rows alone, what goes by timestamp from the rows of that time. Qlib's golden values: tests/unit/datasets/processors_test.cpp.
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT setseed(0.17);
INSERT INTO bourse.instrument (symbol, calendar) SELECT 'S' || i, '24x7' FROM generate_series(1, 9) AS i;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
SELECT 'S' || i, '1d', timestamptz '2023-01-02' + d * interval '1 day', c, c * 1.02, c * 0.98, c, round(100 * random()) FROM generate_series(1, 9) AS i, generate_series(0, 159) AS d, LATERAL (SELECT exp(3 + 2 * random()) + 0 * i + 0 * d AS c) AS p
WHERE NOT (i = 3 AND d % 23 BETWEEN 10 AND 14) AND NOT (i = 4 AND (d * 37) % 11 < 3);
-- ties and holes: `whole` takes few values, `holes` is missing where the volume is small, `ret` after each gap
SELECT bourse.create_feature_set('three', '[{"name": "ret", "expression": "$close/Ref($close,1)-1"}, {"name": "whole", "expression": "If($volume>50,1,0)+If($volume>80,2,0)"}, {"name": "holes", "expression": "If($volume>30,$high/$close+$volume,0/0)"}]'::jsonb) > 0 AS made;
CREATE TABLE public.split AS SELECT '{"train": ["2023-01-02", "2023-04-01"], "valid": ["2023-04-01", "2023-05-01"], "test": ["2023-05-01", "2023-06-11"]}'::jsonb AS split;
CREATE FUNCTION public.num(v real) RETURNS float8 RETURN nullif(v, 'NaN')::float8;
-- processed(PROCESSOR): a dataset with this one processor of features, its rows before and after; n is the feature
CREATE FUNCTION public.processed(processor jsonb) RETURNS TABLE(n int, part text, symbol text, ts timestamptz, before float8, after float8) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM bourse.create_dataset('one', 'three', split => (SELECT s.split FROM public.split AS s), processors => jsonb_build_array('{"fields_group": "feature"}'::jsonb || processor), pinned => false);
    RETURN QUERY SELECT f::int, b.part, b.symbol, b.ts, public.num(b.features[f]), public.num(a.features[f])
        FROM bourse.dataset_rows('one', processed => false) AS b JOIN bourse.dataset_rows('one') AS a USING (symbol, ts), generate_series(1, 3) AS f;
END
$$;
-- How many values there are, how many are further from SQL's than float32's rounding, how many came from valid and test, how many are missing.
CREATE FUNCTION public.verdict(after float8, expected float8) RETURNS boolean RETURN after IS NULL AND expected IS NULL OR coalesce(abs(after - expected) <= 2e-6 * greatest(1, abs(expected)), false);

CREATE TABLE public.w AS SELECT * FROM public.processed('{"name": "Winsorize", "lower": 0.05, "upper": 0.9}');
SELECT count(*) > 3000 AS values, count(*) FILTER (WHERE NOT public.verdict(w.after, least(greatest(w.before, q.low), q.high) + 0 * w.before)) AS unequal, count(*) FILTER (WHERE w.part <> 'train') > 1000 AS outside_train,
    count(*) FILTER (WHERE w.after <> w.before) BETWEEN 100 AND 1000 AS cut
FROM public.w JOIN (SELECT n, percentile_cont(0.05) WITHIN GROUP (ORDER BY before) AS low, percentile_cont(0.9) WITHIN GROUP (ORDER BY before) AS high FROM public.w WHERE part = 'train' GROUP BY n) AS q USING (n);
DROP TABLE public.w;
CREATE TABLE public.w AS SELECT * FROM public.processed('{"name": "ZScoreNorm"}');
SELECT count(*) > 3000 AS values, count(*) FILTER (WHERE NOT public.verdict(w.after, (w.before - q.mean) / q.deviation)) AS unequal
FROM public.w JOIN (SELECT n, avg(before) AS mean, stddev_pop(before) AS deviation FROM public.w WHERE part = 'train' GROUP BY n) AS q USING (n);
DROP TABLE public.w;
CREATE TABLE public.w AS SELECT * FROM public.processed('{"name": "MinMaxNorm"}');
SELECT count(*) > 3000 AS values, count(*) FILTER (WHERE NOT public.verdict(w.after, (w.before - q.low) / (q.high - q.low))) AS unequal
FROM public.w JOIN (SELECT n, min(before) AS low, max(before) AS high FROM public.w WHERE part = 'train' GROUP BY n) AS q USING (n);
DROP TABLE public.w;
CREATE TABLE public.w AS SELECT * FROM public.processed('{"name": "RobustZScoreNorm"}');
SELECT count(*) > 3000 AS values, count(*) FILTER (WHERE NOT public.verdict(w.after, least(greatest((w.before - q.middle) / (1.4826 * (d.deviation + 1e-12)), -3), 3) + 0 * w.before)) AS unequal
FROM public.w JOIN (SELECT n, percentile_cont(0.5) WITHIN GROUP (ORDER BY before) AS middle FROM public.w WHERE part = 'train' GROUP BY n) AS q USING (n)
    JOIN LATERAL (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(t.before - q.middle)) AS deviation FROM public.w AS t WHERE t.part = 'train' AND t.n = q.n) AS d ON true WHERE d.deviation > 1e-6;
DROP TABLE public.w;
-- by timestamp: an array's CSZScoreNorm, CSRankNorm, CSZFillna see every member that has a bar then, also the rows that the purge took
CREATE TABLE public.everybody AS SELECT f AS n, p.symbol, p.ts, public.num(p.features[f]) AS before FROM bourse.evaluate_panel((SELECT expressions FROM bourse.feature_set WHERE name = 'three'), options => '{"grid": "bars"}') AS p, generate_series(1, 3) AS f;
CREATE TABLE public.w AS SELECT * FROM public.processed('{"name": "CSZScoreNorm"}');
SELECT count(*) > 3000 AS values, count(*) FILTER (WHERE NOT public.verdict(w.after, (w.before - q.mean) / nullif(q.deviation, 0))) AS unequal
FROM public.w JOIN (SELECT n, ts, avg(before) AS mean, stddev_samp(before) AS deviation FROM public.everybody GROUP BY n, ts) AS q USING (n, ts);
DROP TABLE public.w;
CREATE TABLE public.w AS SELECT * FROM public.processed('{"name": "CSRankNorm"}');
SELECT count(*) > 3000 AS values, count(*) FILTER (WHERE NOT public.verdict(w.after, (q.place / q.names - 0.5) * 3.46)) AS unequal
FROM public.w LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE e.before < w.before) + (count(*) FILTER (WHERE e.before = w.before) + 1) / 2.0 AS place, nullif(count(e.before), 0)::float8 + 0 * w.before AS names FROM public.everybody AS e WHERE e.n = w.n AND e.ts = w.ts) AS q ON true;
DROP TABLE public.w;
CREATE TABLE public.w AS SELECT * FROM public.processed('{"name": "CSZFillna"}');
SELECT count(*) > 3000 AS values, count(*) FILTER (WHERE NOT public.verdict(w.after, coalesce(w.before, q.mean))) AS unequal, count(*) FILTER (WHERE w.before IS NULL AND w.after IS NOT NULL) > 300 AS filled
FROM public.w JOIN (SELECT n, ts, avg(before) AS mean FROM public.everybody GROUP BY n, ts) AS q USING (n, ts);
DROP TABLE public.w;
CREATE TABLE public.w AS SELECT * FROM public.processed('{"name": "Neutralize", "exposures": ["holes"]}');
SELECT count(*) > 3000 AS values, count(*) FILTER (WHERE NOT public.verdict(w.after, CASE w.n WHEN 3 THEN w.before ELSE w.before - q.intercept - q.slope * x.before END)) AS unequal
FROM public.w JOIN public.everybody AS x ON x.n = 3 AND x.symbol = w.symbol AND x.ts = w.ts
    LEFT JOIN (SELECT y.n, y.ts, regr_slope(y.before, z.before) AS slope, regr_intercept(y.before, z.before) AS intercept, count(*) AS names FROM public.everybody AS y JOIN public.everybody AS z ON z.n = 3 AND z.symbol = y.symbol AND z.ts = y.ts AND z.before IS NOT NULL AND y.before IS NOT NULL
               GROUP BY y.n, y.ts) AS q ON q.n = w.n AND q.ts = w.ts WHERE w.n = 3 OR q.names > 2;

-- TimeRangeFlt: whose bars do not reach from one time to the other, is left out of every part; what looks across a timestamp does not see it either
INSERT INTO bourse.instrument (symbol, calendar) VALUES ('LATE', '24x7'), ('GONE', '24x7');
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
SELECT s.symbol, '1d', timestamptz '2023-01-02' + d * interval '1 day', c, c * 1.02, c * 0.98, c, round(100 * random())
FROM (VALUES ('LATE', 40, 159), ('GONE', 0, 100)) AS s(symbol, low, high), generate_series(s.low, s.high) AS d, LATERAL (SELECT exp(3 + 2 * random()) + 0 * d AS c) AS x;
CREATE FUNCTION public.in_range(start_time text, end_time text, more jsonb DEFAULT '[]') RETURNS TABLE(rows bigint, symbols bigint, unequal bigint) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM bourse.create_dataset('ranged', 'three', split => (SELECT s.split FROM public.split AS s), pinned => false, processors =>
        jsonb_build_object('infer', jsonb_build_array(jsonb_build_object('class', 'TimeRangeFlt', 'kwargs', jsonb_build_object('start_time', start_time, 'end_time', end_time, 'allow_lookahead', true))) || more));
    RETURN QUERY
    WITH lives AS (SELECT i.symbol, min(b.ts) AS first, max(b.ts) AS last FROM bourse.bar AS b JOIN bourse.instrument AS i USING (instrument_id) WHERE b.freq = '1d' GROUP BY 1),
    kept AS (SELECT l.symbol FROM lives AS l
             WHERE (start_time IS NULL OR l.first <= (SELECT min(b.ts) FROM bourse.bar AS b WHERE b.freq = '1d' AND b.ts >= start_time::timestamptz))
                 AND (end_time IS NULL OR l.last >= (SELECT max(b.ts) FROM bourse.bar AS b WHERE b.freq = '1d' AND b.ts <= end_time::timestamptz))),
    expected AS (SELECT r.symbol, r.ts, r.part FROM bourse.dataset_rows('ranged', processed => false) AS r JOIN kept USING (symbol)),
    given AS (SELECT r.symbol, r.ts, r.part FROM bourse.dataset_rows('ranged') AS r)
    SELECT (SELECT count(*) FROM given), (SELECT count(DISTINCT g.symbol) FROM given AS g), (SELECT count(*) FROM given AS g FULL JOIN expected AS e USING (symbol, ts, part) WHERE g.symbol IS NULL OR e.symbol IS NULL);
END
$$;
SELECT t.start_time, t.end_time, r.symbols, r.rows > 1000 AS many, r.unequal
FROM (VALUES (NULL, NULL), ('2023-01-01', NULL), ('2023-02-12', NULL), ('2023-02-10', '2023-04-12'), (NULL, '2023-04-13'), ('2023-01-01', '2023-12-31')) AS t(start_time, end_time), LATERAL public.in_range(t.start_time, t.end_time) AS r;
SELECT r.symbols, r.unequal FROM public.in_range('2023-01-01', '2023-12-31', '["CSRankNorm"]') AS r;
SELECT count(*) > 50 AS times, bool_and(abs(s.best - 0.5 * 3.46) < 1e-6 AND abs(s.least - (1 / 8.0 - 0.5) * 3.46) < 1e-6) AS of_eight
FROM (SELECT r.ts, max(public.num(r.features[1])) AS best, min(public.num(r.features[1])) AS least FROM bourse.dataset_rows('ranged') AS r GROUP BY 1 HAVING count(public.num(r.features[1])) = 8) AS s;
SELECT bourse.read_processors('["TimeRangeFlt"]', '{a}'), bourse.read_processors('[{"name": "TimeRangeFlt", "start_time": "2023-01-01T09:30:00Z"}]', '{a}');
SELECT bourse.read_processors('[{"name": "TimeRangeFlt", "end_time": "2023-12-31"}]', '{a}');
SELECT bourse.read_processors('[{"name": "TimeRangeFlt", "start_time": "in May"}]', '{a}');
SELECT bourse.read_processors('{"learn": ["TimeRangeFlt"]}', '{a}');
SELECT * FROM public.in_range('2031-01-01', NULL);
