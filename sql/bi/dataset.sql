-- Datasets for people and BI tools.

CREATE OR REPLACE VIEW bourse_bi.dataset AS
SELECT d.name AS dataset, d.version, d.dataset_id, s.name AS feature_set, s.version AS feature_set_version, s.freq::text AS freq, d.label, d.horizon_bars, d.universe,
    lower(d.span) AS from_ts, upper(d.span) AS to_ts, d.known_at, d.pinned, d.split, d.processors, d.description, d.owner, d.created_at, d.built_at,
    (SELECT pg_catalog.max(r.fold) FROM bourse.dataset_range AS r WHERE r.dataset_id = d.dataset_id) AS folds, d.rows, d.rows_without_label, d.content_sha256
FROM bourse.dataset AS d JOIN bourse.feature_set AS s USING (feature_set_id);
COMMENT ON VIEW bourse_bi.dataset IS 'every dataset: what it is made of, how many rows its build found';
COMMENT ON COLUMN bourse_bi.dataset.dataset_id IS 'also the id of the job that builds it';
COMMENT ON COLUMN bourse_bi.dataset.content_sha256 IS 'of every row with a label and a feature, before processors; NULL until it is built';
COMMENT ON COLUMN bourse_bi.dataset.pinned IS 'true: the same rows for ever, or refused; false: the rows of now';

CREATE OR REPLACE VIEW bourse_bi.dataset_fold AS
SELECT d.name AS dataset, d.version, r.fold, r.part, r.from_ts, r.to_ts, r.timestamps, r.pieces, p.rows, p.purged_rows, p.sha256
FROM (SELECT g.dataset_id, g.fold, g.part, pg_catalog.min(g.from_ts) AS from_ts, pg_catalog.max(g.to_ts) AS to_ts,
          pg_catalog.sum(g.timestamps) AS timestamps, pg_catalog.count(*) AS pieces
      FROM bourse.dataset_range AS g GROUP BY g.dataset_id, g.fold, g.part) AS r
JOIN bourse.dataset AS d USING (dataset_id)
LEFT JOIN bourse.dataset_part AS p USING (dataset_id, fold, part);
COMMENT ON VIEW bourse_bi.dataset_fold IS 'parts of the folds of every dataset, as they were when it was made';
COMMENT ON COLUMN bourse_bi.dataset_fold.pieces IS 'runs of timestamps that it consists of; from_ts and to_ts are those of the first and the last';
COMMENT ON COLUMN bourse_bi.dataset_fold.timestamps IS 'before purge and embargo';
