-- The start of a test that registers versions: artifacts, a signer, and all output.
\set ECHO none
\ir ../data/artifacts.sql
\ir ../../support/signing.sql
\set ECHO all
\pset format unaligned
\set ON_ERROR_STOP off
