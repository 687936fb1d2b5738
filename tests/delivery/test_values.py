"""What stands in the neutral files is the register's own: its identity, its dates, and the task by its national code."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.command import run_here as run

HEADER = "source_id;person_id;person_id_root;organiser;service_task;start;end"
ORGANISER = "1.2.246.10.99999901.10.0"
TEMPORARY = "010100-9T9Z;1.2.246.10.99999901.22.2024"
EPISODES = f"""source_id;person_id;person_id_root;layer;service_task;start;end;organiser
R2;{TEMPORARY};;Lapsiperheiden palvelut;1.2.2025;28.2.2025;{ORGANISER}
R10;010190-900p;;;families;2025-01-10;;{ORGANISER}
R1;010190-900P;1.2.246.21;service-task;24 Lapsiperheiden palvelut;2025-01-10;;{ORGANISER}
R3;010190-900P;;;elderly;2025-01-10;2025-03-31;{ORGANISER}
R4;010190-900P;;child-protection;;2024-12-24;;{ORGANISER}
R5;010190-900P;;;nonsense;2025-01-10;;{ORGANISER}
R6;010190-900P;;;24;2025-02;;{ORGANISER}
=R7;010190-900P;;;24;2025-01-10;;{ORGANISER}
R8;;;;24;2025-01-10;;{ORGANISER}
"""
IDENTITIES = "person_id;person_id_root;same_as_id;same_as_root\n" + TEMPORARY + ";010190-900P;\n"


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("county")
    (place / "episodes.csv").write_text(EPISODES)
    (place / "identities.csv").write_text(IDENTITIES)
    loaded = run(place, "register", "episodes.csv", "identities.csv")
    assert loaded.code == 3  # the row without an identifier is told, and not loaded
    assert "person_id" in loaded.err
    done = run(place, "deliver", "--period", "2025Q1", "--out", "out", "--reject")
    assert done.code == 3, done.err
    (place / "stderr").write_text(done.err)
    return place


def test_the_neutral_files_are_exactly_as_the_contract_says(delivered: Path) -> None:
    # R6's partial start cannot be expressed: it is in rejected.csv, and R5's task is unknown: it is undetermined.
    assert (delivered / "out" / "service_task_episodes.csv").read_bytes().decode() == "\n".join(
        [
            HEADER,
            f"=R7;010190-900P;1.2.246.21;{ORGANISER};24;2025-01-10;",
            f"R1;010190-900P;1.2.246.21;{ORGANISER};24;2025-01-10;",
            f"R10;010190-900P;1.2.246.21;{ORGANISER};24;2025-01-10;",
            f"R2;{TEMPORARY};{ORGANISER};24;2025-02-01;2025-02-28",
            f"R3;010190-900P;1.2.246.21;{ORGANISER};elderly;2025-01-10;2025-03-31",
            "",
        ]
    )
    assert (delivered / "out" / "child_protection_episodes.csv").read_text() == (
        f"source_id;person_id;person_id_root;organiser;start;end\nR4;010190-900P;1.2.246.21;{ORGANISER};2024-12-24;\n"
    )
    assert (delivered / "out" / "rejected.csv").read_text() == (
        "file;source_id;column;reason\nservice_task_episodes.csv;R6;start;partial-date\n"
    )


def test_undetermined_rows_are_told_and_never_delivered(delivered: Path) -> None:
    manifest = json.loads((delivered / "out" / "manifest.json").read_text())
    assert manifest["undetermined"] == [{"reason": "unknown-service-task", "rows": 1}]
    assert "undetermined: R5" in (delivered / "stderr").read_text()
    assert not any(b"R5" in path.read_bytes() for path in (delivered / "out").iterdir())


def test_a_value_like_a_formula_is_exact_and_told(delivered: Path) -> None:
    assert "do not open the files in a spreadsheet" in (delivered / "stderr").read_text()


def test_nothing_but_the_data_files_holds_an_identifier(delivered: Path) -> None:
    for name in ("manifest.json", "covering-note.txt", "rejected.csv"):
        text = (delivered / "out" / name).read_text()
        assert "010190" not in text
        assert "9T9Z" not in text
    assert "010190" not in (delivered / "stderr").read_text()


def test_the_same_database_gives_the_same_files(delivered: Path) -> None:
    for name in ("out", "twin"):
        if name == "twin":
            assert run(delivered, "deliver", "--period", "2025Q1", "--out", "twin", "--reject").code == 3
    for name in ("service_task_episodes.csv", "child_protection_episodes.csv", "rejected.csv"):
        assert (delivered / "twin" / name).read_bytes() == (delivered / "out" / name).read_bytes()
        if os.name == "posix":
            assert (delivered / "twin" / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_covering_note_speaks_three_languages(delivered: Path, lang: str) -> None:
    out = f"note-{lang}"
    assert run(delivered, "deliver", "--period", "2025Q1", "--out", out, "--reject", "--lang", lang).code == 3
    words = {"fi": "Seurantajakson", "sv": "uppföljningsperioden", "en": "follow-up period"}
    assert words[lang] in (delivered / out / "covering-note.txt").read_text()
