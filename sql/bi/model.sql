-- Models, their versions, what they were made from and what matters to them.

CREATE OR REPLACE VIEW bourse_bi.model_version AS
SELECT m.name AS model, v.version, t.stage, v.run_id, v.algorithm, s.name AS feature_set, s.version AS feature_set_version,
    pg_catalog.encode(a.sha256, 'hex') AS artifact_sha256, a.size_bytes, v.created_at, v.metrics, v.params,
    v.label, v.features, t.since AS stage_since, v.model_version_id
FROM bourse.model_version AS v
JOIN bourse.model AS m USING (model_id)
JOIN bourse.artifact AS a USING (artifact_id)
LEFT JOIN bourse.model_stage AS t USING (model_version_id)
LEFT JOIN bourse.feature_set AS s USING (feature_set_id);
COMMENT ON VIEW bourse_bi.model_version IS 'every version of every model: stage, origin, artifact, metrics';
COMMENT ON COLUMN bourse_bi.model_version.run_id IS 'the training that made it; NULL: imported';
COMMENT ON COLUMN bourse_bi.model_version.size_bytes IS 'size of the artifact that predict reads';

CREATE OR REPLACE VIEW bourse_bi.model AS
SELECT m.name AS model, p.version AS production_version, g.version AS staging_version,
    shown.algorithm, s.name AS feature_set, m.created_at,
    coalesce((SELECT r.value FROM bourse.run_metric AS r
              WHERE r.run_id = shown.run_id AND r.span = 'test' AND r.metric = 'rank_ic' AND r.step = 0),
             CASE WHEN jsonb_typeof(shown.metrics #> '{test,rank_ic}') = 'number' THEN (shown.metrics #> '{test,rank_ic}')::float8
                  WHEN jsonb_typeof(shown.metrics -> 'rank_ic') = 'number' THEN (shown.metrics -> 'rank_ic')::float8 END) AS rank_ic,
    newest.version AS newest_version, shown.version AS shown_version, newest.created_at AS newest_at, m.owner
FROM bourse.model AS m
LEFT JOIN LATERAL (SELECT v.* FROM bourse.model_version AS v WHERE v.model_id = m.model_id
                   ORDER BY v.version DESC LIMIT 1) AS newest ON true
LEFT JOIN LATERAL (SELECT v.* FROM bourse.model_version AS v JOIN bourse.model_stage AS t USING (model_version_id)
                   WHERE v.model_id = m.model_id AND t.stage = 'production') AS p ON true
LEFT JOIN LATERAL (SELECT v.version FROM bourse.model_version AS v JOIN bourse.model_stage AS t USING (model_version_id)
                   WHERE v.model_id = m.model_id AND t.stage = 'staging'
                   ORDER BY v.version DESC LIMIT 1) AS g ON true
LEFT JOIN bourse.model_version AS shown ON shown.model_version_id = coalesce(p.model_version_id, newest.model_version_id)
LEFT JOIN bourse.feature_set AS s ON s.feature_set_id = shown.feature_set_id;
COMMENT ON VIEW bourse_bi.model IS 'one row a model; algorithm, feature_set and rank_ic are the production version''s, without one the newest''s';
COMMENT ON COLUMN bourse_bi.model.rank_ic IS 'mean daily rank correlation on the test span of the shown version''s run; of an imported version what its metrics say';
COMMENT ON COLUMN bourse_bi.model.shown_version IS 'the version that algorithm, feature_set and rank_ic describe';

CREATE OR REPLACE VIEW bourse_bi.importance AS
SELECT m.name AS model, v.version, i.feature, i.kind, i.value
FROM bourse.importance AS i
JOIN bourse.model_version AS v USING (model_version_id)
JOIN bourse.model AS m USING (model_id);
COMMENT ON VIEW bourse_bi.importance IS 'how much each feature matters to a version; kind: gain, weight, cover';

CREATE OR REPLACE VIEW bourse_bi.lineage AS
SELECT e.from_kind, e.from_id, e.to_kind, e.to_id, e.made_at
FROM bourse.lineage_edge AS e;
COMMENT ON VIEW bourse_bi.lineage IS 'what was made from what: data versions and feature sets to runs, runs to model versions';

CREATE OR REPLACE VIEW bourse_bi.stage_transition AS
SELECT t.model, t.version, t.from_stage, t.to_stage, t.reason, t.made_by, t.made_at
FROM bourse.stage_transition AS t;
COMMENT ON VIEW bourse_bi.stage_transition IS 'every change of stage: who, when, why';
