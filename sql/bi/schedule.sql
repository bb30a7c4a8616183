-- Schedules and calendars for people and BI tools.

CREATE OR REPLACE VIEW bourse_bi.schedule AS
SELECT s.name, s.spec, s.calendar, s.time_zone, s.kind, s.args,
    CASE WHEN s.paused_at IS NOT NULL THEN 'paused' WHEN s.error IS NOT NULL THEN 'broken'
         WHEN s.next_run_at < now() - interval '1 minute' THEN 'late' ELSE 'active' END AS state,
    CASE WHEN s.paused_at IS NULL THEN s.next_run_at END AS next_run_at, s.last_slot_at, s.last_job_id,
    coalesce((SELECT j.state FROM bourse.job AS j WHERE j.job_id = s.last_job_id),
             (SELECT a.state FROM bourse.job_archive AS a WHERE a.job_id = s.last_job_id ORDER BY a.finished_at DESC LIMIT 1)) AS last_job_state,
    s.error, s.jobs_made, s.slots_skipped, s.catch_up, s.overlap, s.queue, s.priority, s.owner, s.created_at, s.paused_at, s.paused_by
FROM bourse.schedule AS s;
COMMENT ON VIEW bourse_bi.schedule IS 'schedules; state: active, paused, broken (error says why), late (due for a minute: no worker looks after it)';
COMMENT ON COLUMN bourse_bi.schedule.next_run_at IS 'the next slot; of a broken schedule the slot it failed at, NULL when no slot is known';
COMMENT ON COLUMN bourse_bi.schedule.slots_skipped IS 'slots that made no job: too old when they were found, or the job before had not ended (overlap skip)';

CREATE OR REPLACE VIEW bourse_bi.calendar AS
SELECT c.calendar, count(*) AS sessions, min(c.session) AS first_session, max(c.session) AS last_session,
    max(c.close_at) < now() + interval '30 days' AS ends_soon
FROM bourse.calendar AS c GROUP BY c.calendar;
COMMENT ON VIEW bourse_bi.calendar IS 'calendars whose sessions are loaded; 24x7 needs none';
COMMENT ON COLUMN bourse_bi.calendar.ends_soon IS 'the last session closes within 30 days: schedules on it are about to end';
