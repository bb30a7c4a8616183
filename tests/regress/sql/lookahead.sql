-- Every built-in set is clean on real bars, and the three usual leaks are found: tomorrow's close, a z-score over the whole sample, a week's bar before it is closed.
SET client_min_messages = warning;
INSERT INTO bourse.instrument (symbol, calendar) VALUES ('AAA', 'XTST'), ('BTC', '24x7');
INSERT INTO bourse.calendar (calendar, session, open_at, close_at)
SELECT 'XTST', d::date, d + interval '14 hours', d + interval '21 hours' FROM generate_series(timestamptz '2023-01-02 00:00+00', '2024-02-02 00:00+00', '24 hours') AS d WHERE extract(isodow FROM d) < 6 AND d <> '2023-06-07 00:00+00';
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume, amount)
SELECT s.symbol, '1d', d, c * 0.99, c * 1.03, c * 0.97, c, 1000 + 400 * cos(n * s.k), c * (1000 + 400 * cos(n * s.k)) * (1 + 0.01 * sin(n * 7))
FROM (VALUES ('AAA', 1.7), ('BTC', 2.3)) AS s(symbol, k), generate_series(timestamptz '2023-01-02 00:00+00', '2024-02-01 00:00+00', '24 hours') WITH ORDINALITY AS d(d, n), LATERAL (SELECT 50 + 9 * sin(n * s.k) + n * 0.01 AS c) AS c
WHERE s.symbol = 'BTC' OR (extract(isodow FROM d) < 6 AND d <> '2023-06-07 00:00+00' AND n % 41 <> 0);

SELECT s.name, count(*) AS features, count(*) FILTER (WHERE c.leaks) AS leaks, count(*) FILTER (WHERE c.evidence LIKE '%none of them has a value') AS without_value, bool_and(c.evidence ~ '^nothing moved: the future of 12 times was changed, \d{4} rows of 2 instruments compared') AS compared
FROM unnest(ARRAY['basic', 'alpha158', 'alpha360']) AS s(name), LATERAL bourse.check_lookahead(s.name) AS c GROUP BY s.name ORDER BY s.name;
SELECT string_agg(f.name, ' ' ORDER BY f.name) AS built_in_sets FROM bourse.feature_set AS f;  -- those of signals: tests/cli/signals.sh

CREATE FUNCTION public.full_zscore(x float8[]) RETURNS float8[] LANGUAGE sql IMMUTABLE BEGIN ATOMIC
    SELECT array_agg((v - m) / s ORDER BY n) FROM unnest(x) WITH ORDINALITY AS u(v, n), (SELECT avg(w) AS m, stddev_samp(w) AS s FROM unnest(x) AS w) AS a;
END;
SELECT bourse.register_operator('FullZ', 'public.full_zscore(float8[])');
-- what a careless join of weekly bars to days gives: each day has the close of its own week, which is known on its last day
INSERT INTO bourse.bar_field (instrument_id, freq, field, ts, value, known_at)
SELECT b.instrument_id, '1d', 'week_close', b.ts, last_value(b.close) OVER week, date_trunc('week', b.ts, 'UTC') + interval '5 days' FROM bourse.bar AS b WHERE b.freq = '1d'
WINDOW week AS (PARTITION BY b.instrument_id, date_trunc('week', b.ts, 'UTC') ORDER BY b.ts ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING);
SELECT feature, leaks, evidence ~ ' becomes .* when what is known only after ' AS shown
FROM bourse.check_lookahead(ARRAY['Ref($close,-1)', 'FullZ($close)', '$close/$week_close', '$close/$close@1w', '($close-Mean($close,0))/Std($close,0)', 'CSRank(FullZ($volume))', 'DayLast($close)', 'BFillNan($close)', 'Cut($close,0,-1)', 'FFillNan($close)', 'DayCumsum($volume)']);
DO $$
DECLARE
    leak text;
BEGIN
    FOREACH leak IN ARRAY ARRAY['Ref($close,-1)', 'FullZ($close)', '$close/$week_close', 'DayLast($close)', 'BFillNan($close)'] LOOP
        BEGIN
            PERFORM bourse.create_feature_set('leaky', ARRAY['$close', leak]);
            RAISE WARNING '% was accepted', leak;
        EXCEPTION WHEN SQLSTATE 'MB022' THEN
            RAISE WARNING '%: %', leak, regexp_replace(sqlerrm, ': [A-Z]{3} at .*', ': …');
        END;
    END LOOP;
END
$$;
