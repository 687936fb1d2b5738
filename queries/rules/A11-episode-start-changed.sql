/*
code = "A11"
name = "episode-start-changed"
severity = "warning"
applies = ".."
scope = "person"
follows_from = ["G07"]
consequences = ["G07", "G10", "G13", "S05"]

[title]
fi = "Asiakkuuden alkupäivä on muuttunut jaksojen välillä"
sv = "Klientrelationens startdatum har ändrats mellan perioderna"
en = "The start of a client relationship changed between periods"

[why]
fi = """
Sama asiakkuus alkaa nyt eri päivänä kuin edellisellä jaksolla. Seurantarekisterissä siitä tulee kaksi eri jaksoa."""
sv = """
Samma klientrelation börjar nu en annan dag än förra perioden. I uppföljningsregistret blir den två olika perioder."""
en = """
The same client relationship now begins on another day than in the last period. In the follow-up register it becomes
two episodes."""

[guidance]
fi = """
Tarkista, kumpi alku on oikea. Uusi yksikkö ei aloita asiakkuutta alusta: entinen yksikkö jää asiakirjalle
loppupäivineen."""
sv = """
Kontrollera vilken början som är rätt. En ny enhet börjar inte om klientrelationen: den tidigare enheten står kvar i
handlingen med sitt slutdatum."""
en = """
Check which start is right. A new unit does not begin the relationship anew: the former unit stays in the document,
with its end."""

[numerator]
fi = "niistä ne, joiden alku on eri kuin ennen jaksoa"
sv = "av dem de vars början är en annan än före perioden"
en = "those of them whose earliest start is not what it was before the period"

[of]
fi = "ennen jaksoa avoimet asiakkuusjaksot, jotka ovat arkistossa edelleen"
sv = "klientrelationsperioder som var öppna före perioden och som fortfarande finns i arkivet"
en = "episodes open before the period that the archive still knows"
sql = "SELECT count(*) FROM start_seen_again"

[basis]
fi = "Sosiaalihuoltolaki 1301/2014 34 §: asiakkuuden alkaminen ja päättyminen"
sv = "Socialvårdslag 1301/2014 34 §: när klientrelationen börjar och slutar"
en = "Social Welfare Act 1301/2014, section 34: when a client relationship begins and ends"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
story = "superseded"
*/
SELECT
    document_today || ' ' || layer || ' ' || service_task AS subject,
    person_key,
    service_task,
    NULL                                                  AS municipality,
    document_today                                        AS document,
    place
FROM start_seen_again AS seen
WHERE start_today_lo > certain_start
   -- An old relationship that was archived before it changes no start.
   OR (start_today_hi < possible_start AND NOT EXISTS (
       FROM start_beside_old AS kept
       WHERE kept.person_key = seen.person_key
         AND kept.organiser = seen.organiser
         AND kept.layer = seen.layer
         AND kept.service_task = seen.service_task
         AND kept.possible_start <= seen.certain_start
         AND kept.certain_start >= seen.possible_start
   ))
