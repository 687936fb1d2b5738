"""A model kept between questions, so that the next question about an unchanged database is answered at once.

Of the tables of a model those are kept that somebody asks (`KEPT`); what is made of them faster than it is read is made
anew (`ANEW`), and so are views and macros. They lie in a file beside the database, one for each question, encrypted and
private as the database is. A file is taken up only where everything is as it was: the state of the database, which
every opening for writing renews; the question; all settings; the SQL; the versions of this program and of DuckDB; the
day in Finland. Anything else, a file that cannot be read, a row that stands in another place: the model is built as if
nothing were kept.

Only who reads the database keeps, and while it is open: nobody writes it meanwhile, and nobody waits for it. The file
gets its name when it is whole, so that a process that is killed leaves nothing that could be taken up.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from analyser import __version__
from analyser.archive.reader import READER
from analyser.coverage.steps import made_by, statements, steps
from analyser.national.dates import FINLAND
from analyser.register.reader import REGISTER_READER
from analyser.store import kept
from analyser.store.database import quoted
from analyser.store.encryption import extension
from analyser.store.first_row import first_number, first_row
from analyser.store.overflow import lives
from analyser.system.keeping import Keeping, keeping
from analyser.system.keys import current
from analyser.system.private_files import private_files
from analyser.system.resources import queries, query

if TYPE_CHECKING:
    from analyser.coverage.model import Request

KEPT = (
    "answer", "archived_only", "classified", "conflict_candidate", "document_acknowledgement", "document_copy",
    "document_service_task", "known_identity", "ledger_row", "numbered_document_about", "numbered_document_identity",
    "numbered_episode", "numbered_explained", "numbered_interval", "numbered_island", "numbered_period",
    "numbered_reason", "numbered_row", "numbered_standing", "organiser", "organiser_of", "person_conflict",
    "person_link", "reading", "reason_found", "reason_order", "refused_id", "refused_row", "restricted_document",
    "restricted_person", "run", "scope_organiser", "service_ledger", "service_row", "service_task", "succession",
    "task_number", "uncovered", "written_service_task",
)  # fmt: skip
"""Tables of the model that questions ask."""
ANEW = ("person",)
"""Tables that are made of the others in less time than it takes to keep and read them."""
_FACTS = "SELECT key, value FROM meta WHERE key IN ('database_id', 'state', 'schema_version')"
_MOST_FILES = {kept.MODEL: 4, kept.ANSWERS: 64, kept.RULES: 4}
"""Models are large; of answers a file takes less than a megabyte, and a trend asks many periods."""
_ROOM = 3
"""Times the size of the database that must be free on the disk."""
_HERE = "kept_model"
"""What the file is called in a connection that has taken it up."""
_THERE = "keeping_model"
GAVE_OUT = (duckdb.IOException, duckdb.FatalException, duckdb.OutOfMemoryException, duckdb.PermissionException)
"""What DuckDB raises where disk or memory give out while something is kept, or where it reads a name otherwise: the
answer needs none of it."""
UNREADABLE = (
    OSError,
    duckdb.CatalogException,
    duckdb.BinderException,
    duckdb.IOException,
    duckdb.PermissionException,
    duckdb.SerializationException,
)
"""What is raised for a file that is gone, not to be read, or of other tables than its name says."""
MAKING = ".making-"


@dataclass(frozen=True, slots=True)
class Place:
    """Beside which database something may be kept, and under which key."""

    path: Path
    base: str
    """All ingredients but the question."""
    whole: str

    @property
    def name(self) -> str:
        """What a file with the model of the question is called, before the fingerprint of its bytes."""
        return f"{_short(self.base)}-{_short(self.whole)}-"

    def files(self) -> list[Path]:
        """Those that are there."""
        return sorted(kept.folder(self.path).glob(f"{self.name}*{kept.MODEL}"))

    def file(self, making: Path, kind: str = kept.MODEL) -> Path:
        """Where the file that was made is to lie."""
        return kept.folder(self.path) / f"{self.name}{fingerprint_of(making)}{kind}"


def ingredients(connection: duckdb.DuckDBPyConnection, request: Request, settings: str) -> dict[str, str] | None:
    """All that a model depends on, by name; None where the state of the database has no name."""
    facts = dict(connection.execute(_FACTS).fetchall())
    if "state" not in facts:
        return None
    return {
        **facts,
        "sql": _sql(),
        "tool": __version__,
        "readers": f"{READER} {REGISTER_READER}",
        "duckdb": duckdb.__version__,
        "settings": settings,
        "day": dt.datetime.now(FINLAND).date().isoformat(),
        "kept": " ".join((*KEPT, *ANEW)),
        "request": repr(request),
    }


def take_up(connection: duckdb.DuckDBPyConnection, request: Request) -> bool:
    """Let the model of the question stand in the connection, if it is kept and holds; whether it stands."""
    policy = keeping()
    if policy is None or (place := place_of(connection, request, policy)) is None or not (found := place.files()):
        return False
    _clear(connection)
    for file in found:
        if _taken_up(connection, place, file):
            with suppress(OSError):  # what was asked last is removed last
                os.utime(file)
            policy.tell("narration.kept.taken_up")
            return True
        let_go(connection)
        remove(file)
    policy.tell("narration.kept.holds_no_more")
    return False


def _taken_up(connection: duckdb.DuckDBPyConnection, place: Place, file: Path) -> bool:
    """Whether the model stands as the file has it. Its bytes are looked at before: damage that is met while a question
    is answered would cost the answer."""
    try:
        if not is_whole(file):
            return False
        attach(connection, file, _HERE, write=False)
        return _holds(connection, place) and _stand(connection)
    except UNREADABLE:
        return False  # gone, not to be read, or of other tables than its name says


def keep(connection: duckdb.DuckDBPyConnection, request: Request, seconds: float) -> None:
    """Keep the model that was built in the connection in so many `seconds`, unless it is not worth it or not possible:
    then that is told, to who wants to know."""
    policy = keeping()
    if policy is None or seconds < policy.least_seconds:
        return
    if (place := place_of(connection, request, policy)) is None:
        policy.tell("narration.kept.impossible")
        return
    making = kept.folder(place.path) / f"{MAKING}{os.getpid()}"
    try:
        with private_files():
            if not has_room(place.path):
                policy.tell("narration.kept.no_room")
                return
            remove_making(making)
            _write(connection, place, making)
            if making.stat().st_size > policy.most_bytes:
                policy.tell("narration.kept.too_large", megabytes=_megabytes(making.stat().st_size))
                return
            file = place.file(making)
            making.replace(file)
        make_room(place, file, policy)
        policy.tell("narration.kept.kept", megabytes=_megabytes(kept.size(place.path)))
    except (OSError, *GAVE_OUT) as error:
        policy.tell("narration.kept.failed", told=type(error).__name__)
    finally:
        with suppress(*GAVE_OUT):  # of a full disk that is told, and the file goes all the same
            detach(connection, _THERE)
        remove_making(making)


def taken_up(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the model that stands in the connection is one that was kept."""
    return (
        first_row(
            connection.execute(
                "SELECT 1 FROM duckdb_views() WHERE view_name = 'run' AND database_name = 'temp' AND NOT internal"
            )
        )
        is not None
    )


