-- Kolmogorov-Smirnov, PSI and IC as a user calls them; the numbers are those of scipy and of the statistics specification.
\pset null NULL

SELECT * FROM bourse.ks_test('{1,2,2,3,4,5,6,7,8,10}'::float8[], '{3,4,5,5,6,8,9,11,12}'::float8[]);
SELECT * FROM bourse.ks_test(a => '{.1,.4,.7,1.2,1.9}', b => '{.9,1.1,1.5,2.2,2.8}');
SELECT statistic, round(p_value::numeric, 12) AS p_value, n_a, n_b, method, note FROM bourse.ks_test(
    (SELECT array_agg(i / 20.0::float8) FROM generate_series(1, 20) AS i), (SELECT array_agg((j / 30.0::float8) ^ 3 + 0.001) FROM generate_series(1, 30) AS j));
SELECT statistic, p_value BETWEEN 7.6133e-28 AND 7.6134e-28 AS p, method FROM bourse.ks_test(
    (SELECT array_agg(i / 1000.0::float8) FROM generate_series(0, 999) AS i), (SELECT array_agg((i / 1000.0::float8) ^ 2) FROM generate_series(0, 999) AS i));
-- more than 10,000 values: the asymptotic law
SELECT statistic, n_a, n_b, method, note FROM bourse.ks_test(
    (SELECT array_agg(i::float8) FROM generate_series(1, 10001) AS i), (SELECT array_agg(2.0::float8 * i) FROM generate_series(1, 10000) AS i));

-- missing, empty, constant
SELECT * FROM bourse.ks_test('{1,NaN,2,NULL,3,Infinity}'::float8[], '{1,2,3,-Infinity}'::float8[]);
SELECT * FROM bourse.ks_test('{}'::float8[], '{1}'::float8[]);
SELECT * FROM bourse.ks_test('{NaN}'::float8[], '{NULL}'::float8[]);
SELECT * FROM bourse.ks_test('{5,5,5}'::float8[], '{5,5}'::float8[]);
SELECT * FROM bourse.ks_test('{5,5,5}'::float8[], '{6,6}'::float8[]);
SELECT bourse.ks_test(NULL::float8[], '{1}'::float8[]);
SELECT bourse.psi('{1,2,3}'::float8[], '{}'::float8[]), bourse.psi('{NaN}'::float8[], '{1}'::float8[]), bourse.psi('{5,5}'::float8[], '{5}'::float8[]);
SELECT bourse.psi('{5,5}'::float8[], '{6}'::float8[]) > 10 AS a_constant_that_moved;

-- PSI: reference shares .25 each over 4 bins, current shares .5 .25 .25 0 -> a closed form
SELECT round(bourse.psi('{1,2,3,4}'::float8[], '{1,1,2,3}'::float8[], 4)::numeric, 12) AS psi,
       round((.25 * ln(2) + (.25 - .0001) * ln(.25 / .0001))::numeric, 12) AS expected;
SELECT bourse.psi(array_agg(i::float8), array_agg(i::float8)) FROM generate_series(1, 1000) AS i;
SELECT bourse.psi('{1,2}'::float8[], '{1}'::float8[], 1);
SELECT bourse.psi('{}'::float8[], '{}'::float8[], 1001);

-- aggregates over (value, is_current)
SELECT (bourse.ks_test(v, c)).* FROM (VALUES (1::float8, false), (2, false), (3, true), (NULL, true), ('NaN', false), (4, NULL)) AS t(v, c);
SELECT (bourse.ks_test(v, c)).* FROM (VALUES (1::float8, false)) AS t(v, c) WHERE false;
SELECT bourse.psi(v, c) FROM (VALUES (1::float8, false)) AS t(v, c);
-- aggregate and array form agree
SELECT count(*), bool_and(k = bourse.ks_test(r, u)) AS ks_agrees, bool_and(p = bourse.psi(r, u)) AS psi_agrees
FROM (SELECT g, bourse.ks_test(v, c) AS k, bourse.psi(v, c) AS p, array_agg(v) FILTER (WHERE NOT c) AS r, array_agg(v) FILTER (WHERE c) AS u
      FROM (SELECT i % 120 AS g, round(sin(i * 0.7)::numeric, 2)::float8 * (1 + (i % 120) / 500.0 * (i % 2)) AS v, i % 2 = 0 OR i % 7 = 0 AS c FROM generate_series(1, 12000) AS i) AS rows
      GROUP BY g) AS t;

