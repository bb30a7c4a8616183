-- Help for error messages.

CREATE FUNCTION bourse.nearest(name text, known text[]) RETURNS text
    AS 'MODULE_PATHNAME', 'bourse_nearest' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.nearest(text, text[]) IS 'the known name with the smallest edit distance, NULL when none is near: for "did you mean"';
