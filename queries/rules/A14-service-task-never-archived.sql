/*
code = "A14"
name = "service-task-never-archived"
severity = "error"
applies = ".."
scope = "whole"
consequences = ["A07"]

[title]
fi = "Palvelutehtävästä ei ole arkistossa yhtään asiakkuusjaksoa"
sv = "Arkivet saknar klientrelationsperioder för en hel serviceuppgift"
en = "A service task has no archived episode at all"

[why]
fi = """
Erillistoimituksen välttäminen edellyttää, että arkistointi kattaa kaikki palvelutehtävät. Tässä tehtävässä
asiakkuuksia ei arkistoida lainkaan."""
sv = """
För att slippa den separata inlämningen ska arkiveringen omfatta alla serviceuppgifter. I denna uppgift arkiveras inga
klientrelationer."""
en = """
Avoiding the separate delivery requires that archiving covers every service task. In this one no client relationship
is archived."""

[guidance]
fi = """
Selvitä, milloin palvelutehtävän asiakkuudet otetaan arkistoinnin piiriin; siihen asti kaikki sen jaksot toimitetaan
erikseen."""
sv = """
Ta reda på när serviceuppgiftens klientrelationer börjar arkiveras; tills dess lämnas alla dess perioder in separat."""
en = """
Find out when archiving of this service task begins; until then all its episodes are delivered separately."""

[numerator]
fi = "niistä ne, joilla ei ole yhtään arkistoitua asiakkuusjaksoa"
sv = "av dem de som inte har en enda arkiverad klientrelationsperiod"
en = "those of them without any archived episode"

[of]
fi = "palvelutehtävät, joita luettelon rivit tai arkiston asiat ja merkinnät nimeävät (ei perheoikeudellisia palveluja)"
sv = "serviceuppgifter som registerrader eller arkivets ärenden och anteckningar anger (inte familjerättsliga tjänster)"
en = """
service tasks that register rows of the period, or cases and entries of the archive, name (family-law services left out)"""
counts = "used"

[basis]
fi = "THL:n seurantarekisteri: Kannasta puuttuvat asiakkuusjaksot toimitetaan erikseen; laki 703/2023 37–38 §"
sv = "THL:s uppföljningsregister: klientrelationsperioder som saknas i Kanta lämnas in separat; lag 703/2023 37–38 §"
en = """
THL follow-up register: client episodes that Kanta lacks are delivered separately; Act 703/2023, sections 37–38"""

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, yksiköiden ja toimittajan kanssa"
sv = "välfärdsområdets dataförvaltning, med enheterna och leverantören"
en = "the county's data managers, with the units and the vendor"

[defect]
seed = """
INSERT INTO case_fact BY NAME
SELECT document_key, '20' AS task_code, '/asia_asiakirja/asian_tiedot' AS pointer
FROM document WHERE oid = (SELECT min(oid) FROM document WHERE kind = 'case')"""
*/
WITH told AS (
    -- By the register's rows of the period, and by the cases and entries of the archive that touch it.
    SELECT layer, service_task
    FROM ledger
    WHERE class <> 'excluded'
    UNION
    SELECT 'service-task', service_task
    FROM current_case
    CROSS JOIN run
    LEFT JOIN (SELECT service_task, key FROM service_task WHERE key = 'child_protection') AS protection USING (service_task)
    WHERE in_scope
      -- A child-protection case that was closed may have been an assessment alone, which begins no relationship.
      AND (protection.key IS NULL OR closed_lo IS NULL)
      AND coalesce(opened_lo <= run.period_end, true)
      AND coalesce(closed_hi >= run.period_start, true)
    UNION
    SELECT 'service-task', service_task
    FROM current_evidence
    SEMI JOIN period_document USING (document_key)
    WHERE in_scope
),
used AS (
    SELECT DISTINCT told.layer, told.service_task
    FROM told
    JOIN service_task USING (service_task)
    ANTI JOIN task_outside USING (service_task)
)
SELECT
    CASE used.layer WHEN 'service-task' THEN used.service_task ELSE used.layer END AS subject,
    NULL              AS person_key,
    used.service_task,
    NULL              AS municipality,
    NULL              AS document,
    NULL              AS place
FROM used
ANTI JOIN (
    SELECT archived_episode.layer, archived_episode.service_task
    FROM archived_episode
    CROSS JOIN run
    WHERE archived_episode.in_scope
      AND archived_episode.possible_start <= run.period_end
      AND archived_episode.possible_end >= run.period_start
) AS archived USING (layer, service_task)
