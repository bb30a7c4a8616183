-- Who may what, in one place. Each role has what the one before has:
-- reader < researcher < operator; approver and worker stand beside; admin has all.

GRANT bourse_reader TO bourse_researcher;
GRANT bourse_researcher TO bourse_operator;
GRANT bourse_reader TO bourse_approver, bourse_worker;
GRANT bourse_operator, bourse_approver, bourse_worker TO bourse_admin;

GRANT USAGE ON SCHEMA bourse, ta, bourse_bi TO bourse_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA bourse, bourse_bi, ta TO bourse_reader;
REVOKE ALL ON bourse.artifact_chunk FROM PUBLIC, bourse_reader;
GRANT USAGE ON SEQUENCE bourse.work_id_seq TO bourse_researcher;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA bourse TO bourse_admin;

-- training
REVOKE EXECUTE ON FUNCTION bourse.insert_run(bourse.run), bourse.run_job_finished(bigint, text, text), bourse.stop_run(bigint, text),
    bourse.train(text, text, text, text, text, timestamptz, timestamptz, jsonb, jsonb, bigint, text, text, jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bourse.insert_run(bourse.run), bourse.stop_run(bigint, text),
    bourse.train(text, text, text, text, text, timestamptz, timestamptz, jsonb, jsonb, bigint, text, text, jsonb, text) TO bourse_researcher;
GRANT EXECUTE ON FUNCTION bourse.run_job_finished(bigint, text, text) TO bourse_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON bourse.run, bourse.run_progress, bourse.run_metric, bourse.run_log TO bourse_worker;
GRANT INSERT, UPDATE ON bourse.importance, bourse.drift_reference, bourse.prediction, bourse.outcome, bourse.lineage_edge TO bourse_worker;
-- jobs: tables are written only through functions; the internal ones are nobody's
REVOKE EXECUTE ON FUNCTION bourse.job_to_archive, bourse.job_release_dependents, bourse.job_end_dependents, bourse.job_revive, bourse.job_revive_dependents,
    bourse.job_finish, bourse.job_insert, bourse.job_write,
    bourse.job_check_policy, bourse.job_check_args, bourse.job_open_dependencies, bourse.job_unique_twin, bourse.job_put_back,
    bourse.job_end_attempt, bourse.job_refuse_stale, bourse.job_require_owner, bourse.job_function_check, bourse.allow_job_function,
    bourse.disallow_job_function, bourse.enqueue, bourse.enqueue_many, bourse.cancel, bourse.retry, bourse.retry_dead, bourse.pause(text), bourse.pause(bigint), bourse.resume(text), bourse.resume(bigint),
    bourse.job_lock, bourse.set_job_kind, bourse.job_partition_of, bourse.job_make_partition, bourse.job_drop_partition, bourse.job_maintain, bourse.job_report, bourse.worker_usage,
    bourse.set_setting, bourse.ring, bourse.job_claim, bourse.job_complete, bourse.job_fail, bourse.job_release, bourse.job_rescue, bourse.job_tick, bourse.job_progress,
    bourse.job_heartbeat, bourse.worker_register, bourse.worker_sleep, bourse.worker_stop,
    bourse.job_take, bourse.job_take_few, bourse.job_take_done, bourse.job_end_taken, bourse.job_pick, bourse.job_pick_from, bourse.job_pages_read, bourse.job_lane_after, bourse.job_lanes, bourse.job_lock_lane, bourse.job_remember, bourse.job_recall, bourse.job_far, bourse.job_share_out, bourse.job_share_charge,
    bourse.job_limit_of, bourse.job_limit_lock, bourse.job_limit_room, bourse.job_limit_note, bourse.job_limit_opens_s,
    bourse.limit_jobs, bourse.unlimit_jobs, bourse.set_share FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bourse.enqueue, bourse.enqueue_many, bourse.cancel, bourse.retry, bourse.retry_dead, bourse.pause(bigint), bourse.resume(bigint), bourse.ring
    TO bourse_researcher;
GRANT EXECUTE ON FUNCTION bourse.pause(text), bourse.resume(text), bourse.set_job_kind, bourse.set_setting, bourse.job_maintain TO bourse_operator;
GRANT EXECUTE ON FUNCTION bourse.job_maintain, bourse.job_report, bourse.worker_usage TO bourse_worker;
GRANT EXECUTE ON FUNCTION bourse.limit_jobs, bourse.unlimit_jobs, bourse.set_share TO bourse_operator;
GRANT EXECUTE ON FUNCTION bourse.allow_job_function, bourse.disallow_job_function TO bourse_admin;
GRANT EXECUTE ON FUNCTION bourse.job_claim, bourse.job_take, bourse.job_take_few, bourse.job_take_done, bourse.job_complete, bourse.job_fail, bourse.job_release, bourse.job_rescue, bourse.job_tick,
    bourse.job_progress, bourse.job_heartbeat, bourse.worker_register, bourse.worker_sleep, bourse.worker_stop, bourse.job_function_check,
    bourse.enqueue, bourse.enqueue_many, bourse.ring TO bourse_worker;
-- datasets: made by who trains, their builds kept by workers
REVOKE EXECUTE ON FUNCTION bourse.create_dataset, bourse.insert_dataset, bourse.dataset_built FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bourse.create_dataset, bourse.insert_dataset TO bourse_researcher;
GRANT EXECUTE ON FUNCTION bourse.dataset_built TO bourse_worker;
-- market data: who loads
REVOKE ALL ON FUNCTION bourse.open_load(), bourse.load_bars(text, jsonb), bourse.make_bar_partitions(text, timestamptz, timestamptz),
    bourse.refuse_file(jsonb, text), bourse.open_direct_load(text), bourse.direct_series(bigint, text, text[], jsonb), bourse.load_block(bytea, text, bigint),
    bourse.close_direct_load(bigint, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bourse.open_load(), bourse.load_bars(text, jsonb), bourse.make_bar_partitions(text, timestamptz, timestamptz),
    bourse.refuse_file(jsonb, text), bourse.open_direct_load(text), bourse.direct_series(bigint, text, text[], jsonb), bourse.load_block(bytea, text, bigint),
    bourse.close_direct_load(bigint, jsonb) TO bourse_researcher, bourse_worker;
GRANT INSERT ON bourse.bar_inbox TO bourse_researcher, bourse_worker;
REVOKE EXECUTE ON FUNCTION bourse.qlib_instruments, bourse.qlib_keep_calendar, bourse.qlib_keep_spans, bourse.qlib_keep_field, bourse.qlib_keep_universe FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bourse.qlib_instruments, bourse.qlib_keep_calendar, bourse.qlib_keep_spans, bourse.qlib_keep_field, bourse.qlib_keep_universe
    TO bourse_researcher, bourse_worker;

-- registry: whoever reads may predict, operators promote, workers register; C code reads the chunks after the caller's right is checked
REVOKE EXECUTE ON FUNCTION bourse.promote, bourse.register_version, bourse.store_artifact, bourse.move_stage FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bourse.promote TO bourse_operator;
GRANT EXECUTE ON FUNCTION bourse.register_version TO bourse_worker;
REVOKE ALL ON bourse.artifact_chunk FROM bourse_admin;

-- signatures: keys are the admin's, revoking a version is the operator's; history is appended to, never changed
REVOKE EXECUTE ON FUNCTION bourse.audit, bourse.audit_log_append_only, bourse.trust_key, bourse.revoke_key, bourse.revoke_version, bourse.require_signature,
    bourse.verify_artifacts, bourse.resign_artifacts, bourse.enqueue_artifact_job, bourse.require_reason, bourse.read_artifact, bourse.record_artifact_check, bourse.replace_signature FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bourse.trust_key, bourse.revoke_key, bourse.resign_artifacts TO bourse_admin;
GRANT EXECUTE ON FUNCTION bourse.revoke_version, bourse.verify_artifacts, bourse.enqueue_artifact_job TO bourse_operator;
GRANT EXECUTE ON FUNCTION bourse.read_artifact, bourse.record_artifact_check, bourse.replace_signature TO bourse_worker;
REVOKE INSERT, UPDATE, DELETE ON bourse.audit_log, bourse.signing_key, bourse.revoked_version FROM bourse_admin;
-- models of other libraries: who trains may import; who trains may also have the file
REVOKE EXECUTE ON FUNCTION bourse.import_model, bourse.store_upload, bourse.import_finished, bourse.export_model, bourse.read_model_file FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bourse.import_model, bourse.store_upload, bourse.export_model, bourse.read_model_file TO bourse_researcher;

-- monitoring: a check is kept, so it needs a researcher
REVOKE EXECUTE ON FUNCTION bourse.drift(text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bourse.drift(text, timestamptz, timestamptz) TO bourse_researcher, bourse_worker;
GRANT INSERT ON bourse.drift_result TO bourse_researcher, bourse_worker;

-- features: sets are made by researchers; workers store values; functions become operators by an admin's word
REVOKE EXECUTE ON FUNCTION bourse.register_operator, bourse.unregister_operator FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bourse.register_operator, bourse.unregister_operator TO bourse_admin;
REVOKE EXECUTE ON FUNCTION bourse.create_feature_set(text, text[], text, text, boolean), bourse.create_feature_set(text, jsonb, text, text, boolean),
    bourse.insert_feature_set, bourse.make_feature_views, bourse.materialize_feature_set, bourse.index_feature_set, bourse.retire_feature_sets, bourse.enqueue_refresh,
    bourse.refresh_features, bourse.enqueue_refresh_jobs, bourse.enqueue_refresh_helpers, bourse.on_any_change FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bourse.create_feature_set(text, text[], text, text, boolean), bourse.create_feature_set(text, jsonb, text, text, boolean),
    bourse.insert_feature_set, bourse.refresh_features TO bourse_researcher;
GRANT EXECUTE ON FUNCTION bourse.materialize_feature_set, bourse.index_feature_set, bourse.enqueue_refresh_jobs, bourse.enqueue_refresh_helpers TO bourse_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON bourse.feature_value, bourse.feature_state, bourse.feature_checkpoint, bourse.feature_dirty TO bourse_worker;
-- features: statistics
REVOKE EXECUTE ON FUNCTION bourse.count_features, bourse.update_feature_stats, bourse.refresh_feature_statistics FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bourse.refresh_feature_statistics TO bourse_researcher;
GRANT EXECUTE ON FUNCTION bourse.count_features, bourse.update_feature_stats TO bourse_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON bourse.feature_stats, bourse.feature_stats_stale TO bourse_worker;
-- features: retention
REVOKE EXECUTE ON FUNCTION bourse.keep_features, bourse.trim_features FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bourse.keep_features TO bourse_operator;
GRANT EXECUTE ON FUNCTION bourse.trim_features TO bourse_worker;

-- monitoring: kept predictions and their outcomes
REVOKE EXECUTE ON FUNCTION bourse.log_predictions(text, timestamptz, timestamptz, text), bourse.update_outcomes(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bourse.log_predictions(text, timestamptz, timestamptz, text), bourse.update_outcomes(text) TO bourse_researcher, bourse_worker;

-- schedules: like jobs, for their owners; the tick is part of job_tick
REVOKE EXECUTE ON FUNCTION bourse.schedule, bourse.unschedule, bourse.pause_schedule, bourse.resume_schedule, bourse.find_schedule,
    bourse.schedule_tick, bourse.schedule_make_jobs, bourse.schedule_due, bourse.calendar_schedules FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bourse.schedule, bourse.unschedule, bourse.pause_schedule, bourse.resume_schedule TO bourse_researcher;
GRANT EXECUTE ON FUNCTION bourse.schedule_tick TO bourse_worker;
-- calendars: sessions move features and schedules of everybody
REVOKE EXECUTE ON FUNCTION bourse.load_calendar FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bourse.load_calendar TO bourse_operator;
