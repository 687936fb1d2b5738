/*
code = "D09"
name = "future-date"
severity = "warning"
applies = ".."
scope = "whole"

[title]
fi = "Asiakirjassa on päivä tulevaisuudessa"
sv = "Handlingen har ett datum i framtiden"
en = "The document has a date in the future"

[why]
fi = """
Asiakkuuden alku, loppu tai päätöspäivä kirjataan, kun se on tapahtunut. Tuleva päivä on kirjoitusvirhe, ja se
pidentää tai siirtää jaksoa."""
sv = """
När en klientrelation börjar eller slutar eller ett beslut fattas antecknas det då det har skett. Ett framtida datum
är ett skrivfel som förlänger eller flyttar perioden."""
en = """
The start or end of a client relationship and the day of a decision are recorded when they have happened. A day in the
future is a slip that lengthens or moves the episode."""

[guidance]
fi = """
Korjaa päivä ja arkistoi uusi versio. Vertailupäivä on katsontapäivä tai uusimman asiakirjan tallennuspäivä, ei tämä
päivä."""
sv = """
Rätta datumet och arkivera en ny version. Jämförelsedagen är granskningsdagen eller den dag då den nyaste handlingen
lagrades, inte dagens datum."""
en = """
Correct the date and archive a new version. The day compared with is the as-of date or the day the newest document was
stored, never today."""

[numerator]
fi = "niistä ne, joissa jokin päivä on vertailupäivän jälkeen"
sv = "av dem de med ett datum efter jämförelsedagen"
en = "those of them with a day after the reference day"

[of]
fi = """
jakson voimassa olevien asiakirjojen päivätyt kohdat (jaksojen alut, asiat, päätökset, palvelujen alut); suunniteltu
loppu saa olla tulevaisuudessa"""
sv = """
daterade ställen i periodens gällande handlingar (perioders början, ärenden, beslut, tjänsters början); ett planerat
slut får ligga i framtiden"""
en = """
dated places of current documents of the period (starts of periods, cases, decisions, starts of services); a planned
end may lie in the future"""
counts = "day_told"

[basis]
fi = "Sosiaalihuoltolaki 1301/2014 34 §: asiakkuuden alkaminen ja päättyminen"
sv = "Socialvårdslag 1301/2014 34 §: när klientrelationen börjar och slutar"
en = "Social Welfare Act 1301/2014, section 34: when a client relationship begins and ends"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
[[defect.edit]]
at = "/asia_asiakirja/asian_tiedot/paattymispaiva"
value = "2052-03-31"
*/
WITH dated AS (
    SELECT document_key, start_lo AS last_day, pointer
    FROM client_period
    UNION ALL
    SELECT document_key, greatest(opened_lo, closed_lo), pointer
    FROM case_fact
    UNION ALL
    SELECT document_key, greatest(decided_lo, CASE WHEN kind = 'service-start' THEN start_lo END), pointer
    FROM service_evidence
    UNION ALL
    SELECT document_key, relationship_start_lo,
           '/' || json_root || '/sosiaalihuollon_asiakkuus'
    FROM document
),
day_told AS (
    SELECT current_document.oid, dated.pointer, dated.last_day
    FROM dated
    JOIN document_of_period AS current_document USING (document_key)
    WHERE dated.last_day IS NOT NULL
)
SELECT
    oid     AS subject,
    NULL    AS person_key,
    NULL    AS service_task,
    NULL    AS municipality,
    oid     AS document,
    pointer AS place
FROM day_told
CROSS JOIN reference_day
WHERE day_told.last_day > reference_day.day
