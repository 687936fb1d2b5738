/*
code = "P01"
name = "municipality-without-archived-client"
severity = "warning"
applies = ".."
scope = "whole"

[title]
fi = "Kunnassa ei ole yhtään arkistoitua asiakasta"
sv = "En kommun har ingen arkiverad klient"
en = "A municipality without any archived client"

[why]
fi = """
Arkistoinnin on katettava alueen koko väestöpohja. Kunta, josta ei ole yhtään asiakasta, on todennäköisesti jäänyt
arkistoinnin ulkopuolelle."""
sv = """
Arkiveringen ska omfatta områdets hela befolkningsunderlag. En kommun utan en enda klient har troligen blivit utanför
arkiveringen."""
en = """
Archiving must cover the county's whole population base. A municipality without a single client has probably been left
out."""

[guidance]
fi = "Selvitä, missä järjestelmässä kunnan asiakkaita hoidetaan ja arkistoiko se."
sv = "Ta reda på i vilket system kommunens klienter sköts och om det arkiverar."
en = "Find out in which system the municipality's clients are kept, and whether it archives."

[numerator]
fi = "niistä ne, joista ei ole arkistoitua asiakkuusjaksoa tällä jaksolla"
sv = "av dem de som saknar arkiverad klientrelationsperiod under perioden"
en = "those of them without an archived episode in the period"

[of]
fi = "väestötiedoston kunnat (uusin vuosi, joka ei ole jakson jälkeen)"
sv = "befolkningsfilens kommuner (det nyaste år som inte är efter perioden)"
en = "municipalities of the population file (its newest year not after the period)"
counts = "living"

[basis]
fi = "THL:n seurantarekisteri: arkistointi kattaa koko väestöpohjan"
sv = "THL:s uppföljningsregister: arkiveringen omfattar hela befolkningsunderlaget"
en = "THL follow-up register: archiving covers the whole population base"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, yksiköiden ja toimittajan kanssa"
sv = "välfärdsområdets dataförvaltning, med enheterna och leverantören"
en = "the county's data managers, with the units and the vendor"

[defect]
seed = "INSERT INTO register_population BY NAME SELECT '049' AS municipality, 2025 AS year, 320000 AS population"
*/
WITH newest AS (
    -- Municipalities that the newest year no longer has have ended.
    SELECT max(year) AS year
    FROM register_population
    CROSS JOIN run
    WHERE year <= date_part('year', run.period_end)
),
living AS (
    SELECT DISTINCT register_population.municipality
    FROM register_population
    SEMI JOIN newest USING (year)
)
SELECT
    living.municipality AS subject,
    NULL                AS person_key,
    NULL                AS service_task,
    living.municipality,
    NULL                AS document,
    NULL                AS place
FROM living
ANTI JOIN archived_municipality USING (municipality)
