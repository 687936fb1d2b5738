"""Writes a delivery: what the ledger lacks, by a profile, with manifest and covering note; and remembers it.

Rows come from the ledger alone, and their number is tied to it before anything is written. The folder is put in its
place before the memory of it is committed: a run killed between the two leaves a folder that `--check` tells to be
unknown, never a memory of files that are nowhere.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from analyser.coverage.delivered import DeliveryStatus, recall
from analyser.coverage.measure import refused, totals
from analyser.coverage.model import Model, Request
from analyser.coverage.result import Layer, RowClass, Totals
from analyser.coverage.statements import step
from analyser.delivery.folder import MANIFEST, NOTE, REJECTED, assert_free, put_folder
from analyser.delivery.formats import load_schema
from analyser.delivery.manifest import CountedRows, DatabaseState, Delivery, manifest_of
from analyser.delivery.note import covering_note
from analyser.delivery.profile import Part, Profile
from analyser.delivery.reading import read_profile
from analyser.delivery.rendering import Rendered, render
from analyser.delivery.values import Rejected
from analyser.messages.errors import BrokenSumError, NothingToCheckError, UsageError
from analyser.messages.formulas import like_a_formula
from analyser.national.identifiers import redacted
from analyser.store.audit import note, os_user
from analyser.store.database import Database, assert_persons_known
from analyser.store.first_row import first_number, first_row
from analyser.store.transaction import transaction

_UNCHANGED = (DeliveryStatus.DELIVERED, DeliveryStatus.RENAMED, DeliveryStatus.ENDED_SINCE)
"""Rows that a whole delivery holds although the receiver needs no correction of them."""


@dataclass(frozen=True, slots=True)
class DeliveryWanted:
    """What is to be delivered, and how."""

    profile: str = "plain"
    with_services: bool = False
    corrections: bool = False
    """Only what is new, changed or withdrawn since the deliveries before."""
    correct_doubles: bool = False
    """Corrections tell also of rows that Kanta holds since, but otherwise than they were delivered."""
    lang: str = "en"


def deliver(
    database: Database, asked: Request | Model, out: Path, wanted: DeliveryWanted, now: dt.datetime
) -> Delivery:
    """Write what Kanta lacks into the new folder `out`, and record it. `now` is UTC without zone. A model that is given
    stands in the database's connection.

    Rows that the profile cannot express are set apart in a file of their own. Raises UsageError for a folder or profile
    that cannot be used, NothingToCheckError without rows.
    """
    assert_persons_known(database, "no_delivery")
    assert_free(out)
    profile = read_profile(wanted.profile)
    parts = _parts(profile, wanted)
    for file in profile.files:
        if file.xsd is not None:
            load_schema(file.xsd)
    connection = database.connection
    model = asked if isinstance(asked, Model) else Model.build(connection, asked)
    request = model.request
    recalled = recall(model)
    before = recalled.statuses()
    figures = totals(model)
    gone = sum(rows for (_, status), rows in before.items() if status is DeliveryStatus.WITHDRAWN)
    unread = refused(model)
    if not figures.rows and not unread.episodes and not (wanted.corrections and gone):
        raise NothingToCheckError("delivery.no_rows", period=request.period.id)
    if wanted.corrections and not any(one.counts for one in recalled.deliveries()):
        raise UsageError("delivery.nothing_to_correct", period=request.period.id)
    connection.execute(
        step("40-to-deliver"),
        {
            "corrections": wanted.corrections,
            "with_services": wanted.with_services,
            "correct_doubles": wanted.correct_doubles,
        },
    )
    connection.execute(step("50-parts"))
    files, rejected = render(profile, database, parts, request.period.id)
    counted = _counted(database, files, rejected)
    _assert_tied(figures, counted, before, wanted)
    done = Delivery(
        model=model,
        number=new_number(database),
        period=request.period,
        as_of=request.as_of,
        corrections=wanted.corrections,
        final=request.period.end < now.date(),
        state=DatabaseState(*first_row(connection.execute(step("state"))) or ("", "", 0, 0)),
        ledger={str(c): getattr(figures, c.value) for c in RowClass},
        services_ledger=_services_ledger(database) if wanted.with_services else None,
        undetermined=dict(connection.execute(step("undetermined")).fetchall()),
        refused=unread,
        statuses=before,
        counted=counted,
        files=tuple((one.name, len(one.keys)) for one in files),
        rejected=tuple(rejected),
        formulas=sum(one.formulas for one in files),
    )
    data = {one.name: one.data for one in files}
    if rejected:
        data[REJECTED] = _reject_file(rejected)
    data[NOTE] = covering_note(done, profile, wanted.lang).encode()
    data[MANIFEST] = manifest_of(done, profile, files, data)
    _commit(database, out, profile, done, files, data, now)
    return done


def to_correct(model: Model, wanted: DeliveryWanted) -> bool:
    """Whether corrections of the model's period would hold a row."""
    recalled = recall(model)
    wanted_statuses = _to_write(wanted)
    parts = ("episodes", "services") if wanted.with_services else ("episodes",)
    found = recalled.statuses()
    return any(one.counts for one in recalled.deliveries()) and any(
        rows for (part, status), rows in found.items() if part in parts and status in wanted_statuses
    )


