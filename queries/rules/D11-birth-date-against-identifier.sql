/*
code = "D11"
name = "birth-date-against-identifier"
severity = "warning"
applies = ".."
scope = "person"
follows_from = ["D10"]

[title]
fi = "Syntymäaika ei vastaa henkilötunnusta"
sv = "Födelsetiden motsvarar inte personbeteckningen"
en = "The birth date does not fit the henkilötunnus"

[why]
fi = """
Toinen kahdesta on väärin. Ikäryhmät lasketaan syntymäajasta, ja väärä tunnus yhdistää asiakirjan väärään henkilöön."""
sv = """
Den ena av de två är fel. Åldersgrupperna räknas ur födelsetiden, och en felaktig beteckning kopplar handlingen till
fel person."""
en = """
One of the two is wrong. Age groups are counted from the birth date, and a wrong identifier joins the document to the
wrong person."""

[guidance]
fi = "Tarkista kumpikin ja korjaa virheellinen: arkistoi asiakirjasta uusi versio. Pelkkä vuosisadan merkki voi olla väärin (- tai A)."
sv = "Kontrollera båda och rätta den felaktiga: arkivera en ny version av handlingen. Det kan vara bara seklets tecken som är fel (- eller A)."
en = "Check both and correct the wrong one: archive a new version of the document. It may be the sign of the century alone (- or A)."

[numerator]
fi = "niistä ne, joiden syntymäaika on eri kuin tunnuksen"
sv = "av dem de vars födelsetid är en annan än beteckningens"
en = "those of them whose birth date differs from the identifier's"

[of]
fi = "jakson voimassa olevien asiakirjojen henkilötunnukset, joiden rinnalla on syntymäaika"
sv = "personbeteckningar i periodens gällande handlingar som anger en födelsetid"
en = "henkilötunnus of current documents of the period that tell a birth date"
counts = "named"

[basis]
fi = "Laki 661/2009: henkilötunnus; tarkistusmerkki on vain tunnuksilla, joiden juuri on 1.2.246.21"
sv = "Lag 661/2009: personbeteckning; bara identifierare med roten 1.2.246.21 har kontrolltecken"
en = "Act 661/2009: the henkilötunnus; only identifiers of root 1.2.246.21 have a check character"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
seed = """
UPDATE document_person SET birth_date = DATE '1931-01-31'
WHERE document_key = (SELECT min(document_key) FROM document WHERE kind = 'case')"""
*/
WITH named AS (
    SELECT
        current_document.oid,
        document_person.identity_key,
        min(document_person.pointer)            AS pointer,
        bool_and(document_person.birth_date_fits) AS fits
    FROM document_of_period AS current_document
    JOIN document_person USING (document_key)
    WHERE document_person.birth_date_fits IS NOT NULL
    GROUP BY current_document.oid, document_person.identity_key
)
SELECT
    named.oid     AS subject,
    NULL          AS person_key,
    NULL          AS service_task,
    NULL          AS municipality,
    named.oid     AS document,
    named.pointer AS place
FROM named
WHERE NOT named.fits
