-- Statistics: Kolmogorov-Smirnov, population stability index, IC.

CREATE TYPE bourse.ks_test_result AS (statistic float8, p_value float8, n_a bigint, n_b bigint, method text, note text);
COMMENT ON TYPE bourse.ks_test_result IS 'n_a, n_b: values used; method: exact or asymptotic; note: insufficient_data, constant, heavy_ties (p is conservative), how many values were dropped';

CREATE FUNCTION bourse.ks_test(a float8[], b float8[]) RETURNS bourse.ks_test_result
    AS 'MODULE_PATHNAME', 'bourse_ks_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.ks_test(float8[], float8[]) IS
    'two-sample Kolmogorov-Smirnov test, two-sided; exact up to 10,000 values a side; NULL, NaN and infinite values are dropped';

CREATE FUNCTION bourse.psi(reference float8[], current float8[], bins int DEFAULT 10) RETURNS float8
    AS 'MODULE_PATHNAME', 'bourse_psi_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.psi(float8[], float8[], int) IS
    'population stability index over bins with equal counts of the reference; an empty bin counts as a share of 1e-4; NULL when a side is empty';

CREATE FUNCTION bourse.two_samples_accumulate(internal, float8, boolean) RETURNS internal
    AS 'MODULE_PATHNAME', 'bourse_two_samples_accumulate' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bourse.two_samples_accumulate(internal, float8, boolean) IS 'part of the aggregates ks_test and psi';
