/*
code = "P03"
name = "age-group-below-county"
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
fi = "Ikäryhmän arkistoitu osuus on selvästi alueen osuutta pienempi"
sv = "Åldersgruppens arkiverade andel är klart mindre än områdets"
en = "An age group's archived share is well below the county's"

[why]
fi = """
Jos yhden ikäryhmän asiakkuuksista arkistoituu muita pienempi osa, arkistointi ei kata koko väestöpohjaa."""
sv = """
Om en mindre del av en åldersgrupps klientrelationer arkiveras omfattar arkiveringen inte hela befolkningsunderlaget."""
en = """
If a smaller part of one age group's client relationships is archived, archiving does not cover the whole population
base."""

[guidance]
fi = "Katso ikäryhmän rivit (coverage --by age-group) ja selvitä, mikä palvelu tai järjestelmä jää jälkeen."
sv = """
Se åldersgruppens rader (coverage --by age-group) och ta reda på vilken tjänst eller vilket system som släpar efter."""
en = "Look at the age group's rows (coverage --by age-group), and find the service or system that lags behind."

[numerator]
fi = "niistä ne, joiden osuus jää yli $points prosenttiyksikköä alueen osuudesta"
sv = "av dem de vars andel är mer än $points procentenheter under områdets"
en = "those of them whose share is more than $points percentage points below the county's"

[of]
fi = "ikäryhmät, joilla on vähintään $least ratkaistavaa rekisteririviä"
sv = "åldersgrupper med minst $least avgjorda registerrader"
en = "age groups with at least $least rows that the archive decides"
sql = '''
WITH counted AS (
    SELECT
        age_group,
        count(*)                                  AS rows,
        count(*) FILTER (class = 'archived')      AS archived
    FROM ledger
    WHERE class IN ('archived', 'partial', 'missing') AND age_group IS NOT NULL
    GROUP BY age_group
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
parameters = { least = 1 }
*/
WITH counted AS (
    SELECT
        age_group,
        count(*)                                  AS rows,
        count(*) FILTER (class = 'archived')      AS archived
    FROM ledger
    WHERE class IN ('archived', 'partial', 'missing') AND age_group IS NOT NULL
    GROUP BY age_group
    HAVING count(*) >= $least
),
county AS (
    SELECT count(*) FILTER (class = 'archived') / count(*) AS share
    FROM ledger
    WHERE class IN ('archived', 'partial', 'missing')
)
SELECT
    counted.age_group AS subject,
    NULL AS person_key,
    NULL AS service_task,
    NULL AS municipality,
    NULL AS document,
    counted.archived || ' / ' || counted.rows AS place
FROM counted
CROSS JOIN county
WHERE counted.archived / counted.rows < county.share - $points / 100
