/*
code = "D17"
name = "period-without-start"
severity = "error"
applies = ".."
scope = "person"
consequences = ["A15", "G10", "S01", "S05"]

[title]
fi = "Jaksolla ei ole alkupäivää"
sv = "En period saknar startdatum"
en = "A period has no start"

[why]
fi = "Jakso ilman alkua ei kata yhtään päivää, vaikka asiakkuus on todellinen."
sv = "En period utan start täcker ingen dag fast klientrelationen är verklig."
en = "A period without a start covers no day, real as the client relationship may be."

[guidance]
fi = "Lisää alkupäivä kohtaan, jonka osoitin näyttää, ja arkistoi uusi versio."
sv = "Lägg till startdatumet på den plats som pekaren visar och arkivera en ny version."
en = "Enter the start at the place that the pointer shows, and archive a new version."

[numerator]
fi = "niistä ne, joilta alku puuttuu"
sv = "av dem de som saknar start"
en = "those of them without a start"

[of]
fi = """
jakson asiakkuusasiakirjojen yksikköjaksot ja lastensuojelun asiakkuudet (tuottajien jaksoilla ei tarvitse olla
päiviä)"""
sv = """
enhetsperioder och klientrelationer inom barnskyddet i periodens klientrelationshandlingar (producenters perioder
behöver inga datum)"""
en = "unit periods and child-protection dates of client-relationship documents of the period (producers need none)"
sql = '''
SELECT count(*)
FROM client_period
SEMI JOIN document_of_period AS current_document USING (document_key)
WHERE role IN ('unit', 'first-phase-unit', 'child-protection')'''

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
at = "/asiakkuusasiakirja/sosiaalihuollon_palvelutehtava/0/palvelunjarjestajan_palveluyksikko/0/asiakkuuden_alkamispvm"
*/
SELECT
    current_document.oid   AS subject,
    NULL                   AS person_key,
    NULL                   AS service_task,
    NULL                   AS municipality,
    current_document.oid   AS document,
    client_period.pointer  AS place
FROM client_period
JOIN document_of_period AS current_document USING (document_key)
WHERE client_period.start_lo IS NULL AND client_period.role IN ('unit', 'first-phase-unit', 'child-protection')
