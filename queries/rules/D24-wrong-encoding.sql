/*
code = "D24"
name = "wrong-encoding"
severity = "info"
applies = ".."
scope = "person"

[title]
fi = "Asiakirja ilmoittaa merkistönsä väärin"
sv = "Handlingen anger fel teckenkodning"
en = "The document declares another encoding than it has"

[why]
fi = """
XML-määrittely nimeää toisen merkistön kuin tavut, joista merkistö näkyy yksiselitteisesti. Asiakirja on luettu tavujen
mukaan; muu järjestelmä voi hylätä sen tai lukea nimet väärin."""
sv = """
XML-deklarationen nämner en annan teckenkodning än den som byten entydigt har. Handlingen lästes enligt sina byte; ett
annat system kan avvisa den eller läsa namn fel."""
en = """
The XML declaration names another encoding than the bytes plainly have. The document was read by its bytes; another
system may refuse it or read names wrongly."""

[guidance]
fi = "Korjauta merkistön ilmoitus järjestelmässä, joka kirjoittaa tai siirtää asiakirjan."
sv = "Låt rätta angivelsen i systemet som skriver eller överför handlingen."
en = "Have the declaration mended in the system that writes or passes on the document."

[numerator]
fi = "niistä ne, joiden merkistö on ilmoitettu väärin"
sv = "av dem de vars teckenkodning är fel angiven"
en = "those of them whose encoding is declared wrongly"

[of]
fi = "jakson voimassa olevat asiakirjat"
sv = "periodens gällande handlingar"
en = "current documents of the period"
sql = "SELECT count(*) FROM document_of_period"

[basis]
fi = "XML 1.0, kohta 4.3.3: merkistön ilmoituksen on vastattava tavuja"
sv = "XML 1.0, avsnitt 4.3.3: den angivna teckenkodningen ska motsvara byten"
en = "XML 1.0, section 4.3.3: the declared encoding is that of the bytes"

[fixed_by]
fi = "järjestelmätoimittaja, arkistoivassa järjestelmässä"
sv = "systemleverantören, i det arkiverande systemet"
en = "the system vendor, in the archiving system"

[defect]
seed = "UPDATE document SET problems = ['wrong-encoding'] WHERE oid = (SELECT min(oid) FROM document)"
*/
SELECT
    oid  AS subject,
    NULL AS person_key,
    NULL AS service_task,
    NULL AS municipality,
    oid  AS document,
    'line 1' AS place
FROM document_of_period
WHERE list_contains(problems, 'wrong-encoding')
