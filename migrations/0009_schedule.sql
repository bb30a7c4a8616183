-- 0009_schedule.sql: what is to be made into jobs, and when. Rules: docs/reference/schedules.md. Breaking: no.

CREATE TABLE bourse.schedule (
    name          text NOT NULL,
    spec          text NOT NULL,
    kind          text NOT NULL,
    args          jsonb NOT NULL DEFAULT '{}',
    calendar      text NOT NULL DEFAULT '24x7',
    time_zone     text NOT NULL DEFAULT 'UTC',
    catch_up      interval,
    queue         text NOT NULL DEFAULT 'default',
    priority      int NOT NULL DEFAULT 100,
    overlap       text NOT NULL DEFAULT 'allow',
    max_attempts  int,
    timeout       interval,
    resources     jsonb NOT NULL DEFAULT '{}',
    owner         text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    paused_at     timestamptz,
    paused_by     text,
    done_until    timestamptz NOT NULL DEFAULT now(),
    next_run_at   timestamptz,
    check_at      timestamptz,
    last_slot_at  timestamptz,
    last_job_id   bigint,
    jobs_made     bigint NOT NULL DEFAULT 0,
    slots_skipped bigint NOT NULL DEFAULT 0,
    error         text,
    CONSTRAINT schedule_pkey PRIMARY KEY (name),
    CONSTRAINT schedule_catch_up_range CHECK (catch_up BETWEEN '1 minute' AND '366 days'),
    CONSTRAINT schedule_overlap_known CHECK (overlap IN ('allow', 'skip')),
    CONSTRAINT schedule_paused_by_iff_paused CHECK ((paused_at IS NULL) = (paused_by IS NULL)),
    CONSTRAINT schedule_paused_not_checked CHECK (paused_at IS NULL OR check_at IS NULL)
);
COMMENT ON TABLE bourse.schedule IS 'jobs to be made at given times; written only through bourse.* functions';
COMMENT ON COLUMN bourse.schedule.done_until IS 'slots up to here are settled: made into a job or skipped. Set in the transaction that makes the job: one job a slot';
COMMENT ON COLUMN bourse.schedule.next_run_at IS 'the first slot after done_until when it was last looked at; NULL: none is known';
COMMENT ON COLUMN bourse.schedule.check_at IS 'when a worker''s tick looks at it again; NULL while it is paused';
COMMENT ON COLUMN bourse.schedule.error IS 'why it cannot make jobs now';
CREATE INDEX schedule_check_idx ON bourse.schedule (check_at);
