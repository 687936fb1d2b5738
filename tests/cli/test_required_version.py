"""A project says which versions of the program it takes; another one refuses before it does anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyser import __version__
from analyser.messages.errors import UsageError
from analyser.system.required_version import assert_version
from tests.command import run_here as run


@pytest.mark.parametrize(
    ("required", "here", "fits"),
    [
        ("", "0.1.0", True), ("0.1", "0.1.0", True), ("0.1.0", "0.1.1", False), ("0.1.*", "0.1.9", True),
        ("0.1.*", "0.10.0", False), (">=0.2,<0.4", "0.3.5", True), (">=0.2,<0.4", "0.4", False), (">=0.10", "0.9", False),
        ("!=0.2", "0.2.0", False), ("!=0.2.*", "0.3", True), ("<=1", "1.0.0", True), (">1", "1.0.1.dev3", True),
    ],
)  # fmt: skip
def test_versions_are_compared_as_numbers(required: str, here: str, fits: bool) -> None:
    if fits:
        assert_version(required, here)
    else:
        with pytest.raises(UsageError):
            assert_version(required, here)


def test_another_version_ends_as_usage_and_says_why(tmp_path: Path) -> None:
    settings = tmp_path / "kanta-gap.toml"
    settings.write_text(f'required_version = "{__version__}"\n')
    assert run(tmp_path, "config").code == 0
    for wrong in (">=99", "latest", ">=0.1.*"):
        settings.write_text(f'required_version = "{wrong}"\n')
        done = run(tmp_path, "config")
        assert (done.code, wrong in done.err, done.out) == (2, True, "")
