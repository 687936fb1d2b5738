-- Conflicts: several documents of different content with the newest version of one set. Each is one way to read the
-- archive; a reading picks one candidate for every conflicted set about a person.
CREATE OR REPLACE TEMP TABLE conflict_candidate AS
WITH candidate AS (
    SELECT document.set_id, standing.document_no, document.document_key, document.kind
    FROM numbered_standing AS standing
    JOIN document ON document.rowid = standing.document_no
    WHERE standing.standing IN ('current', 'voided') AND standing.has_versions
),
conflicted AS (
    SELECT set_id
    FROM candidate
    GROUP BY set_id
    HAVING count(*) > 1 AND bool_or(kind = 'client-relationship')
)
SELECT
    candidate.set_id,
    candidate.document_no,
    candidate.document_key,
    -- total: a document has one key
    row_number() OVER (PARTITION BY candidate.set_id ORDER BY candidate.document_key) - 1 AS choice,
    count(*) OVER (PARTITION BY candidate.set_id)                                         AS choices
FROM candidate
SEMI JOIN conflicted USING (set_id);

-- A person's conflicted sets, numbered so that a reading is one number: its digits, in the base of each set's
-- choices, are the picks.
CREATE OR REPLACE TEMP TABLE person_conflict AS
WITH about AS (
    SELECT DISTINCT about.person_no, conflict_candidate.set_id, conflict_candidate.choices
    FROM conflict_candidate
    JOIN numbered_document_about AS about USING (document_no)
)
SELECT
    person_no,
    set_id,
    choices,
    coalesce(
        product(choices) OVER (  -- total: one row a person and set
            PARTITION BY person_no ORDER BY set_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ),
        1
    )::DOUBLE                                            AS stride,
    product(choices) OVER (PARTITION BY person_no)       AS readings
FROM about;

-- More than 4,096 readings of one person are not gone through. Two stand for all of them, of which neither is one: 0 has
-- no candidate and 1 has all, so that every reading archives the days of the one and no day that the other has not. Where
-- these two say the same, so does every reading; where they do not, nobody has looked.
CREATE OR REPLACE TEMP MACRO reading_limit() AS 4096;

CREATE OR REPLACE TEMP TABLE reading AS
SELECT person_no, unnest(range(CASE WHEN max(readings) > reading_limit() THEN 2 ELSE max(readings)::BIGINT END)) AS reading
FROM person_conflict
GROUP BY person_no;

