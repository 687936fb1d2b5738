/*
code = "R01"
name = "archived-only"
severity = "warning"
applies = ".."
scope = "whole"
follows_from = ["R04", "R05"]
consequences = ["R05"]

[title]
fi = "Arkistoitu asiakkuusjakso puuttuu omasta asiakkuusluettelosta"
sv = "En arkiverad klientrelationsperiod saknas i det egna registret"
en = "An archived episode is not in the register"

[why]
fi = """
Kanta ilmoittaa seurantarekisteriin jakson, jota alue itse ei tunne. Joko oma asiakkuusluettelo on puutteellinen tai asiakirja on väärin."""
sv = """
Kanta anmäler till uppföljningsregistret en period som området självt inte känner till. Antingen är det egna registret
ofullständigt eller handlingen felaktig."""
en = """
Kanta reports an episode to the follow-up register that the county itself does not know. Either the register is
incomplete, or the document is wrong."""

[guidance]
fi = "Lisää rivi omaan asiakkuusluetteloon tai korjaa asiakirja (väärä henkilö, palvelutehtävä tai päivä)."
sv = "Lägg till raden i det egna registret eller rätta handlingen (fel person, serviceuppgift eller datum)."
en = "Add the row to the register, or correct the document (wrong person, service task or date)."

[numerator]
fi = "niistä ne, joiden kanssa mikään luettelorivi ei ole päällekkäin"
sv = "av dem de som ingen registerrad överlappar"
en = "those of them that no register row of any period overlaps"

[of]
fi = "jakson arkistoidut asiakkuusjaksot, jotka kuuluvat seurantarekisteriin (kun oma asiakkuusluettelo on ladattu)"
sv = "periodens arkiverade klientrelationsperioder som hör till uppföljningsregistret (när det egna registret är inläst)"
en = "archived episodes of the period that belong in the register (when a register is loaded)"
sql = '''
WITH archived AS (
    SELECT archived_episode.*
    FROM archived_episode
    CROSS JOIN run
    JOIN service_task USING (service_task)
    WHERE archived_episode.leads
      AND archived_episode.in_scope
      AND archived_episode.possible_start <= run.period_end
      AND archived_episode.possible_end >= run.period_start
      AND service_task.in_register AND NOT service_task.family_law
      AND EXISTS (FROM register_row)
)
SELECT count(*) FROM archived'''

[basis]
fi = "THL:n seurantarekisteri: Kannasta puuttuvat asiakkuusjaksot toimitetaan erikseen; laki 703/2023 37–38 §"
sv = "THL:s uppföljningsregister: klientrelationsperioder som saknas i Kanta lämnas in separat; lag 703/2023 37–38 §"
en = """
THL follow-up register: client episodes that Kanta lacks are delivered separately; Act 703/2023, sections 37–38"""

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
story = "not-in-register"
*/
SELECT
    documents[1] || ' ' || layer || ' ' || service_task || ' ' || coalesce(start, '') AS subject,
    person_key,
    service_task,
    municipality,
    documents[1]                                                                      AS document,
    NULL                                                                              AS place
FROM archived_only
-- What an unknown service task is, and whether it belongs in the register, nobody knows: rule A06 tells of it.
SEMI JOIN service_task USING (service_task)
WHERE EXISTS (FROM register_row)
