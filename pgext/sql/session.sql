
CREATE FUNCTION bourse.may_commit() RETURNS boolean
    AS 'MODULE_PATHNAME', 'bourse_may_commit' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION bourse.may_commit() IS 'may the calling procedure COMMIT here; false in a transaction block and below a function';
