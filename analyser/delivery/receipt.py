"""What the receiver answered to a delivery: when it was sent, the receiver's number, what was taken, what was not.

A receipt is kept beside the delivery it answers; of several the last one stands. It marks the delivery as sent, because
nothing is answered that was not sent. Rows that it names as not taken count as not delivered: corrections tell of them
again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from analyser.delivery.check import assert_in_turn, put_mark, standing, whole
from analyser.messages.errors import UsageError
from analyser.national.dates import FINLAND
from analyser.national.identifiers import redacted, shown_source_id
from analyser.store.audit import note, os_user
from analyser.store.database import Database
from analyser.store.tables import batch_views
from analyser.store.transaction import transaction
from analyser.system.ordinary_files import NoOrdinaryFileError, ordinary_text


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is told of an answer; None: not told."""

    sent_on: dt.date | None = None
    number: str | None = None
    """The receiver's own number, with any identifier taken out."""
    accepted: int | None = None
    refused: int | None = None
    refused_rows: Path | None = None
    """A file with the source_id of each row that was not taken, one a line."""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """What was kept of it."""

    number: int
    """Of the delivery."""
    sent_on: dt.date
    returned: int
    """Rows that are named as not taken."""
    untied: int
    """Rows of the delivery that the answer tells nothing of, or too many (below 0)."""
    unnamed: int
    """Rows that were not taken by its count, and that its list of them does not name."""


def keep_receipt(database: Database, folder: Path, receipt: Receipt, now: dt.datetime) -> KeptReceipt:
    """Keep the answer to the delivery in the folder. `now`: UTC without zone.

    Raises UsageError when the folder is not whole or unknown here, when it is not known on which day it was sent, or
    that day cannot be.
    """
    number = whole(database, folder)
    known = standing(database, number)
    today = _in_finland(now)
    if receipt.sent_on is None and known.sent_at is None:
        raise UsageError("delivery.never_sent", folder=folder.name)
    sent_on = receipt.sent_on or _in_finland(known.sent_at or now)
    if sent_on > today or (not known.adopted and sent_on < _in_finland(known.written_at)):
        raise UsageError("delivery.no_such_sending", day=sent_on.isoformat())
    if known.sent_at is None:
        assert_in_turn(database, number, folder)
    returned = _rows(database, number, receipt.refused_rows) if receipt.refused_rows is not None else []
    refused = receipt.refused if receipt.refused is not None else len(returned) if receipt.refused_rows else None
    if refused is not None and len(returned) > refused:
        raise UsageError("delivery.more_refused_rows", rows=len(returned), refused=refused)
    connection = database.connection
    table = pa.table(
        {
            "part": pa.array([part for part, _ in returned], pa.string()),
            "source_id": pa.array([source_id for _, source_id in returned], pa.string()),
        }
    )
    with batch_views(connection, {"returned": table}), transaction(connection):
        if known.sent_at is None:
            put_mark(database, number, _noon(sent_on))
        connection.execute(
            "INSERT INTO delivery_receipt VALUES "
            "($number, $now, $user, $sent_on, $receipt, $accepted, $refused, $note)",
            {
                "number": number,
                "now": now,
                "user": os_user(),
                "sent_on": sent_on,
                "receipt": redacted(receipt.number) if receipt.number else None,
                "accepted": receipt.accepted,
                "refused": refused,
                "note": redacted(receipt.note) if receipt.note else None,
            },
        )
        connection.execute("DELETE FROM delivery_returned WHERE number = $number", {"number": number})
        connection.execute(
            "INSERT INTO delivery_returned SELECT $number::INTEGER, part, source_id FROM batch_returned",
            {"number": number},
        )
        note(
            database,
            "deliver --receipt",
            {"number": number, "accepted": receipt.accepted, "refused": refused, "returned": len(returned)},
        )
    told = receipt.accepted is not None and refused is not None
    untied = known.rows - (receipt.accepted or 0) - (refused or 0) if told else 0
    unnamed = (refused or 0) - len(returned) if receipt.refused_rows is not None else 0
    return KeptReceipt(number, sent_on, len(returned), untied, unnamed)


def _rows(database: Database, number: int, path: Path) -> list[tuple[str, str]]:
    """Part and source_id of the delivery's rows that the file names. Raises UsageError for a name that it has not."""
    try:
        written = ordinary_text(path)
    except FileNotFoundError:
        raise UsageError("delivery.no_rows_file", file=path.name) from None
    except (NoOrdinaryFileError, UnicodeDecodeError):
        raise UsageError("delivery.no_list_of_rows", file=path.name) from None
    names = dict.fromkeys(line.strip() for line in written.removeprefix("\ufeff").splitlines() if line.strip())
    names.pop("source_id", None)  # a header
    shown = [shown_source_id(database.secret, name) if database.secret else name for name in names]
    of_delivery: dict[str, list[str]] = {}
    for part, source_id in database.connection.execute(
        "SELECT part, source_id FROM delivery_row WHERE number = $number ORDER BY ALL", {"number": number}
    ).fetchall():
        of_delivery.setdefault(source_id, []).append(part)
    strange = [name for name in shown if name not in of_delivery]
    if strange:
        raise UsageError("delivery.rows_of_another", file=path.name, count=len(strange), row=redacted(strange[0]))
    return [(part, name) for name in shown for part in of_delivery[name]]


def _in_finland(moment: dt.datetime) -> dt.date:
    return moment.replace(tzinfo=dt.UTC).astimezone(FINLAND).date()


def _noon(day: dt.date) -> dt.datetime:
    """A moment of the day, in UTC."""
    return dt.datetime.combine(day, dt.time(12), FINLAND).astimezone(dt.UTC).replace(tzinfo=None)
