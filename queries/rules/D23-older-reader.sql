/*
code = "D23"
name = "older-reader"
severity = "warning"
applies = ".."
scope = "person"
all = true

[all_why]
fi = "vanhan version lukemat päivät voivat olla vääriä, joten niistä ei voi päätellä seurantajaksoa"
sv = "dagar som en äldre version har läst kan vara fel, så de säger inte vilken period handlingen gäller"
en = "days that an older version read may be wrong, so they do not tell the period"

[title]
fi = "Asiakirja on ohjelman vanhemman version lukema"
sv = "Handlingen är läst av en äldre version av programmet"
en = "The document was read by an older version of the program"

[why]
fi = """
Vanhempi lukija ymmärsi päivät, tunnisteet tai turvakiellon toisin, tai hyväksyi asiakirjan, jonka nykyinen panisi
karanteeniin. Ilman alkuperäistä tiedostoa sitä ei voi lukea uudelleen."""
sv = """
Den äldre läsaren tolkade datum, identifierare eller spärrmarkering på annat sätt, eller godtog en handling som den
nuvarande skulle sätta i karantän. Utan den ursprungliga filen kan den inte läsas på nytt."""
en = """
The older reader understood dates, identifiers or a safety restriction otherwise, or took a document that today's would
put into quarantine. Without its file it cannot be read again."""

[guidance]
fi = "Lue asiakirjan tiedosto uudelleen (kanta-gap ingest), tai poista sen lähde (kanta-gap forget)."
sv = "Läs in handlingens fil på nytt (kanta-gap ingest), eller ta bort dess källa (kanta-gap forget)."
en = "Ingest the document's file again (kanta-gap ingest), or take its source out (kanta-gap forget)."

[numerator]
fi = "niistä ne, jotka vanhempi versio luki"
sv = "av dem de som en äldre version läste"
en = "those of them that an older version read"

[of]
fi = "asiakirjat, jotka ovat tietokannassa tarkasteluhetkellä"
sv = "handlingar som finns i databasen vid granskningstidpunkten"
en = "documents that exist on the as-of date"
sql = "SELECT count(*) FROM present_document"

[basis]
fi = "kanta-gap: lukijan versio (analyser/archive/reader.py)"
sv = "kanta-gap: läsarens version (analyser/archive/reader.py)"
en = "kanta-gap: version of the reader (analyser/archive/reader.py)"

[fixed_by]
fi = "kanta-gapin käyttäjä"
sv = "användaren av kanta-gap"
en = "whoever runs kanta-gap"

[defect]
seed = "UPDATE document SET reader = NULL WHERE oid = (SELECT min(oid) FROM document)"
*/
SELECT
    present_document.oid AS subject,
    NULL                 AS person_key,
    NULL                 AS service_task,
    NULL                 AS municipality,
    present_document.oid AS document,
    NULL                 AS place
FROM present_document
CROSS JOIN reader_now
WHERE coalesce(present_document.reader, 0) < reader_now.reader