CREATE FUNCTION bourse.two_samples_combine(internal, internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'bourse_two_samples_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bourse.two_samples_combine(internal, internal) IS 'part of the aggregates ks_test, psi, ic and rank_ic';
CREATE FUNCTION bourse.two_samples_serialize(internal) RETURNS bytea
    AS 'MODULE_PATHNAME', 'bourse_two_samples_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.two_samples_serialize(internal) IS 'part of the aggregates ks_test, psi, ic and rank_ic';
CREATE FUNCTION bourse.two_samples_deserialize(bytea, internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'bourse_two_samples_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.two_samples_deserialize(bytea, internal) IS 'part of the aggregates ks_test, psi, ic and rank_ic';
CREATE FUNCTION bourse.ks_final(internal) RETURNS bourse.ks_test_result
    AS 'MODULE_PATHNAME', 'bourse_ks_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bourse.ks_final(internal) IS 'part of the aggregate ks_test';
CREATE FUNCTION bourse.psi_final(internal) RETURNS float8
    AS 'MODULE_PATHNAME', 'bourse_psi_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bourse.psi_final(internal) IS 'part of the aggregate psi';
CREATE FUNCTION bourse.ic_accumulate(internal, float8, float8) RETURNS internal
    AS 'MODULE_PATHNAME', 'bourse_ic_accumulate' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bourse.ic_accumulate(internal, float8, float8) IS 'part of the aggregates ic and rank_ic';
CREATE FUNCTION bourse.ic_final(internal) RETURNS float8
    AS 'MODULE_PATHNAME', 'bourse_ic_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bourse.ic_final(internal) IS 'part of the aggregate ic';
CREATE FUNCTION bourse.rank_ic_final(internal) RETURNS float8
    AS 'MODULE_PATHNAME', 'bourse_rank_ic_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bourse.rank_ic_final(internal) IS 'part of the aggregate rank_ic';

CREATE AGGREGATE bourse.ks_test(value float8, is_current boolean) (
    SFUNC = bourse.two_samples_accumulate, STYPE = internal, FINALFUNC = bourse.ks_final, COMBINEFUNC = bourse.two_samples_combine,
    SERIALFUNC = bourse.two_samples_serialize, DESERIALFUNC = bourse.two_samples_deserialize, PARALLEL = SAFE);
COMMENT ON AGGREGATE bourse.ks_test(float8, boolean) IS
    'two-sample Kolmogorov-Smirnov test of the rows with is_current against the others; NULL, NaN and infinite values are dropped';
CREATE AGGREGATE bourse.psi(value float8, is_current boolean) (
    SFUNC = bourse.two_samples_accumulate, STYPE = internal, FINALFUNC = bourse.psi_final, COMBINEFUNC = bourse.two_samples_combine,
    SERIALFUNC = bourse.two_samples_serialize, DESERIALFUNC = bourse.two_samples_deserialize, PARALLEL = SAFE);
COMMENT ON AGGREGATE bourse.psi(float8, boolean) IS
    'population stability index of the rows with is_current against the others, 10 bins with equal counts of the others';
CREATE AGGREGATE bourse.ic(prediction float8, outcome float8) (
    SFUNC = bourse.ic_accumulate, STYPE = internal, FINALFUNC = bourse.ic_final, COMBINEFUNC = bourse.two_samples_combine,
    SERIALFUNC = bourse.two_samples_serialize, DESERIALFUNC = bourse.two_samples_deserialize, PARALLEL = SAFE);
COMMENT ON AGGREGATE bourse.ic(float8, float8) IS
    'IC of one day: Pearson correlation over the names; NULL below 5 pairs or when a side is constant; pairs with NULL, NaN or infinity are dropped';
CREATE AGGREGATE bourse.rank_ic(prediction float8, outcome float8) (
    SFUNC = bourse.ic_accumulate, STYPE = internal, FINALFUNC = bourse.rank_ic_final, COMBINEFUNC = bourse.two_samples_combine,
    SERIALFUNC = bourse.two_samples_serialize, DESERIALFUNC = bourse.two_samples_deserialize, PARALLEL = SAFE);
COMMENT ON AGGREGATE bourse.rank_ic(float8, float8) IS
    'RankIC of one day: Spearman correlation over the names, midranks for ties; NULL below 5 pairs or when a side is constant';

CREATE FUNCTION bourse.drift_statistics(model_version_id bigint, feature_set_id int, from_ts timestamptz, to_ts timestamptz, universe text)
    RETURNS TABLE(feature text, n_reference bigint, missing_reference bigint, n_current bigint, missing_current bigint, ks float8, p_value float8, psi float8)
    AS 'MODULE_PATHNAME', 'bourse_drift_statistics' LANGUAGE C STABLE STRICT COST 10000 ROWS 100;
COMMENT ON FUNCTION bourse.drift_statistics(bigint, int, timestamptz, timestamptz, text) IS
    'part of bourse.drift: every feature with a drift reference against the stored rows with from_ts <= ts < to_ts of the universe''s members';

-- Bins that never change: counts of days, instruments and sets add up.
CREATE FUNCTION bourse.fixed_bin(value real) RETURNS smallint
    AS 'MODULE_PATHNAME', 'bourse_fixed_bin' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fixed_bin(real) IS
    'the bin of a value: 0 for 0, else 1 to 8160 in order of size with its sign; 32 bins from one power of 2 to the next; NULL for NaN and infinity';
CREATE FUNCTION bourse.fixed_bin_from(bin int) RETURNS real
    AS 'MODULE_PATHNAME', 'bourse_fixed_bin_from' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fixed_bin_from(int) IS 'lower edge of a bin; part of it where the bin is above 0';
CREATE FUNCTION bourse.fixed_bin_to(bin int) RETURNS real
    AS 'MODULE_PATHNAME', 'bourse_fixed_bin_to' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fixed_bin_to(int) IS 'upper edge of a bin; part of it where the bin is below 0';

CREATE FUNCTION bourse.feature_value_statistics(feature_set_id int, from_ts timestamptz, to_ts timestamptz)
    RETURNS TABLE(feature int, n bigint, missing bigint, infinite bigint, mean float8, m2 float8, min_value real, max_value real, bins smallint[], counts int[])
    AS 'MODULE_PATHNAME', 'bourse_feature_value_statistics' LANGUAGE C STABLE STRICT COST 10000 ROWS 200;
COMMENT ON FUNCTION bourse.feature_value_statistics(int, timestamptz, timestamptz) IS
    'every feature over the stored rows with from_ts <= ts < to_ts, in one pass: as a row of bourse.feature_stats; no row when nothing is stored there';

CREATE FUNCTION bourse.merged_feature_statistics(feature_set_id int, from_day date, to_day date)
    RETURNS TABLE(feature int, n bigint, missing bigint, infinite bigint, mean float8, m2 float8, min_value real, max_value real, bins smallint[], counts bigint[])
    AS 'MODULE_PATHNAME', 'bourse_merged_feature_statistics' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10000 ROWS 200;
COMMENT ON FUNCTION bourse.merged_feature_statistics(int, date, date) IS
    'part of feature_statistics: the rows of bourse.feature_stats with from_day <= day < to_day put together, feature by feature';
