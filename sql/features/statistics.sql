-- What stored features look like, day by day: counted once, merged for any span.

-- A refresh deletes the dirty ranges that it has stored, or notes how far it is: from the earliest of them on, or from where it was before, days must be counted
-- again.
CREATE OR REPLACE FUNCTION bourse.feature_dirty_done() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO bourse.feature_stats_stale AS s (feature_set_id, from_ts)
    SELECT d.feature_set_id, min(greatest(d.from_ts, d.done_until)) FROM done AS d GROUP BY d.feature_set_id
    ON CONFLICT ON CONSTRAINT feature_stats_stale_pkey DO UPDATE SET from_ts = least(s.from_ts, excluded.from_ts);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bourse.feature_dirty_done() IS 'marks the statistics of refreshed sets. SECURITY DEFINER: nobody else writes feature_stats_stale';

CREATE OR REPLACE TRIGGER feature_dirty_deleted AFTER DELETE ON bourse.feature_dirty
    REFERENCING OLD TABLE AS done FOR EACH STATEMENT EXECUTE FUNCTION bourse.feature_dirty_done();
COMMENT ON TRIGGER feature_dirty_deleted ON bourse.feature_dirty IS 'marks the statistics of the set';
CREATE OR REPLACE TRIGGER feature_dirty_updated AFTER UPDATE ON bourse.feature_dirty
    REFERENCING OLD TABLE AS done FOR EACH STATEMENT EXECUTE FUNCTION bourse.feature_dirty_done();
COMMENT ON TRIGGER feature_dirty_updated ON bourse.feature_dirty IS 'marks the statistics of the set';

CREATE OR REPLACE FUNCTION bourse.update_feature_stats(feature_set_id int, days int DEFAULT 20) RETURNS int
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    start_ts timestamptz;
    next_ts timestamptz;
    next_day date;
    counted int := 0;
BEGIN
    SELECT date_trunc('day', s.from_ts, 'UTC') INTO start_ts FROM bourse.feature_stats_stale AS s
    WHERE s.feature_set_id = update_feature_stats.feature_set_id FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    WHILE counted < days LOOP
        SELECT v.ts INTO next_ts FROM bourse.feature_value AS v
        WHERE v.feature_set_id = update_feature_stats.feature_set_id AND v.ts >= start_ts ORDER BY v.ts LIMIT 1;
        next_day := (next_ts AT TIME ZONE 'UTC')::date;
        DELETE FROM bourse.feature_stats AS s
        WHERE s.feature_set_id = update_feature_stats.feature_set_id AND s.day >= (start_ts AT TIME ZONE 'UTC')::date AND s.day <= coalesce(next_day, 'infinity');
        EXIT WHEN next_ts IS NULL;
        next_ts := date_trunc('day', next_ts, 'UTC');
        INSERT INTO bourse.feature_stats (feature_set_id, day, feature, n, missing, infinite, mean, m2, min_value, max_value, bins, counts)
        SELECT update_feature_stats.feature_set_id, next_day, f.feature, f.n, f.missing, f.infinite, f.mean, f.m2, f.min_value, f.max_value, f.bins, f.counts
        FROM bourse.feature_value_statistics(update_feature_stats.feature_set_id, next_ts, next_ts + interval '24 hours') AS f;
        start_ts := next_ts + interval '24 hours';
        counted := counted + 1;
    END LOOP;
    IF next_ts IS NULL THEN
        DELETE FROM bourse.feature_stats_stale AS s WHERE s.feature_set_id = update_feature_stats.feature_set_id;
    ELSE
        UPDATE bourse.feature_stats_stale AS s SET from_ts = start_ts WHERE s.feature_set_id = update_feature_stats.feature_set_id;
    END IF;
    RETURN counted;
END
$$;
COMMENT ON FUNCTION bourse.update_feature_stats(int, int) IS 'counts up to so many days anew from the first stale one on; fewer than asked for: now all are counted';

