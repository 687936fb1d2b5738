/*
code = "D02"
name = "frame-without-document"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "system vendor"
defect = "frame-without-document"
of_sql = "SELECT count(*) FROM frame"

[title]
fi = "siirtokehyksen asiakirja puuttuu"
sv = "ramens handling saknas"
en = "the document of a transfer frame is not in the archive"

[guidance]
fi = "lue myös asiakirja"
sv = "läs in även handlingen"
en = "ingest the document too"

[of]
fi = "siirtokehykset"
sv = "överföringsramar"
en = "transfer frames"
*/
SELECT frame.oid AS subject, NULL AS person_key, NULL AS service_task, NULL AS municipality, frame.oid AS document,
       'controlActProcess/subject/clinicalDocument/id' AS place
FROM frame
ANTI JOIN document ON document.oid = frame.oid
ANTI JOIN quarantine ON quarantine.oid = frame.oid
