CREATE SCHEMA bourse;
COMMENT ON SCHEMA bourse IS 'the platform: functions and tables';
CREATE SCHEMA bourse_bi;
COMMENT ON SCHEMA bourse_bi IS 'views for BI tools: columns are only ever added, at the end';
CREATE SCHEMA ta;
COMMENT ON SCHEMA ta IS 'technical indicators';
CREATE EXTENSION IF NOT EXISTS bourse WITH SCHEMA bourse;
COMMENT ON EXTENSION bourse IS 'indicators, factors, statistics and model evaluation for stock and crypto prediction';
CREATE DOMAIN bourse.freq AS text
	CONSTRAINT freq_known CHECK ((VALUE = ANY (ARRAY['1m'::text, '5m'::text, '15m'::text, '30m'::text, '1h'::text, '4h'::text, '1d'::text, '1w'::text, '1mo'::text])));
COMMENT ON DOMAIN bourse.freq IS 'length of a bar: 1m 5m 15m 30m 1h 4h 1d 1w 1mo';
CREATE TYPE bourse.job_lane AS (
	kind text COLLATE pg_catalog."C",
	queue text COLLATE pg_catalog."C",
	owner text COLLATE pg_catalog."C",
	limit_key text COLLATE pg_catalog."C",
	priority integer,
	run_at timestamp with time zone,
	job_id bigint,
	quota integer
);
COMMENT ON TYPE bourse.job_lane IS 'internal: jobs that may start and differ in (priority, run_at, job_id) alone; those after this position are looked at, at most quota are taken';
CREATE FUNCTION bourse.allow_job_function(function regprocedure) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.artifacts_to_check(model text) RETURNS TABLE(model_version_id bigint, name text, version integer, artifact_id bigint, size_bytes bigint, sha256 bytea, signature bytea, public_key bytea, revoked text, native_artifact_id bigint, native_size_bytes bigint, native_sha256 bytea)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.audit_log (
    audit_id bigint NOT NULL,
    happened_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor text DEFAULT SESSION_USER NOT NULL,
    event text NOT NULL,
    object_kind text NOT NULL,
    object text NOT NULL,
    reason text,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT audit_log_event_form CHECK ((event ~ '^[a-z][a-z_]*$'::text)),
    CONSTRAINT audit_log_object_kind_form CHECK ((object_kind ~ '^[a-z][a-z_]*$'::text))
);
COMMENT ON TABLE bourse.audit_log IS 'append-only: who did what to which object, and what was refused';
CREATE FUNCTION bourse.audit(event text, object_kind text, object text, reason text DEFAULT NULL::text, detail jsonb DEFAULT '{}'::jsonb) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.audit_log_append_only() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.bar_close(instrument_id integer, freq text, ts timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.freq_step(freq text) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.bar_end(freq text, ts timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE TABLE bourse.calendar (
    calendar text NOT NULL,
    session date NOT NULL,
    open_at timestamp with time zone NOT NULL,
    close_at timestamp with time zone NOT NULL,
    break_start_at timestamp with time zone,
    break_end_at timestamp with time zone,
    CONSTRAINT calendar_break_inside CHECK ((((break_start_at IS NULL) = (break_end_at IS NULL)) AND ((break_start_at IS NULL) OR ((open_at < break_start_at) AND (break_start_at < break_end_at) AND (break_end_at < close_at))))),
    CONSTRAINT calendar_open_before_close CHECK ((open_at < close_at))
);
COMMENT ON TABLE bourse.calendar IS 'sessions of the exchanges, times in UTC';
CREATE FUNCTION bourse.bar_closes(instrument_id integer, calendar text, freq text, ts timestamp with time zone) RETURNS TABLE(close_at timestamp with time zone)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.bar_dates(freq text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    AS …;
CREATE FUNCTION bourse.bar_inbox_load() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.bar_reason(rule text, symbol text, freq text, ts timestamp with time zone, open double precision, high double precision, low double precision, close double precision, volume double precision, amount double precision, adj_factor double precision, known_at timestamp with time zone, calendar text, sessions boolean) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS …;
CREATE FUNCTION bourse.barrier_label(up double precision DEFAULT 0.01, down double precision DEFAULT 0.01, bars integer DEFAULT 24, ties text DEFAULT 'up'::text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.to_freq(freq text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.bar (
    instrument_id integer NOT NULL,
    freq bourse.freq NOT NULL,
    ts timestamp with time zone NOT NULL,
    open double precision NOT NULL,
    high double precision NOT NULL,
    low double precision NOT NULL,
    close double precision NOT NULL,
    volume double precision,
    amount double precision,
    adj_factor double precision DEFAULT 1 NOT NULL,
    known_at timestamp with time zone NOT NULL,
    data_version_id bigint NOT NULL
)
PARTITION BY LIST (freq);
COMMENT ON TABLE bourse.bar IS 'bars as known now; written by loads only. ts is the open time, for daily and longer bars the session date at 00:00 UTC';
COMMENT ON COLUMN bourse.bar.adj_factor IS 'cumulative adjustment: price × adj_factor is the backward-adjusted price';
COMMENT ON COLUMN bourse.bar.known_at IS 'when the bar was known: the file''s own column, else its close; an overwrite is known at load time';
CREATE TABLE bourse.bar_history (
    instrument_id integer NOT NULL,
    freq bourse.freq NOT NULL,
    ts timestamp with time zone NOT NULL,
    open double precision NOT NULL,
    high double precision NOT NULL,
    low double precision NOT NULL,
    close double precision NOT NULL,
    volume double precision,
    amount double precision,
    adj_factor double precision NOT NULL,
    known_from timestamp with time zone NOT NULL,
    known_until timestamp with time zone NOT NULL,
    data_version_id bigint NOT NULL
);
COMMENT ON TABLE bourse.bar_history IS 'values that a later load replaced, with the span in which they were what was known';
CREATE FUNCTION bourse.bars_known(freq text, from_ts timestamp with time zone, to_ts timestamp with time zone, known_at timestamp with time zone) RETURNS TABLE(instrument_id integer, ts timestamp with time zone, open double precision, high double precision, low double precision, close double precision, volume double precision, amount double precision, adj_factor double precision, since timestamp with time zone)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.check_adjust(adjust text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.instrument (
    instrument_id integer NOT NULL,
    symbol text NOT NULL,
    name text,
    exchange text,
    asset_class text,
    currency text,
    calendar text,
    listed_at timestamp with time zone,
    delisted_at timestamp with time zone,
    CONSTRAINT instrument_symbol_not_blank CHECK (((symbol <> ''::text) AND (symbol = btrim(symbol))))
);
COMMENT ON TABLE bourse.instrument IS 'what is traded; made by hand or on the fly by a load';
COMMENT ON COLUMN bourse.instrument.calendar IS 'XSHG, XNYS, 24x7 …; NULL: sessions are the days on which any such instrument has a bar';
CREATE FUNCTION bourse.bars(symbols text[] DEFAULT NULL::text[], from_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, to_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, freq text DEFAULT '1d'::text, adjust text DEFAULT 'backward'::text, known_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS TABLE(symbol text, ts timestamp with time zone, open double precision, high double precision, low double precision, close double precision, volume double precision, amount double precision, adj_factor double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.calendar_schedules() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.calendar_time_zone(calendar text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.caller() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE(NULLIF(current_setting('role'::text), 'none'::text), (SESSION_USER)::text);
CREATE FUNCTION bourse.cancel(job bigint, reason text DEFAULT NULL::text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.check_bars(symbols text[] DEFAULT NULL::text[], from_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, to_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, freq text DEFAULT '1d'::text, known_at timestamp with time zone DEFAULT NULL::timestamp with time zone, options jsonb DEFAULT '{}'::jsonb) RETURNS TABLE(symbol text, ts timestamp with time zone, until_ts timestamp with time zone, rule text, evidence jsonb)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.check_bars_options(options jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.check_dataset(dataset text) RETURNS TABLE(fold integer, part text, rows bigint, purged_rows bigint, sha256 text, equal boolean)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.check_enough_bars(freq text, universe text, from_ts timestamp with time zone, to_ts timestamp with time zone, at_least integer) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.check_label(label text, freq text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.check_lookahead(feature_set text) RETURNS TABLE(feature text, leaks boolean, evidence text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.check_lookahead(expressions text[], freq text DEFAULT '1d'::text) RETURNS TABLE(feature text, leaks boolean, evidence text)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.check_model_name(name text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.check_source(source text, source_path text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.check_universe(universe text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.close_direct_load(version bigint, options jsonb, OUT data_version_id bigint, OUT refused boolean, OUT reason text, OUT rows_read bigint, OUT rows_loaded bigint, OUT rows_changed bigint, OUT rows_unchanged bigint, OUT rows_duplicate bigint, OUT rows_rejected bigint, OUT rows_without_volume bigint, OUT instruments_made integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET jit TO 'off'
    AS …;
CREATE FUNCTION bourse.flatten_metrics(metrics jsonb) RETURNS TABLE(metric text, value double precision)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.resolve_model(reference text) RETURNS bigint
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.model (
    model_id bigint NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    owner text DEFAULT SESSION_USER NOT NULL,
    CONSTRAINT model_name_form CHECK ((name ~ '^[A-Za-z_][A-Za-z0-9_.-]*$'::text))
);
COMMENT ON TABLE bourse.model IS 'named models; what they predict with is a version';
CREATE TABLE bourse.model_version (
    model_version_id bigint NOT NULL,
    model_id bigint NOT NULL,
    version integer NOT NULL,
    run_id bigint,
    algorithm text NOT NULL,
    feature_set_id integer,
    features text[] NOT NULL,
    label text,
    artifact_id bigint NOT NULL,
    native_artifact_id bigint,
    params jsonb DEFAULT '{}'::jsonb NOT NULL,
    metrics jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE bourse.model_version IS 'immutable: a trained model, what it needs and how good it was';
CREATE FUNCTION bourse.compare(models text[]) RETURNS TABLE(metric text, model text, value double precision)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.count_features(budget interval DEFAULT '00:00:00.1'::interval) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.create_dataset(name text, feature_set text DEFAULT 'alpha158'::text, label text DEFAULT NULL::text, universe text DEFAULT 'all'::text, span tstzrange DEFAULT NULL::tstzrange, known_at timestamp with time zone DEFAULT NULL::timestamp with time zone, split jsonb DEFAULT '{}'::jsonb, processors jsonb DEFAULT '[]'::jsonb, horizon integer DEFAULT NULL::integer, pinned boolean DEFAULT true, description text DEFAULT NULL::text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.create_feature_set(name text, expressions text[], freq text DEFAULT '1d'::text, description text DEFAULT NULL::text, materialize boolean DEFAULT false) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.create_feature_set(name text, expressions jsonb, freq text DEFAULT '1d'::text, description text DEFAULT NULL::text, materialize boolean DEFAULT false) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.dataset_built(dataset_id bigint, counts jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.dataset_definition(dataset_id bigint) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.dataset_fit(dataset text, fold integer DEFAULT NULL::integer) RETURNS TABLE(step integer, processor text, feature text, parameter text, value double precision)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.dataset_folds(dataset text) RETURNS TABLE(fold integer, part text, from_ts timestamp with time zone, to_ts timestamp with time zone, timestamps integer)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.dataset (
    dataset_id bigint NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    feature_set_id integer NOT NULL,
    label text NOT NULL,
    horizon_bars integer NOT NULL,
    universe text NOT NULL,
    span tstzrange NOT NULL,
    known_at timestamp with time zone,
    pinned boolean NOT NULL,
    split jsonb NOT NULL,
    processors jsonb NOT NULL,
    data_versions int8multirange,
    description text,
    owner text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    built_at timestamp with time zone,
    rows bigint,
    rows_without_label bigint,
    content_sha256 text,
    CONSTRAINT dataset_horizon_range CHECK (((horizon_bars >= 0) AND (horizon_bars <= 100000))),
    CONSTRAINT dataset_name_form CHECK (((name ~ '^[A-Za-z_][A-Za-z0-9_]*$'::text) AND (length(name) <= 50))),
    CONSTRAINT dataset_pinned_has_its_past CHECK (((NOT pinned) OR ((known_at IS NOT NULL) AND (data_versions IS NOT NULL))))
);
COMMENT ON TABLE bourse.dataset IS 'what rows a model may be trained on: features, label, universe, span, split and processors; never changed, but for what its build found';
COMMENT ON COLUMN bourse.dataset.dataset_id IS 'also the id of the job that builds it';
COMMENT ON COLUMN bourse.dataset.horizon_bars IS 'bars after its own that a label''s window holds: what is purged by';
COMMENT ON COLUMN bourse.dataset.known_at IS 'nothing that was known later is read';
COMMENT ON COLUMN bourse.dataset.pinned IS 'true: bars, membership and folds are those of its making for ever; false: those of now';
COMMENT ON COLUMN bourse.dataset.data_versions IS 'loads that had ended when it was made: a pinned dataset reads no bar of another';
COMMENT ON COLUMN bourse.dataset.content_sha256 IS 'of every row with a label and a feature: instrument, ts, end of the label''s window, label, features before processors';
CREATE FUNCTION bourse.find_dataset(reference text) RETURNS bourse.dataset
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.dataset_rows(dataset text, fold integer DEFAULT NULL::integer, part text DEFAULT NULL::text, processed boolean DEFAULT true) RETURNS TABLE(symbol text, ts timestamp with time zone, part text, label_end timestamp with time zone, features bourse.fvec, label double precision, outcome double precision)
    LANGUAGE sql STABLE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.dataset_timestamps(freq text, universe text, span tstzrange, known_at timestamp with time zone) RETURNS timestamp with time zone[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.direct_require(version bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.direct_series(version bigint, freq text, symbols text[], options jsonb) RETURNS TABLE(instrument_id integer, newest timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    AS …;
CREATE FUNCTION bourse.dirty_from(set_freq text, bar_freq text, ts timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.dirty_to(set_freq text, bar_freq text, ts timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.disallow_job_function(function regprocedure) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.drift(model text, from_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, to_ts timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS TABLE(feature text, ks double precision, p_value double precision, psi double precision, missing_reference_ratio double precision, missing_current_ratio double precision, verdict text, advice text)
    LANGUAGE plpgsql ROWS 100
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.drift_advice(verdict text, verdict_before text, missing_reference_ratio double precision, missing_current_ratio double precision) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN concat_ws('; '::text, CASE verdict WHEN 'insufficient_data'::text THEN 'too few values to compare: ask for a longer span'::text WHEN 'none'::text THEN CASE WHEN ((missing_current_ratio - missing_reference_ratio) >= (0.1)::double precision) THEN NULL::text ELSE 'none'::text END ELSE CASE WHEN (verdict_before = ANY (ARRAY['moderate'::text, 'severe'::text])) THEN 'investigate: second window in a row; retrain if realised IC fell as well'::text ELSE 'watch: first window beyond a limit'::text END END, CASE WHEN ((missing_current_ratio - missing_reference_ratio) >= (0.1)::double precision) THEN format('check the data: missing values rose from %s %% to %s %%'::text, round((((100)::double precision * missing_reference_ratio))::numeric, 1), round((((100)::double precision * missing_current_ratio))::numeric, 1)) ELSE NULL::text END);
CREATE FUNCTION bourse.drift_request(model text, from_ts timestamp with time zone, to_ts timestamp with time zone, OUT model_version_id bigint, OUT feature_set_id integer, OUT universe text, OUT span_from timestamp with time zone, OUT span_to timestamp with time zone) RETURNS record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.drift_span_start(feature_set_id integer, universe text, to_ts timestamp with time zone, days integer) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.enqueue(kind text, args jsonb DEFAULT '{}'::jsonb, queue text DEFAULT 'default'::text, priority integer DEFAULT 100, run_at timestamp with time zone DEFAULT now(), unique_key text DEFAULT NULL::text, unique_while text DEFAULT 'waiting'::text, unique_period interval DEFAULT NULL::interval, after bigint[] DEFAULT '{}'::bigint[], max_attempts integer DEFAULT NULL::integer, timeout interval DEFAULT NULL::interval, resources jsonb DEFAULT '{}'::jsonb, owner text DEFAULT NULL::text, after_failure text DEFAULT 'cancel'::text, limit_key text DEFAULT NULL::text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.enqueue_artifact_job(kind text, model text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.enqueue_many(kind text, args jsonb[], queue text DEFAULT 'default'::text, priority integer DEFAULT 100, run_at timestamp with time zone DEFAULT now(), unique_key text DEFAULT NULL::text, unique_while text DEFAULT 'waiting'::text, unique_period interval DEFAULT NULL::interval, after bigint[] DEFAULT '{}'::bigint[], max_attempts integer DEFAULT NULL::integer, timeout interval DEFAULT NULL::interval, resources jsonb DEFAULT '{}'::jsonb, owner text DEFAULT NULL::text, after_failure text DEFAULT 'cancel'::text, limit_key text DEFAULT NULL::text) RETURNS bigint[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.enqueue_refresh(feature_set_id integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.enqueue_refresh_helpers(feature_set_id integer, helpers integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET client_min_messages TO 'warning'
    AS …;
CREATE FUNCTION bourse.enqueue_refresh_jobs() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.explain_features(feature_set text) RETURNS TABLE(node integer, expression text, place text, inputs integer[], features integer, lookback_bars integer, ns_per_row double precision)
    LANGUAGE plpgsql PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.indicator_of(feature text, expression text DEFAULT NULL::text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE TABLE bourse.feature_set (
    feature_set_id integer NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    freq bourse.freq NOT NULL,
    features text[] NOT NULL,
    expressions text[] NOT NULL,
    lookback_bars integer,
    other_freqs text[] DEFAULT '{}'::text[] NOT NULL,
    description text,
    materialized boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by text DEFAULT SESSION_USER NOT NULL,
    CONSTRAINT feature_set_name_form CHECK ((name ~ '^[A-Za-z_][A-Za-z0-9_]*$'::text)),
    CONSTRAINT feature_set_same_length CHECK (((cardinality(features) = cardinality(expressions)) AND ((cardinality(features) >= 1) AND (cardinality(features) <= 16000))))
);
COMMENT ON TABLE bourse.feature_set IS 'immutable versions of named lists of expressions; only materialized changes';
COMMENT ON COLUMN bourse.feature_set.lookback_bars IS 'bars before a row that its features read; NULL: all of them';
COMMENT ON COLUMN bourse.feature_set.other_freqs IS 'frequencies whose bars its features read beside its own';
CREATE FUNCTION bourse.feature_indicators(model text) RETURNS TABLE(feature text, indicator text)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.explain_indicators(model text, features double precision[], top integer DEFAULT 10, output integer DEFAULT NULL::integer, background text DEFAULT NULL::text) RETURNS TABLE(indicator text, feature_count bigint, contribution double precision)
    LANGUAGE sql STABLE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.explain_indicators(model text, features bourse.fvec, top integer DEFAULT 10, output integer DEFAULT NULL::integer, background text DEFAULT NULL::text) RETURNS TABLE(indicator text, feature_count bigint, contribution double precision)
    LANGUAGE sql STABLE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.export_model(model text, format text DEFAULT 'native'::text) RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.factor_report(feature_set text, universe text DEFAULT 'all'::text, from_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, to_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, known_at timestamp with time zone DEFAULT NULL::timestamp with time zone, label text DEFAULT NULL::text, options jsonb DEFAULT '{}'::jsonb) RETURNS TABLE(feature text, coverage double precision, days integer, ic double precision, icir double precision, rank_ic double precision, rank_icir double precision, rank_ic_error double precision, t double precision, p_value double precision, p_adjusted double precision, decay double precision[], autocorrelation double precision, turnover double precision, quantile_returns double precision[], spread double precision, spread_error double precision, spread_t double precision, monotonicity double precision, cluster integer, nearest text, nearest_correlation double precision, chosen integer, forward integer)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.factor_report_options(options jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.feature_dirty_done() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.setting_number(setting text) RETURNS double precision
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.feature_retention (
    name text NOT NULL,
    keep_days integer NOT NULL,
    CONSTRAINT feature_retention_keep_days_range CHECK ((keep_days >= 0))
);
COMMENT ON TABLE bourse.feature_retention IS 'how long stored rows of sets of this name are kept, where it is not as the setting feature_keep_days says; written by bourse.keep_features';
COMMENT ON COLUMN bourse.feature_retention.keep_days IS '0: for ever';
CREATE FUNCTION bourse.feature_horizon(feature_set_id integer) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.feature_rows(feature_set text, universe text DEFAULT 'all'::text, from_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, to_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, known_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS TABLE(symbol text, ts timestamp with time zone, available_at timestamp with time zone, features bourse.fvec)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.find_feature_set(reference text) RETURNS bourse.feature_set
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.fixed_bin_quantile(bins smallint[], counts bigint[], q double precision, min_value real, max_value real) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.feature_statistics(feature_set text, from_day date DEFAULT NULL::date, to_day date DEFAULT NULL::date) RETURNS TABLE(feature text, n bigint, missing bigint, infinite bigint, mean double precision, std double precision, min_value real, p05 double precision, median double precision, p95 double precision, max_value real, bins smallint[], counts bigint[])
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.feature_view_columns(feature_set_id integer, first integer, last integer) RETURNS text
    LANGUAGE sql STABLE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.features(feature_set text, symbol text, at timestamp with time zone DEFAULT NULL::timestamp with time zone, known_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS bourse.fvec
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.find_model(name text) RETURNS bigint
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.schedule (
    name text NOT NULL,
    spec text NOT NULL,
    kind text NOT NULL,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    calendar text DEFAULT '24x7'::text NOT NULL,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    catch_up interval,
    queue text DEFAULT 'default'::text NOT NULL,
    priority integer DEFAULT 100 NOT NULL,
    overlap text DEFAULT 'allow'::text NOT NULL,
    max_attempts integer,
    timeout interval,
    resources jsonb DEFAULT '{}'::jsonb NOT NULL,
    owner text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    paused_at timestamp with time zone,
    paused_by text,
    done_until timestamp with time zone DEFAULT now() NOT NULL,
    next_run_at timestamp with time zone,
    check_at timestamp with time zone,
    last_slot_at timestamp with time zone,
    last_job_id bigint,
    jobs_made bigint DEFAULT 0 NOT NULL,
    slots_skipped bigint DEFAULT 0 NOT NULL,
    error text,
    CONSTRAINT schedule_catch_up_range CHECK (((catch_up >= '00:01:00'::interval) AND (catch_up <= '366 days'::interval))),
    CONSTRAINT schedule_overlap_known CHECK ((overlap = ANY (ARRAY['allow'::text, 'skip'::text]))),
    CONSTRAINT schedule_paused_by_iff_paused CHECK (((paused_at IS NULL) = (paused_by IS NULL))),
    CONSTRAINT schedule_paused_not_checked CHECK (((paused_at IS NULL) OR (check_at IS NULL)))
);
COMMENT ON TABLE bourse.schedule IS 'jobs to be made at given times; written only through bourse.* functions';
COMMENT ON COLUMN bourse.schedule.done_until IS 'slots up to here are settled: made into a job or skipped. Set in the transaction that makes the job: one job a slot';
COMMENT ON COLUMN bourse.schedule.next_run_at IS 'the first slot after done_until when it was last looked at; NULL: none is known';
COMMENT ON COLUMN bourse.schedule.check_at IS 'when a worker''s tick looks at it again; NULL while it is paused';
COMMENT ON COLUMN bourse.schedule.error IS 'why it cannot make jobs now';
CREATE FUNCTION bourse.find_schedule(name text, verb text) RETURNS bourse.schedule
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.from_unix_us(us bigint) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.heikin_ashi(symbols text[] DEFAULT NULL::text[], from_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, to_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, freq text DEFAULT '1d'::text, adjust text DEFAULT 'backward'::text, known_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS TABLE(symbol text, ts timestamp with time zone, open double precision, high double precision, low double precision, close double precision, volume double precision, available_at timestamp with time zone)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.import_finished(job bigint, args jsonb, owner text, state text, result jsonb, error text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.import_model(name text, content bytea, format text DEFAULT NULL::text, features text[] DEFAULT NULL::text[], feature_set text DEFAULT NULL::text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.index_feature_set(feature_set_id integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.insert_dataset(made bourse.dataset, times timestamp with time zone[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.insert_feature_set(name text, features text[], expressions text[], freq text, description text, materialize boolean) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.run (
    run_id bigint NOT NULL,
    model text NOT NULL,
    algorithm text NOT NULL,
    feature_set_id integer,
    label text NOT NULL,
    universe text NOT NULL,
    from_ts timestamp with time zone,
    to_ts timestamp with time zone,
    split jsonb NOT NULL,
    params jsonb NOT NULL,
    seed bigint NOT NULL,
    source text,
    options jsonb DEFAULT '{}'::jsonb NOT NULL,
    owner text DEFAULT SESSION_USER NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    state text DEFAULT 'waiting'::text NOT NULL,
    error text,
    stop_requested_at timestamp with time zone,
    stop_reason text,
    data_version_ids bigint[],
    dataset jsonb,
    dataset_id bigint,
    fold integer,
    CONSTRAINT run_state_known CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'dead'::text, 'cancelled'::text])))
);
COMMENT ON TABLE bourse.run IS 'one training: what was asked, what it read, how it ended; its id is its job''s';
COMMENT ON COLUMN bourse.run.dataset IS 'what was trained on: rows and time span of train, valid, test; purged rows; label horizon; hash';
COMMENT ON COLUMN bourse.run.dataset_id IS 'stored dataset that was trained on';
COMMENT ON COLUMN bourse.run.fold IS 'which of its folds';
CREATE FUNCTION bourse.insert_run(run bourse.run) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.is_indexed_feature_set(feature_set_id integer) RETURNS boolean
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN (to_regclass((('bourse.feature_value_'::text || feature_set_id) || '_ts_idx'::text)) IS NOT NULL);
CREATE FUNCTION bourse.is_session(calendar text, session date) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_check_args(kind text, args jsonb[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_check_policy(kind text, queue text, run_at timestamp with time zone, unique_key text, unique_while text, unique_period interval, max_attempts integer, timeout interval, resources jsonb, owner text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_claim(worker text, kinds text[], slots integer, lease interval DEFAULT '00:01:00'::interval, offer jsonb DEFAULT NULL::jsonb) RETURNS TABLE(job_id bigint, kind text, args jsonb, attempt integer, owner text, timeout_s double precision, memory_mb integer, resources jsonb)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS …;
CREATE FUNCTION bourse.job_complete(job bigint, attempt integer, result jsonb DEFAULT '{}'::jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_drop_partition(parent text, child text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET lock_timeout TO '50ms'
    AS …;
CREATE SEQUENCE bourse.work_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
COMMENT ON SEQUENCE bourse.work_id_seq IS 'ids of jobs, runs, studies and deployments: one number names one piece of work';
CREATE TABLE bourse.job (
    job_id bigint DEFAULT nextval('bourse.work_id_seq'::regclass) NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    queue text DEFAULT 'default'::text NOT NULL COLLATE pg_catalog."C",
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    priority integer DEFAULT 100 NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    max_attempts integer DEFAULT 5 NOT NULL,
    blocked_by integer DEFAULT 0 NOT NULL,
    unique_key text,
    unique_while text,
    timeout interval,
    resources jsonb DEFAULT '{}'::jsonb NOT NULL,
    owner text DEFAULT SESSION_USER NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    run_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    leased_until timestamp with time zone,
    worker text,
    cancel_requested_at timestamp with time zone,
    cancel_reason text,
    stage text,
    progress_ratio double precision,
    progress_note text,
    progress_at timestamp with time zone,
    last_error text,
    exit_code integer,
    signal integer,
    paused_at timestamp with time zone,
    paused_by text,
    limit_key text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT job_attempt_range CHECK (((attempt >= 0) AND (attempt <= max_attempts))),
    CONSTRAINT job_blocked_only_before_running CHECK (((blocked_by >= 0) AND ((blocked_by = 0) OR (state <> 'running'::text)))),
    CONSTRAINT job_kind_not_blank CHECK ((kind <> ''::text)),
    CONSTRAINT job_lease_iff_running CHECK (((state = 'running'::text) = (leased_until IS NOT NULL))),
    CONSTRAINT job_paused_is_blocked CHECK (((paused_at IS NULL) OR (blocked_by > 0))),
    CONSTRAINT job_state_known CHECK ((state = ANY (ARRAY['waiting'::text, 'scheduled'::text, 'running'::text]))),
    CONSTRAINT job_unique_while_known CHECK ((unique_while = ANY (ARRAY['waiting'::text, 'running'::text]))),
    CONSTRAINT job_worker_iff_running CHECK (((state = 'running'::text) = (worker IS NOT NULL)))
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='2000', autovacuum_vacuum_cost_delay='0', autovacuum_analyze_scale_factor='0.2', autovacuum_analyze_threshold='5000');
COMMENT ON TABLE bourse.job IS 'work not finished yet; written only through bourse.* functions. Finished jobs are in job_archive';
COMMENT ON COLUMN bourse.job.state IS 'waiting: due or waiting for others; scheduled: not before run_at; running: a worker holds the lease';
COMMENT ON COLUMN bourse.job.blocked_by IS 'what holds it back: the number of its rows in job_dependency, and one more while it is paused';
COMMENT ON COLUMN bourse.job.unique_while IS 'waiting: unique until it starts; running: until it ends';
COMMENT ON COLUMN bourse.job.exit_code IS 'of the child of the last attempt that did not succeed; NULL when a signal ended it or no child had run';
COMMENT ON COLUMN bourse.job.signal IS 'that ended the child of the last attempt that did not succeed';
COMMENT ON COLUMN bourse.job.limit_key IS 'what bourse.limit_jobs may limit within the kind; empty: none';
CREATE FUNCTION bourse.job_end_attempt(job bourse.job, error text, retryable boolean, exit_code integer DEFAULT NULL::integer, signal integer DEFAULT NULL::integer) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_end_dependents(job bigint, state text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.job_archive (
    job_id bigint NOT NULL,
    kind text NOT NULL,
    queue text NOT NULL,
    args jsonb NOT NULL,
    state text NOT NULL,
    priority integer NOT NULL,
    attempt integer NOT NULL,
    max_attempts integer NOT NULL,
    unique_key text,
    unique_while text,
    timeout interval,
    resources jsonb DEFAULT '{}'::jsonb NOT NULL,
    owner text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    run_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    worker text,
    stage text,
    progress_ratio double precision,
    progress_note text,
    result jsonb,
    last_error text,
    exit_code integer,
    signal integer,
    after_job_ids bigint[],
    after_failure text,
    cancelled_by_job bigint,
    limit_key text DEFAULT ''::text NOT NULL,
    CONSTRAINT job_archive_state_known CHECK ((state = ANY (ARRAY['succeeded'::text, 'failed'::text, 'dead'::text, 'cancelled'::text])))
)
PARTITION BY RANGE (finished_at);
COMMENT ON TABLE bourse.job_archive IS 'finished jobs; state says how they ended';
COMMENT ON COLUMN bourse.job_archive.exit_code IS 'of the child of the last attempt that did not succeed; NULL when a signal ended it or no child had run';
COMMENT ON COLUMN bourse.job_archive.signal IS 'that ended the child of the last attempt that did not succeed';
COMMENT ON COLUMN bourse.job_archive.after_job_ids IS 'what it was still to follow when it ended; retry takes that up again';
COMMENT ON COLUMN bourse.job_archive.cancelled_by_job IS 'the job whose bad end cancelled it, through however many others; retrying that one revives it';
CREATE FUNCTION bourse.job_end_taken(worker text, ids bigint[], places tid[]) RETURNS SETOF bourse.job_archive
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS …;
CREATE FUNCTION bourse.job_fail(job bigint, attempt integer, error text, retryable boolean DEFAULT true, exit_code integer DEFAULT NULL::integer, signal integer DEFAULT NULL::integer) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_far() RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 100;
CREATE FUNCTION bourse.job_finish(job bourse.job, state text, result jsonb, error text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_fits(wanted jsonb, offer jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((offer IS NULL) OR (wanted = '{}'::jsonb) OR ((COALESCE(((wanted ->> 'cpu'::text))::numeric, (0)::numeric) <= GREATEST(((offer ->> 'cpu'::text))::numeric, (0)::numeric)) AND (COALESCE(((wanted ->> 'memory_mb'::text))::numeric, (0)::numeric) <= GREATEST(((offer ->> 'memory_mb'::text))::numeric, (0)::numeric)) AND (COALESCE(((wanted ->> 'gpu'::text))::numeric, (0)::numeric) <= GREATEST(((offer ->> 'gpu'::text))::numeric, (0)::numeric))));
CREATE FUNCTION bourse.job_function_check(args jsonb) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_function_sha256(function oid) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.job_heartbeat(worker text, jobs bigint[], attempts integer[], lease interval) RETURNS TABLE(job_id bigint, attempt integer, action text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_insert(kind text, args jsonb[], queue text, priority integer, run_at timestamp with time zone, unique_key text, unique_while text, unique_period interval, after bigint[], max_attempts integer, timeout interval, resources jsonb, owner text, after_failure text, limit_key text) RETURNS bigint[]
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_lane_after(lane bourse.job_lane, skip integer) RETURNS bourse.job_lane
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_lanes(kinds text[], first bigint DEFAULT NULL::bigint) RETURNS bourse.job_lane[]
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_limit_lock(lanes bourse.job_lane[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_limit_note(kind text, limit_key text, jobs integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.job_limit (
    kind text NOT NULL COLLATE pg_catalog."C",
    limit_key text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    max_running integer,
    max_starts integer,
    per interval,
    set_by text NOT NULL,
    set_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT job_limit_limits_something CHECK ((num_nonnulls(max_running, max_starts) > 0)),
    CONSTRAINT job_limit_max_running_range CHECK ((max_running >= 0)),
    CONSTRAINT job_limit_max_starts_range CHECK ((max_starts >= 0)),
    CONSTRAINT job_limit_per_above_zero CHECK ((per > '00:00:00'::interval)),
    CONSTRAINT job_limit_per_iff_max_starts CHECK (((per IS NULL) = (max_starts IS NULL)))
);
COMMENT ON TABLE bourse.job_limit IS 'how many jobs may run at once or start within a time, per kind and limit_key; set by bourse.limit_jobs';
COMMENT ON COLUMN bourse.job_limit.limit_key IS 'empty: all jobs of the kind together; *: each limit_key by itself that has no limit of its own';
CREATE FUNCTION bourse.job_limit_of(kind text, limit_key text) RETURNS bourse.job_limit
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC …;
CREATE TABLE bourse.job_limit_use (
    kind text NOT NULL COLLATE pg_catalog."C",
    limit_key text NOT NULL COLLATE pg_catalog."C",
    started_at timestamp with time zone[] DEFAULT '{}'::timestamp with time zone[] NOT NULL,
    starts integer[] DEFAULT '{}'::integer[] NOT NULL
)
WITH (fillfactor='50');
COMMENT ON TABLE bourse.job_limit_use IS 'locked by whoever claims jobs under a limit; when those under a rate limit started: starts[i] jobs, the last of them at started_at[i]';
CREATE FUNCTION bourse.job_limit_opens_s() RETURNS double precision
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.job_limit_room(kind text, limit_key text, picked bigint[]) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_lock(job bigint, verb text) RETURNS bourse.job
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_lock_lane(lane bourse.job_lane, offer jsonb, picked bigint[], taking boolean, OUT ids bigint[], OUT wants jsonb[], OUT places tid[]) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_maintain(most_rows bigint DEFAULT 10000) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_make_partition(parent text, time_column text, at timestamp with time zone, most_rows bigint) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET lock_timeout TO '50ms'
    SET "TimeZone" TO 'UTC'
    AS …;
CREATE FUNCTION bourse.job_offer_less(offer jsonb, wanted jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN jsonb_build_object('cpu', (((offer ->> 'cpu'::text))::numeric - COALESCE(((wanted ->> 'cpu'::text))::numeric, (0)::numeric)), 'memory_mb', (((offer ->> 'memory_mb'::text))::numeric - COALESCE(((wanted ->> 'memory_mb'::text))::numeric, (0)::numeric)), 'gpu', (((offer ->> 'gpu'::text))::numeric - COALESCE(((wanted ->> 'gpu'::text))::numeric, (0)::numeric)));
CREATE FUNCTION bourse.job_open_dependencies(after bigint[], after_failure text) RETURNS bigint[]
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_partition_of(parent text, at timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN format('%s_%s'::text, parent, to_char((at AT TIME ZONE 'UTC'::text), 'IYYY"w"IW'::text));
CREATE FUNCTION bourse.job_pick(kinds text[], jobs integer, skip integer, offer jsonb, taking boolean, first bigint DEFAULT NULL::bigint, OUT ids bigint[], OUT places tid[]) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS …;
CREATE FUNCTION bourse.job_pick_from(INOUT lanes bourse.job_lane[], kinds text[], jobs integer, skip integer, offer jsonb, taking boolean, OUT ids bigint[], OUT places tid[], OUT first_ids bigint[], OUT last_ids bigint[]) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_progress(job bigint, attempt integer, stage text, progress_ratio double precision, note text DEFAULT NULL::text, progress_values jsonb DEFAULT '{}'::jsonb) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.run_progress (
    run_id bigint NOT NULL,
    attempt integer NOT NULL,
    stage text NOT NULL,
    progress_ratio double precision NOT NULL,
    round integer,
    rounds integer,
    train_metric double precision,
    valid_metric double precision,
    note text,
    eta_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE bourse.run_progress IS 'where a run is now, one row a run';
CREATE FUNCTION bourse.job_progress_line(job bigint) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.job_put_back(job bourse.job, run_at timestamp with time zone, extra_attempts integer, error text) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_recall(setting text, kinds text[], OUT until timestamp with time zone, OUT lanes bourse.job_lane[]) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_refuse_stale(job bigint, attempt integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_release(job bigint, attempt integer, reason text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_release_dependents(jobs bigint[], policies text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_remember(setting text, until timestamp with time zone, lanes bourse.job_lane[], jobs bigint[], before integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.job_log (
    job_id bigint NOT NULL,
    attempt integer NOT NULL,
    line integer NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    level text NOT NULL,
    message text NOT NULL,
    CONSTRAINT job_log_level_known CHECK ((level = ANY (ARRAY['debug'::text, 'info'::text, 'warning'::text, 'error'::text, 'critical'::text, 'stderr'::text])))
)
PARTITION BY RANGE (at);
COMMENT ON TABLE bourse.job_log IS 'what the child processes of jobs have said: the first 1,000 lines and the last 100 of an attempt';
COMMENT ON COLUMN bourse.job_log.level IS 'stderr: a line that came without a level, as libraries write them';
CREATE TABLE bourse.job_usage (
    job_id bigint NOT NULL,
    attempt integer NOT NULL,
    kind text NOT NULL,
    worker text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    cpu_s double precision NOT NULL,
    max_rss_mb double precision NOT NULL,
    read_bytes bigint NOT NULL,
    write_bytes bigint NOT NULL,
    exit_code integer,
    signal integer
)
PARTITION BY RANGE (ended_at);
COMMENT ON TABLE bourse.job_usage IS 'what each attempt''s child process has used, written by its worker when it has ended; those it had started and waited for are in it';
COMMENT ON COLUMN bourse.job_usage.cpu_s IS 'processor time, user and system';
COMMENT ON COLUMN bourse.job_usage.max_rss_mb IS 'most memory in use at once, of one process, MiB';
COMMENT ON COLUMN bourse.job_usage.read_bytes IS 'from block devices; what the page cache had is not in it';
CREATE FUNCTION bourse.job_report(worker text, lines jsonb, usages jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.job_require_owner(job bigint, owner text, verb text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_rescue() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_revive(ended bourse.job_archive, unmet bigint[], max_attempts integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_revive_dependents(job bigint) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_share_charge(owners text[], jobs integer[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_share_out(lanes bourse.job_lane[], jobs integer, offer jsonb, picked bigint[]) RETURNS bourse.job_lane[]
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_take(worker text, kinds text[], jobs integer, skip integer DEFAULT 0, looked bigint DEFAULT NULL::bigint) RETURNS TABLE(job_id bigint, kind text, args jsonb, attempt integer, owner text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_take_done(worker text, jobs bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS …;
CREATE FUNCTION bourse.job_take_few(kinds text[], jobs integer) RETURNS TABLE(job_id bigint, kind text, args jsonb, attempt integer, owner text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS …;
CREATE FUNCTION bourse.job_tick() RETURNS double precision
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_to_archive(job bourse.job, state text, result jsonb, error text, because_of bigint DEFAULT NULL::bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_unique_twin(kind text, unique_key text, unique_while text, unique_period interval) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.job_write(kind text, args jsonb[], queue text, priority integer, run_at timestamp with time zone, unique_key text, unique_while text, unique_period interval, after bigint[], max_attempts integer, timeout interval, resources jsonb, owner text, after_failure text DEFAULT 'cancel'::text, limit_key text DEFAULT NULL::text) RETURNS bigint[]
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.keep_features(feature_set text, days integer) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.keep_field_history() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.bar_field (
    instrument_id integer NOT NULL,
    freq bourse.freq NOT NULL,
    field text NOT NULL,
    ts timestamp with time zone NOT NULL,
    value double precision,
    known_at timestamp with time zone DEFAULT now() NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE bourse.bar_field IS 'any other series of an instrument, as known now: $name in an expression reads it when it is no built-in field';
COMMENT ON COLUMN bourse.bar_field.known_at IS 'when the value was known, as its writer says; a changed value is known when it is changed at the earliest';
COMMENT ON COLUMN bourse.bar_field.recorded_at IS 'when the value came to this database: pinned datasets leave out what came after them';
CREATE TABLE bourse.bar_field_history (
    instrument_id integer NOT NULL,
    freq bourse.freq NOT NULL,
    field text NOT NULL,
    ts timestamp with time zone NOT NULL,
    value double precision,
    known_from timestamp with time zone NOT NULL,
    known_until timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE bourse.bar_field_history IS 'values of bar_field that were changed or deleted, with the span in which they were what was known';
CREATE TABLE bourse.period_field (
    instrument_id integer NOT NULL,
    field text NOT NULL,
    period integer NOT NULL,
    known_at timestamp with time zone NOT NULL,
    value double precision,
    CONSTRAINT period_field_field_form CHECK ((field ~ '_[qaQA]$'::text)),
    CONSTRAINT period_field_period_form CHECK (
CASE
    WHEN (field ~ '_[qQ]$'::text) THEN (((period >= 100001) AND (period <= 999904)) AND (((period % 100) >= 1) AND ((period % 100) <= 4)))
    ELSE ((period >= 1000) AND (period <= 9999))
END)
);
COMMENT ON TABLE bourse.period_field IS 'values of fiscal periods (statements): $$name in P(…) reads them as they were known at each row; a revision is another row, none is overwritten';
COMMENT ON COLUMN bourse.period_field.field IS 'ends with _q (quarterly) or _a (annual)';
COMMENT ON COLUMN bourse.period_field.period IS '201902: the second quarter of 2019; of an annual field the year';
COMMENT ON COLUMN bourse.period_field.known_at IS 'when the value was published: rows whose bar closes later see it';
COMMENT ON COLUMN bourse.period_field.value IS 'NULL: withdrawn';
CREATE FUNCTION bourse.known_fields(freq text) RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.known_symbols(symbols text[]) RETURNS text[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.known_universe(universe text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.limit_jobs(kind text, key text DEFAULT NULL::text, max_running integer DEFAULT NULL::integer, max_starts integer DEFAULT NULL::integer, per interval DEFAULT NULL::interval) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.load_bars(source text, options jsonb DEFAULT '{}'::jsonb, OUT data_version_id bigint, OUT refused boolean, OUT reason text, OUT rows_read bigint, OUT rows_loaded bigint, OUT rows_changed bigint, OUT rows_unchanged bigint, OUT rows_duplicate bigint, OUT rows_rejected bigint, OUT rows_without_volume bigint, OUT instruments_made integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET jit TO 'off'
    SET work_mem TO '64MB'
    SET default_statistics_target TO '10'
    SET plan_cache_mode TO 'force_custom_plan'
    AS …;
CREATE FUNCTION bourse.load_block(block bytea, freq text, version bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    AS …;
CREATE FUNCTION bourse.load_calendar(calendar text, csv text, max_gap_days integer DEFAULT 15) RETURNS TABLE(sessions bigint, added bigint, changed bigint, removed bigint, first_session date, last_session date)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.load_check_options(options jsonb) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.load_find_repeated(on_conflict text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.load_insert(version bigint, keys_ascend boolean) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.load_judge(default_calendar text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.data_file (
    data_file_id bigint NOT NULL,
    data_version_id bigint,
    path text NOT NULL,
    sha256 bytea NOT NULL,
    size_bytes bigint NOT NULL,
    modified_at timestamp with time zone,
    options jsonb DEFAULT '{}'::jsonb NOT NULL,
    state text NOT NULL,
    reason text,
    imported_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT data_file_sha256_size CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT data_file_state_known CHECK ((state = ANY (ARRAY['loaded'::text, 'refused'::text])))
);
COMMENT ON TABLE bourse.data_file IS 'every file that was imported or refused; same sha256 and options = same file';
CREATE FUNCTION bourse.load_keep_file(version bigint, file jsonb, refused boolean, reason text) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.load_know_series(default_calendar text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.load_make_instruments(default_exchange text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.load_make_partitions() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS …;
CREATE FUNCTION bourse.load_mark_dirty(version bigint, all_new boolean) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.load_overwrite(version bigint, load_at timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.load_tell(version bigint, universe text, touched boolean, all_new boolean) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.load_write_rejects(source text, source_of jsonb, version bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS …;
CREATE FUNCTION bourse.log_predictions(model text, from_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, to_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, universe text DEFAULT 'all'::text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.make_bar_partitions(freq text, from_ts timestamp with time zone, to_ts timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS …;
CREATE FUNCTION bourse.make_feature_views(feature_set_id integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.mark_features_dirty() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.materialize_feature_set(feature_set_id integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.may_act_for(owner text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.model_stages() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY['development'::text, 'testing'::text, 'staging'::text, 'production'::text, 'archived'::text, 'deprecated'::text];
CREATE FUNCTION bourse.model_universe(model_version_id bigint) RETURNS text
    LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.model_stage (
    model_version_id bigint NOT NULL,
    model_id bigint NOT NULL,
    stage text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT model_stage_known CHECK ((stage = ANY (ARRAY['development'::text, 'testing'::text, 'staging'::text, 'production'::text, 'archived'::text, 'deprecated'::text])))
);
COMMENT ON TABLE bourse.model_stage IS 'the stage of every version now';
CREATE TABLE bourse.stage_transition (
    transition_id bigint NOT NULL,
    model text NOT NULL,
    version integer NOT NULL,
    model_version_id bigint NOT NULL,
    from_stage text,
    to_stage text NOT NULL,
    reason text,
    made_by text DEFAULT SESSION_USER NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE bourse.stage_transition IS 'every change of stage: who, when, why';
CREATE FUNCTION bourse.move_stage(model_version_id bigint, stage text, reason text) RETURNS bourse.stage_transition
    LANGUAGE sql
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.next_close(calendar text, after timestamp with time zone DEFAULT now()) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.next_runs(schedule text, n integer DEFAULT 5, calendar text DEFAULT NULL::text, time_zone text DEFAULT NULL::text, after timestamp with time zone DEFAULT now()) RETURNS TABLE(run_at timestamp with time zone, local_time timestamp without time zone)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.stage_rule (
    from_stage text NOT NULL,
    to_stage text NOT NULL,
    note text NOT NULL
);
COMMENT ON TABLE bourse.stage_rule IS 'which stage may follow which';
CREATE FUNCTION bourse.next_stages(stage text) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.normal_freq(freq text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.on_any_change(changed_table text, handler text, suffix text, meaning text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.session_date(ts timestamp with time zone) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.on_session_grid(calendar text, freq text, ts timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.open_direct_load(source text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.open_load() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET client_min_messages TO 'warning'
    AS …;
CREATE FUNCTION bourse.panel_instrument_id(symbol text) RETURNS integer
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.panel_instruments(freq text, universe text, instrument_ids integer[]) RETURNS TABLE(instrument_id integer, symbol text, calendar text, first_us bigint, last_us bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.panel_instruments_of(freq text, universe text, instrument_ids integer[], dataset_id bigint) RETURNS TABLE(instrument_id integer, symbol text, calendar text, first_us bigint, last_us bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    AS …;
CREATE FUNCTION bourse.to_unix_us(ts timestamp with time zone) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE TABLE bourse.universe (
    name text NOT NULL,
    instrument_id integer NOT NULL,
    span tstzrange DEFAULT '(,)'::tstzrange NOT NULL,
    CONSTRAINT universe_name_not_reserved CHECK (((name <> ''::text) AND (name <> 'all'::text)))
);
COMMENT ON TABLE bourse.universe IS 'who belongs to a universe, and when; ''all'' is implicit';
CREATE FUNCTION bourse.panel_members(universe text) RETURNS TABLE(instrument_id integer, from_us bigint, to_us bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.panel_members_of(universe text, dataset_id bigint) RETURNS TABLE(instrument_id integer, from_us bigint, to_us bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.custom_operator (
    name text NOT NULL,
    function text NOT NULL,
    inputs integer NOT NULL,
    params integer NOT NULL,
    body_sha256 text NOT NULL,
    description text,
    registered_by text NOT NULL,
    registered_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT custom_operator_inputs_range CHECK ((((inputs >= 1) AND (inputs <= 16)) AND ((params >= 0) AND (params <= 16)))),
    CONSTRAINT custom_operator_name_form CHECK ((name ~ '^[A-Za-z_][A-Za-z0-9_]*$'::text))
);
COMMENT ON TABLE bourse.custom_operator IS 'SQL functions that expressions may call; a registration ends when the function''s definition or owner changes';
CREATE FUNCTION bourse.panel_operators() RETURNS TABLE(name text, function text, inputs integer, params integer, unusable text)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.panel_replaced_of(freq text, instrument_ids integer[], from_us bigint[], to_us bigint[], dataset_id bigint) RETURNS TABLE(instrument_id integer, ts timestamp with time zone, open double precision, high double precision, low double precision, close double precision, volume double precision, amount double precision, adj_factor double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.panel_rows(freq text, instrument_ids integer[], from_us bigint[], to_us bigint[]) RETURNS TABLE(instrument_id integer, ts timestamp with time zone, open double precision, high double precision, low double precision, close double precision, volume double precision, amount double precision, adj_factor double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.panel_rows_known(freq text, instrument_ids integer[], from_us bigint[], to_us bigint[], known_at timestamp with time zone) RETURNS TABLE(instrument_id integer, ts timestamp with time zone, open double precision, high double precision, low double precision, close double precision, volume double precision, amount double precision, adj_factor double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.panel_rows_of(freq text, instrument_ids integer[], from_us bigint[], to_us bigint[], dataset_id bigint) RETURNS TABLE(instrument_id integer, ts timestamp with time zone, open double precision, high double precision, low double precision, close double precision, volume double precision, amount double precision, adj_factor double precision)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.panel_series(freq text, field text, instrument_ids integer[], from_us bigint[], to_us bigint[]) RETURNS TABLE(instrument_id integer, ts timestamp with time zone, value double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.panel_series_known(freq text, field text, instrument_ids integer[], from_us bigint[], to_us bigint[], known_at timestamp with time zone, recorded_by timestamp with time zone DEFAULT 'infinity'::timestamp with time zone) RETURNS TABLE(instrument_id integer, ts timestamp with time zone, value double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.panel_series_of(freq text, field text, instrument_ids integer[], from_us bigint[], to_us bigint[], dataset_id bigint) RETURNS TABLE(instrument_id integer, ts timestamp with time zone, value double precision)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.panel_sessions(calendar text) RETURNS TABLE(date_us bigint, open_us bigint, close_us bigint, break_start_us bigint, break_end_us bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.panel_statements(fields text[], instrument_ids integer[], known_at timestamp with time zone DEFAULT 'infinity'::timestamp with time zone) RETURNS TABLE(instrument_id integer, field integer, period integer, published_at timestamp with time zone, value double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.panel_times(freq text, calendar text) RETURNS TABLE(ts_us bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.panel_times_of(freq text, calendar text, dataset_id bigint) RETURNS TABLE(ts_us bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.pause(job bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.pause(queue text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.pause_schedule(name text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.predict_table(model text, from_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, to_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, universe text DEFAULT 'all'::text, symbols text[] DEFAULT NULL::text[], known_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS TABLE(symbol text, ts timestamp with time zone, available_at timestamp with time zone, prediction double precision, rank integer, model_version integer)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.predict_table_proba(model text, from_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, to_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, universe text DEFAULT 'all'::text, symbols text[] DEFAULT NULL::text[], known_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS TABLE(symbol text, ts timestamp with time zone, available_at timestamp with time zone, probabilities double precision[], model_version integer)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.promote(model text, stage text, reason text DEFAULT NULL::text) RETURNS bourse.stage_transition
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.qlib_instruments(symbols text[], exchange text, calendar text) RETURNS TABLE(symbol text, instrument_id integer, own_calendar text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.qlib_keep_field(instrument_id integer, freq text, field text, from_us bigint, to_us bigint, at_us bigint[], vals double precision[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.qlib_keep_spans(instrument_ids integer[], freq text, fields text[], from_us bigint[], to_us bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.qlib_keep_universe(name text, instrument_ids integer[], from_us bigint[], to_us bigint[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.artifact_chunk (
    artifact_id bigint NOT NULL,
    chunk integer NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT artifact_chunk_size CHECK (((octet_length(content) >= 1) AND (octet_length(content) <= 16777216)))
);
ALTER TABLE ONLY bourse.artifact_chunk ALTER COLUMN content SET STORAGE EXTERNAL;
COMMENT ON TABLE bourse.artifact_chunk IS 'the bytes, in pieces of at most 16 MB; granted to nobody';
CREATE FUNCTION bourse.read_artifact(artifact_id bigint, chunk integer) RETURNS bytea
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.read_sessions(calendar text, csv text, max_gap_days integer) RETURNS SETOF bourse.calendar
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS …;
CREATE FUNCTION bourse.record_artifact_check(job bigint, model_version_id bigint, problem_sqlstate text, problem text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.refresh_feature_statistics(feature_set text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.refresh_features(feature_set text, symbols text[] DEFAULT NULL::text[], from_ts timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.refresh_key(feature_set_id integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.refuse_file(file jsonb, reason text) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.refuse_leaks(expressions text[], freq text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.register_operator(name text, function regprocedure, description text DEFAULT NULL::text) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.register_version(model text, run_id bigint, algorithm text, feature_set_id integer, features text[], label text, artifact bytea, native bytea DEFAULT NULL::bytea, params jsonb DEFAULT '{}'::jsonb, metrics jsonb DEFAULT '{}'::jsonb, signature bytea DEFAULT NULL::bytea, public_key bytea DEFAULT NULL::bytea, import_job bigint DEFAULT NULL::bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.renko(brick double precision, symbols text[] DEFAULT NULL::text[], from_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, to_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, freq text DEFAULT '1d'::text, adjust text DEFAULT 'backward'::text, known_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS TABLE(symbol text, brick_number bigint, ts timestamp with time zone, open double precision, close double precision, direction integer, available_at timestamp with time zone)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.replace_signature(job bigint, model_version_id bigint, signature bytea, public_key bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.require_calendar(calendar text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.require_reason(what text, which text, reason text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.require_signature(model text, sha256 bytea, size_bytes bigint, signature bytea, public_key bytea) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.resample(symbols text[] DEFAULT NULL::text[], freq text DEFAULT '1w'::text, from_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, to_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, from_freq text DEFAULT NULL::text, adjust text DEFAULT 'backward'::text, known_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS TABLE(symbol text, ts timestamp with time zone, open double precision, high double precision, low double precision, close double precision, volume double precision, amount double precision, adj_factor double precision, available_at timestamp with time zone, bars integer)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.resign_artifacts(model text DEFAULT NULL::text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.resume(job bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.resume(queue text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.resume_schedule(name text) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.retire_feature_sets(name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.retry(job bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.retry_dead(kind text DEFAULT NULL::text, since timestamp with time zone DEFAULT (now() - '1 day'::interval), states text[] DEFAULT '{dead}'::text[], most integer DEFAULT 10000) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.revoke_key(name text, reason text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.revoke_version(model text, reason text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.ring() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.run_job_finished(job bigint, state text, error text DEFAULT NULL::text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.schedule(name text, spec text, kind text, args jsonb DEFAULT '{}'::jsonb, calendar text DEFAULT '24x7'::text, time_zone text DEFAULT 'UTC'::text, catch_up interval DEFAULT NULL::interval, queue text DEFAULT 'default'::text, priority integer DEFAULT 100, overlap text DEFAULT 'allow'::text, enabled boolean DEFAULT true, max_attempts integer DEFAULT NULL::integer, timeout interval DEFAULT NULL::interval, resources jsonb DEFAULT '{}'::jsonb, owner text DEFAULT NULL::text) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.schedule_check(spec text, calendar text, time_zone text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.schedule_check_policy(name text, catch_up interval, overlap text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.schedule_due(s bourse.schedule, at timestamp with time zone, OUT slots timestamp with time zone[], OUT skipped bigint, OUT reached timestamp with time zone) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.schedule_due_s() RETURNS double precision
    LANGUAGE sql STABLE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.schedule_make_jobs(s bourse.schedule, at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.schedule_slots(spec text, calendar text, time_zone text, after timestamp with time zone, until timestamp with time zone, most integer) RETURNS timestamp with time zone[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.schedule_next(spec text, calendar text, time_zone text, after timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.schedule_tick() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.schedule_why_none(spec text, calendar text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.selected_edges(freq text, instrument_ids integer[]) RETURNS TABLE(instrument_id integer, first_us bigint, last_us bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.session_close(calendar text, freq text, ts timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.session_slots(calendar text, event text, lag interval, after timestamp with time zone, until timestamp with time zone, most integer) RETURNS timestamp with time zone[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS …;
CREATE FUNCTION bourse.sessions_between(calendar text, from_session date, to_session date) RETURNS TABLE(session date, open_at timestamp with time zone, close_at timestamp with time zone, break_start_at timestamp with time zone, break_end_at timestamp with time zone)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.job_kind (
    kind text NOT NULL,
    max_attempts integer DEFAULT 5 NOT NULL,
    timeout interval,
    backoff_base_s double precision DEFAULT 2 NOT NULL,
    backoff_cap_s double precision DEFAULT 600 NOT NULL,
    backoff_jitter_ratio double precision DEFAULT 0.25 NOT NULL,
    memory_mb integer DEFAULT 8192 NOT NULL,
    signs boolean DEFAULT false NOT NULL,
    description text NOT NULL,
    CONSTRAINT job_kind_backoff_jitter_range CHECK (((backoff_jitter_ratio >= (0)::double precision) AND (backoff_jitter_ratio <= (1)::double precision))),
    CONSTRAINT job_kind_backoff_range CHECK (((backoff_base_s >= (0)::double precision) AND (backoff_cap_s >= (0)::double precision))),
    CONSTRAINT job_kind_max_attempts_range CHECK (((max_attempts >= 1) AND (max_attempts <= 100))),
    CONSTRAINT job_kind_memory_range CHECK ((memory_mb >= 16))
);
COMMENT ON TABLE bourse.job_kind IS 'policy of each kind of job: tries, back-off, limits of its child process';
COMMENT ON COLUMN bourse.job_kind.signs IS 'its result is signed: only a worker with a signing key takes it';
CREATE FUNCTION bourse.set_job_kind(kind text, max_attempts integer DEFAULT NULL::integer, timeout interval DEFAULT NULL::interval, backoff_base_s double precision DEFAULT NULL::double precision, backoff_cap_s double precision DEFAULT NULL::double precision, backoff_jitter_ratio double precision DEFAULT NULL::double precision, memory_mb integer DEFAULT NULL::integer, description text DEFAULT NULL::text) RETURNS bourse.job_kind
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.set_setting(name text, value jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.set_share(owner text, weight double precision) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.signal_rows(signal_set text, universe text DEFAULT 'all'::text, from_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, to_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, known_at timestamp with time zone DEFAULT NULL::timestamp with time zone, options jsonb DEFAULT '{}'::jsonb) RETURNS TABLE(symbol text, ts timestamp with time zone, available_at timestamp with time zone, features bourse.fvec, neutral text[], missing_references text[], leaks boolean)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.slot_key(schedule text, slot timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.stamp_field_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.stop_run(run bigint, reason text DEFAULT NULL::text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.store_artifact(format text, content bytea, signature bytea DEFAULT NULL::bytea, key_id integer DEFAULT NULL::integer) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.store_upload(job bigint, format text, content bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.symbol_calendar(symbol text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.symbol_exchange(symbol text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.to_calendar(calendar text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE TABLE bourse.feature_value (
    feature_set_id integer NOT NULL,
    instrument_id integer NOT NULL,
    ts timestamp with time zone NOT NULL,
    available_at timestamp with time zone NOT NULL,
    features bourse.fvec NOT NULL
)
PARTITION BY LIST (feature_set_id);
COMMENT ON TABLE bourse.feature_value IS 'stored features, one row per bar of the calendar, one partition per set; kept fresh by refresh jobs. Each partition has an index on ts from the end of its first refresh on';
COMMENT ON COLUMN bourse.feature_value.available_at IS 'close of the bar at ts: nothing may use the row before';
CREATE FUNCTION bourse.top(model text, at timestamp with time zone DEFAULT NULL::timestamp with time zone, n integer DEFAULT 20) RETURNS TABLE(rank integer, symbol text, prediction double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.trade_bars(query text, freq text DEFAULT '1m'::text, calendar text DEFAULT '24x7'::text, complete_until timestamp with time zone DEFAULT now()) RETURNS TABLE(symbol text, ts timestamp with time zone, open double precision, high double precision, low double precision, close double precision, volume double precision, amount double precision, available_at timestamp with time zone, trades bigint)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.trade_position(calendar text, freq text, ts timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.train(model text, algorithm text DEFAULT 'xgboost'::text, feature_set text DEFAULT 'alpha158'::text, label text DEFAULT NULL::text, universe text DEFAULT 'all'::text, from_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, to_ts timestamp with time zone DEFAULT NULL::timestamp with time zone, split jsonb DEFAULT '{"test": 0.2, "train": 0.6, "valid": 0.2, "purge_bars": null}'::jsonb, params jsonb DEFAULT '{}'::jsonb, seed bigint DEFAULT 0, dataset text DEFAULT NULL::text, source text DEFAULT NULL::text, options jsonb DEFAULT '{}'::jsonb, source_path text DEFAULT current_setting('search_path'::text)) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.trainable_fold(dataset bourse.dataset, fold jsonb) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.trim_features(most_rows integer DEFAULT 5000) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.trust_key(name text, public_key bytea) RETURNS integer
    LANGUAGE plpgsql STRICT SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.unlimit_jobs(kind text, key text DEFAULT NULL::text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.unregister_operator(name text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.unschedule(name text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.update_feature_stats(feature_set_id integer, days integer DEFAULT 20) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.update_outcomes(model text DEFAULT NULL::text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.verify_artifacts(model text DEFAULT NULL::text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE PROCEDURE bourse.wait(IN job bigint DEFAULT NULL::bigint, IN timeout interval DEFAULT NULL::interval)
    LANGUAGE plpgsql
    AS …;
CREATE FUNCTION bourse.why_blocked(job bigint) RETURNS TABLE(reason text, detail text, hint text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.why_later(job bigint) RETURNS TABLE(reason text, detail text, hint text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.why_limited(job bigint) RETURNS TABLE(reason text, detail text, hint text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.why_no_worker(job bigint) RETURNS TABLE(reason text, detail text, hint text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.why_waiting(job bigint) RETURNS TABLE(reason text, detail text, hint text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.worker_register(worker text, host text, pid integer, version text, kinds text[], slots integer, offers jsonb DEFAULT NULL::jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE FUNCTION bourse.worker_sleep(worker text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS …;
CREATE TABLE bourse.worker (
    worker text NOT NULL,
    host text NOT NULL,
    pid integer NOT NULL,
    version text NOT NULL,
    kinds text[] NOT NULL,
    slots integer NOT NULL,
    running integer DEFAULT 0 NOT NULL,
    sleeping boolean DEFAULT false NOT NULL,
    asleep_at timestamp with time zone,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    heartbeat_at timestamp with time zone DEFAULT now() NOT NULL,
    stopped_at timestamp with time zone,
    cpus integer,
    load double precision,
    memory_used_mb double precision,
    memory_total_mb double precision,
    disk_free_mb double precision,
    usage_at timestamp with time zone,
    offers jsonb
);
COMMENT ON TABLE bourse.worker IS 'daemons that have registered, with their last heartbeat';
COMMENT ON COLUMN bourse.worker.load IS 'of its host: mean number of runnable tasks in the last minute';
COMMENT ON COLUMN bourse.worker.memory_used_mb IS 'of its host, MiB: what is not available to new work';
COMMENT ON COLUMN bourse.worker.disk_free_mb IS 'MiB, of the file system that its working directory is on';
COMMENT ON COLUMN bourse.worker.offers IS 'what jobs that ask for resources may have of it together: cpu, memory_mb, gpu; NULL: it takes any';
CREATE FUNCTION bourse.worker_stop(worker text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC …;
CREATE FUNCTION bourse.worker_usage(worker text, usage jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC …;
CREATE TABLE bourse.artifact (
    artifact_id bigint NOT NULL,
    format text NOT NULL,
    sha256 bytea NOT NULL,
    size_bytes bigint NOT NULL,
    signature bytea,
    key_id integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT artifact_format_known CHECK ((format = ANY (ARRAY['bourse-model'::text, 'xgboost-json'::text, 'xgboost-ubj'::text, 'lightgbm'::text]))),
    CONSTRAINT artifact_sha256_size CHECK ((octet_length(sha256) = 32))
);
COMMENT ON TABLE bourse.artifact IS 'bytes of a model: bourse-model is what predict reads, the native file is kept for export';
COMMENT ON COLUMN bourse.artifact.signature IS 'Ed25519 over model, size and sha256 (docs/reference/artifact.md); a native file has none, the signed artifact names its sha256';
ALTER TABLE bourse.artifact ALTER COLUMN artifact_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bourse.artifact_artifact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE bourse.audit_log ALTER COLUMN audit_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bourse.audit_log_audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE bourse.bar_15m (
    instrument_id integer NOT NULL,
    freq bourse.freq NOT NULL,
    ts timestamp with time zone NOT NULL,
    open double precision NOT NULL,
    high double precision NOT NULL,
    low double precision NOT NULL,
    close double precision NOT NULL,
    volume double precision,
    amount double precision,
    adj_factor double precision DEFAULT 1 NOT NULL,
    known_at timestamp with time zone NOT NULL,
    data_version_id bigint NOT NULL
)
PARTITION BY RANGE (ts);
CREATE TABLE bourse.bar_1d (
    instrument_id integer NOT NULL,
    freq bourse.freq NOT NULL,
    ts timestamp with time zone NOT NULL,
    open double precision NOT NULL,
    high double precision NOT NULL,
    low double precision NOT NULL,
    close double precision NOT NULL,
    volume double precision,
    amount double precision,
    adj_factor double precision DEFAULT 1 NOT NULL,
    known_at timestamp with time zone NOT NULL,
    data_version_id bigint NOT NULL
);
CREATE TABLE bourse.bar_1h (
    instrument_id integer NOT NULL,
    freq bourse.freq NOT NULL,
    ts timestamp with time zone NOT NULL,
    open double precision NOT NULL,
    high double precision NOT NULL,
    low double precision NOT NULL,
    close double precision NOT NULL,
    volume double precision,
    amount double precision,
    adj_factor double precision DEFAULT 1 NOT NULL,
    known_at timestamp with time zone NOT NULL,
    data_version_id bigint NOT NULL
)
PARTITION BY RANGE (ts);
CREATE TABLE bourse.bar_1m (
    instrument_id integer NOT NULL,
    freq bourse.freq NOT NULL,
    ts timestamp with time zone NOT NULL,
    open double precision NOT NULL,
    high double precision NOT NULL,
    low double precision NOT NULL,
    close double precision NOT NULL,
    volume double precision,
    amount double precision,
    adj_factor double precision DEFAULT 1 NOT NULL,
    known_at timestamp with time zone NOT NULL,
    data_version_id bigint NOT NULL
)
PARTITION BY RANGE (ts);
CREATE TABLE bourse.bar_1mo (
    instrument_id integer NOT NULL,
    freq bourse.freq NOT NULL,
    ts timestamp with time zone NOT NULL,
    open double precision NOT NULL,
    high double precision NOT NULL,
    low double precision NOT NULL,
    close double precision NOT NULL,
    volume double precision,
    amount double precision,
    adj_factor double precision DEFAULT 1 NOT NULL,
    known_at timestamp with time zone NOT NULL,
    data_version_id bigint NOT NULL
);
CREATE TABLE bourse.bar_1w (
    instrument_id integer NOT NULL,
    freq bourse.freq NOT NULL,
    ts timestamp with time zone NOT NULL,
    open double precision NOT NULL,
    high double precision NOT NULL,
    low double precision NOT NULL,
    close double precision NOT NULL,
    volume double precision,
    amount double precision,
    adj_factor double precision DEFAULT 1 NOT NULL,
    known_at timestamp with time zone NOT NULL,
    data_version_id bigint NOT NULL
);
CREATE TABLE bourse.bar_30m (
    instrument_id integer NOT NULL,
    freq bourse.freq NOT NULL,
    ts timestamp with time zone NOT NULL,
    open double precision NOT NULL,
    high double precision NOT NULL,
    low double precision NOT NULL,
    close double precision NOT NULL,
    volume double precision,
    amount double precision,
    adj_factor double precision DEFAULT 1 NOT NULL,
    known_at timestamp with time zone NOT NULL,
    data_version_id bigint NOT NULL
)
PARTITION BY RANGE (ts);
CREATE TABLE bourse.bar_4h (
    instrument_id integer NOT NULL,
    freq bourse.freq NOT NULL,
    ts timestamp with time zone NOT NULL,
    open double precision NOT NULL,
    high double precision NOT NULL,
    low double precision NOT NULL,
    close double precision NOT NULL,
    volume double precision,
    amount double precision,
    adj_factor double precision DEFAULT 1 NOT NULL,
    known_at timestamp with time zone NOT NULL,
    data_version_id bigint NOT NULL
)
PARTITION BY RANGE (ts);
CREATE TABLE bourse.bar_5m (
    instrument_id integer NOT NULL,
    freq bourse.freq NOT NULL,
    ts timestamp with time zone NOT NULL,
    open double precision NOT NULL,
    high double precision NOT NULL,
    low double precision NOT NULL,
    close double precision NOT NULL,
    volume double precision,
    amount double precision,
    adj_factor double precision DEFAULT 1 NOT NULL,
    known_at timestamp with time zone NOT NULL,
    data_version_id bigint NOT NULL
)
PARTITION BY RANGE (ts);
CREATE UNLOGGED TABLE bourse.bar_inbox (
    symbol text,
    freq text,
    ts timestamp with time zone,
    open double precision,
    high double precision,
    low double precision,
    close double precision,
    volume double precision,
    amount double precision,
    adj_factor double precision,
    known_at timestamp with time zone
);
COMMENT ON TABLE bourse.bar_inbox IS 'COPY and INSERT bars here: good rows go to bar, bad ones to bar_reject; always empty';
CREATE TABLE bourse.bar_reject (
    reject_id bigint NOT NULL,
    rejected_at timestamp with time zone DEFAULT now() NOT NULL,
    source text NOT NULL,
    line bigint,
    symbol text,
    freq text,
    ts timestamp with time zone,
    raw jsonb NOT NULL,
    rule text NOT NULL,
    reason text NOT NULL,
    data_version_id bigint,
    CONSTRAINT bar_reject_rule_known CHECK ((rule = ANY (ARRAY['unknown_symbol'::text, 'bad_number'::text, 'bad_time'::text, 'off_grid'::text, 'nonpositive_price'::text, 'high_low_order'::text, 'negative_volume'::text, 'conflicting_duplicate'::text, 'unknown_frequency'::text, 'missing_value'::text, 'future_time'::text])))
);
COMMENT ON TABLE bourse.bar_reject IS 'rows that broke a rule: what they were, which rule, which value';
ALTER TABLE bourse.bar_reject ALTER COLUMN reject_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bourse.bar_reject_reject_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE bourse.data_file ALTER COLUMN data_file_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bourse.data_file_data_file_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE bourse.data_version (
    data_version_id bigint NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    source text NOT NULL,
    rows_read bigint DEFAULT 0 NOT NULL,
    rows_loaded bigint DEFAULT 0 NOT NULL,
    rows_changed bigint DEFAULT 0 NOT NULL,
    rows_unchanged bigint DEFAULT 0 NOT NULL,
    rows_duplicate bigint DEFAULT 0 NOT NULL,
    rows_rejected bigint DEFAULT 0 NOT NULL,
    rows_without_volume bigint DEFAULT 0 NOT NULL,
    refused boolean DEFAULT false NOT NULL
);
COMMENT ON TABLE bourse.data_version IS 'one per load that was tried, with its counts: read = loaded + changed + unchanged + duplicate + rejected';
COMMENT ON COLUMN bourse.data_version.rows_loaded IS 'new keys';
COMMENT ON COLUMN bourse.data_version.rows_changed IS 'keys whose values were replaced; the old ones are in bar_history';
COMMENT ON COLUMN bourse.data_version.rows_duplicate IS 'exact copies of another row of the load, and rows that --on-conflict gave up';
COMMENT ON COLUMN bourse.data_version.rows_without_volume IS 'accepted rows whose volume is missing';
COMMENT ON COLUMN bourse.data_version.refused IS 'the load was refused as a whole: no bar of it was written, the counts say what was found';
ALTER TABLE bourse.data_version ALTER COLUMN data_version_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bourse.data_version_data_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE bourse.dataset_member (
    dataset_id bigint NOT NULL,
    instrument_id integer NOT NULL,
    span tstzrange NOT NULL
);
COMMENT ON TABLE bourse.dataset_member IS 'membership of the universe of a pinned dataset when it was made';
CREATE TABLE bourse.dataset_part (
    dataset_id bigint NOT NULL,
    fold integer NOT NULL,
    part text NOT NULL,
    rows bigint NOT NULL,
    purged_rows bigint NOT NULL,
    sha256 text NOT NULL,
    CONSTRAINT dataset_part_known CHECK ((part = ANY (ARRAY['train'::text, 'valid'::text, 'test'::text, 'all'::text])))
);
COMMENT ON TABLE bourse.dataset_part IS 'what the build of a dataset found in each part of each fold; part all: the whole fold';
COMMENT ON COLUMN bourse.dataset_part.purged_rows IS 'rows with a label that purge and embargo took out';
CREATE TABLE bourse.dataset_range (
    dataset_id bigint NOT NULL,
    fold integer NOT NULL,
    part text NOT NULL,
    from_ts timestamp with time zone NOT NULL,
    to_ts timestamp with time zone NOT NULL,
    timestamps integer NOT NULL,
    CONSTRAINT dataset_range_not_empty CHECK (((from_ts < to_ts) AND (timestamps > 0))),
    CONSTRAINT dataset_range_part_known CHECK ((part = ANY (ARRAY['train'::text, 'valid'::text, 'test'::text])))
);
COMMENT ON TABLE bourse.dataset_range IS 'which times belong to which part of a fold, from_ts <= ts < to_ts, before purge and embargo; of a live dataset as they were when it was made';
CREATE TABLE bourse.drift_reference (
    model_version_id bigint NOT NULL,
    feature text NOT NULL,
    "position" integer NOT NULL,
    n bigint NOT NULL,
    missing bigint NOT NULL,
    edges double precision[] NOT NULL,
    counts bigint[] NOT NULL,
    sample double precision[] NOT NULL
);
COMMENT ON TABLE bourse.drift_reference IS 'the training data of a version, per feature: PSI bins (frozen edges, counts) and an evenly spaced sorted sample for KS';
CREATE TABLE bourse.drift_result (
    drift_id bigint NOT NULL,
    model_version_id bigint NOT NULL,
    checked_at timestamp with time zone DEFAULT now() NOT NULL,
    from_ts timestamp with time zone NOT NULL,
    to_ts timestamp with time zone NOT NULL,
    feature text NOT NULL,
    ks double precision,
    p_value double precision,
    psi double precision,
    missing_reference_ratio double precision,
    missing_current_ratio double precision,
    verdict text NOT NULL,
    advice text NOT NULL,
    CONSTRAINT drift_result_verdict_known CHECK ((verdict = ANY (ARRAY['none'::text, 'moderate'::text, 'severe'::text, 'insufficient_data'::text])))
);
COMMENT ON TABLE bourse.drift_result IS 'every drift check ever made, one row a feature';
COMMENT ON COLUMN bourse.drift_result.to_ts IS 'last ts of the rows that were compared';
ALTER TABLE bourse.drift_result ALTER COLUMN drift_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bourse.drift_result_drift_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE bourse.feature_checkpoint (
    feature_set_id integer NOT NULL,
    instrument_id integer NOT NULL,
    after_ts timestamp with time zone NOT NULL,
    base_ts timestamp with time zone NOT NULL,
    rows_before bigint NOT NULL,
    program text NOT NULL,
    state bytea NOT NULL
);
ALTER TABLE ONLY bourse.feature_checkpoint ALTER COLUMN state SET STORAGE EXTERNAL;
COMMENT ON TABLE bourse.feature_checkpoint IS 'what features that read everything before have kept of an instrument: where a refresh goes on. May be emptied at any time: the next refresh begins with the first bar';
COMMENT ON COLUMN bourse.feature_checkpoint.after_ts IS 'newest row that went into it';
COMMENT ON COLUMN bourse.feature_checkpoint.base_ts IS 'row at which the computation goes on';
COMMENT ON COLUMN bourse.feature_checkpoint.rows_before IS 'rows of the instrument before base_ts';
COMMENT ON COLUMN bourse.feature_checkpoint.program IS 'build that wrote the state; no other reads it';
CREATE TABLE bourse.feature_dirty (
    dirty_id bigint NOT NULL,
    feature_set_id integer NOT NULL,
    instrument_id integer NOT NULL,
    from_ts timestamp with time zone NOT NULL,
    to_ts timestamp with time zone NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    planned boolean DEFAULT false NOT NULL,
    done_until timestamp with time zone
);
COMMENT ON TABLE bourse.feature_dirty IS 'ranges whose features must be computed again; a refresh deletes exactly the rows it read';
COMMENT ON COLUMN bourse.feature_dirty.planned IS 'a refresh has seen it, and added what else it moves: its rows may be computed';
COMMENT ON COLUMN bourse.feature_dirty.done_until IS 'of a set that is stored piece by piece of the time: rows before this one that the range moves are stored; NULL: none';
ALTER TABLE bourse.feature_dirty ALTER COLUMN dirty_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bourse.feature_dirty_dirty_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE bourse.feature_set ALTER COLUMN feature_set_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bourse.feature_set_feature_set_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE bourse.feature_state (
    feature_set_id integer NOT NULL,
    refreshed_at timestamp with time zone NOT NULL,
    rows bigint NOT NULL,
    seconds double precision NOT NULL,
    values_per_second double precision,
    state jsonb DEFAULT '{}'::jsonb NOT NULL
);
COMMENT ON TABLE bourse.feature_state IS 'last refresh of a stored set, its speed, and what the next one resumes from';
CREATE TABLE bourse.feature_stats (
    feature_set_id integer NOT NULL,
    day date NOT NULL,
    feature integer NOT NULL,
    n bigint NOT NULL,
    missing bigint NOT NULL,
    infinite bigint NOT NULL,
    mean double precision,
    m2 double precision,
    min_value real,
    max_value real,
    bins smallint[] NOT NULL,
    counts integer[] NOT NULL,
    CONSTRAINT feature_stats_same_length CHECK ((cardinality(bins) = cardinality(counts)))
);
COMMENT ON TABLE bourse.feature_stats IS 'stored values of a UTC day over all instruments, feature by feature; days are merged by bourse.feature_statistics';
COMMENT ON COLUMN bourse.feature_stats.feature IS 'its number in the set, from 1';
COMMENT ON COLUMN bourse.feature_stats.n IS 'finite values; mean, m2, min_value, max_value and the bins are of these';
COMMENT ON COLUMN bourse.feature_stats.m2 IS 'sum of squared distances from the mean';
COMMENT ON COLUMN bourse.feature_stats.bins IS 'bourse.fixed_bin of the values, ascending, only those that occur; the edges are the same for ever, so counts add up';
CREATE TABLE bourse.feature_stats_stale (
    feature_set_id integer NOT NULL,
    from_ts timestamp with time zone NOT NULL
);
COMMENT ON TABLE bourse.feature_stats_stale IS 'sets whose stored values changed from a time on since their feature_stats were counted';
CREATE TABLE bourse.importance (
    model_version_id bigint NOT NULL,
    feature text NOT NULL,
    kind text NOT NULL,
    value double precision NOT NULL
);
COMMENT ON TABLE bourse.importance IS 'how much a feature matters to a version; kind: gain, weight, cover';
ALTER TABLE bourse.instrument ALTER COLUMN instrument_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME bourse.instrument_instrument_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE bourse.job_archive_default (
    job_id bigint NOT NULL,
    kind text NOT NULL,
    queue text NOT NULL,
    args jsonb NOT NULL,
    state text NOT NULL,
    priority integer NOT NULL,
    attempt integer NOT NULL,
    max_attempts integer NOT NULL,
    unique_key text,
    unique_while text,
    timeout interval,
    resources jsonb DEFAULT '{}'::jsonb NOT NULL,
    owner text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    run_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    worker text,
    stage text,
    progress_ratio double precision,
    progress_note text,
    result jsonb,
    last_error text,
    exit_code integer,
    signal integer,
    after_job_ids bigint[],
    after_failure text,
    cancelled_by_job bigint,
    limit_key text DEFAULT ''::text NOT NULL,
    CONSTRAINT job_archive_state_known CHECK ((state = ANY (ARRAY['succeeded'::text, 'failed'::text, 'dead'::text, 'cancelled'::text])))
);
COMMENT ON TABLE bourse.job_archive_default IS 'what no week has taken; bourse.job_maintain moves it';
CREATE UNLOGGED SEQUENCE bourse.job_bell_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
COMMENT ON SEQUENCE bourse.job_bell_seq IS 'when the bell was last rung, in microseconds since 1970: seen by all at once, unlike a row';
CREATE TABLE bourse.job_dependency (
    job_id bigint NOT NULL,
    after_job_id bigint NOT NULL,
    after_failure text DEFAULT 'cancel'::text NOT NULL,
    CONSTRAINT job_dependency_after_failure_known CHECK ((after_failure = ANY (ARRAY['cancel'::text, 'run'::text, 'wait'::text]))),
    CONSTRAINT job_dependency_after_older CHECK ((after_job_id < job_id))
);
COMMENT ON TABLE bourse.job_dependency IS 'job_id may start only after after_job_id; rows go when it may, or when it is cancelled';
COMMENT ON COLUMN bourse.job_dependency.after_job_id IS 'always older, so that a cycle cannot be';
COMMENT ON COLUMN bourse.job_dependency.after_failure IS 'when after_job_id ends badly: cancel job_id too, run it all the same, or let it wait until after_job_id is retried and succeeds';
CREATE TABLE bourse.job_function (
    function text NOT NULL,
    body_sha256 text NOT NULL,
    allowed_by text NOT NULL,
    allowed_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE bourse.job_function IS 'functions that jobs of kind sql may call; an allowance ends when the function''s definition changes';
CREATE TABLE bourse.job_log_default (
    job_id bigint NOT NULL,
    attempt integer NOT NULL,
    line integer NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    level text NOT NULL,
    message text NOT NULL,
    CONSTRAINT job_log_level_known CHECK ((level = ANY (ARRAY['debug'::text, 'info'::text, 'warning'::text, 'error'::text, 'critical'::text, 'stderr'::text])))
);
COMMENT ON TABLE bourse.job_log_default IS 'what no week has taken; bourse.job_maintain moves it';
CREATE TABLE bourse.job_share (
    owner text NOT NULL COLLATE pg_catalog."C",
    weight double precision DEFAULT 1 NOT NULL,
    served double precision DEFAULT 0 NOT NULL,
    CONSTRAINT job_share_weight_range CHECK (((weight > (0)::double precision) AND (weight <= (1000000)::double precision)))
)
WITH (fillfactor='50');
COMMENT ON TABLE bourse.job_share IS 'fair share of owners whose jobs wait at once: the least served goes first; weights are set by bourse.set_share';
COMMENT ON COLUMN bourse.job_share.served IS 'jobs started while others waited too, divided by weight; the row with the empty owner holds where newcomers begin';
CREATE TABLE bourse.job_usage_default (
    job_id bigint NOT NULL,
    attempt integer NOT NULL,
    kind text NOT NULL,
    worker text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    cpu_s double precision NOT NULL,
    max_rss_mb double precision NOT NULL,
    read_bytes bigint NOT NULL,
    write_bytes bigint NOT NULL,
    exit_code integer,
    signal integer
);
COMMENT ON TABLE bourse.job_usage_default IS 'what no week has taken; bourse.job_maintain moves it';
CREATE TABLE bourse.lineage_edge (
    from_kind text NOT NULL,
    from_id text NOT NULL,
    to_kind text NOT NULL,
    to_id text NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE bourse.lineage_edge IS 'what was made from what: (data_version | feature_set | run) -> (run | model_version)';
CREATE TABLE bourse.migration (
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    program text NOT NULL
);
COMMENT ON TABLE bourse.migration IS 'migrations that were applied, and the extension script';
ALTER TABLE bourse.model ALTER COLUMN model_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bourse.model_model_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE bourse.model_upload (
    job_id bigint NOT NULL,
    artifact_id bigint NOT NULL
);
COMMENT ON TABLE bourse.model_upload IS 'files that wait for their import: a version takes them over, a failed import drops them';
ALTER TABLE bourse.model_version ALTER COLUMN model_version_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bourse.model_version_model_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE bourse.outcome (
    label text NOT NULL,
    freq bourse.freq NOT NULL,
    instrument_id integer NOT NULL,
    ts timestamp with time zone NOT NULL,
    outcome double precision NOT NULL,
    known_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE bourse.outcome IS 'what really happened: the label''s value once its horizon has passed';
CREATE TABLE bourse.paused_queue (
    queue text NOT NULL,
    paused_at timestamp with time zone DEFAULT now() NOT NULL,
    paused_by text NOT NULL
);
COMMENT ON TABLE bourse.paused_queue IS 'queues whose jobs no worker may start now';
CREATE TABLE bourse.prediction (
    model_version_id bigint NOT NULL,
    instrument_id integer NOT NULL,
    ts timestamp with time zone NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    span text DEFAULT 'live'::text NOT NULL,
    prediction double precision NOT NULL,
    CONSTRAINT prediction_span_known CHECK ((span = ANY (ARRAY['test'::text, 'live'::text])))
);
COMMENT ON TABLE bourse.prediction IS 'what a version predicted; span test: written by its training run';
CREATE TABLE bourse.qlib_calendar (
    calendar text NOT NULL,
    freq bourse.freq NOT NULL,
    ts timestamp with time zone NOT NULL,
    future boolean DEFAULT false NOT NULL
);
COMMENT ON TABLE bourse.qlib_calendar IS 'positions of the Qlib data sets that were imported, by the calendar of their instruments: export writes them again';
COMMENT ON COLUMN bourse.qlib_calendar.calendar IS 'empty: of instruments without a calendar';
COMMENT ON COLUMN bourse.qlib_calendar.future IS 'only in the calendar of days to come, <freq>_future.txt';
CREATE TABLE bourse.qlib_span (
    instrument_id integer NOT NULL,
    freq bourse.freq NOT NULL,
    field text NOT NULL,
    from_ts timestamp with time zone NOT NULL,
    to_ts timestamp with time zone NOT NULL
);
COMMENT ON TABLE bourse.qlib_span IS 'first and last position of the series of imported Qlib data sets, also where these hold no value: export writes them again';
COMMENT ON COLUMN bourse.qlib_span.field IS 'the field of a bin; empty: a span of instruments/all.txt';
CREATE TABLE bourse.revoked_version (
    model_version_id bigint NOT NULL,
    reason text NOT NULL,
    revoked_by text DEFAULT SESSION_USER NOT NULL,
    revoked_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE bourse.revoked_version IS 'versions that must not be predicted with any more, and why';
CREATE TABLE bourse.run_log (
    run_id bigint NOT NULL,
    logged_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    level text NOT NULL,
    message text NOT NULL
);
COMMENT ON TABLE bourse.run_log IS 'what a run said';
CREATE TABLE bourse.run_metric (
    run_id bigint NOT NULL,
    span text NOT NULL,
    metric text NOT NULL,
    step bigint DEFAULT 0 NOT NULL,
    value double precision,
    CONSTRAINT run_metric_span_known CHECK ((span = ANY (ARRAY['train'::text, 'valid'::text, 'test'::text])))
);
COMMENT ON TABLE bourse.run_metric IS 'metrics of a run by span; step: 0 for a final value, the round for learning curves';
CREATE TABLE bourse.setting (
    name text NOT NULL,
    value jsonb NOT NULL,
    description text NOT NULL
);
COMMENT ON TABLE bourse.setting IS 'limits and defaults of the platform; change a value with UPDATE';
CREATE TABLE bourse.signing_key (
    key_id integer NOT NULL,
    name text NOT NULL,
    public_key bytea NOT NULL,
    trusted_at timestamp with time zone DEFAULT now() NOT NULL,
    trusted_by text DEFAULT SESSION_USER NOT NULL,
    revoked_at timestamp with time zone,
    revoked_by text,
    revoked_reason text,
    CONSTRAINT signing_key_name_form CHECK ((name ~ '^[A-Za-z0-9_.@-]{1,64}$'::text)),
    CONSTRAINT signing_key_public_key_size CHECK ((octet_length(public_key) = 32)),
    CONSTRAINT signing_key_revoked_whole CHECK ((((revoked_at IS NULL) = (revoked_by IS NULL)) AND ((revoked_at IS NULL) = (revoked_reason IS NULL))))
);
COMMENT ON TABLE bourse.signing_key IS 'public halves of the workers'' keys: a model is used only when one of them, trusted and not revoked, has signed it. Written by bourse_admin alone';
ALTER TABLE bourse.signing_key ALTER COLUMN key_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bourse.signing_key_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE bourse.sql_file (
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE bourse.sql_file IS 'files of sql/ as they were last applied';
CREATE TABLE bourse.sql_object (
    object_id bigint NOT NULL,
    name text NOT NULL,
    drop_statement text NOT NULL
);
COMMENT ON TABLE bourse.sql_object IS 'functions, views, triggers and types made by each file of sql/, and how to drop them';
ALTER TABLE bourse.sql_object ALTER COLUMN object_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bourse.sql_object_object_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE bourse.stage_transition ALTER COLUMN transition_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bourse.stage_transition_transition_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE VIEW bourse_bi.algorithm_parameter AS
 SELECT p.algorithm,
    p.name,
    p.type,
    NULLIF(p.alias, ''::text) AS alias,
    p.fallback AS default_value,
    p.lowest,
    p.highest,
    string_to_array(NULLIF(p.choices, ''::text), ' '::text) AS choices,
    p.description
   FROM jsonb_to_recordset(bourse.algorithm_list()) p(algorithm text, name text, type text, alias text, fallback jsonb, lowest double precision, highest double precision, choices text, description text);
COMMENT ON VIEW bourse_bi.algorithm_parameter IS 'the params that bourse.train takes, by algorithm, with ranges and defaults';
CREATE VIEW bourse_bi.bar AS
 SELECT i.symbol,
    (b.freq)::text AS freq,
    ((b.ts AT TIME ZONE 'UTC'::text))::date AS session,
    b.ts,
    b.open,
    b.high,
    b.low,
    b.close,
    b.volume,
    b.amount,
    b.adj_factor,
    (b.open * b.adj_factor) AS adjusted_open,
    (b.high * b.adj_factor) AS adjusted_high,
    (b.low * b.adj_factor) AS adjusted_low,
    (b.close * b.adj_factor) AS adjusted_close,
    (b.volume / NULLIF(b.adj_factor, (0)::double precision)) AS adjusted_volume,
    b.known_at,
    b.data_version_id,
    b.instrument_id
   FROM (bourse.bar b
     JOIN bourse.instrument i USING (instrument_id));
COMMENT ON VIEW bourse_bi.bar IS 'bars as known now, raw and adjusted, one row per symbol, frequency and time';
COMMENT ON COLUMN bourse_bi.bar.session IS 'date of ts in UTC; for daily and longer bars the session date';
COMMENT ON COLUMN bourse_bi.bar.adjusted_close IS 'close × adj_factor: comparable over splits and dividends';
COMMENT ON COLUMN bourse_bi.bar.adjusted_volume IS 'volume / adj_factor';
CREATE VIEW bourse_bi.calendar AS
 SELECT c.calendar,
    count(*) AS sessions,
    min(c.session) AS first_session,
    max(c.session) AS last_session,
    (max(c.close_at) < (now() + '30 days'::interval)) AS ends_soon
   FROM bourse.calendar c
  GROUP BY c.calendar;
COMMENT ON VIEW bourse_bi.calendar IS 'calendars whose sessions are loaded; 24x7 needs none';
COMMENT ON COLUMN bourse_bi.calendar.ends_soon IS 'the last session closes within 30 days: schedules on it are about to end';
CREATE VIEW bourse_bi.data_load AS
 SELECT v.data_version_id,
    COALESCE(v.made_at, f.imported_at) AS loaded_at,
    COALESCE(v.source, f.path) AS source,
    COALESCE(f.state, 'loaded'::text) AS state,
    f.reason,
    v.rows_read,
    v.rows_loaded,
    v.rows_changed,
    v.rows_unchanged,
    v.rows_duplicate,
    v.rows_rejected,
    v.rows_without_volume,
    ((v.rows_rejected)::double precision / (NULLIF(v.rows_read, 0))::double precision) AS reject_ratio,
    f.path,
    encode(f.sha256, 'hex'::text) AS sha256,
    f.size_bytes,
    f.modified_at,
    f.options
   FROM (bourse.data_version v
     FULL JOIN bourse.data_file f USING (data_version_id));
COMMENT ON VIEW bourse_bi.data_load IS 'every load that was tried: its counts, and its file when there was one';
COMMENT ON COLUMN bourse_bi.data_load.state IS 'loaded, or refused as a whole: then reason says why';
COMMENT ON COLUMN bourse_bi.data_load.rows_read IS 'loaded + changed + unchanged + duplicate + rejected';
COMMENT ON COLUMN bourse_bi.data_load.reject_ratio IS 'rejected / read, 0–1';
CREATE VIEW bourse_bi.dataset AS
 SELECT d.name AS dataset,
    d.version,
    d.dataset_id,
    s.name AS feature_set,
    s.version AS feature_set_version,
    (s.freq)::text AS freq,
    d.label,
    d.horizon_bars,
    d.universe,
    lower(d.span) AS from_ts,
    upper(d.span) AS to_ts,
    d.known_at,
    d.pinned,
    d.split,
    d.processors,
    d.description,
    d.owner,
    d.created_at,
    d.built_at,
    ( SELECT max(r.fold) AS max
           FROM bourse.dataset_range r
          WHERE (r.dataset_id = d.dataset_id)) AS folds,
    d.rows,
    d.rows_without_label,
    d.content_sha256
   FROM (bourse.dataset d
     JOIN bourse.feature_set s USING (feature_set_id));
COMMENT ON VIEW bourse_bi.dataset IS 'every dataset: what it is made of, how many rows its build found';
COMMENT ON COLUMN bourse_bi.dataset.dataset_id IS 'also the id of the job that builds it';
COMMENT ON COLUMN bourse_bi.dataset.pinned IS 'true: the same rows for ever, or refused; false: the rows of now';
COMMENT ON COLUMN bourse_bi.dataset.content_sha256 IS 'of every row with a label and a feature, before processors; NULL until it is built';
CREATE VIEW bourse_bi.dataset_fold AS
 SELECT d.name AS dataset,
    d.version,
    r.fold,
    r.part,
    r.from_ts,
    r.to_ts,
    r.timestamps,
    r.pieces,
    p.rows,
    p.purged_rows,
    p.sha256
   FROM ((( SELECT g.dataset_id,
            g.fold,
            g.part,
            min(g.from_ts) AS from_ts,
            max(g.to_ts) AS to_ts,
            sum(g.timestamps) AS timestamps,
            count(*) AS pieces
           FROM bourse.dataset_range g
          GROUP BY g.dataset_id, g.fold, g.part) r
     JOIN bourse.dataset d USING (dataset_id))
     LEFT JOIN bourse.dataset_part p USING (dataset_id, fold, part));
COMMENT ON VIEW bourse_bi.dataset_fold IS 'parts of the folds of every dataset, as they were when it was made';
COMMENT ON COLUMN bourse_bi.dataset_fold.timestamps IS 'before purge and embargo';
COMMENT ON COLUMN bourse_bi.dataset_fold.pieces IS 'runs of timestamps that it consists of; from_ts and to_ts are those of the first and the last';
CREATE VIEW bourse_bi.drift AS
 SELECT m.name AS model,
    v.version,
    d.checked_at,
    d.from_ts,
    d.to_ts,
    d.feature,
    d.ks,
    d.p_value,
    d.psi,
    d.missing_reference_ratio,
    d.missing_current_ratio,
    d.verdict,
    d.advice,
    d.model_version_id
   FROM ((bourse.drift_result d
     JOIN bourse.model_version v USING (model_version_id))
     JOIN bourse.model m USING (model_id));
COMMENT ON VIEW bourse_bi.drift IS 'every drift check, one row a feature; rows of one check share checked_at';
COMMENT ON COLUMN bourse_bi.drift.from_ts IS 'first ts of the rows that were compared with the training data';
COMMENT ON COLUMN bourse_bi.drift.to_ts IS 'last ts of those rows';
COMMENT ON COLUMN bourse_bi.drift.ks IS 'Kolmogorov-Smirnov distance, 0..1';
COMMENT ON COLUMN bourse_bi.drift.psi IS 'population stability index: below 0.1 stable, from 0.25 significant';
COMMENT ON COLUMN bourse_bi.drift.verdict IS 'severe, moderate, none or insufficient_data; limits: bourse.setting drift_*';
CREATE VIEW bourse_bi.feature_alpha158 AS
 SELECT i.symbol,
    ((v.ts AT TIME ZONE 'UTC'::text))::date AS session,
    v.ts,
    v.available_at,
    NULLIF(v.features[1], 'NaN'::real) AS "KMID",
    NULLIF(v.features[2], 'NaN'::real) AS "KLEN",
    NULLIF(v.features[3], 'NaN'::real) AS "KMID2",
    NULLIF(v.features[4], 'NaN'::real) AS "KUP",
    NULLIF(v.features[5], 'NaN'::real) AS "KUP2",
    NULLIF(v.features[6], 'NaN'::real) AS "KLOW",
    NULLIF(v.features[7], 'NaN'::real) AS "KLOW2",
    NULLIF(v.features[8], 'NaN'::real) AS "KSFT",
    NULLIF(v.features[9], 'NaN'::real) AS "KSFT2",
    NULLIF(v.features[10], 'NaN'::real) AS "OPEN0",
    NULLIF(v.features[11], 'NaN'::real) AS "HIGH0",
    NULLIF(v.features[12], 'NaN'::real) AS "LOW0",
    NULLIF(v.features[13], 'NaN'::real) AS "VWAP0",
    NULLIF(v.features[14], 'NaN'::real) AS "ROC5",
    NULLIF(v.features[15], 'NaN'::real) AS "ROC10",
    NULLIF(v.features[16], 'NaN'::real) AS "ROC20",
    NULLIF(v.features[17], 'NaN'::real) AS "ROC30",
    NULLIF(v.features[18], 'NaN'::real) AS "ROC60",
    NULLIF(v.features[19], 'NaN'::real) AS "MA5",
    NULLIF(v.features[20], 'NaN'::real) AS "MA10",
    NULLIF(v.features[21], 'NaN'::real) AS "MA20",
    NULLIF(v.features[22], 'NaN'::real) AS "MA30",
    NULLIF(v.features[23], 'NaN'::real) AS "MA60",
    NULLIF(v.features[24], 'NaN'::real) AS "STD5",
    NULLIF(v.features[25], 'NaN'::real) AS "STD10",
    NULLIF(v.features[26], 'NaN'::real) AS "STD20",
    NULLIF(v.features[27], 'NaN'::real) AS "STD30",
    NULLIF(v.features[28], 'NaN'::real) AS "STD60",
    NULLIF(v.features[29], 'NaN'::real) AS "BETA5",
    NULLIF(v.features[30], 'NaN'::real) AS "BETA10",
    NULLIF(v.features[31], 'NaN'::real) AS "BETA20",
    NULLIF(v.features[32], 'NaN'::real) AS "BETA30",
    NULLIF(v.features[33], 'NaN'::real) AS "BETA60",
    NULLIF(v.features[34], 'NaN'::real) AS "RSQR5",
    NULLIF(v.features[35], 'NaN'::real) AS "RSQR10",
    NULLIF(v.features[36], 'NaN'::real) AS "RSQR20",
    NULLIF(v.features[37], 'NaN'::real) AS "RSQR30",
    NULLIF(v.features[38], 'NaN'::real) AS "RSQR60",
    NULLIF(v.features[39], 'NaN'::real) AS "RESI5",
    NULLIF(v.features[40], 'NaN'::real) AS "RESI10",
    NULLIF(v.features[41], 'NaN'::real) AS "RESI20",
    NULLIF(v.features[42], 'NaN'::real) AS "RESI30",
    NULLIF(v.features[43], 'NaN'::real) AS "RESI60",
    NULLIF(v.features[44], 'NaN'::real) AS "MAX5",
    NULLIF(v.features[45], 'NaN'::real) AS "MAX10",
    NULLIF(v.features[46], 'NaN'::real) AS "MAX20",
    NULLIF(v.features[47], 'NaN'::real) AS "MAX30",
    NULLIF(v.features[48], 'NaN'::real) AS "MAX60",
    NULLIF(v.features[49], 'NaN'::real) AS "MIN5",
    NULLIF(v.features[50], 'NaN'::real) AS "MIN10",
    NULLIF(v.features[51], 'NaN'::real) AS "MIN20",
    NULLIF(v.features[52], 'NaN'::real) AS "MIN30",
    NULLIF(v.features[53], 'NaN'::real) AS "MIN60",
    NULLIF(v.features[54], 'NaN'::real) AS "QTLU5",
    NULLIF(v.features[55], 'NaN'::real) AS "QTLU10",
    NULLIF(v.features[56], 'NaN'::real) AS "QTLU20",
    NULLIF(v.features[57], 'NaN'::real) AS "QTLU30",
    NULLIF(v.features[58], 'NaN'::real) AS "QTLU60",
    NULLIF(v.features[59], 'NaN'::real) AS "QTLD5",
    NULLIF(v.features[60], 'NaN'::real) AS "QTLD10",
    NULLIF(v.features[61], 'NaN'::real) AS "QTLD20",
    NULLIF(v.features[62], 'NaN'::real) AS "QTLD30",
    NULLIF(v.features[63], 'NaN'::real) AS "QTLD60",
    NULLIF(v.features[64], 'NaN'::real) AS "RANK5",
    NULLIF(v.features[65], 'NaN'::real) AS "RANK10",
    NULLIF(v.features[66], 'NaN'::real) AS "RANK20",
    NULLIF(v.features[67], 'NaN'::real) AS "RANK30",
    NULLIF(v.features[68], 'NaN'::real) AS "RANK60",
    NULLIF(v.features[69], 'NaN'::real) AS "RSV5",
    NULLIF(v.features[70], 'NaN'::real) AS "RSV10",
    NULLIF(v.features[71], 'NaN'::real) AS "RSV20",
    NULLIF(v.features[72], 'NaN'::real) AS "RSV30",
    NULLIF(v.features[73], 'NaN'::real) AS "RSV60",
    NULLIF(v.features[74], 'NaN'::real) AS "IMAX5",
    NULLIF(v.features[75], 'NaN'::real) AS "IMAX10",
    NULLIF(v.features[76], 'NaN'::real) AS "IMAX20",
    NULLIF(v.features[77], 'NaN'::real) AS "IMAX30",
    NULLIF(v.features[78], 'NaN'::real) AS "IMAX60",
    NULLIF(v.features[79], 'NaN'::real) AS "IMIN5",
    NULLIF(v.features[80], 'NaN'::real) AS "IMIN10",
    NULLIF(v.features[81], 'NaN'::real) AS "IMIN20",
    NULLIF(v.features[82], 'NaN'::real) AS "IMIN30",
    NULLIF(v.features[83], 'NaN'::real) AS "IMIN60",
    NULLIF(v.features[84], 'NaN'::real) AS "IMXD5",
    NULLIF(v.features[85], 'NaN'::real) AS "IMXD10",
    NULLIF(v.features[86], 'NaN'::real) AS "IMXD20",
    NULLIF(v.features[87], 'NaN'::real) AS "IMXD30",
    NULLIF(v.features[88], 'NaN'::real) AS "IMXD60",
    NULLIF(v.features[89], 'NaN'::real) AS "CORR5",
    NULLIF(v.features[90], 'NaN'::real) AS "CORR10",
    NULLIF(v.features[91], 'NaN'::real) AS "CORR20",
    NULLIF(v.features[92], 'NaN'::real) AS "CORR30",
    NULLIF(v.features[93], 'NaN'::real) AS "CORR60",
    NULLIF(v.features[94], 'NaN'::real) AS "CORD5",
    NULLIF(v.features[95], 'NaN'::real) AS "CORD10",
    NULLIF(v.features[96], 'NaN'::real) AS "CORD20",
    NULLIF(v.features[97], 'NaN'::real) AS "CORD30",
    NULLIF(v.features[98], 'NaN'::real) AS "CORD60",
    NULLIF(v.features[99], 'NaN'::real) AS "CNTP5",
    NULLIF(v.features[100], 'NaN'::real) AS "CNTP10",
    NULLIF(v.features[101], 'NaN'::real) AS "CNTP20",
    NULLIF(v.features[102], 'NaN'::real) AS "CNTP30",
    NULLIF(v.features[103], 'NaN'::real) AS "CNTP60",
    NULLIF(v.features[104], 'NaN'::real) AS "CNTN5",
    NULLIF(v.features[105], 'NaN'::real) AS "CNTN10",
    NULLIF(v.features[106], 'NaN'::real) AS "CNTN20",
    NULLIF(v.features[107], 'NaN'::real) AS "CNTN30",
    NULLIF(v.features[108], 'NaN'::real) AS "CNTN60",
    NULLIF(v.features[109], 'NaN'::real) AS "CNTD5",
    NULLIF(v.features[110], 'NaN'::real) AS "CNTD10",
    NULLIF(v.features[111], 'NaN'::real) AS "CNTD20",
    NULLIF(v.features[112], 'NaN'::real) AS "CNTD30",
    NULLIF(v.features[113], 'NaN'::real) AS "CNTD60",
    NULLIF(v.features[114], 'NaN'::real) AS "SUMP5",
    NULLIF(v.features[115], 'NaN'::real) AS "SUMP10",
    NULLIF(v.features[116], 'NaN'::real) AS "SUMP20",
    NULLIF(v.features[117], 'NaN'::real) AS "SUMP30",
    NULLIF(v.features[118], 'NaN'::real) AS "SUMP60",
    NULLIF(v.features[119], 'NaN'::real) AS "SUMN5",
    NULLIF(v.features[120], 'NaN'::real) AS "SUMN10",
    NULLIF(v.features[121], 'NaN'::real) AS "SUMN20",
    NULLIF(v.features[122], 'NaN'::real) AS "SUMN30",
    NULLIF(v.features[123], 'NaN'::real) AS "SUMN60",
    NULLIF(v.features[124], 'NaN'::real) AS "SUMD5",
    NULLIF(v.features[125], 'NaN'::real) AS "SUMD10",
    NULLIF(v.features[126], 'NaN'::real) AS "SUMD20",
    NULLIF(v.features[127], 'NaN'::real) AS "SUMD30",
    NULLIF(v.features[128], 'NaN'::real) AS "SUMD60",
    NULLIF(v.features[129], 'NaN'::real) AS "VMA5",
    NULLIF(v.features[130], 'NaN'::real) AS "VMA10",
    NULLIF(v.features[131], 'NaN'::real) AS "VMA20",
    NULLIF(v.features[132], 'NaN'::real) AS "VMA30",
    NULLIF(v.features[133], 'NaN'::real) AS "VMA60",
    NULLIF(v.features[134], 'NaN'::real) AS "VSTD5",
    NULLIF(v.features[135], 'NaN'::real) AS "VSTD10",
    NULLIF(v.features[136], 'NaN'::real) AS "VSTD20",
    NULLIF(v.features[137], 'NaN'::real) AS "VSTD30",
    NULLIF(v.features[138], 'NaN'::real) AS "VSTD60",
    NULLIF(v.features[139], 'NaN'::real) AS "WVMA5",
    NULLIF(v.features[140], 'NaN'::real) AS "WVMA10",
    NULLIF(v.features[141], 'NaN'::real) AS "WVMA20",
    NULLIF(v.features[142], 'NaN'::real) AS "WVMA30",
    NULLIF(v.features[143], 'NaN'::real) AS "WVMA60",
    NULLIF(v.features[144], 'NaN'::real) AS "VSUMP5",
    NULLIF(v.features[145], 'NaN'::real) AS "VSUMP10",
    NULLIF(v.features[146], 'NaN'::real) AS "VSUMP20",
    NULLIF(v.features[147], 'NaN'::real) AS "VSUMP30",
    NULLIF(v.features[148], 'NaN'::real) AS "VSUMP60",
    NULLIF(v.features[149], 'NaN'::real) AS "VSUMN5",
    NULLIF(v.features[150], 'NaN'::real) AS "VSUMN10",
    NULLIF(v.features[151], 'NaN'::real) AS "VSUMN20",
    NULLIF(v.features[152], 'NaN'::real) AS "VSUMN30",
    NULLIF(v.features[153], 'NaN'::real) AS "VSUMN60",
    NULLIF(v.features[154], 'NaN'::real) AS "VSUMD5",
    NULLIF(v.features[155], 'NaN'::real) AS "VSUMD10",
    NULLIF(v.features[156], 'NaN'::real) AS "VSUMD20",
    NULLIF(v.features[157], 'NaN'::real) AS "VSUMD30",
    NULLIF(v.features[158], 'NaN'::real) AS "VSUMD60"
   FROM (bourse.feature_value v
     JOIN bourse.instrument i ON ((i.instrument_id = v.instrument_id)))
  WHERE (v.feature_set_id = 2);
COMMENT ON VIEW bourse_bi.feature_alpha158 IS 'generated: feature set alpha158: version 1, 1d bars; a row is known from available_at on';
CREATE VIEW bourse_bi.feature_alpha360 AS
 SELECT i.symbol,
    ((v.ts AT TIME ZONE 'UTC'::text))::date AS session,
    v.ts,
    v.available_at,
    NULLIF(v.features[1], 'NaN'::real) AS "CLOSE59",
    NULLIF(v.features[2], 'NaN'::real) AS "CLOSE58",
    NULLIF(v.features[3], 'NaN'::real) AS "CLOSE57",
    NULLIF(v.features[4], 'NaN'::real) AS "CLOSE56",
    NULLIF(v.features[5], 'NaN'::real) AS "CLOSE55",
    NULLIF(v.features[6], 'NaN'::real) AS "CLOSE54",
    NULLIF(v.features[7], 'NaN'::real) AS "CLOSE53",
    NULLIF(v.features[8], 'NaN'::real) AS "CLOSE52",
    NULLIF(v.features[9], 'NaN'::real) AS "CLOSE51",
    NULLIF(v.features[10], 'NaN'::real) AS "CLOSE50",
    NULLIF(v.features[11], 'NaN'::real) AS "CLOSE49",
    NULLIF(v.features[12], 'NaN'::real) AS "CLOSE48",
    NULLIF(v.features[13], 'NaN'::real) AS "CLOSE47",
    NULLIF(v.features[14], 'NaN'::real) AS "CLOSE46",
    NULLIF(v.features[15], 'NaN'::real) AS "CLOSE45",
    NULLIF(v.features[16], 'NaN'::real) AS "CLOSE44",
    NULLIF(v.features[17], 'NaN'::real) AS "CLOSE43",
    NULLIF(v.features[18], 'NaN'::real) AS "CLOSE42",
    NULLIF(v.features[19], 'NaN'::real) AS "CLOSE41",
    NULLIF(v.features[20], 'NaN'::real) AS "CLOSE40",
    NULLIF(v.features[21], 'NaN'::real) AS "CLOSE39",
    NULLIF(v.features[22], 'NaN'::real) AS "CLOSE38",
    NULLIF(v.features[23], 'NaN'::real) AS "CLOSE37",
    NULLIF(v.features[24], 'NaN'::real) AS "CLOSE36",
    NULLIF(v.features[25], 'NaN'::real) AS "CLOSE35",
    NULLIF(v.features[26], 'NaN'::real) AS "CLOSE34",
    NULLIF(v.features[27], 'NaN'::real) AS "CLOSE33",
    NULLIF(v.features[28], 'NaN'::real) AS "CLOSE32",
    NULLIF(v.features[29], 'NaN'::real) AS "CLOSE31",
    NULLIF(v.features[30], 'NaN'::real) AS "CLOSE30",
    NULLIF(v.features[31], 'NaN'::real) AS "CLOSE29",
    NULLIF(v.features[32], 'NaN'::real) AS "CLOSE28",
    NULLIF(v.features[33], 'NaN'::real) AS "CLOSE27",
    NULLIF(v.features[34], 'NaN'::real) AS "CLOSE26",
    NULLIF(v.features[35], 'NaN'::real) AS "CLOSE25",
    NULLIF(v.features[36], 'NaN'::real) AS "CLOSE24",
    NULLIF(v.features[37], 'NaN'::real) AS "CLOSE23",
    NULLIF(v.features[38], 'NaN'::real) AS "CLOSE22",
    NULLIF(v.features[39], 'NaN'::real) AS "CLOSE21",
    NULLIF(v.features[40], 'NaN'::real) AS "CLOSE20",
    NULLIF(v.features[41], 'NaN'::real) AS "CLOSE19",
    NULLIF(v.features[42], 'NaN'::real) AS "CLOSE18",
    NULLIF(v.features[43], 'NaN'::real) AS "CLOSE17",
    NULLIF(v.features[44], 'NaN'::real) AS "CLOSE16",
    NULLIF(v.features[45], 'NaN'::real) AS "CLOSE15",
    NULLIF(v.features[46], 'NaN'::real) AS "CLOSE14",
    NULLIF(v.features[47], 'NaN'::real) AS "CLOSE13",
    NULLIF(v.features[48], 'NaN'::real) AS "CLOSE12",
    NULLIF(v.features[49], 'NaN'::real) AS "CLOSE11",
    NULLIF(v.features[50], 'NaN'::real) AS "CLOSE10",
    NULLIF(v.features[51], 'NaN'::real) AS "CLOSE9",
    NULLIF(v.features[52], 'NaN'::real) AS "CLOSE8",
    NULLIF(v.features[53], 'NaN'::real) AS "CLOSE7",
    NULLIF(v.features[54], 'NaN'::real) AS "CLOSE6",
    NULLIF(v.features[55], 'NaN'::real) AS "CLOSE5",
    NULLIF(v.features[56], 'NaN'::real) AS "CLOSE4",
    NULLIF(v.features[57], 'NaN'::real) AS "CLOSE3",
    NULLIF(v.features[58], 'NaN'::real) AS "CLOSE2",
    NULLIF(v.features[59], 'NaN'::real) AS "CLOSE1",
    NULLIF(v.features[60], 'NaN'::real) AS "CLOSE0",
    NULLIF(v.features[61], 'NaN'::real) AS "OPEN59",
    NULLIF(v.features[62], 'NaN'::real) AS "OPEN58",
    NULLIF(v.features[63], 'NaN'::real) AS "OPEN57",
    NULLIF(v.features[64], 'NaN'::real) AS "OPEN56",
    NULLIF(v.features[65], 'NaN'::real) AS "OPEN55",
    NULLIF(v.features[66], 'NaN'::real) AS "OPEN54",
    NULLIF(v.features[67], 'NaN'::real) AS "OPEN53",
    NULLIF(v.features[68], 'NaN'::real) AS "OPEN52",
    NULLIF(v.features[69], 'NaN'::real) AS "OPEN51",
    NULLIF(v.features[70], 'NaN'::real) AS "OPEN50",
    NULLIF(v.features[71], 'NaN'::real) AS "OPEN49",
    NULLIF(v.features[72], 'NaN'::real) AS "OPEN48",
    NULLIF(v.features[73], 'NaN'::real) AS "OPEN47",
    NULLIF(v.features[74], 'NaN'::real) AS "OPEN46",
    NULLIF(v.features[75], 'NaN'::real) AS "OPEN45",
    NULLIF(v.features[76], 'NaN'::real) AS "OPEN44",
    NULLIF(v.features[77], 'NaN'::real) AS "OPEN43",
    NULLIF(v.features[78], 'NaN'::real) AS "OPEN42",
    NULLIF(v.features[79], 'NaN'::real) AS "OPEN41",
    NULLIF(v.features[80], 'NaN'::real) AS "OPEN40",
    NULLIF(v.features[81], 'NaN'::real) AS "OPEN39",
    NULLIF(v.features[82], 'NaN'::real) AS "OPEN38",
    NULLIF(v.features[83], 'NaN'::real) AS "OPEN37",
    NULLIF(v.features[84], 'NaN'::real) AS "OPEN36",
    NULLIF(v.features[85], 'NaN'::real) AS "OPEN35",
    NULLIF(v.features[86], 'NaN'::real) AS "OPEN34",
    NULLIF(v.features[87], 'NaN'::real) AS "OPEN33",
    NULLIF(v.features[88], 'NaN'::real) AS "OPEN32",
    NULLIF(v.features[89], 'NaN'::real) AS "OPEN31",
    NULLIF(v.features[90], 'NaN'::real) AS "OPEN30",
    NULLIF(v.features[91], 'NaN'::real) AS "OPEN29",
    NULLIF(v.features[92], 'NaN'::real) AS "OPEN28",
    NULLIF(v.features[93], 'NaN'::real) AS "OPEN27",
    NULLIF(v.features[94], 'NaN'::real) AS "OPEN26",
    NULLIF(v.features[95], 'NaN'::real) AS "OPEN25",
    NULLIF(v.features[96], 'NaN'::real) AS "OPEN24",
    NULLIF(v.features[97], 'NaN'::real) AS "OPEN23",
    NULLIF(v.features[98], 'NaN'::real) AS "OPEN22",
    NULLIF(v.features[99], 'NaN'::real) AS "OPEN21",
    NULLIF(v.features[100], 'NaN'::real) AS "OPEN20",
    NULLIF(v.features[101], 'NaN'::real) AS "OPEN19",
    NULLIF(v.features[102], 'NaN'::real) AS "OPEN18",
    NULLIF(v.features[103], 'NaN'::real) AS "OPEN17",
    NULLIF(v.features[104], 'NaN'::real) AS "OPEN16",
    NULLIF(v.features[105], 'NaN'::real) AS "OPEN15",
    NULLIF(v.features[106], 'NaN'::real) AS "OPEN14",
    NULLIF(v.features[107], 'NaN'::real) AS "OPEN13",
    NULLIF(v.features[108], 'NaN'::real) AS "OPEN12",
    NULLIF(v.features[109], 'NaN'::real) AS "OPEN11",
    NULLIF(v.features[110], 'NaN'::real) AS "OPEN10",
    NULLIF(v.features[111], 'NaN'::real) AS "OPEN9",
    NULLIF(v.features[112], 'NaN'::real) AS "OPEN8",
    NULLIF(v.features[113], 'NaN'::real) AS "OPEN7",
    NULLIF(v.features[114], 'NaN'::real) AS "OPEN6",
    NULLIF(v.features[115], 'NaN'::real) AS "OPEN5",
    NULLIF(v.features[116], 'NaN'::real) AS "OPEN4",
    NULLIF(v.features[117], 'NaN'::real) AS "OPEN3",
    NULLIF(v.features[118], 'NaN'::real) AS "OPEN2",
    NULLIF(v.features[119], 'NaN'::real) AS "OPEN1",
    NULLIF(v.features[120], 'NaN'::real) AS "OPEN0",
    NULLIF(v.features[121], 'NaN'::real) AS "HIGH59",
    NULLIF(v.features[122], 'NaN'::real) AS "HIGH58",
    NULLIF(v.features[123], 'NaN'::real) AS "HIGH57",
    NULLIF(v.features[124], 'NaN'::real) AS "HIGH56",
    NULLIF(v.features[125], 'NaN'::real) AS "HIGH55",
    NULLIF(v.features[126], 'NaN'::real) AS "HIGH54",
    NULLIF(v.features[127], 'NaN'::real) AS "HIGH53",
    NULLIF(v.features[128], 'NaN'::real) AS "HIGH52",
    NULLIF(v.features[129], 'NaN'::real) AS "HIGH51",
    NULLIF(v.features[130], 'NaN'::real) AS "HIGH50",
    NULLIF(v.features[131], 'NaN'::real) AS "HIGH49",
    NULLIF(v.features[132], 'NaN'::real) AS "HIGH48",
    NULLIF(v.features[133], 'NaN'::real) AS "HIGH47",
    NULLIF(v.features[134], 'NaN'::real) AS "HIGH46",
    NULLIF(v.features[135], 'NaN'::real) AS "HIGH45",
    NULLIF(v.features[136], 'NaN'::real) AS "HIGH44",
    NULLIF(v.features[137], 'NaN'::real) AS "HIGH43",
    NULLIF(v.features[138], 'NaN'::real) AS "HIGH42",
    NULLIF(v.features[139], 'NaN'::real) AS "HIGH41",
    NULLIF(v.features[140], 'NaN'::real) AS "HIGH40",
    NULLIF(v.features[141], 'NaN'::real) AS "HIGH39",
    NULLIF(v.features[142], 'NaN'::real) AS "HIGH38",
    NULLIF(v.features[143], 'NaN'::real) AS "HIGH37",
    NULLIF(v.features[144], 'NaN'::real) AS "HIGH36",
    NULLIF(v.features[145], 'NaN'::real) AS "HIGH35",
    NULLIF(v.features[146], 'NaN'::real) AS "HIGH34",
    NULLIF(v.features[147], 'NaN'::real) AS "HIGH33",
    NULLIF(v.features[148], 'NaN'::real) AS "HIGH32",
    NULLIF(v.features[149], 'NaN'::real) AS "HIGH31",
    NULLIF(v.features[150], 'NaN'::real) AS "HIGH30",
    NULLIF(v.features[151], 'NaN'::real) AS "HIGH29",
    NULLIF(v.features[152], 'NaN'::real) AS "HIGH28",
    NULLIF(v.features[153], 'NaN'::real) AS "HIGH27",
    NULLIF(v.features[154], 'NaN'::real) AS "HIGH26",
    NULLIF(v.features[155], 'NaN'::real) AS "HIGH25",
    NULLIF(v.features[156], 'NaN'::real) AS "HIGH24",
    NULLIF(v.features[157], 'NaN'::real) AS "HIGH23",
    NULLIF(v.features[158], 'NaN'::real) AS "HIGH22",
    NULLIF(v.features[159], 'NaN'::real) AS "HIGH21",
    NULLIF(v.features[160], 'NaN'::real) AS "HIGH20",
    NULLIF(v.features[161], 'NaN'::real) AS "HIGH19",
    NULLIF(v.features[162], 'NaN'::real) AS "HIGH18",
    NULLIF(v.features[163], 'NaN'::real) AS "HIGH17",
    NULLIF(v.features[164], 'NaN'::real) AS "HIGH16",
    NULLIF(v.features[165], 'NaN'::real) AS "HIGH15",
    NULLIF(v.features[166], 'NaN'::real) AS "HIGH14",
    NULLIF(v.features[167], 'NaN'::real) AS "HIGH13",
    NULLIF(v.features[168], 'NaN'::real) AS "HIGH12",
    NULLIF(v.features[169], 'NaN'::real) AS "HIGH11",
    NULLIF(v.features[170], 'NaN'::real) AS "HIGH10",
    NULLIF(v.features[171], 'NaN'::real) AS "HIGH9",
    NULLIF(v.features[172], 'NaN'::real) AS "HIGH8",
    NULLIF(v.features[173], 'NaN'::real) AS "HIGH7",
    NULLIF(v.features[174], 'NaN'::real) AS "HIGH6",
    NULLIF(v.features[175], 'NaN'::real) AS "HIGH5",
    NULLIF(v.features[176], 'NaN'::real) AS "HIGH4",
    NULLIF(v.features[177], 'NaN'::real) AS "HIGH3",
    NULLIF(v.features[178], 'NaN'::real) AS "HIGH2",
    NULLIF(v.features[179], 'NaN'::real) AS "HIGH1",
    NULLIF(v.features[180], 'NaN'::real) AS "HIGH0",
    NULLIF(v.features[181], 'NaN'::real) AS "LOW59",
    NULLIF(v.features[182], 'NaN'::real) AS "LOW58",
    NULLIF(v.features[183], 'NaN'::real) AS "LOW57",
    NULLIF(v.features[184], 'NaN'::real) AS "LOW56",
    NULLIF(v.features[185], 'NaN'::real) AS "LOW55",
    NULLIF(v.features[186], 'NaN'::real) AS "LOW54",
    NULLIF(v.features[187], 'NaN'::real) AS "LOW53",
    NULLIF(v.features[188], 'NaN'::real) AS "LOW52",
    NULLIF(v.features[189], 'NaN'::real) AS "LOW51",
    NULLIF(v.features[190], 'NaN'::real) AS "LOW50",
    NULLIF(v.features[191], 'NaN'::real) AS "LOW49",
    NULLIF(v.features[192], 'NaN'::real) AS "LOW48",
    NULLIF(v.features[193], 'NaN'::real) AS "LOW47",
    NULLIF(v.features[194], 'NaN'::real) AS "LOW46",
    NULLIF(v.features[195], 'NaN'::real) AS "LOW45",
    NULLIF(v.features[196], 'NaN'::real) AS "LOW44",
    NULLIF(v.features[197], 'NaN'::real) AS "LOW43",
    NULLIF(v.features[198], 'NaN'::real) AS "LOW42",
    NULLIF(v.features[199], 'NaN'::real) AS "LOW41",
    NULLIF(v.features[200], 'NaN'::real) AS "LOW40",
    NULLIF(v.features[201], 'NaN'::real) AS "LOW39",
    NULLIF(v.features[202], 'NaN'::real) AS "LOW38",
    NULLIF(v.features[203], 'NaN'::real) AS "LOW37",
    NULLIF(v.features[204], 'NaN'::real) AS "LOW36",
    NULLIF(v.features[205], 'NaN'::real) AS "LOW35",
    NULLIF(v.features[206], 'NaN'::real) AS "LOW34",
    NULLIF(v.features[207], 'NaN'::real) AS "LOW33",
    NULLIF(v.features[208], 'NaN'::real) AS "LOW32",
    NULLIF(v.features[209], 'NaN'::real) AS "LOW31",
    NULLIF(v.features[210], 'NaN'::real) AS "LOW30",
    NULLIF(v.features[211], 'NaN'::real) AS "LOW29",
    NULLIF(v.features[212], 'NaN'::real) AS "LOW28",
    NULLIF(v.features[213], 'NaN'::real) AS "LOW27",
    NULLIF(v.features[214], 'NaN'::real) AS "LOW26",
    NULLIF(v.features[215], 'NaN'::real) AS "LOW25",
    NULLIF(v.features[216], 'NaN'::real) AS "LOW24",
    NULLIF(v.features[217], 'NaN'::real) AS "LOW23",
    NULLIF(v.features[218], 'NaN'::real) AS "LOW22",
    NULLIF(v.features[219], 'NaN'::real) AS "LOW21",
    NULLIF(v.features[220], 'NaN'::real) AS "LOW20",
    NULLIF(v.features[221], 'NaN'::real) AS "LOW19",
    NULLIF(v.features[222], 'NaN'::real) AS "LOW18",
    NULLIF(v.features[223], 'NaN'::real) AS "LOW17",
    NULLIF(v.features[224], 'NaN'::real) AS "LOW16",
    NULLIF(v.features[225], 'NaN'::real) AS "LOW15",
    NULLIF(v.features[226], 'NaN'::real) AS "LOW14",
    NULLIF(v.features[227], 'NaN'::real) AS "LOW13",
    NULLIF(v.features[228], 'NaN'::real) AS "LOW12",
    NULLIF(v.features[229], 'NaN'::real) AS "LOW11",
    NULLIF(v.features[230], 'NaN'::real) AS "LOW10",
    NULLIF(v.features[231], 'NaN'::real) AS "LOW9",
    NULLIF(v.features[232], 'NaN'::real) AS "LOW8",
    NULLIF(v.features[233], 'NaN'::real) AS "LOW7",
    NULLIF(v.features[234], 'NaN'::real) AS "LOW6",
    NULLIF(v.features[235], 'NaN'::real) AS "LOW5",
    NULLIF(v.features[236], 'NaN'::real) AS "LOW4",
    NULLIF(v.features[237], 'NaN'::real) AS "LOW3",
    NULLIF(v.features[238], 'NaN'::real) AS "LOW2",
    NULLIF(v.features[239], 'NaN'::real) AS "LOW1",
    NULLIF(v.features[240], 'NaN'::real) AS "LOW0",
    NULLIF(v.features[241], 'NaN'::real) AS "VWAP59",
    NULLIF(v.features[242], 'NaN'::real) AS "VWAP58",
    NULLIF(v.features[243], 'NaN'::real) AS "VWAP57",
    NULLIF(v.features[244], 'NaN'::real) AS "VWAP56",
    NULLIF(v.features[245], 'NaN'::real) AS "VWAP55",
    NULLIF(v.features[246], 'NaN'::real) AS "VWAP54",
    NULLIF(v.features[247], 'NaN'::real) AS "VWAP53",
    NULLIF(v.features[248], 'NaN'::real) AS "VWAP52",
    NULLIF(v.features[249], 'NaN'::real) AS "VWAP51",
    NULLIF(v.features[250], 'NaN'::real) AS "VWAP50",
    NULLIF(v.features[251], 'NaN'::real) AS "VWAP49",
    NULLIF(v.features[252], 'NaN'::real) AS "VWAP48",
    NULLIF(v.features[253], 'NaN'::real) AS "VWAP47",
    NULLIF(v.features[254], 'NaN'::real) AS "VWAP46",
    NULLIF(v.features[255], 'NaN'::real) AS "VWAP45",
    NULLIF(v.features[256], 'NaN'::real) AS "VWAP44",
    NULLIF(v.features[257], 'NaN'::real) AS "VWAP43",
    NULLIF(v.features[258], 'NaN'::real) AS "VWAP42",
    NULLIF(v.features[259], 'NaN'::real) AS "VWAP41",
    NULLIF(v.features[260], 'NaN'::real) AS "VWAP40",
    NULLIF(v.features[261], 'NaN'::real) AS "VWAP39",
    NULLIF(v.features[262], 'NaN'::real) AS "VWAP38",
    NULLIF(v.features[263], 'NaN'::real) AS "VWAP37",
    NULLIF(v.features[264], 'NaN'::real) AS "VWAP36",
    NULLIF(v.features[265], 'NaN'::real) AS "VWAP35",
    NULLIF(v.features[266], 'NaN'::real) AS "VWAP34",
    NULLIF(v.features[267], 'NaN'::real) AS "VWAP33",
    NULLIF(v.features[268], 'NaN'::real) AS "VWAP32",
    NULLIF(v.features[269], 'NaN'::real) AS "VWAP31",
    NULLIF(v.features[270], 'NaN'::real) AS "VWAP30",
    NULLIF(v.features[271], 'NaN'::real) AS "VWAP29",
    NULLIF(v.features[272], 'NaN'::real) AS "VWAP28",
    NULLIF(v.features[273], 'NaN'::real) AS "VWAP27",
    NULLIF(v.features[274], 'NaN'::real) AS "VWAP26",
    NULLIF(v.features[275], 'NaN'::real) AS "VWAP25",
    NULLIF(v.features[276], 'NaN'::real) AS "VWAP24",
    NULLIF(v.features[277], 'NaN'::real) AS "VWAP23",
    NULLIF(v.features[278], 'NaN'::real) AS "VWAP22",
    NULLIF(v.features[279], 'NaN'::real) AS "VWAP21",
    NULLIF(v.features[280], 'NaN'::real) AS "VWAP20",
    NULLIF(v.features[281], 'NaN'::real) AS "VWAP19",
    NULLIF(v.features[282], 'NaN'::real) AS "VWAP18",
    NULLIF(v.features[283], 'NaN'::real) AS "VWAP17",
    NULLIF(v.features[284], 'NaN'::real) AS "VWAP16",
    NULLIF(v.features[285], 'NaN'::real) AS "VWAP15",
    NULLIF(v.features[286], 'NaN'::real) AS "VWAP14",
    NULLIF(v.features[287], 'NaN'::real) AS "VWAP13",
    NULLIF(v.features[288], 'NaN'::real) AS "VWAP12",
    NULLIF(v.features[289], 'NaN'::real) AS "VWAP11",
    NULLIF(v.features[290], 'NaN'::real) AS "VWAP10",
    NULLIF(v.features[291], 'NaN'::real) AS "VWAP9",
    NULLIF(v.features[292], 'NaN'::real) AS "VWAP8",
    NULLIF(v.features[293], 'NaN'::real) AS "VWAP7",
    NULLIF(v.features[294], 'NaN'::real) AS "VWAP6",
    NULLIF(v.features[295], 'NaN'::real) AS "VWAP5",
    NULLIF(v.features[296], 'NaN'::real) AS "VWAP4",
    NULLIF(v.features[297], 'NaN'::real) AS "VWAP3",
    NULLIF(v.features[298], 'NaN'::real) AS "VWAP2",
    NULLIF(v.features[299], 'NaN'::real) AS "VWAP1",
    NULLIF(v.features[300], 'NaN'::real) AS "VWAP0",
    NULLIF(v.features[301], 'NaN'::real) AS "VOLUME59",
    NULLIF(v.features[302], 'NaN'::real) AS "VOLUME58",
    NULLIF(v.features[303], 'NaN'::real) AS "VOLUME57",
    NULLIF(v.features[304], 'NaN'::real) AS "VOLUME56",
    NULLIF(v.features[305], 'NaN'::real) AS "VOLUME55",
    NULLIF(v.features[306], 'NaN'::real) AS "VOLUME54",
    NULLIF(v.features[307], 'NaN'::real) AS "VOLUME53",
    NULLIF(v.features[308], 'NaN'::real) AS "VOLUME52",
    NULLIF(v.features[309], 'NaN'::real) AS "VOLUME51",
    NULLIF(v.features[310], 'NaN'::real) AS "VOLUME50",
    NULLIF(v.features[311], 'NaN'::real) AS "VOLUME49",
    NULLIF(v.features[312], 'NaN'::real) AS "VOLUME48",
    NULLIF(v.features[313], 'NaN'::real) AS "VOLUME47",
    NULLIF(v.features[314], 'NaN'::real) AS "VOLUME46",
    NULLIF(v.features[315], 'NaN'::real) AS "VOLUME45",
    NULLIF(v.features[316], 'NaN'::real) AS "VOLUME44",
    NULLIF(v.features[317], 'NaN'::real) AS "VOLUME43",
    NULLIF(v.features[318], 'NaN'::real) AS "VOLUME42",
    NULLIF(v.features[319], 'NaN'::real) AS "VOLUME41",
    NULLIF(v.features[320], 'NaN'::real) AS "VOLUME40",
    NULLIF(v.features[321], 'NaN'::real) AS "VOLUME39",
    NULLIF(v.features[322], 'NaN'::real) AS "VOLUME38",
    NULLIF(v.features[323], 'NaN'::real) AS "VOLUME37",
    NULLIF(v.features[324], 'NaN'::real) AS "VOLUME36",
    NULLIF(v.features[325], 'NaN'::real) AS "VOLUME35",
    NULLIF(v.features[326], 'NaN'::real) AS "VOLUME34",
    NULLIF(v.features[327], 'NaN'::real) AS "VOLUME33",
    NULLIF(v.features[328], 'NaN'::real) AS "VOLUME32",
    NULLIF(v.features[329], 'NaN'::real) AS "VOLUME31",
    NULLIF(v.features[330], 'NaN'::real) AS "VOLUME30",
    NULLIF(v.features[331], 'NaN'::real) AS "VOLUME29",
    NULLIF(v.features[332], 'NaN'::real) AS "VOLUME28",
    NULLIF(v.features[333], 'NaN'::real) AS "VOLUME27",
    NULLIF(v.features[334], 'NaN'::real) AS "VOLUME26",
    NULLIF(v.features[335], 'NaN'::real) AS "VOLUME25",
    NULLIF(v.features[336], 'NaN'::real) AS "VOLUME24",
    NULLIF(v.features[337], 'NaN'::real) AS "VOLUME23",
    NULLIF(v.features[338], 'NaN'::real) AS "VOLUME22",
    NULLIF(v.features[339], 'NaN'::real) AS "VOLUME21",
    NULLIF(v.features[340], 'NaN'::real) AS "VOLUME20",
    NULLIF(v.features[341], 'NaN'::real) AS "VOLUME19",
    NULLIF(v.features[342], 'NaN'::real) AS "VOLUME18",
    NULLIF(v.features[343], 'NaN'::real) AS "VOLUME17",
    NULLIF(v.features[344], 'NaN'::real) AS "VOLUME16",
    NULLIF(v.features[345], 'NaN'::real) AS "VOLUME15",
    NULLIF(v.features[346], 'NaN'::real) AS "VOLUME14",
    NULLIF(v.features[347], 'NaN'::real) AS "VOLUME13",
    NULLIF(v.features[348], 'NaN'::real) AS "VOLUME12",
    NULLIF(v.features[349], 'NaN'::real) AS "VOLUME11",
    NULLIF(v.features[350], 'NaN'::real) AS "VOLUME10",
    NULLIF(v.features[351], 'NaN'::real) AS "VOLUME9",
    NULLIF(v.features[352], 'NaN'::real) AS "VOLUME8",
    NULLIF(v.features[353], 'NaN'::real) AS "VOLUME7",
    NULLIF(v.features[354], 'NaN'::real) AS "VOLUME6",
    NULLIF(v.features[355], 'NaN'::real) AS "VOLUME5",
    NULLIF(v.features[356], 'NaN'::real) AS "VOLUME4",
    NULLIF(v.features[357], 'NaN'::real) AS "VOLUME3",
    NULLIF(v.features[358], 'NaN'::real) AS "VOLUME2",
    NULLIF(v.features[359], 'NaN'::real) AS "VOLUME1",
    NULLIF(v.features[360], 'NaN'::real) AS "VOLUME0"
   FROM (bourse.feature_value v
     JOIN bourse.instrument i ON ((i.instrument_id = v.instrument_id)))
  WHERE (v.feature_set_id = 3);
COMMENT ON VIEW bourse_bi.feature_alpha360 IS 'generated: feature set alpha360: version 1, 1d bars; a row is known from available_at on';
CREATE VIEW bourse_bi.feature_basic AS
 SELECT i.symbol,
    ((v.ts AT TIME ZONE 'UTC'::text))::date AS session,
    v.ts,
    v.available_at,
    NULLIF(v.features[1], 'NaN'::real) AS ret_1,
    NULLIF(v.features[2], 'NaN'::real) AS ret_2,
    NULLIF(v.features[3], 'NaN'::real) AS ret_5,
    NULLIF(v.features[4], 'NaN'::real) AS ret_10,
    NULLIF(v.features[5], 'NaN'::real) AS ret_20,
    NULLIF(v.features[6], 'NaN'::real) AS ret_60,
    NULLIF(v.features[7], 'NaN'::real) AS gap,
    NULLIF(v.features[8], 'NaN'::real) AS body,
    NULLIF(v.features[9], 'NaN'::real) AS range,
    NULLIF(v.features[10], 'NaN'::real) AS close_in_range,
    NULLIF(v.features[11], 'NaN'::real) AS ma_5,
    NULLIF(v.features[12], 'NaN'::real) AS ma_20,
    NULLIF(v.features[13], 'NaN'::real) AS ma_60,
    NULLIF(v.features[14], 'NaN'::real) AS ema_12,
    NULLIF(v.features[15], 'NaN'::real) AS ema_26,
    NULLIF(v.features[16], 'NaN'::real) AS volatility_5,
    NULLIF(v.features[17], 'NaN'::real) AS volatility_20,
    NULLIF(v.features[18], 'NaN'::real) AS volatility_60,
    NULLIF(v.features[19], 'NaN'::real) AS skew_20,
    NULLIF(v.features[20], 'NaN'::real) AS drawdown_60,
    NULLIF(v.features[21], 'NaN'::real) AS rise_60,
    NULLIF(v.features[22], 'NaN'::real) AS rsi_6,
    NULLIF(v.features[23], 'NaN'::real) AS rsi_14,
    NULLIF(v.features[24], 'NaN'::real) AS macd,
    NULLIF(v.features[25], 'NaN'::real) AS macd_hist,
    NULLIF(v.features[26], 'NaN'::real) AS atr_14,
    NULLIF(v.features[27], 'NaN'::real) AS boll_width_20,
    NULLIF(v.features[28], 'NaN'::real) AS boll_position,
    NULLIF(v.features[29], 'NaN'::real) AS willr_14,
    NULLIF(v.features[30], 'NaN'::real) AS stoch_k,
    NULLIF(v.features[31], 'NaN'::real) AS stoch_d,
    NULLIF(v.features[32], 'NaN'::real) AS cci_20,
    NULLIF(v.features[33], 'NaN'::real) AS roc_10,
    NULLIF(v.features[34], 'NaN'::real) AS obv_20,
    NULLIF(v.features[35], 'NaN'::real) AS volume_5,
    NULLIF(v.features[36], 'NaN'::real) AS volume_20,
    NULLIF(v.features[37], 'NaN'::real) AS volume_trend,
    NULLIF(v.features[38], 'NaN'::real) AS corr_volume_20,
    NULLIF(v.features[39], 'NaN'::real) AS slope_10,
    NULLIF(v.features[40], 'NaN'::real) AS slope_20,
    NULLIF(v.features[41], 'NaN'::real) AS rsquare_20,
    NULLIF(v.features[42], 'NaN'::real) AS rank_20,
    NULLIF(v.features[43], 'NaN'::real) AS rank_60,
    NULLIF(v.features[44], 'NaN'::real) AS quantile_20,
    NULLIF(v.features[45], 'NaN'::real) AS up_days_20
   FROM (bourse.feature_value v
     JOIN bourse.instrument i ON ((i.instrument_id = v.instrument_id)))
  WHERE (v.feature_set_id = 1);
COMMENT ON VIEW bourse_bi.feature_basic IS 'generated: feature set basic: version 1, 1d bars; a row is known from available_at on';
CREATE VIEW bourse_bi.feature_coverage AS
 WITH sets AS MATERIALIZED (
         SELECT s_1.feature_set_id,
            s_1.name,
            s_1.version,
            s_1.freq,
            s_1.features,
            s_1.materialized,
            t.refreshed_at,
            x.from_ts AS uncounted_from,
            ( SELECT max(v.ts) AS max
                   FROM bourse.feature_value v
                  WHERE (v.feature_set_id = s_1.feature_set_id)) AS newest_ts,
            ( SELECT max(b.ts) AS max
                   FROM bourse.bar b
                  WHERE ((b.freq)::text = (s_1.freq)::text)) AS newest_bar_ts,
            ( SELECT count(*) AS count
                   FROM bourse.instrument i
                  WHERE (EXISTS ( SELECT
                           FROM bourse.bar b
                          WHERE ((b.instrument_id = i.instrument_id) AND ((b.freq)::text = (s_1.freq)::text))))) AS instruments,
            ( SELECT count(*) AS count
                   FROM bourse.instrument i
                  WHERE (EXISTS ( SELECT
                           FROM bourse.feature_value v
                          WHERE ((v.feature_set_id = s_1.feature_set_id) AND (v.instrument_id = i.instrument_id))))) AS stored_instruments,
            ( SELECT count(*) AS count
                   FROM bourse.feature_dirty d
                  WHERE (d.feature_set_id = s_1.feature_set_id)) AS dirty_ranges,
            ( SELECT min(d.made_at) AS min
                   FROM bourse.feature_dirty d
                  WHERE (d.feature_set_id = s_1.feature_set_id)) AS dirty_since
           FROM ((bourse.feature_set s_1
             LEFT JOIN bourse.feature_state t ON ((t.feature_set_id = s_1.feature_set_id)))
             LEFT JOIN bourse.feature_stats_stale x ON ((x.feature_set_id = s_1.feature_set_id)))
        ), counted AS MATERIALIZED (
         SELECT c_1.feature_set_id,
            c_1.feature,
            (sum(((c_1.n + c_1.missing) + c_1.infinite)))::bigint AS stored_rows,
            (sum(c_1.n))::bigint AS present,
            (sum(c_1.missing))::bigint AS missing,
            (sum(c_1.infinite))::bigint AS infinite,
            min(c_1.day) FILTER (WHERE (c_1.n > 0)) AS first_day,
            max(c_1.day) FILTER (WHERE (c_1.n > 0)) AS newest_day
           FROM (bourse.feature_stats c_1
             JOIN sets s_1 ON (((s_1.feature_set_id = c_1.feature_set_id) AND s_1.materialized)))
          GROUP BY c_1.feature_set_id, c_1.feature
        )
 SELECT s.name AS feature_set,
    s.version,
    (s.freq)::text AS freq,
    (f.n)::integer AS "position",
    f.feature,
    s.materialized,
    c.stored_rows,
    c.present,
    c.missing,
    c.infinite,
    ((c.present)::double precision / (NULLIF(c.stored_rows, 0))::double precision) AS coverage_ratio,
    c.first_day,
    c.newest_day,
        CASE
            WHEN s.materialized THEN s.uncounted_from
            ELSE NULL::timestamp with time zone
        END AS uncounted_from,
    s.instruments,
    s.stored_instruments,
    s.newest_ts,
    s.newest_bar_ts,
    s.refreshed_at,
    s.dirty_ranges,
    s.dirty_since
   FROM ((sets s
     CROSS JOIN LATERAL unnest(s.features) WITH ORDINALITY f(feature, n))
     LEFT JOIN counted c ON (((c.feature_set_id = s.feature_set_id) AND (c.feature = f.n))));
COMMENT ON VIEW bourse_bi.feature_coverage IS 'every feature of every set: how many stored values there are, from when to when, and how fresh they are; counts are those of the last count, see uncounted_from';
COMMENT ON COLUMN bourse_bi.feature_coverage.stored_rows IS 'rows that were counted; NULL: none, or the set is not stored';
COMMENT ON COLUMN bourse_bi.feature_coverage.present IS 'of them with a finite value of this feature';
COMMENT ON COLUMN bourse_bi.feature_coverage.coverage_ratio IS 'present / stored_rows';
COMMENT ON COLUMN bourse_bi.feature_coverage.first_day IS 'first UTC day with a value of this feature';
COMMENT ON COLUMN bourse_bi.feature_coverage.newest_day IS 'last UTC day with a value of this feature';
COMMENT ON COLUMN bourse_bi.feature_coverage.uncounted_from IS 'stored values from this time on changed since they were counted; NULL: all are counted';
COMMENT ON COLUMN bourse_bi.feature_coverage.instruments IS 'instruments with bars of the set''s frequency';
COMMENT ON COLUMN bourse_bi.feature_coverage.stored_instruments IS 'of them with stored rows of the set';
COMMENT ON COLUMN bourse_bi.feature_coverage.newest_ts IS 'bar time of the set''s newest stored row';
COMMENT ON COLUMN bourse_bi.feature_coverage.newest_bar_ts IS 'time of the newest bar of the set''s frequency';
COMMENT ON COLUMN bourse_bi.feature_coverage.dirty_ranges IS 'ranges that wait for a refresh; 0: fresh';
COMMENT ON COLUMN bourse_bi.feature_coverage.dirty_since IS 'when the oldest of them was made';
CREATE VIEW bourse_bi.feature_set AS
 SELECT s.name,
    s.version,
    (s.freq)::text AS freq,
    s.features,
    s.materialized,
    ( SELECT count(*) AS count
           FROM bourse.feature_value v
          WHERE (v.feature_set_id = s.feature_set_id)) AS stored_rows,
    ( SELECT max(v.ts) AS max
           FROM bourse.feature_value v
          WHERE (v.feature_set_id = s.feature_set_id)) AS newest_ts,
    ( SELECT count(*) AS count
           FROM bourse.feature_dirty d
          WHERE (d.feature_set_id = s.feature_set_id)) AS dirty_rows,
    ( SELECT min(d.made_at) AS min
           FROM bourse.feature_dirty d
          WHERE (d.feature_set_id = s.feature_set_id)) AS dirty_since,
    t.refreshed_at,
    t.rows AS refreshed_rows,
    t.seconds AS refresh_seconds,
    t.values_per_second,
    cardinality(s.features) AS feature_count,
    s.expressions,
    s.lookback_bars,
    s.description,
    s.created_at,
    s.created_by,
    s.feature_set_id
   FROM (bourse.feature_set s
     LEFT JOIN bourse.feature_state t USING (feature_set_id));
COMMENT ON VIEW bourse_bi.feature_set IS 'every version of every feature set, with its coverage and freshness; stored_rows counts when it is selected';
COMMENT ON COLUMN bourse_bi.feature_set.newest_ts IS 'bar time of the newest stored row; NULL: nothing stored';
COMMENT ON COLUMN bourse_bi.feature_set.dirty_rows IS 'ranges that wait for a refresh; 0: fresh';
COMMENT ON COLUMN bourse_bi.feature_set.dirty_since IS 'when the oldest of them was made';
COMMENT ON COLUMN bourse_bi.feature_set.lookback_bars IS 'bars before a row that its features read; NULL: all of them';
CREATE VIEW bourse_bi.feature_signals_v1 AS
 SELECT i.symbol,
    ((v.ts AT TIME ZONE 'UTC'::text))::date AS session,
    v.ts,
    v.available_at,
    NULLIF(v.features[1], 'NaN'::real) AS rsi_14,
    NULLIF(v.features[2], 'NaN'::real) AS macd,
    NULLIF(v.features[3], 'NaN'::real) AS macd_signal,
    NULLIF(v.features[4], 'NaN'::real) AS macd_hist,
    NULLIF(v.features[5], 'NaN'::real) AS ma_20,
    NULLIF(v.features[6], 'NaN'::real) AS ma_50,
    NULLIF(v.features[7], 'NaN'::real) AS bb_upper,
    NULLIF(v.features[8], 'NaN'::real) AS bb_middle,
    NULLIF(v.features[9], 'NaN'::real) AS bb_lower,
    NULLIF(v.features[10], 'NaN'::real) AS atr_14,
    NULLIF(v.features[11], 'NaN'::real) AS volume,
    NULLIF(v.features[12], 'NaN'::real) AS volume_ma_20,
    NULLIF(v.features[13], 'NaN'::real) AS price_change_pct
   FROM (bourse.feature_value v
     JOIN bourse.instrument i ON ((i.instrument_id = v.instrument_id)))
  WHERE (v.feature_set_id = 4);
COMMENT ON VIEW bourse_bi.feature_signals_v1 IS 'generated: feature set signals_v1: version 1, 1h bars; a row is known from available_at on';
CREATE VIEW bourse_bi.feature_signals_v26 AS
 SELECT i.symbol,
    ((v.ts AT TIME ZONE 'UTC'::text))::date AS session,
    v.ts,
    v.available_at,
    NULLIF(v.features[1], 'NaN'::real) AS rsi_14,
    NULLIF(v.features[2], 'NaN'::real) AS macd,
    NULLIF(v.features[3], 'NaN'::real) AS macd_signal,
    NULLIF(v.features[4], 'NaN'::real) AS macd_hist,
    NULLIF(v.features[5], 'NaN'::real) AS ma_20,
    NULLIF(v.features[6], 'NaN'::real) AS ma_50,
    NULLIF(v.features[7], 'NaN'::real) AS bb_upper,
    NULLIF(v.features[8], 'NaN'::real) AS bb_middle,
    NULLIF(v.features[9], 'NaN'::real) AS bb_lower,
    NULLIF(v.features[10], 'NaN'::real) AS atr_14,
    NULLIF(v.features[11], 'NaN'::real) AS volume,
    NULLIF(v.features[12], 'NaN'::real) AS volume_ma_20,
    NULLIF(v.features[13], 'NaN'::real) AS price_change_pct,
    NULLIF(v.features[14], 'NaN'::real) AS rsi_14_4h,
    NULLIF(v.features[15], 'NaN'::real) AS macd_4h,
    NULLIF(v.features[16], 'NaN'::real) AS macd_signal_4h,
    NULLIF(v.features[17], 'NaN'::real) AS ma_20_4h,
    NULLIF(v.features[18], 'NaN'::real) AS volume_ma_20_4h,
    NULLIF(v.features[19], 'NaN'::real) AS atr_14_4h
   FROM (bourse.feature_value v
     JOIN bourse.instrument i ON ((i.instrument_id = v.instrument_id)))
  WHERE (v.feature_set_id = 5);
COMMENT ON VIEW bourse_bi.feature_signals_v26 IS 'generated: feature set signals_v26: version 1, 1h bars; a row is known from available_at on';
CREATE VIEW bourse_bi.feature_signals_v27 AS
 SELECT i.symbol,
    ((v.ts AT TIME ZONE 'UTC'::text))::date AS session,
    v.ts,
    v.available_at,
    NULLIF(v.features[1], 'NaN'::real) AS rsi_14,
    NULLIF(v.features[2], 'NaN'::real) AS macd,
    NULLIF(v.features[3], 'NaN'::real) AS macd_signal,
    NULLIF(v.features[4], 'NaN'::real) AS macd_hist,
    NULLIF(v.features[5], 'NaN'::real) AS ma_20,
    NULLIF(v.features[6], 'NaN'::real) AS ma_50,
    NULLIF(v.features[7], 'NaN'::real) AS bb_upper,
    NULLIF(v.features[8], 'NaN'::real) AS bb_middle,
    NULLIF(v.features[9], 'NaN'::real) AS bb_lower,
    NULLIF(v.features[10], 'NaN'::real) AS atr_14,
    NULLIF(v.features[11], 'NaN'::real) AS volume,
    NULLIF(v.features[12], 'NaN'::real) AS volume_ma_20,
    NULLIF(v.features[13], 'NaN'::real) AS price_change_pct,
    NULLIF(v.features[14], 'NaN'::real) AS rsi_14_4h,
    NULLIF(v.features[15], 'NaN'::real) AS macd_4h,
    NULLIF(v.features[16], 'NaN'::real) AS macd_signal_4h,
    NULLIF(v.features[17], 'NaN'::real) AS ma_20_4h,
    NULLIF(v.features[18], 'NaN'::real) AS volume_ma_20_4h,
    NULLIF(v.features[19], 'NaN'::real) AS atr_14_4h,
    NULLIF(v.features[20], 'NaN'::real) AS btc_return_1h_lag,
    NULLIF(v.features[21], 'NaN'::real) AS btc_return_2h_lag,
    NULLIF(v.features[22], 'NaN'::real) AS btc_return_4h_lag,
    NULLIF(v.features[23], 'NaN'::real) AS btc_return_24h_lag,
    NULLIF(v.features[24], 'NaN'::real) AS btc_trend_4h,
    NULLIF(v.features[25], 'NaN'::real) AS eth_return_1h_lag,
    NULLIF(v.features[26], 'NaN'::real) AS eth_return_2h_lag,
    NULLIF(v.features[27], 'NaN'::real) AS market_return_1h,
    NULLIF(v.features[28], 'NaN'::real) AS market_bullish_ratio,
    NULLIF(v.features[29], 'NaN'::real) AS btc_eth_corr_24h,
    NULLIF(v.features[30], 'NaN'::real) AS btc_target_corr_24h
   FROM (bourse.feature_value v
     JOIN bourse.instrument i ON ((i.instrument_id = v.instrument_id)))
  WHERE (v.feature_set_id = 6);
COMMENT ON VIEW bourse_bi.feature_signals_v27 IS 'generated: feature set signals_v27: version 1, 1h bars; a row is known from available_at on';
CREATE VIEW bourse_bi.importance AS
 SELECT m.name AS model,
    v.version,
    i.feature,
    i.kind,
    i.value
   FROM ((bourse.importance i
     JOIN bourse.model_version v USING (model_version_id))
     JOIN bourse.model m USING (model_id));
COMMENT ON VIEW bourse_bi.importance IS 'how much each feature matters to a version; kind: gain, weight, cover';
CREATE VIEW bourse_bi.instrument AS
 SELECT i.symbol,
    i.name,
    i.exchange,
    i.asset_class,
    i.currency,
    i.calendar,
    i.listed_at,
    i.delisted_at,
    i.instrument_id
   FROM bourse.instrument i;
COMMENT ON VIEW bourse_bi.instrument IS 'what is traded';
COMMENT ON COLUMN bourse_bi.instrument.calendar IS 'XSHG, XNYS, 24x7 …; NULL: sessions are the days on which any such instrument has a bar';
CREATE VIEW bourse_bi.job AS
 SELECT j.job_id,
    j.kind,
    j.queue,
    j.state,
    j.priority,
    j.attempt,
    j.max_attempts,
    j.created_at,
    j.run_at,
    j.started_at,
    NULL::timestamp with time zone AS finished_at,
    j.worker,
    j.progress_ratio,
    j.last_error,
    j.owner,
    j.stage,
    j.progress_note,
    j.unique_key,
    j.args,
    NULL::jsonb AS result,
    j.cancel_requested_at,
    j.exit_code,
    j.signal,
    j.paused_at,
    j.paused_by,
    j.blocked_by,
    j.limit_key,
    j.timeout,
    j.resources,
    NULL::bigint AS cancelled_by_job
   FROM bourse.job j
UNION ALL
 SELECT a.job_id,
    a.kind,
    a.queue,
    a.state,
    a.priority,
    a.attempt,
    a.max_attempts,
    a.created_at,
    a.run_at,
    a.started_at,
    a.finished_at,
    a.worker,
    a.progress_ratio,
    a.last_error,
    a.owner,
    a.stage,
    a.progress_note,
    a.unique_key,
    a.args,
    a.result,
    NULL::timestamp with time zone AS cancel_requested_at,
    a.exit_code,
    a.signal,
    NULL::timestamp with time zone AS paused_at,
    NULL::text AS paused_by,
    NULL::integer AS blocked_by,
    a.limit_key,
    a.timeout,
    a.resources,
    a.cancelled_by_job
   FROM bourse.job_archive a;
COMMENT ON VIEW bourse_bi.job IS 'all jobs, unfinished and finished; states: waiting scheduled running succeeded failed dead cancelled';
CREATE VIEW bourse_bi.job_dependency AS
 SELECT d.job_id,
    d.after_job_id,
    d.after_failure
   FROM bourse.job_dependency d;
COMMENT ON VIEW bourse_bi.job_dependency IS 'what unfinished jobs still wait for, and what becomes of them should that end badly: cancel, run or wait';
CREATE VIEW bourse_bi.job_kind AS
 SELECT k.kind,
    k.description,
    k.max_attempts,
    k.timeout,
    k.backoff_base_s,
    k.backoff_cap_s,
    k.backoff_jitter_ratio,
    k.memory_mb
   FROM bourse.job_kind k;
COMMENT ON VIEW bourse_bi.job_kind IS 'kinds of jobs and their policies';
CREATE VIEW bourse_bi.job_log AS
 SELECT l.job_id,
    l.attempt,
    l.line,
    l.at,
    l.level,
    l.message
   FROM bourse.job_log l;
COMMENT ON VIEW bourse_bi.job_log IS 'log lines of jobs'' child processes: the first 1,000 and the last 100 of each attempt; level stderr: it came without one';
CREATE VIEW bourse_bi.job_usage AS
 SELECT u.job_id,
    u.attempt,
    u.kind,
    u.worker,
    u.started_at,
    u.ended_at,
    (EXTRACT(epoch FROM (u.ended_at - u.started_at)))::double precision AS ran_s,
    u.cpu_s,
    u.max_rss_mb,
    u.read_bytes,
    u.write_bytes,
    u.exit_code,
    u.signal
   FROM bourse.job_usage u;
COMMENT ON VIEW bourse_bi.job_usage IS 'what each ended attempt''s child process has used: processor seconds, most memory (MiB), bytes from and to block devices';
CREATE VIEW bourse_bi.lineage AS
 SELECT e.from_kind,
    e.from_id,
    e.to_kind,
    e.to_id,
    e.made_at
   FROM bourse.lineage_edge e;
COMMENT ON VIEW bourse_bi.lineage IS 'what was made from what: data versions and feature sets to runs, runs to model versions';
CREATE VIEW bourse_bi.model AS
 SELECT m.name AS model,
    p.version AS production_version,
    g.version AS staging_version,
    shown.algorithm,
    s.name AS feature_set,
    m.created_at,
    COALESCE(( SELECT r.value
           FROM bourse.run_metric r
          WHERE ((r.run_id = shown.run_id) AND (r.span = 'test'::text) AND (r.metric = 'rank_ic'::text) AND (r.step = 0))),
        CASE
            WHEN (jsonb_typeof((shown.metrics #> '{test,rank_ic}'::text[])) = 'number'::text) THEN ((shown.metrics #> '{test,rank_ic}'::text[]))::double precision
            WHEN (jsonb_typeof((shown.metrics -> 'rank_ic'::text)) = 'number'::text) THEN ((shown.metrics -> 'rank_ic'::text))::double precision
            ELSE NULL::double precision
        END) AS rank_ic,
    newest.version AS newest_version,
    shown.version AS shown_version,
    newest.created_at AS newest_at,
    m.owner
   FROM (((((bourse.model m
     LEFT JOIN LATERAL ( SELECT v.model_version_id,
            v.model_id,
            v.version,
            v.run_id,
            v.algorithm,
            v.feature_set_id,
            v.features,
            v.label,
            v.artifact_id,
            v.native_artifact_id,
            v.params,
            v.metrics,
            v.created_at
           FROM bourse.model_version v
          WHERE (v.model_id = m.model_id)
          ORDER BY v.version DESC
         LIMIT 1) newest ON (true))
     LEFT JOIN LATERAL ( SELECT v.model_version_id,
            v.model_id,
            v.version,
            v.run_id,
            v.algorithm,
            v.feature_set_id,
            v.features,
            v.label,
            v.artifact_id,
            v.native_artifact_id,
            v.params,
            v.metrics,
            v.created_at
           FROM (bourse.model_version v
             JOIN bourse.model_stage t USING (model_version_id))
          WHERE ((v.model_id = m.model_id) AND (t.stage = 'production'::text))) p ON (true))
     LEFT JOIN LATERAL ( SELECT v.version
           FROM (bourse.model_version v
             JOIN bourse.model_stage t USING (model_version_id))
          WHERE ((v.model_id = m.model_id) AND (t.stage = 'staging'::text))
          ORDER BY v.version DESC
         LIMIT 1) g ON (true))
     LEFT JOIN bourse.model_version shown ON ((shown.model_version_id = COALESCE(p.model_version_id, newest.model_version_id))))
     LEFT JOIN bourse.feature_set s ON ((s.feature_set_id = shown.feature_set_id)));
COMMENT ON VIEW bourse_bi.model IS 'one row a model; algorithm, feature_set and rank_ic are the production version''s, without one the newest''s';
COMMENT ON COLUMN bourse_bi.model.rank_ic IS 'mean daily rank correlation on the test span of the shown version''s run; of an imported version what its metrics say';
COMMENT ON COLUMN bourse_bi.model.shown_version IS 'the version that algorithm, feature_set and rank_ic describe';
CREATE VIEW bourse_bi.model_version AS
 SELECT m.name AS model,
    v.version,
    t.stage,
    v.run_id,
    v.algorithm,
    s.name AS feature_set,
    s.version AS feature_set_version,
    encode(a.sha256, 'hex'::text) AS artifact_sha256,
    a.size_bytes,
    v.created_at,
    v.metrics,
    v.params,
    v.label,
    v.features,
    t.since AS stage_since,
    v.model_version_id
   FROM ((((bourse.model_version v
     JOIN bourse.model m USING (model_id))
     JOIN bourse.artifact a USING (artifact_id))
     LEFT JOIN bourse.model_stage t USING (model_version_id))
     LEFT JOIN bourse.feature_set s USING (feature_set_id));
COMMENT ON VIEW bourse_bi.model_version IS 'every version of every model: stage, origin, artifact, metrics';
COMMENT ON COLUMN bourse_bi.model_version.run_id IS 'the training that made it; NULL: imported';
COMMENT ON COLUMN bourse_bi.model_version.size_bytes IS 'size of the artifact that predict reads';
CREATE VIEW bourse_bi.prediction AS
 SELECT m.name AS model,
    v.version,
    i.symbol,
    ((p.ts AT TIME ZONE 'UTC'::text))::date AS session,
    p.ts,
    p.prediction,
    o.outcome,
    p.made_at,
    p.span,
    v.label,
    (s.freq)::text AS freq,
    o.known_at AS outcome_known_at,
    p.model_version_id,
    p.instrument_id
   FROM (((((bourse.prediction p
     JOIN bourse.model_version v USING (model_version_id))
     JOIN bourse.model m USING (model_id))
     JOIN bourse.instrument i USING (instrument_id))
     LEFT JOIN bourse.feature_set s USING (feature_set_id))
     LEFT JOIN bourse.outcome o ON (((o.label = v.label) AND ((o.freq)::text = (s.freq)::text) AND (o.instrument_id = p.instrument_id) AND (o.ts = p.ts))));
COMMENT ON VIEW bourse_bi.prediction IS 'predictions beside their outcomes; outcome is NULL until the label''s horizon has passed and bourse.update_outcomes ran';
COMMENT ON COLUMN bourse_bi.prediction.span IS 'test: made by the training run on its test span; live: made afterwards';
CREATE VIEW bourse_bi.reject AS
 SELECT r.data_version_id,
    r.source,
    r.rule,
    count(*) AS rows,
    min(r.rejected_at) AS first_at,
    max(r.rejected_at) AS last_at,
    min(r.reason) AS example
   FROM bourse.bar_reject r
  GROUP BY r.data_version_id, r.source, r.rule;
COMMENT ON VIEW bourse_bi.reject IS 'rejected rows counted by load and rule, with one reason as an example; the rows are in bourse.bar_reject';
CREATE VIEW bourse_bi.run AS
 SELECT r.run_id,
    r.model,
    r.algorithm,
    shown.state,
    p.stage,
        CASE
            WHEN (shown.state = 'succeeded'::text) THEN (1)::double precision
            ELSE p.progress_ratio
        END AS progress_ratio,
        CASE
            WHEN (shown.state = 'running'::text) THEN p.eta_at
            ELSE NULL::timestamp with time zone
        END AS eta_at,
    COALESCE(j.started_at, r.started_at) AS started_at,
        CASE
            WHEN (j.job_id IS NULL) THEN COALESCE(r.finished_at, a.finished_at)
            ELSE NULL::timestamp with time zone
        END AS finished_at,
        CASE
            WHEN (j.job_id IS NULL) THEN COALESCE(r.error, a.last_error)
            ELSE j.last_error
        END AS error,
    s.name AS feature_set,
    s.version AS feature_set_version,
    r.label,
    r.universe,
    r.from_ts,
    r.to_ts,
    r.split,
    r.params,
    r.seed,
    p.round,
    p.rounds,
    p.train_metric,
    p.valid_metric,
    p.note,
    COALESCE(j.attempt, a.attempt) AS attempt,
    r.owner,
    r.created_at,
    r.stop_requested_at,
    r.stop_reason,
    r.data_version_ids,
    r.dataset,
    v.version,
    v.model_version_id,
    ( SELECT ((d.name || ':'::text) || d.version)
           FROM bourse.dataset d
          WHERE (d.dataset_id = r.dataset_id)) AS dataset_name,
    r.fold
   FROM ((((((bourse.run r
     LEFT JOIN bourse.job j ON ((j.job_id = r.run_id)))
     LEFT JOIN bourse.job_archive a ON ((a.job_id = r.run_id)))
     LEFT JOIN bourse.run_progress p ON ((p.run_id = r.run_id)))
     LEFT JOIN bourse.feature_set s ON ((s.feature_set_id = r.feature_set_id)))
     LEFT JOIN bourse.model_version v ON ((v.run_id = r.run_id)))
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (j.state = 'running'::text) THEN 'running'::text
                    WHEN (j.state IS NOT NULL) THEN 'waiting'::text
                    WHEN (r.state <> ALL (ARRAY['waiting'::text, 'running'::text])) THEN r.state
                    ELSE COALESCE(a.state, r.state)
                END AS state) shown);
COMMENT ON VIEW bourse_bi.run IS 'every training: what was asked, where it is, how it ended';
COMMENT ON COLUMN bourse_bi.run.run_id IS 'also the id of its job';
COMMENT ON COLUMN bourse_bi.run.state IS 'waiting running succeeded failed dead cancelled; waiting again between two attempts';
COMMENT ON COLUMN bourse_bi.run.stage IS 'features, read, train, evaluate, write';
COMMENT ON COLUMN bourse_bi.run.progress_ratio IS '0 to 1, over all stages';
COMMENT ON COLUMN bourse_bi.run.eta_at IS 'end of training if all rounds are made; early stopping comes sooner';
COMMENT ON COLUMN bourse_bi.run.error IS 'why it ended, or why its last attempt did';
COMMENT ON COLUMN bourse_bi.run.round IS 'round that was made last; rounds: at most';
COMMENT ON COLUMN bourse_bi.run.valid_metric IS 'of that round, as train_metric; which metric it is: bourse_bi.run_metric with step > 0';
COMMENT ON COLUMN bourse_bi.run.data_version_ids IS 'every load whose bars the features or the labels read';
COMMENT ON COLUMN bourse_bi.run.dataset IS 'rows and time span of train, valid and test, purged and dropped rows, label_bars, rounds, why it stopped, sha256 of what was learned from';
COMMENT ON COLUMN bourse_bi.run.version IS 'the version of the model that the run made';
COMMENT ON COLUMN bourse_bi.run.dataset_name IS 'stored dataset that was trained on, with its version; fold: which of its folds';
CREATE VIEW bourse_bi.run_log AS
 SELECT l.run_id,
    l.logged_at,
    l.level,
    l.message,
    r.model
   FROM (bourse.run_log l
     JOIN bourse.run r USING (run_id));
COMMENT ON VIEW bourse_bi.run_log IS 'what runs said: columns without values, purged rows, stops';
CREATE VIEW bourse_bi.run_metric AS
 SELECT m.run_id,
    m.span,
    m.metric,
    m.step,
    m.value,
    r.model
   FROM (bourse.run_metric m
     JOIN bourse.run r USING (run_id));
COMMENT ON VIEW bourse_bi.run_metric IS 'metrics of runs by span; step 0 is the final value, others are rounds of the learning curve';
CREATE VIEW bourse_bi.schedule AS
 SELECT s.name,
    s.spec,
    s.calendar,
    s.time_zone,
    s.kind,
    s.args,
        CASE
            WHEN (s.paused_at IS NOT NULL) THEN 'paused'::text
            WHEN (s.error IS NOT NULL) THEN 'broken'::text
            WHEN (s.next_run_at < (now() - '00:01:00'::interval)) THEN 'late'::text
            ELSE 'active'::text
        END AS state,
        CASE
            WHEN (s.paused_at IS NULL) THEN s.next_run_at
            ELSE NULL::timestamp with time zone
        END AS next_run_at,
    s.last_slot_at,
    s.last_job_id,
    COALESCE(( SELECT j.state
           FROM bourse.job j
          WHERE (j.job_id = s.last_job_id)), ( SELECT a.state
           FROM bourse.job_archive a
          WHERE (a.job_id = s.last_job_id)
          ORDER BY a.finished_at DESC
         LIMIT 1)) AS last_job_state,
    s.error,
    s.jobs_made,
    s.slots_skipped,
    s.catch_up,
    s.overlap,
    s.queue,
    s.priority,
    s.owner,
    s.created_at,
    s.paused_at,
    s.paused_by
   FROM bourse.schedule s;
COMMENT ON VIEW bourse_bi.schedule IS 'schedules; state: active, paused, broken (error says why), late (due for a minute: no worker looks after it)';
COMMENT ON COLUMN bourse_bi.schedule.next_run_at IS 'the next slot; of a broken schedule the slot it failed at, NULL when no slot is known';
COMMENT ON COLUMN bourse_bi.schedule.slots_skipped IS 'slots that made no job: too old when they were found, or the job before had not ended (overlap skip)';
CREATE VIEW bourse_bi.stage_transition AS
 SELECT t.model,
    t.version,
    t.from_stage,
    t.to_stage,
    t.reason,
    t.made_by,
    t.made_at
   FROM bourse.stage_transition t;
COMMENT ON VIEW bourse_bi.stage_transition IS 'every change of stage: who, when, why';
CREATE VIEW bourse_bi.worker AS
 SELECT w.worker,
    w.host,
    w.pid,
    w.version,
    w.kinds,
    w.slots,
    w.running,
        CASE
            WHEN (w.stopped_at IS NOT NULL) THEN 'stopped'::text
            WHEN (w.heartbeat_at < (now() - '00:01:00'::interval)) THEN 'lost'::text
            ELSE 'alive'::text
        END AS state,
    w.started_at,
    w.heartbeat_at,
    w.stopped_at,
    w.cpus,
    w.load,
    w.memory_used_mb,
    w.memory_total_mb,
    w.disk_free_mb,
    w.usage_at,
    w.offers
   FROM bourse.worker w;
COMMENT ON VIEW bourse_bi.worker IS 'worker daemons that have registered; lost: no heartbeat for a minute, its jobs go to others when their leases end';
ALTER TABLE ONLY bourse.bar ATTACH PARTITION bourse.bar_15m FOR VALUES IN ('15m');
ALTER TABLE ONLY bourse.bar ATTACH PARTITION bourse.bar_1d FOR VALUES IN ('1d');
ALTER TABLE ONLY bourse.bar ATTACH PARTITION bourse.bar_1h FOR VALUES IN ('1h');
ALTER TABLE ONLY bourse.bar ATTACH PARTITION bourse.bar_1m FOR VALUES IN ('1m');
ALTER TABLE ONLY bourse.bar ATTACH PARTITION bourse.bar_1mo FOR VALUES IN ('1mo');
ALTER TABLE ONLY bourse.bar ATTACH PARTITION bourse.bar_1w FOR VALUES IN ('1w');
ALTER TABLE ONLY bourse.bar ATTACH PARTITION bourse.bar_30m FOR VALUES IN ('30m');
ALTER TABLE ONLY bourse.bar ATTACH PARTITION bourse.bar_4h FOR VALUES IN ('4h');
ALTER TABLE ONLY bourse.bar ATTACH PARTITION bourse.bar_5m FOR VALUES IN ('5m');
ALTER TABLE ONLY bourse.job_archive ATTACH PARTITION bourse.job_archive_default DEFAULT;
ALTER TABLE ONLY bourse.job_log ATTACH PARTITION bourse.job_log_default DEFAULT;
ALTER TABLE ONLY bourse.job_usage ATTACH PARTITION bourse.job_usage_default DEFAULT;
CREATE INDEX job_fetch_idx ON bourse.job USING btree (kind, queue, owner, limit_key, priority, run_at, job_id) WHERE ((state = 'waiting'::text) AND (blocked_by = 0));
CREATE FUNCTION bourse.job_pages_read() RETURNS bigint
    LANGUAGE sql
    RETURN pg_stat_get_xact_blocks_fetched(('bourse.job_fetch_idx'::regclass)::oid);
ALTER TABLE ONLY bourse.qlib_calendar
    ADD CONSTRAINT qlib_calendar_pkey PRIMARY KEY (calendar, freq, ts);
CREATE FUNCTION bourse.qlib_keep_calendar(calendar text, freq text, at_us bigint[], future_us bigint[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC …;
ALTER TABLE ONLY bourse.artifact_chunk
    ADD CONSTRAINT artifact_chunk_pkey PRIMARY KEY (artifact_id, chunk);
ALTER TABLE ONLY bourse.artifact
    ADD CONSTRAINT artifact_pkey PRIMARY KEY (artifact_id);
ALTER TABLE ONLY bourse.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (audit_id);
ALTER TABLE ONLY bourse.bar
    ADD CONSTRAINT bar_pkey PRIMARY KEY (instrument_id, freq, ts);
ALTER TABLE ONLY bourse.bar_15m
    ADD CONSTRAINT bar_15m_pkey PRIMARY KEY (instrument_id, freq, ts);
ALTER TABLE ONLY bourse.bar_1d
    ADD CONSTRAINT bar_1d_pkey PRIMARY KEY (instrument_id, freq, ts);
ALTER TABLE ONLY bourse.bar_1h
    ADD CONSTRAINT bar_1h_pkey PRIMARY KEY (instrument_id, freq, ts);
ALTER TABLE ONLY bourse.bar_1m
    ADD CONSTRAINT bar_1m_pkey PRIMARY KEY (instrument_id, freq, ts);
ALTER TABLE ONLY bourse.bar_1mo
    ADD CONSTRAINT bar_1mo_pkey PRIMARY KEY (instrument_id, freq, ts);
ALTER TABLE ONLY bourse.bar_1w
    ADD CONSTRAINT bar_1w_pkey PRIMARY KEY (instrument_id, freq, ts);
ALTER TABLE ONLY bourse.bar_30m
    ADD CONSTRAINT bar_30m_pkey PRIMARY KEY (instrument_id, freq, ts);
ALTER TABLE ONLY bourse.bar_4h
    ADD CONSTRAINT bar_4h_pkey PRIMARY KEY (instrument_id, freq, ts);
ALTER TABLE ONLY bourse.bar_5m
    ADD CONSTRAINT bar_5m_pkey PRIMARY KEY (instrument_id, freq, ts);
ALTER TABLE ONLY bourse.bar_field
    ADD CONSTRAINT bar_field_pkey PRIMARY KEY (instrument_id, freq, field, ts);
ALTER TABLE ONLY bourse.bar_reject
    ADD CONSTRAINT bar_reject_pkey PRIMARY KEY (reject_id);
ALTER TABLE ONLY bourse.calendar
    ADD CONSTRAINT calendar_pkey PRIMARY KEY (calendar, session);
ALTER TABLE ONLY bourse.custom_operator
    ADD CONSTRAINT custom_operator_pkey PRIMARY KEY (name);
ALTER TABLE ONLY bourse.data_file
    ADD CONSTRAINT data_file_pkey PRIMARY KEY (data_file_id);
ALTER TABLE ONLY bourse.data_version
    ADD CONSTRAINT data_version_pkey PRIMARY KEY (data_version_id);
ALTER TABLE ONLY bourse.dataset
    ADD CONSTRAINT dataset_name_version_key UNIQUE (name, version);
ALTER TABLE ONLY bourse.dataset_part
    ADD CONSTRAINT dataset_part_pkey PRIMARY KEY (dataset_id, fold, part);
ALTER TABLE ONLY bourse.dataset
    ADD CONSTRAINT dataset_pkey PRIMARY KEY (dataset_id);
ALTER TABLE ONLY bourse.dataset_range
    ADD CONSTRAINT dataset_range_pkey PRIMARY KEY (dataset_id, fold, part, from_ts);
ALTER TABLE ONLY bourse.drift_reference
    ADD CONSTRAINT drift_reference_pkey PRIMARY KEY (model_version_id, feature);
ALTER TABLE ONLY bourse.drift_result
    ADD CONSTRAINT drift_result_pkey PRIMARY KEY (drift_id);
ALTER TABLE ONLY bourse.feature_checkpoint
    ADD CONSTRAINT feature_checkpoint_pkey PRIMARY KEY (feature_set_id, instrument_id, after_ts);
ALTER TABLE ONLY bourse.feature_dirty
    ADD CONSTRAINT feature_dirty_pkey PRIMARY KEY (dirty_id);
ALTER TABLE ONLY bourse.feature_retention
    ADD CONSTRAINT feature_retention_pkey PRIMARY KEY (name);
ALTER TABLE ONLY bourse.feature_set
    ADD CONSTRAINT feature_set_name_version_key UNIQUE (name, version);
ALTER TABLE ONLY bourse.feature_set
    ADD CONSTRAINT feature_set_pkey PRIMARY KEY (feature_set_id);
ALTER TABLE ONLY bourse.feature_state
    ADD CONSTRAINT feature_state_pkey PRIMARY KEY (feature_set_id);
ALTER TABLE ONLY bourse.feature_stats
    ADD CONSTRAINT feature_stats_pkey PRIMARY KEY (feature_set_id, day, feature);
ALTER TABLE ONLY bourse.feature_stats_stale
    ADD CONSTRAINT feature_stats_stale_pkey PRIMARY KEY (feature_set_id);
ALTER TABLE ONLY bourse.feature_value
    ADD CONSTRAINT feature_value_pkey PRIMARY KEY (feature_set_id, instrument_id, ts);
ALTER TABLE ONLY bourse.importance
    ADD CONSTRAINT importance_pkey PRIMARY KEY (model_version_id, kind, feature);
ALTER TABLE ONLY bourse.instrument
    ADD CONSTRAINT instrument_pkey PRIMARY KEY (instrument_id);
ALTER TABLE ONLY bourse.instrument
    ADD CONSTRAINT instrument_symbol_key UNIQUE (symbol);
ALTER TABLE ONLY bourse.job_archive
    ADD CONSTRAINT job_archive_pkey PRIMARY KEY (job_id, finished_at);
ALTER TABLE ONLY bourse.job_archive_default
    ADD CONSTRAINT job_archive_default_pkey PRIMARY KEY (job_id, finished_at);
ALTER TABLE ONLY bourse.job_dependency
    ADD CONSTRAINT job_dependency_pkey PRIMARY KEY (job_id, after_job_id);
ALTER TABLE ONLY bourse.job_function
    ADD CONSTRAINT job_function_pkey PRIMARY KEY (function);
ALTER TABLE ONLY bourse.job_kind
    ADD CONSTRAINT job_kind_pkey PRIMARY KEY (kind);
ALTER TABLE ONLY bourse.job_limit
    ADD CONSTRAINT job_limit_pkey PRIMARY KEY (kind, limit_key);
ALTER TABLE ONLY bourse.job_limit_use
    ADD CONSTRAINT job_limit_use_pkey PRIMARY KEY (kind, limit_key);
ALTER TABLE ONLY bourse.job_log
    ADD CONSTRAINT job_log_pkey PRIMARY KEY (job_id, attempt, line, at);
ALTER TABLE ONLY bourse.job_log_default
    ADD CONSTRAINT job_log_default_pkey PRIMARY KEY (job_id, attempt, line, at);
ALTER TABLE ONLY bourse.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (job_id);
ALTER TABLE ONLY bourse.job_share
    ADD CONSTRAINT job_share_pkey PRIMARY KEY (owner);
ALTER TABLE ONLY bourse.job_usage
    ADD CONSTRAINT job_usage_pkey PRIMARY KEY (job_id, attempt, ended_at);
ALTER TABLE ONLY bourse.job_usage_default
    ADD CONSTRAINT job_usage_default_pkey PRIMARY KEY (job_id, attempt, ended_at);
ALTER TABLE ONLY bourse.lineage_edge
    ADD CONSTRAINT lineage_edge_pkey PRIMARY KEY (from_kind, from_id, to_kind, to_id);
ALTER TABLE ONLY bourse.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);
ALTER TABLE ONLY bourse.model
    ADD CONSTRAINT model_name_key UNIQUE (name);
ALTER TABLE ONLY bourse.model
    ADD CONSTRAINT model_pkey PRIMARY KEY (model_id);
ALTER TABLE ONLY bourse.model_stage
    ADD CONSTRAINT model_stage_pkey PRIMARY KEY (model_version_id);
ALTER TABLE ONLY bourse.model_upload
    ADD CONSTRAINT model_upload_pkey PRIMARY KEY (job_id);
ALTER TABLE ONLY bourse.model_version
    ADD CONSTRAINT model_version_model_version_key UNIQUE (model_id, version);
ALTER TABLE ONLY bourse.model_version
    ADD CONSTRAINT model_version_pkey PRIMARY KEY (model_version_id);
ALTER TABLE ONLY bourse.outcome
    ADD CONSTRAINT outcome_pkey PRIMARY KEY (label, freq, instrument_id, ts);
ALTER TABLE ONLY bourse.paused_queue
    ADD CONSTRAINT paused_queue_pkey PRIMARY KEY (queue);
ALTER TABLE ONLY bourse.period_field
    ADD CONSTRAINT period_field_pkey PRIMARY KEY (instrument_id, field, period, known_at);
ALTER TABLE ONLY bourse.prediction
    ADD CONSTRAINT prediction_pkey PRIMARY KEY (model_version_id, instrument_id, ts, made_at);
ALTER TABLE ONLY bourse.qlib_span
    ADD CONSTRAINT qlib_span_pkey PRIMARY KEY (instrument_id, freq, field, from_ts);
ALTER TABLE ONLY bourse.revoked_version
    ADD CONSTRAINT revoked_version_pkey PRIMARY KEY (model_version_id);
ALTER TABLE ONLY bourse.run_metric
    ADD CONSTRAINT run_metric_pkey PRIMARY KEY (run_id, span, metric, step);
ALTER TABLE ONLY bourse.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (run_id);
ALTER TABLE ONLY bourse.run_progress
    ADD CONSTRAINT run_progress_pkey PRIMARY KEY (run_id);
ALTER TABLE ONLY bourse.schedule
    ADD CONSTRAINT schedule_pkey PRIMARY KEY (name);
ALTER TABLE ONLY bourse.setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (name);
ALTER TABLE ONLY bourse.signing_key
    ADD CONSTRAINT signing_key_name_key UNIQUE (name);
ALTER TABLE ONLY bourse.signing_key
    ADD CONSTRAINT signing_key_pkey PRIMARY KEY (key_id);
ALTER TABLE ONLY bourse.signing_key
    ADD CONSTRAINT signing_key_public_key_key UNIQUE (public_key);
ALTER TABLE ONLY bourse.sql_file
    ADD CONSTRAINT sql_file_pkey PRIMARY KEY (name);
ALTER TABLE ONLY bourse.sql_object
    ADD CONSTRAINT sql_object_pkey PRIMARY KEY (drop_statement);
ALTER TABLE ONLY bourse.stage_rule
    ADD CONSTRAINT stage_rule_pkey PRIMARY KEY (from_stage, to_stage);
ALTER TABLE ONLY bourse.stage_transition
    ADD CONSTRAINT stage_transition_pkey PRIMARY KEY (transition_id);
ALTER TABLE ONLY bourse.worker
    ADD CONSTRAINT worker_pkey PRIMARY KEY (worker);
CREATE INDEX audit_log_happened_idx ON bourse.audit_log USING btree (happened_at);
CREATE INDEX audit_log_object_idx ON bourse.audit_log USING btree (object_kind, object, happened_at);
CREATE INDEX bar_ts_idx ON ONLY bourse.bar USING btree (ts) WITH (deduplicate_items=off);
CREATE INDEX bar_15m_ts_idx ON ONLY bourse.bar_15m USING btree (ts) WITH (deduplicate_items=off);
CREATE INDEX bar_1d_ts_idx ON bourse.bar_1d USING btree (ts) WITH (deduplicate_items=off);
CREATE INDEX bar_1h_ts_idx ON ONLY bourse.bar_1h USING btree (ts) WITH (deduplicate_items=off);
CREATE INDEX bar_1m_ts_idx ON ONLY bourse.bar_1m USING btree (ts) WITH (deduplicate_items=off);
CREATE INDEX bar_1mo_ts_idx ON bourse.bar_1mo USING btree (ts) WITH (deduplicate_items=off);
CREATE INDEX bar_1w_ts_idx ON bourse.bar_1w USING btree (ts) WITH (deduplicate_items=off);
CREATE INDEX bar_30m_ts_idx ON ONLY bourse.bar_30m USING btree (ts) WITH (deduplicate_items=off);
CREATE INDEX bar_4h_ts_idx ON ONLY bourse.bar_4h USING btree (ts) WITH (deduplicate_items=off);
CREATE INDEX bar_5m_ts_idx ON ONLY bourse.bar_5m USING btree (ts) WITH (deduplicate_items=off);
CREATE INDEX bar_field_history_key_idx ON bourse.bar_field_history USING btree (instrument_id, freq, field, ts);
CREATE INDEX bar_history_key_idx ON bourse.bar_history USING btree (instrument_id, freq, ts, known_until);
CREATE INDEX bar_reject_source_idx ON bourse.bar_reject USING btree (source, reject_id);
CREATE INDEX data_file_sha256_idx ON bourse.data_file USING btree (sha256);
CREATE INDEX dataset_member_idx ON bourse.dataset_member USING btree (dataset_id, instrument_id);
CREATE INDEX drift_result_version_idx ON bourse.drift_result USING btree (model_version_id, checked_at);
CREATE INDEX feature_dirty_set_idx ON bourse.feature_dirty USING btree (feature_set_id, dirty_id);
CREATE INDEX job_archive_cancelled_by_idx ON ONLY bourse.job_archive USING btree (cancelled_by_job) WHERE (cancelled_by_job IS NOT NULL);
CREATE INDEX job_archive_default_cancelled_by_job_idx ON bourse.job_archive_default USING btree (cancelled_by_job) WHERE (cancelled_by_job IS NOT NULL);
CREATE INDEX job_archive_default_finished_idx ON bourse.job_archive_default USING btree (finished_at);
CREATE INDEX job_archive_unique_idx ON ONLY bourse.job_archive USING btree (kind, unique_key, created_at) WHERE (unique_key IS NOT NULL);
CREATE INDEX job_archive_default_kind_unique_key_created_at_idx ON bourse.job_archive_default USING btree (kind, unique_key, created_at) WHERE (unique_key IS NOT NULL);
CREATE INDEX job_archive_owner_idx ON ONLY bourse.job_archive USING btree (owner, job_id);
CREATE INDEX job_archive_default_owner_job_id_idx ON bourse.job_archive_default USING btree (owner, job_id);
CREATE INDEX job_dependency_after_idx ON bourse.job_dependency USING btree (after_job_id);
CREATE INDEX job_lease_idx ON bourse.job USING btree (leased_until) WHERE (state = 'running'::text);
CREATE INDEX job_log_default_at_idx ON bourse.job_log_default USING btree (at);
CREATE INDEX job_scheduled_idx ON bourse.job USING btree (run_at) WHERE (state = 'scheduled'::text);
CREATE UNIQUE INDEX job_unique_running_idx ON bourse.job USING btree (kind, unique_key) WHERE ((unique_key IS NOT NULL) AND (unique_while = 'running'::text));
CREATE UNIQUE INDEX job_unique_waiting_idx ON bourse.job USING btree (kind, unique_key) WHERE ((unique_key IS NOT NULL) AND (state = ANY (ARRAY['waiting'::text, 'scheduled'::text])));
CREATE INDEX job_usage_default_ended_idx ON bourse.job_usage_default USING btree (ended_at);
CREATE INDEX lineage_edge_to_idx ON bourse.lineage_edge USING btree (to_kind, to_id);
CREATE INDEX model_stage_model_idx ON bourse.model_stage USING btree (model_id, stage);
CREATE UNIQUE INDEX model_stage_one_production_idx ON bourse.model_stage USING btree (model_id) WHERE (stage = 'production'::text);
CREATE INDEX prediction_ts_idx ON bourse.prediction USING btree (model_version_id, ts);
CREATE INDEX run_log_run_idx ON bourse.run_log USING btree (run_id, logged_at);
CREATE INDEX schedule_check_idx ON bourse.schedule USING btree (check_at);
CREATE INDEX universe_name_idx ON bourse.universe USING btree (name, instrument_id);
ALTER INDEX bourse.bar_pkey ATTACH PARTITION bourse.bar_15m_pkey;
ALTER INDEX bourse.bar_ts_idx ATTACH PARTITION bourse.bar_15m_ts_idx;
ALTER INDEX bourse.bar_pkey ATTACH PARTITION bourse.bar_1d_pkey;
ALTER INDEX bourse.bar_ts_idx ATTACH PARTITION bourse.bar_1d_ts_idx;
ALTER INDEX bourse.bar_pkey ATTACH PARTITION bourse.bar_1h_pkey;
ALTER INDEX bourse.bar_ts_idx ATTACH PARTITION bourse.bar_1h_ts_idx;
ALTER INDEX bourse.bar_pkey ATTACH PARTITION bourse.bar_1m_pkey;
ALTER INDEX bourse.bar_ts_idx ATTACH PARTITION bourse.bar_1m_ts_idx;
ALTER INDEX bourse.bar_pkey ATTACH PARTITION bourse.bar_1mo_pkey;
ALTER INDEX bourse.bar_ts_idx ATTACH PARTITION bourse.bar_1mo_ts_idx;
ALTER INDEX bourse.bar_pkey ATTACH PARTITION bourse.bar_1w_pkey;
ALTER INDEX bourse.bar_ts_idx ATTACH PARTITION bourse.bar_1w_ts_idx;
ALTER INDEX bourse.bar_pkey ATTACH PARTITION bourse.bar_30m_pkey;
ALTER INDEX bourse.bar_ts_idx ATTACH PARTITION bourse.bar_30m_ts_idx;
ALTER INDEX bourse.bar_pkey ATTACH PARTITION bourse.bar_4h_pkey;
ALTER INDEX bourse.bar_ts_idx ATTACH PARTITION bourse.bar_4h_ts_idx;
ALTER INDEX bourse.bar_pkey ATTACH PARTITION bourse.bar_5m_pkey;
ALTER INDEX bourse.bar_ts_idx ATTACH PARTITION bourse.bar_5m_ts_idx;
ALTER INDEX bourse.job_archive_cancelled_by_idx ATTACH PARTITION bourse.job_archive_default_cancelled_by_job_idx;
ALTER INDEX bourse.job_archive_unique_idx ATTACH PARTITION bourse.job_archive_default_kind_unique_key_created_at_idx;
ALTER INDEX bourse.job_archive_owner_idx ATTACH PARTITION bourse.job_archive_default_owner_job_id_idx;
ALTER INDEX bourse.job_archive_pkey ATTACH PARTITION bourse.job_archive_default_pkey;
ALTER INDEX bourse.job_log_pkey ATTACH PARTITION bourse.job_log_default_pkey;
ALTER INDEX bourse.job_usage_pkey ATTACH PARTITION bourse.job_usage_default_pkey;
CREATE TRIGGER audit_log_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON bourse.audit_log FOR EACH STATEMENT EXECUTE FUNCTION bourse.audit_log_append_only();
COMMENT ON TRIGGER audit_log_append_only ON bourse.audit_log IS 'history is not rewritten';
CREATE TRIGGER bar_field_deleted AFTER DELETE ON bourse.bar_field REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.mark_features_dirty();
COMMENT ON TRIGGER bar_field_deleted ON bourse.bar_field IS 'marks the stored sets that read the series';
CREATE TRIGGER bar_field_deleted_history AFTER DELETE ON bourse.bar_field REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION bourse.keep_field_history();
COMMENT ON TRIGGER bar_field_deleted_history ON bourse.bar_field IS 'keeps the values that were';
CREATE TRIGGER bar_field_inserted AFTER INSERT ON bourse.bar_field REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.mark_features_dirty();
COMMENT ON TRIGGER bar_field_inserted ON bourse.bar_field IS 'marks the stored sets that read the series';
CREATE TRIGGER bar_field_stamp BEFORE UPDATE ON bourse.bar_field FOR EACH ROW WHEN ((((((old.instrument_id IS DISTINCT FROM new.instrument_id) OR ((old.freq)::text IS DISTINCT FROM (new.freq)::text)) OR (old.field IS DISTINCT FROM new.field)) OR (old.ts IS DISTINCT FROM new.ts)) OR (old.value IS DISTINCT FROM new.value))) EXECUTE FUNCTION bourse.stamp_field_change();
COMMENT ON TRIGGER bar_field_stamp ON bourse.bar_field IS 'a changed value is not known before it is changed';
CREATE TRIGGER bar_field_updated AFTER UPDATE ON bourse.bar_field REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.mark_features_dirty();
COMMENT ON TRIGGER bar_field_updated ON bourse.bar_field IS 'marks the stored sets that read the series';
CREATE TRIGGER bar_field_updated_history AFTER UPDATE ON bourse.bar_field REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.keep_field_history();
COMMENT ON TRIGGER bar_field_updated_history ON bourse.bar_field IS 'keeps the values that were';
CREATE TRIGGER bar_inbox_load AFTER INSERT ON bourse.bar_inbox REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION bourse.bar_inbox_load();
COMMENT ON TRIGGER bar_inbox_load ON bourse.bar_inbox IS 'loads the rows of the statement';
CREATE TRIGGER calendar_deleted AFTER DELETE ON bourse.calendar REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.mark_features_dirty();
COMMENT ON TRIGGER calendar_deleted ON bourse.calendar IS 'marks the stored features of its instruments';
CREATE TRIGGER calendar_deleted_schedules AFTER DELETE ON bourse.calendar REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.calendar_schedules();
COMMENT ON TRIGGER calendar_deleted_schedules ON bourse.calendar IS 'has its schedules looked at again';
CREATE TRIGGER calendar_inserted AFTER INSERT ON bourse.calendar REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.mark_features_dirty();
COMMENT ON TRIGGER calendar_inserted ON bourse.calendar IS 'marks the stored features of its instruments';
CREATE TRIGGER calendar_inserted_schedules AFTER INSERT ON bourse.calendar REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.calendar_schedules();
COMMENT ON TRIGGER calendar_inserted_schedules ON bourse.calendar IS 'has its schedules looked at again';
CREATE TRIGGER calendar_updated AFTER UPDATE ON bourse.calendar REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.mark_features_dirty();
COMMENT ON TRIGGER calendar_updated ON bourse.calendar IS 'marks the stored features of its instruments';
CREATE TRIGGER calendar_updated_schedules AFTER UPDATE ON bourse.calendar REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.calendar_schedules();
COMMENT ON TRIGGER calendar_updated_schedules ON bourse.calendar IS 'has its schedules looked at again';
CREATE TRIGGER feature_dirty_deleted AFTER DELETE ON bourse.feature_dirty REFERENCING OLD TABLE AS done FOR EACH STATEMENT EXECUTE FUNCTION bourse.feature_dirty_done();
COMMENT ON TRIGGER feature_dirty_deleted ON bourse.feature_dirty IS 'marks the statistics of the set';
CREATE TRIGGER feature_dirty_updated AFTER UPDATE ON bourse.feature_dirty REFERENCING OLD TABLE AS done FOR EACH STATEMENT EXECUTE FUNCTION bourse.feature_dirty_done();
COMMENT ON TRIGGER feature_dirty_updated ON bourse.feature_dirty IS 'marks the statistics of the set';
CREATE TRIGGER instrument_updated AFTER UPDATE ON bourse.instrument REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.mark_features_dirty();
COMMENT ON TRIGGER instrument_updated ON bourse.instrument IS 'marks stored features when the calendar changes';
CREATE TRIGGER period_field_deleted AFTER DELETE ON bourse.period_field REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.mark_features_dirty();
COMMENT ON TRIGGER period_field_deleted ON bourse.period_field IS 'marks the stored sets that read the statements';
CREATE TRIGGER period_field_inserted AFTER INSERT ON bourse.period_field REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.mark_features_dirty();
COMMENT ON TRIGGER period_field_inserted ON bourse.period_field IS 'marks the stored sets that read the statements';
CREATE TRIGGER period_field_updated AFTER UPDATE ON bourse.period_field REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.mark_features_dirty();
COMMENT ON TRIGGER period_field_updated ON bourse.period_field IS 'marks the stored sets that read the statements';
CREATE TRIGGER universe_deleted AFTER DELETE ON bourse.universe REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.mark_features_dirty();
COMMENT ON TRIGGER universe_deleted ON bourse.universe IS 'marks the stored sets that take its cross-sections';
CREATE TRIGGER universe_inserted AFTER INSERT ON bourse.universe REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.mark_features_dirty();
COMMENT ON TRIGGER universe_inserted ON bourse.universe IS 'marks the stored sets that take its cross-sections';
CREATE TRIGGER universe_updated AFTER UPDATE ON bourse.universe REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION bourse.mark_features_dirty();
COMMENT ON TRIGGER universe_updated ON bourse.universe IS 'marks the stored sets that take its cross-sections';
ALTER TABLE ONLY bourse.artifact_chunk
    ADD CONSTRAINT artifact_chunk_artifact_fkey FOREIGN KEY (artifact_id) REFERENCES bourse.artifact(artifact_id) ON DELETE CASCADE;
ALTER TABLE ONLY bourse.artifact
    ADD CONSTRAINT artifact_key_fkey FOREIGN KEY (key_id) REFERENCES bourse.signing_key(key_id);
ALTER TABLE ONLY bourse.data_file
    ADD CONSTRAINT data_file_version_fkey FOREIGN KEY (data_version_id) REFERENCES bourse.data_version(data_version_id);
ALTER TABLE ONLY bourse.dataset_member
    ADD CONSTRAINT dataset_member_dataset_fkey FOREIGN KEY (dataset_id) REFERENCES bourse.dataset(dataset_id) ON DELETE CASCADE;
ALTER TABLE ONLY bourse.dataset_part
    ADD CONSTRAINT dataset_part_dataset_fkey FOREIGN KEY (dataset_id) REFERENCES bourse.dataset(dataset_id) ON DELETE CASCADE;
ALTER TABLE ONLY bourse.dataset_range
    ADD CONSTRAINT dataset_range_dataset_fkey FOREIGN KEY (dataset_id) REFERENCES bourse.dataset(dataset_id) ON DELETE CASCADE;
ALTER TABLE ONLY bourse.model_stage
    ADD CONSTRAINT model_stage_version_fkey FOREIGN KEY (model_version_id) REFERENCES bourse.model_version(model_version_id);
ALTER TABLE ONLY bourse.model_upload
    ADD CONSTRAINT model_upload_artifact_fkey FOREIGN KEY (artifact_id) REFERENCES bourse.artifact(artifact_id);
ALTER TABLE ONLY bourse.model_version
    ADD CONSTRAINT model_version_artifact_fkey FOREIGN KEY (artifact_id) REFERENCES bourse.artifact(artifact_id);
ALTER TABLE ONLY bourse.model_version
    ADD CONSTRAINT model_version_model_fkey FOREIGN KEY (model_id) REFERENCES bourse.model(model_id);
ALTER TABLE ONLY bourse.model_version
    ADD CONSTRAINT model_version_native_fkey FOREIGN KEY (native_artifact_id) REFERENCES bourse.artifact(artifact_id);
ALTER TABLE ONLY bourse.qlib_span
    ADD CONSTRAINT qlib_span_instrument_fkey FOREIGN KEY (instrument_id) REFERENCES bourse.instrument(instrument_id);
ALTER TABLE ONLY bourse.revoked_version
    ADD CONSTRAINT revoked_version_version_fkey FOREIGN KEY (model_version_id) REFERENCES bourse.model_version(model_version_id);
ALTER TABLE ONLY bourse.sql_object
    ADD CONSTRAINT sql_object_file_fkey FOREIGN KEY (name) REFERENCES bourse.sql_file(name) ON DELETE CASCADE;
ALTER TABLE ONLY bourse.universe
    ADD CONSTRAINT universe_instrument_fkey FOREIGN KEY (instrument_id) REFERENCES bourse.instrument(instrument_id);
GRANT USAGE ON SCHEMA bourse TO bourse_reader;
GRANT USAGE ON SCHEMA bourse_bi TO bourse_reader;
GRANT USAGE ON SCHEMA ta TO bourse_reader;
REVOKE ALL ON FUNCTION bourse.allow_job_function(function regprocedure) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.allow_job_function(function regprocedure) TO bourse_admin;
GRANT SELECT ON TABLE bourse.audit_log TO bourse_reader;
GRANT SELECT ON TABLE bourse.audit_log TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.audit(event text, object_kind text, object text, reason text, detail jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.audit_log_append_only() FROM PUBLIC;
GRANT SELECT ON TABLE bourse.calendar TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.calendar TO bourse_admin;
GRANT SELECT ON TABLE bourse.bar TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.bar TO bourse_admin;
GRANT SELECT ON TABLE bourse.bar_history TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.bar_history TO bourse_admin;
GRANT SELECT ON TABLE bourse.instrument TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.instrument TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.calendar_schedules() FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.cancel(job bigint, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.cancel(job bigint, reason text) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.close_direct_load(version bigint, options jsonb, OUT data_version_id bigint, OUT refused boolean, OUT reason text, OUT rows_read bigint, OUT rows_loaded bigint, OUT rows_changed bigint, OUT rows_unchanged bigint, OUT rows_duplicate bigint, OUT rows_rejected bigint, OUT rows_without_volume bigint, OUT instruments_made integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.close_direct_load(version bigint, options jsonb, OUT data_version_id bigint, OUT refused boolean, OUT reason text, OUT rows_read bigint, OUT rows_loaded bigint, OUT rows_changed bigint, OUT rows_unchanged bigint, OUT rows_duplicate bigint, OUT rows_rejected bigint, OUT rows_without_volume bigint, OUT instruments_made integer) TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.close_direct_load(version bigint, options jsonb, OUT data_version_id bigint, OUT refused boolean, OUT reason text, OUT rows_read bigint, OUT rows_loaded bigint, OUT rows_changed bigint, OUT rows_unchanged bigint, OUT rows_duplicate bigint, OUT rows_rejected bigint, OUT rows_without_volume bigint, OUT instruments_made integer) TO bourse_worker;
GRANT SELECT ON TABLE bourse.model TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.model TO bourse_admin;
GRANT SELECT ON TABLE bourse.model_version TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.model_version TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.count_features(budget interval) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.count_features(budget interval) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.create_dataset(name text, feature_set text, label text, universe text, span tstzrange, known_at timestamp with time zone, split jsonb, processors jsonb, horizon integer, pinned boolean, description text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.create_dataset(name text, feature_set text, label text, universe text, span tstzrange, known_at timestamp with time zone, split jsonb, processors jsonb, horizon integer, pinned boolean, description text) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.create_feature_set(name text, expressions text[], freq text, description text, materialize boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.create_feature_set(name text, expressions text[], freq text, description text, materialize boolean) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.create_feature_set(name text, expressions jsonb, freq text, description text, materialize boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.create_feature_set(name text, expressions jsonb, freq text, description text, materialize boolean) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.dataset_built(dataset_id bigint, counts jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.dataset_built(dataset_id bigint, counts jsonb) TO bourse_worker;
GRANT SELECT ON TABLE bourse.dataset TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.dataset TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.direct_series(version bigint, freq text, symbols text[], options jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.direct_series(version bigint, freq text, symbols text[], options jsonb) TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.direct_series(version bigint, freq text, symbols text[], options jsonb) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.disallow_job_function(function regprocedure) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.disallow_job_function(function regprocedure) TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.drift(model text, from_ts timestamp with time zone, to_ts timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.drift(model text, from_ts timestamp with time zone, to_ts timestamp with time zone) TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.drift(model text, from_ts timestamp with time zone, to_ts timestamp with time zone) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.enqueue(kind text, args jsonb, queue text, priority integer, run_at timestamp with time zone, unique_key text, unique_while text, unique_period interval, after bigint[], max_attempts integer, timeout interval, resources jsonb, owner text, after_failure text, limit_key text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.enqueue(kind text, args jsonb, queue text, priority integer, run_at timestamp with time zone, unique_key text, unique_while text, unique_period interval, after bigint[], max_attempts integer, timeout interval, resources jsonb, owner text, after_failure text, limit_key text) TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.enqueue(kind text, args jsonb, queue text, priority integer, run_at timestamp with time zone, unique_key text, unique_while text, unique_period interval, after bigint[], max_attempts integer, timeout interval, resources jsonb, owner text, after_failure text, limit_key text) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.enqueue_artifact_job(kind text, model text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.enqueue_artifact_job(kind text, model text) TO bourse_operator;
REVOKE ALL ON FUNCTION bourse.enqueue_many(kind text, args jsonb[], queue text, priority integer, run_at timestamp with time zone, unique_key text, unique_while text, unique_period interval, after bigint[], max_attempts integer, timeout interval, resources jsonb, owner text, after_failure text, limit_key text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.enqueue_many(kind text, args jsonb[], queue text, priority integer, run_at timestamp with time zone, unique_key text, unique_while text, unique_period interval, after bigint[], max_attempts integer, timeout interval, resources jsonb, owner text, after_failure text, limit_key text) TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.enqueue_many(kind text, args jsonb[], queue text, priority integer, run_at timestamp with time zone, unique_key text, unique_while text, unique_period interval, after bigint[], max_attempts integer, timeout interval, resources jsonb, owner text, after_failure text, limit_key text) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.enqueue_refresh(feature_set_id integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.enqueue_refresh_helpers(feature_set_id integer, helpers integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.enqueue_refresh_helpers(feature_set_id integer, helpers integer) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.enqueue_refresh_jobs() FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.enqueue_refresh_jobs() TO bourse_worker;
GRANT SELECT ON TABLE ta.indicator_catalog TO bourse_reader;
GRANT SELECT ON TABLE bourse.feature_set TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.feature_set TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.read_model_file(model text, format text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.read_model_file(model text, format text) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.export_model(model text, format text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.export_model(model text, format text) TO bourse_researcher;
GRANT SELECT ON TABLE bourse.feature_retention TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.feature_retention TO bourse_admin;
GRANT SELECT ON TABLE bourse.schedule TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.schedule TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.find_schedule(name text, verb text) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.import_finished(job bigint, args jsonb, owner text, state text, result jsonb, error text) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.import_model(name text, content bytea, format text, features text[], feature_set text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.import_model(name text, content bytea, format text, features text[], feature_set text) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.index_feature_set(feature_set_id integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.index_feature_set(feature_set_id integer) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.insert_dataset(made bourse.dataset, times timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.insert_dataset(made bourse.dataset, times timestamp with time zone[]) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.insert_feature_set(name text, features text[], expressions text[], freq text, description text, materialize boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.insert_feature_set(name text, features text[], expressions text[], freq text, description text, materialize boolean) TO bourse_researcher;
GRANT SELECT ON TABLE bourse.run TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.run TO bourse_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.run TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.insert_run(run bourse.run) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.insert_run(run bourse.run) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.job_check_args(kind text, args jsonb[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_check_policy(kind text, queue text, run_at timestamp with time zone, unique_key text, unique_while text, unique_period interval, max_attempts integer, timeout interval, resources jsonb, owner text) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_claim(worker text, kinds text[], slots integer, lease interval, offer jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.job_claim(worker text, kinds text[], slots integer, lease interval, offer jsonb) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.job_complete(job bigint, attempt integer, result jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.job_complete(job bigint, attempt integer, result jsonb) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.job_drop_partition(parent text, child text) FROM PUBLIC;
GRANT USAGE ON SEQUENCE bourse.work_id_seq TO bourse_researcher;
GRANT SELECT ON TABLE bourse.job TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.job TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.job_end_attempt(job bourse.job, error text, retryable boolean, exit_code integer, signal integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_end_dependents(job bigint, state text) FROM PUBLIC;
GRANT SELECT ON TABLE bourse.job_archive TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.job_archive TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.job_end_taken(worker text, ids bigint[], places tid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_fail(job bigint, attempt integer, error text, retryable boolean, exit_code integer, signal integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.job_fail(job bigint, attempt integer, error text, retryable boolean, exit_code integer, signal integer) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.job_far() FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_finish(job bourse.job, state text, result jsonb, error text) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_function_check(args jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.job_function_check(args jsonb) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.job_heartbeat(worker text, jobs bigint[], attempts integer[], lease interval) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.job_heartbeat(worker text, jobs bigint[], attempts integer[], lease interval) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.job_insert(kind text, args jsonb[], queue text, priority integer, run_at timestamp with time zone, unique_key text, unique_while text, unique_period interval, after bigint[], max_attempts integer, timeout interval, resources jsonb, owner text, after_failure text, limit_key text) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_lane_after(lane bourse.job_lane, skip integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_lanes(kinds text[], first bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_limit_lock(lanes bourse.job_lane[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_limit_note(kind text, limit_key text, jobs integer) FROM PUBLIC;
GRANT SELECT ON TABLE bourse.job_limit TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.job_limit TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.job_limit_of(kind text, limit_key text) FROM PUBLIC;
GRANT SELECT ON TABLE bourse.job_limit_use TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.job_limit_use TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.job_limit_opens_s() FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_limit_room(kind text, limit_key text, picked bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_lock(job bigint, verb text) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_lock_lane(lane bourse.job_lane, offer jsonb, picked bigint[], taking boolean, OUT ids bigint[], OUT wants jsonb[], OUT places tid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_maintain(most_rows bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.job_maintain(most_rows bigint) TO bourse_operator;
GRANT ALL ON FUNCTION bourse.job_maintain(most_rows bigint) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.job_make_partition(parent text, time_column text, at timestamp with time zone, most_rows bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_open_dependencies(after bigint[], after_failure text) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_partition_of(parent text, at timestamp with time zone) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_pick(kinds text[], jobs integer, skip integer, offer jsonb, taking boolean, first bigint, OUT ids bigint[], OUT places tid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_pick_from(INOUT lanes bourse.job_lane[], kinds text[], jobs integer, skip integer, offer jsonb, taking boolean, OUT ids bigint[], OUT places tid[], OUT first_ids bigint[], OUT last_ids bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_progress(job bigint, attempt integer, stage text, progress_ratio double precision, note text, progress_values jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.job_progress(job bigint, attempt integer, stage text, progress_ratio double precision, note text, progress_values jsonb) TO bourse_worker;
GRANT SELECT ON TABLE bourse.run_progress TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.run_progress TO bourse_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.run_progress TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.job_put_back(job bourse.job, run_at timestamp with time zone, extra_attempts integer, error text) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_recall(setting text, kinds text[], OUT until timestamp with time zone, OUT lanes bourse.job_lane[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_refuse_stale(job bigint, attempt integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_release(job bigint, attempt integer, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.job_release(job bigint, attempt integer, reason text) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.job_release_dependents(jobs bigint[], policies text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_remember(setting text, until timestamp with time zone, lanes bourse.job_lane[], jobs bigint[], before integer) FROM PUBLIC;
GRANT SELECT ON TABLE bourse.job_log TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.job_log TO bourse_admin;
GRANT SELECT ON TABLE bourse.job_usage TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.job_usage TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.job_report(worker text, lines jsonb, usages jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.job_report(worker text, lines jsonb, usages jsonb) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.job_require_owner(job bigint, owner text, verb text) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_rescue() FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.job_rescue() TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.job_revive(ended bourse.job_archive, unmet bigint[], max_attempts integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_revive_dependents(job bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_share_charge(owners text[], jobs integer[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_share_out(lanes bourse.job_lane[], jobs integer, offer jsonb, picked bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_take(worker text, kinds text[], jobs integer, skip integer, looked bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.job_take(worker text, kinds text[], jobs integer, skip integer, looked bigint) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.job_take_done(worker text, jobs bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.job_take_done(worker text, jobs bigint[]) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.job_take_few(kinds text[], jobs integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.job_take_few(kinds text[], jobs integer) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.job_tick() FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.job_tick() TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.job_to_archive(job bourse.job, state text, result jsonb, error text, because_of bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_unique_twin(kind text, unique_key text, unique_while text, unique_period interval) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.job_write(kind text, args jsonb[], queue text, priority integer, run_at timestamp with time zone, unique_key text, unique_while text, unique_period interval, after bigint[], max_attempts integer, timeout interval, resources jsonb, owner text, after_failure text, limit_key text) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.keep_features(feature_set text, days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.keep_features(feature_set text, days integer) TO bourse_operator;
GRANT SELECT ON TABLE bourse.bar_field TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.bar_field TO bourse_admin;
GRANT SELECT ON TABLE bourse.bar_field_history TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.bar_field_history TO bourse_admin;
GRANT SELECT ON TABLE bourse.period_field TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.period_field TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.limit_jobs(kind text, key text, max_running integer, max_starts integer, per interval) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.limit_jobs(kind text, key text, max_running integer, max_starts integer, per interval) TO bourse_operator;
REVOKE ALL ON FUNCTION bourse.load_bars(source text, options jsonb, OUT data_version_id bigint, OUT refused boolean, OUT reason text, OUT rows_read bigint, OUT rows_loaded bigint, OUT rows_changed bigint, OUT rows_unchanged bigint, OUT rows_duplicate bigint, OUT rows_rejected bigint, OUT rows_without_volume bigint, OUT instruments_made integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.load_bars(source text, options jsonb, OUT data_version_id bigint, OUT refused boolean, OUT reason text, OUT rows_read bigint, OUT rows_loaded bigint, OUT rows_changed bigint, OUT rows_unchanged bigint, OUT rows_duplicate bigint, OUT rows_rejected bigint, OUT rows_without_volume bigint, OUT instruments_made integer) TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.load_bars(source text, options jsonb, OUT data_version_id bigint, OUT refused boolean, OUT reason text, OUT rows_read bigint, OUT rows_loaded bigint, OUT rows_changed bigint, OUT rows_unchanged bigint, OUT rows_duplicate bigint, OUT rows_rejected bigint, OUT rows_without_volume bigint, OUT instruments_made integer) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.load_block(block bytea, freq text, version bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.load_block(block bytea, freq text, version bigint) TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.load_block(block bytea, freq text, version bigint) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.load_calendar(calendar text, csv text, max_gap_days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.load_calendar(calendar text, csv text, max_gap_days integer) TO bourse_operator;
GRANT SELECT ON TABLE bourse.data_file TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.data_file TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.log_predictions(model text, from_ts timestamp with time zone, to_ts timestamp with time zone, universe text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.log_predictions(model text, from_ts timestamp with time zone, to_ts timestamp with time zone, universe text) TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.log_predictions(model text, from_ts timestamp with time zone, to_ts timestamp with time zone, universe text) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.make_bar_partitions(freq text, from_ts timestamp with time zone, to_ts timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.make_bar_partitions(freq text, from_ts timestamp with time zone, to_ts timestamp with time zone) TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.make_bar_partitions(freq text, from_ts timestamp with time zone, to_ts timestamp with time zone) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.make_feature_views(feature_set_id integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.materialize_feature_set(feature_set_id integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.materialize_feature_set(feature_set_id integer) TO bourse_worker;
GRANT SELECT ON TABLE bourse.model_stage TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.model_stage TO bourse_admin;
GRANT SELECT ON TABLE bourse.stage_transition TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.stage_transition TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.move_stage(model_version_id bigint, stage text, reason text) FROM PUBLIC;
GRANT SELECT ON TABLE bourse.stage_rule TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.stage_rule TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.on_any_change(changed_table text, handler text, suffix text, meaning text) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.open_direct_load(source text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.open_direct_load(source text) TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.open_direct_load(source text) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.open_load() FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.open_load() TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.open_load() TO bourse_worker;
GRANT SELECT ON TABLE bourse.universe TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.universe TO bourse_admin;
GRANT SELECT ON TABLE bourse.custom_operator TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.custom_operator TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.pause(job bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.pause(job bigint) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.pause(queue text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.pause(queue text) TO bourse_operator;
REVOKE ALL ON FUNCTION bourse.pause_schedule(name text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.pause_schedule(name text) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.promote(model text, stage text, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.promote(model text, stage text, reason text) TO bourse_operator;
REVOKE ALL ON FUNCTION bourse.qlib_instruments(symbols text[], exchange text, calendar text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.qlib_instruments(symbols text[], exchange text, calendar text) TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.qlib_instruments(symbols text[], exchange text, calendar text) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.qlib_keep_field(instrument_id integer, freq text, field text, from_us bigint, to_us bigint, at_us bigint[], vals double precision[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.qlib_keep_field(instrument_id integer, freq text, field text, from_us bigint, to_us bigint, at_us bigint[], vals double precision[]) TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.qlib_keep_field(instrument_id integer, freq text, field text, from_us bigint, to_us bigint, at_us bigint[], vals double precision[]) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.qlib_keep_spans(instrument_ids integer[], freq text, fields text[], from_us bigint[], to_us bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.qlib_keep_spans(instrument_ids integer[], freq text, fields text[], from_us bigint[], to_us bigint[]) TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.qlib_keep_spans(instrument_ids integer[], freq text, fields text[], from_us bigint[], to_us bigint[]) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.qlib_keep_universe(name text, instrument_ids integer[], from_us bigint[], to_us bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.qlib_keep_universe(name text, instrument_ids integer[], from_us bigint[], to_us bigint[]) TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.qlib_keep_universe(name text, instrument_ids integer[], from_us bigint[], to_us bigint[]) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.read_artifact(artifact_id bigint, chunk integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.read_artifact(artifact_id bigint, chunk integer) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.record_artifact_check(job bigint, model_version_id bigint, problem_sqlstate text, problem text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.record_artifact_check(job bigint, model_version_id bigint, problem_sqlstate text, problem text) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.refresh_feature_statistics(feature_set text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.refresh_feature_statistics(feature_set text) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.refresh_features(feature_set text, symbols text[], from_ts timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.refresh_features(feature_set text, symbols text[], from_ts timestamp with time zone) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.refuse_file(file jsonb, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.refuse_file(file jsonb, reason text) TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.refuse_file(file jsonb, reason text) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.register_operator(name text, function regprocedure, description text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.register_operator(name text, function regprocedure, description text) TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.register_version(model text, run_id bigint, algorithm text, feature_set_id integer, features text[], label text, artifact bytea, native bytea, params jsonb, metrics jsonb, signature bytea, public_key bytea, import_job bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.register_version(model text, run_id bigint, algorithm text, feature_set_id integer, features text[], label text, artifact bytea, native bytea, params jsonb, metrics jsonb, signature bytea, public_key bytea, import_job bigint) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.replace_signature(job bigint, model_version_id bigint, signature bytea, public_key bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.replace_signature(job bigint, model_version_id bigint, signature bytea, public_key bytea) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.require_reason(what text, which text, reason text) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.require_signature(model text, sha256 bytea, size_bytes bigint, signature bytea, public_key bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.resign_artifacts(model text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.resign_artifacts(model text) TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.resume(job bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.resume(job bigint) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.resume(queue text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.resume(queue text) TO bourse_operator;
REVOKE ALL ON FUNCTION bourse.resume_schedule(name text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.resume_schedule(name text) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.retire_feature_sets(name text) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.retry(job bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.retry(job bigint) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.retry_dead(kind text, since timestamp with time zone, states text[], most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.retry_dead(kind text, since timestamp with time zone, states text[], most integer) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.revoke_key(name text, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.revoke_key(name text, reason text) TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.revoke_version(model text, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.revoke_version(model text, reason text) TO bourse_operator;
REVOKE ALL ON FUNCTION bourse.ring() FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.ring() TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.ring() TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.run_job_finished(job bigint, state text, error text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.run_job_finished(job bigint, state text, error text) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.schedule(name text, spec text, kind text, args jsonb, calendar text, time_zone text, catch_up interval, queue text, priority integer, overlap text, enabled boolean, max_attempts integer, timeout interval, resources jsonb, owner text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.schedule(name text, spec text, kind text, args jsonb, calendar text, time_zone text, catch_up interval, queue text, priority integer, overlap text, enabled boolean, max_attempts integer, timeout interval, resources jsonb, owner text) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.schedule_due(s bourse.schedule, at timestamp with time zone, OUT slots timestamp with time zone[], OUT skipped bigint, OUT reached timestamp with time zone) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.schedule_make_jobs(s bourse.schedule, at timestamp with time zone) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.schedule_tick() FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.schedule_tick() TO bourse_worker;
GRANT SELECT ON TABLE bourse.job_kind TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.job_kind TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.set_job_kind(kind text, max_attempts integer, timeout interval, backoff_base_s double precision, backoff_cap_s double precision, backoff_jitter_ratio double precision, memory_mb integer, description text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.set_job_kind(kind text, max_attempts integer, timeout interval, backoff_base_s double precision, backoff_cap_s double precision, backoff_jitter_ratio double precision, memory_mb integer, description text) TO bourse_operator;
REVOKE ALL ON FUNCTION bourse.set_setting(name text, value jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.set_setting(name text, value jsonb) TO bourse_operator;
REVOKE ALL ON FUNCTION bourse.set_share(owner text, weight double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.set_share(owner text, weight double precision) TO bourse_operator;
REVOKE ALL ON FUNCTION bourse.stop_run(run bigint, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.stop_run(run bigint, reason text) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.store_artifact(format text, content bytea, signature bytea, key_id integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.store_upload(job bigint, format text, content bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.store_upload(job bigint, format text, content bytea) TO bourse_researcher;
GRANT SELECT ON TABLE bourse.feature_value TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.feature_value TO bourse_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.feature_value TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.train(model text, algorithm text, feature_set text, label text, universe text, from_ts timestamp with time zone, to_ts timestamp with time zone, split jsonb, params jsonb, seed bigint, dataset text, source text, options jsonb, source_path text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.train(model text, algorithm text, feature_set text, label text, universe text, from_ts timestamp with time zone, to_ts timestamp with time zone, split jsonb, params jsonb, seed bigint, dataset text, source text, options jsonb, source_path text) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.trim_features(most_rows integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.trim_features(most_rows integer) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.trust_key(name text, public_key bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.trust_key(name text, public_key bytea) TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.unlimit_jobs(kind text, key text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.unlimit_jobs(kind text, key text) TO bourse_operator;
REVOKE ALL ON FUNCTION bourse.unregister_operator(name text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.unregister_operator(name text) TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.unschedule(name text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.unschedule(name text) TO bourse_researcher;
REVOKE ALL ON FUNCTION bourse.update_feature_stats(feature_set_id integer, days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.update_feature_stats(feature_set_id integer, days integer) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.update_outcomes(model text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.update_outcomes(model text) TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.update_outcomes(model text) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.verify_artifacts(model text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.verify_artifacts(model text) TO bourse_operator;
REVOKE ALL ON FUNCTION bourse.worker_register(worker text, host text, pid integer, version text, kinds text[], slots integer, offers jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.worker_register(worker text, host text, pid integer, version text, kinds text[], slots integer, offers jsonb) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.worker_sleep(worker text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.worker_sleep(worker text) TO bourse_worker;
GRANT SELECT ON TABLE bourse.worker TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.worker TO bourse_admin;
REVOKE ALL ON FUNCTION bourse.worker_stop(worker text) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.worker_stop(worker text) TO bourse_worker;
REVOKE ALL ON FUNCTION bourse.worker_usage(worker text, usage jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.worker_usage(worker text, usage jsonb) TO bourse_worker;
GRANT SELECT ON TABLE bourse.artifact TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.artifact TO bourse_admin;
GRANT SELECT ON TABLE bourse.bar_15m TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.bar_15m TO bourse_admin;
GRANT SELECT ON TABLE bourse.bar_1d TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.bar_1d TO bourse_admin;
GRANT SELECT ON TABLE bourse.bar_1h TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.bar_1h TO bourse_admin;
GRANT SELECT ON TABLE bourse.bar_1m TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.bar_1m TO bourse_admin;
GRANT SELECT ON TABLE bourse.bar_1mo TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.bar_1mo TO bourse_admin;
GRANT SELECT ON TABLE bourse.bar_1w TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.bar_1w TO bourse_admin;
GRANT SELECT ON TABLE bourse.bar_30m TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.bar_30m TO bourse_admin;
GRANT SELECT ON TABLE bourse.bar_4h TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.bar_4h TO bourse_admin;
GRANT SELECT ON TABLE bourse.bar_5m TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.bar_5m TO bourse_admin;
GRANT SELECT ON TABLE bourse.bar_inbox TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.bar_inbox TO bourse_admin;
GRANT INSERT ON TABLE bourse.bar_inbox TO bourse_researcher;
GRANT INSERT ON TABLE bourse.bar_inbox TO bourse_worker;
GRANT SELECT ON TABLE bourse.bar_reject TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.bar_reject TO bourse_admin;
GRANT SELECT ON TABLE bourse.data_version TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.data_version TO bourse_admin;
GRANT SELECT ON TABLE bourse.dataset_member TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.dataset_member TO bourse_admin;
GRANT SELECT ON TABLE bourse.dataset_part TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.dataset_part TO bourse_admin;
GRANT SELECT ON TABLE bourse.dataset_range TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.dataset_range TO bourse_admin;
GRANT SELECT ON TABLE bourse.drift_reference TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.drift_reference TO bourse_admin;
GRANT INSERT,UPDATE ON TABLE bourse.drift_reference TO bourse_worker;
GRANT SELECT ON TABLE bourse.drift_result TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.drift_result TO bourse_admin;
GRANT INSERT ON TABLE bourse.drift_result TO bourse_researcher;
GRANT INSERT ON TABLE bourse.drift_result TO bourse_worker;
GRANT SELECT ON TABLE bourse.feature_checkpoint TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.feature_checkpoint TO bourse_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.feature_checkpoint TO bourse_worker;
GRANT SELECT ON TABLE bourse.feature_dirty TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.feature_dirty TO bourse_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.feature_dirty TO bourse_worker;
GRANT SELECT ON TABLE bourse.feature_state TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.feature_state TO bourse_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.feature_state TO bourse_worker;
GRANT SELECT ON TABLE bourse.feature_stats TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.feature_stats TO bourse_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.feature_stats TO bourse_worker;
GRANT SELECT ON TABLE bourse.feature_stats_stale TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.feature_stats_stale TO bourse_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.feature_stats_stale TO bourse_worker;
GRANT SELECT ON TABLE bourse.importance TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.importance TO bourse_admin;
GRANT INSERT,UPDATE ON TABLE bourse.importance TO bourse_worker;
GRANT SELECT ON TABLE bourse.job_archive_default TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.job_archive_default TO bourse_admin;
GRANT SELECT ON TABLE bourse.job_dependency TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.job_dependency TO bourse_admin;
GRANT SELECT ON TABLE bourse.job_function TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.job_function TO bourse_admin;
GRANT SELECT ON TABLE bourse.job_log_default TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.job_log_default TO bourse_admin;
GRANT SELECT ON TABLE bourse.job_share TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.job_share TO bourse_admin;
GRANT SELECT ON TABLE bourse.job_usage_default TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.job_usage_default TO bourse_admin;
GRANT SELECT ON TABLE bourse.lineage_edge TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.lineage_edge TO bourse_admin;
GRANT INSERT,UPDATE ON TABLE bourse.lineage_edge TO bourse_worker;
GRANT SELECT ON TABLE bourse.migration TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.migration TO bourse_admin;
GRANT SELECT ON TABLE bourse.model_upload TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.model_upload TO bourse_admin;
GRANT SELECT ON TABLE bourse.outcome TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.outcome TO bourse_admin;
GRANT INSERT,UPDATE ON TABLE bourse.outcome TO bourse_worker;
GRANT SELECT ON TABLE bourse.paused_queue TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.paused_queue TO bourse_admin;
GRANT SELECT ON TABLE bourse.prediction TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.prediction TO bourse_admin;
GRANT INSERT,UPDATE ON TABLE bourse.prediction TO bourse_worker;
GRANT SELECT ON TABLE bourse.qlib_calendar TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.qlib_calendar TO bourse_admin;
GRANT SELECT ON TABLE bourse.qlib_span TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.qlib_span TO bourse_admin;
GRANT SELECT ON TABLE bourse.revoked_version TO bourse_reader;
GRANT SELECT ON TABLE bourse.revoked_version TO bourse_admin;
GRANT SELECT ON TABLE bourse.run_log TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.run_log TO bourse_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.run_log TO bourse_worker;
GRANT SELECT ON TABLE bourse.run_metric TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.run_metric TO bourse_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.run_metric TO bourse_worker;
GRANT SELECT ON TABLE bourse.setting TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.setting TO bourse_admin;
GRANT SELECT ON TABLE bourse.signing_key TO bourse_reader;
GRANT SELECT ON TABLE bourse.signing_key TO bourse_admin;
GRANT SELECT ON TABLE bourse.sql_file TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.sql_file TO bourse_admin;
GRANT SELECT ON TABLE bourse.sql_object TO bourse_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bourse.sql_object TO bourse_admin;
GRANT SELECT ON TABLE bourse_bi.algorithm_parameter TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.bar TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.calendar TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.data_load TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.dataset TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.dataset_fold TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.drift TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.feature_alpha158 TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.feature_alpha360 TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.feature_basic TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.feature_coverage TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.feature_set TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.feature_signals_v1 TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.feature_signals_v26 TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.feature_signals_v27 TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.importance TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.instrument TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.job TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.job_dependency TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.job_kind TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.job_log TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.job_usage TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.lineage TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.model TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.model_version TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.prediction TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.reject TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.run TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.run_log TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.run_metric TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.schedule TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.stage_transition TO bourse_reader;
GRANT SELECT ON TABLE bourse_bi.worker TO bourse_reader;
REVOKE ALL ON FUNCTION bourse.job_pages_read() FROM PUBLIC;
REVOKE ALL ON FUNCTION bourse.qlib_keep_calendar(calendar text, freq text, at_us bigint[], future_us bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION bourse.qlib_keep_calendar(calendar text, freq text, at_us bigint[], future_us bigint[]) TO bourse_researcher;
GRANT ALL ON FUNCTION bourse.qlib_keep_calendar(calendar text, freq text, at_us bigint[], future_us bigint[]) TO bourse_worker;
