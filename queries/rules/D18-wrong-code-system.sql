/*
code = "D18"
name = "wrong-code-system"
severity = "warning"
applies = ".."

[title]
fi = "Palvelutehtävän koodi on väärästä koodistosta"
sv = "Serviceuppgiftens kod är ur fel kodsystem"
en = "The service task's code is of the wrong code system"

[why]
fi = """
Palvelutehtävän koodisto on 1.2.246.537.6.1221. Muun koodiston koodi tarkoittaa muuta asiaa, vaikka numero olisi sama."""
sv = """
Serviceuppgiftens kodsystem är 1.2.246.537.6.1221. En kod ur ett annat system betyder något annat även om numret är
detsamma."""
en = """
Service tasks have code system 1.2.246.537.6.1221. A code of another system means something else, even with the same
number."""

[guidance]
fi = "Korjaa koodiston tunnus asiakirjan muodostavaan järjestelmään."
sv = "Rätta kodsystemets OID i det system som bildar handlingen."
en = "Correct the code system's OID in the system that makes the document."

[numerator]
fi = "niistä ne, joiden koodisto on muu kuin 1221"
sv = "av dem de vars kodsystem är ett annat än 1221"
en = "those of them whose code system is not 1221"

[of]
fi = "voimassa olevien asiakkuus- ja asia-asiakirjojen palvelutehtävät, joilla on koodi ja koodisto"
sv = "serviceuppgifter med kod och kodsystem i gällande klientrelations- och ärendehandlingar"
en = "service tasks with code and code system in current client-relationship and case documents"
sql = '''
WITH written AS (
    SELECT document_key, task_system, task_code, pointer
    FROM service_task_block
    UNION ALL
    SELECT document_key, task_system, task_code, pointer
    FROM case_fact
)
SELECT count(*)
FROM written
SEMI JOIN document_of_period AS current_document USING (document_key)
WHERE task_code IS NOT NULL AND task_system IS NOT NULL'''

[basis]
fi = "Asiakkuusasiakirjan määrittely 1.2.246.537.6.1505.1 (Sosmeta)"
sv = "Definitionen av klientrelationshandlingen 1.2.246.537.6.1505.1 (Sosmeta)"
en = "Definition of the client-relationship document, 1.2.246.537.6.1505.1 (Sosmeta)"

[fixed_by]
fi = "järjestelmätoimittaja, arkistoivassa järjestelmässä"
sv = "systemleverantören, i det arkiverande systemet"
en = "the system vendor, in the archiving system"

[defect]
[[defect.edit]]
at = "/asia_asiakirja/asian_tiedot/palvelutehtava/system"
value = "urn:oid:1.2.246.537.6.1222.201601"
*/
WITH written AS (
    SELECT document_key, task_system, task_code, pointer
    FROM service_task_block
    UNION ALL
    SELECT document_key, task_system, task_code, pointer
    FROM case_fact
)
SELECT
    current_document.oid  AS subject,
    NULL                  AS person_key,
    NULL                  AS service_task,
    NULL                  AS municipality,
    current_document.oid  AS document,
    written.pointer       AS place
FROM written
JOIN document_of_period AS current_document USING (document_key)
WHERE written.task_code IS NOT NULL AND written.task_system <> '1.2.246.537.6.1221'
