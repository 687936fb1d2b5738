"""Nobody is named: canaries are planted wherever data come in, and every byte that the product writes is looked through,
whatever the command, the format and the failure. Identifiers and birth dates may stand in one table and in deliveries."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from analyser.store.database import open_database
from tests.archive.build import ORGANISER, client, document, frame
from tests.command import Done
from tests.command import run_here as run
from tests.privacy.files import everything_in

# Synthetic people (individual numbers 900-999): a henkilötunnus, a temporary identifier with a wrong check character, and
# what else tells who somebody is. Each stands in a place of its own and is looked for in every spelling.
_NATIONAL, _TEMPORARY = "140312A907T", "010112A955B"
_IDS = (_NATIONAL, _NATIONAL.lower(), _TEMPORARY, _TEMPORARY.lower(), "010190-901X", "311299-9123")
_NAMES = ("Kanarialintu", "Keltanokka", "KANARIALINTU", "Häkkikuja")
_BIRTHS = ("14.3.2012", "20120314", "2012-03-14", "2012-01-01")
_BORN = {"person_identity", "document_person", "register_episode"}
"""Tables that hold birth dates: of a person, and as a document or a row in force tells them."""
_EVERYWHERE = (*_IDS, *_NAMES, *_BIRTHS)
_WHO = f"Kanarialintu Keltanokka {_NATIONAL} Häkkikuja 3 14.3.2012"


def _content(**more: Any) -> dict[str, Any]:
    """A content with canaries in values, keys, displays, codes, units, case ids and texts."""
    about = {
        "sukunimi": "Kanarialintu",
        "etunimet": "Keltanokka",
        "henkilotunnus": {"system": "urn:oid:1.2.246.21", "value": _NATIONAL},
        "tilapainen_yksilointitunnus": {"system": "1.2.246.10.1.22.2024", "value": _TEMPORARY},
        "syntymaaika": "2012-01-01",
        "osoite": "Häkkikuja 3",
        "kotikunta": {"kunta": {"code": "092", "display": _WHO}},
        _WHO: _WHO,
    }
    unit = {
        "palveluyksikon_nimi": {"code": "Häkkikuja 3", "display": _WHO},
        "asiakkuuden_alkamispvm": "2025-01-17",
        _NATIONAL: _NATIONAL,
    }
    task = {
        "palvelutehtava": {"system": "Kanarialintu", "code": "14.3.2012", "display": _WHO},
        "palvelunjarjestajan_palveluyksikko": [unit],
        "palveluntuottaja": [{"sosiaalipalvelu": [{"code": _NATIONAL, "display": _WHO}], **unit}],
    }
    # Units whose names are kept: not these, which tell who somebody is.
    named = [
        {"palveluyksikon_nimi": {"code": f"1.2.246.10.99999901.10.{place}", "display": told}}
        for place, told in enumerate(
            (_WHO, "Keltanokka", "Ryhmä KANARIALINTU", "Häkkikuja 3", "Tiimi 14.3.2012", _NATIONAL)
        )
    ]
    known = {
        "palvelutehtava": {"system": "urn:oid:1.2.246.537.6.1221", "code": "24", "display": _WHO},
        "palvelunjarjestajan_palveluyksikko": [unit, *named],
    }
    return {
        "asiakkuusasiakirja": {
            "asiakkuuden_yksilointitunnus": {"value": _NATIONAL},
            "asiakas": about,
            "sosiaalihuollon_palvelutehtava": [task, known],
            "palvelunjarjestajan_toimintayksikko": {"code": "Kanarialintu", "display": _WHO},
            "vapaa_teksti": _WHO,
            **more,
        }
    }


def _header() -> str:
    named = f'root="Kanarialintu" extension="{_NATIONAL}" assigningAuthorityName="{_WHO}"'
    return (
        f"<!-- {_WHO} --><?kanaria {_WHO}?><title>{_WHO}</title><relatedDocument typeCode='RPLC'><parentDocument>"
        f"<id {named}/><setId {named}/></parentDocument></relatedDocument>"
        f"<custodian><assignedCustodian><representedCustodianOrganization><id {named}/><name>{_WHO}</name>"
        "</representedCustodianOrganization></assignedCustodian></custodian>"
        f"<componentOf><encompassingEncounter><id {named}/><encounterParticipant typeCode='ADM'><assignedEntity>"
        f"<representedOrganization><id {named}/><name>{_WHO}</name></representedOrganization></assignedEntity>"
        "</encounterParticipant></encompassingEncounter></componentOf>"
    )


def _social() -> str:
    return (
        f'<f:functionCode code="{_NATIONAL}" displayName="{_WHO}" codeSystem="Keltanokka"/>'
        f'<f:recordStatus code="{_WHO}"/><f:specificDocumentType code="Kanarialintu" displayName="{_WHO}"/>'
        f"<f:contentSpecificationId>{_WHO}</f:contentSpecificationId>"
        '<f:encompassingClientRelationship root="14.3.2012"/>'
    )


def _documents() -> dict[str, str | bytes]:
    whole = document(_content(), header=_header(), social=_social())
    odd = {_WHO: _content()["asiakkuusasiakirja"]}
    case = {"asia_asiakirja": {"asiakas": [{"sukunimi": "Kanarialintu"}], "asian_tiedot": {
        "asiatunnus": {"value": f"{_NATIONAL}/1"}, "nimi": {"code": _WHO}, "tila": {"code": "Kanarialintu"},
        "palvelutehtava": {"code": "Häkkikuja", "display": _WHO}, "avauspaiva": "2025-01-02"}}}  # fmt: skip
    decision = {"paatos_lastensuojelun_avohuollon_tukitoimesta": {"paatos": {
        "ratkaisun_laji": {"code": _WHO}, "paatospaivamaara": "2025-02-01", "sosiaalipalvelu_jota_paatos_koskee":
        {"sosiaalipalvelu": {"code": "Keltanokka", "display": _WHO}}}}}  # fmt: skip
    packed = base64.b64encode(json.dumps(_content()).encode()).decode()
    return {
        f"{_NATIONAL}.xml": whole,
        "named.xml": whole.replace('<id root="1.2.3.4"/>', '<id root="Kanarialintu Keltanokka"/>'),
        "root.xml": document(odd, oid="1.2.3.5"),
        "case.xml": document(case, oid="1.2.3.6", group="2"),
        "decision.xml": document(decision, oid="1.2.3.7", group="5"),
        "frame.xml": frame("14.3.2012", code=_NATIONAL, name=_WHO),
        "lone.xml": frame("1.2.3.99", name=_WHO),
        "date.xml": document(
            _content(lastensuojelun_asiakkuus={"lastensuojelun_asiakkuuden_alkamispvm": _WHO}), oid="1.9.1"
        ),
        "shape.xml": document(_content(sosiaalihuollon_palvelutehtava=_WHO), oid="1.9.2"),
        "base64.xml": document(f"*{_WHO}*", oid="1.9.3"),
        "json.xml": document(json_element=f'<f:json xmlns:f="urn:hl7finland">{{"a": {_WHO}}}</f:json>', oid="1.9.4"),
        "cut.xml": whole[: len(whole) // 2],
        "malformed.xml": f"<a><{_NAMES[0]} x='{_WHO}'></b>",
        "doctype.xml": f"<!DOCTYPE a [<!ENTITY who '{_WHO}'>]><a>&who;</a>",
        "unknown.xml": f"<Kanarialintu><Keltanokka>{_WHO}</Keltanokka></Kanarialintu>",
        "health.xml": f'<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2"/><l:localHeader xmlns:l="urn:hl7finland">{_WHO}</l:localHeader></ClinicalDocument>',
        "nothing.txt": _WHO,
        "latin.xml": f"<?xml version='1.0' encoding='ascii'?><a>{_WHO}</a>".encode("latin-1"),
        "two.xml": document(
            _content(), oid="1.9.5", clients=client("1.2.246.21", _NATIONAL) + client("1.2.246.21", "010190-901X")
        ),
        "packed.xml": document(packed, oid="1.9.6"),
    }


def _plant(folder: Path) -> None:
    """An archive with canaries in names of folders, files and members, and a register with them in every column."""
    inner = folder / f"archive-{_NATIONAL}" / f"kansio {_TEMPORARY}"
    inner.mkdir(parents=True)
    for name, written in _documents().items():
        (inner / name).write_bytes(written.encode() if isinstance(written, str) else written)
    with zipfile.ZipFile(inner / f"{_TEMPORARY}.zip", "w") as pack:
        pack.writestr(f"{_NATIONAL}/{_TEMPORARY}.xml", document(_content(), oid="1.7.1"))
        pack.writestr(f"broken-{_NATIONAL}.xml", f"<a>{_WHO}")
    (inner / f"half-{_NATIONAL}.tar.gz").write_bytes(b"\x1f\x8b" + _WHO.encode())
    columns = ("source_id", "person_id", "person_id_root", "layer", "service_task", "start", "end", "organiser", "unit",
               "producer", "municipality", "birth_date", _NATIONAL)  # fmt: skip
    good = {"source_id": f"A-{_NATIONAL}", "person_id": _NATIONAL, "service_task": "24", "start": "2025-01-17",
            "organiser": ORGANISER, "unit": _NATIONAL, "producer": f"x{_TEMPORARY}", "municipality": "092",
            "birth_date": "14.3.2012", _NATIONAL: _WHO}  # fmt: skip
    rows = [
        good,
        good | {"source_id": "R2", "service_task": f"24 {_NATIONAL}"},
        good | {"source_id": "R3", "person_id": "010190-901X"},
    ]
    # Every column once with a canary that the column cannot hold: an error for each, and none repeats the cell.
    rows += [
        good | {"source_id": f"B{n}", name: _WHO}
        for n, name in enumerate(columns[:12])
        if name not in ("source_id", "service_task", "unit", "producer", "person_id")
    ]
    rows.append(good | {"source_id": "R4", "person_id": _WHO})
    lines = [";".join(columns)] + [";".join(row.get(name, "") for name in columns) for row in rows]
    (folder / f"jaksot {_NATIONAL}.csv").write_text("\n".join(lines) + "\n")
    (folder / "services.csv").write_text(
        "source_id;person_id;kind;service_task;social_service;decided;organiser\n"
        f"S-{_TEMPORARY};{_NATIONAL};service;24;palvelu {_NATIONAL};2025-02-01;{ORGANISER}\n"
        f"S2;{_NATIONAL};{_WHO};24;x;{_WHO};{ORGANISER}\n"
    )
    (folder / "identities.csv").write_text(
        "person_id;person_id_root;same_as_id;same_as_root\n"
        f"{_NATIONAL};;{_TEMPORARY};1.2.246.10.1.22.2024\n{_NATIONAL};{_WHO};{_WHO};{_WHO}\n"
    )
    (folder / "nonsense.csv").write_text(f"{_WHO};{_NATIONAL}\n{_WHO};x\n")


_REGISTERS = (f"jaksot {_NATIONAL}.csv", "services.csv", "identities.csv")
_FORMATS = {
    "coverage --period 2025Q1 --by service-task,municipality,unit,producer,age-group": (
        "text",
        "json",
        "csv",
        "markdown",
        "html",
        "xlsx",
    ),
    "coverage --period 2025Q1 --share --conditions": ("text", "json", "csv", "markdown", "html", "xlsx"),
    "gaps --period 2025Q1 --limit 9999": ("text", "json", "csv", "xlsx"),
    "check --period 2025Q1": ("text", "json", "junit", "sarif", "github", "markdown"),
    "quarantine": ("text", "json", "csv"),
    "trace A": ("text", "json"),
    "trace R2": ("text", "json"),
    "trace 1.2.3.4": ("text", "json"),
    "trace 1.9.1": ("text", "json"),
    "periods": ("text", "json"),
    "config": ("text", "json"),
    "log": ("text", "json", "csv"),
    "deliver --status --period 2025Q1": ("text", "json"),
}
_PLAIN = ["dashboard --once --period 2025Q1", "rules", "explain G01", "diff kanta-gap.duckdb kanta-gap.duckdb --period 2025Q1",
          "completion bash", "", "db forget", "db key"]  # fmt: skip
_TYPED = [f"trace {_NATIONAL}", f"coverage --period {_NATIONAL}", f"ingest {_NATIONAL}", f"register {_NATIONAL}.csv", f"gaps --class {_NATIONAL}",
          f"coverage --by {_TEMPORARY}", f"{_NATIONAL}", f"explain {_NATIONAL}", f"check --select {_NATIONAL}", f"--db {_NATIONAL}.duckdb gaps",
          f"coverage -f {_NATIONAL}", f"gaps --as-of {_NATIONAL}", f"gaps --{_NATIONAL}", f"deliver --profile {_NATIONAL} --period 2025Q1 --out d2",
          f"diff {_NATIONAL} x", f"completion {_TEMPORARY}", f"--config {_NATIONAL}.toml rules", f"--lang {_NATIONAL} rules", f"rules -o {_NATIONAL}/x"]  # fmt: skip


class _Watch(threading.Thread):
    """Keeps what stands in a folder for temporary files, however short."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder, self.seen, self.over = folder, b"", threading.Event()

    def run(self) -> None:
        while not self.over.is_set():
            for path in self.folder.rglob("*"):
                self.seen += str(path).encode()
                try:
                    if path.is_file() and path.stat().st_size < 1_000_000:
                        self.seen += path.read_bytes()
                except OSError:
                    continue
            time.sleep(0.02)