def let_go(connection: duckdb.DuckDBPyConnection) -> None:
    """Take away the views on a kept model, and the file from the connection."""
    found = connection.execute(
        "SELECT view_name FROM duckdb_views() WHERE database_name = 'temp' AND NOT internal"
    ).fetchall()
    for name in sorted(set(KEPT) & {name for (name,) in found}):
        connection.execute(f"DROP VIEW temp.main.{name}")
    detach(connection, _HERE)


def _clear(connection: duckdb.DuckDBPyConnection) -> None:
    """Take away what stands where a kept model is to stand."""
    let_go(connection)
    found = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'temp'").fetchall()
    for name in sorted(set(_names()) & {name for (name,) in found}):
        connection.execute(f"DROP TABLE temp.main.{name}")


def place_of(connection: duckdb.DuckDBPyConnection, request: Request, policy: Keeping) -> Place | None:
    """Beside which database, and under which key; None where nothing can be kept: a database that is written, one in
    memory, one whose state has no name, an encrypted one without the package that encrypts; and on systems that do not
    let a file be removed that somebody reads."""
    found = first_row(
        connection.execute("SELECT path, readonly FROM duckdb_databases() WHERE database_name = current_database()")
    )
    if found is None or not found[0] or not found[1] or os.name != "posix":
        return None
    if current() is not None and extension() is None:
        return None
    told = ingredients(connection, request, policy.settings)
    if told is None:
        return None
    path = Path(found[0])
    place = kept.folder(path)
    if place.is_symlink() or (place.exists() and not kept.is_ours(place)):
        return None
    base = {name: value for name, value in told.items() if name != "request"}
    return Place(path, _text(base), _text(told))


