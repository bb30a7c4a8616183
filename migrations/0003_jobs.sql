-- 0003_jobs.sql: the queue. Rules: docs/explanation/jobs.md. Breaking: no.

CREATE TABLE bourse.job (
    job_id        bigint NOT NULL DEFAULT nextval('bourse.work_id_seq'),
    kind          text COLLATE "C" NOT NULL,
    queue         text COLLATE "C" NOT NULL DEFAULT 'default',
    args          jsonb NOT NULL DEFAULT '{}',
    state         text NOT NULL DEFAULT 'waiting',
    priority      int NOT NULL DEFAULT 100,
    attempt       int NOT NULL DEFAULT 0,
    max_attempts  int NOT NULL DEFAULT 5,
    blocked_by    int NOT NULL DEFAULT 0,
    unique_key    text,
    unique_while  text,
    timeout       interval,
    resources     jsonb NOT NULL DEFAULT '{}',
    owner         text COLLATE "C" NOT NULL DEFAULT session_user,
    created_at    timestamptz NOT NULL DEFAULT now(),
    run_at        timestamptz NOT NULL DEFAULT now(),
    started_at    timestamptz,
    leased_until  timestamptz,
    worker        text,
    cancel_requested_at timestamptz,
    cancel_reason text,
    stage         text,
    progress_ratio float8,
    progress_note text,
    progress_at   timestamptz,
    last_error    text,
    exit_code     int,
    signal        int,
    paused_at     timestamptz,
    paused_by     text,
    limit_key     text COLLATE "C" NOT NULL DEFAULT '',
    CONSTRAINT job_pkey PRIMARY KEY (job_id),
    CONSTRAINT job_kind_not_blank CHECK (kind <> ''),
    CONSTRAINT job_state_known CHECK (state IN ('waiting', 'scheduled', 'running')),
    CONSTRAINT job_attempt_range CHECK (attempt BETWEEN 0 AND max_attempts),
    CONSTRAINT job_blocked_only_before_running CHECK (blocked_by >= 0 AND (blocked_by = 0 OR state <> 'running')),
    CONSTRAINT job_unique_while_known CHECK (unique_while IN ('waiting', 'running')),
    CONSTRAINT job_paused_is_blocked CHECK (paused_at IS NULL OR blocked_by > 0),
    CONSTRAINT job_lease_iff_running CHECK ((state = 'running') = (leased_until IS NOT NULL)),
    CONSTRAINT job_worker_iff_running CHECK ((state = 'running') = (worker IS NOT NULL))
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0,
        autovacuum_analyze_scale_factor = 0.2, autovacuum_analyze_threshold = 5000);
COMMENT ON TABLE bourse.job IS 'work not finished yet; written only through bourse.* functions. Finished jobs are in job_archive';
COMMENT ON COLUMN bourse.job.state IS 'waiting: due or waiting for others; scheduled: not before run_at; running: a worker holds the lease';
COMMENT ON COLUMN bourse.job.blocked_by IS 'what holds it back: the number of its rows in job_dependency, and one more while it is paused';
COMMENT ON COLUMN bourse.job.exit_code IS 'of the child of the last attempt that did not succeed; NULL when a signal ended it or no child had run';
COMMENT ON COLUMN bourse.job.signal IS 'that ended the child of the last attempt that did not succeed';
COMMENT ON COLUMN bourse.job.unique_while IS 'waiting: unique until it starts; running: until it ends';
COMMENT ON COLUMN bourse.job.limit_key IS 'what bourse.limit_jobs may limit within the kind; empty: none';
-- The jobs that may start, lane by lane (kind, queue, owner, limit_key): a lane that may not is stepped over as a whole.
CREATE INDEX job_fetch_idx ON bourse.job (kind, queue, owner, limit_key, priority, run_at, job_id) WHERE state = 'waiting' AND blocked_by = 0;
CREATE INDEX job_scheduled_idx ON bourse.job (run_at) WHERE state = 'scheduled';
CREATE INDEX job_lease_idx ON bourse.job (leased_until) WHERE state = 'running';
CREATE UNIQUE INDEX job_unique_waiting_idx ON bourse.job (kind, unique_key) WHERE unique_key IS NOT NULL AND state IN ('waiting', 'scheduled');
CREATE UNIQUE INDEX job_unique_running_idx ON bourse.job (kind, unique_key) WHERE unique_key IS NOT NULL AND unique_while = 'running';

