/*
code = "A10"
name = "episode-vanished"
severity = "error"
applies = ".."
scope = "person"
follows_from = ["G06", "G07"]
consequences = ["A05", "G06", "G07", "S01", "S05"]

[title]
fi = "Edellisellä jaksolla avoin asiakkuus on kadonnut"
sv = "En klientrelation som var öppen förra perioden har försvunnit"
en = "A client relationship open in the last period has vanished"

[why]
fi = """
Jakson alkaessa arkistossa oli avoin asiakkuus, jota uusimmat versiot eivät enää tunne lainkaan. Asiakkuus päätetään
päivämäärällä, ei poistamalla."""
sv = """
När perioden började fanns en öppen klientrelation i arkivet som de nyaste versionerna inte alls känner till. En
klientrelation avslutas med ett datum, inte genom att den tas bort."""
en = """
When the period began the archive held an open client relationship that the newest versions do not know at all. A
relationship is ended with a date, not by removing it."""

[guidance]
fi = """
Palauta palvelutehtävän lohko uusimpaan versioon loppupäivineen ja arkistoi se. Mitätöinnissä tarkista, oliko se
tarkoitettu."""
sv = """
Återinför blocket för serviceuppgiften i den nyaste versionen med slutdatum och arkivera den. Vid makulering,
kontrollera att den var avsedd."""
en = """
Put the block of the service task back into the newest version, with its end, and archive it. If it was voided, check
that this was meant."""

[numerator]
fi = "niistä ne, joiden kanssa mikään nykyinen jakso ei ole päällekkäin"
sv = "av dem de som ingen nuvarande period överlappar"
en = "those of them that no archived episode of today overlaps"

[of]
fi = "asiakkuusjaksot, jotka jatkuivat jaksolle sen mukaan, mitä arkistossa oli ennen sen alkua"
sv = "klientrelationsperioder som fortsatte in i perioden enligt vad arkivet innehöll före dess början"
en = "episodes that reached into the period by what the archive held before it began"
sql = '''
SELECT count(*) FROM open_before'''

[basis]
fi = "Asiakkuusasiakirjan määrittely 1.2.246.537.6.1505.1 (Sosmeta)"
sv = "Definitionen av klientrelationshandlingen 1.2.246.537.6.1505.1 (Sosmeta)"
en = "Definition of the client-relationship document, 1.2.246.537.6.1505.1 (Sosmeta)"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
story = "void-by-empty-version"
*/
SELECT
    open_before.document || ' ' || open_before.layer || ' ' || open_before.service_task AS subject,
    open_before.person_key,
    open_before.service_task,
    NULL                                                                                AS municipality,
    open_before.document,
    open_before.place
FROM open_before
ANTI JOIN archived_episode AS today
    ON  today.person_key = open_before.person_key
    AND today.organiser = open_before.organiser
    AND today.layer = open_before.layer
    AND today.service_task = open_before.service_task
    AND today.possible_start <= open_before.possible_end
    AND today.possible_end >= open_before.possible_start
