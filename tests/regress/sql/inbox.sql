-- bar_inbox: every rule, duplicates, overwrites, history, partitions, who may load.
SET timezone = 'UTC';
-- good bars of every frequency, names as qlib writes them, a missing volume
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) VALUES
    ('AAA', '1d', '2024-01-02', 10, 11, 9, 10.5, 1000), ('AAA', 'day', '2024-01-03', 10, 11, 9, 10.5, NULL), ('AAA', '1d', '2024-01-04', 10, 10, 10, 10, 0),
    ('AAA', '1w', '2024-01-01', 10, 11, 9, 10.5, 'NaN'), ('AAA', '1mo', '2024-01-01', 10, 11, 9, 10.5, 1),
    ('BTCUSDT', '1h', '2023-12-31 23:00', 10, 11, 9, 10.5, 1), ('BTCUSDT', '1h', '2024-01-01 00:00', 10, 11, 9, 10.5, 1),
    ('BTCUSDT', '5min', '2024-01-01 00:05', 10, 11, 9, 10.5, 1), ('BTCUSDT', '4h', '2024-01-01 04:00', 10, 11, 9, 10.5, 1),
    (' 600000.SH ', '1d', '2024-01-02', 10, 11, 9, 10.5, 1);
SELECT source, rows_read, rows_loaded, rows_changed, rows_unchanged, rows_duplicate, rows_rejected, rows_without_volume, refused FROM bourse.data_version;
SELECT symbol, exchange, asset_class, calendar FROM bourse.instrument ORDER BY symbol;
SELECT i.symbol, b.freq, b.ts, b.volume, b.adj_factor, b.known_at FROM bourse.bar AS b JOIN bourse.instrument AS i USING (instrument_id) ORDER BY 1, 2, 3;
SELECT count(*) AS left_in_inbox FROM bourse.bar_inbox;
SELECT c.relname FROM pg_inherits JOIN pg_class AS c ON c.oid = inhrelid WHERE c.relname ~ '_\d{4}$' AND c.relkind = 'r' ORDER BY 1;

-- every rule; COPY reports every row
COPY bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume, amount, adj_factor, known_at) FROM STDIN;
\N	1d	2024-01-02	10	11	9	10	1	\N	\N	\N
R1	2d	2024-01-02	10	11	9	10	1	\N	\N	\N
R1	\N	2024-01-02	10	11	9	10	1	\N	\N	\N
R1	1d	\N	10	\N	9	10	1	\N	\N	\N
R1	1d	infinity	10	11	9	10	1	\N	\N	\N
R1	1d	2024-01-02	10	11	9	10	1	\N	\N	2024-01-01
R1	1d	2024-01-03	NaN	11	9	10	1	\N	\N	\N
R1	1d	2024-01-04	10	Infinity	9	10	1	\N	\N	\N
R1	1d	2024-01-05	10	11	9	10	Infinity	\N	\N	\N
R1	1d	2024-01-02 05:00	10	11	9	10	1	\N	\N	\N
R1	1w	2024-01-02	10	11	9	10	1	\N	\N	\N
R1	1mo	2024-01-02	10	11	9	10	1	\N	\N	\N
BTCUSDT	1h	2024-01-02 00:30	10	11	9	10	1	\N	\N	\N
R1	1d	2999-01-01	10	11	9	10	1	\N	\N	\N
R1	1d	2024-01-08	10	11	0	10	1	\N	\N	\N
R1	1d	2024-01-09	10	11	9	10	1	\N	-1	\N
R1	1d	2024-01-10	10	9.5	9	10	1	\N	\N	\N
R1	1d	2024-01-11	10	11	10.5	10	1	\N	\N	\N
R1	1d	2024-01-12	10	11	9	10	-5	\N	\N	\N
R1	1d	2024-01-15	10	11	9	10	5	-5	\N	\N
R1	1d	2024-01-16	10	11	9	10	5	\N	\N	\N
R1	1d	2024-01-16	10	11	9	10.1	5	\N	\N	\N
R1	1d	2024-01-17	10	11	9	10	5	\N	\N	\N
R1	day	2024-01-17	10	11	9	10	5	\N	\N	\N
\.
SELECT line, symbol, freq, ts, rule, CASE rule WHEN 'future_time' THEN regexp_replace(reason, 'says .*', 'says …') ELSE reason END AS reason FROM bourse.bar_reject ORDER BY reject_id;
SELECT raw FROM bourse.bar_reject WHERE rule IN ('bad_number', 'missing_value') ORDER BY reject_id;
SELECT rows_read, rows_loaded, rows_duplicate, rows_rejected FROM bourse.data_version ORDER BY data_version_id DESC LIMIT 1;
SELECT count(*) FROM bourse.instrument WHERE symbol = 'R1';

-- the same again changes nothing; a correction moves the old row to bar_history
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) VALUES
    ('AAA', '1d', '2024-01-02', 10, 11, 9, 10.5, 1000), ('AAA', '1d', '2024-01-03', 10, 11, 9, 10.9, NULL), ('AAA', '1d', '2024-01-05', 10, 11, 9, 10.5, 7);
