-- Both forms of the indicators as a user meets them.
\pset null '-'
SET extra_float_digits = 0;
CREATE TEMP TABLE bar (symbol text, ts int, open float8, high float8, low float8, close float8, volume float8);
INSERT INTO bar
SELECT s, t, 10 + t % 3, 12 + t % 5, 9 - t % 2, 10 + (t * 7 + length(s)) % 4, 100 * t
FROM unnest(ARRAY['a', 'bb']) AS s, generate_series(1, 12) AS t;

-- window form: partitions are apart, parameters by position and by name
SELECT symbol, ts, close, ta.sma(close, 3) OVER w AS sma, round((ta.ema(close, timeperiod => 3) OVER w)::numeric, 6) AS ema,
       round((ta.rsi(close, 5) OVER w)::numeric, 6) AS rsi, ta.obv(close, volume) OVER w AS obv
FROM bar WINDOW w AS (PARTITION BY symbol ORDER BY ts) ORDER BY symbol, ts;

-- several outputs: a composite, NULL during the warm-up
SELECT ts, (b).upper IS NULL AS no_band, round((b).upper::numeric, 6) AS upper, (b).middle, round((b).lower::numeric, 6) AS lower, m, k
FROM (SELECT ts, ta.bbands(close, 4, nbdevdn => 1) OVER w AS b, ta.macd(close, 2, 3, 2) OVER w IS NULL AS m,
             (ta.kdj(high, low, close, 3, 2, slowd_period => 2) OVER w).k IS NULL AS k
      FROM bar WHERE symbol = 'a' WINDOW w AS (ORDER BY ts)) AS s ORDER BY ts;

-- array form: same length, same values
SELECT ta.sma(ARRAY[1, 2, 3, 4, 5], 3), ta.sma('{1,2,3,4,5}'::float8[], 3), ta.wma(ARRAY[1, 2, 4]::real[], 2), ta.roc(ARRAY[1, 2, 4]::numeric[], timeperiod => 1);
SELECT (ta.stoch(ARRAY[3, 4, 5], ARRAY[1, 2, 3], ARRAY[2, 3, 4.5], 1, 1, 0, 1)).*;
SELECT ta.macd(ARRAY[1, 2, 4, 7], 1, 2, 2);
SELECT ta.sma('{}'::float8[], 3), ta.sma(NULL::float8[], 3), ta.sma(ARRAY[1], 3), ta.obv(ARRAY[1, 2], NULL);

-- both forms give the same bits for every function, read from the catalogue
CREATE TEMP TABLE wave AS
SELECT i AS ts, CASE WHEN i % 11 <> 0 THEN c END AS close, CASE WHEN i % 11 <> 0 THEN c END AS price, c AS price0, c * c AS price1, i % 40 AS periods, i / 20 AS session, (i % 50 = 5)::int AS anchor, (i % 7 = 3)::int AS condition, c + 1 + i % 3 AS high, c - 1 - i % 2 AS low, c AS open, i % 7 * 100.0::float8 AS volume
FROM (SELECT i, 100 + 10 * sin(i / 3.0) + 3 * cos(i * 1.7) AS c FROM generate_series(1, 200) AS i) AS s;
CREATE FUNCTION pg_temp.compare() RETURNS TABLE (function_name text, outputs bigint, found bigint, different bigint) LANGUAGE plpgsql SET extra_float_digits = 1 AS $$
DECLARE
    f record;
BEGIN
    FOR f IN SELECT c.name, array_length(c.outputs, 1) AS outputs, string_agg(i, ', ' ORDER BY n) AS columns,
                    string_agg(format('array_agg(%I ORDER BY ts)', i), ', ' ORDER BY n) AS arrays
             FROM ta.indicator_catalog AS c, unnest(c.inputs) WITH ORDINALITY AS u (i, n)
             GROUP BY 1, 2 LOOP
        RETURN QUERY EXECUTE format(
            $q$ WITH w AS (SELECT ts, to_jsonb(ta.%1$I(%2$s) OVER (ORDER BY ts)) AS value FROM wave),
                     a AS (SELECT to_jsonb(ta.%1$I(%3$s)) AS value FROM wave),
                     s AS (SELECT e.key, p.ts, nullif(p.value, 'null') AS value
                           FROM a, jsonb_each(CASE jsonb_typeof(a.value) WHEN 'array' THEN jsonb_build_object('', a.value) ELSE a.value END) AS e,
                                jsonb_array_elements(e.value) WITH ORDINALITY AS p (value, ts))
                SELECT %1$L::text, count(DISTINCT key), count(s.value),
                       count(*) FILTER (WHERE s.value IS DISTINCT FROM nullif(CASE key WHEN '' THEN w.value ELSE w.value -> key END, 'null'))
                FROM w FULL JOIN s USING (ts) $q$, f.name, f.columns, f.arrays);
    END LOOP;
