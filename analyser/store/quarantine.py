"""What could not be used: the listing that a user works through."""

from __future__ import annotations

import pyarrow as pa

from analyser.store.arrow import arrow_table
from analyser.store.database import Database
from analyser.store.first_row import first_number


def quarantine(database: Database) -> pa.Table:
    """Every quarantined member and every frame without its document: source, member, stage, code, message, place.

    Where the name held an identifier, the member is followed by `#` and the beginning of the SHA-256 of its bytes.
    """
    return arrow_table(
        database.connection,
        "SELECT source, CASE WHEN contains(member, '[id]') AND content_hash IS NOT NULL "
        "THEN concat(member, ' #', left(content_hash, 12)) ELSE member END AS member, stage, code, message, place "
        "FROM quarantine_listing ORDER BY source, member, stage, code, place, message",
    )


def quarantined(database: Database) -> int:
    """How many entries the listing has."""
    return first_number(database.connection.execute("SELECT count(*) FROM quarantine_listing"))
