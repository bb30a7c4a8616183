CREATE FUNCTION bourse.read_params(algorithm text, params jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'bourse_read_params' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.read_params(text, jsonb) IS 'checked parameters of an algorithm, defaults filled in; MB030 for an unknown key, 22023 for a value out of range';

CREATE FUNCTION bourse.read_split(split jsonb) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'bourse_read_split' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.read_split(jsonb) IS 'checked split {"train", "valid", "test", "purge_bars"}, defaults filled in';

CREATE FUNCTION bourse.check_keys(object jsonb, known jsonb, what text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'bourse_check_keys' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.check_keys(jsonb, jsonb, text) IS 'true, or MB030 for a key of the object that is not in the array of known ones; the hint names the nearest';

CREATE FUNCTION bourse.algorithm_list() RETURNS jsonb
    AS 'MODULE_PATHNAME', 'bourse_algorithm_list' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bourse.algorithm_list() IS 'every parameter of every algorithm, for the view bourse_bi.algorithm_parameter';
