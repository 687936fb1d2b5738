/*
code = "D20"
name = "several-clients-in-relationship"
severity = "warning"
applies = ".."

[title]
fi = "Asiakkuusasiakirjalla on useita asiakkaita"
sv = "Klientrelationshandlingen har flera klienter"
en = "A client-relationship document has several clients"

[why]
fi = """
Asiakkuus on yhden henkilön. Usean asiakkaan asiakirja antaa saman jakson kaikille, vaikka vain yksi on asiakas."""
sv = """
En klientrelation är en persons. En handling med flera klienter ger alla samma period fast bara en är klient."""
en = """
A client relationship is one person's. A document with several clients gives all of them the same episode, though one
only is a client."""

[guidance]
fi = "Arkistoi kullekin asiakkaalle oma asiakkuusasiakirja; yhteinen on vain asia."
sv = "Arkivera en egen klientrelationshandling för varje klient; gemensamt är bara ärendet."
en = "Archive a client-relationship document for each client; only a case is joint."

[numerator]
fi = "niistä ne, joissa on useampi kuin yksi asiakas"
sv = "av dem de med fler än en klient"
en = "those of them with more than one client"

[of]
fi = "voimassa olevat asiakkuusasiakirjat"
sv = "gällande klientrelationshandlingar"
en = "current client-relationship documents"
sql = "SELECT count(*) FROM current_document WHERE kind = 'client-relationship'"

[basis]
fi = "Asiakkuusasiakirjan määrittely 1.2.246.537.6.1505.1 (Sosmeta)"
sv = "Definitionen av klientrelationshandlingen 1.2.246.537.6.1505.1 (Sosmeta)"
en = "Definition of the client-relationship document, 1.2.246.537.6.1505.1 (Sosmeta)"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
seed = "UPDATE document SET problems = ['several-clients'] WHERE oid = (SELECT min(oid) FROM document WHERE kind = 'client-relationship')"
*/
SELECT
    oid  AS subject,
    NULL AS person_key,
    NULL AS service_task,
    NULL AS municipality,
    oid  AS document,
    'ClinicalDocument/recordTarget[2]' AS place
FROM current_document
WHERE list_contains(problems, 'several-clients') AND kind = 'client-relationship'
