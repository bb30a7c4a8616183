#!/usr/bin/env bash
# The direct path gives what the staged path gives, row by row; forged blocks are refused.
. "$(dirname "$0")/import_support.sh"
export TZ=UTC PGTZ=UTC

# 3 symbols of daily bars, more than two blocks; some rows lack volume, amount or the factor; s = shift in days
daily() { # PREFIX SHIFT
    echo symbol,date,open,high,low,close,volume,amount,adj_factor
    awk -v p="$1" -v shift="$2" 'BEGIN { for (s = 3; s >= 1; --s) for (d = 0; d < 6000; ++d)
        printf "%s%d,%s,%.2f,%.2f,%.2f,%.2f,%s,%s,%s\n", p, s, strftime("%Y-%m-%d", 86400 * (d + shift)), 10 + s, 12 + s, 9 + s, 11 + s + d % 7 / 10,
            d % 5 ? 100 + d : "", d % 3 ? 1.5 * d : "", d % 4 ? 1 + s / 10 : "" }'
}
hourly() { # across a new year, with known_at in some rows, symbols mixed
    echo symbol,ts,open,high,low,close,volume,known_at
    awk -v p="$1" 'BEGIN { for (h = 0; h < 9000; ++h) for (s = 1; s <= 2; ++s)
        printf "%s%dUSDT,%d,10,12,9,%d,1,%s\n", p, s, 1640000000 - 1640000000 % 3600 + h * 3600, 10 + s, h % 2 ? 1640000000 + h * 3600 + 9000 : "" }'
}
daily DIR 0 >"$work/DIR.csv"; daily STG 0 >"$work/STG.csv"
daily DIR 6000 >"$work/DIR2.csv"; daily STG 6000 >"$work/STG2.csv"
hourly DIR >"$work/DIRh.csv"; hourly STG >"$work/STGh.csv"
sql "SELECT bourse.create_feature_set('direct_daily', '{\$close/\$open}'::text[], materialize => true)" >/dev/null

import() { PGOPTIONS="-c track_functions=pl" bourse import "$@" >"$work/out" 2>&1 || fail "import $*: $(cat "$work/out")"; }
calls() { sql "SELECT coalesce(sum(calls), 0) FROM pg_stat_user_functions WHERE schemaname = 'bourse' AND funcname = '$1'"; }
for prefix in DIR STG; do
    staged=; [ $prefix = STG ] && staged=--staged
    # shellcheck disable=SC2086
    for file in "$prefix" "${prefix}2"; do import "$work/$file.csv" --freq 1d --universe "u$prefix" --exchange XTST --calendar weekdays $staged; done
    # shellcheck disable=SC2086
    import "$work/${prefix}h.csv" --freq 1h $staged
done

equal "9 3 3" "$(calls load_block) $(calls close_direct_load) $(calls load_bars)" "blocks, direct loads, staged loads"

same() { # WHAT QUERY: a query with P for the prefix gives the same for both
    local one two
    one=$(sql "${2//PREFIX/DIR}"); two=$(sql "${2//PREFIX/STG}")
    [ -n "$one" ] || fail "$1: no rows"
    [ "$one" = "$two" ] || { diff <(echo "$one") <(echo "$two") | head -5 >&2; fail "$1 differ"; }
}
of="JOIN bourse.instrument AS i USING (instrument_id) WHERE i.symbol LIKE 'PREFIX%'"
same bars "SELECT substr(i.symbol, 4), b.freq, b.ts, open, high, low, close, volume, amount, adj_factor, known_at,
    dense_rank() OVER (ORDER BY data_version_id) FROM bourse.bar AS b $of ORDER BY 1, 2, 3"
same partitions "SELECT b.tableoid::regclass, count(*) FROM bourse.bar AS b $of GROUP BY 1 ORDER BY 1"
same instruments "SELECT substr(symbol, 4), exchange, asset_class, calendar, rank() OVER (ORDER BY instrument_id) FROM bourse.instrument AS i WHERE i.symbol LIKE 'PREFIX%' ORDER BY 1"
same universe "SELECT substr(i.symbol, 4) FROM bourse.universe AS v $of AND v.name = 'uPREFIX' ORDER BY 1"
same versions "SELECT rows_read, rows_loaded, rows_changed, rows_unchanged, rows_duplicate, rows_rejected, rows_without_volume, refused
    FROM bourse.data_version WHERE source LIKE '%/PREFIX%' ORDER BY data_version_id"
