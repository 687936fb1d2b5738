/*
code = "A13"
name = "overlapping-periods"
severity = "warning"
applies = ".."
scope = "person"

[title]
fi = "Saman yksikön jaksot menevät asiakirjalla päällekkäin"
sv = "Samma enhets perioder överlappar varandra i handlingen"
en = "Periods of one unit overlap in a document"

[why]
fi = """
Sama yksikkö on samassa palvelutehtävässä kahdesti yhtä aikaa. Toinen jaksoista on väärin, yleensä unohtunut
loppupäivä."""
sv = """
Samma enhet finns två gånger samtidigt i samma serviceuppgift. Den ena perioden är fel, oftast ett glömt slutdatum."""
en = """
One unit stands twice at the same time in one service task. One of the periods is wrong, mostly for an end that was
forgotten."""

[guidance]
fi = "Merkitse edelliselle jaksolle loppupäivä tai yhdistä jaksot, ja arkistoi uusi versio."
sv = "Ange slutdatum för den tidigare perioden eller slå ihop perioderna, och arkivera en ny version."
en = "Enter the end of the earlier period or merge the two, and archive a new version."

[numerator]
fi = "niistä ne, jotka alkavat saman yksikön ja palvelutehtävän toisen jakson vielä jatkuessa yli päivän"
sv = "av dem de som börjar medan en annan av enhetens perioder i samma serviceuppgift ännu pågår mer än en dag"
en = "those of them that begin while another one of the same unit and service task goes on for more than a day"

[of]
fi = "voimassa olevien asiakkuusasiakirjojen yksikköjaksot"
sv = "enhetsperioder i gällande klientrelationshandlingar"
en = "unit periods of current client-relationship documents"
sql = '''
SELECT count(*)
FROM client_period
SEMI JOIN document_of_period AS current_document USING (document_key)
WHERE role = 'unit' AND unit IS NOT NULL'''

[basis]
fi = "Asiakkuusasiakirjan määrittely 1.2.246.537.6.1505.1 (Sosmeta)"
sv = "Definitionen av klientrelationshandlingen 1.2.246.537.6.1505.1 (Sosmeta)"
en = "Definition of the client-relationship document, 1.2.246.537.6.1505.1 (Sosmeta)"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
[[defect.edit]]
at = "/asiakkuusasiakirja/sosiaalihuollon_palvelutehtava/0/palvelunjarjestajan_palveluyksikko/+"
value = { palveluyksikon_nimi = { code = "{unit}" }, asiakkuuden_alkamispvm = "2024-12-20" }
*/
WITH unit_period AS (
    SELECT
        current_document.oid,
        client_period.*,
        coalesce(client_period.end_lo, run.open_end) AS last_day
    FROM client_period
    JOIN document_of_period AS current_document USING (document_key)
    CROSS JOIN run
    WHERE client_period.role = 'unit' AND client_period.unit IS NOT NULL
)
SELECT DISTINCT
    later.oid         AS subject,
    NULL              AS person_key,
    later.task_code   AS service_task,
    NULL              AS municipality,
    later.oid         AS document,
    later.pointer     AS place
FROM unit_period AS later
JOIN unit_period AS earlier  -- no semi join: with this condition that would compare every period with every other
    ON  earlier.document_key = later.document_key
    -- In one block, or in two of one service task.
    AND (earlier.block = later.block
         OR (earlier.task_code = later.task_code AND earlier.task_system IS NOT DISTINCT FROM later.task_system))
    AND earlier.unit = later.unit
    AND (earlier.start_lo, earlier.pointer) < (later.start_lo, later.pointer)
    -- A change on one day is none.
    AND greatest(earlier.start_hi, later.start_hi) < least(earlier.last_day, later.last_day)
