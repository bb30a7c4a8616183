-- Versions side by side.

CREATE OR REPLACE FUNCTION bourse.flatten_metrics(metrics jsonb) RETURNS TABLE(metric text, value float8)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT e.key, (e.value #>> '{}')::float8 FROM jsonb_each(flatten_metrics.metrics) AS e WHERE jsonb_typeof(e.value) = 'number'
    UNION ALL
    SELECT e.key || '.' || i.key, (i.value #>> '{}')::float8
    FROM jsonb_each(flatten_metrics.metrics) AS e
    CROSS JOIN LATERAL jsonb_each(CASE WHEN jsonb_typeof(e.value) = 'object' THEN e.value ELSE '{}' END) AS i
    WHERE jsonb_typeof(i.value) = 'number';
END;
COMMENT ON FUNCTION bourse.flatten_metrics(jsonb) IS 'numbers of {"rank_ic": 0.05} and {"test": {"rank_ic": 0.05}} as rank_ic and test.rank_ic';

CREATE OR REPLACE FUNCTION bourse.compare(models text[]) RETURNS TABLE(metric text, model text, value float8)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT f.metric, m.name || ':' || v.version, f.value
    FROM unnest(compare.models) WITH ORDINALITY AS r(reference, position)
    JOIN bourse.model_version AS v ON v.model_version_id = bourse.resolve_model(r.reference)
    JOIN bourse.model AS m USING (model_id)
    CROSS JOIN LATERAL bourse.flatten_metrics(v.metrics) AS f
    ORDER BY f.metric, r.position;
END;
COMMENT ON FUNCTION bourse.compare(text[]) IS 'metrics of several versions, one row per metric and version, in the order asked for';