CREATE TABLE bourse.job_archive (
    job_id        bigint NOT NULL,
    kind          text NOT NULL,
    queue         text NOT NULL,
    args          jsonb NOT NULL,
    state         text NOT NULL,
    priority      int NOT NULL,
    attempt       int NOT NULL,
    max_attempts  int NOT NULL,
    unique_key    text,
    unique_while  text,
    timeout       interval,
    resources     jsonb NOT NULL DEFAULT '{}',
    owner         text NOT NULL,
    created_at    timestamptz NOT NULL,
    run_at        timestamptz NOT NULL,
    started_at    timestamptz,
    finished_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    worker        text,
    stage         text,
    progress_ratio float8,
    progress_note text,
    result        jsonb,
    last_error    text,
    exit_code     int,
    signal        int,
    after_job_ids bigint[],
    after_failure text,
    cancelled_by_job bigint,
    limit_key     text NOT NULL DEFAULT '',
    CONSTRAINT job_archive_pkey PRIMARY KEY (job_id, finished_at),
    CONSTRAINT job_archive_state_known CHECK (state IN ('succeeded', 'failed', 'dead', 'cancelled'))
) PARTITION BY RANGE (finished_at);
COMMENT ON TABLE bourse.job_archive IS 'finished jobs; state says how they ended';
COMMENT ON COLUMN bourse.job_archive.exit_code IS 'of the child of the last attempt that did not succeed; NULL when a signal ended it or no child had run';
COMMENT ON COLUMN bourse.job_archive.signal IS 'that ended the child of the last attempt that did not succeed';
COMMENT ON COLUMN bourse.job_archive.after_job_ids IS 'what it was still to follow when it ended; retry takes that up again';
COMMENT ON COLUMN bourse.job_archive.cancelled_by_job IS 'the job whose bad end cancelled it, through however many others; retrying that one revives it';
CREATE TABLE bourse.job_archive_default PARTITION OF bourse.job_archive DEFAULT;
CREATE INDEX job_archive_default_finished_idx ON bourse.job_archive_default (finished_at);
COMMENT ON TABLE bourse.job_archive_default IS 'what no week has taken; bourse.job_maintain moves it';
CREATE INDEX job_archive_owner_idx ON bourse.job_archive (owner, job_id);
CREATE INDEX job_archive_cancelled_by_idx ON bourse.job_archive (cancelled_by_job) WHERE cancelled_by_job IS NOT NULL;
CREATE INDEX job_archive_unique_idx ON bourse.job_archive (kind, unique_key, created_at) WHERE unique_key IS NOT NULL;

CREATE TABLE bourse.job_log (
    job_id  bigint NOT NULL,
    attempt int NOT NULL,
    line    int NOT NULL,
    at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    level   text NOT NULL,
    message text NOT NULL,
    CONSTRAINT job_log_pkey PRIMARY KEY (job_id, attempt, line, at),
    CONSTRAINT job_log_level_known CHECK (level IN ('debug', 'info', 'warning', 'error', 'critical', 'stderr'))
) PARTITION BY RANGE (at);
COMMENT ON TABLE bourse.job_log IS 'what the child processes of jobs have said: the first 1,000 lines and the last 100 of an attempt';
COMMENT ON COLUMN bourse.job_log.level IS 'stderr: a line that came without a level, as libraries write them';
CREATE TABLE bourse.job_log_default PARTITION OF bourse.job_log DEFAULT;
COMMENT ON TABLE bourse.job_log_default IS 'what no week has taken; bourse.job_maintain moves it';
CREATE INDEX job_log_default_at_idx ON bourse.job_log_default (at);

CREATE TABLE bourse.job_usage (
    job_id      bigint NOT NULL,
    attempt     int NOT NULL,
    kind        text NOT NULL,
    worker      text NOT NULL,
    started_at  timestamptz NOT NULL,
    ended_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    cpu_s       float8 NOT NULL,
    max_rss_mb  float8 NOT NULL,
    read_bytes  bigint NOT NULL,
    write_bytes bigint NOT NULL,
    exit_code   int,
    signal      int,
    CONSTRAINT job_usage_pkey PRIMARY KEY (job_id, attempt, ended_at)
) PARTITION BY RANGE (ended_at);
COMMENT ON TABLE bourse.job_usage IS 'what each attempt''s child process has used, written by its worker when it has ended; those it had started and waited for are in it';
COMMENT ON COLUMN bourse.job_usage.cpu_s IS 'processor time, user and system';
COMMENT ON COLUMN bourse.job_usage.max_rss_mb IS 'most memory in use at once, of one process, MiB';
COMMENT ON COLUMN bourse.job_usage.read_bytes IS 'from block devices; what the page cache had is not in it';
CREATE TABLE bourse.job_usage_default PARTITION OF bourse.job_usage DEFAULT;
COMMENT ON TABLE bourse.job_usage_default IS 'what no week has taken; bourse.job_maintain moves it';
CREATE INDEX job_usage_default_ended_idx ON bourse.job_usage_default (ended_at);

