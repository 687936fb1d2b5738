/*
code = "R06"
name = "person-unknown-to-archive"
severity = "warning"
applies = ".."
scope = "person"
follows_from = ["R04", "G01"]
consequences = ["G01", "G14"]

[title]
fi = "Arkisto ei tunne oman asiakkuusluettelon henkilöä lainkaan"
sv = "Arkivet känner inte alls till det egna registrets person"
en = "The archive does not know a person of the register at all"

[why]
fi = """
Henkilöistä, joita arkisto ei tunne, näkee, kuinka monta ihmistä jää kokonaan Kannan ulkopuolelle, eikä vain kuinka
monta riviä."""
sv = """
Personer som arkivet inte känner till visar hur många människor som helt blir utanför Kanta, inte bara hur många
rader."""
en = """
Persons that the archive does not know show how many people are outside Kanta altogether, not only how many rows."""

[guidance]
fi = "Tarkista ensin tunnukset (R04, tunnistetiedosto (identities.csv)), sitten yksikön arkistointi."
sv = "Kontrollera först identifierarna (R04, filen identities), sedan enhetens arkivering."
en = "Check the identifiers first (R04, the identities file), then the unit's archiving."

[numerator]
fi = "niistä ne, joista arkistossa ei ole yhtään asiakirjaa"
sv = "av dem de som inte har en enda handling i arkivet"
en = "those of them of whom the archive has no document"

[of]
fi = "henkilöt, joilla on jaksolla arkiston ratkaisema luettelorivi"
sv = "personer med en registerrad under perioden som arkivet avgör"
en = "persons with a register row of the period that the archive decides"
counts = "person"

[basis]
fi = "THL:n seurantarekisteri: Kannasta puuttuvat asiakkuusjaksot toimitetaan erikseen; laki 703/2023 37–38 §"
sv = "THL:s uppföljningsregister: klientrelationsperioder som saknas i Kanta lämnas in separat; lag 703/2023 37–38 §"
en = """
THL follow-up register: client episodes that Kanta lacks are delivered separately; Act 703/2023, sections 37–38"""

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
story = "no-document"
*/
WITH person AS (
    SELECT person_key, min(source_id) AS source_id
    FROM explained
    GROUP BY person_key
)
SELECT
    person.source_id   AS subject,
    person.person_key,
    NULL               AS service_task,
    NULL               AS municipality,
    NULL               AS document,
    NULL               AS place
FROM person
ANTI JOIN person_archive USING (person_key)
-- Whose document is in quarantine is known, if nothing of it can be read: rule G03 tells.
ANTI JOIN (
    SELECT known.person_key FROM quarantine_person JOIN known_identity AS known USING (identity_key)
) AS aside USING (person_key)
