/*
code = "A06"
name = "unknown-task-in-document"
severity = "error"
applies = ".."
scope = "person"
consequences = ["G14"]

[title]
fi = "Asiakirjan palvelutehtävää ei tunnisteta"
sv = "Handlingens serviceuppgift kan inte identifieras"
en = "The service task of a document cannot be resolved"

[why]
fi = "Tuntemattoman palvelutehtävän jakso ei kohtaa yhtään luetteloriviä, joten asiakkuus näyttää puuttuvan."
sv = "En period i en okänd serviceuppgift motsvarar ingen registerrad, så klientrelationen ser ut att saknas."
en = """
An episode of an unknown service task meets no register row, so the client relationship looks as if it were missing."""

[guidance]
fi = "Lisää koodi kooditiedostoon (codes.csv) kansallisesta koodistopalvelusta tai korjauta asiakirjan koodi."
sv = "Lägg till koden i kodfilen från den nationella kodtjänsten eller låt rätta handlingens kod."
en = "Add the code to the codes file from the national code service, or have the document's code corrected."

[numerator]
fi = "niistä ne, joiden koodia tai nimeä ei tunneta"
sv = "av dem de vars kod eller namn är okänt"
en = "those of them with an unknown code and name"

[of]
fi = "palvelutehtävät, jotka jakson voimassa olevat asiakirjat nimeävät"
sv = "serviceuppgifter som periodens gällande handlingar anger"
en = "service tasks that current documents of the period name"
sql = '''
SELECT count(*) FROM task_of_period'''

[basis]
fi = """
Laki 703/2023 37–38 §: asiakirjassa on palvelutehtävä, palvelunjärjestäjä, henkilön tunniste sekä asiakkuuden alku ja
loppu"""
sv = """
Lag 703/2023 37–38 §: en handling anger serviceuppgift, tjänsteanordnare, personens identifierare och
klientrelationens början och slut"""
en = """
Act 703/2023, sections 37–38: a document states service task, organiser, the person's identifier, and start and end of
the client relationship"""

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, koodistotiedostossa (codes), tai järjestelmätoimittaja asiakirjassa"
sv = "välfärdsområdets dataförvaltning, i kodfilen (codes), eller systemleverantören i handlingen"
en = "the county's data managers, in the codes file, or the system vendor, in the document"

[defect]
[[defect.edit]]
at = "/asia_asiakirja/asian_tiedot/palvelutehtava"
value = { system = "urn:oid:1.2.246.537.6.1221.201601", code = "99", display = "Muu tehtävä" }
*/
SELECT
    oid       AS subject,
    NULL      AS person_key,
    task_code AS service_task,
    NULL      AS municipality,
    oid       AS document,
    pointer   AS place
FROM task_of_period
WHERE known_task IS NULL
