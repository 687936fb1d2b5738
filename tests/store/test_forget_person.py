"""One person is forgotten: nothing that leads to them is left, and of nobody else anything is lost."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from analyser.ingest import forget_person
from analyser.store.database import open_database
from analyser.store.encryption import extension
from tests.archive.build import NATIONAL, ORGANISER, client, content, document, frame
from tests.archive.test_answers import acknowledgement, answer
from tests.command import Done, run
from tests.command import run_here as here

_THEM = "010190-901A"
_TEMPORARY = "KUNTA-TEMP-0007"
_ISSUER = "1.2.246.10.7.22"
_OTHERS = (NATIONAL, "020290-902B")
_P = ("--period", "2025Q1")


def _of(who: str, oid: str, clients: str | None = None, name: str | None = None, version: int = 1) -> str:
    told = content()
    told["asiakkuusasiakirja"]["asiakas"]["henkilotunnus"]["value"] = who
    born = "19900101" if who == _THEM else "20120314"
    whom = clients or client("1.2.246.21", who, born)
    return _set(document(told, oid=oid, clients=whom, version=version), name or oid)


def _unclear(who: str, oid: str) -> str:
    """A document that says two things at once, and goes into quarantine."""
    packed = base64.b64encode(b'{"asiakkuusasiakirja": {"a": 1}, "asiakkuusasiakirja": {"a": 2}}').decode()
    return _set(
        document(packed, oid=oid, clients=client("1.2.246.21", who, "19900101" if who == _THEM else "20120314")), oid
    )


def _with_id(text: str, extension: str) -> str:
    return text.replace("<creationTime", f'<id root="1.2.246.1" extension="{extension}"/><creationTime', 1)


def _answering(extension: str) -> str:
    return answer(acknowledgement("AA", extension).replace("1.2.246.10.99999903.10.0", "1.2.246.1"))


def _set(text: str, name: str) -> str:
    before, _, after = text.partition('<setId root="')
    return f'{before}<setId root="{name}"{after.partition(chr(34))[2]}'


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One person in documents of their own, with others, in quarantine, in every kind of row, delivered and remembered;
    two others beside."""
    folder = tmp_path_factory.mktemp("origin")
    archive = folder / "archive"
    archive.mkdir()
    both = client("1.2.246.21", _OTHERS[0]) + client("1.2.246.21", _THEM, "19900101")
    either = client("1.2.246.21", _OTHERS[1]) + client("1.2.246.21", _THEM)
    files = {
        "own.xml": _of(_THEM, "1.2.3.10"),
        "own-2.xml": _of(_THEM, "1.2.3.11", client(_ISSUER, _TEMPORARY, "19900101")),
        "own-frame.xml": _with_id(frame("1.2.3.10"), "M-10"),
        "own-answer.xml": _answering("M-10"),
        f"own-{_THEM}.xml": _unclear(_THEM, "1.2.3.12"),
        "joint.xml": _of(_OTHERS[0], "1.2.3.20", both),
        # The newer version is about them alone, and takes what the older one covered for the other client.
        "set-1.xml": _of(_OTHERS[1], "1.2.3.30", either),
        "set-2.xml": _of(_THEM, "1.2.3.31", name="1.2.3.30", version=2),
        "other.xml": _of(_OTHERS[0], "1.2.3.40"),
        "other-frame.xml": _with_id(frame("1.2.3.40"), "M-40"),
        "other-answer.xml": _answering("M-40"),
        "other-unclear.xml": _unclear(_OTHERS[0], "1.2.3.41"),
    }
    for name, text in files.items():
        (archive / name).write_text(text)
    head = "source_id,person_id,person_id_root,service_task,start,end,organiser\n"
    rows = [
        ("R1", _THEM, ""),
        (f"R-{_THEM}-2", _THEM, ""),
        ("R3", _TEMPORARY, _ISSUER),
        ("R4", _OTHERS[0], ""),
        ("R5", _OTHERS[1], ""),
    ]
    (folder / "before.csv").write_text(head + f"R1,{_THEM},,24,2024-05-01,,{ORGANISER}\n")
    (folder / "episodes.csv").write_text(
        head
        + "".join(f"{i},{w},{r},24,2025-01-01,,{ORGANISER}\n" for i, w, r in rows)
        + f"R9,{_THEM},,24,2025-99-99,,{ORGANISER}\nR8,{_THEM},,24,2025-99-99,,{ORGANISER}\n"
    )
    (folder / "services.csv").write_text(
        "source_id,person_id,kind,service_task,social_service,decided,start,end,organiser\n"
        + "".join(f"S{n},{who},service,24,,,2025-02-01,,{ORGANISER}\n" for n, who in enumerate((_THEM, *_OTHERS)))
    )
    (folder / "identities.csv").write_text(
        f"person_id,person_id_root,same_as_id,same_as_root\n{_TEMPORARY},{_ISSUER},{_THEM},1.2.246.21\n"
    )
    assert here(folder, "ingest", "archive").code == 3
    for name in ("before", "episodes", "services", "identities"):
        done = here(folder, "register", f"{name}.csv")
        assert done.code in (0, 3), done.err
    assert here(folder, "deliver", *_P, "--out", "d").code in (0, 3)
    here(folder, "coverage", *_P)
    return folder


@pytest.fixture
def folder(origin: Path, tmp_path: Path) -> Path:
    """The database alone."""
    (tmp_path / "kanta-gap.duckdb").write_bytes((origin / "kanta-gap.duckdb").read_bytes())
    (tmp_path / "kanta-gap.duckdb").chmod(0o600)
    return tmp_path


