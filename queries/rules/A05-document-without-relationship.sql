/*
code = "A05"
name = "document-without-relationship"
severity = "warning"
applies = ".."
scope = "person"
follows_from = ["D10", "D13", "G02", "G03", "G05", "G06", "G11", "G21", "G22"]
consequences = ["G02", "S01", "S05"]
aliases = ["case-without-relationship"]

[title]
fi = "Asiakirja ilman asiakkuusasiakirjaa"
sv = "Handling utan klientrelationshandling"
en = "A document without a client-relationship document"

[why]
fi = """
Asia- tai asiakasasiakirja kertoo, että henkilö on asiakas, mutta arkistossa ei ole asiakkuusasiakirjaa, josta jakso
muodostuisi. Toimii ilman rekisteriäkin."""
sv = """
En ärende- eller klienthandling visar att personen är klient, men arkivet saknar en klientrelationshandling som kunde
bilda en period. Fungerar även utan register."""
en = """
A case or client document shows that the person is a client, but the archive has no client-relationship document to
make an episode. It works without any register."""

[guidance]
fi = "Arkistoi henkilön asiakkuusasiakirja. Yhteisen asian jokaisella asiakkaalla on oltava omansa."
sv = "Arkivera personens klientrelationshandling. Varje klient i ett gemensamt ärende ska ha sin egen."
en = "Archive the person's client-relationship document. Every client of a joint case needs one."

[numerator]
fi = "niistä ne, joiden henkilöllä ei ole voimassa olevaa asiakkuusasiakirjaa"
sv = "av dem de vars person saknar en gällande klientrelationshandling"
en = "those of them whose person has no current client-relationship document"

[of]
fi = """
henkilöt, joilla on jaksolla asia- tai asiakasasiakirja (ei perheoikeudellisia palveluja, ilmoituksia,
kielteisiä päätöksiä eikä seurantarekisterin ulkopuolisia palvelutehtäviä)"""
sv = """
personer som har en ärende- eller klienthandling i perioden (inte familjerättsliga tjänster, anmälningar,
negativa beslut eller serviceuppgifter utanför registret)"""
en = """
persons with a case or client document of the period (family-law services, notifications, negative decisions and
service tasks outside the register left out)"""
sql = "SELECT count(*) FROM client_at_work"

[basis]
fi = "THL:n seurantarekisteri: Kannasta puuttuvat asiakkuusjaksot toimitetaan erikseen; laki 703/2023 37–38 §"
sv = "THL:s uppföljningsregister: klientrelationsperioder som saknas i Kanta lämnas in separat; lag 703/2023 37–38 §"
en = """
THL follow-up register: client episodes that Kanta lacks are delivered separately; Act 703/2023, sections 37–38"""

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
story = "only-case"
*/
SELECT
    client.oid          AS subject,
    client.person_key,
    NULL                AS service_task,
    client.municipality,
    client.oid          AS document,
    client.pointer      AS place
FROM client_at_work AS client
ANTI JOIN current_relationship USING (person_key, organiser)
