"""The version of the reader: what is known of a file was known to some version of it.

Raise it whenever reading gives another meaning to the same bytes: other columns, dates, identifiers, redaction, reasons
for quarantine. Files that an older version read are then read again by the next `ingest`; a new form of speed or of
messages is no reason.
"""

READER = 12
"""11: a decision that places a child tells the placement's own period, also where it tells its outcome.
10: frames tell which document another one replaces; what replaces something belongs to its set, also in quarantine;
what stands at turvakielto restricts unless it is clearly a no, also in a body that is only legible.
9: what documents call their service units is kept.
8: a henkilötunnus that the content gives in place of the header's is kept.
7: a document that a header calls the name of the next one is told.
6: entries whose task stands at the root are of the day of their event.
4: birth dates stand with the document that tells them.
3: evidence of services by definition.
2: frames keep their own id, answers of the archive are read, oddities of the header are noted.
1: moments are days of Finland. Rows without a version were read before versions were counted."""