def _forget(folder: Path, given: str, *arguments: str) -> Done:
    done = subprocess.run(
        [sys.executable, "-m", "analyser", "db", "forget-person", *arguments],
        input=given, cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8",
        env={"PATH": "", "LANG": "C.UTF-8", "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)


def _keys(folder: Path) -> list[str]:
    with open_database(folder / "kanta-gap.duckdb", write=False) as database:
        rows = database.connection.execute(
            "SELECT identity_key FROM person_identity WHERE value IN ($a, $b) ORDER BY ALL",
            {"a": _THEM, "b": _TEMPORARY},
        ).fetchall()
    return [key for (key,) in rows]


def _rows(folder: Path) -> dict[str, Any]:
    told = json.loads(here(folder, "gaps", *_P, "-f", "json").out)
    return {row["source_id"]: row for row in told["rows"]}


def _everything(folder: Path) -> str:
    """All cells of all tables, and the bytes of the file."""
    path = folder / "kanta-gap.duckdb"
    told = []
    with open_database(path, write=False) as database:
        for (table,) in database.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            told.append(repr(database.connection.execute(f'FROM "{table}"').fetchall()))
    return "\n".join(told) + path.read_bytes().decode("latin-1")


def _in_quarantine(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(here(folder, "quarantine", "-f", "json").out)["rows"]
    return rows


def test_one_person_goes_whole_and_others_keep_what_they_have(folder: Path) -> None:
    keys, before = _keys(folder), _rows(folder)
    assert len(keys) == 2
    assert {"R1", "R3", "R4", "R5"} <= before.keys()
    assert all(one in _everything(folder) for one in (_THEM, _TEMPORARY, *keys))
    assert len(_in_quarantine(folder)) == 2
    told = _forget(folder, f"  {_THEM.lower()} \n", "--dry-run")
    assert told.code == 0, told.err
    assert "would go" in told.err
    assert _rows(folder) == before
    done = _forget(folder, _THEM.replace("-", "\u2010") + "\n")
    assert done.code == 0, done.err
    assert "2 identities" in done.err
    assert "2 documents, 4 rows of the register, 1 entry of the quarantine" in done.err
    assert "3 documents stay without the person" in done.err
    assert "of deliveries were about" in done.err
    assert _THEM not in done.err + done.out
    everything = _everything(folder)
    for trace in (_THEM, _TEMPORARY, *keys, _THEM.replace("-", ""), "1990-01-01", "datetime.date(1990, 1, 1)", "M-10"):
        assert trace not in everything, trace
    after = _rows(folder)
    assert after == {name: row for name, row in before.items() if row["person_key"] not in keys}
    assert {"R4", "R5"} <= after.keys()
    assert [row["member"] for row in _in_quarantine(folder)] == ["other-unclear.xml"]
    for key in (*keys, "R1", "R3", "1.2.3.10"):
        assert here(folder, "trace", key, *_P).code == 2
    again = _forget(folder, f"{_THEM}\n")
    assert again.code == 2
    assert "nobody in the database" in again.err
    assert here(folder, "db", "verify").code == 0
    assert here(folder, "deliver", *_P, "--corrections", "--out", "e").code in (0, 3)
    assert [path.name for path in folder.iterdir() if "kanta-gap" in path.name] == ["kanta-gap.duckdb"]


@pytest.mark.parametrize("by", ["key", "source_id", "temporary"])
def test_a_person_is_named_by_any_of_their_names_and_an_identifier_never_on_the_command_line(
    folder: Path, by: str
) -> None:
    for given in (_THEM, _THEM.replace("-", "\u2212"), f"R-{_THEM}-2"):
        refused = here(folder, "db", "forget-person", given)
        assert refused.code == 2
        assert "command line" in refused.err
        assert "901A" not in refused.err
    before = _everything(folder)
    assert here(folder, "db", "forget-person", "nobody").code == 2
    assert here(folder, "db", "forget-person").code == 2, "stdin says nothing"
    assert _everything(folder) == before
    keys = _keys(folder)
    match by:
        case "key":
            done = here(folder, "db", "forget-person", keys[0])
        case "source_id":
            done = here(folder, "db", "forget-person", "R1")
        case _:
            done = _forget(folder, _TEMPORARY + "\n")
    assert done.code == 0, done.err
    assert _keys(folder) == []


def test_a_miss_of_the_proof_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is blind drops nothing; what the statements leave behind is found, in a cell of any table."""
    (key, *_) = _keys(folder)
    with monkeypatch.context() as blind:
        blind.setattr(forget_person, "holding", lambda *_, **__: {})
        assert "does not see" in here(folder, "db", "forget-person", "R1").err
    assert key in _keys(folder)
    with open_database(folder / "kanta-gap.duckdb", write=True) as database:
        database.connection.execute("UPDATE document SET case_id = 'x' || $key WHERE oid = '1.2.3.40'", {"key": key})
        told = {"told": json.dumps({"x": key})}  # a row of the trail is not changed, so it tells of the miss
        database.connection.execute("UPDATE audit SET detail = $told WHERE number = 1", told)
    done = here(folder, "db", "forget-person", "R1")
    assert done.code == 3
    assert "can still be found" in done.err


@pytest.mark.skipif(extension() is None, reason="the extra ‘encryption’ is not installed")
def test_an_encrypted_database_stays_encrypted(folder: Path) -> None:
    (folder / "k.key").write_text("k" * 16 + "0123456789abcdef" * 2)
    (folder / "k.key").chmod(0o600)
    key = ("--key-file", "k.key")
    assert here(folder, "db", "encrypt", *key).code == 0
    assert run(folder, "db", "forget-person", "R1", *key).code == 0
    assert here(folder, "trace", "R1", *_P, *key).code == 2
    assert here(folder, "trace", "R4", *_P, *key).code == 0