same files "SELECT state, reason, length(sha256), size_bytes, options - 'universe' FROM bourse.data_file WHERE path LIKE '%/PREFIX%' ORDER BY data_file_id"
same "stale features" "SELECT substr(i.symbol, 4), feature_set_id, from_ts, to_ts FROM bourse.feature_dirty $of ORDER BY 1, 3"
equal "108000 t" "$(sql "SELECT count(*) || ' ' || bool_and(known_at >= ts)::text::char FROM bourse.bar")" "bars"
# a file that is not simple ends on the staged path with all of its counts
{ daily MIX 0; echo MIX1,1999-01-01,10,9,12,10,1,,; } >"$work/MIX.csv"
import "$work/MIX.csv" --freq 1d
equal "18001 18000 0 0 0 1 3600 f" "$(counts)" "a bad last row"
import "$work/MIX.csv" --freq 1d --again
equal "18001 0 0 18000 0 1 3600 f" "$(counts)" "the same again"
equal 0 "$(sql "SELECT count(*) FROM bourse.data_version WHERE rows_read = 0")" "versions of direct loads given up"

# forged blocks
psql -XqAt -v ON_ERROR_STOP=1 <<'SQL' || fail "a forged block was taken or refused wrongly"
CREATE FUNCTION pg_temp.le(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT string_agg(substring($1 FROM i FOR 1), '' ORDER BY i DESC) FROM generate_series(1, length($1)) AS i $$;
CREATE FUNCTION pg_temp.bar(instrument int, ts text, open float8, high float8, low float8, close float8, volume float8 DEFAULT 'NaN', known_at timestamptz DEFAULT NULL) RETURNS bytea LANGUAGE sql AS $$
    SELECT pg_temp.le(int4send(instrument)) || pg_temp.le(int8send((extract(epoch FROM ts::timestamptz) * 1000000)::bigint)) || pg_temp.le(float8send(open)) || pg_temp.le(float8send(high))
        || pg_temp.le(float8send(low)) || pg_temp.le(float8send(close)) || pg_temp.le(float8send(volume)) || pg_temp.le(float8send('NaN')) || pg_temp.le(float8send('NaN'))
        || pg_temp.le(int8send(coalesce((extract(epoch FROM known_at) * 1000000)::bigint, -9223372036854775808))) $$;
CREATE PROCEDURE pg_temp.refused(what text, statement text, pattern text) LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        EXECUTE statement;
    EXCEPTION WHEN OTHERS THEN
        IF SQLERRM !~ pattern THEN RAISE EXCEPTION '%: % is not in: %', what, pattern, SQLERRM; END IF;
        RETURN;
    END;
    RAISE EXCEPTION '% was taken', what;
END $$;
CREATE FUNCTION pg_temp.send(block bytea, freq text) RETURNS text LANGUAGE sql AS $$ SELECT format('SELECT bourse.load_block(%L, %L, %s)', block, freq, current_setting('my.version')) $$;
CALL pg_temp.refused('a block without a load', $$SELECT bourse.load_block('\x00', '1d', 1)$$, 'not of a direct load');
BEGIN;
SELECT set_config('my.version', bourse.open_direct_load('forged')::text, true) \g /dev/null
SELECT set_config('my.id', instrument_id::text, true) FROM bourse.direct_series(current_setting('my.version')::bigint, '1d', '{FORGED}', '{}') \g /dev/null
CREATE FUNCTION pg_temp.id() RETURNS int LANGUAGE sql AS $$ SELECT current_setting('my.id')::int $$;
CALL pg_temp.refused('an empty block', pg_temp.send('', '1d'), '0 bytes');
CALL pg_temp.refused('a cut block', pg_temp.send(substring(pg_temp.bar(pg_temp.id(), '2020-01-06 00:00+00', 1, 1, 1, 1) FROM 1 FOR 75), '1d'), '75 bytes');
CALL pg_temp.refused('high below low', pg_temp.send(pg_temp.bar(pg_temp.id(), '2020-01-06 00:00+00', 1, 1, 2, 1), '1d'), 'row 1 .*high_low_order');
CALL pg_temp.refused('NaN as price', pg_temp.send(pg_temp.bar(pg_temp.id(), '2020-01-06 00:00+00', 'NaN', 1, 1, 1), '1d'), 'bad_number');
CALL pg_temp.refused('a bar of the future', pg_temp.send(pg_temp.bar(pg_temp.id(), '2190-01-06 00:00+00', 1, 1, 1, 1), '1d'), 'future_time');
CALL pg_temp.refused('off the grid', pg_temp.send(pg_temp.bar(pg_temp.id(), '2020-01-06 01:00+00', 1, 1, 1, 1), '1d'), 'off_grid');
CALL pg_temp.refused('known before its open', pg_temp.send(pg_temp.bar(pg_temp.id(), '2020-01-06 00:00+00', 1, 1, 1, 1, 1, '2019-01-01'), '1d'), 'bad_time');
CALL pg_temp.refused('an unknown frequency', pg_temp.send(pg_temp.bar(pg_temp.id(), '2020-01-06 00:00+00', 1, 1, 1, 1), '7d'), 'frequency .7d. cannot');
CALL pg_temp.refused('a month', pg_temp.send(pg_temp.bar(pg_temp.id(), '2020-01-01 00:00+00', 1, 1, 1, 1), '1mo'), 'frequency .1mo. cannot');
CALL pg_temp.refused('a year without partition', pg_temp.send(pg_temp.bar(pg_temp.id(), '1971-01-06 00:00+00', 1, 1, 1, 1), '5m'), 'no partition bar_5m_1971');
CALL pg_temp.refused('an instrument of another frequency', pg_temp.send(pg_temp.bar(pg_temp.id(), '2020-01-06 00:00+00', 1, 1, 1, 1), '1w'), 'did not open');
CALL pg_temp.refused('an instrument that nobody opened', pg_temp.send(pg_temp.bar(1, '2020-01-06 00:00+00', 1, 1, 1, 1), '1d'), 'did not open');
CALL pg_temp.refused('a key twice', pg_temp.send(pg_temp.bar(pg_temp.id(), '2020-01-06 00:00+00', 1, 1, 1, 1) || pg_temp.bar(pg_temp.id(), '2020-01-06 00:00+00', 1, 1, 1, 1), '1d'), 'duplicate key');
CALL pg_temp.refused('the version of another load', format('SELECT bourse.load_block(%L, %L, 1)', pg_temp.bar(pg_temp.id(), '2020-01-06 00:00+00', 1, 1, 1, 1), '1d'), 'not of a direct load');
CALL pg_temp.refused('a symbol twice', format('SELECT * FROM bourse.direct_series(%s, %L, %L, %L)', current_setting('my.version'), '1d', '{FORGED}', '{}'), 'opened twice');
CALL pg_temp.refused('an empty symbol', format('SELECT * FROM bourse.direct_series(%s, %L, %L, %L)', current_setting('my.version'), '1d', '{""}', '{}'), 'cannot have the symbol');
-- a good one passes, and the load ends once
DO $$ DECLARE n bigint; BEGIN EXECUTE pg_temp.send(pg_temp.bar(pg_temp.id(), '2020-01-06 00:00+00', 1, 2, 1, 1), '1d') INTO n; ASSERT n = 1; END $$;
DO $$ DECLARE r record; BEGIN SELECT * INTO r FROM bourse.close_direct_load(current_setting('my.version')::bigint, '{}'); ASSERT r.rows_loaded = 1 AND r.rows_without_volume = 1 AND r.instruments_made = 1; END $$;
CALL pg_temp.refused('a block after the end', pg_temp.send(pg_temp.bar(pg_temp.id(), '2020-01-07 00:00+00', 1, 1, 1, 1), '1d'), 'did not open');
ROLLBACK;
SET ROLE bourse_reader;
CALL pg_temp.refused('a reader', 'SELECT bourse.open_direct_load(''x'')', 'permission denied');
CALL pg_temp.refused('a reader', 'SELECT bourse.insert_block(''\x00'', ''1d'', 1)', 'permission denied');
RESET ROLE;
SET ROLE bourse_researcher;
CREATE TEMPORARY TABLE bar_series (series int, symbol text, freq text);
CALL pg_temp.refused('staging tables of one''s own', 'SELECT bourse.load_bars(''x'')', 'no load is open');
CALL pg_temp.refused('a researcher past the checks', 'SELECT bourse.insert_block(''\x00'', ''1d'', 1)', 'permission denied');
SQL
