-- Signatures of model artifacts.

CREATE FUNCTION bourse.is_signed(model text, sha256 bytea, size_bytes bigint, signature bytea, public_key bytea) RETURNS boolean
    AS 'MODULE_PATHNAME', 'bourse_is_signed' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.is_signed(text, bytea, bigint, bytea, bytea) IS 'whether this Ed25519 signature of an artifact with that hash and size, of that model, was made by the key; whether the key is trusted is another question';
