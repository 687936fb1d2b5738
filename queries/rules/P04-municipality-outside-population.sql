/*
code = "P04"
name = "municipality-outside-population"
severity = "info"
applies = ".."
scope = "whole"

[parameters.least]
default = 5
fi = "pienin määrä asiakkaita, josta ilmoitetaan"
sv = "det minsta antalet klienter som meddelas"
en = "the fewest clients that are told of"

[title]
fi = "Arkistoitujen asiakkaiden kunta ei ole väestötiedostossa"
sv = "De arkiverade klienternas kommun finns inte i befolkningsfilen"
en = "Archived clients live in a municipality that the population file lacks"

[why]
fi = """
Toisessa kunnassa asuva voi olla asiakas, mutta yleensä väestötiedostosta puuttuu oman alueen kunta, ja väestöpohjan
kattavuus lasketaan väärin."""
sv = """
Den som bor i en annan kommun kan vara klient, men oftast saknar befolkningsfilen en av områdets egna kommuner, och
täckningen av befolkningsunderlaget räknas fel."""
en = """
Somebody who lives elsewhere may be a client, but mostly the population file lacks one of the county's own
municipalities, and the cover of the population base is counted wrongly."""

[guidance]
fi = "Jos kunta kuuluu alueeseen, lisää se väestötiedostoon."
sv = "Om kommunen hör till området, lägg till den i befolkningsfilen."
en = "If the municipality is the county's own, add it to the population file."

[numerator]
fi = "niistä ne, joita väestötiedostossa ei ole"
sv = "av dem de som saknas i befolkningsfilen"
en = "those of them that the population file lacks"

[of]
fi = """
kunnat, joissa on jaksolla vähintään $least arkistoitua asiakasta (oma raja; kun väestötiedosto on ladattu)"""
sv = "kommuner med minst $least arkiverade klienter i perioden (egen gräns; när en befolkningsfil är inläst)"
en = """
municipalities with at least $least archived clients in the period (own limit; when a population file is loaded)"""
counts = "client"

[basis]
fi = "THL:n seurantarekisteri: arkistointi kattaa koko väestöpohjan"
sv = "THL:s uppföljningsregister: arkiveringen omfattar hela befolkningsunderlaget"
en = "THL follow-up register: archiving covers the whole population base"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
seed = "DELETE FROM register_population WHERE municipality = '092'"
*/
WITH client AS (
    -- Some client always lives elsewhere.
    SELECT person_municipality.municipality, count(DISTINCT person_municipality.person_key) AS persons
    FROM archived_episode
    JOIN person_municipality USING (person_key)
    CROSS JOIN run
    WHERE archived_episode.in_scope
      AND archived_episode.possible_start <= run.period_end
      AND archived_episode.possible_end >= run.period_start
      AND EXISTS (FROM register_population)
    GROUP BY person_municipality.municipality
    HAVING count(DISTINCT person_municipality.person_key) >= $least
)
SELECT
    client.municipality AS subject,
    NULL                AS person_key,
    NULL                AS service_task,
    client.municipality,
    NULL                AS document,
    client.persons      AS place
FROM client
ANTI JOIN register_population USING (municipality)
