-- 0001_platform.sql: what every area uses: settings, the sequence of work, frequencies. Breaking: no.

CREATE SEQUENCE bourse.work_id_seq;
COMMENT ON SEQUENCE bourse.work_id_seq IS 'ids of jobs, runs, studies and deployments: one number names one piece of work';

CREATE TABLE bourse.setting (
    name        text NOT NULL,
    value       jsonb NOT NULL,
    description text NOT NULL,
    CONSTRAINT setting_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE bourse.setting IS 'limits and defaults of the platform; change a value with UPDATE';

CREATE DOMAIN bourse.freq AS text
    CONSTRAINT freq_known CHECK (VALUE IN ('1m', '5m', '15m', '30m', '1h', '4h', '1d', '1w', '1mo'));
COMMENT ON DOMAIN bourse.freq IS 'length of a bar: 1m 5m 15m 30m 1h 4h 1d 1w 1mo';
