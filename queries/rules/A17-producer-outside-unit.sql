/*
code = "A17"
name = "producer-outside-unit"
severity = "warning"
applies = ".."
scope = "person"

[title]
fi = "Palveluntuottajan jakso on yksikön jakson ulkopuolella"
sv = "Tjänsteproducentens period ligger utanför enhetens"
en = "A producer's period lies outside the unit's"

[why]
fi = """
Palvelu kuuluu palvelunjärjestäjän yksikön asiakkuuteen. Jos tuottajan jakso alkaa ennen yksikön jaksoa tai jatkuu sen
jälkeen, yksikön jakso on liian lyhyt, ja tuottajan päivät eivät kata mitään."""
sv = """
Tjänsten hör till klientrelationen vid tjänsteanordnarens enhet. Om tjänsteproducentens period börjar före enhetens eller
fortsätter efter den är enhetens period för kort, och tjänsteproducentens dagar täcker ingenting."""
en = """
A service belongs to the client relationship with the organiser's unit. If the producer's period begins before the unit's
or goes on after it, the unit's is too short, and the producer's days cover nothing."""

[guidance]
fi = "Korjaa yksikön tai tuottajan päivät ja arkistoi asiakirjan uusi versio."
sv = "Rätta enhetens eller tjänsteproducentens datum och arkivera en ny version av handlingen."
en = "Correct the dates of the unit or of the producer, and archive a new version of the document."

[numerator]
fi = "niistä ne, jotka varmasti alkavat ennen palvelutehtävän ensimmäistä yksikköä tai joiden kirjattu loppu on viimeisen jälkeen"
sv = "av dem de som säkert börjar före serviceuppgiftens första enhet eller har ett antecknat slut efter den sista"
en = "those of them that certainly begin before the service task's first unit, or have an end that is told and lies after its last one"

[of]
fi = """
jakson asiakkuusasiakirjoilla olevat tuottajien ja toteuttajien jaksot, joilla on alku ja joiden palvelutehtävällä on
yksikkö päivineen"""
sv = """
tjänsteproducenters och utförares perioder med startdatum i periodens klientrelationshandlingar, när serviceuppgiften har en enhet
med datum"""
en = """
periods of producers and implementers with a start in client-relationship documents of the period, where the service task
has a unit with dates"""
sql = "SELECT count(*) FROM producer_beside_unit"

[basis]
fi = "Asiakkuusasiakirjan määrittely 1.2.246.537.6.1505.1 (Sosmeta)"
sv = "Definitionen av klientrelationshandlingen 1.2.246.537.6.1505.1 (Sosmeta)"
en = "Definition of the client-relationship document, 1.2.246.537.6.1505.1 (Sosmeta)"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
[[defect.edit]]
at = "/asiakkuusasiakirja/sosiaalihuollon_palvelutehtava/0/palveluntuottaja"
value = [{ palveluyksikon_nimi = { code = "1.2.246.10.99999905.10.1" }, asiakkuuden_alkamispvm = "2023-02-01" }]
*/
SELECT
    oid          AS subject,
    NULL         AS person_key,
    task_code    AS service_task,
    NULL         AS municipality,
    oid          AS document,
    pointer      AS place
FROM producer_beside_unit
WHERE start_hi < first_start OR start_lo > last_end OR end_lo > last_end