END $$;
SELECT count(*) = (SELECT count(*) FROM ta.indicator_catalog) AS all_functions, string_agg(function_name, ', ') FILTER (WHERE found < 80) AS without_values, sum(different) AS different FROM pg_temp.compare();

-- NULL, NaN and infinite inputs are gaps: the row has no value, the state goes on
SELECT ta.sma(ARRAY[1, NULL, 2, 'NaN', 'Infinity', 3, 4]::float8[], 2);
SELECT i, ta.ema(x, 2) OVER (ORDER BY i) FROM (VALUES (1, 1.0), (2, NULL), (3, 2.0), (4, 'NaN'), (5, 4.0)) AS v (i, x);
SELECT ta.atr(ARRAY[3, 4, NULL, 6], ARRAY[1, 2, 3, 4], ARRAY[2, 3, 4, 5], 1);

-- what is refused
SELECT ta.sma(ARRAY[1, 2], 0);
SELECT ta.rsi(ARRAY[1, 2], 1);
SELECT ta.sma(ARRAY[1, 2], 100001);
SELECT ta.sma(ARRAY[1, 2], NULL);
SELECT ta.bbands(ARRAY[1, 2], 5, 'NaN');
SELECT ta.bbands(ARRAY[1, 2], 5, 'Infinity');
SELECT ta.bbands(ARRAY[1, 2], matype => 14);
SELECT ta.atr(ARRAY[1, 2], ARRAY[1, 2, 3], ARRAY[1, 2]);
SELECT ta.sma(ARRAY[[1, 2], [3, 4]], 2);
SELECT ta.sma(close, 0) OVER (ORDER BY ts) FROM bar;
SELECT ta.sma(close, NULL) OVER (ORDER BY ts) FROM bar;
SELECT ta.sma(close, ts) OVER (ORDER BY ts) FROM bar;
SELECT ta.sma(close, 3) FROM bar;
SELECT ta.sma('{1,2,3}', 5);
SELECT ta.sma(close, period => 3) OVER (ORDER BY ts) FROM bar;
DO $$ BEGIN PERFORM ta.sma(ARRAY[1, 2], 0); EXCEPTION WHEN invalid_parameter_value THEN RAISE NOTICE '22023'; END $$;

-- profiles follow other conventions
SELECT ta.ema(ARRAY[1, 2, 3, 4], 3), ta.ema(ARRAY[1, 2, 3, 4], 3, profile => 'tdx'), ta.willr(ARRAY[3, 4], ARRAY[1, 2], ARRAY[2, 3], 2, 'tdx');
SELECT ts, round((ta.rsi(close, 3, 'tdx') OVER w)::numeric, 6) AS tdx, round((ta.rsi(close, 3) OVER w)::numeric, 6) AS talib,
       round(((ta.macd(close, 2, 3, 2, profile => 'tdx') OVER w).hist)::numeric, 6) AS hist, ta.rsi(close, 3, 'tradingview') OVER w = ta.rsi(close, 3) OVER w AS same
FROM bar WHERE symbol = 'a' AND ts < 7 WINDOW w AS (ORDER BY ts) ORDER BY ts;
SELECT ta.rsi(ARRAY[1, 2], 2, 'wilder');
SELECT ta.rsi(close, 3, 'wilder') OVER (ORDER BY ts) FROM bar;
SELECT ta.rsi(ARRAY[1, 2], 2, NULL);

-- help
SELECT ta.help('rsi');
SELECT ta.help('ta.APO');
SELECT ta.help('rsj');
SELECT count(*) = (SELECT count(*) FROM ta.indicator_catalog) AS all_explained FROM ta.indicator_catalog WHERE ta.help(name) ~ 'formula: .+inputs: .+parameters:.+outputs:.+first value: .+array: ';

-- a parameter may come from a column that is constant in the partition
SELECT n, sum(s) FROM (SELECT n, ta.sma(close, n) OVER (PARTITION BY n ORDER BY ts) AS s FROM bar, (VALUES (2), (5)) AS p (n) WHERE symbol = 'a') AS x
GROUP BY n ORDER BY n;

