/*
code = "D22"
name = "duplicate-key"
severity = "warning"
applies = ".."
scope = "person"

[title]
fi = "Asiakirjan sisältö toistaa saman asian"
sv = "Handlingens innehåll upprepar samma sak"
en = "The document's content says the same thing twice"

[why]
fi = """
JSON-sisällössä on sama avain kahdesti, tai asiakirjassa on sama sisältö useassa json-elementissä. Nyt arvot ovat samat;
jos ne joskus eroavat, asiakirja jää karanteeniin eikä kata mitään."""
sv = """
JSON-innehållet har samma nyckel två gånger, eller handlingen har samma innehåll i flera json-element. Nu är värdena
lika; om de en gång skiljer sig hamnar handlingen i karantän och täcker ingenting."""
en = """
The JSON content has one key twice, or the document has the same content in several json elements. Now the values are
equal; once they differ, the document goes into quarantine and covers nothing."""

[guidance]
fi = "Korjauta sisällön muodostava järjestelmä ja arkistoi asiakirjasta uusi versio."
sv = "Låt rätta systemet som bildar innehållet och arkivera en ny version av handlingen."
en = "Have the system that makes the content mended, and archive a new version of the document."

[numerator]
fi = "niistä ne, joiden sisältö toistaa jotakin"
sv = "av dem de vars innehåll upprepar något"
en = "those of them whose content repeats something"

[of]
fi = "jakson voimassa olevat asiakirjat"
sv = "periodens gällande handlingar"
en = "current documents of the period"
sql = "SELECT count(*) FROM document_of_period"

[basis]
fi = "Asiakkuusasiakirjan määrittely 1.2.246.537.6.1505.1 (Sosmeta)"
sv = "Definitionen av klientrelationshandlingen 1.2.246.537.6.1505.1 (Sosmeta)"
en = "Definition of the client-relationship document, 1.2.246.537.6.1505.1 (Sosmeta)"

[fixed_by]
fi = "järjestelmätoimittaja, arkistoivassa järjestelmässä"
sv = "systemleverantören, i det arkiverande systemet"
en = "the system vendor, in the archiving system"

[defect]
seed = "UPDATE document SET problems = ['duplicate-key'] WHERE oid = (SELECT min(oid) FROM document)"
*/
SELECT
    oid  AS subject,
    NULL AS person_key,
    NULL AS service_task,
    NULL AS municipality,
    oid  AS document,
    '/' || json_root AS place
FROM document_of_period
WHERE list_contains(problems, 'duplicate-key')
