-- What was delivered of the forgotten is remembered without them: their rows stand under a mark, the same in every delivery, and
-- tell no dates. `here` is the database as it was, `there` its copy;
-- the variable thrown_away is known to nobody afterwards.
CREATE OR REPLACE TEMP MACRO forgotten_mark(name) AS '[forgotten-' || md5(getvariable('thrown_away') || name)[1:12] || ']';

INSERT INTO there.delivery_row BY NAME
SELECT
    told.* EXCLUDE (identity_key, decided_text, start_text, end_text)
        REPLACE (
            forgotten_mark(source_id) AS source_id,
            forgotten_mark(former_source_id) AS former_source_id,
            true AS forgotten
        )
FROM here.delivery_row AS told
WHERE told.rowid IN (SELECT row_no FROM temp.gone WHERE relation = 'delivery_row');

INSERT INTO there.delivery_returned BY NAME
SELECT told.* REPLACE (forgotten_mark(source_id) AS source_id)
FROM here.delivery_returned AS told
WHERE told.rowid IN (SELECT row_no FROM temp.gone WHERE relation = 'delivery_returned');
