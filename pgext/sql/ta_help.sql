-- Help on one indicator, written from ta.indicator_catalog.

CREATE FUNCTION ta.help(indicator text) RETURNS text LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found ta.indicator_catalog%ROWTYPE;
    near text;
    inputs text;
    arguments text;
    parameters text;
    outputs text;
BEGIN
    SELECT * INTO found FROM ta.indicator_catalog AS c WHERE c.name = lower(regexp_replace(help.indicator, '^ta\.', ''));
    IF found.name IS NULL THEN
        near := bourse.nearest(lower(help.indicator), (SELECT array_agg(c.name) FROM ta.indicator_catalog AS c));
        RAISE EXCEPTION 'there is no indicator "%"', help.indicator
            USING ERRCODE = 'undefined_function', HINT = coalesce(format('did you mean %s? ', near), '') || 'SELECT name, summary FROM ta.indicator_catalog';
    END IF;
    inputs := array_to_string(found.inputs, ', ');
    SELECT coalesce(string_agg(format(', %s => %s', p ->> 'name', CASE p ->> 'type' WHEN 'text' THEN quote_literal(p ->> 'default') ELSE p ->> 'default' END), '' ORDER BY n), ''),
           coalesce(string_agg(format(E'\n  %s %s, default %s, %s', p ->> 'name', p ->> 'type', p ->> 'default',
                                      coalesce(CASE jsonb_typeof(p -> 'choices')
                                                   WHEN 'array' THEN 'one of ' || (SELECT string_agg(c, ', ') FROM jsonb_array_elements_text(p -> 'choices') AS c)
                                                   WHEN 'object' THEN 'one of ' || (SELECT string_agg(c.key || ' ' || (c.value #>> '{}'), ', ' ORDER BY c.key::int) FROM jsonb_each(p -> 'choices') AS c)
                                               END, format('%s to %s', p ->> 'lowest', p ->> 'highest'))), '' ORDER BY n), E'\n  none')
    INTO arguments, parameters
    FROM jsonb_array_elements(found.parameters) WITH ORDINALITY AS u (p, n);
    SELECT string_agg(format(E'\n  %s: %s%s', o.name, o.unit, CASE WHEN o.lowest IS NOT NULL AND o.highest IS NOT NULL THEN format(', %s to %s', o.lowest, o.highest)
                                                                  WHEN o.lowest IS NOT NULL THEN format(', %s or more', o.lowest)
                                                                  WHEN o.highest IS NOT NULL THEN format(', %s or less', o.highest)
                                                                  ELSE '' END), '' ORDER BY o.n)
    INTO outputs
    FROM unnest(found.outputs, found.units, found.lowest, found.highest) WITH ORDINALITY AS o (name, unit, lowest, highest, n);
    RETURN format(E'ta.%s: %s (%s)\n', found.name, found.summary, found.family)
        || format(E'formula: %s\n', found.formula)
        || format(E'inputs: %s\nparameters:%s\n', inputs, parameters)
        || format(E'outputs:%s\n', outputs)
        || format(E'first value: after %s bars with the defaults\n', found.first_valid)
        || coalesce('no value: ' || found.undefined || E'\n', '')
        || format(E'gaps: %s\n', found.gap_rule)
        || format(E'source: %s%s\n', found.source, coalesce('; ' || found.deviation, ''))
        || format(E'window: ta.%s(%s%s) OVER (PARTITION BY instrument_id ORDER BY ts)\n', found.name, inputs, arguments)
        || format(E'array: ta.%s(%s%s)', found.name, (SELECT string_agg(format('array_agg(%s ORDER BY ts)', i), ', ' ORDER BY n) FROM unnest(found.inputs) WITH ORDINALITY AS u (i, n)), arguments);
END
$$;
COMMENT ON FUNCTION ta.help(text) IS 'what an indicator is: formula, inputs, parameters with their ranges, outputs with units and bounds, first value, gaps, source, how to call it';
