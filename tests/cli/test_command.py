"""The command as people and scripts use it: exit codes, one-line errors, data on stdout, nothing of a person anywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analyser.store.database import open_database
from tests.archive.build import NATIONAL, ORGANISER, TEMPORARY, document, frame
from tests.command import Done
from tests.command import run_here as run
from tests.fixtures.make_county import COUNTY
from tests.store.dump import dump

_CANARIES = (NATIONAL, NATIONAL.lower(), TEMPORARY, "Esimerkki", "010190-901X")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One document with its frame, one that is broken and named after its person, and two register rows."""
    return _written(tmp_path)


def _written(place: Path) -> Path:
    archive = place / "archive"
    archive.mkdir()
    (archive / "one.xml").write_text(document())
    (archive / "one.frame.xml").write_text(frame())
    (archive / f"{NATIONAL}.xml").write_text(document("***", oid="1.2.3.9"))
    header = "source_id,person_id,service_task,start,end,organiser,municipality\n"
    rows = f"R1,{NATIONAL},24,2025-01-17,,{ORGANISER},092\nR2,010190-901X,24,1.2.2025,,{ORGANISER},092\n"
    (place / "episodes.csv").write_text(header + rows)
    return place


@pytest.fixture(scope="module")
def _loaded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = _written(tmp_path_factory.mktemp("loaded"))
    assert run(place, "ingest", "archive").code == 3
    assert run(place, "register", "episodes.csv").code == 0
    return place


@pytest.fixture
def loaded(_loaded_once: Path, tmp_path: Path) -> Path:
    """The same, ingested and registered: a copy of its own for each test."""
    return Path(shutil.copytree(_loaded_once, tmp_path, dirs_exist_ok=True))


@pytest.fixture
def loaded_here(folder: Path) -> Path:
    """The same, ingested where it lies: a copy's files are other files."""
    assert run(folder, "ingest", "archive").code == 3
    assert run(folder, "register", "episodes.csv").code == 0
    return folder


def _error(done: Done, code: int = 2) -> str:
    assert done.code == code
    assert done.out == ""
    assert "Traceback" not in done.err
    first = done.err.splitlines()[0]
    assert first.startswith("kanta-gap: error: ")
    return first


def test_a_missing_source_is_one_line(tmp_path: Path) -> None:
    assert "nowhere" in _error(run(tmp_path, "ingest", "nowhere"))


def test_an_empty_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "void").mkdir()
    assert "no files" in _error(run(tmp_path, "ingest", "void"))


@pytest.mark.parametrize(
    "command", ["coverage", "gaps", "quarantine", "periods", "trace R1", "check", "dashboard --once"]
)
def test_a_missing_database_is_one_line(tmp_path: Path, command: str) -> None:
    assert "no database" in _error(run(tmp_path, *command.split(), "--db", "none.duckdb"))


@pytest.mark.parametrize(
    "period", ["Q1", "2025Q5", "0000Q1", "9999Q9", "2025-02-30..2025-03-31", "2025-03-31..2025-01-01", ""]
)
def test_a_wrong_period_is_one_line(loaded: Path, period: str) -> None:
    _error(run(loaded, "coverage", f"--period={period}" if period else "--period=x"))


def test_a_period_that_has_not_begun_has_nothing_to_check(loaded: Path) -> None:
    _error(run(loaded, "coverage", "--period", "2090Q1"), 4)
    assert run(loaded, "coverage", "--period", "2090Q1", "--exit-zero").code == 0


def test_a_period_before_every_row_has_nothing_to_check(loaded: Path) -> None:
    done = run(loaded, "coverage", "--period", "2020Q1", "-f", "json")
    assert done.code == 4
    assert json.loads(done.out)["totals"]["coverage_rows"] is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("coverge", "coverage"), ("coverage --by municipalty", "municipality"), ("gaps --class missng", "missing")],
)
def test_a_slip_of_the_finger_gets_a_suggestion(loaded: Path, typed: str, meant: str) -> None:
    done = run(loaded, *typed.split())
    assert done.code == 2
    assert f"did you mean ‘{meant}’?" in done.err


def test_an_unknown_setting_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "kanta-gap.toml").write_text('organizers = ["1.2"]\n')
    done = run(tmp_path, "config")
    assert done.code == 2
    assert "kanta-gap.toml" in done.err
    assert "did you mean ‘organisers’?" in done.err


