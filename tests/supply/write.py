"""Writes requirements.lock and sbom.json anew: `pip install uv`, then `python -m tests.supply.write`.

The newest versions that pyproject.toml allows are taken, for every system and for Python from 3.11 on; their hashes are
those that the package index gives. For the licences the packages are installed into a folder that is thrown away.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from importlib.metadata import distributions
from pathlib import Path

from tests.supply.lock import EXTRAS, LOCK, PROJECT, pinned
from tests.supply.sbom import SBOM, bill, by_name, written

_HEAD = """\
# Every package of an installation with the extras {extras}, for every system, held to its hashes:
#   pip install --require-hashes -r requirements.lock && pip install --no-deps .
# Made by tests/supply; docs/security.md tells how it is renewed.
"""


def main() -> None:
    """Write both files."""
    extras = [part for name in EXTRAS for part in ("--extra", name)]
    options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--upgrade"]
    quiet = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"]
    done = _uv("pip", "compile", *options, *quiet, *extras, "pyproject.toml")
    LOCK.write_text(_HEAD.format(extras=", ".join(EXTRAS)) + done, encoding="utf-8")
    lock = pinned(LOCK.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        everywhere = Path(folder) / "everywhere.txt"
        everywhere.write_text(
            "".join(
                f"{entry.name}=={entry.version} {' '.join(f'--hash=sha256:{digest}' for digest in entry.hashes)}\n"
                for entry in lock
            )
        )
        target = str(Path(folder) / "packages")
        options = ["--require-hashes", "--no-deps", "--quiet", "--python-version", "3.11"]
        _uv("pip", "install", *options, "--target", target, "-r", str(everywhere))
        SBOM.write_text(written(bill(lock, by_name(distributions(path=[target])))), encoding="utf-8")


def _uv(*arguments: str) -> str:
    command = [sys.executable, "-m", "uv", "--system-certs", *arguments]
    return subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
