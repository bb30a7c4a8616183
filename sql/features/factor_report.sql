-- How well the features of a set order the returns that follow, and which of them to take.

CREATE OR REPLACE FUNCTION bourse.factor_report_options(options jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    defaults constant jsonb := '{"horizons": [1, 5, 10, 20], "quantiles": 5, "cluster_correlation": 0.7, "max_correlation": 0.7, "choose": 20}';
    o jsonb;
BEGIN
    PERFORM bourse.check_keys(options, '["horizons", "quantiles", "cluster_correlation", "max_correlation", "choose"]', 'options of factor_report');
    o := defaults || options;
    IF jsonb_typeof(o -> 'horizons') <> 'array' OR jsonb_array_length(o -> 'horizons') NOT BETWEEN 1 AND 20
        OR EXISTS (SELECT FROM jsonb_array_elements(o -> 'horizons') AS h
                   WHERE NOT (CASE WHEN jsonb_typeof(h) = 'number' THEN h::numeric BETWEEN 1 AND 1000 AND h::numeric = trunc(h::numeric) ELSE false END)) THEN
        RAISE EXCEPTION 'option horizons is %', o -> 'horizons' USING ERRCODE = '22023', HINT = '1 to 20 numbers of bars, each from 1 to 1000, as [1, 5, 10]';
    ELSIF NOT (CASE WHEN jsonb_typeof(o -> 'quantiles') = 'number' THEN (o ->> 'quantiles')::numeric IN (2, 3, 4, 5, 6, 7, 8, 9, 10, 20) ELSE false END) THEN
        RAISE EXCEPTION 'option quantiles is %', o -> 'quantiles' USING ERRCODE = '22023', HINT = '2 to 10, or 20';
    ELSIF NOT (CASE WHEN jsonb_typeof(o -> 'cluster_correlation') = 'number' THEN (o ->> 'cluster_correlation')::numeric BETWEEN 0 AND 1 ELSE false END)
        OR NOT (CASE WHEN jsonb_typeof(o -> 'max_correlation') = 'number' THEN (o ->> 'max_correlation')::numeric BETWEEN 0 AND 1 ELSE false END) THEN
        RAISE EXCEPTION 'cluster_correlation is %, max_correlation %', o -> 'cluster_correlation', o -> 'max_correlation' USING ERRCODE = '22023', HINT = 'from 0 to 1';
    ELSIF NOT (CASE WHEN jsonb_typeof(o -> 'choose') = 'number' THEN (o ->> 'choose')::numeric BETWEEN 1 AND 16000 AND (o ->> 'choose')::numeric = trunc((o ->> 'choose')::numeric) ELSE false END) THEN
        RAISE EXCEPTION 'option choose is %', o -> 'choose' USING ERRCODE = '22023', HINT = 'a number of features from 1 on';
    END IF;
    RETURN o;
END
$$;
COMMENT ON FUNCTION bourse.factor_report_options(jsonb) IS 'part of factor_report: the options with their defaults; MB030 for one that it does not know';

CREATE OR REPLACE FUNCTION bourse.factor_report(feature_set text, universe text DEFAULT 'all', from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL,
        known_at timestamptz DEFAULT NULL, label text DEFAULT NULL, options jsonb DEFAULT '{}')
    RETURNS TABLE(feature text, coverage float8, days int, ic float8, icir float8, rank_ic float8, rank_icir float8, rank_ic_error float8, t float8, p_value float8, p_adjusted float8,
        decay float8[], autocorrelation float8, turnover float8, quantile_returns float8[], spread float8, spread_error float8, spread_t float8, monotonicity float8,
        cluster int, nearest text, nearest_correlation float8, chosen int, forward int)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted bourse.feature_set := bourse.find_feature_set(feature_set);
    o jsonb := bourse.factor_report_options(options);
BEGIN
    RETURN QUERY SELECT r.* FROM bourse.factor_rows(wanted.expressions, wanted.features, wanted.freq::text, coalesce(bourse.known_universe(factor_report.universe), 'all'),
        factor_report.from_ts, factor_report.to_ts, factor_report.known_at, factor_report.label,
        ARRAY(SELECT h::int FROM jsonb_array_elements(o -> 'horizons') WITH ORDINALITY AS x(h, n) ORDER BY n),
        (o ->> 'quantiles')::int, (o ->> 'cluster_correlation')::float8, (o ->> 'max_correlation')::float8, (o ->> 'choose')::int) AS r;
END
$$;
COMMENT ON FUNCTION bourse.factor_report(text, text, timestamptz, timestamptz, timestamptz, text, jsonb) IS
    'per feature of a set: coverage, IC, RankIC and their ratios, Newey-West error, p-value (also adjusted by Benjamini-Hochberg), decay by horizon, autocorrelation, turnover, returns by quantile and spread, cluster, nearest feature, and its place among the chosen ones; returns are from the next bar''s close on, over the first of options.horizons, or the label';
