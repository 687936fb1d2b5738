/*
code = "D18"
name = "wrong-code-system"
severity = "warning"
applies = ".."
scope = "person"

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
fi = "palvelutehtävät, jotka jakson voimassa olevat asiakirjat nimeävät koodilla ja koodistolla"
sv = "serviceuppgifter som periodens gällande handlingar anger med kod och kodsystem"
en = "service tasks that current documents of the period name with code and code system"
sql = '''
SELECT count(*)
FROM task_of_period
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
SELECT
    oid     AS subject,
    NULL    AS person_key,
    NULL    AS service_task,
    NULL    AS municipality,
    oid     AS document,
    pointer AS place
FROM task_of_period
WHERE task_code IS NOT NULL AND task_system <> '1.2.246.537.6.1221'
