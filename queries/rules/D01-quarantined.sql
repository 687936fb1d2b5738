/*
code = "D01"
name = "quarantined"
severity = "error"
applies = ".."
scope = "whole"
all = true

[all_why]
fi = "lukematta jääneen tiedoston päivistä ei tiedetä mitään, joten se voi koskea mitä seurantajaksoa tahansa"
sv = """
en fil som inte kunde läsas säger inget om sina dagar och kan därför gälla vilken uppföljningsperiod som helst"""
en = "nothing is known of the days of a file that could not be read: it may belong to any period"

[title]
fi = "Tiedostoa ei voitu käyttää"
sv = "En fil kunde inte användas"
en = "A file could not be used"

[why]
fi = """
Karanteenissa oleva asiakirja ei kata yhtään päivää. Kukaan ei tiedä, mitä jaksoja siinä on, ennen kuin se on
korjattu."""
sv = """
En handling i karantän täcker inte en enda dag. Ingen vet vilka perioder den innehåller förrän den är rättad."""
en = "A document in quarantine covers no day. Nobody knows which episodes it holds until it is mended."

[guidance]
fi = "Katso syy ja paikka komennolla kanta-gap quarantine, korjaa tiedosto ja lue se uudelleen."
sv = "Se orsak och plats med kanta-gap quarantine, rätta filen och läs in den på nytt."
en = "See the reason and the place with kanta-gap quarantine, mend the file and ingest it again."

[numerator]
fi = "niistä karanteeniin jääneet"
sv = "av dem de som hamnade i karantän"
en = "those of them that ended in quarantine"

[of]
fi = "luetut tiedostot ja pakettien tiedostot"
sv = "lästa filer och medlemmar i paket"
en = "files and container members that were looked at"
sql = '''
SELECT
    (SELECT count(*) FROM member WHERE outcome NOT IN ('container', 'quarantine', 'passed-over'))
    + (SELECT count(*) FROM quarantine CROSS JOIN run WHERE coalesce(quarantine.stored_at::DATE <= run.as_of, true))'''

[basis]
fi = "Kanta: sosiaalihuollon asiakirjan otsikkotiedot ja versiot (HL7 CDA R2)"
sv = "Kanta: socialvårdshandlingens huvuduppgifter och versioner (HL7 CDA R2)"
en = "Kanta: header and versions of a social-welfare document (HL7 CDA R2)"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, aineiston haussa"
sv = "välfärdsområdets dataförvaltning, vid uttaget av materialet"
en = "the county's data managers, where the material is fetched"

[defect]
story = "not-xml"
*/
SELECT
    quarantine.code || ' ' || quarantine.source || '/' || quarantine.member AS subject,
    NULL                                                                    AS person_key,
    NULL                                                                    AS service_task,
    NULL                                                                    AS municipality,
    quarantine.oid                                                          AS document,
    quarantine.place,
    quarantine.source || '/' || quarantine.member                           AS file
FROM quarantine
CROSS JOIN run
WHERE coalesce(quarantine.stored_at::DATE <= run.as_of, true)
