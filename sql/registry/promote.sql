-- Stages: bourse.stage_rule says which may follow which, bourse.promote moves a version.

-- The stages that may follow, for messages.
CREATE OR REPLACE FUNCTION bourse.next_stages(stage text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(string_agg(r.to_stage, ', ' ORDER BY array_position(bourse.model_stages(), r.to_stage)), 'none')
    FROM bourse.stage_rule AS r WHERE r.from_stage = next_stages.stage;
END;
COMMENT ON FUNCTION bourse.next_stages(text) IS 'stages that the rules allow after this one, as a list to read';

CREATE OR REPLACE FUNCTION bourse.move_stage(model_version_id bigint, stage text, reason text) RETURNS bourse.stage_transition
LANGUAGE sql VOLATILE
BEGIN ATOMIC
    WITH before AS (
        SELECT m.name, v.version, s.stage FROM bourse.model_version AS v
        JOIN bourse.model AS m USING (model_id) JOIN bourse.model_stage AS s USING (model_version_id)
        WHERE v.model_version_id = move_stage.model_version_id
    ), moved AS (
        UPDATE bourse.model_stage AS s SET stage = move_stage.stage, since = now() WHERE s.model_version_id = move_stage.model_version_id
        RETURNING s.model_version_id
    )
    INSERT INTO bourse.stage_transition (model, version, model_version_id, from_stage, to_stage, reason)
    SELECT b.name, b.version, m.model_version_id, b.stage, move_stage.stage, move_stage.reason FROM before AS b, moved AS m
    RETURNING *;
END;
COMMENT ON FUNCTION bourse.move_stage(bigint, text, text) IS 'sets a version''s stage and records the transition; bourse.promote checks the rules first';

-- A bare name means the newest version here: what was trained last is what is on its way.
CREATE OR REPLACE FUNCTION bourse.promote(model text, stage text, reason text DEFAULT NULL) RETURNS bourse.stage_transition
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    model_name text := split_part(split_part(model, ':', 1), '@', 1);
    moved bigint;
    moved_version int;
    current_stage text;
    serving record;
    candidates text;
BEGIN
    IF promote.model IS NULL OR promote.stage IS NULL THEN
        RAISE EXCEPTION 'model and stage must not be NULL' USING ERRCODE = '22004';
    END IF;
    IF promote.stage <> ALL (bourse.model_stages()) THEN
        RAISE EXCEPTION 'stage "%" does not exist', left(promote.stage, 100) USING ERRCODE = 'MB001',
            HINT = coalesce(format('did you mean "%s"? ', bourse.nearest(promote.stage, bourse.model_stages())), '') ||
                   'stages: ' || array_to_string(bourse.model_stages(), ', ');
    END IF;
    -- One promotion of a model at a time: the second sees what the first has done.
    PERFORM FROM bourse.model AS m WHERE m.model_id = bourse.find_model(model_name) FOR UPDATE;
    moved := bourse.resolve_model(CASE WHEN promote.model = model_name THEN model_name || '@latest' ELSE promote.model END);
    SELECT v.version, s.stage INTO moved_version, current_stage FROM bourse.model_version AS v
    JOIN bourse.model_stage AS s USING (model_version_id) WHERE v.model_version_id = moved;

    IF current_stage = promote.stage THEN
        RAISE EXCEPTION '%:% is in % already', model_name, moved_version, current_stage USING ERRCODE = 'MB002',
            HINT = format('from %s it may go to: %s', current_stage, bourse.next_stages(current_stage));
    END IF;
    IF NOT EXISTS (SELECT FROM bourse.stage_rule AS r WHERE r.from_stage = current_stage AND r.to_stage = promote.stage) THEN
        SELECT string_agg(format('%s:%s (in %s)', model_name, v.version, s.stage), ', ' ORDER BY v.version DESC) INTO candidates
        FROM bourse.model_version AS v JOIN bourse.model_stage AS s USING (model_version_id, model_id)
        JOIN bourse.stage_rule AS r ON r.from_stage = s.stage AND r.to_stage = promote.stage
        JOIN bourse.model AS m USING (model_id) WHERE m.name = model_name;
        RAISE EXCEPTION '%:% cannot go from % to %', model_name, moved_version, current_stage, promote.stage USING ERRCODE = 'MB002',
            HINT = format('from %s it may go to: %s', current_stage, bourse.next_stages(current_stage)) ||
                   coalesce('; versions that may go to ' || promote.stage || ': ' || candidates, '');
    END IF;
    IF promote.stage = 'production' THEN
        FOR serving IN SELECT s.model_version_id FROM bourse.model_stage AS s JOIN bourse.model AS m USING (model_id)
                       WHERE m.name = model_name AND s.stage = 'production' LOOP
            PERFORM bourse.move_stage(serving.model_version_id, 'archived', format('replaced by version %s', moved_version));
        END LOOP;
    END IF;
    RETURN bourse.move_stage(moved, promote.stage, promote.reason);
END
$$;
COMMENT ON FUNCTION bourse.promote(text, text, text) IS
    'moves a version to a stage that bourse.stage_rule allows (MB002 otherwise); a bare name is the newest version; a version in production goes to archived when another takes its place. SECURITY DEFINER: operators write no registry table otherwise';
