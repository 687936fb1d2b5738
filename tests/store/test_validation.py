"""What was read without a check is read again when one is asked for; nothing is ever taken for checked that was not."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from analyser.archive.settings import ReadSettings
from analyser.ingest.run import IngestSummary, ingest
from analyser.store.database import open_database
from analyser.system.resources import schemas
from tests.archive.build import document
from tests.command import run_here as run
from tests.store.dump import dump

_OFF = ReadSettings(b"k" * 32)
_STRUCTURE = replace(_OFF, validate="structure")
_NAMED = "<f:contentSpecificationId>1.2.246.537.6.1505.1.9</f:contentSpecificationId>"
_CLIENT = {"properties": {"asiakkuusasiakirja": {"properties": {"asiakas": {"type": "object"}}}}}
_NO_CLIENT = {"properties": {"asiakkuusasiakirja": {"properties": {"asiakas": {"type": "string"}}}}}


@pytest.fixture(params=["folder", "zip"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Three good documents and one whose envelope does not follow the schema, loose or packed."""
    good = {f"{n}.xml": document(oid=f"1.2.3.{n}", social=_NAMED) for n in range(3)}
    bad = {
        "bad.xml": document(oid="1.2.3.9", social=_NAMED).replace(
            'versionNumber value="1"', 'versionNumber value="one"'
        )
    }
    folder = tmp_path / "archive"
    folder.mkdir()
    for name, raw in (good | bad).items():
        if request.param == "zip":
            with zipfile.ZipFile(folder / "x.zip", "a") as packed:
                packed.writestr(name, raw)
        else:
            (folder / name).write_text(raw)
    return folder


def _ingest(folder: Path, settings: ReadSettings, name: str = "k.duckdb") -> IngestSummary:
    with open_database(folder.parent / name, write=True) as database:
        return ingest(database, [folder], settings)


def _held(folder: Path, name: str = "k.duckdb") -> dict[str, list[str]]:
    """All tables but for the terms and levels under which they were read."""
    found = dump(folder.parent / name)
    found.pop("file_validation")
    return found


def _full(folder: Path, definition: dict[str, object] | None) -> ReadSettings:
    folder.mkdir(exist_ok=True)
    path = folder / "1.2.246.537.6.1505.1.9.json"
    path.unlink(missing_ok=True)
    if definition is not None:
        path.write_text(json.dumps(definition))
    return replace(_OFF, validate="full", sosmeta=folder)


def _problems(folder: Path) -> set[str]:
    with open_database(folder.parent / "k.duckdb", write=False) as database:
        rows = database.connection.execute("SELECT DISTINCT unnest(problems) FROM document").fetchall()
    return {name for (name,) in rows}


def test_a_stricter_reading_reads_again_what_has_not_changed(archive: Path) -> None:
    files = len(list(archive.iterdir()))
    assert _ingest(archive, _OFF).documents == 4
    strict = _ingest(archive, _STRUCTURE)
    assert (strict.unchanged, strict.checked_less, strict.documents, strict.quarantined) == (0, files, 3, 1)
    _ingest(archive, _STRUCTURE, "fresh.duckdb")
    assert _held(archive) == _held(archive, "fresh.duckdb")
    again = _ingest(archive, _STRUCTURE)
    assert (again.unchanged, again.checked_less) == (files, 0)


def test_a_weaker_reading_takes_the_stricter_one_for_enough_and_is_not_taken_for_it(archive: Path) -> None:
    files = len(list(archive.iterdir()))
    _ingest(archive, _STRUCTURE)
    weaker = _ingest(archive, _OFF)
    # What the check had set aside is read again without it; the container it lies in as a whole.
    assert (weaker.unchanged, weaker.new_documents) == (files - 1, 1)
    strict = _ingest(archive, _STRUCTURE)
    assert (strict.unchanged, strict.checked_less, strict.quarantined) == (files - 1, 1, 1)


def test_other_definitions_are_another_check(archive: Path, tmp_path: Path) -> None:
    _ingest(archive, _OFF)
    missing = _ingest(archive, _full(tmp_path / "none", None))
    assert (missing.unchanged, missing.quarantined) == (0, 1)
    assert "definition-not-available" in _problems(archive)
    fitting = _ingest(archive, _full(tmp_path / "one", _CLIENT))
    assert (fitting.unchanged, fitting.documents) == (0, 3)
    assert "definition-not-available" not in _problems(archive)
    assert _ingest(archive, _STRUCTURE).checked_less == 0, "the content's check holds the envelope too"
    assert _ingest(archive, _full(tmp_path / "other", _NO_CLIENT)).quarantined == 4


def test_another_schema_of_the_envelope_is_another_check(archive: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "envelope.xsd"
    own.parent.mkdir()
    shutil.copy(str(schemas("archive", "envelope.xsd")), own)
    _ingest(archive, _STRUCTURE)
    assert _ingest(archive, replace(_STRUCTURE, xsd=own)).checked_less == 0, "the same bytes are the same check"
    own.write_text(own.read_text() + "<!-- corrected -->")
    assert _ingest(archive, replace(_STRUCTURE, xsd=own)).checked_less == len(list(archive.iterdir()))


def test_a_database_from_before_is_checked_as_a_whole(archive: Path) -> None:
    _ingest(archive, _STRUCTURE)
    with open_database(archive.parent / "k.duckdb", write=True) as database:
        database.connection.execute("DELETE FROM file_validation")  # as the step that made the table left it
    assert _ingest(archive, _STRUCTURE).checked_less == len(list(archive.iterdir()))


def test_the_command_says_how_many(archive: Path) -> None:
    for level, told in (("off", False), ("structure", True), ("structure", False), ("off", False)):
        done = run(archive.parent, "ingest", "archive", "--validate", level)
        assert ("not been checked so strictly" in done.err) is told, (level, done.err)
