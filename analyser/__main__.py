"""Entry point: `kanta-gap` and `python -m analyser`. Version and help are told without loading anything else."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        if sys.stdout is not None and _told_at_once():
            return
        from analyser.ending import command

        command()
    except OSError as error:
        sys.stderr.write(f"kanta-gap: error: {error.strerror}\n")
        sys.exit(2)


def _told_at_once() -> bool:
    """Whether the version or the help is all that is asked for, and was told."""
    if sys.argv[1:] == ["--version"]:
        from analyser import __version__

        sys.stdout.write(f"kanta-gap {__version__}\n")
        return True
    if sys.argv[1:] in (["--help"], ["-h"]) and not any(map(os.path.exists, ("kanta-gap.toml", "pyproject.toml"))):
        from analyser.cli.help import whole_help
        from analyser.messages.languages import LANGUAGES, language

        asked = os.environ.get("KANTA_GAP_LANG", "")
        if asked in ("", *LANGUAGES):
            sys.stdout.write(whole_help(language(asked, os.environ)))
            return True
    return False


if __name__ == "__main__":
    main()
