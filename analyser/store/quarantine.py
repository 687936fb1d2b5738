"""What could not be used: the listing that a user works through."""

from __future__ import annotations

import pyarrow as pa

from analyser.store.database import Database


def quarantine(database: Database) -> pa.Table:
    """Every quarantined member and every frame without its document: source, member, stage, code, message, place."""
    return database.connection.execute(
        "SELECT source, member, stage, code, message, place FROM quarantine_listing "
        "ORDER BY source, member, stage, code, place, message"
    ).to_arrow_table()


def quarantined(database: Database) -> int:
    """How many entries the listing has."""
    row = database.connection.execute("SELECT count(*) FROM quarantine_listing").fetchone()
    return int(row[0]) if row else 0
