"""What is published works alone: the wheel is built from the sdist, holds what the program reads, and runs."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from analyser import __version__
from tests.command import clean
from tests.supply.lock import PROJECT
from tests.supply.release import CHANGES, build, unready


def test_the_wheel_holds_all_that_the_program_reads_and_runs_without_the_checkout(tmp_path: Path) -> None:
    sdist, wheel = build(tmp_path / "dist")
    assert __version__ in sdist.name
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
        opened.extractall(tmp_path / "site")
    assert "analyser/py.typed" in names
    for folder, under in (("queries", "analyser/_shipped/queries"), ("schemas", "analyser/_shipped/schemas")):
        here = {str(file.relative_to(PROJECT / folder)) for file in (PROJECT / folder).rglob("*") if file.is_file()}
        assert here == {name.removeprefix(f"{under}/") for name in names if name.startswith(f"{under}/")}
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "fixtures/"))]

    # The unpacked wheel comes first in the path, so nothing of the checkout is imported or read.
    done = subprocess.run(
        [sys.executable, "-P", "-m", "analyser", "demo"],
        cwd=tmp_path,
        env=clean() | {"PYTHONPATH": str(tmp_path / "site"), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        timeout=240,
        check=False,
    )
    assert (done.returncode, len(done.stdout) > 1000) == (0, True), done.stderr.decode()

    # In a zip file it says plainly that it does not run there.
    zipped = [sys.executable, "-P", "-c", "from analyser.__main__ import main; main()", "rules"]
    where = clean() | {"PYTHONPATH": str(wheel), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(zipped, cwd=tmp_path, env=where, capture_output=True, timeout=60, check=False)
    assert (done.returncode, b"lies in a zip file" in done.stderr) == (2, True), done.stderr.decode()


def test_a_version_without_a_dated_entry_of_the_changes_is_not_published() -> None:
    assert unready("1.2.0", "# Changes\n\n## 1.2.0, 2026-01-31\n") == []
    assert unready("1.2.0", "# Changes\n") == ["CHANGELOG.md has no entry"]
    assert unready("1.3.0", "## 1.2.0, not yet released\n") == [
        "CHANGELOG.md begins with 1.2.0, the version is 1.3.0",
        "the entry of 1.2.0 has no date",
    ]
    version, *_ = CHANGES.read_text(encoding="utf-8").split("\n## ", 1)[1].split(",")
    assert version == __version__, "the newest entry of CHANGELOG.md is this version"
