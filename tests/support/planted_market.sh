# shellcheck shell=bash
# Sourced by tests of training: 30 symbols × 400 days in which the return two bars ahead follows this bar's with
# correlation 0.3 and nothing else can be known; the feature set 'planted' with that return, a mixture and a column
# without any value.
plant_market() {
    psql -qXAt -v ON_ERROR_STOP=1 <<'SQL' >/dev/null
SELECT setseed(0.5);
INSERT INTO bourse.instrument (symbol, calendar) SELECT 'P' || i, '24x7' FROM generate_series(1, 30) AS i;
CREATE TEMP TABLE made (symbol text, ts timestamptz, close float8);
DO $$
DECLARE
    r float8[];
    z float8;
    price float8;
BEGIN
    FOR i IN 1 .. 30 LOOP
        r := '{}';
        price := 100;
        FOR d IN 1 .. 400 LOOP
            z := sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random());
            r[d] := CASE WHEN d <= 2 THEN z ELSE 0.3 * r[d - 2] + sqrt(0.91) * z END;
            price := price * (1 + 0.02 * r[d]);
            INSERT INTO made VALUES ('P' || i, timestamptz '2020-01-01' + d * interval '1 day', price);
        END LOOP;
    END LOOP;
END $$;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) SELECT symbol, '1d', ts, close, close, close, close, 1000 FROM made;
SELECT bourse.create_feature_set('planted', '{"ret": "$close/Ref($close,1)-1", "mom": "$close/Ref($close,5)-1", "void": "Log($close-$close-1)"}'::jsonb);
SQL
}
