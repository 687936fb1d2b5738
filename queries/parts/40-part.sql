-- What one part compares, as the model's steps know it: its own rows alone. The part's number is a variable of the connection,
-- which is a constant to every statement, so that no other part's rows are read.
CREATE OR REPLACE TEMP VIEW document AS
SELECT * EXCLUDE (part) RENAME (row_id AS rowid) FROM county_in_parts.main.document WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW conflict_candidate AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.conflict_candidate WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW numbered_period AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.numbered_period WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW numbered_task AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.numbered_task WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW document_acknowledgement AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.document_acknowledgement WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW quarantined_document AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.quarantined_document WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW quarantine_person AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.quarantine_person WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW known_identity AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.known_identity WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW person_conflict AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.person_conflict WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW numbered_interval AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.numbered_interval WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW numbered_several AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.numbered_several WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW numbered_archived_episode AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.numbered_archived_episode WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW person_document AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.person_document WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW person_archive AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.person_archive WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW numbered_relationship AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.numbered_relationship WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW relationship_kept_out AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.relationship_kept_out WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW voided_relationship AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.voided_relationship WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW numbered_case AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.numbered_case WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW numbered_episode AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.numbered_episode WHERE part = getvariable('part');

CREATE OR REPLACE TEMP VIEW numbered_settled AS
SELECT * EXCLUDE (part) FROM county_in_parts.main.numbered_settled WHERE part = getvariable('part');

-- What is the same for all.
CREATE OR REPLACE TEMP VIEW run AS FROM county_in_parts.main.run;

CREATE OR REPLACE TEMP VIEW set_without_periods AS FROM county_in_parts.main.set_without_periods;
