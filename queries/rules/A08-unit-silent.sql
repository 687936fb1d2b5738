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
Selvitä, onko yksikkö lakkautettu tai tunnus vaihtunut: kerro lakkautuspäivä yksikköluettelossa, uusi tunnus asetuksissa
([succession]). Jos ei, tarkista lähetysvirheet toimittajan kanssa."""
sv = """
Ta reda på om enheten är nedlagd eller har bytt OID: ange slutdagen i enhetslistan, den nya OID:n i inställningarna
([succession]). Om inte, kontrollera sändningsfelen med leverantören."""
en = """
Find out whether the unit is closed or has a new OID: give its last day in the units file, its new OID in the settings
([succession]). If neither, check the sending errors with the vendor."""

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
fi = """
yksiköt, jotka tallensivat jaksoa edeltävien 12 kuukauden aikana vähintään $least asiakirjaa (ei ennen jaksoa
lakkautettuja)"""
sv = """
enheter som lagrade minst $least handlingar under de 12 månaderna före perioden (inte de som lagts ned före den)"""
en = """
units that stored at least $least documents in the twelve months before the period (not those that closed before it)"""
sql = "SELECT count(*) FROM unit_before WHERE documents >= $least"

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
WITH known AS (
    SELECT unit, expected, count(*) OVER () AS units
    FROM unit_before
    WHERE documents >= $least
),
present AS (
    SELECT DISTINCT unit
    FROM unit_month
    CROSS JOIN run
    WHERE unit_month.month >= date_trunc('month', run.period_start)
)
SELECT
    known.unit AS subject,
    NULL       AS person_key,
    NULL       AS service_task,
    NULL       AS municipality,
    NULL       AS document,
    NULL       AS place
FROM known
ANTI JOIN present USING (unit)
-- None where so many were to be expected (Poisson), in any of as many units as are looked at.
WHERE $chance >= 100 OR 100 * known.units * exp(-known.expected) < $chance
