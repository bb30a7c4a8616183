-- Who may what, in one place. Each role has what the one before has:
-- reader < researcher < operator; approver and worker stand beside; admin has all.

GRANT bourse_reader TO bourse_researcher;
GRANT bourse_researcher TO bourse_operator;
GRANT bourse_reader TO bourse_approver, bourse_worker;
GRANT bourse_operator, bourse_approver, bourse_worker TO bourse_admin;

GRANT USAGE ON SCHEMA bourse, ta, bourse_bi TO bourse_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA bourse, bourse_bi TO bourse_reader;
REVOKE ALL ON bourse.artifact_chunk FROM PUBLIC, bourse_reader;
GRANT USAGE ON SEQUENCE bourse.work_id_seq TO bourse_researcher;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA bourse TO bourse_admin;