def _to_write(wanted: DeliveryWanted) -> list[DeliveryStatus]:
    """Rows of which statuses the delivery holds."""
    also = [DeliveryStatus.WITHDRAWN] if wanted.corrections else [*_UNCHANGED]
    doubles = [DeliveryStatus.DOUBLE_DIFFERS] if wanted.corrections and wanted.correct_doubles else []
    return [DeliveryStatus.NEW, DeliveryStatus.CHANGED, *also, *doubles]


def _parts(profile: Profile, wanted: DeliveryWanted) -> set[Part]:
    parts = {Part.EPISODES}
    if wanted.with_services:
        if all(file.part is not Part.SERVICES for file in profile.files):
            raise UsageError("profile.no_services", profile=profile.name)
        parts.add(Part.SERVICES)
    if wanted.corrections:
        parts.add(Part.CORRECTIONS)
    return parts


def _services_ledger(database: Database) -> Mapping[str, int]:
    found = database.connection.execute("SELECT class, count(*) FROM service_ledger GROUP BY class").fetchall()
    return {str(c): 0 for c in RowClass if c is not RowClass.PARTIAL} | dict(found)


def _counted(database: Database, files: Sequence[Rendered], rejected: Sequence[Rejected]) -> tuple[CountedRows, ...]:
    """The rows to deliver, counted off the files that were rendered."""
    written = {key for one in files for key in one.keys}
    refusing = {(one.part, one.source_id) for one in rejected}
    rows: Counter[tuple[str, str | None, str]] = Counter()
    refusals: Counter[tuple[str, str | None, str]] = Counter()
    for part, source_id, told_part, row_class, change in database.connection.execute(
        step("parts-and-classes")
    ).fetchall():
        place = (told_part, row_class if change != "withdrawn" else None, change)
        rows[place] += (part, source_id) in written
        refusals[place] += (part, source_id) in refusing
        if ((part, source_id) in written) == ((part, source_id) in refusing):
            raise _broken("rows-written-or-rejected")
    return tuple(
        CountedRows(*place, rows[place], refusals[place])
        for place in sorted(rows, key=lambda p: (p[0], p[1] or "", p[2]))
    )


def _assert_tied(
    figures: Totals,
    counted: Sequence[CountedRows],
    before: Mapping[tuple[str, DeliveryStatus], int],
    wanted: DeliveryWanted,
) -> None:
    """The files hold what `coverage` counts: every missing and partial row, or what changed of them."""
    to_write = _to_write(wanted)
    layers = {str(layer) for layer in Layer}
    for part in (Part.EPISODES, Part.SERVICES)[: 1 + wanted.with_services]:
        own = [one for one in counted if (one.part in layers) == (part is Part.EPISODES)]
        if sum(one.rows + one.rejected for one in own) != sum(before.get((part, status), 0) for status in to_write):
            raise _broken(f"{part}-to-deliver")
    if wanted.corrections:
        return
    for row_class in RowClass:
        lacking = getattr(figures, row_class.value) if row_class in (RowClass.MISSING, RowClass.PARTIAL) else 0
        told = [one for one in counted if one.part in layers and one.row_class == row_class]
        if sum(one.rows + one.rejected for one in told) != lacking:
            raise _broken(f"{row_class}-rows")


