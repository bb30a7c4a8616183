-- Every drift check that was made.

CREATE OR REPLACE VIEW bourse_bi.drift AS
SELECT m.name AS model, v.version, d.checked_at, d.from_ts, d.to_ts, d.feature, d.ks, d.p_value, d.psi,
    d.missing_reference_ratio, d.missing_current_ratio, d.verdict, d.advice, d.model_version_id
FROM bourse.drift_result AS d
JOIN bourse.model_version AS v USING (model_version_id)
JOIN bourse.model AS m USING (model_id);
COMMENT ON VIEW bourse_bi.drift IS 'every drift check, one row a feature; rows of one check share checked_at';
COMMENT ON COLUMN bourse_bi.drift.from_ts IS 'first ts of the rows that were compared with the training data';
COMMENT ON COLUMN bourse_bi.drift.to_ts IS 'last ts of those rows';
COMMENT ON COLUMN bourse_bi.drift.ks IS 'Kolmogorov-Smirnov distance, 0..1';
COMMENT ON COLUMN bourse_bi.drift.psi IS 'population stability index: below 0.1 stable, from 0.25 significant';
COMMENT ON COLUMN bourse_bi.drift.verdict IS 'severe, moderate, none or insufficient_data; limits: bourse.setting drift_*';
