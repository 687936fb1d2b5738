/*
code = "A08"
name = "unit-silent"
severity = "warning"
applies = ".."
scope = "whole"

[parameters.least]
default = 5
fi = "asiakirjoja, joista alkaen yksikkö on arkistoinut ennenkin"
sv = "handlingar från vilka en enhet anses ha arkiverat tidigare"
en = "documents from which a unit counts as having archived before"

[parameters.chance]
default = 5
fi = "prosenttia: näin harva tarkistus saa tehdä havainnon pelkän sattuman vuoksi (100: sattumaa ei kysytä)"
sv = "procent: så få kontroller får ge en iakttagelse av en slump (100: slumpen frågas inte)"
en = "per cent: as few checks may find something by chance alone (100: chance is not asked)"

[title]
fi = "Ennen arkistoinut yksikkö ei arkistoi enää"
sv = "En enhet som tidigare arkiverade gör det inte längre"
en = "A unit that archived before has fallen silent"

[why]
fi = """
Yksikkö tallensi asiakirjoja edeltävien 12 kuukauden aikana mutta ei yhtään tällä jaksolla. Arkistointi on voinut
katketa kenenkään huomaamatta."""
sv = """
Enheten lagrade handlingar under de föregående 12 månaderna men inte en enda under perioden. Arkiveringen kan ha
avbrutits utan att någon märkt det."""
en = """
The unit stored documents in the twelve months before and none in this period. Its archiving may have stopped without
anybody noticing."""

[guidance]
fi = """
Selvitä, onko yksikkö lakkautettu tai tunnus vaihtunut. Jos ei, tarkista lähetysvirheet toimittajan kanssa."""
sv = """
Ta reda på om enheten är nedlagd eller har bytt OID. Om inte, kontrollera sändningsfelen med leverantören."""
en = "Find out whether the unit is closed or has a new OID. If not, check the sending errors with the vendor."

[numerator]
fi = """
niistä ne, jotka eivät tallentaneet jaksolla yhtään asiakirjaa, eikä sattuma selitä sitä (Poisson-todennäköisyys; omat
rajat, eivät THL:n)"""
sv = """
av dem de som inte lagrade en enda handling under perioden, och slumpen inte förklarar det (Poissonsannolikhet; egna
gränser, inte THL:s)"""
en = """
those of them that stored no document in the period, and chance does not explain it (Poisson probability; own limits,
not THL's)"""

[of]
fi = "yksiköt, jotka tallensivat jaksoa edeltävien 12 kuukauden aikana vähintään $least asiakirjaa"
sv = "enheter som lagrade minst $least handlingar under de 12 månaderna före perioden"
en = "units that stored at least $least documents in the twelve months before the period"
sql = '''
WITH earlier AS (
    SELECT unit_month.unit, sum(unit_month.documents) AS documents
    FROM unit_month
    CROSS JOIN run
    CROSS JOIN reference_day
    WHERE unit_month.month < date_trunc('month', run.period_start)
      AND unit_month.unit IS NOT NULL
      -- Only material that reaches the period's last month can be silent in it.
      AND reference_day.day >= date_trunc('month', run.period_end)
    GROUP BY unit_month.unit
    HAVING sum(unit_month.documents) >= $least
),
expected AS (
    -- As many documents as in the twelve months before, by days.
    SELECT
        earlier.unit,
        earlier.documents * (least(reference_day.day, run.period_end) - run.period_start + 1) / 365 AS documents,
        count(*) OVER () AS units
    FROM earlier
    CROSS JOIN run
    CROSS JOIN reference_day
)
SELECT count(*) FROM expected'''

[basis]
fi = "THL:n seurantarekisteri: arkistointi kattaa seurantajakson asiakasasiakirjat"
sv = "THL:s uppföljningsregister: arkiveringen omfattar uppföljningsperiodens klienthandlingar"
en = "THL follow-up register: archiving covers the client documents of the follow-up period"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, yksiköiden ja toimittajan kanssa"
sv = "välfärdsområdets dataförvaltning, med enheterna och leverantören"
en = "the county's data managers, with the units and the vendor"

[defect]
parameters = { chance = 100 }
seed = """
UPDATE document SET unit = '1.2.246.10.99999901.10.77'
WHERE oid IN (SELECT oid FROM document WHERE effective_at < TIMESTAMP '2025-01-01' ORDER BY oid LIMIT 6)"""
*/
WITH earlier AS (
    SELECT unit_month.unit, sum(unit_month.documents) AS documents
    FROM unit_month
    CROSS JOIN run
    CROSS JOIN reference_day
    WHERE unit_month.month < date_trunc('month', run.period_start)
      AND unit_month.unit IS NOT NULL
      -- Only material that reaches the period's last month can be silent in it.
      AND reference_day.day >= date_trunc('month', run.period_end)
    GROUP BY unit_month.unit
    HAVING sum(unit_month.documents) >= $least
),
expected AS (
    -- As many documents as in the twelve months before, by days.
    SELECT
        earlier.unit,
        earlier.documents * (least(reference_day.day, run.period_end) - run.period_start + 1) / 365 AS documents,
        count(*) OVER () AS units
    FROM earlier
    CROSS JOIN run
    CROSS JOIN reference_day
),
present AS (
    SELECT DISTINCT unit
    FROM unit_month
    CROSS JOIN run
    WHERE unit_month.month >= date_trunc('month', run.period_start)
)
SELECT
    expected.unit AS subject,
    NULL          AS person_key,
    NULL          AS service_task,
    NULL          AS municipality,
    NULL          AS document,
    NULL          AS place
FROM expected
ANTI JOIN present USING (unit)
-- None where so many were to be expected (Poisson), in any of as many units as are looked at.
WHERE $chance >= 100 OR 100 * expected.units * exp(-expected.documents) < $chance