def _silent(done: Done | bytes, what: str, canaries: tuple[str, ...] = _EVERYWHERE) -> None:
    told = done if isinstance(done, bytes) else (done.out + done.err).encode()
    for canary in canaries:
        assert canary.encode() not in told, f"{canary} in {what}"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Canaries, read in with every flag that makes the command talk; what it said on the way is looked at as well."""
    folder = tmp_path_factory.mktemp("canaries")
    _plant(folder)
    (folder / "tmp").mkdir()
    watch = _Watch(folder / "tmp")
    watch.start()
    environment = {"TMPDIR": str(folder / "tmp"), "KANTA_GAP_CANARY": _WHO, f"KANTA_GAP_{_NATIONAL}": "x"}
    archive = f"archive-{_NATIONAL}"
    for more in ((), ("--validate", "structure"), ("--workers", "2")):
        _silent(run(folder, "ingest", archive, "--debug", "-v", *more, **environment), f"ingest {more}")
    for name in (*_REGISTERS, "nonsense.csv"):
        _silent(run(folder, "register", name, "--debug", "-v", **environment), f"register {name}")
    watch.over.set()
    watch.join()
    _silent(watch.seen, "temporary files")
    return folder


def test_one_table_alone_knows_who_they_are(planted: Path) -> None:
    with open_database(planted / "kanta-gap.duckdb", write=False) as database:
        assert _NATIONAL in everything_in(database)
        _silent(everything_in(database, without={"person_identity"}).encode(), "another table", (*_IDS, *_NAMES))
        _silent(everything_in(database, without=_BORN).encode(), "a table without birth dates")
        inside = everything_in(database).encode()
    _silent(inside, "the table of identifiers: no names and addresses", ("Keltanokka", "Häkkikuja 4"))


_ASKED = [(line, name) for line, formats in _FORMATS.items() for name in formats]


@pytest.mark.parametrize("debug", [pytest.param(False, marks=pytest.mark.long), True])
@pytest.mark.parametrize("half", [0, 1])
def test_no_command_in_any_format_names_anybody(planted: Path, half: int, debug: bool) -> None:
    """Every format while the command talks as much as it can, and texts as people use it."""
    talk = ("--debug", "-v") if debug else ()
    for line, name in [one for one in _ASKED if debug or one[1] == "text"][half::2]:
        file = planted / f"out.{half}{debug}.{name}"
        if name == "xlsx":
            done = run(planted, *line.split(), "-f", name, "-o", file.name, *talk)
            with zipfile.ZipFile(file) as book:
                _silent(b"".join(book.read(part) for part in book.namelist()), f"{line} {name}")
        else:
            done = run(planted, *line.split(), "-f", name, *talk)
        _silent(done, f"{line} -f {name}")
        assert done.code in (0, 1, 2, 3), done.err
    for line in _PLAIN[half::2]:
        _silent(run(planted, *line.split(), *talk), line)
    assert len(_ASKED) > 40


def test_nothing_that_was_typed_is_repeated(planted: Path) -> None:
    for line in _TYPED:
        done = run(planted, *line.split(), "--debug")
        assert done.code in (2, 3, 4), line
        _silent(done, line, _IDS)
    for name, text in (
        ("kanta-gap.toml", f'"{_NATIONAL}" = "x"\n'),
        ("kanta-gap.toml", f'lang = "{_NATIONAL}"\n'),
        ("kanta-gap.toml", f"x = {_NATIONAL}\n"),
    ):
        (planted / name).write_text(text)
        _silent(run(planted, "rules", "--debug"), text, _IDS)
        (planted / name).unlink()


def test_a_delivery_names_them_in_its_files_and_nowhere_else(planted: Path) -> None:
    _silent(run(planted, "deliver", "--period", "2025Q1", "--out", "d", "--debug", "-v"), "deliver")
    files = {path.name: path.read_bytes() for path in (planted / "d").iterdir()}
    assert any(_NATIONAL.encode() in data for data in files.values())
    for name in ("manifest.json", "covering-note.txt"):
        _silent(files[name], name)
    for line in ("deliver --check d", "deliver --mark-sent d", "log -f json"):
        _silent(run(planted, *line.split(), "--debug", "-v"), line)


@pytest.mark.parametrize("debug", [False, True])
def test_a_defect_of_the_program_tells_its_place_and_not_the_data(planted: Path, debug: bool) -> None:
    code = (
        "import sys\nimport analyser.coverage.measure as m\nimport analyser.cli.gaps as g\n"
        f"def broken(*a, **k):\n    who = {_WHO!r}\n    raise RuntimeError(who)\n"
        "g.ledger = broken\nfrom analyser.cli.app import run\n"
        f"sys.exit(run(['gaps', '--period', '2025Q1'] + ({['--debug'] if debug else []})))"
    )
    environment = dict(os.environ, PYTHONPATH=str(Path(__file__).parents[2]))
    done = subprocess.run([sys.executable, "-c", code], cwd=planted, env=environment, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"RuntimeError" in done.stderr
    _silent(done.stdout + done.stderr, "a defect")


def test_a_document_that_ends_its_reader_is_named_without_itself(tmp_path: Path) -> None:
    """Killed by the kernel, aborted, out of memory, out of time: names and contents of the document are canaries."""
    archive = tmp_path / f"archive-{_NATIONAL}"
    archive.mkdir()
    wanted = {
        "KILLED-1": "worker-died",
        "ABORTED-1": "worker-died",
        "HUNGRY-1": "too-much-memory",
        "SLOW-1": "too-slow",
    }
    for number, code in enumerate(wanted):
        (archive / f"{number}-{_NATIONAL}-{_TEMPORARY}.xml").write_text(frame(f"1.2.3.{number}", code=code, name=_WHO))
        for good in range(3):
            raw = document(_content(), header=_header(), social=_social(), oid=f"1.2.4.{number}.{good}")
            (archive / f"{number}-{good}-{_NATIONAL}.xml").write_text(raw)
    (tmp_path / "kanta-gap.toml").write_text("[limits]\ndocument_seconds = 1\n")
    (tmp_path / "tmp").mkdir()
    script = (
        "import sys\nimport analyser.cli.ingest as command\nfrom analyser.archive.files import discover\n"
        "from tests.privacy.poison import Poison\n"
        "discover._SHARD_ENTRIES = 3\ncommand._voiding = lambda _: Poison()\nfrom analyser.cli.app import run\n"
        f"sys.exit(run(['ingest', {archive.name!r}, '--workers', '2', '--debug', '-v']))"
    )
    environment = dict(os.environ, PYTHONPATH=str(Path(__file__).parents[2]), TMPDIR=str(tmp_path / "tmp"))
    watch = _Watch(tmp_path / "tmp")
    watch.start()
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    watch.over.set()
    watch.join()
    assert done.returncode == 3, done.stderr.decode()
    _silent(done.stdout + done.stderr, "an ingest whose readers die")
    _silent(watch.seen, "temporary files")
    told = run(tmp_path, "quarantine", "-f", "json")
    assert sorted(row["code"] for row in json.loads(told.out)["rows"]) == sorted(wanted.values())
    for name in ("text", "json", "csv"):
        _silent(run(tmp_path, "quarantine", "-f", name, "--debug", "-v"), f"quarantine -f {name}")
    _silent(run(tmp_path, "log", "-f", "json", "--debug"), "the audit trail")
    with open_database(tmp_path / "kanta-gap.duckdb", write=False) as database:
        assert database.connection.execute("SELECT count(*) FROM document").fetchone() == (12,)
        _silent(everything_in(database, without={"person_identity"}).encode(), "the database", (*_IDS, *_NAMES))
        _silent(everything_in(database, without=_BORN).encode(), "the database, but for birth dates")
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {archive.name, "kanta-gap.toml", "kanta-gap.duckdb", "tmp"}, "no dump of a process, no log"


def test_a_document_that_breaks_the_reader_tells_nothing_of_itself(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "one.xml").write_text(document(_content()))
    code = (
        "import sys\nimport analyser.archive.documents.document as d\n"
        "def broken(*a, **k):\n    raise ValueError(repr(a))\n"
        "d._persons = broken\nfrom analyser.cli.app import run\n"
        "sys.exit(run(['ingest', 'archive', '--workers', '1', '--debug', '-v']))"
    )
    environment = dict(os.environ, PYTHONPATH=str(Path(__file__).parents[2]))
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 3
    _silent(done.stdout + done.stderr, "a broken reader")
    told = run(tmp_path, "quarantine", "-f", "json")
    assert "reader-failed" in told.out
    _silent(told, "the quarantine")
