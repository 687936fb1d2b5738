/*
code = "P02"
name = "municipality-below-county"
severity = "warning"
applies = ".."
consequences = ["G01", "G14", "R06"]

[parameters.points]
default = 5
fi = "prosenttiyksikköä koko alueen osuuden alapuolella"
sv = "procentenheter under hela områdets andel"
en = "percentage points below the whole county's share"

[parameters.least]
default = 20
fi = "rivejä, joista alkaen osuutta verrataan"
sv = "rader från vilka andelen jämförs"
en = "rows from which a share is compared"

[title]
fi = "Kunnan arkistoitu osuus on selvästi alueen osuutta pienempi"
sv = "Kommunens arkiverade andel är klart mindre än områdets"
en = "A municipality's archived share is well below the county's"

[why]
fi = "Alueen keskiarvo voi näyttää hyvältä, vaikka yhden kunnan asiakkuuksista arkistoituu vain osa."
sv = "Områdets medeltal kan se bra ut fast bara en del av en kommuns klientrelationer arkiveras."
en = """
The county's average may look good while only a part of one municipality's client relationships is archived."""

[guidance]
fi = "Katso kunnan rivit (coverage --by municipality) ja selvitä, mikä yksikkö tai järjestelmä jää jälkeen."
sv = """
Se kommunens rader (coverage --by municipality) och ta reda på vilken enhet eller vilket system som släpar efter."""
en = """
Look at the municipality's rows (coverage --by municipality), and find the unit or system that lags behind."""

[numerator]
fi = "niistä ne, joiden osuus jää yli $points prosenttiyksikköä alueen osuudesta"
sv = "av dem de vars andel är mer än $points procentenheter under områdets"
en = "those of them whose share is more than $points percentage points below the county's"

[of]
fi = "kunnat, joilla on vähintään $least ratkaistavaa rekisteririviä"
sv = "kommuner med minst $least avgjorda registerrader"
en = "municipalities with at least $least rows that the archive decides"
sql = '''
WITH counted AS (
    SELECT
        municipality,
        count(*)                                  AS rows,
        count(*) FILTER (class = 'archived')      AS archived
    FROM ledger
    WHERE class IN ('archived', 'partial', 'missing') AND municipality IS NOT NULL
    GROUP BY municipality
    HAVING count(*) >= $least
),
county AS (
    SELECT count(*) FILTER (class = 'archived') / count(*) AS share
    FROM ledger
    WHERE class IN ('archived', 'partial', 'missing')
)
SELECT count(*) FROM counted'''

[basis]
fi = "THL:n seurantarekisteri: arkistointi kattaa koko väestöpohjan"
sv = "THL:s uppföljningsregister: arkiveringen omfattar hela befolkningsunderlaget"
en = "THL follow-up register: archiving covers the whole population base"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, yksiköiden ja toimittajan kanssa"
sv = "välfärdsområdets dataförvaltning, med enheterna och leverantören"
en = "the county's data managers, with the units and the vendor"

[defect]
story = "no-document"
parameters = { least = 1, points = 1 }
*/
WITH counted AS (
    SELECT
        municipality,
        count(*)                                  AS rows,
        count(*) FILTER (class = 'archived')      AS archived
    FROM ledger
    WHERE class IN ('archived', 'partial', 'missing') AND municipality IS NOT NULL
    GROUP BY municipality
    HAVING count(*) >= $least
),
county AS (
    SELECT count(*) FILTER (class = 'archived') / count(*) AS share
    FROM ledger
    WHERE class IN ('archived', 'partial', 'missing')
)
SELECT
    counted.municipality AS subject,
    NULL AS person_key,
    NULL AS service_task,
    counted.municipality AS municipality,
    NULL AS document,
    counted.archived || ' / ' || counted.rows AS place
FROM counted
CROSS JOIN county
WHERE counted.archived / counted.rows < county.share - $points / 100