def test_every_setting_tells_where_it_came_from(tmp_path: Path) -> None:
    (tmp_path / "kanta-gap.toml").write_text("workers = 3\n")
    done = run(tmp_path, "config", "-f", "json", "--lang", "fi", KANTA_GAP_DB="other.duckdb")
    told = {name: row["origin"] for name, row in json.loads(done.out)["settings"].items()}
    assert (told["workers"], told["db"], told["lang"], told["color"]) == (
        "kanta-gap.toml",
        "KANTA_GAP_DB",
        "command line",
        "default",
    )


def test_a_database_from_a_newer_version_is_refused(loaded: Path) -> None:
    with open_database(loaded / "kanta-gap.duckdb", write=True) as database:
        database.connection.execute("UPDATE meta SET value = '9999' WHERE key = 'schema_version'")
    assert "newer" in _error(run(loaded, "coverage"))


def test_ingesting_again_changes_nothing(loaded_here: Path) -> None:
    before = run(loaded_here, "coverage", "--period", "2025Q1", "-f", "json")
    again = run(loaded_here, "ingest", "archive")
    assert again.code == 3
    assert "0 documents (0 new) and 0 frames read, 3 files unchanged" in again.err
    assert run(loaded_here, "coverage", "--period", "2025Q1", "-f", "json").out == before.out


def test_a_mended_file_leaves_the_quarantine_and_an_old_content_stays_and_is_told_of(loaded_here: Path) -> None:
    plain = (loaded_here / "archive" / "one.xml").read_bytes()
    (loaded_here / "archive" / "one.xml").write_bytes(b"\xef\xbb\xbf" + plain)
    respelled = run(loaded_here, "ingest", "archive")
    assert "archive held 1 document that is not in it now: kept" in respelled.err
    assert "other bytes" not in respelled.err  # one document, spelled otherwise
    told = json.loads(run(loaded_here, "handover", "-f", "json").out)
    assert [source["documents"] for source in told["newest"]["documents"]] == [1]
    (loaded_here / "archive" / f"{NATIONAL}.xml").write_text(document(oid="1.2.3.9"))
    assert run(loaded_here, "ingest", "archive").code == 0
    assert json.loads(run(loaded_here, "quarantine", "-f", "json").out)["rows"] == []
    (loaded_here / "archive" / "one.xml").write_text(
        document(oid="1.2.3.4", version=1).replace("20250117130652", "20250118130652")
    )
    done = run(loaded_here, "ingest", "archive")
    assert "archive held 1 document that is not in it now: kept" in done.err
    assert "1 of them has another document beside it with the same set and version and other bytes" in done.err
    report = json.loads(run(loaded_here, "coverage", "--period", "2025Q1", "-f", "json").out)
    assert report["documents"]["ingested"] == 3, report["documents"]


def test_the_same_document_in_two_places_is_one_document(folder: Path) -> None:
    (folder / "archive" / "copy.xml").write_text(document())
    run(folder, "ingest", "archive")
    with open_database(folder / "kanta-gap.duckdb", write=False) as database:
        counts = database.connection.execute(
            "SELECT (SELECT count(*) FROM document), (SELECT count(*) FROM client_period), "
            "(SELECT count(*) FROM member WHERE outcome = 'document')"
        ).fetchone()
    assert counts == (1, 1, 2)


@pytest.mark.long
def test_one_worker_and_two_give_the_same_tables(tmp_path: Path) -> None:
    run(tmp_path, "synth", "county", "--persons", "300", "--container", "tar.zst")
    dumps = []
    for workers in ("1", "2"):
        path = f"{workers}.duckdb"
        assert run(tmp_path, "ingest", "county/archive", "--db", path, "--workers", workers).code == 3
        dumps.append(dump(tmp_path / path))
    assert dumps[0] == dumps[1]