-- A step of every worker's housekeeping: as many days as fit.
CREATE OR REPLACE FUNCTION bourse.count_features(budget interval DEFAULT '100 milliseconds') RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    stale_set int;
    until timestamptz := clock_timestamp() + budget;
BEGIN
    LOOP
        SELECT s.feature_set_id INTO stale_set FROM bourse.feature_stats_stale AS s
        WHERE bourse.is_indexed_feature_set(s.feature_set_id) ORDER BY s.feature_set_id LIMIT 1 FOR UPDATE SKIP LOCKED;
        IF NOT FOUND THEN
            RETURN false;
        END IF;
        PERFORM bourse.update_feature_stats(stale_set, 1);
        IF clock_timestamp() >= until THEN
            RETURN true;
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION bourse.count_features(interval) IS 'counts days of refreshed sets for about this long; true: there may be more. Workers call it between jobs';

CREATE OR REPLACE FUNCTION bourse.refresh_feature_statistics(feature_set text) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted bourse.feature_set := bourse.find_feature_set(feature_set);
    counted bigint := 0;
    more int;
BEGIN
    LOOP
        more := bourse.update_feature_stats(wanted.feature_set_id, 100);
        counted := counted + more;
        EXIT WHEN more < 100;
    END LOOP;
    RETURN counted;
END
$$;
COMMENT ON FUNCTION bourse.refresh_feature_statistics(text) IS 'counts the days that changed since they were counted last; returns how many. SECURITY DEFINER: nobody writes feature_stats by hand';

-- Value of the bin in which the share q of the values is reached: its middle, no further out than the values themselves.
CREATE OR REPLACE FUNCTION bourse.fixed_bin_quantile(bins smallint[], counts bigint[], q float8, min_value real, max_value real) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT least(greatest((bourse.fixed_bin_from(c.bin)::float8 + bourse.fixed_bin_to(c.bin)) / 2, min_value::float8), max_value::float8)
    FROM (SELECT b.bin, sum(b.count) OVER (ORDER BY b.bin) AS reached, sum(b.count) OVER () AS n FROM unnest(bins, counts) AS b(bin, count)) AS c
    WHERE c.reached >= q * c.n ORDER BY c.bin LIMIT 1;
END;
COMMENT ON FUNCTION bourse.fixed_bin_quantile(smallint[], bigint[], float8, real, real) IS 'quantile of counted values, off by at most 1/32 of itself; NULL without values';

CREATE OR REPLACE FUNCTION bourse.feature_statistics(feature_set text, from_day date DEFAULT NULL, to_day date DEFAULT NULL)
    RETURNS TABLE(feature text, n bigint, missing bigint, infinite bigint, mean float8, std float8, min_value real, p05 float8, median float8, p95 float8, max_value real,
                  bins smallint[], counts bigint[])
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT w.features[m.feature], m.n, m.missing, m.infinite, m.mean, CASE WHEN m.n > 1 THEN sqrt(m.m2 / (m.n - 1)) END, m.min_value,
        bourse.fixed_bin_quantile(m.bins, m.counts, 0.05, m.min_value, m.max_value), bourse.fixed_bin_quantile(m.bins, m.counts, 0.5, m.min_value, m.max_value),
        bourse.fixed_bin_quantile(m.bins, m.counts, 0.95, m.min_value, m.max_value), m.max_value, m.bins, m.counts
    FROM bourse.find_feature_set(feature_set) AS w
        CROSS JOIN LATERAL bourse.merged_feature_statistics(w.feature_set_id, coalesce(from_day, '-infinity'::date), coalesce(to_day, 'infinity'::date)) AS m
    ORDER BY m.feature;
END;
COMMENT ON FUNCTION bourse.feature_statistics(text, date, date) IS
    'stored values of a set with from_day <= UTC day < to_day, feature by feature, merged from what was counted day by day; quantiles are off by at most 1/32 of themselves';
