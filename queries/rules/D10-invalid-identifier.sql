/*
code = "D10"
name = "invalid-identifier"
severity = "error"
applies = ".."
scope = "person"
consequences = ["A05", "D11", "S05"]

[title]
fi = "Asiakirjan henkilötunnus on virheellinen"
sv = "Handlingens personbeteckning är felaktig"
en = "A henkilötunnus of the document is not valid"

[why]
fi = """
Päivä, yksilönumero tai tarkistusmerkki ei täsmää, joten tunnus on kirjoitettu väärin ja asiakirja voi olla toisen
henkilön nimissä."""
sv = """
Datumet, individnumret eller kontrolltecknet stämmer inte, så beteckningen är felskriven och handlingen kan stå på en
annan person."""
en = """
Its date, individual number or check character does not hold, so it is mistyped, and the document may stand under
somebody else."""

[guidance]
fi = """
Korjaa henkilötunnus. Tilapäisellä tunnuksella on oma juurensa: sitä ei saa arkistoida juurella 1.2.246.21."""
sv = """
Rätta personbeteckningen. En temporär identifierare har en egen rot: den får inte arkiveras med roten 1.2.246.21."""
en = """
Correct the henkilötunnus. A temporary identifier has a root of its own: it must not be archived under root
1.2.246.21."""

[numerator]
fi = "niistä ne, joiden päivä, yksilönumero tai tarkistusmerkki on väärä"
sv = "av dem de vars datum, individnummer eller kontrolltecken är fel"
en = "those of them whose date, individual number (000, 001) or check character is wrong"

[of]
fi = "jakson voimassa olevien asiakirjojen henkilötunnukset, kerran asiakirjaa kohti"
sv = "personbeteckningar i periodens gällande handlingar, en gång per handling"
en = "henkilötunnus of current documents of the period, each once a document"
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
[[defect.xml]]
root = "merkinta_tapaamisesta_tai_yhteydenotosta"
find = 'extension="{henkilotunnus}"'
put = 'extension="010190-900A"'

[[defect.edit]]
at = "/merkinta_tapaamisesta_tai_yhteydenotosta/asiakas/0/henkilotunnus"
*/
WITH named AS (
    SELECT
        current_document.oid,
        document_person.identity_key,
        min(document_person.pointer) AS pointer,
        bool_and(identity_fact.valid) AS valid
    FROM document_of_period AS current_document
    JOIN document_person USING (document_key)
    JOIN identity_fact USING (identity_key)
    WHERE identity_fact.national
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
WHERE NOT valid
