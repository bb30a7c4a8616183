-- bourse.fvec as a user sees it: text, binary, casts, subscripts, order, hash, and every malformed input.
\pset format unaligned
\pset tuples_only on

-- text
SELECT '{1,2.5,NaN}'::bourse.fvec, '[1,2.5]'::bourse.fvec, ' { +1 , -2.5e3 ,	inf, -Infinity, null, nan } '::bourse.fvec, '{}'::bourse.fvec, '[ ]'::bourse.fvec;
SELECT '{0.1,3.4028235e38,1e-45,-0,123456789}'::bourse.fvec, '{0.1,3.4028235e38,1e-45,-0,123456789}'::real[];
SET extra_float_digits = 0;
SELECT '{0.1,3.4e38,123456789}'::bourse.fvec, '{0.1,3.4e38,123456789}'::real[];
RESET extra_float_digits;
-- prints what real[] prints, for bit patterns of all sizes
SELECT count(*), bool_and(v::bourse.fvec::text = v::text AND v::text::bourse.fvec OPERATOR(bourse.=) v::bourse.fvec)
FROM (SELECT ARRAY[sin(i) * 10.0::float8 ^ (i % 75 - 37), i, 1.0 / i]::real[] AS v FROM generate_series(1, 1000) AS i) AS t;

-- malformed text
SELECT ''::bourse.fvec;
SELECT 'x'::bourse.fvec;
SELECT '1,2'::bourse.fvec;
SELECT '{'::bourse.fvec;
SELECT '{1'::bourse.fvec;
SELECT '1}'::bourse.fvec;
SELECT '{1]'::bourse.fvec;
SELECT '{1}x'::bourse.fvec;
SELECT '{,}'::bourse.fvec;
SELECT '{1,}'::bourse.fvec;
SELECT '{1,,2}'::bourse.fvec;
SELECT '{1 2}'::bourse.fvec;
SELECT '{a}'::bourse.fvec;
SELECT '{1e}'::bourse.fvec;
SELECT '{0x10}'::bourse.fvec;
SELECT '{+-1}'::bourse.fvec;
SELECT '{+}'::bourse.fvec;
SELECT '{nan(1)}'::bourse.fvec;
SELECT '{infinite}'::bourse.fvec;
SELECT '{-}'::bourse.fvec;
SELECT '{.}'::bourse.fvec;
SELECT '{.5,5.,-.5e-1,-nan}'::bourse.fvec;
SELECT ('{' || repeat('é', 300) || '}')::bourse.fvec;
SELECT '{{1},{2}}'::bourse.fvec;
SELECT '{"1"}'::bourse.fvec;
SELECT '{1e40}'::bourse.fvec;
SELECT '{-1e40}'::bourse.fvec;
SELECT '{1e-60}'::bourse.fvec;
SELECT bourse.fvec_length(('{' || repeat('1,', 15999) || '1}')::bourse.fvec);
SELECT ('{' || repeat('1,', 16000) || '1}')::bourse.fvec;

