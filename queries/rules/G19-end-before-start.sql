/*
code = "G19"
name = "end-before-start"
severity = "error"
applies = "2022-10-01.."
scope = "person"

[title]
fi = "Luettelorivi päättyy ennen alkuaan"
sv = "Registerraden slutar innan den börjar"
en = "The register row ends before it starts"

[why]
fi = "Rivillä ei ole yhtään päivää, joten sen luokkaa ei voi ratkaista eikä sitä voi toimittaa."
sv = "Raden har inte en enda dag, så dess klass kan inte avgöras och den kan inte lämnas in."
en = "The row has no day at all, so its class cannot be told and it cannot be delivered."

[guidance]
fi = "Korjaa alku- tai loppupäivä omaan asiakkuusluetteloon ja lataa aineisto uudelleen."
sv = "Rätta start- eller slutdatumet i det egna registret och läs in materialet på nytt."
en = "Correct start or end in the register, and load the data again."

[numerator]
fi = "niistä rivit, joilla on syy end-before-start"
sv = "av dem raderna med orsaken end-before-start"
en = "those of them that carry the reason end-before-start"

[of]
fi = "jakson luettelorivit, joita ei ole rajattu pois ja joilla on loppupäivä"
sv = "periodens registerrader som inte är exkluderade och som har ett slutdatum"
en = "register rows of the period that are not excluded and have an end"
sql = '''
SELECT count(*)
FROM ledger
WHERE class <> 'excluded' AND "end" IS NOT NULL'''

[basis]
fi = "Sosiaalihuoltolaki 1301/2014 34 §: asiakkuuden alkaminen ja päättyminen"
sv = "Socialvårdslag 1301/2014 34 §: när klientrelationen börjar och slutar"
en = "Social Welfare Act 1301/2014, section 34: when a client relationship begins and ends"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
story = "end-before-start"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'end-before-start'
)
SELECT
    ledger.source_id    AS subject,
    ledger.person_key,
    ledger.service_task,
    ledger.municipality,
    ledger.documents[1] AS document,
    NULL                AS place
FROM ledger
SEMI JOIN told USING (source_id)
