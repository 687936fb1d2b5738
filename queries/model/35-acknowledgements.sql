-- What the archive answered: a document that was sent is not yet archived. Only an accepting answer proves that it is;
-- a refusing one proves that this sending did not archive it; an answer of the transport that accepts (CA) proves nothing.
-- Without any answer in the store, and with the setting `ignore`, every table here is empty.

-- Codes of answers that prove something; the settings add to them.
CREATE OR REPLACE TEMP TABLE answer_code AS
WITH known AS (
    SELECT code, verdict
    FROM (
        VALUES
        ('AA', 'acknowledged'),  -- accepted by the application
        ('AE', 'refused'),       -- error in the application: the sender mends the message
        ('AR', 'refused'),       -- rejected by it: the sender decides whether to send again
        ('CE', 'refused'),       -- the same two at the level of transport
        ('CR', 'refused')
    ) AS code (code, verdict)
    UNION ALL
    SELECT unnest(accepting_codes), 'acknowledged' FROM run
    UNION ALL
    SELECT unnest(refusing_codes), 'refused' FROM run
),
spelled AS (
    SELECT code, verdict FROM known
    UNION ALL
    SELECT text_mark(code), verdict FROM known
)
SELECT code, max(verdict) AS verdict  -- under both heads: refused
FROM spelled
GROUP BY code;

CREATE OR REPLACE TEMP TABLE answer AS
SELECT told.*, answer_code.verdict
FROM (
    -- The same bytes in two places are one answer.
    SELECT DISTINCT answer_key, ordinal, created_at, type_code, target_root, target_extension FROM acknowledgement
) AS told
CROSS JOIN run
LEFT JOIN answer_code ON answer_code.code = told.type_code
WHERE run.acknowledgements <> 'ignore';

-- Each message with the answer that stands: the latest; of two at one moment the one that refuses. As of the day that is
-- asked about, and at last.
CREATE OR REPLACE TEMP TABLE answered_message AS
WITH horizon AS (
    SELECT true AS at_last, NULL::DATE AS as_of
    UNION ALL
    SELECT false, run.as_of FROM run
),
proving AS (
    SELECT
        *,
        coalesce(created_at, TIMESTAMP '0001-01-01') AS answered_at,
        verdict = 'refused'                          AS refuses
    FROM answer
    WHERE verdict IS NOT NULL AND (target_root IS NOT NULL OR target_extension IS NOT NULL)
)
SELECT
    horizon.at_last,
    proving.target_root,
    proving.target_extension,
    max({
        'answered_at': proving.answered_at,
        'refuses': proving.refuses,
        'type_code': proving.type_code,
        'answer_key': proving.answer_key,
        'ordinal': proving.ordinal
    }) AS stands
FROM proving
JOIN horizon ON coalesce(proving.created_at::DATE <= horizon.as_of, true)
GROUP BY horizon.at_last, proving.target_root, proving.target_extension;

-- Frames with their answers.
CREATE OR REPLACE TEMP TABLE answered_frame AS
SELECT
    message.at_last, frame.rowid AS frame_no, frame.oid, frame.set_id, frame.voiding, frame.created_at, frame.sender,
    message.stands, message.stands.refuses AS refused
FROM answered_message AS message
CROSS JOIN run
JOIN frame
    ON  frame.message_root IS NOT DISTINCT FROM message.target_root
    AND frame.message_extension IS NOT DISTINCT FROM message.target_extension
WHERE message.at_last OR coalesce(frame.created_at::DATE <= run.as_of, true);

-- Documents with the answer to their newest answered sending. A request that voids is no sending of what it voids, but
-- of the version without a body with which it comes.
CREATE OR REPLACE TEMP TABLE answered_document AS
SELECT
    frame.at_last,
    document.rowid AS document_no,
    max({
        'sent_at': coalesce(frame.created_at, TIMESTAMP '0001-01-01'),
        'stands': frame.stands
    }).stands      AS stands
FROM answered_frame AS frame
JOIN document ON document.oid = frame.oid
WHERE (NOT frame.voiding OR document.body = 'none')
  AND coalesce(frame.set_id = document.set_id, frame.set_id IS NULL)
GROUP BY frame.at_last, document.rowid;

-- Months in which a sender got answers. Whose frames name no sender is told by the document's organiser, as it is
-- written: what the settings call an organiser may be the beginning of the OIDs of several.
CREATE OR REPLACE TEMP TABLE answered_month AS
SELECT DISTINCT
    frame.at_last,
    coalesce(frame.sender, document.organiser) AS sender,
    date_trunc('month', frame.created_at)      AS month
FROM answered_frame AS frame
JOIN document ON document.oid = frame.oid
WHERE frame.created_at IS NOT NULL AND coalesce(frame.sender, document.organiser) IS NOT NULL;

-- Where a document stands with the archive: acknowledged, refused, or unanswered though its sender got answers that month.
-- Where an answer is required, any answer in the store is enough to miss this one: the file that lacks may hold a whole
-- month's. A document that is not here is of a source that holds no answers.
CREATE OR REPLACE TEMP TABLE document_acknowledgement AS
WITH sent AS (
    SELECT answered_month.at_last, document.rowid AS document_no, frame.created_at::DATE AS sent_on
    FROM answered_month
    JOIN frame ON date_trunc('month', frame.created_at) = answered_month.month
    JOIN document ON document.oid = frame.oid
    WHERE (NOT frame.voiding OR document.body = 'none')
      AND coalesce(frame.set_id = document.set_id, frame.set_id IS NULL)
      AND coalesce(frame.sender, document.organiser) = answered_month.sender
),
framed AS (
    SELECT document.rowid AS document_no
    FROM frame
    JOIN document ON document.oid = frame.oid
    WHERE (NOT frame.voiding OR document.body = 'none')
      AND coalesce(frame.set_id = document.set_id, frame.set_id IS NULL)
),
stored AS (
    -- Without a frame, the document's own moments say when it was sent, and its organiser by whom.
    SELECT
        answered_month.at_last,
        document.rowid                                            AS document_no,
        coalesce(document.created_at, document.effective_at)::DATE AS sent_on
    FROM answered_month
    JOIN document
        ON  document.organiser = answered_month.sender
        AND date_trunc('month', coalesce(document.created_at, document.effective_at)) = answered_month.month
    ANTI JOIN framed ON framed.document_no = document.rowid
),
required AS (
    SELECT DISTINCT message.at_last, document.rowid AS document_no, NULL::DATE AS sent_on
    FROM answered_message AS message
    CROSS JOIN document
    CROSS JOIN run
    WHERE run.acknowledgements = 'required'
),
unanswered AS (
    SELECT DISTINCT sent.at_last, sent.document_no
    FROM (FROM sent UNION ALL FROM stored UNION ALL FROM required) AS sent
    CROSS JOIN run
    ANTI JOIN answered_document AS answered
        ON answered.at_last = sent.at_last AND answered.document_no = sent.document_no
    WHERE sent.at_last OR coalesce(sent.sent_on <= run.as_of, true)
)
SELECT
    at_last,
    document_no,
    CASE WHEN stands.refuses THEN 'refused' ELSE 'acknowledged' END AS acknowledgement,
    stands.type_code,
    stands.answer_key,
    stands.ordinal
FROM answered_document
UNION ALL
SELECT at_last, document_no, 'unanswered', NULL, NULL, NULL FROM unanswered;