-- random text is read or refused exactly as real[] reads or refuses it
SELECT setseed(0.25);
CREATE FUNCTION pg_temp.reads(value text, type text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('SELECT %L::%s::text', value, type) INTO result;
    RETURN result;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;
CREATE TEMP TABLE random_text AS
SELECT '{' || (SELECT string_agg(substr(',,11203456789.eE+-  naif', 1 + floor(random() * 23)::int, 1), '') FROM generate_series(1, 1 + floor(random() * 7)::int) WHERE i > 0) || '}' AS value
FROM generate_series(1, 5000) AS i;
SELECT count(*), count(f) > 1000 AS many_are_read, count(*) FILTER (WHERE f IS DISTINCT FROM r) AS differ
FROM (SELECT pg_temp.reads(value, 'bourse.fvec') AS f, pg_temp.reads(value, 'real[]') AS r FROM random_text) AS t;

-- binary: uint32 count, then float32, little-endian
SELECT bourse.fvec_send('{1,2}'), bourse.fvec_bytes('{1,2}'), bourse.fvec_bytes('{}'), bourse.fvec_length('{1,2}'), bourse.fvec_length('{}');
CREATE TEMP TABLE wire (features bourse.fvec);
-- a COPY BINARY file with one field of one row: header, field count, field length, field, trailer
\copy wire FROM PROGRAM 'printf "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0\0\1\0\0\0\14\2\0\0\0\0\0\200\077\0\0\0\100\377\377"' (FORMAT binary)
\copy wire FROM PROGRAM 'printf "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4\0\0\0\0\377\377"' (FORMAT binary)
SELECT features FROM wire;
-- malformed: nothing, too short for the count, one element missing, one byte too much, a count far beyond the bytes
\copy wire FROM PROGRAM 'printf "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\377\377"' (FORMAT binary)
\copy wire FROM PROGRAM 'printf "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0\0\1\0\0\0\3\1\0\0\377\377"' (FORMAT binary)
\copy wire FROM PROGRAM 'printf "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0\0\1\0\0\0\10\2\0\0\0\0\0\200\077\377\377"' (FORMAT binary)
\copy wire FROM PROGRAM 'printf "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0\0\1\0\0\0\11\1\0\0\0\0\0\200\077\0\377\377"' (FORMAT binary)
\copy wire FROM PROGRAM 'printf "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0\0\1\0\0\0\10\201\076\0\0\0\0\200\077\377\377"' (FORMAT binary)
\copy wire FROM PROGRAM 'printf "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0\0\1\0\0\0\10\377\377\377\377\0\0\200\077\377\377"' (FORMAT binary)

-- casts: explicit only; NULL becomes NaN
SELECT ARRAY[1, NULL, 3.5]::real[]::bourse.fvec, ARRAY[1, NULL, 3.5, 'NaN']::float8[]::bourse.fvec, '{}'::float8[]::bourse.fvec;
SELECT '{1,NaN}'::bourse.fvec::real[], '{1,NaN}'::bourse.fvec::float8[], '{}'::bourse.fvec::real[], '{0.1}'::bourse.fvec::float8[];
SELECT ARRAY[1, NULL, -3]::bourse.fvec, ARRAY[0.1, NULL, 1e3]::bourse.fvec, '{}'::int[]::bourse.fvec;
SELECT array_ndims('{1,2}'::bourse.fvec::real[]), '[5:6]={1,2}'::real[]::bourse.fvec;
SELECT ARRAY[1e-60, 1e-300]::float8[]::bourse.fvec;
SELECT ARRAY[1, 1e39]::float8[]::bourse.fvec;
SELECT '{{1,2},{3,4}}'::real[]::bourse.fvec;
SELECT array_fill(0::real, ARRAY[16001])::bourse.fvec;
INSERT INTO wire VALUES (ARRAY[1]::real[]);

-- subscripts from 1
SELECT f[1], f[3], f[0], f[-1], f[4], f[NULL], f[2147483647] FROM (SELECT '{1,2,NaN}'::bourse.fvec) AS t(f);
SELECT pg_typeof(f[1]), (NULL::bourse.fvec)[1] FROM (SELECT '{1}'::bourse.fvec) AS t(f);
SELECT sum(f[i]) FROM (SELECT '{1,2,3}'::bourse.fvec) AS t(f), generate_series(0, 9) AS i;
SELECT f['2'], f[2::bigint] FROM (SELECT '{1,2}'::bourse.fvec) AS t(f);
SELECT f[1][1] FROM (SELECT '{1}'::bourse.fvec) AS t(f);
SELECT f[1:2] FROM (SELECT '{1}'::bourse.fvec) AS t(f);
SELECT f['a'] FROM (SELECT '{1}'::bourse.fvec) AS t(f);
SELECT f[true] FROM (SELECT '{1}'::bourse.fvec) AS t(f);
UPDATE wire SET features[1] = 3;
-- out of line: one element is read without the rest
CREATE TEMP TABLE long (features bourse.fvec);
INSERT INTO long SELECT array_agg(i ORDER BY i)::real[]::bourse.fvec FROM generate_series(1, 16000) AS i;
SELECT features[1], features[16000], features[16001], bourse.fvec_length(features), features::real[] = (SELECT array_agg(i ORDER BY i)::real[] FROM generate_series(1, 16000) AS i) FROM long;

-- order and hash: NaN equals NaN and is above every number, -0 equals 0, the shorter is first
CREATE TEMP TABLE ordered (f bourse.fvec);
INSERT INTO ordered VALUES ('{0,NaN}'), ('{-0,NaN}'), ('{0,NaN,1}'), ('{0,2}'), ('{}'), ('{NaN}'), ('{Infinity}'), ('{-Infinity}');
SELECT f FROM ordered ORDER BY f, f::text;
SELECT count(DISTINCT f) FROM ordered;
SET enable_sort = off;
SELECT count(*) FROM (SELECT f FROM ordered GROUP BY f) AS t;
SELECT count(*) FROM ordered AS a JOIN ordered AS b ON a.f OPERATOR(bourse.=) b.f;
RESET enable_sort;
CREATE INDEX ordered_idx ON ordered (f);
SET enable_seqscan = off;
SELECT f FROM ordered WHERE f OPERATOR(bourse.>) '{0,2}' AND f OPERATOR(bourse.<=) '{0,NaN}' ORDER BY f::text;
RESET enable_seqscan;
SELECT a.f, b.f FROM ordered AS a, ordered AS b
WHERE (bourse.fvec_cmp(a.f, b.f) = 0) <> (a.f OPERATOR(bourse.=) b.f) OR (a.f OPERATOR(bourse.=) b.f) <> (NOT a.f OPERATOR(bourse.<>) b.f)
   OR (bourse.fvec_cmp(a.f, b.f) < 0) <> (a.f OPERATOR(bourse.<) b.f) OR (a.f OPERATOR(bourse.>=) b.f) <> (NOT a.f OPERATOR(bourse.<) b.f)
   OR bourse.fvec_cmp(a.f, b.f) <> -bourse.fvec_cmp(b.f, a.f)
   OR (a.f OPERATOR(bourse.=) b.f AND (bourse.fvec_hash(a.f) <> bourse.fvec_hash(b.f) OR bourse.fvec_hash_extended(a.f, 7) <> bourse.fvec_hash_extended(b.f, 7)));
-- every object has a comment
SELECT p.oid::regprocedure FROM pg_proc AS p WHERE p.proname LIKE 'fvec%' AND p.pronamespace = 'bourse'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL;
