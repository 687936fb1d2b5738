/*
code = "P03"
name = "age-group-below-county"
severity = "warning"
applies = ".."
scope = "whole"
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

[parameters.chance]
default = 5
fi = "prosenttia: näin harva vertailu saa tehdä havainnon pelkän sattuman vuoksi (100: sattumaa ei kysytä)"
sv = "procent: så få jämförelser får ge en iakttagelse av en slump (100: slumpen frågas inte)"
en = "per cent: as few comparisons may find something by chance alone (100: chance is not asked)"

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
fi = """
niistä ne, joiden osuus jää yli $points prosenttiyksikköä muiden osuudesta, eikä sattuma selitä sitä (Fisherin tarkka
testi; omat rajat, eivät THL:n)"""
sv = """
av dem de vars andel är mer än $points procentenheter under de övrigas, och slumpen inte förklarar det (Fishers exakta
test; egna gränser, inte THL:s)"""
en = """
those of them whose share is more than $points percentage points below the others, and chance does not explain it
(Fisher's exact test; own limits, not THL's)"""

[of]
fi = "ikäryhmät, joilla on vähintään $least ratkaistavaa luetteloriviä"
sv = "åldersgrupper med minst $least avgjorda registerrader"
en = "age groups with at least $least rows that the archive decides"
sql = "SELECT count(*) FROM share_compared WHERE of_what = 'age-group' AND rows >= $least"

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
parameters = { least = 1, chance = 100 }
*/
WITH compared AS (
    SELECT *, count(*) OVER () AS comparisons  -- total: counts all
    FROM share_compared
    WHERE of_what = 'age-group' AND rows >= $least
)
SELECT
    compared.part AS subject,
    NULL AS person_key,
    NULL AS service_task,
    NULL AS municipality,
    NULL AS document,
    compared.archived || ' / ' || compared.rows AS place
FROM compared
-- More points below than are tolerated, in whole numbers.
WHERE 100 * compared.archived * compared.rest_rows
      < 100 * compared.rest_archived * compared.rows - $points * compared.rows * compared.rest_rows
  -- And more than chance explains, in any of as many comparisons as were made.
  AND ($chance >= 100 OR 100 * compared.comparisons * compared.chance < $chance)
