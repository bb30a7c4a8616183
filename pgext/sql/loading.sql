CREATE FUNCTION bourse.insert_block(block bytea, freq text, version bigint) RETURNS bigint[]
    AS 'MODULE_PATHNAME', 'bourse_insert_block' LANGUAGE C VOLATILE STRICT;
REVOKE ALL ON FUNCTION bourse.insert_block(bytea, text, bigint) FROM PUBLIC;
COMMENT ON FUNCTION bourse.insert_block(bytea, text, bigint)
    IS 'part of load_block: judges the rows of a block and inserts them into their partitions of bar, past bar''s rights; returns per instrument: id, rows, first and last ts (µs since 2000), rows without volume';
