/*
code = "D33"
name = "document-without-frame"
severity = "info"
applies = ".."
scope = "whole"

[title]
fi = "Asiakirjalla ei ole siirtokehystä, vaikka aineistossa on kehyksiä"
sv = "Handlingen saknar överföringsram fast materialet har ramar"
en = "A document has no transfer frame though its source has frames"

[why]
fi = """
Kehyksestä nähdään, milloin asiakirja tallennettiin. Ilman sitä päivä otetaan otsikosta, ja rajapäivän laskenta voi
erota."""
sv = """
Ramen visar när handlingen lagrades. Utan den tas dagen ur huvudet, och räkningen på en gränsdag kan skilja sig."""
en = """
The frame says when a document was stored. Without it the day is the header's, and what stood on an as-of date may
differ."""

[guidance]
fi = "Hae puuttuvat kehykset samasta paikasta ja lue nekin."
sv = "Hämta de saknade ramarna från samma ställe och läs in även dem."
en = "Fetch the missing frames from the same place, and ingest them too."

[numerator]
fi = "niistä ne, joita mikään kehys ei nimeä"
sv = "av dem de som ingen ram anger"
en = "those of them that no frame names"

[of]
fi = "jakson asiakirjat lähteissä, joissa on kehyksiä"
sv = "periodens handlingar i källor som har ramar"
en = "documents of the period in sources that have frames"
counts = "lying"

[basis]
fi = "Tämän ohjelman oma tarkistus"
sv = "Programmets egen kontroll"
en = "This program's own check"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, aineiston haussa"
sv = "välfärdsområdets dataförvaltning, vid uttaget av materialet"
en = "the county's data managers, where the material is fetched"

[defect]
seed = "DELETE FROM frame WHERE oid = (SELECT min(oid) FROM document WHERE kind = 'case')"
*/
WITH framed AS (
    SELECT DISTINCT member.source FROM frame JOIN member USING (member_key)
),
lying AS (
    SELECT document.document_key, document.oid, document.in_scope
    FROM present_document AS document
    SEMI JOIN period_document USING (document_key)
    SEMI JOIN (
        SELECT member.content_hash FROM member JOIN framed USING (source) WHERE member.outcome = 'document'
    ) AS beside ON beside.content_hash = document.document_key
)
SELECT
    lying.oid AS subject,
    NULL      AS person_key,
    NULL      AS service_task,
    NULL      AS municipality,
    lying.oid AS document,
    NULL      AS place
FROM lying
ANTI JOIN frame USING (oid)