-- the state starts anew with every partition, every execution and every rescan; a parameter may be a bind value
SELECT p.n, x.last FROM (VALUES (2), (3), (2)) AS p (n),
    LATERAL (SELECT array_agg(s ORDER BY ts) AS last FROM (SELECT ts, ta.sma(close, p.n) OVER (ORDER BY ts) AS s FROM bar WHERE symbol = 'a' AND ts <= 4) AS y) AS x;
PREPARE average (int) AS SELECT array_agg(s) FROM (SELECT ta.sma(close, $1) OVER (PARTITION BY symbol ORDER BY ts) AS s FROM bar WHERE ts <= 3) AS y;
SET plan_cache_mode = force_generic_plan;
EXECUTE average (2);
EXECUTE average (3);
EXECUTE average (0);
RESET plan_cache_mode;
SELECT count(*) FROM (SELECT ta.sma(close, 2) OVER () FROM bar WHERE false) AS none;
-- a view keeps what it was written with
CREATE TEMP VIEW averaged AS SELECT symbol, ts, ta.bbands(close, timeperiod => 3, matype => 1) OVER (PARTITION BY symbol ORDER BY ts) AS bands FROM bar;
SELECT symbol, ts, (bands).middle FROM averaged WHERE ts BETWEEN 2 AND 4 ORDER BY symbol, ts;

-- the frame clause has no effect: the state runs from the partition's first row
SELECT count(*) AS differs FROM (SELECT ta.sma(close, 3) OVER w AS whole, ta.sma(close, 3) OVER (w ROWS BETWEEN CURRENT ROW AND CURRENT ROW) AS one,
                                        ta.sma(close, 3) OVER (w RANGE BETWEEN 5 FOLLOWING AND UNBOUNDED FOLLOWING EXCLUDE TIES) AS later
                                 FROM bar WINDOW w AS (PARTITION BY symbol ORDER BY ts)) AS s WHERE whole IS DISTINCT FROM one OR whole IS DISTINCT FROM later;

-- Renko's bricks as rows of their own
SELECT ts, level - sign(bricks) * (abs(bricks) - k + 1) * 2 AS open, level - sign(bricks) * (abs(bricks) - k) * 2 AS close
FROM (SELECT ts, (ta.renko(price, brick => 2) OVER (ORDER BY ts)).* FROM (VALUES (1, 10), (2, 15), (3, 13), (4, 8.5)) AS v (ts, price)) AS r, generate_series(1, abs(bricks)::int) AS k ORDER BY ts, k;

-- the catalogue
SELECT name, outputs, units, lowest, highest FROM ta.indicator_catalog WHERE name IN ('rsi', 'macd', 'kdj', 'atr', 'obv', 'cdl_doji', 'acos') ORDER BY name;
SELECT count(*) AS of_unequal_length FROM ta.indicator_catalog WHERE cardinality(outputs) <> ANY (ARRAY[cardinality(units), cardinality(lowest), cardinality(highest)]);
SELECT name, family, inputs, outputs, first_valid, jsonb_array_length(parameters) AS parameters FROM ta.indicator_catalog ORDER BY name;
SELECT jsonb_pretty(parameters) FROM ta.indicator_catalog WHERE name = 'bbands';
-- every object of the schema has a comment; functions are immutable and parallel safe
SELECT count(*) FILTER (WHERE obj_description(p.oid, 'pg_proc') IS NULL) AS uncommented, count(*) FILTER (WHERE provolatile <> 'i' OR proparallel <> 's') AS labels
FROM pg_proc AS p WHERE pronamespace = 'ta'::regnamespace AND proname <> 'help';
SELECT count(*) AS uncommented FROM pg_class AS c LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'ta'::regnamespace AND c.relkind IN ('v', 'c') AND col_description(c.oid, a.attnum) IS NULL;

-- a reader may look things up and compute
SET ROLE bourse_reader;
SELECT first_valid FROM ta.indicator_catalog WHERE name = 'macd';
SELECT ta.sma(ARRAY[1, 2, 3], 2);
RESET ROLE;

-- a long computation stops when it is cancelled: to its end this one would take minutes
CREATE TEMP TABLE long_series AS SELECT array_agg(sin(i)) AS x FROM generate_series(1, 3000000) AS i;
SET statement_timeout = '500ms';
SELECT ta.cci(x, x, x, 100000) FROM long_series;
RESET statement_timeout;
SELECT name, deviation FROM ta.indicator_catalog WHERE deviation IS NOT NULL ORDER BY name;
