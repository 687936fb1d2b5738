/*
code = "R26"
name = "two-identities"
severity = "info"
applies = ".."
scope = "person"

[title]
fi = "Henkilön aineisto on kahdella tunnuksella, joita mikään ei yhdistä"
sv = "Personens material finns under två identifierare som inget kopplar samman"
en = "A person's material lies under two identities that nothing joins"

[why]
fi = "Jos luettelo käyttää toista tunnusta ja arkisto toista, asiakkuus näyttää puuttuvan molemmista."
sv = """
Om listan använder den ena identifieraren och arkivet den andra ser klientrelationen ut att saknas i båda."""
en = "Where the register uses the one and the archive the other, the relationship looks missing in both."

[guidance]
fi = "Lisää pari tunnistetiedostoon (identities), jos kyse on samasta henkilöstä; muuten korjaa asiakirja."
sv = "Lägg till paret i identitetsfilen (identities) om det är samma person; rätta annars handlingen."
en = "Add the pair to the identities file where they are one person; else correct the document."

[numerator]
fi = "niistä ne, joille jokin asiakirja antaa myös toisen tunnuksen, jolla on omia rivejä tai asiakirjoja"
sv = "av dem de för vilka en handling även anger en annan identifierare som har egna rader eller handlingar"
en = """
those of them to whom a document gives another identity too, under which there are rows or documents of its own"""

[of]
fi = "henkilöt, joilla on jakson luettelorivi"
sv = "personer med en registerrad i perioden"
en = "persons with a register row of the period"
sql = "SELECT count(*) FROM person_of_row"

[basis]
fi = "Tämän ohjelman oma tarkistus luetteloaineistolle"
sv = "Programmets egen kontroll av registermaterialet"
en = "This program's own check of the register data"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
seed = """
INSERT INTO person_identity BY NAME SELECT 'another' AS identity_key, '1.2.246.10.99999902.22.2025' AS root, '010112A955B' AS value;
INSERT INTO document_person BY NAME
SELECT * REPLACE ('another' AS identity_key, 'content' AS origin)
FROM document_person
WHERE identity_key = (SELECT min(identity_key) FROM register_episode) AND origin = 'header';
UPDATE register_episode SET identity_key = 'another'
WHERE source_id = (
    SELECT max(source_id) FROM register_episode WHERE identity_key = (SELECT min(identity_key) FROM register_episode)
)"""
*/
WITH apart AS (
    -- A second identity that is only named beside the first one parts nothing.
    SELECT person_key FROM register_row
    UNION
    SELECT document_client.person_key FROM current_document JOIN document_client USING (document_key)
)
SELECT
    min(person_of_row.source_id) AS subject,
    person_of_row.person_key,
    NULL                         AS service_task,
    NULL                         AS municipality,
    NULL                         AS document,
    NULL                         AS place
FROM person_of_row
JOIN named_together USING (person_key)
SEMI JOIN apart ON apart.person_key = named_together.also_key
GROUP BY person_of_row.person_key
