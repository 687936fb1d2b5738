"""A database of any size in seconds, by SQL instead of by reading documents: for what opens and pages large registers.

    python -m benchmarks.large FILE [ROWS]

Persons, documents and dates are made up by arithmetic; a tenth of the rows lack their document, a twentieth is partial.
"""

from __future__ import annotations

import sys
from pathlib import Path

from analyser.store.database import open_database

_STEPS = (
    """
    CREATE TEMP TABLE made AS
    SELECT
        i,
        md5((i * 4 // 5)::VARCHAR)[1:16]                               AS person,
        printf('E%09d', i)                                             AS source_id,
        ['10', '15', '20', '24'][1 + i % 4]                            AS task,
        lpad((ARRAY[49, 92, 235, 245, 543, 638, 753, 858])[1 + (i // 7) % 8]::VARCHAR, 3, '0') AS municipality,
        '1.2.246.10.99999901.10.' || (1 + i % 40)                      AS unit,
        DATE '2024-01-01' + (i * 7 % 400)::INTEGER                     AS began,
        CASE WHEN i % 3 = 0 THEN DATE '2025-01-15' + (i % 200)::INTEGER END AS ended
    FROM range($rows) AS numbers (i)
    """,
    """
    INSERT INTO register_episode BY NAME
    SELECT
        source_id, person AS identity_key, 'service-task' AS layer, task AS service_task,
        began::VARCHAR AS start_text, began AS start_lo, began AS start_hi,
        ended::VARCHAR AS end_text, ended AS end_lo, ended AS end_hi,
        '1.2.246.10.99999901.10.0' AS organiser, unit, municipality, 'episodes.csv' AS file, i + 2 AS row
    FROM made
    """,
    """
    INSERT INTO person_identity
    SELECT DISTINCT ON (person) person, '1.2.246.10.99999901.22.2025', NULL,
        DATE '1935-01-01' + (i * 37 % 32000)::INTEGER
    FROM made
    """,
    "CREATE TEMP TABLE archived AS SELECT *, 'd' || i AS document_key, '1.2.246.10.99999901.14.2025.' || i AS oid "
    "FROM made WHERE i % 10 <> 3",
    """
    INSERT INTO document BY NAME
    SELECT
        document_key, oid, oid AS set_id, 1 AS version, 'client-relationship' AS kind, 'json' AS body,
        began::TIMESTAMP_S AS effective_at, began::TIMESTAMP_S AS created_at, '1.2.246.10.99999901.10.0' AS organiser
    FROM archived
    """,
    """
    INSERT INTO member BY NAME
    SELECT document_key AS member_key, 'archive.zip' AS source, oid || '.xml' AS member, document_key AS content_hash,
           'document' AS outcome
    FROM archived
    """,
    """
    INSERT INTO document_person BY NAME
    SELECT document_key, person AS identity_key, 0 AS slot, 'header' AS origin, municipality,
           i % 997 = 0 AS safety_restricted
    FROM archived
    """,
    "INSERT INTO service_task_block BY NAME SELECT document_key, 0 AS ordinal, task AS task_code FROM archived",
    """
    INSERT INTO client_period BY NAME
    SELECT
        document_key, 'unit' AS role, 0 AS block, task AS task_code, unit,
        start::VARCHAR AS start_text, start AS start_lo, start AS start_hi,
        ended::VARCHAR AS end_text, ended AS end_lo, ended AS end_hi
    FROM (SELECT *, CASE WHEN i % 20 = 8 THEN greatest(began, DATE '2025-02-10') ELSE began END AS start FROM archived)
    """,
)


def make(path: Path, rows: int) -> None:
    """Write the database; the file must not exist."""
    with open_database(path, write=True) as database:
        for step in _STEPS:
            database.connection.execute(step, {"rows": rows} if "$rows" in step else {})


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
