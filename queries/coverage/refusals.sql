-- Refused documents by the code of the answer that stands, and by the code of its first detail that is an error.
WITH refused AS (
    SELECT told.document_no, told.type_code, told.answer_key, told.ordinal
    FROM document_acknowledgement AS told
    JOIN numbered_standing AS document USING (document_no)
    WHERE NOT told.at_last AND told.acknowledgement = 'refused' AND document.standing <> 'after-as-of'
),
explained AS (
    SELECT answer_key, ordinal, arg_min(detail_code, (type_code IS DISTINCT FROM 'E', place, detail_code)) AS detail_code
    FROM acknowledgement_detail
    WHERE detail_code IS NOT NULL
    GROUP BY answer_key, ordinal
)
SELECT refused.type_code, explained.detail_code, count(*) AS documents
FROM refused
LEFT JOIN explained USING (answer_key, ordinal)
GROUP BY refused.type_code, explained.detail_code
ORDER BY documents DESC, refused.type_code, explained.detail_code NULLS FIRST;
