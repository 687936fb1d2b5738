"""Writes a county person by person, so that its size costs no memory: archive, register files, truth."""

from __future__ import annotations

import csv
import io
import json
import tarfile
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import zstandard

from analyser.messages.errors import UsageError
from analyser.synth.envelope import Printer
from analyser.synth.messages import messages
from analyser.synth.people import MOST_PERSONS, MUNICIPALITIES
from analyser.synth.quirks import Quirk, as_written
from analyser.synth.scenarios import Defect, tell, tell_defect
from analyser.synth.situations import Situation, situated
from analyser.synth.story import Story

Container = Literal["folder", "zip", "tar.zst"]

EPISODE_COLUMNS = (
    "source_id", "person_id", "person_id_root", "layer", "service_task", "start", "end", "organiser", "unit",
    "municipality", "birth_date",
)  # fmt: skip
SERVICE_COLUMNS = (
    "source_id", "person_id", "person_id_root", "kind", "service_task", "social_service", "decided", "start", "end",
    "organiser",
)  # fmt: skip
IDENTITY_COLUMNS = ("person_id", "person_id_root", "same_as_id", "same_as_root", "from")
CODES = (
    ("24", "families", "Lapsiperheiden palvelut", "", "yes"),
    ("15", "substance", "Päihdehuolto", "Missbrukarvård", "yes"),
    ("20", "disability", "Vammaispalvelut", "Service för personer med funktionsnedsättning", "yes"),
    ("10", "child_protection", "Lastensuojelu", "Barnskydd", "yes"),
)
_IN_A_FOLDER = 2_000


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written."""

    persons: int
    documents: int
    frames: int
    rows: int
    quarantined: int
    """Entries that the quarantine is expected to list."""


class _Sink(Protocol):
    def put(self, name: str, content: bytes) -> None: ...


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._made: set[Path] = set()

    def put(self, name: str, content: bytes) -> None:
        path = self._root / name
        if path.parent not in self._made:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(path.parent)
        path.write_bytes(content)


class _Zip:
    def __init__(self, container: zipfile.ZipFile) -> None:
        self._container = container

    def put(self, name: str, content: bytes) -> None:
        self._container.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 1)


class _Tar:
    def __init__(self, container: tarfile.TarFile) -> None:
        self._container = container

    def put(self, name: str, content: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        self._container.addfile(info, io.BytesIO(content))
        self._container.members = []  # type: ignore[attr-defined]  # the writer keeps every header


def synthesise(
    out: Path,
    persons: int = 200,
    seed: int = 1,
    defects: Sequence[Defect | Situation | Quirk] | None = None,
    container: Container = "folder",
) -> Summary:
    """Write a county of `persons` into the new or empty folder `out`. The same arguments give the same bytes.

    `defects` None: every kind, in a realistic share, and every quirk; empty: a clean county, whose documents follow
    their definitions to the letter; situations make a county with a year of documents before the quarter and every
    service task.
    """
    if not 1 <= persons <= MOST_PERSONS:
        raise UsageError("cli.persons", most=MOST_PERSONS)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError("cli.folder_not_empty", folder=out.name)
    out.mkdir(parents=True, exist_ok=True)
    chosen = tuple(Defect) if defects is None else tuple(one for one in defects if isinstance(one, Defect))
    situations = {one for one in defects or () if isinstance(one, Situation)}
    quirks = {one for one in (Quirk if defects is None else defects) if isinstance(one, Quirk)}
    printer = Printer(seed)
    counts: Counter[str] = Counter()
    with ExitStack() as stack:
        sink = stack.enter_context(_sink(out / "archive", container))
        episodes = stack.enter_context(_table(out / "episodes.csv", EPISODE_COLUMNS))
        services = stack.enter_context(_table(out / "services.csv", SERVICE_COLUMNS))
        identities = stack.enter_context(_table(out / "identities.csv", IDENTITY_COLUMNS))
        truth = stack.enter_context((out / "truth.json").open("w", encoding="utf-8", newline="\n"))
        truth.write('{"schema": "kanta-gap/truth/1", "period": "2025Q1",\n"rows": {')
        for place in range(persons):
            number = (place + seed * 17) % MOST_PERSONS
            story = (
                (tell_defect(number, chosen) or situated(number, situations))
                if situations
                else tell(number, chosen, place)
            )
            _write_story(story, quirks, sink, printer, counts)
            episodes.writerows(story.rows)
            services.writerows(story.services)
            identities.writerows(story.identities)
            for source_id, (verdict, reasons, expected, archived) in sorted(story.truth.items()):
                row = {
                    "class": verdict,
                    "reasons": reasons,
                    "days_expected": expected,
                    "days_archived": archived,
                }
                truth.write(("\n" if not counts["rows"] else ",\n") + f'"{source_id}": {json.dumps(row)}')
                counts["rows"] += 1
                counts[verdict] += 1
            counts["archived_only"] += story.archived_only
            counts["quarantined"] += story.quarantined
        classes = {name: counts[name] for name in ("excluded", "undetermined", "archived", "partial", "missing")}
        totals = classes | {
            name: counts[name] for name in ("rows", "archived_only", "quarantined", "documents", "frames")
        }
        truth.write(f'\n}},\n"totals": {json.dumps(totals)}}}\n')
    _write_tables(out)
    return Summary(persons, counts["documents"], counts["frames"], counts["rows"], counts["quarantined"])


def _write_story(story: Story, quirks: Collection[Quirk], sink: _Sink, printer: Printer, counts: Counter[str]) -> None:
    number = story.person.number
    folder = f"{number // _IN_A_FOLDER:03}/{number:06}"
    for place, draft in enumerate(story.drafts):
        if place in story.withheld:
            continue
        name = f"{folder}-{place:02}"
        sink.put(f"{name}.xml", printer.document(as_written(draft, quirks), number * 7 + place))
        counts["documents"] += 1
        for end, content in messages(draft):
            sink.put(f"{name}.{end}", content)
            counts["frames" if end.startswith("frame") else "answers"] += 1
    for name, content in story.files:
        sink.put(f"{folder}-{name}", content)


def _write_tables(out: Path) -> None:
    with _table(out / "population.csv", ("municipality", "year", "population")) as population:
        population.writerows((code, 2025, people) for code, _, people in MUNICIPALITIES)
    with _table(out / "codes.csv", ("code", "key", "name_fi", "name_sv", "in_register")) as codes:
        codes.writerows(CODES)
    with _table(out / "periods.csv", ("period", "start", "end", "deadline")) as periods:
        periods.writerow(("2024Q4", "2024-10-01", "2024-12-31", ""))
        periods.writerow(("2025Q1", "2025-01-01", "2025-03-31", ""))


@contextmanager
def _sink(path: Path, container: Container) -> Iterator[_Sink]:
    path.mkdir()
    match container:
        case "folder":
            yield _Folder(path)
        case "zip":
            with zipfile.ZipFile(path / "documents.zip", "w") as zipped:
                yield _Zip(zipped)
        case "tar.zst":
            compressor = zstandard.ZstdCompressor(level=1)
            with (
                (path / "documents.tar.zst").open("wb") as raw,
                compressor.stream_writer(raw) as stream,
                tarfile.open(fileobj=stream, mode="w|") as packed,
            ):
                yield _Tar(packed)


@contextmanager
def _table(path: Path, columns: Sequence[str]) -> Iterator[Any]:
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, delimiter=";", lineterminator="\n")
        writer.writerow(columns)
        yield writer
