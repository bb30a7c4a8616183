-- The built-in sets alpha158 and alpha360: Qlib's, computed by the corrected rules. Not stored before they are used.

SELECT bourse.create_feature_set(s.name, (SELECT jsonb_agg(jsonb_build_object('name', f.name, 'expression', f.expression) ORDER BY f.n)
                                          FROM bourse.built_in_features(s.name) AS f), description => s.description)
FROM (VALUES ('alpha158', 'built in: Qlib''s Alpha158: shapes of the bar, prices, 29 rolling families over 5 to 60 bars'),
             ('alpha360', 'built in: Qlib''s Alpha360: prices and volume of the last 60 bars over the newest')) AS s(name, description)
WHERE NOT EXISTS (SELECT FROM bourse.feature_set AS o WHERE o.name = s.name);
