/*
code = "R15"
name = "sleeping-episode"
severity = "warning"
applies = ".."
scope = "whole"
consequences = ["G13", "R21"]

[parameters.months]
default = 12
fi = "kuukautta ilman asiakirjaa"
sv = "månader utan handling"
en = "months without a document"

[title]
fi = "Avoin asiakkuus, jossa ei ole tapahtunut mitään vuoteen"
sv = "En öppen klientrelation där inget har hänt på ett år"
en = "An open episode in which nothing has happened for a year"

[why]
fi = """
Asiakkuus päättyy, kun sille ei ole enää perustetta. Avoimeksi unohtunut jakso kuuluu jokaiseen jaksoon ja näyttää
puuttuvan tai kertyvän turhaan."""
sv = """
Klientrelationen slutar när det inte längre finns någon grund för den. En period som blivit öppen räknas i varje
period."""
en = """
A client relationship ends when there is no basis for it any more. An episode that was left open belongs to every
period."""

[guidance]
fi = """
Kysy yksiköltä, jatkuuko asiakkuus. Jos ei, kirjaa päättymispäivä; jos jatkuu, uusi asiakirja poistaa havainnon."""
sv = """
Fråga enheten om klientrelationen fortsätter. Om inte, anteckna slutdatumet; om den gör det tar en ny handling bort
iakttagelsen."""
en = """
Ask the unit whether the relationship goes on. If not, record its end; if it does, a new document clears the
finding."""

[numerator]
fi = "niistä ne, joiden henkilöstä ei ole $months kuukauteen palvelutehtävän asiakirjaa (oma raja)"
sv = "av dem de vars person inte på $months månader har någon handling i serviceuppgiften (egen gräns)"
en = "those of them whose person has had no document of the service task for $months months (own limit)"

[of]
fi = "jakson avoimet rivit, jotka ovat alkaneet ennen sitä ja joiden henkilön arkisto tuntee"
sv = "periodens öppna rader som började före dess och vars person arkivet känner"
en = "open rows of the period that began before that and whose person the archive knows"
sql = "SELECT count(*) FROM open_row_of_known WHERE start_hi < last_day - to_months($months::INTEGER)"

[basis]
fi = "Sosiaalihuoltolaki 1301/2014 34 §: asiakkuuden alkaminen ja päättyminen"
sv = "Socialvårdslag 1301/2014 34 §: när klientrelationen börjar och slutar"
en = "Social Welfare Act 1301/2014, section 34: when a client relationship begins and ends"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
seed = """
UPDATE document SET effective_at = effective_at - INTERVAL 3 YEAR
WHERE document_key IN (
    SELECT document_key FROM document_person
    WHERE identity_key = (SELECT min(identity_key) FROM register_episode WHERE end_lo IS NULL)
);
UPDATE register_episode SET start_text = '2022-01-01', start_lo = DATE '2022-01-01', start_hi = DATE '2022-01-01'
WHERE identity_key = (SELECT min(identity_key) FROM register_episode WHERE end_lo IS NULL)"""
*/
WITH known AS (
    SELECT *, last_day - to_months($months::INTEGER) AS since
    FROM open_row_of_known
    WHERE start_hi < last_day - to_months($months::INTEGER)
),
task_of_document AS (
    SELECT document_key, service_task FROM current_case
    UNION
    SELECT document_key, service_task FROM current_evidence
),
heard_of AS (
    -- The newest document of the person in each task, and among those that tell none.
    SELECT
        document_client.person_key,
        task_of_document.service_task,
        max(coalesce(current_document.effective_at::DATE, current_document.stored_on)) AS day
    FROM current_document
    JOIN document_client USING (document_key)
    LEFT JOIN task_of_document USING (document_key)
    GROUP BY ALL
),
awake AS (
    SELECT known.source_id
    FROM known
    JOIN heard_of USING (person_key)
    WHERE coalesce(heard_of.service_task, known.service_task) = known.service_task AND heard_of.day >= known.since
),
sleeping AS (
    SELECT * FROM known ANTI JOIN awake USING (source_id)
)
SELECT
    sleeping.source_id    AS subject,
    sleeping.person_key,
    sleeping.service_task,
    sleeping.municipality,
    NULL                  AS document,
    NULL                  AS place
FROM sleeping
-- A child whose row of the task is told already is one question to the unit, not two.
ANTI JOIN sleeping AS task
    ON  task.person_key = CASE WHEN sleeping.layer = 'child-protection' THEN sleeping.person_key END
    AND task.organiser = sleeping.organiser
    AND task.service_task = sleeping.service_task
    AND task.layer = 'service-task'