CREATE OR REPLACE TEMP TABLE reading_pick AS
SELECT reading.person_no, reading.reading, candidate.document_no
FROM reading
JOIN person_conflict USING (person_no)
JOIN conflict_candidate AS candidate USING (set_id)
WHERE CASE
          WHEN person_conflict.readings > reading_limit() THEN reading.reading = 1
          ELSE (reading.reading // person_conflict.stride::BIGINT) % person_conflict.choices = candidate.choice
      END;

-- Current intervals in each reading, those with a day in the period. Persons without a conflict have the one reading 0.
CREATE OR REPLACE TEMP TABLE reading_interval AS
WITH standing AS (
    SELECT person_no, organiser_no, task_no, document_no, possible_start, possible_end, certain_start, certain_end
    FROM numbered_interval
    CROSS JOIN run
    WHERE standing = 'current'
      AND task_no IS NOT NULL
      AND possible_start <= run.period_end
      AND possible_end >= run.period_start
)
SELECT standing.* EXCLUDE (document_no), 0 AS reading
FROM standing
ANTI JOIN person_conflict USING (person_no)
UNION ALL
SELECT standing.* EXCLUDE (document_no), reading.reading
FROM standing
JOIN reading USING (person_no)
ANTI JOIN conflict_candidate USING (document_no)
UNION ALL
SELECT standing.* EXCLUDE (document_no), reading_pick.reading
FROM standing
JOIN reading_pick USING (person_no, document_no);

-- Islands: overlapping or adjacent intervals made one, for certain and for possible days. An interval that is the only
-- one is an island of its own. Of spans that start on one day the longest stands for all, so that no two have one place
-- in the order.
CREATE OR REPLACE TEMP TABLE numbered_island AS
WITH several AS (
    SELECT * FROM reading_interval SEMI JOIN numbered_several USING (person_no, organiser_no, task_no)
),
span AS (
    SELECT person_no, organiser_no, task_no, reading, 'certain' AS sureness,
           certain_start AS span_start, certain_end AS span_end
    FROM several
    WHERE certain_start <= certain_end
    UNION ALL
    SELECT person_no, organiser_no, task_no, reading, 'possible', possible_start, possible_end
    FROM several
),
longest AS (
    SELECT person_no, organiser_no, task_no, reading, sureness, span_start, max(span_end) AS span_end
    FROM span
    GROUP BY person_no, organiser_no, task_no, reading, sureness, span_start
),
reached AS (
    SELECT *, max(span_end) OVER (  -- total: one row a start
        PARTITION BY person_no, organiser_no, task_no, reading, sureness
        ORDER BY span_start
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS reached
    FROM longest
),
numbered AS (
    SELECT *, sum(CASE WHEN span_start <= reached + 1 THEN 0 ELSE 1 END) OVER (  -- total: one row a start
        PARTITION BY person_no, organiser_no, task_no, reading, sureness
        ORDER BY span_start
        ROWS UNBOUNDED PRECEDING
    ) AS island
    FROM reached
)
SELECT person_no, organiser_no, task_no, reading, sureness,
       min(span_start) AS island_start, max(span_end) AS island_end
FROM numbered
GROUP BY person_no, organiser_no, task_no, reading, sureness, island;

CREATE OR REPLACE TEMP VIEW lone_interval AS
SELECT *
FROM reading_interval
ANTI JOIN numbered_several USING (person_no, organiser_no, task_no);

CREATE OR REPLACE TEMP VIEW covered_island AS
SELECT person_no, organiser_no, task_no, reading, sureness, island_start, island_end
FROM numbered_island
UNION ALL
SELECT person_no, organiser_no, task_no, reading, 'certain', certain_start, certain_end
FROM lone_interval
WHERE certain_start <= certain_end
UNION ALL
SELECT person_no, organiser_no, task_no, reading, 'possible', possible_start, possible_end
FROM lone_interval;

-- Rows that documents decide, once for each reading of their person. In every reading that is of the period the row has the
-- days [least_start, least_end]; where these are the wrong way round, it has at least one day of [least_end, least_start].
CREATE OR REPLACE TEMP TABLE episode_reading AS
SELECT
    episode.row_no,
    episode.person_no,
    episode.organiser_no,
    episode.task_no,
    episode.certainly_of_period,
    episode.widest_start,
    episode.widest_end,
    greatest(least(episode.start_hi, episode.end_hi, run.period_end), run.period_start) AS least_start,
    least(greatest(episode.end_lo, episode.start_lo, run.period_start), run.period_end) AS least_end,
    greatest(0, episode.narrowest_end - episode.narrowest_start + 1)::BIGINT            AS narrowest,
    coalesce(reading.reading, 0) AS reading
FROM numbered_episode AS episode
CROSS JOIN run
ANTI JOIN numbered_settled USING (row_no)
LEFT JOIN reading USING (person_no);

-- Days of each row in each reading: its own, and those of them that are archived.
CREATE OR REPLACE TEMP MACRO common_days(one_start, one_end, other_start, other_end) AS
    -- least() and greatest() pass over nulls, so it is asked first whether there is another.
    CASE WHEN other_start IS NOT NULL THEN greatest(0, least(one_end, other_end) - greatest(one_start, other_start) + 1) END;

CREATE OR REPLACE TEMP TABLE episode_days AS
WITH ranged AS (
    SELECT
        *,
        least_start <= least_end          AS fixed,
        least(least_start, least_end)     AS least_from,
        greatest(least_start, least_end)  AS least_to
    FROM episode_reading
),
by_islands AS (
    SELECT
        row.row_no,
        row.reading,
        sum(common_days(widest_start, widest_end, island_start, island_end))
            FILTER (sureness = 'certain')  AS widest_certain,
        sum(common_days(widest_start, widest_end, island_start, island_end))
            FILTER (sureness = 'possible') AS widest_possible,
        sum(common_days(least_from, least_to, island_start, island_end))
            FILTER (sureness = 'certain')  AS least_certain,
        sum(common_days(least_from, least_to, island_start, island_end))
            FILTER (sureness = 'possible') AS least_possible
    FROM ranged AS row
    JOIN numbered_island AS island USING (person_no, organiser_no, task_no, reading)
    GROUP BY row.row_no, row.reading
),
-- An interval without a certain day has some day of [certain_end, certain_start] all the same: where all of these are the
-- row's, the row has an archived day in every reading.
touched AS (
    SELECT DISTINCT row.row_no, row.reading
    FROM ranged AS row
    JOIN (FROM reading_interval WHERE certain_end < certain_start) AS floating
        USING (person_no, organiser_no, task_no, reading)
    WHERE row.fixed AND floating.certain_end >= row.least_from AND floating.certain_start <= row.least_to
)
SELECT
    row.row_no,
    row.person_no,
    row.reading,
    row.certainly_of_period,
    row.fixed,
    row.narrowest,
    (widest_end - widest_start + 1)::BIGINT                  AS widest,
    (least_to - least_from + 1)::BIGINT                      AS least,
    -- Days of the one interval, which has perhaps no certain day; else of the islands; else none.
    coalesce(by_islands.widest_certain, common_days(widest_start, widest_end, certain_start, certain_end), 0)::BIGINT
        AS widest_certain,
    coalesce(by_islands.widest_possible, common_days(widest_start, widest_end, possible_start, possible_end), 0)::BIGINT
        AS widest_possible,
    coalesce(by_islands.least_certain, common_days(least_from, least_to, certain_start, certain_end), 0)::BIGINT
        AS least_certain,
    coalesce(by_islands.least_possible, common_days(least_from, least_to, possible_start, possible_end), 0)::BIGINT
        AS least_possible,
    touched.row_no IS NOT NULL AS touched
FROM ranged AS row
LEFT JOIN lone_interval AS lone USING (person_no, organiser_no, task_no, reading)
LEFT JOIN by_islands ON by_islands.row_no = row.row_no AND by_islands.reading = row.reading
LEFT JOIN touched ON touched.row_no = row.row_no AND touched.reading = row.reading;

-- The class of every row of the period, and the figures the contract counts.
CREATE OR REPLACE TEMP TABLE classified AS
WITH possible_class AS (
    -- What partial dates leave possible. The row with the fewest days and the archive with the most tell whether all of
    -- it can be archived; the other way round, whether a day of it can lack; and so on. For whole dates the fewest days
    -- are the most, and just one of the three classes is possible.
    SELECT
        row_no,
        person_no,
        reading,
        certainly_of_period,
        narrowest,
        widest,
        widest_certain,
        least_certain,
        CASE WHEN fixed THEN least_possible = least ELSE least_possible > 0 END                  AS can_be_whole,
        widest_certain < widest                                                                  AS can_lack_a_day,
        widest_possible > 0                                                                      AS can_have_a_day,
        CASE WHEN fixed THEN least_certain = 0 AND NOT touched ELSE least_certain < least END    AS can_be_empty
    FROM episode_days
),
reading_class AS (
    -- The class that a row has in one reading; `open` when partial dates leave it open.
    SELECT
        row_no,
        person_no,
        CASE
            WHEN NOT can_lack_a_day THEN 'archived'
            WHEN NOT can_have_a_day AND certainly_of_period THEN 'missing'
            WHEN NOT can_be_whole AND NOT can_be_empty AND certainly_of_period THEN 'partial'
            ELSE 'open'
        END                                                                     AS class,
        CASE WHEN narrowest > 0 THEN narrowest ELSE widest END                  AS days_expected,
        CASE WHEN narrowest > 0 THEN least_certain ELSE widest_certain END      AS days_archived
    FROM possible_class
),
person_readings AS (
    SELECT person_no, max(readings) > reading_limit() AS too_many
    FROM person_conflict
    GROUP BY person_no
),
candidate_days AS (
    SELECT DISTINCT person_no, organiser_no, task_no
    FROM numbered_interval
    CROSS JOIN run
    SEMI JOIN conflict_candidate USING (document_no)
    WHERE standing = 'current' AND possible_start <= run.period_end AND possible_end >= run.period_start
),
over_limit AS (
    -- Of rows whose readings were not gone through, and that some of them may concern: what the two that stand for them
    -- leave open.
    SELECT reading_class.row_no
    FROM reading_class
    JOIN person_readings USING (person_no)
    JOIN numbered_episode AS episode USING (row_no)
    SEMI JOIN candidate_days
        ON  candidate_days.person_no = episode.person_no
        AND candidate_days.organiser_no = episode.organiser_no
        AND candidate_days.task_no = episode.task_no
    WHERE too_many
    GROUP BY reading_class.row_no
    HAVING count(DISTINCT class) > 1
        OR bool_or(class = 'open')
        OR (min(class) = 'partial' AND min(days_archived) < max(days_archived))
),
agreed AS (
    -- Without a conflict there is one reading: nothing to agree on.
    SELECT
        row_no, class, class = 'open' AS open_reading, false AS conflicting, false AS beyond_limit,
        days_expected, days_archived
    FROM reading_class
    ANTI JOIN person_readings USING (person_no)
    UNION ALL
    SELECT
        reading_class.row_no,
        min(class),
        bool_or(class = 'open') AND over_limit.row_no IS NULL,
        count(DISTINCT class) > 1 OR over_limit.row_no IS NOT NULL,
        over_limit.row_no IS NOT NULL,
        min(days_expected),
        min(days_archived)
    FROM reading_class
    JOIN person_readings USING (person_no)
    LEFT JOIN over_limit USING (row_no)
    GROUP BY reading_class.row_no, over_limit.row_no
)
SELECT
    row_no,
    CASE WHEN conflicting OR open_reading THEN 'undetermined' ELSE class END AS class,
    CASE
        WHEN conflicting AND open_reading THEN ['partial-date', 'version-conflict']
        WHEN conflicting THEN ['version-conflict']
        WHEN open_reading THEN ['partial-date']
        ELSE []
    END AS reasons,
    CASE WHEN conflicting OR open_reading THEN 0 ELSE days_expected END AS days_expected,
    CASE
        WHEN conflicting OR open_reading THEN 0
        -- No one day is archived in every reading, but one or another is.
        WHEN class = 'partial' THEN greatest(days_archived, 1)
        ELSE days_archived
    END AS days_archived,
    -- Its readings are too many to be gone through, and it may be that they agree.
    beyond_limit
FROM agreed
UNION ALL
SELECT row_no, class, reasons, 0, 0, false
FROM numbered_settled;
