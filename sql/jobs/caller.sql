-- Whose work it is: the session's role, also inside SECURITY DEFINER functions, where current_user is their owner.

CREATE OR REPLACE FUNCTION bourse.caller() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('role'), 'none'), session_user::text);
COMMENT ON FUNCTION bourse.caller() IS 'the role this session acts as: SET ROLE''s, else the login';

CREATE OR REPLACE FUNCTION bourse.may_act_for(owner text) RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    caller text := bourse.caller();
BEGIN
    IF owner = caller OR pg_has_role(caller, 'bourse_operator', 'MEMBER') THEN
        RETURN true;
    END IF;
    RETURN EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = may_act_for.owner AND pg_has_role(caller, r.oid, 'MEMBER'));
END
$$;
COMMENT ON FUNCTION bourse.may_act_for(text) IS 'may the caller act on work of this owner: it is the caller''s, a role of the caller''s, or the caller is an operator';