def _holds(connection: duckdb.DuckDBPyConnection, place: Place) -> bool:
    """Whether the file says of itself that it is the one wanted, and rows stand where they stood."""
    told = connection.execute(f"SELECT key, places FROM {_HERE}.main.kept_key").fetchall()  # noqa: S608
    return told == [(place.whole, _places(connection))]


def _stand(connection: duckdb.DuckDBPyConnection) -> bool:
    """Make views of the kept tables, and what stands on them; whether what was compared is the same as ever."""
    for name, sql in _standing():
        if name is None:
            connection.execute(sql)
            continue
        if _words(sql) & set(kept.UNCHANGING):
            # What it was made of may have been written since. Where it came out the same, so does all made of it.
            connection.execute(sql)
            differs = first_number(
                connection.execute(
                    f"SELECT count(*) FROM ((FROM temp.main.{name} EXCEPT ALL FROM {_HERE}.main.{name}) "  # noqa: S608
                    f"UNION ALL (FROM {_HERE}.main.{name} EXCEPT ALL FROM temp.main.{name}))"
                )
            )
            connection.execute(f"DROP TABLE temp.main.{name}")
            if differs:
                return False
        connection.execute(f"CREATE TEMP VIEW {name} AS FROM {_HERE}.main.{name}")
    return True


@cache
def _standing() -> tuple[tuple[str | None, str], ...]:
    """What makes a kept model stand, in order: (name of a kept table, or None; SQL)."""
    known = set(_names())
    there: set[str] = set()
    found: list[tuple[str | None, str]] = []
    for _, sql in statements():
        made = _made(sql)
        if not made:
            continue
        if made in KEPT:
            found.append((made, sql))
            there.add(made)
        elif (made in ANEW or not _is_table(sql)) and _asks(sql) & known <= there:
            found.append((None, sql))
            there.add(made)
    return tuple(found)


def not_there() -> set[str]:
    """Tables, views and macros of the model that do not stand when it was taken up: they are made on the way, or for
    rules."""
    return set(_names()) - {_made(sql) for _, sql in _standing()}


def _names() -> Iterator[str]:
    for _, sql in statements():
        if made := _made(sql):
            yield made


def _made(sql: str) -> str | None:
    """The table, view or macro that a statement makes."""
    for name, _ in made_by(sql):
        return name
    found = re.search(r"^CREATE OR REPLACE TEMP MACRO (\w+)", sql, re.MULTILINE)
    return found[1] if found else None


def _is_table(sql: str) -> bool:
    return any(not is_view for _, is_view in made_by(sql))


def _asks(sql: str) -> set[str]:
    """What stands behind FROM and JOIN, or is called as a function."""
    told = re.sub(r"--[^\n]*", "", sql)
    head = _made(sql)
    return set(re.findall(r"\b(?:FROM|JOIN)\s+\(*(\w+)", told)) | set(re.findall(r"\b([a-z]\w*)\(", told)) - {head}


def _words(sql: str) -> set[str]:
    return set(re.findall(r"\w+", re.sub(r"--[^\n]*", "", sql)))


