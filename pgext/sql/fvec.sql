-- bourse.fvec: the vector of float4 that stores one row of features.

CREATE TYPE bourse.fvec;

CREATE FUNCTION bourse.fvec_in(cstring) RETURNS bourse.fvec
    AS 'MODULE_PATHNAME', 'bourse_fvec_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_in(cstring) IS 'reads {1,2.5,NaN} and [1,2.5,NaN]';

CREATE FUNCTION bourse.fvec_out(bourse.fvec) RETURNS cstring
    AS 'MODULE_PATHNAME', 'bourse_fvec_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_out(bourse.fvec) IS 'prints as real[] prints';

CREATE FUNCTION bourse.fvec_recv(internal) RETURNS bourse.fvec
    AS 'MODULE_PATHNAME', 'bourse_fvec_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_recv(internal) IS 'uint32 count, then count float32, little-endian';

CREATE FUNCTION bourse.fvec_send(bourse.fvec) RETURNS bytea
    AS 'MODULE_PATHNAME', 'bourse_fvec_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_send(bourse.fvec) IS 'uint32 count, then count float32, little-endian';

CREATE FUNCTION bourse.fvec_subscript_handler(internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'bourse_fvec_subscript_handler' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_subscript_handler(internal) IS 'features[7]: one element, counted from 1';

CREATE TYPE bourse.fvec (
    INPUT = bourse.fvec_in, OUTPUT = bourse.fvec_out, RECEIVE = bourse.fvec_recv, SEND = bourse.fvec_send,
    SUBSCRIPT = bourse.fvec_subscript_handler,
    INTERNALLENGTH = VARIABLE, ALIGNMENT = int4,
    STORAGE = external  -- never compressed: a view of 158 columns would decompress 158 times
);
COMMENT ON TYPE bourse.fvec IS 'vector of float4, at most 16,000 elements, subscripts from 1; NaN is a missing value';

CREATE FUNCTION bourse.fvec_length(bourse.fvec) RETURNS int
    AS 'MODULE_PATHNAME', 'bourse_fvec_length' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_length(bourse.fvec) IS 'number of elements';

CREATE FUNCTION bourse.fvec_bytes(bourse.fvec) RETURNS bytea
    AS 'MODULE_PATHNAME', 'bourse_fvec_bytes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_bytes(bourse.fvec) IS 'the elements as float32 little-endian: numpy.frombuffer(b, "<f4")';

CREATE FUNCTION bourse.fvec(real[]) RETURNS bourse.fvec
    AS 'MODULE_PATHNAME', 'bourse_fvec_from_real' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec(real[]) IS 'from a one-dimensional real[]; NULL becomes NaN';

CREATE FUNCTION bourse.fvec_to_real(bourse.fvec) RETURNS real[]
    AS 'MODULE_PATHNAME', 'bourse_fvec_to_real' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_to_real(bourse.fvec) IS 'to real[]; NaN stays NaN';

CREATE CAST (real[] AS bourse.fvec) WITH FUNCTION bourse.fvec(real[]);
CREATE CAST (bourse.fvec AS real[]) WITH FUNCTION bourse.fvec_to_real(bourse.fvec);
COMMENT ON CAST (real[] AS bourse.fvec) IS 'explicit only; NULL becomes NaN';
COMMENT ON CAST (bourse.fvec AS real[]) IS 'explicit only; NaN stays NaN';

CREATE FUNCTION bourse.fvec(float8[]) RETURNS bourse.fvec
    AS 'MODULE_PATHNAME', 'bourse_fvec_from_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec(float8[]) IS 'from a one-dimensional float8[]; NULL becomes NaN';

CREATE FUNCTION bourse.fvec_to_float8(bourse.fvec) RETURNS float8[]
    AS 'MODULE_PATHNAME', 'bourse_fvec_to_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_to_float8(bourse.fvec) IS 'to float8[]; NaN stays NaN';

CREATE CAST (float8[] AS bourse.fvec) WITH FUNCTION bourse.fvec(float8[]);
CREATE CAST (bourse.fvec AS float8[]) WITH FUNCTION bourse.fvec_to_float8(bourse.fvec);
COMMENT ON CAST (float8[] AS bourse.fvec) IS 'explicit only; NULL becomes NaN';
COMMENT ON CAST (bourse.fvec AS float8[]) IS 'explicit only; NaN stays NaN';

-- ARRAY[1,2] and ARRAY[0.5,2] as they are typed, through the text form.
CREATE CAST (int[] AS bourse.fvec) WITH INOUT;
CREATE CAST (numeric[] AS bourse.fvec) WITH INOUT;
COMMENT ON CAST (int[] AS bourse.fvec) IS 'explicit only; NULL becomes NaN';
COMMENT ON CAST (numeric[] AS bourse.fvec) IS 'explicit only; NULL becomes NaN';

CREATE FUNCTION bourse.fvec_lt(bourse.fvec, bourse.fvec) RETURNS boolean
    AS 'MODULE_PATHNAME', 'bourse_fvec_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_lt(bourse.fvec, bourse.fvec) IS 'below: element by element, then length; NaN equals NaN and is above numbers, -0 equals 0';

CREATE FUNCTION bourse.fvec_le(bourse.fvec, bourse.fvec) RETURNS boolean
    AS 'MODULE_PATHNAME', 'bourse_fvec_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_le(bourse.fvec, bourse.fvec) IS 'not above: element by element, then length; NaN equals NaN and is above numbers, -0 equals 0';

CREATE FUNCTION bourse.fvec_eq(bourse.fvec, bourse.fvec) RETURNS boolean
    AS 'MODULE_PATHNAME', 'bourse_fvec_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_eq(bourse.fvec, bourse.fvec) IS 'equal: element by element, then length; NaN equals NaN and is above numbers, -0 equals 0';

CREATE FUNCTION bourse.fvec_ne(bourse.fvec, bourse.fvec) RETURNS boolean
    AS 'MODULE_PATHNAME', 'bourse_fvec_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_ne(bourse.fvec, bourse.fvec) IS 'not equal: element by element, then length; NaN equals NaN and is above numbers, -0 equals 0';

CREATE FUNCTION bourse.fvec_ge(bourse.fvec, bourse.fvec) RETURNS boolean
    AS 'MODULE_PATHNAME', 'bourse_fvec_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_ge(bourse.fvec, bourse.fvec) IS 'not below: element by element, then length; NaN equals NaN and is above numbers, -0 equals 0';

CREATE FUNCTION bourse.fvec_gt(bourse.fvec, bourse.fvec) RETURNS boolean
    AS 'MODULE_PATHNAME', 'bourse_fvec_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_gt(bourse.fvec, bourse.fvec) IS 'above: element by element, then length; NaN equals NaN and is above numbers, -0 equals 0';

CREATE FUNCTION bourse.fvec_cmp(bourse.fvec, bourse.fvec) RETURNS int
    AS 'MODULE_PATHNAME', 'bourse_fvec_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_cmp(bourse.fvec, bourse.fvec) IS '-1, 0, 1: order of two vectors';

CREATE FUNCTION bourse.fvec_hash(bourse.fvec) RETURNS int
    AS 'MODULE_PATHNAME', 'bourse_fvec_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_hash(bourse.fvec) IS 'hash; equal vectors have equal hashes';

CREATE FUNCTION bourse.fvec_hash_extended(bourse.fvec, bigint) RETURNS bigint
    AS 'MODULE_PATHNAME', 'bourse_fvec_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.fvec_hash_extended(bourse.fvec, bigint) IS 'seeded 64-bit hash';

CREATE OPERATOR bourse.< (FUNCTION = bourse.fvec_lt, LEFTARG = bourse.fvec, RIGHTARG = bourse.fvec,
    COMMUTATOR = OPERATOR(bourse.>), NEGATOR = OPERATOR(bourse.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR bourse.< (bourse.fvec, bourse.fvec) IS 'below';

CREATE OPERATOR bourse.<= (FUNCTION = bourse.fvec_le, LEFTARG = bourse.fvec, RIGHTARG = bourse.fvec,
    COMMUTATOR = OPERATOR(bourse.>=), NEGATOR = OPERATOR(bourse.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR bourse.<= (bourse.fvec, bourse.fvec) IS 'not above';

CREATE OPERATOR bourse.= (FUNCTION = bourse.fvec_eq, LEFTARG = bourse.fvec, RIGHTARG = bourse.fvec,
    COMMUTATOR = OPERATOR(bourse.=), NEGATOR = OPERATOR(bourse.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR bourse.= (bourse.fvec, bourse.fvec) IS 'equal';

CREATE OPERATOR bourse.<> (FUNCTION = bourse.fvec_ne, LEFTARG = bourse.fvec, RIGHTARG = bourse.fvec,
    COMMUTATOR = OPERATOR(bourse.<>), NEGATOR = OPERATOR(bourse.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR bourse.<> (bourse.fvec, bourse.fvec) IS 'not equal';

CREATE OPERATOR bourse.>= (FUNCTION = bourse.fvec_ge, LEFTARG = bourse.fvec, RIGHTARG = bourse.fvec,
    COMMUTATOR = OPERATOR(bourse.<=), NEGATOR = OPERATOR(bourse.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR bourse.>= (bourse.fvec, bourse.fvec) IS 'not below';

CREATE OPERATOR bourse.> (FUNCTION = bourse.fvec_gt, LEFTARG = bourse.fvec, RIGHTARG = bourse.fvec,
    COMMUTATOR = OPERATOR(bourse.<), NEGATOR = OPERATOR(bourse.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR bourse.> (bourse.fvec, bourse.fvec) IS 'above';

CREATE OPERATOR CLASS bourse.fvec_ops DEFAULT FOR TYPE bourse.fvec USING btree AS
    OPERATOR 1 bourse.<, OPERATOR 2 bourse.<=, OPERATOR 3 bourse.=, OPERATOR 4 bourse.>=, OPERATOR 5 bourse.>,
    FUNCTION 1 bourse.fvec_cmp(bourse.fvec, bourse.fvec);
COMMENT ON OPERATOR CLASS bourse.fvec_ops USING btree IS 'total order: element by element, then length';
CREATE OPERATOR CLASS bourse.fvec_ops DEFAULT FOR TYPE bourse.fvec USING hash AS
    OPERATOR 1 bourse.=,
    FUNCTION 1 bourse.fvec_hash(bourse.fvec), FUNCTION 2 bourse.fvec_hash_extended(bourse.fvec, bigint);
COMMENT ON OPERATOR CLASS bourse.fvec_ops USING hash IS 'equality: NaN equals NaN, -0 equals 0';
