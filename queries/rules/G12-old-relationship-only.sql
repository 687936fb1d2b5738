/*
code = "G12"
name = "old-relationship-only"
severity = "warning"
applies = "2022-10-01.."
scope = "person"

[title]
fi = "Päivät kattaa vain vanhaksi merkitty asiakkuus"
sv = "Bara en klientrelation märkt som gammal täcker dagarna"
en = "Only a client relationship marked as old covers the days"

[why]
fi = """
Merkintä vanha_asiakkuus kertoo, että asiakirjalla arkistoitiin vanhoja tietoja. Käynnissä oleva asiakkuus kuuluu
omalle asiakirjalleen."""
sv = """
Märkningen vanha_asiakkuus anger att handlingen arkiverar gamla uppgifter. En pågående klientrelation hör hemma i en
egen handling."""
en = """
The mark vanha_asiakkuus says that the document archives old data. A client relationship under way belongs in a
document of its own."""

[guidance]
fi = "Tarkista merkintä. Jos asiakkuus jatkuu, arkistoi voimassa oleva asiakkuusasiakirja."
sv = "Kontrollera märkningen. Om klientrelationen pågår, arkivera en gällande klientrelationshandling."
en = "Check the mark. If the relationship goes on, archive a client-relationship document that is in force."

[numerator]
fi = "niistä rivit, joilla on syy old-relationship-only"
sv = "av dem raderna med orsaken old-relationship-only"
en = "those of them that carry the reason old-relationship-only"

[of]
fi = "jakson rivit, jotka on arkistoitu kokonaan tai osittain"
sv = "periodens rader som är helt eller delvis arkiverade"
en = "rows of the period that are archived or partial"
sql = '''
SELECT count(*)
FROM explained
WHERE class IN ('archived', 'partial')'''

[basis]
fi = "Asiakkuusasiakirjan määrittely 1.2.246.537.6.1505.1 (Sosmeta)"
sv = "Definitionen av klientrelationshandlingen 1.2.246.537.6.1505.1 (Sosmeta)"
en = "Definition of the client-relationship document, 1.2.246.537.6.1505.1 (Sosmeta)"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
story = "old-relationship"
*/
WITH told AS (
    SELECT source_id
    FROM ledger_reason
    WHERE reason = 'old-relationship-only'
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
