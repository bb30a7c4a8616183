-- For tests that register versions of their own: signatures by the key that test databases trust.
CREATE SCHEMA test;
CREATE FUNCTION test.sign(model text, artifact bytea) RETURNS bytea AS '$libdir/bourse_test_signer', 'bourse_test_sign' LANGUAGE C IMMUTABLE STRICT;
CREATE FUNCTION test.public_key() RETURNS bytea AS '$libdir/bourse_test_signer', 'bourse_test_public_key' LANGUAGE C IMMUTABLE;
CREATE FUNCTION test.register_version(model text, run_id bigint, algorithm text, feature_set_id int, features text[], label text,
    artifact bytea, native bytea DEFAULT NULL, params jsonb DEFAULT '{}', metrics jsonb DEFAULT '{}') RETURNS bigint
RETURN bourse.register_version(model, run_id, algorithm, feature_set_id, features, label, artifact, native, params, metrics, test.sign(model, artifact), test.public_key());
