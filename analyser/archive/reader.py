"""The version of the reader: what is known of a file was known to some version of it.

Raise it whenever reading gives another meaning to the same bytes: other columns, dates, identifiers, redaction, reasons
for quarantine. Files that an older version read are then read again by the next `ingest`; a new form of speed or of
messages is no reason.
"""

READER = 3
<<<<<<< HEAD
"""3: evidence of services by definition.
=======
"""3: birth dates stand with the document that tells them.
>>>>>>> 9b621c5 (The reader that keeps birth dates has a number; no two steps of the schema share one)
2: frames keep their own id, answers of the archive are read, oddities of the header are noted.
1: moments are days of Finland. Rows without a version were read before versions were counted."""
