-- Explanations by indicator instead of by feature.

CREATE OR REPLACE FUNCTION bourse.indicator_of(feature text, expression text DEFAULT NULL) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(
        (SELECT min(c.name) FROM regexp_matches(indicator_of.expression, '([A-Za-z_][A-Za-z0-9_]*) *\(', 'g') AS m(call)
         JOIN ta.indicator_catalog AS c ON c.name = lower(m.call[1]) HAVING count(DISTINCT c.name) = 1),
        nullif(regexp_replace(indicator_of.feature, '_?[0-9]+$', ''), ''), indicator_of.feature);
END;
COMMENT ON FUNCTION bourse.indicator_of(text, text) IS 'what a feature measures: the one indicator that its expression calls, else its name without the number at its end (ROC5, ROC10: ROC)';

CREATE OR REPLACE FUNCTION bourse.feature_indicators(model text) RETURNS TABLE(feature text, indicator text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT f.name, bourse.indicator_of(f.name, s.expressions[f.n])
    FROM bourse.model_version AS v
    LEFT JOIN bourse.feature_set AS s USING (feature_set_id)
    CROSS JOIN LATERAL unnest(v.features) WITH ORDINALITY AS f(name, n)
    WHERE v.model_version_id = bourse.resolve_model(feature_indicators.model);
END;
COMMENT ON FUNCTION bourse.feature_indicators(text) IS 'the indicator that each feature of a model measures (bourse.indicator_of)';

CREATE OR REPLACE FUNCTION bourse.explain_indicators(model text, features float8[], top int DEFAULT 10, output int DEFAULT NULL, background text DEFAULT NULL)
    RETURNS TABLE(indicator text, feature_count bigint, contribution float8)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT i.indicator, count(*), sum(e.contribution)
    FROM bourse.explain(explain_indicators.model, explain_indicators.features, NULL, explain_indicators.output, explain_indicators.background) AS e
    JOIN bourse.feature_indicators(explain_indicators.model) AS i ON i.feature = e.feature
    GROUP BY i.indicator ORDER BY abs(sum(e.contribution)) DESC, i.indicator LIMIT explain_indicators.top;
END;
COMMENT ON FUNCTION bourse.explain_indicators(text, float8[], int, int, text) IS 'bourse.explain, summed over the features of each indicator; SHAP values add up, so that these sum to the margin likewise';

CREATE OR REPLACE FUNCTION bourse.explain_indicators(model text, features bourse.fvec, top int DEFAULT 10, output int DEFAULT NULL, background text DEFAULT NULL)
    RETURNS TABLE(indicator text, feature_count bigint, contribution float8)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT i.indicator, i.feature_count, i.contribution
    FROM bourse.explain_indicators(explain_indicators.model, explain_indicators.features::float8[], explain_indicators.top, explain_indicators.output, explain_indicators.background) AS i;
END;
COMMENT ON FUNCTION bourse.explain_indicators(text, bourse.fvec, int, int, text) IS 'bourse.explain, summed over the features of each indicator; SHAP values add up, so that these sum to the margin likewise';