@pytest.mark.parametrize(
    "output", ["text", "json", "csv", "markdown", pytest.param("html", marks=pytest.mark.long), "xlsx"]
)
def test_the_same_question_gives_the_same_bytes_on_stdout_and_in_a_file(loaded: Path, output: str) -> None:
    told = []
    for name in ("a", "b"):
        assert run(loaded, "coverage", "--period", "2025Q1", "-f", output, "-o", name).code == 3
        told.append((loaded / name).read_bytes())
    assert told[0] == told[1]
    if output != "xlsx":
        assert run(loaded, "coverage", "--period", "2025Q1", "-f", output).out.encode() == told[0]


_SPOKEN = [
    "ingest archive", "register episodes.csv", "coverage --period 2025Q1", "coverage --period 2025Q1 -f json",
    "coverage --period 2025Q1 -f html", "coverage --period 2025Q1 --by municipality,unit,age-group -f csv",
    "gaps --period 2025Q1", "gaps --period 2025Q1 -f json", "gaps --period 2025Q1 -f csv", "quarantine",
    "quarantine -f json", "trace R1", "trace 1.2.3.4 -f json", "trace 1.2.3.9", "check --period 2025Q1",
    "check --period 2025Q1 -f sarif", "check --period 2025Q1 -f junit", "dashboard --once --period 2025Q1", "periods",
    f"trace {NATIONAL}", f"ingest {NATIONAL}.zip", f"register {NATIONAL}.csv", f"coverage --period {NATIONAL}x",
]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("debug", [False, True])
def test_nobody_is_named_in_anything_that_is_said(loaded: Path, debug: bool) -> None:
    for line in _SPOKEN:
        done = run(loaded, *line.split(), *(["--debug"] if debug else []))
        for canary in _CANARIES:
            assert canary not in done.out, line
            if NATIONAL not in line:
                assert canary not in done.err, line


def test_identifiers_are_shown_only_on_request(loaded: Path) -> None:
    done = run(loaded, "gaps", "--period", "2025Q1", "-f", "csv", "--reveal-ids")
    assert NATIONAL in done.out
    assert "person_id,person_id_root" in done.out.splitlines()[0]


def test_a_person_has_another_key_in_another_database(loaded: Path) -> None:
    run(loaded, "register", "episodes.csv", "--db", "other.duckdb")
    keys = [
        json.loads(run(loaded, "gaps", "--period", "2025Q1", "-f", "json", "--db", path).out)["rows"][0]["person_key"]
        for path in ("kanta-gap.duckdb", "kanta-gap.duckdb", "other.duckdb")
    ]
    assert keys[0] == keys[1] != keys[2]
    assert all(len(key) == 16 for key in keys)


def test_narration_goes_to_stderr_and_quiet_silences_it(folder: Path) -> None:
    spoken = run(folder, "ingest", "archive")
    assert spoken.out == ""
    assert spoken.err
    assert run(folder, "register", "episodes.csv", "-q").err == ""


def test_rejected_rows_are_all_told_and_exit_3(folder: Path) -> None:
    (folder / "bad.csv").write_text(f"source_id,person_id,start,organiser\nR1,{NATIONAL},{NATIONAL},{ORGANISER}\n")
    done = run(folder, "register", "bad.csv")
    assert done.code == 3
    assert "bad.csv, row 2, column start" in done.err
    assert NATIONAL not in done.err


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_three_languages_and_the_same_codes(loaded: Path, lang: str) -> None:
    words = {"fi": "Erillistoimitus", "sv": "Separat inlämning", "en": "separate delivery"}
    done = run(loaded, "coverage", "--period", "2025Q1", "--lang", lang)
    assert words[lang] in done.out
    json_keys = json.loads(run(loaded, "coverage", "--period", "2025Q1", "-f", "json", "--lang", lang).out)
    assert json_keys["totals"]["missing"] == 1


def test_trace_finds_what_is_there_and_nothing_else(loaded: Path) -> None:
    told = json.loads(run(loaded, "trace", "1.2.3.4", "-f", "json").out)
    assert told["files"][0]["member"] == "one.xml"
    assert told["periods"][0]["place"].startswith("/asiakkuusasiakirja/sosiaalihuollon_palvelutehtava/0")
    assert told["frames"][0]["sent"] == "2025-01-18T08:00:00"
    key = json.loads(run(loaded, "gaps", "--period", "2025Q1", "-f", "json").out)["rows"][0]["person_key"]
    assert json.loads(run(loaded, "trace", key, "-f", "json").out)["kind"] == "person"
    _error(run(loaded, "trace", "no-such-id"))


