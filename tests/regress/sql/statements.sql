-- Statements in SQL: evaluated, as they were known, and in stored sets.
\pset null '∅'
SET client_min_messages = warning;
INSERT INTO bourse.instrument (symbol, calendar) VALUES ('AAA', '24x7'), ('BBB', '24x7');
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
SELECT s, '1d', timestamptz '2024-01-01 00:00+00' + d * interval '1 day', 10, 12, 9, 10, 5 FROM unnest(ARRAY['AAA', 'BBB']) AS s, generate_series(0, 9) AS d;
SELECT * FROM bourse.evaluate('P($$eps_q)', 'AAA');
INSERT INTO bourse.period_field SELECT i.instrument_id, 'EPS_q', p.period, p.known_at::timestamptz, p.value FROM bourse.instrument AS i,
    (VALUES (202302, '2023-08-01 08:00+00', 1), (202303, '2024-01-03 08:00+00', 2), (202303, '2024-01-06 08:00+00', 2.5), (202304, '2024-01-08 08:00+00', NULL)) AS p(period, known_at, value)
WHERE i.symbol = 'AAA';
SELECT ts::date, value FROM bourse.evaluate('P($$eps_q)', 'AAA') ORDER BY ts;
SELECT ts::date, value FROM bourse.evaluate('P(Sum($$EPS_Q,2))/$close', 'AAA') ORDER BY ts;
SELECT count(value) FROM bourse.evaluate('P($$eps_q)', 'BBB');
-- as they were known: the revision of the 6th is not there yet
SELECT ts::date, value FROM bourse.evaluate('P($$eps_q)', 'AAA', options => '{"known_at": "2024-01-05 12:00+00"}') ORDER BY ts;
SELECT symbol, ts::date, features FROM bourse.evaluate_panel(ARRAY['CSMean(P($$eps_q))', 'PRef($$eps_q,202303)'], 'all', '2024-01-05', '2024-01-07') ORDER BY symbol, ts;
SELECT * FROM bourse.check_lookahead(ARRAY['P($$eps_q-Ref($$eps_q,1))']);
-- what is refused
SELECT * FROM bourse.evaluate('P($$esp_q)', 'AAA');
SELECT * FROM bourse.evaluate('$$eps_q/$close', 'AAA');
INSERT INTO bourse.period_field VALUES (1, 'eps', 202301, '2024-01-01 00:00+00', 1);
INSERT INTO bourse.period_field VALUES (1, 'eps_q', 202305, '2024-01-01 00:00+00', 1);
INSERT INTO bourse.period_field VALUES (1, 'eps_a', 202301, '2024-01-01 00:00+00', 1);
-- a stored set is marked from the publication on, of that instrument
SELECT bourse.create_feature_set('value', ARRAY['P($$eps_q)/$close', '$close'], materialize => true) AS id \gset
SELECT bourse.create_feature_set('plain', ARRAY['$close'], materialize => true) AS plain \gset
SELECT node, place, lookback_bars FROM bourse.explain_features('value') ORDER BY node;
DELETE FROM bourse.feature_dirty;
INSERT INTO bourse.period_field SELECT i.instrument_id, 'eps_q', 202304, '2024-01-09 08:00+00', 3 FROM bourse.instrument AS i WHERE i.symbol = 'AAA';
SELECT s.name, i.symbol, d.from_ts, d.to_ts FROM bourse.feature_dirty AS d JOIN bourse.feature_set AS s USING (feature_set_id) JOIN bourse.instrument AS i USING (instrument_id);