def _broken(what: str) -> BrokenSumError:
    return BrokenSumError("delivery.untied", what=what)


def _reject_file(rejected: Sequence[Rejected]) -> bytes:
    def cell(text: str) -> str:
        # Read by a person, in a spreadsheet: what could run there is shown as text, and no identifier is shown.
        plain = redacted(text)
        safe = f"'{plain}" if like_a_formula(plain) else plain
        return '"' + safe.replace('"', '""') + '"' if any(sign in safe for sign in ';"') else safe

    lines = [";".join(map(cell, (one.file, one.source_id, one.column, one.objection))) for one in rejected]
    return ("\n".join(["file;source_id;column;reason", *lines]) + "\n").encode()


def new_number(database: Database) -> int:
    """A number that no delivery had before, kept at once: a run that fails leaves a gap, never a number twice."""
    with transaction(database.connection):
        number = first_number(
            database.connection.execute(
                "SELECT greatest((SELECT coalesce(max(number), 0) FROM delivery), "
                "coalesce((SELECT value::INTEGER FROM meta WHERE key = 'delivery_number'), 0)) + 1"
            ),
            1,
        )
        keep_number(database, number)
    return number


def keep_number(database: Database, number: int) -> None:
    """Keep that the number was given, in the transaction of the caller."""
    database.connection.execute(
        "INSERT OR REPLACE INTO meta SELECT 'delivery_number', greatest($number, "
        "coalesce((SELECT value::INTEGER FROM meta WHERE key = 'delivery_number'), 0))::VARCHAR",
        {"number": number},
    )


def _commit(
    database: Database,
    out: Path,
    profile: Profile,
    done: Delivery,
    files: Sequence[Rendered],
    data: Mapping[str, bytes],
    now: dt.datetime,
) -> None:
    connection = database.connection
    connection.begin()
    placed = False
    try:
        number = done.number
        manifest = hashlib.sha256(data[MANIFEST]).hexdigest()
        connection.execute(
            "INSERT INTO delivery BY NAME SELECT $number::INTEGER AS number, $number::INTEGER AS place, "
            "$manifest AS manifest, $period AS period, $start::DATE AS period_start, $end::DATE AS period_end, "
            "$as_of::DATE AS as_of, $profile AS profile, $corrections::BOOLEAN AS corrections, "
            "$now::TIMESTAMP_S AS written_at, $missing::BIGINT AS missing, $partial::BIGINT AS partial, "
            "$undetermined::BIGINT AS undetermined, $user AS written_by",
            {
                "number": number,
                "manifest": manifest,
                "period": done.period.id,
                "start": done.period.start,
                "end": done.period.end,
                "as_of": done.as_of,
                "profile": profile.name,
                "corrections": done.corrections,
                "now": now,
                "missing": done.ledger["missing"],
                "partial": done.ledger["partial"],
                "undetermined": done.ledger["undetermined"],
                "user": os_user(),
            },
        )
        _remember(database, number, files)
        told: dict[str, int | str] = {"number": number, "manifest": manifest, "period": done.period.id}
        note(database, "deliver", told | {"profile": profile.name} | dict(done.files))
        put_folder(out, data, MANIFEST)
        placed = True
        connection.commit()
    except BaseException:
        if placed:
            shutil.rmtree(out)
        connection.rollback()
        raise


def _remember(database: Database, number: int, files: Sequence[Rendered]) -> None:
    """Each row with its file; a correction that stands in a data file too is remembered with that."""
    file_of = {key: one.name for one in reversed(files) for key in one.keys}
    file_of |= {key: one.name for one in files if one.part is not Part.CORRECTIONS for key in one.keys}
    written = pa.table(
        {
            "part": pa.array([part for part, _ in file_of], pa.string()),
            "source_id": pa.array([source_id for _, source_id in file_of], pa.string()),
            "file": pa.array(file_of.values(), pa.string()),
        }
    )
    database.connection.register("written_row", written)
    try:
        database.connection.execute(step("remember"), {"number": number})
    finally:
        database.connection.unregister("written_row")