_HELP = ("analyser.cli.commands", "analyser.cli.help")


def test_the_version_and_the_help_load_nothing_else() -> None:
    for arguments, allowed in (
        (["--version"], {"analyser", "analyser.__main__"}),
        (["--help"], {"analyser", "analyser.__main__", "analyser.messages.languages", "analyser.cli", *_HELP}),
    ):
        code = (
            "import sys; before = set(sys.modules); sys.argv = ['kanta-gap', *" + repr(arguments) + "]\n"
            "from analyser.__main__ import main\n"
            "main()\n"
            "loaded = set(sys.modules) - before - {'__future__'}\n"
            "assert loaded == " + repr(allowed) + ", loaded\n"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "kanta-gap" in done.stdout


@pytest.mark.parametrize(
    ("commands", "without"),
    [
        # Who asks a database reads neither documents nor register files, nor writes workbooks.
        (
            "coverage gaps trace quarantine explain rules diff period periods info log dashboard export",
            "polars lxml xlsxwriter concurrent analyser.archive.shard analyser.register.lines",
        ),
        ("check", "polars xlsxwriter concurrent analyser.archive.shard analyser.register.lines"),
        ("deliver", "polars xlsxwriter concurrent analyser.archive.shard"),  # its XML profile is written by lxml
        ("ingest", "polars xlsxwriter rich analyser.register.load analyser.coverage"),
        ("register", "lxml xlsxwriter analyser.archive.shard"),
        ("synth", "polars pyarrow duckdb analyser.store analyser.coverage"),
    ],
)
def test_a_command_loads_only_what_it_uses(commands: str, without: str) -> None:
    code = (
        "import sys, importlib, analyser.cli.app\n"
        "from analyser.cli.commands import COMMANDS\n"
        f"for name in {commands.split()!r}:\n"
        "    importlib.import_module(COMMANDS[name])\n"
        f"    assert not (loaded := {set(without.split())!r} & set(sys.modules)), (name, loaded)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_help_is_the_same_wherever_it_is_asked_for(tmp_path: Path) -> None:
    assert run(tmp_path, "--help").out == run(tmp_path, "--help", "-q").out == run(tmp_path, "-h").out
    told = run(tmp_path, "coverage", "--help")
    for arguments in (
        ("coverage", "-h"),
        ("--help", "coverage"),
        ("-h", "coverage"),
        ("--help", "--lang", "en", "coverage"),
    ):
        assert run(tmp_path, *arguments) == told, arguments
    assert run(tmp_path, "--help", "covrage").code == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_knows_every_command(tmp_path: Path, shell: str) -> None:
    assert "quarantine" in run(tmp_path, "completion", shell).out


def test_the_demo_gives_the_same_bytes_each_time(tmp_path: Path) -> None:
    one, other = (run(tmp_path, "demo", "--persons", "60") for _ in range(2))
    assert one.code == 0
    assert one.out == other.out
    assert "audit trail" not in one.err, "its database is gone"
    assert list(tmp_path.iterdir()) == []


def test_alone_it_says_what_to_do_next(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert "kanta-gap coverage" in run(loaded).out
    assert "kanta-gap demo" in run(tmp_path_factory.mktemp("new")).out


def test_the_dashboard_prints_one_frame(loaded: Path) -> None:
    done = run(loaded, "dashboard", "--once", "--period", "2025Q1")
    assert done.code == 0
    assert "2025Q1" in done.out


def test_the_readme_names_only_commands_that_exist() -> None:
    readme = (COUNTY.parents[1] / "README.md").read_text(encoding="utf-8")
    from analyser.cli.commands import COMMANDS

    named = {line.split()[1] for line in readme.splitlines() if line.startswith("kanta-gap ")}
    assert named <= set(COMMANDS)


@pytest.mark.parametrize("also", [(), ("--services",)])
def test_a_file_with_identifiers_is_for_its_owner_alone(loaded: Path, tmp_path: Path, also: tuple[str, ...]) -> None:
    out = tmp_path / "revealed.csv"
    run(loaded, "gaps", "--period", "2025Q1", "--reveal-ids", *also, "-f", "csv", "-o", str(out))
    assert out.stat().st_mode & 0o777 == 0o600
