-- Bars, instruments and loads for people: symbols instead of ids, the session beside the time stamp.

CREATE OR REPLACE VIEW bourse_bi.instrument AS
SELECT i.symbol, i.name, i.exchange, i.asset_class, i.currency, i.calendar, i.listed_at, i.delisted_at, i.instrument_id
FROM bourse.instrument AS i;
COMMENT ON VIEW bourse_bi.instrument IS 'what is traded';
COMMENT ON COLUMN bourse_bi.instrument.calendar IS 'XSHG, XNYS, 24x7 …; NULL: sessions are the days on which any such instrument has a bar';

CREATE OR REPLACE VIEW bourse_bi.bar AS
SELECT i.symbol, b.freq::text AS freq, (b.ts AT TIME ZONE 'UTC')::date AS session, b.ts,
    b.open, b.high, b.low, b.close, b.volume, b.amount, b.adj_factor,
    b.open * b.adj_factor AS adjusted_open, b.high * b.adj_factor AS adjusted_high, b.low * b.adj_factor AS adjusted_low,
    b.close * b.adj_factor AS adjusted_close, b.volume / nullif(b.adj_factor, 0) AS adjusted_volume,
    b.known_at, b.data_version_id, b.instrument_id
FROM bourse.bar AS b
JOIN bourse.instrument AS i USING (instrument_id);
COMMENT ON VIEW bourse_bi.bar IS 'bars as known now, raw and adjusted, one row per symbol, frequency and time';
COMMENT ON COLUMN bourse_bi.bar.session IS 'date of ts in UTC; for daily and longer bars the session date';
COMMENT ON COLUMN bourse_bi.bar.adjusted_close IS 'close × adj_factor: comparable over splits and dividends';
COMMENT ON COLUMN bourse_bi.bar.adjusted_volume IS 'volume / adj_factor';

CREATE OR REPLACE VIEW bourse_bi.data_load AS
SELECT v.data_version_id, coalesce(v.made_at, f.imported_at) AS loaded_at, coalesce(v.source, f.path) AS source,
    coalesce(f.state, 'loaded') AS state, f.reason,
    v.rows_read, v.rows_loaded, v.rows_changed, v.rows_unchanged, v.rows_duplicate, v.rows_rejected, v.rows_without_volume,
    v.rows_rejected::float8 / nullif(v.rows_read, 0) AS reject_ratio,
    f.path, pg_catalog.encode(f.sha256, 'hex') AS sha256, f.size_bytes, f.modified_at, f.options
FROM bourse.data_version AS v
FULL JOIN bourse.data_file AS f USING (data_version_id);
COMMENT ON VIEW bourse_bi.data_load IS 'every load that was tried: its counts, and its file when there was one';
COMMENT ON COLUMN bourse_bi.data_load.state IS 'loaded, or refused as a whole: then reason says why';
COMMENT ON COLUMN bourse_bi.data_load.rows_read IS 'loaded + changed + unchanged + duplicate + rejected';
COMMENT ON COLUMN bourse_bi.data_load.reject_ratio IS 'rejected / read, 0–1';

CREATE OR REPLACE VIEW bourse_bi.reject AS
SELECT r.data_version_id, r.source, r.rule, count(*) AS rows, min(r.rejected_at) AS first_at, max(r.rejected_at) AS last_at,
    min(r.reason) AS example
FROM bourse.bar_reject AS r
GROUP BY r.data_version_id, r.source, r.rule;
COMMENT ON VIEW bourse_bi.reject IS 'rejected rows counted by load and rule, with one reason as an example; the rows are in bourse.bar_reject';