INSERT INTO bourse.setting (name, value, description) VALUES
    ('job_archive_keep_days', '90', 'finished jobs are kept this long, rounded up to whole weeks; 0: for ever'),
    ('job_log_keep_days', '30', 'log lines of jobs are kept this long, rounded up to whole weeks; 0: for ever'),
    ('job_usage_keep_days', '90', 'what attempts have used is kept this long, rounded up to whole weeks; 0: for ever');

CREATE TYPE bourse.job_lane AS (
    kind      text COLLATE "C",
    queue     text COLLATE "C",
    owner     text COLLATE "C",
    limit_key text COLLATE "C",
    priority  int,
    run_at    timestamptz,
    job_id    bigint,
    quota     int
);
COMMENT ON TYPE bourse.job_lane IS 'internal: jobs that may start and differ in (priority, run_at, job_id) alone; those after this position are looked at, at most quota are taken';

CREATE TABLE bourse.job_limit (
    kind        text COLLATE "C" NOT NULL,
    limit_key   text COLLATE "C" NOT NULL DEFAULT '',
    max_running int,
    max_starts  int,
    per         interval,
    set_by      text NOT NULL,
    set_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT job_limit_pkey PRIMARY KEY (kind, limit_key),
    CONSTRAINT job_limit_limits_something CHECK (num_nonnulls(max_running, max_starts) > 0),
    CONSTRAINT job_limit_max_running_range CHECK (max_running >= 0),
    CONSTRAINT job_limit_max_starts_range CHECK (max_starts >= 0),
    CONSTRAINT job_limit_per_iff_max_starts CHECK ((per IS NULL) = (max_starts IS NULL)),
    CONSTRAINT job_limit_per_above_zero CHECK (per > interval '0')
);
COMMENT ON TABLE bourse.job_limit IS 'how many jobs may run at once or start within a time, per kind and limit_key; set by bourse.limit_jobs';
COMMENT ON COLUMN bourse.job_limit.limit_key IS 'empty: all jobs of the kind together; *: each limit_key by itself that has no limit of its own';

CREATE TABLE bourse.job_limit_use (
    kind       text COLLATE "C" NOT NULL,
    limit_key  text COLLATE "C" NOT NULL,
    started_at timestamptz[] NOT NULL DEFAULT '{}',
    starts     int[] NOT NULL DEFAULT '{}',
    CONSTRAINT job_limit_use_pkey PRIMARY KEY (kind, limit_key)
) WITH (fillfactor = 50);
COMMENT ON TABLE bourse.job_limit_use IS 'locked by whoever claims jobs under a limit; when those under a rate limit started: starts[i] jobs, the last of them at started_at[i]';

CREATE TABLE bourse.job_share (
    owner  text COLLATE "C" NOT NULL,
    weight float8 NOT NULL DEFAULT 1,
    served float8 NOT NULL DEFAULT 0,
    CONSTRAINT job_share_pkey PRIMARY KEY (owner),
    CONSTRAINT job_share_weight_range CHECK (weight > 0 AND weight <= 1000000)
) WITH (fillfactor = 50);
COMMENT ON TABLE bourse.job_share IS 'fair share of owners whose jobs wait at once: the least served goes first; weights are set by bourse.set_share';
COMMENT ON COLUMN bourse.job_share.served IS 'jobs started while others waited too, divided by weight; the row with the empty owner holds where newcomers begin';

CREATE UNLOGGED SEQUENCE bourse.job_bell_seq;
COMMENT ON SEQUENCE bourse.job_bell_seq IS 'when the bell was last rung, in microseconds since 1970: seen by all at once, unlike a row';

CREATE TABLE bourse.job_dependency (
    job_id bigint NOT NULL,
    after_job_id bigint NOT NULL,
    after_failure text NOT NULL DEFAULT 'cancel',
    CONSTRAINT job_dependency_pkey PRIMARY KEY (job_id, after_job_id),
    CONSTRAINT job_dependency_after_older CHECK (after_job_id < job_id),
    CONSTRAINT job_dependency_after_failure_known CHECK (after_failure IN ('cancel', 'run', 'wait'))
);
COMMENT ON TABLE bourse.job_dependency IS 'job_id may start only after after_job_id; rows go when it may, or when it is cancelled';
COMMENT ON COLUMN bourse.job_dependency.after_job_id IS 'always older, so that a cycle cannot be';
COMMENT ON COLUMN bourse.job_dependency.after_failure IS
    'when after_job_id ends badly: cancel job_id too, run it all the same, or let it wait until after_job_id is retried and succeeds';
