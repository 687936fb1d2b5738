/*
code = "G13"
name = "dates-differ"
severity = "warning"
applies = "2022-10-01.."
scope = "whole"
follows_from = ["G07", "G10", "R18"]

[parameters.days]
default = 0
fi = "päivää: näin pieni ero hyväksytään"
sv = "dagar: så liten skillnad godtas"
en = "days: as small a difference is let pass"

[parameters.cut]
default = 10
fi = "prosenttia: kun näin suuri osa luettelon riveistä alkaa samana päivänä, luettelo on katkaistu siihen"
sv = "procent: när så stor del av listans rader börjar samma dag är listan kapad där"
en = "per cent: when as many of the register's rows begin on one day, the register was cut there"

[title]
fi = "Alku- tai loppupäivä on eri kuin omassa asiakkuusluettelossa"
sv = "Start- eller slutdatumet skiljer sig från det egna registrets"
en = "Start or end differs from the register's"

[why]
fi = """
Seurantarekisteri saa jakson Kannan päivillä. Jos ne eroavat alueen omista, jaksojen kesto ja määrä vääristyvät."""
sv = """
Uppföljningsregistret får perioden med datumen från Kanta. Om de avviker från områdets egna förvrängs periodernas
längd och antal."""
en = """
The follow-up register receives the episode with Kanta's dates. If they differ from the county's own, lengths and
counts of episodes go wrong."""

[guidance]
fi = "Vertaa päiviä (kanta-gap trace) ja korjaa joko asiakirja tai oma asiakkuusluettelo."
sv = "Jämför datumen (kanta-gap trace) och rätta antingen handlingen eller det egna registret."
en = "Compare the dates (kanta-gap trace), and correct either the document or the register."

[numerator]
fi = """
niistä rivit, joilla on syy dates-differ; toisiaan seuraavat rivit ovat yksi, eikä luettelon katkaisupäivä ole ero
(omat rajat)"""
sv = """
av dem raderna med orsaken dates-differ; rader som följer på varandra är en, och den dag listan är kapad på är ingen
skillnad (egna gränser)"""
en = """
those of them that carry the reason dates-differ; rows that go on from one another are one, and the day at which the
register was cut is no difference (own limits)"""

[of]
fi = "ratkaistavat rivit, joiden kanssa saman palvelutehtävän arkistoitu jakso on päällekkäin"
sv = "avgjorda rader som överlappas av en arkiverad period i samma serviceuppgift"
en = """
rows decided by the archive that an archived episode of the same organiser, layer and service task overlaps"""
sql = '''
SELECT count(*)
FROM explained
SEMI JOIN archived_episode AS archived
    ON  archived.person_key = explained.person_key
    AND archived.organiser = explained.organiser
    AND archived.layer = explained.layer
    AND archived.service_task = explained.match_task
    AND archived.possible_start <= explained.end_hi
    AND archived.possible_end >= explained.start_lo'''

[basis]
fi = """
Laki 703/2023 37–38 §: asiakirjassa on palvelutehtävä, palvelunjärjestäjä, henkilön tunniste sekä asiakkuuden alku ja
loppu"""
sv = """
Lag 703/2023 37–38 §: en handling anger serviceuppgift, tjänsteanordnare, personens identifierare och
klientrelationens början och slut"""
en = """
Act 703/2023, sections 37–38: a document states service task, organiser, the person's identifier, and start and end of
the client relationship"""

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
story = "dates-differ"
*/
WITH told AS (
    SELECT explained.*
    FROM explained
    SEMI JOIN (FROM ledger_reason WHERE reason = 'dates-differ') AS differing USING (source_id)
),
beside AS (
    -- All rows of the same persons in the same tasks.
    SELECT register_row.*
    FROM register_row
    SEMI JOIN told USING (person_key, organiser, layer, match_task)
    WHERE register_row.start_lo <= register_row.end_hi
),
reached AS (
    SELECT
        *,
        max(end_hi) OVER (  -- total: a source_id stands once
            PARTITION BY person_key, organiser, layer, match_task
            ORDER BY start_lo, source_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached
    FROM beside
),
numbered AS (
    SELECT
        *,
        sum(CASE WHEN start_lo <= reached + 1 THEN 0 ELSE 1 END) OVER (  -- total: a source_id stands once
            PARTITION BY person_key, organiser, layer, match_task
            ORDER BY start_lo, source_id
            ROWS UNBOUNDED PRECEDING
        ) AS chain
    FROM reached
),
chain AS (
    -- Rows that go on from one another are one episode, as units of a document are (rule R08 tells of them).
    SELECT
        person_key, organiser, layer, match_task, chain,
        min(start_lo) AS start_lo, min(start_hi) AS start_hi, max(end_lo) AS end_lo, max(end_hi) AS end_hi
    FROM numbered
    GROUP BY person_key, organiser, layer, match_task, chain
),
archived AS (
    SELECT
        chain.person_key, chain.organiser, chain.layer, chain.match_task, chain.chain,
        min(episode.possible_start) AS start_lo,
        min(episode.certain_start)  AS start_hi,
        max(episode.certain_end)    AS end_lo,
        max(episode.possible_end)   AS end_hi
    FROM chain
    JOIN archived_episode AS episode
        ON  episode.person_key = chain.person_key
        AND episode.organiser = chain.organiser
        AND episode.layer = chain.layer
        AND episode.service_task = chain.match_task
        AND episode.possible_start <= chain.end_hi
        AND episode.possible_end >= chain.start_lo
    GROUP BY ALL
),
cut AS (
    -- Days on which so many rows begin that the register was cut there, and the day on which the counties began.
    SELECT start_lo
    FROM register_row
    GROUP BY start_lo
    HAVING start_lo = DATE '2023-01-01' OR (100 * count(*) >= $cut * (SELECT count(*) FROM register_row) AND count(*) >= 20)
),
differing AS (
    SELECT numbered.source_id
    FROM chain
    JOIN archived USING (person_key, organiser, layer, match_task, chain)
    JOIN numbered USING (person_key, organiser, layer, match_task, chain)
    LEFT JOIN cut ON cut.start_lo = chain.start_lo
    WHERE archived.start_lo > chain.start_hi + $days::INTEGER
       -- What began before a cut begins there in the register.
       OR (archived.start_hi < chain.start_lo - $days::INTEGER AND cut.start_lo IS NULL)
       OR archived.end_lo > chain.end_hi + $days::INTEGER
       OR archived.end_hi < chain.end_lo - $days::INTEGER
)
SELECT
    ledger.source_id    AS subject,
    ledger.person_key,
    ledger.service_task,
    ledger.municipality,
    ledger.documents[1] AS document,
    NULL                AS place
FROM ledger
SEMI JOIN told USING (source_id)
SEMI JOIN differing USING (source_id)
