"""A release: `python -m tests.supply.release` writes sdist, wheel, bill of materials and SHA256SUMS into dist/.

The wheel is built from the sdist, so that what is published as source is what was built. Version and changelog are
checked first; nothing is uploaded. Built twice from one commit, the bytes are the same.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from analyser import __version__
from tests.supply.lock import LOCK, PROJECT
from tests.supply.sbom import SBOM

CHANGES = PROJECT / "CHANGELOG.md"


def build(into: Path) -> tuple[Path, Path]:
    """Build sdist and wheel into a folder. Raises CalledProcessError where the build fails."""
    into.mkdir(parents=True, exist_ok=True)
    _hatchling(PROJECT, "sdist", into)
    (sdist,) = into.glob("*.tar.gz")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(sdist) as opened:
            opened.extractall(folder, filter="data")
        (source,) = Path(folder).iterdir()
        _hatchling(source, "wheel", into)
    (wheel,) = into.glob("*.whl")
    return sdist, wheel


def _hatchling(source: Path, target: str, into: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(into)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)


def unready(version: str, changes: str) -> list[str]:
    """Why this version cannot be released, empty when it can."""
    newest = re.search(r"^## (\S+?),? (.+)$", changes, re.MULTILINE)
    if newest is None:
        return ["CHANGELOG.md has no entry"]
    found = []
    if newest[1] != version:
        found.append(f"CHANGELOG.md begins with {newest[1]}, the version is {version}")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", newest[2]):
        found.append(f"the entry of {newest[1]} has no date")
    return found


def main() -> int:
    """Check, build, and write the sums."""
    for reason in unready(__version__, CHANGES.read_text(encoding="utf-8")):
        print(f"not ready to be published: {reason}")
    into = PROJECT / "dist"
    shutil.rmtree(into, ignore_errors=True)
    files = [*build(into), Path(shutil.copy(SBOM, into)), Path(shutil.copy(LOCK, into))]
    sums = "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(files))
    (into / "SHA256SUMS").write_text(sums, encoding="utf-8")
    print(sums, end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