-- merged states of parallel workers give what one pass gives: 120 groups, all aggregates
CREATE TABLE sample AS
SELECT i % 120 AS g, round(sin(i * 0.7)::numeric, 2)::float8 + (i % 120) / 200.0 * (i % 2) AS v, (i / 120) % 2 = 0 AS c, cos(i * 1.3) AS y FROM generate_series(1, 60000) AS i;
ALTER TABLE sample SET (parallel_workers = 2);
ANALYZE sample;
SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE single AS SELECT g, bourse.ks_test(v, c) AS k, bourse.psi(v, c) AS p, bourse.ic(v, y) AS ic, bourse.rank_ic(v, y) AS rank_ic FROM sample GROUP BY g;
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
EXPLAIN (COSTS off) SELECT bourse.ks_test(v, c), bourse.psi(v, c), bourse.ic(v, y), bourse.rank_ic(v, y) FROM sample;
SELECT count(*), bool_and(m.k = s.k) AS ks_agrees, bool_and(m.p = s.p) AS psi_agrees, bool_and(abs(m.ic - s.ic) < 1e-12) AS ic_agrees, bool_and(abs(m.rank_ic - s.rank_ic) < 1e-12) AS rank_ic_agrees
FROM (SELECT g, bourse.ks_test(v, c) AS k, bourse.psi(v, c) AS p, bourse.ic(v, y) AS ic, bourse.rank_ic(v, y) AS rank_ic FROM sample GROUP BY g) AS m JOIN single AS s USING (g);
RESET max_parallel_workers_per_gather;

-- IC of one day
SELECT round(bourse.ic(p, r)::numeric, 9) AS ic, round(bourse.rank_ic(p, r)::numeric, 9) AS rank_ic
FROM (VALUES (.3::float8, .02::float8), (.1, -.01), (.5, .03), (.2, 0), (.5, .01), (NULL, 1), (1, 'NaN'), ('Infinity', 1)) AS t(p, r);
SELECT bourse.ic(p, r) AS four_names, bourse.rank_ic(p, r) FROM (VALUES (1::float8, 1::float8), (2, 2), (3, 3), (4, 4)) AS t(p, r);
SELECT bourse.ic(.1::float8, i) AS constant_side, bourse.rank_ic(.1::float8, i) FROM generate_series(1, 9) AS i;
SELECT bourse.ic(1::float8, 1::float8) AS no_rows WHERE false;
SELECT bourse.ic(i, i * i) OVER (ORDER BY i ROWS BETWEEN 4 PRECEDING AND CURRENT ROW) > 0.9 AS window_frame FROM generate_series(1, 6) AS i;
-- agrees with corr() on data without gaps
SELECT abs(bourse.ic(v, y) - corr(v, y)) < 1e-12 AS equals_corr FROM sample;

-- cancelled while rows come in, in the sort, and in the ranking
CREATE TEMP TABLE large (v float8[]);
ALTER TABLE large ALTER COLUMN v SET STORAGE external;
INSERT INTO large SELECT array_agg(sin(i)) FROM generate_series(1, 3000000) AS i;
SET statement_timeout = '50ms';
SELECT bourse.ks_test(random(), i % 2 = 0) FROM generate_series(1, 100000000) AS i;
SELECT bourse.rank_ic(random(), random()) FROM generate_series(1, 100000000) AS i;
SELECT bourse.ks_test(v, v) FROM large;
SELECT bourse.psi(v, v) FROM large;
RESET statement_timeout;
SELECT (bourse.ks_test('{1,2}'::float8[], '{3}'::float8[])).statistic AS afterwards;
