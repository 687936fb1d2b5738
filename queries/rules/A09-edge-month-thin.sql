/*
code = "A09"
name = "edge-month-thin"
severity = "warning"
applies = ".."
scope = "whole"

[parameters.share]
default = 0.25
fi = "osuus muiden kuukausien mediaanista"
sv = "andel av medianen för de andra månaderna"
en = "share of the other months' median"

[parameters.least]
default = 5
fi = "pienin mediaani, johon verrataan"
sv = "den minsta medianen att jämföra med"
en = "the smallest median to compare with"

[parameters.chance]
default = 5
fi = "prosenttia: näin harva tarkistus saa tehdä havainnon pelkän sattuman vuoksi (100: sattumaa ei kysytä)"
sv = "procent: så få kontroller får ge en iakttagelse av en slump (100: slumpen frågas inte)"
en = "per cent: as few checks may find something by chance alone (100: chance is not asked)"

[title]
fi = "Jakson reunakuukautena on epäilyttävän vähän asiakirjoja"
sv = "En kantmånad i perioden har misstänkt få handlingar"
en = "An edge month of the period has suspiciously few documents"

[why]
fi = """
Kun jakson ensimmäisenä tai viimeisenä kuukautena on paljon tavallista vähemmän asiakirjoja, aineisto on poimittu
liian aikaisin tai se on katkennut, ja kattavuus näyttää todellista huonommalta."""
sv = """
När periodens första eller sista månad har mycket färre handlingar än vanligt har materialet tagits ut för tidigt
eller kapats, och täckningen ser sämre ut än den är."""
en = """
When the first or last month has far fewer documents than usual, the material was taken too early or cut off, and
coverage looks worse than it is."""

[guidance]
fi = "Tarkista, mistä päivästä mihin päivään aineisto poimittiin, ja lue puuttuvat asiakirjat."
sv = "Kontrollera från vilken dag till vilken dag materialet togs ut och läs in de handlingar som saknas."
en = "Check from which day to which day the material was taken, and ingest the documents that are missing."

[numerator]
fi = """
niistä ne, joissa asiakirjoja on alle $share kertaa muiden kuukausien mediaani eikä sattuma selitä eroa (Poissonin
todennäköisyys; omat rajat, eivät THL:n)"""
sv = """
av dem de med färre handlingar än $share gånger medianen för de andra månaderna där slumpen inte förklarar
skillnaden (Poissonsannolikhet; egna gränser, inte THL:s)"""
en = """
those of them with fewer documents than $share times the median of the other months, where chance does not explain
it (Poisson probability; own limits, not THL's)"""

[of]
fi = "jakson ensimmäinen ja viimeinen kuukausi, kun muiden kuukausien mediaani on vähintään $least asiakirjaa"
sv = "periodens första och sista månad när medianen för de andra månaderna är minst $least handlingar"
en = "first and last month of the period, when the median of the other months is at least $least documents"
counts = "usual"

[basis]
fi = "THL:n seurantarekisteri: arkistointi kattaa seurantajakson asiakasasiakirjat"
sv = "THL:s uppföljningsregister: arkiveringen omfattar uppföljningsperiodens klienthandlingar"
en = "THL follow-up register: archiving covers the client documents of the follow-up period"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, yksiköiden ja toimittajan kanssa"
sv = "välfärdsområdets dataförvaltning, med enheterna och leverantören"
en = "the county's data managers, with the units and the vendor"

[defect]
seed = '''
UPDATE frame SET created_at = created_at - INTERVAL 1 MONTH
WHERE created_at >= TIMESTAMP '2025-03-01' AND oid <> (SELECT arg_max(oid, effective_at) FROM document);
UPDATE document SET created_at = created_at - INTERVAL 1 MONTH
WHERE created_at >= TIMESTAMP '2025-03-01' AND oid <> (SELECT arg_max(oid, effective_at) FROM document)'''
*/
WITH total AS (
    SELECT month, sum(documents) AS documents
    FROM unit_month
    GROUP BY month
),
counted AS (
    -- Every month from the first with a document to the last of the period, those without any too.
    SELECT calendar.month, coalesce(total.documents, 0) AS documents
    FROM (
        SELECT unnest(generate_series(min(total.month)::TIMESTAMP, min(run.period_end)::TIMESTAMP, INTERVAL 1 MONTH))::DATE AS month
        FROM total
        CROSS JOIN run
    ) AS calendar
    LEFT JOIN total USING (month)
),
edge AS (
    SELECT counted.*
    FROM counted
    CROSS JOIN run
    WHERE counted.month IN (date_trunc('month', run.period_start), date_trunc('month', run.period_end))
      AND coalesce(run.as_of >= last_day(counted.month), true)
),
level AS (
    SELECT median(documents) AS documents
    FROM counted
    ANTI JOIN edge USING (month)
    HAVING median(documents) >= $least
),
usual AS (
    -- The same month a year before tells of Julys, where it is known; else the other months do.
    SELECT edge.month, edge.documents, least(level.documents, coalesce(year_before.documents, level.documents)) AS level
    FROM edge
    CROSS JOIN level
    LEFT JOIN total AS year_before ON year_before.month = edge.month - INTERVAL 1 YEAR
)
SELECT
    strftime(month, '%Y-%m')               AS subject,
    NULL                                   AS person_key,
    NULL                                   AS service_task,
    NULL                                   AS municipality,
    NULL                                   AS document,
    documents::BIGINT || ' / ' || level::BIGINT AS place
FROM usual
WHERE documents < $share * level
  -- And fewer than chance explains (Poisson), in either of the two months.
  AND ($chance >= 100
       OR 100 * 2 * list_sum(list_transform(
           range(0, documents::BIGINT + 1), lambda k: exp(k * ln(nullif(level, 0)) - level - lgamma(k + 1))
       )) < $chance)