SELECT rows_read, rows_loaded, rows_changed, rows_unchanged FROM bourse.data_version ORDER BY data_version_id DESC LIMIT 1;
SELECT h.ts, h.close, h.known_from, h.known_until = b.known_at AS until_the_new_is_known, h.data_version_id, b.close AS close_now, b.data_version_id AS version_now
FROM bourse.bar_history AS h JOIN bourse.bar AS b USING (instrument_id, freq, ts);
SELECT symbol, ts, close FROM bourse.bars('{AAA}', known_at => '2024-06-01') ORDER BY ts;
SELECT symbol, ts, close FROM bourse.bars('{AAA}') ORDER BY ts;

-- adjusted prices
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume, adj_factor) VALUES
    ('SPLIT', '1d', '2024-01-02', 20, 22, 18, 20, 100, 1), ('SPLIT', '1d', '2024-01-03', 10, 11, 9, 10, 200, 2);
SELECT ts, close, volume, adj_factor FROM bourse.bars('{SPLIT}');
SELECT ts, close, volume, adj_factor FROM bourse.bars('{SPLIT}', adjust => 'forward');
SELECT ts, close, volume, adj_factor FROM bourse.bars('{SPLIT}', adjust => 'none', from_ts => '2024-01-03', to_ts => '2024-01-04');
SELECT * FROM bourse.bars('{SPLIT}', adjust => 'sideways');
SELECT * FROM bourse.bars('{SPLIT}', freq => '7d');

-- sessions: the grid starts at the open, a bar is known at the session's close
INSERT INTO bourse.calendar VALUES
    ('XSHG', '2024-01-02', '2024-01-02 01:30', '2024-01-02 07:00', '2024-01-02 03:30', '2024-01-02 05:00'),
    ('XSHG', '2024-01-03', '2024-01-03 01:30', '2024-01-03 07:00', '2024-01-03 03:30', '2024-01-03 05:00');
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close) VALUES
    ('SZ000001', '1h', '2024-01-02 01:30', 1, 1, 1, 1), ('SZ000001', '1h', '2024-01-02 02:30', 1, 1, 1, 1), ('SZ000001', '1h', '2024-01-02 05:00', 1, 1, 1, 1),
    ('SZ000001', '1h', '2024-01-02 02:00', 1, 1, 1, 1), ('SZ000001', '1h', '2024-01-02 03:30', 1, 1, 1, 1), ('SZ000001', '1d', '2024-01-03', 1, 1, 1, 1),
    ('SZ000001', '1d', '2024-01-04', 1, 1, 1, 1), ('SZ000001', '1w', '2024-01-01', 1, 1, 1, 1), ('SZ000001', '4h', '2024-01-02 01:30', 1, 1, 1, 1);
SELECT freq, ts, known_at, known_at = bourse.bar_close(instrument_id, freq, ts) AS is_bar_close FROM bourse.bar JOIN bourse.instrument USING (instrument_id) WHERE symbol = 'SZ000001' ORDER BY freq, ts;
SELECT ts, rule, reason FROM bourse.bar_reject WHERE symbol = 'SZ000001' ORDER BY ts;

-- who may load
SET ROLE bourse_reader;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close) VALUES ('X', '1d', '2024-01-02', 1, 1, 1, 1);
SELECT * FROM bourse.load_bars('x');
SET ROLE bourse_researcher;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close) VALUES ('X', '1d', '2024-01-02', 1, 1, 1, 1);
SELECT symbol, close FROM bourse.bars('{X}');
INSERT INTO bourse.bar SELECT * FROM bourse.bar LIMIT 1;
RESET ROLE;
SELECT * FROM bourse.load_bars('x', '{"on_conflcit": "first"}');

-- stored sets hear of what moved; a failed statement leaves nothing
UPDATE bourse.feature_set SET materialized = false;
INSERT INTO bourse.feature_set (name, version, freq, features, expressions, materialized) VALUES ('s', 1, '1d', '{a}', '{$close}', true), ('h', 1, '1h', '{a}', '{$close}', true), ('no', 1, '1d', '{a}', '{$close}', false);
BEGIN;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close) VALUES ('D', '1d', '2024-01-02', 1, 1, 1, 1);
SAVEPOINT a;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close) VALUES ('D', '1d', '2024-01-09', 1, 1, 1, 1), ('D', '1d', '2024-01-10', 1, 1, 1, 1);
ROLLBACK TO a;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close) VALUES ('D', '1d', '2024-01-02', 1, 1, 1, 1), ('D', '1d', '2024-01-04', 1, 1, 1, 1), ('D', '1d', '2024-01-03', 1, 1, 1, 1), ('D', '1h', '2024-01-03 03:00', 1, 1, 1, 1);
COMMIT;
SELECT f.name, i.symbol, d.from_ts, d.to_ts FROM bourse.feature_dirty AS d JOIN bourse.feature_set AS f USING (feature_set_id) JOIN bourse.instrument AS i USING (instrument_id) ORDER BY 1, 2, 3;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close) VALUES ('D', '1d', '2024-01-02', 1, 1, 1, 1);
SELECT count(*) FROM bourse.feature_dirty;
