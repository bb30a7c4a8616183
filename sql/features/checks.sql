-- Whether a set looks ahead, and what it costs.

CREATE OR REPLACE FUNCTION bourse.check_lookahead(expressions text[], freq text DEFAULT '1d') RETURNS TABLE(feature text, leaks boolean, evidence text)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT e.expression, c.leaks, c.evidence
    FROM bourse.check_lookahead_of(check_lookahead.expressions, check_lookahead.freq) AS c
        JOIN unnest(check_lookahead.expressions) WITH ORDINALITY AS e(expression, n) ON e.n = c.n
    ORDER BY c.n;
END;
COMMENT ON FUNCTION bourse.check_lookahead(text[], text) IS 'as bourse.check_lookahead(feature_set), for expressions that are no set yet';

CREATE OR REPLACE FUNCTION bourse.check_lookahead(feature_set text) RETURNS TABLE(feature text, leaks boolean, evidence text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted bourse.feature_set := bourse.find_feature_set(feature_set);
BEGIN
    RETURN QUERY SELECT wanted.features[c.n], c.leaks, c.evidence FROM bourse.check_lookahead_of(wanted.expressions, wanted.freq::text) AS c ORDER BY c.n;
END
$$;
COMMENT ON FUNCTION bourse.check_lookahead(text) IS
    'changes the future of some times on real bars and tells which features of a set move: none may. evidence: the first value that moved, or how much was compared';

CREATE OR REPLACE FUNCTION bourse.explain_features(feature_set text)
    RETURNS TABLE(node int, expression text, place text, inputs int[], features int, lookback_bars int, ns_per_row float8)
    LANGUAGE plpgsql VOLATILE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted bourse.feature_set := bourse.find_feature_set(feature_set);
BEGIN
    RETURN QUERY SELECT * FROM bourse.explain_expressions(wanted.expressions) AS e ORDER BY e.node;
END
$$;
COMMENT ON FUNCTION bourse.explain_features(text) IS
    'the plan of a set: each node once, the nodes it reads, how many features hang on it, bars before its own that it reads (NULL: all), and its cost, measured now on 2,000 made-up rows; place: where it is computed, NULL for the set''s own bars';

-- Before a set is accepted: what the plan cannot tell is tried, on few bars.
CREATE OR REPLACE FUNCTION bourse.refuse_leaks(expressions text[], freq text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found_leak record;
BEGIN
    SELECT c.n, c.evidence INTO found_leak FROM bourse.check_lookahead_of(expressions, freq, 3, 120, 2) AS c WHERE c.leaks ORDER BY c.n LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'expression % looks ahead: %', found_leak.n, found_leak.evidence
            USING ERRCODE = 'MB022', DETAIL = 'expression: ' || left(expressions[found_leak.n], 300),
                HINT = 'features may only use the past; bourse.check_lookahead shows every feature';
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.refuse_leaks(text[], text) IS 'part of create_feature_set: tries a set on real bars, where there are any';
