-- Features computed when asked for.

CREATE OR REPLACE FUNCTION bourse.features(feature_set text, symbol text, at timestamptz DEFAULT NULL) RETURNS bourse.fvec
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted bourse.feature_set := bourse.find_feature_set(feature_set);
BEGIN
    RETURN bourse.features_at(wanted.expressions, wanted.freq::text, symbol, at);
END
$$;
COMMENT ON FUNCTION bourse.features(text, text, timestamptz) IS
    'a set''s features of one symbol at the row at this time, or the newest before it (NULL: the newest): the stored values, computed on demand; NULL before the first bar';
