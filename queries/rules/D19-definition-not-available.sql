/*
code = "D19"
name = "definition-not-available"
severity = "info"
applies = ".."
scope = "person"

[title]
fi = "Sisällön määrittelyä ei ollut käytettävissä"
sv = "Innehållets definition fanns inte tillgänglig"
en = "The content's definition was not available"

[why]
fi = """
Tarkistusta pyydettiin, mutta asiakirjan määrittelyä ei ollut annetussa kansiossa, joten sisältöä ei voitu tarkistaa."""
sv = """
Validering begärdes, men handlingens definition fanns inte i den angivna mappen, så innehållet kunde inte valideras."""
en = """
Validation was asked for, but the folder given lacks the document's definition, so its content could not be validated."""

[guidance]
fi = "Hae määrittely THL:n Sosmeta-palvelusta ja lue asiakirjat uudelleen (ingest --sosmeta)."
sv = "Hämta definitionen från THL:s tjänst Sosmeta och läs in handlingarna på nytt (ingest --sosmeta)."
en = "Fetch the definition from THL's Sosmeta service, and ingest the documents again (ingest --sosmeta)."

[numerator]
fi = "niistä ne, joiden määrittely puuttui"
sv = "av dem de vars definition saknades"
en = "those of them whose definition was missing"

[of]
fi = "jakson voimassa olevat asiakirjat, joiden sisällön tarkistusta pyydettiin"
sv = "periodens gällande handlingar vars innehåll skulle valideras"
en = "current documents of the period whose content was to be validated"
counts = "checked"

[basis]
fi = "Asiakkuusasiakirjan määrittely 1.2.246.537.6.1505.1 (Sosmeta)"
sv = "Definitionen av klientrelationshandlingen 1.2.246.537.6.1505.1 (Sosmeta)"
en = "Definition of the client-relationship document, 1.2.246.537.6.1505.1 (Sosmeta)"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, yksiköiden ja toimittajan kanssa"
sv = "välfärdsområdets dataförvaltning, med enheterna och leverantören"
en = "the county's data managers, with the units and the vendor"

[defect]
seed = "UPDATE document SET problems = ['definition-not-available'] WHERE oid = (SELECT min(oid) FROM document)"
*/
WITH checked AS (
    -- Where no validation was asked for, nothing was looked at.
    SELECT current_document.*
    FROM document_of_period AS current_document
    LEFT JOIN content_checked ON content_checked.document_key = current_document.document_key
    WHERE content_checked.document_key IS NOT NULL OR list_contains(current_document.problems, 'definition-not-available')
)
SELECT
    oid  AS subject,
    NULL AS person_key,
    NULL AS service_task,
    NULL AS municipality,
    oid  AS document,
    NULL AS place
FROM checked
WHERE list_contains(problems, 'definition-not-available')