CREATE INDEX job_dependency_after_idx ON bourse.job_dependency (after_job_id);

CREATE TABLE bourse.paused_queue (
    queue     text NOT NULL,
    paused_at timestamptz NOT NULL DEFAULT now(),
    paused_by text NOT NULL,
    CONSTRAINT paused_queue_pkey PRIMARY KEY (queue)
);
COMMENT ON TABLE bourse.paused_queue IS 'queues whose jobs no worker may start now';

CREATE TABLE bourse.job_kind (
    kind          text NOT NULL,
    max_attempts  int NOT NULL DEFAULT 5,
    timeout       interval,
    backoff_base_s float8 NOT NULL DEFAULT 2,
    backoff_cap_s float8 NOT NULL DEFAULT 600,
    backoff_jitter_ratio float8 NOT NULL DEFAULT 0.25,
    memory_mb     int NOT NULL DEFAULT 8192,
    signs         boolean NOT NULL DEFAULT false,
    description   text NOT NULL,
    CONSTRAINT job_kind_pkey PRIMARY KEY (kind),
    CONSTRAINT job_kind_max_attempts_range CHECK (max_attempts BETWEEN 1 AND 100),
    CONSTRAINT job_kind_backoff_range CHECK (backoff_base_s >= 0 AND backoff_cap_s >= 0),
    CONSTRAINT job_kind_backoff_jitter_range CHECK (backoff_jitter_ratio BETWEEN 0 AND 1),
    CONSTRAINT job_kind_memory_range CHECK (memory_mb >= 16)
);
COMMENT ON TABLE bourse.job_kind IS 'policy of each kind of job: tries, back-off, limits of its child process';
COMMENT ON COLUMN bourse.job_kind.signs IS 'its result is signed: only a worker with a signing key takes it';
INSERT INTO bourse.job_kind (kind, max_attempts, timeout, memory_mb, description) VALUES
    ('noop', 5, '1 minute', 1024, 'does nothing: for tests and benches'),
    ('sleep', 5, '1 hour', 1024, 'sleeps args.seconds in a child: for tests and benches'),
    ('sql', 5, '1 hour', 1024, 'calls args.function(args) in the transaction that completes the job'),
    ('refresh_features', 10, '6 hours', 8192, 'refreshes the dirty ranges of one stored feature set'),
    ('train', 3, '24 hours', 8192, 'trains one model version');
INSERT INTO bourse.job_kind (kind, max_attempts, timeout, memory_mb, description) VALUES
    ('import_model', 2, '1 hour', 8192, 'makes a version of a model file of another library'),
    ('verify_artifacts', 3, '6 hours', 8192, 'checks hash, signature and content of stored artifacts'),
    ('resign_artifacts', 3, '6 hours', 8192, 'signs stored artifacts anew with the worker''s key');
UPDATE bourse.job_kind SET signs = true WHERE kind IN ('train', 'import_model', 'resign_artifacts');

CREATE TABLE bourse.job_function (
    function    text NOT NULL,
    body_sha256 text NOT NULL,
    allowed_by  text NOT NULL,
    allowed_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT job_function_pkey PRIMARY KEY (function)
);
COMMENT ON TABLE bourse.job_function IS 'functions that jobs of kind sql may call; an allowance ends when the function''s definition changes';

CREATE TABLE bourse.worker (
    worker       text NOT NULL,
    host         text NOT NULL,
    pid          int NOT NULL,
    version      text NOT NULL,
    kinds        text[] NOT NULL,
    slots        int NOT NULL,
    running      int NOT NULL DEFAULT 0,
    sleeping     boolean NOT NULL DEFAULT false,
    asleep_at    timestamptz,
    started_at   timestamptz NOT NULL DEFAULT now(),
    heartbeat_at timestamptz NOT NULL DEFAULT now(),
    stopped_at   timestamptz,
    cpus         int,
    load         float8,
    memory_used_mb float8,
    memory_total_mb float8,
    disk_free_mb float8,
    usage_at     timestamptz,
    offers       jsonb,
    CONSTRAINT worker_pkey PRIMARY KEY (worker)
);
COMMENT ON TABLE bourse.worker IS 'daemons that have registered, with their last heartbeat';
COMMENT ON COLUMN bourse.worker.offers IS 'what jobs that ask for resources may have of it together: cpu, memory_mb, gpu; NULL: it takes any';
COMMENT ON COLUMN bourse.worker.load IS 'of its host: mean number of runnable tasks in the last minute';
COMMENT ON COLUMN bourse.worker.memory_used_mb IS 'of its host, MiB: what is not available to new work';
COMMENT ON COLUMN bourse.worker.disk_free_mb IS 'MiB, of the file system that its working directory is on';
