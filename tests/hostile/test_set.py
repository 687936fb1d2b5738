"""Every hostile case, through the real command: named in quarantine, bounded, and the good document beside it read."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import subprocess
import sys
import unicodedata
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyser.archive.quarantine import Code
from analyser.store.database import open_database
from analyser.system.limits import LIMITS, Limits
from tests.archive.build import NATIONAL, document
from tests.command import run, run_here
from tests.hostile.cases import every_case
from tests.hostile.containers import bomb, tarred, zipped

_MEMORY = 3 * 2**30
_PROJECT = Path(__file__).parents[2]


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _ingest(folder: Path, *arguments: str) -> tuple[int, str, int]:
    """Exit code, narration and the largest resident size in bytes of an ingest that may not have much memory."""
    command = [sys.executable, "-m", "analyser", "ingest", *arguments]
    environment = {**os.environ, "LANG": "C.UTF-8", "PYTHONPATH": str(_PROJECT)}
    with (folder / "err").open("wb") as err:
        process = subprocess.Popen(command, cwd=folder, env=environment, stderr=err, preexec_fn=_bounded)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, (folder / "err").read_text(errors="replace"), used.ru_maxrss * 1024


def _steers(text: str) -> list[str]:
    """Characters that a terminal or an editor would act on."""
    return [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")]


@pytest.fixture
def hostile_set(tmp_path: Path) -> Iterator[Path]:
    """A folder with all cases, and a good document in the folder of each."""
    whole = tmp_path / "set"
    for number, case in enumerate(every_case()):
        folder = whole / case.folder
        folder.mkdir(parents=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a zip has a name twice is the point
            case.write(folder)
        (folder / "good.xml").write_text(document(oid=f"1.2.9.{number}"))
    yield tmp_path
    # Some of it is too deep for the standard library to remove.
    subprocess.run(["rm", "-rf", whole], check=True)


def test_every_hostile_case_is_named_and_the_good_document_beside_it_is_read(hostile_set: Path) -> None:
    cases, tmp_path = every_case(), hostile_set
    assert len({case.folder for case in cases}) == len(cases)
    code, told, resident = _ingest(tmp_path, "set", "--db", "k.duckdb", "--workers", "2")
    assert code == 3, told
    assert "Traceback" not in told
    assert not _steers(told)
    assert resident < 2**30

    listed = json.loads(run_here(tmp_path, "quarantine", "--db", "k.duckdb", "-f", "json").out)["rows"]
    found: dict[str, list[str]] = defaultdict(list)
    for row in listed:
        found[row["member"].split("/")[0]].append(row["code"])
        assert row["source"] == "set"
        assert row["message"]
    with open_database(tmp_path / "k.duckdb", write=False) as database:
        read = Counter(
            member.split("/")[0]
            for (member,) in database.connection.execute(
                "SELECT member FROM member WHERE outcome = 'document'"
            ).fetchall()
        )
    expected = {case.folder: (sorted(case.codes), case.documents + 1) for case in cases}
    assert {folder: (sorted(found[folder]), read[folder]) for folder in expected} == expected

    text = run_here(tmp_path, "quarantine", "--db", "k.duckdb").out
    assert not _steers(text)
    assert all(code in text for case in cases for code in case.codes)
    rows = list(csv.reader(io.StringIO(run_here(tmp_path, "quarantine", "--db", "k.duckdb", "-f", "csv").out)))
    assert len(rows) == len(listed) + 1
    for shown in (text, str(listed), str(rows)):
        assert NATIONAL not in shown
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]
    assert not [cell for row in rows for cell in row if _steers(cell)]


def test_the_documentation_tells_how_many_cases_there_are() -> None:
    kinds = Counter(case.kind for case in every_case())
    told = f"{kinds.total()} cases (XML {kinds['xml']}, JSON {kinds['json']}, containers {kinds['container']}, "
    assert f"{told}folders {kinds['folder']})" in (_PROJECT / "docs" / "hostile-input.md").read_text(encoding="utf-8")


_LOW: dict[str, tuple[int, str, bytes, Code]] = {
    "document_bytes": (3_000, "x.xml", (document() + " " * 3_000).encode(), Code.TOO_LARGE),
    "elements": (100, "x.xml", document(header="<a/>" * 101).encode(), Code.TOO_MANY_ELEMENTS),
    "depth": (20, "x.xml", document(header="<a>" * 21 + "</a>" * 21).encode(), Code.TOO_DEEP),
    "values": (
        50,
        "x.xml",
        document('{"asiakkuusasiakirja": {"a": [' + "1," * 60 + "1]}}").encode(),
        Code.TOO_MANY_VALUES,
    ),
    "container_members": (2, "x.zip", zipped(*((f"{n}.xml", document().encode()) for n in range(3))), Code.TOO_MANY_MEMBERS),
    "container_bytes": (3_000, "x.tar", tarred(*((f"{n}.xml", document().encode()) for n in range(3))), Code.EXPANSION),
    "expansion": (1, "x.zip", bomb(1), Code.EXPANSION),
    "expansion_free": (2, "x.zip", bomb(1), Code.EXPANSION),
    "nesting": (1, "x.zip", zipped(("in.zip", zipped(("a.xml", b"<a/>")))), Code.NESTED_TOO_DEEP),
    "nested_bytes": (3_000, "x.zip", zipped(("in.zip", os.urandom(3_001))), Code.TOO_LARGE),
}  # fmt: skip
# What a limit needs beside it to be the one that is met.
_BESIDE = {
    "expansion": "expansion_free = 1000\n",
    "expansion_free": "expansion = 1\n",
    "nested_bytes": "document_bytes = 100\n",
}


@pytest.mark.parametrize("name", sorted(_LOW))
def test_each_limit_is_a_setting_that_fires_and_once_raised_lets_the_file_in_again(tmp_path: Path, name: str) -> None:
    most, file, data, code = _LOW[name]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / file).write_bytes(data)
    (tmp_path / "kanta-gap.toml").write_text(f"[limits]\n{name} = {most}\n{_BESIDE.get(name, '')}")
    assert run_here(tmp_path, "ingest", "in").code == 3
    listed = json.loads(run_here(tmp_path, "quarantine", "-f", "json").out)["rows"]
    assert code in [row["code"] for row in listed]
    (tmp_path / "kanta-gap.toml").unlink()
    assert "0 files unchanged" in run_here(tmp_path, "ingest", "in").err
    listed = json.loads(run_here(tmp_path, "quarantine", "-f", "json").out)["rows"]
    assert code not in [row["code"] for row in listed]
    assert "1 file unchanged" in run_here(tmp_path, "ingest", "in").err


def test_every_limit_is_shown_with_its_value_and_origin(tmp_path: Path) -> None:
    (tmp_path / "kanta-gap.toml").write_text("[limits]\ndepth = 99\n")
    shown = json.loads(run_here(tmp_path, "config", "-f", "json").out)["settings"]
    assert shown["limits.depth"] == {"value": 99, "origin": "kanta-gap.toml"}
    others = {name: shown[f"limits.{name}"] for name in LIMITS if name != "depth"}
    assert others == {name: {"value": getattr(Limits(), name), "origin": "default"} for name in others}


@pytest.mark.parametrize("level", ["off", "structure"])
def test_nothing_is_fetched_whatever_a_document_names(tmp_path: Path, level: str) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/x"
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)  # whoever opens it waits for ever
        places = (address, f"file://{pipe}")
        for number, place in enumerate(places):
            located = (
                '<ClinicalDocument xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
                f'xsi:schemaLocation="urn:hl7-org:v3 {place} urn:other {place}" xsi:noNamespaceSchemaLocation="{place}"'
            )
            xinclude = (
                f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{place}"/><o:x xmlns:o="urn:other"/>'
            )
            whole = document(header=xinclude).replace("<ClinicalDocument", located)
            (tmp_path / f"{number}.xml").write_text(f'<?xml-stylesheet href="{place}"?>{whole}')
            (tmp_path / f"{number}e.xml").write_text(f'<!DOCTYPE x SYSTEM "{place}">{whole}')
        names = [f"{number}{kind}.xml" for number in range(len(places)) for kind in ("", "e")]
        done = run(tmp_path, "ingest", *names, "--validate", level)
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert done.code == 3
    assert "Traceback" not in done.err
