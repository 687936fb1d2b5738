/*
code = "G13"
name = "dates-differ"
severity = "warning"
applies = "2022-10-01.."

[title]
fi = "Alku- tai loppupäivä on eri kuin rekisterissä"
sv = "Start- eller slutdatumet skiljer sig från registrets"
en = "Start or end differs from the register's"

[why]
fi = """
Seurantarekisteri saa jakson Kannan päivillä. Jos ne eroavat alueen omista, jaksojen kesto ja määrä vääristyvät."""
sv = """
Uppföljningsregistret får perioden med datumen från Kanta. Om de avviker från områdets egna förvrängs periodernas
längd och antal."""
en = """
The follow-up register receives the episode with Kanta's dates. If they differ from the county's own, lengths and
counts of episodes go wrong."""

[guidance]
fi = "Vertaa päiviä (kanta-gap trace) ja korjaa joko asiakirja tai rekisteri."
sv = "Jämför datumen (kanta-gap trace) och rätta antingen handlingen eller registret."
en = "Compare the dates (kanta-gap trace), and correct either the document or the register."

[numerator]
fi = "niistä rivit, joilla on syy dates-differ"
sv = "av dem raderna med orsaken dates-differ"
en = "those of them that carry the reason dates-differ"

[of]
fi = "ratkaistavat rivit, joiden kanssa saman palvelutehtävän arkistoitu jakso on päällekkäin"
sv = "avgjorda rader som överlappas av en arkiverad period i samma serviceuppgift"
en = """
rows decided by the archive that an archived episode of the same organiser, layer and service task overlaps"""
sql = '''
SELECT count(*)
FROM explained
SEMI JOIN archived_episode AS archived
    ON  archived.person_key = explained.person_key
    AND archived.organiser = explained.organiser
    AND archived.layer = explained.layer
    AND archived.service_task = explained.match_task
    AND archived.possible_start <= explained.end_hi
    AND archived.possible_end >= explained.start_lo'''

[basis]
fi = """
Laki 703/2023 37–38 §: asiakirjassa on palvelutehtävä, palvelunjärjestäjä, henkilön tunniste sekä asiakkuuden alku ja
loppu"""
sv = """
Lag 703/2023 37–38 §: en handling anger serviceuppgift, tjänsteanordnare, personens identifierare och
klientrelationens början och slut"""
en = """
Act 703/2023, sections 37–38: a document states service task, organiser, the person's identifier, and start and end of
the client relationship"""

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
story = "dates-differ"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'dates-differ'
)
SELECT
    ledger.source_id    AS subject,
    ledger.person_key,
    ledger.service_task,
    ledger.municipality,
    ledger.documents[1] AS document,
    NULL                AS place
FROM ledger
SEMI JOIN told USING (source_id)