def _write(connection: duckdb.DuckDBPyConnection, place: Place, making: Path) -> None:
    attach(connection, making, _THERE, write=True)
    for name in KEPT:
        # Names of the model's own making; a relation cannot be bound as a parameter.
        connection.execute(f"CREATE TABLE {_THERE}.main.{name} AS FROM temp.main.{name}")
    connection.execute(
        f"CREATE TABLE {_THERE}.main.kept_key AS SELECT $key AS key, $places AS places",
        {"key": place.whole, "places": _places(connection)},
    )
    connection.execute(f"CHECKPOINT {_THERE}")
    detach(connection, _THERE)


def _places(connection: duckdb.DuckDBPyConnection) -> str:
    return json.dumps(connection.execute(query("kept", "places")).fetchall())


def attach(connection: duckdb.DuckDBPyConnection, file: Path, name: str, *, write: bool) -> None:
    detach(connection, name)
    values: dict[str, str] = {}
    key = current()
    statement = f"ATTACH {quoted(str(file))} AS {name} ("
    if key is not None:
        statement += "ENCRYPTION_KEY $key, "
        values["key"] = key.text
    connection.execute(statement + ("READ_WRITE)" if write else "READ_ONLY)"), values)


def detach(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    if first_row(connection.execute("SELECT 1 FROM duckdb_databases() WHERE database_name = $name", {"name": name})):
        connection.execute(f"DETACH {name}")


def has_room(path: Path) -> bool:
    place = kept.folder(path)
    place.mkdir(mode=0o700, exist_ok=True)
    return kept.is_ours(place) and shutil.disk_usage(place).free > _ROOM * path.stat().st_size


def make_room(place: Place, newest: Path, policy: Keeping) -> None:
    """Remove what holds no more or was asked longest ago, until few enough are left; and what killed processes left."""
    base = _short(place.base)
    bytes_left, files_left = policy.most_bytes, dict(_MOST_FILES)
    for file in sorted(kept.everything(place.path), key=lambda file: file != newest):
        size = file.stat().st_size if file.exists() else 0
        kind = file.suffix
        another = file != newest and kind == newest.suffix and file.name.startswith(place.name)
        if another or not file.name.startswith(f"{base}-") or not files_left[kind] or size > bytes_left:
            file.unlink(missing_ok=True)
            continue
        bytes_left -= size
        files_left[kind] -= 1
    for left in kept.folder(place.path).glob(f"{MAKING}*"):
        process = left.name.removeprefix(MAKING).partition(".")[0]
        if not lives(process):
            left.unlink(missing_ok=True)


def remove(file: Path) -> None:
    """Remove a kept file that does not hold, or what somebody put in its place."""
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file, ignore_errors=True)
    else:
        file.unlink(missing_ok=True)  # another reader may have been first


def remove_making(making: Path) -> None:
    for file in (making, making.with_name(f"{making.name}.wal")):
        file.unlink(missing_ok=True)


@cache
def _sql() -> str:
    """Fingerprint of the model's SQL, of that which divides it into parts, and of that which is asked of it."""
    rooms = ("parts", "kept", "coverage", "delivery/steps", "memory")
    files = [path for room in rooms for path in sorted(queries(*room.split("/")).glob("*.sql"))]
    told = [*steps(), *((path.name, path.read_text(encoding="utf-8")) for path in files)]
    return _short(json.dumps(told))


def is_whole(file: Path) -> bool:
    """Whether it is a file with the bytes that its name tells of. Raises OSError."""
    told = file.stem.rpartition("-")[2]
    return stat.S_ISREG(file.lstat().st_mode) and told == fingerprint_of(file)


def fingerprint_of(file: Path) -> str:
    """Of all bytes of the file. A gigabyte takes a second or less, and a comparison of so much many times as long."""
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()[:20]


def _text(told: Mapping[str, str]) -> str:
    return json.dumps(told, sort_keys=True)


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:20]


def _megabytes(size: int) -> int:
    return max(1, round(size / 1_000_000))
