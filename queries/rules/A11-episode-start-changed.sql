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
sql = '''
WITH open_before AS (
    SELECT earlier_episode.*
    FROM earlier_episode
    CROSS JOIN run
    WHERE earlier_episode.possible_end >= run.period_start
      AND earlier_episode.in_scope
      AND earlier_episode.leads
),
known_still AS (
    -- Of what the archive knows today, the first that touches the episode as it was.
    SELECT
        open_before.person_key,
        open_before.organiser,
        open_before.layer,
        open_before.service_task,
        open_before.possible_start,
        open_before.certain_start,
        open_before.place,
        min(today.possible_start) AS start_today_lo,
        -- total: episodes of one task do not overlap
        arg_min(today.certain_start, today.possible_start) AS start_today_hi,
        -- total: episodes of one task do not overlap
        arg_min(today.documents[1], today.possible_start) AS document_today
    FROM open_before
    JOIN archived_episode AS today
        ON  today.person_key = open_before.person_key
        AND today.organiser = open_before.organiser
        AND today.layer = open_before.layer
        AND today.service_task = open_before.service_task
        AND today.possible_start <= open_before.possible_end
        AND today.possible_end >= open_before.possible_start
    GROUP BY ALL
)
SELECT count(*) FROM known_still'''

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
WITH open_before AS (
    SELECT earlier_episode.*
    FROM earlier_episode
    CROSS JOIN run
    WHERE earlier_episode.possible_end >= run.period_start
      AND earlier_episode.in_scope
      AND earlier_episode.leads
),
known_still AS (
    -- Of what the archive knows today, the first that touches the episode as it was.
    SELECT
        open_before.person_key,
        open_before.organiser,
        open_before.layer,
        open_before.service_task,
        open_before.possible_start,
        open_before.certain_start,
        open_before.place,
        min(today.possible_start) AS start_today_lo,
        -- total: episodes of one task do not overlap
        arg_min(today.certain_start, today.possible_start) AS start_today_hi,
        -- total: episodes of one task do not overlap
        arg_min(today.documents[1], today.possible_start) AS document_today
    FROM open_before
    JOIN archived_episode AS today
        ON  today.person_key = open_before.person_key
        AND today.organiser = open_before.organiser
        AND today.layer = open_before.layer
        AND today.service_task = open_before.service_task
        AND today.possible_start <= open_before.possible_end
        AND today.possible_end >= open_before.possible_start
    GROUP BY ALL
)
SELECT
    document_today || ' ' || layer || ' ' || service_task AS subject,
    person_key,
    service_task,
    NULL                                                  AS municipality,
    document_today                                        AS document,
    place
FROM known_still
WHERE start_today_lo > certain_start OR start_today_hi < possible_start
