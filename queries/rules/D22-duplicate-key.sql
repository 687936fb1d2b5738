/*
code = "D22"
name = "duplicate-key"
severity = "warning"
applies = ".."

[title]
fi = "Sisällössä on sama avain kahdesti"
sv = "Innehållet har samma nyckel två gånger"
en = "The content says the same thing twice under one key"

[why]
fi = """
JSON-sisällössä on kaksi arvoa samalla avaimella. Eri järjestelmät lukevat eri arvon, joten jakson päivät voivat olla
Kannassa toiset."""
sv = """
JSON-innehållet har två värden under samma nyckel. Olika system läser olika värden, så periodens datum kan vara andra
i Kanta."""
en = """
The JSON content has two values under one key. Different systems read different ones, so the episode's dates may be
others in Kanta."""

[guidance]
fi = "Korjauta sisällön muodostava järjestelmä ja arkistoi asiakirjasta uusi versio."
sv = "Låt rätta systemet som bildar innehållet och arkivera en ny version av handlingen."
en = "Have the system that makes the content mended, and archive a new version of the document."

[numerator]
fi = "niistä ne, joiden sisällössä jokin avain toistuu"
sv = "av dem de vars innehåll upprepar en nyckel"
en = "those of them whose content repeats a key"

[of]
fi = "voimassa olevat asiakirjat"
sv = "gällande handlingar"
en = "current documents"
sql = "SELECT count(*) FROM current_document"

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
FROM current_document
WHERE list_contains(problems, 'duplicate-key')
