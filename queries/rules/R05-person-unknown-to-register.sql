/*
code = "R05"
name = "person-unknown-to-register"
severity = "warning"
applies = ".."
scope = "whole"
consequences = ["R01"]

[title]
fi = "Oma asiakkuusluettelo ei tunne arkistoitua asiakasta lainkaan"
sv = "Det egna registret känner inte alls till en arkiverad klient"
en = "The register does not know an archived client at all"

[why]
fi = """
Henkilöllä on arkistoitu asiakkuus mutta ei yhtään riviä omassa asiakkuusluettelossa. Oman asiakkuusluettelon poiminta voi olla puutteellinen, tai
tunnukset eivät kohtaa."""
sv = """
Personen har en arkiverad klientrelation men inte en enda rad i det egna registret. Urvalet kan vara ofullständigt eller
identifierarna möts inte."""
en = """
The person has an archived client relationship and not one row in the register. The extract may be incomplete, or the
identifiers do not meet."""

[guidance]
fi = "Tarkista poiminnan rajaus. Jos henkilöllä on kaksi tunnusta, lataa tunnistetiedosto (identities.csv)."
sv = "Kontrollera urvalets avgränsning. Om personen har två identifierare, läs in filen identities."
en = "Check how the extract was cut. If the person has two identifiers, load an identities file."

[numerator]
fi = "niistä ne, joilla ei ole yhtään luetteloriviä millään jaksolla"
sv = "av dem de som inte har en enda registerrad i någon period"
en = "those of them without a register row in any period"

[of]
fi = "henkilöt, joilla on jaksolla arkistoitu asiakkuusjakso (kun oma asiakkuusluettelo on ladattu)"
sv = "personer med en arkiverad klientrelationsperiod under perioden (när det egna registret är inläst)"
en = "persons with an archived episode in the period (when a register is loaded)"
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
story = "not-in-register"
*/
WITH archived AS (
    SELECT archived_episode.*
    FROM archived_episode
    CROSS JOIN run
    JOIN service_task USING (service_task)
    WHERE archived_episode.leads
      AND archived_episode.in_scope
      AND archived_episode.possible_start <= run.period_end
      AND archived_episode.possible_end >= run.period_start
      AND service_task.in_register AND NOT service_task.family_law
      AND EXISTS (FROM register_row)
),
person AS (
    SELECT person_key, min(documents[1]) AS document, min(service_task) AS service_task
    FROM archived
    GROUP BY person_key
),
known AS (
    SELECT person_key FROM register_row
    UNION
    -- Somebody whom a document names together with a person of the register is no stranger.
    SELECT named_together.also_key
    FROM register_row
    JOIN named_together USING (person_key)
)
SELECT
    person.document     AS subject,
    person.person_key,
    person.service_task,
    NULL                AS municipality,
    person.document,
    NULL                AS place
FROM person
ANTI JOIN known USING (person_key)
