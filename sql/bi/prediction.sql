-- What models predicted, beside what happened.

CREATE OR REPLACE VIEW bourse_bi.prediction AS
SELECT m.name AS model, v.version, i.symbol, (p.ts AT TIME ZONE 'UTC')::date AS session, p.ts, p.prediction, o.outcome, p.made_at,
    p.span, v.label, s.freq::text AS freq, o.known_at AS outcome_known_at, p.model_version_id, p.instrument_id
FROM bourse.prediction AS p
JOIN bourse.model_version AS v USING (model_version_id)
JOIN bourse.model AS m USING (model_id)
JOIN bourse.instrument AS i USING (instrument_id)
LEFT JOIN bourse.feature_set AS s USING (feature_set_id)
LEFT JOIN bourse.outcome AS o ON o.label = v.label AND o.freq = s.freq AND o.instrument_id = p.instrument_id AND o.ts = p.ts;
COMMENT ON VIEW bourse_bi.prediction IS 'predictions beside their outcomes; outcome is NULL until the label''s horizon has passed and bourse.update_outcomes ran';
COMMENT ON COLUMN bourse_bi.prediction.span IS 'test: made by the training run on its test span; live: made afterwards';
