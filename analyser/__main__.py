"""Entry point: `kanta-gap` and `python -m analyser`. Version and help are told without loading anything else."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] == ["--version"]:
        from analyser import __version__

        sys.stdout.write(f"kanta-gap {__version__}\n")
        return
    if sys.argv[1:] == ["--help"] and not any(map(os.path.exists, ("kanta-gap.toml", "pyproject.toml"))):
        from analyser.cli.help import whole_help
        from analyser.languages import LANGUAGES, language

        asked = os.environ.get("KANTA_GAP_LANG", "")
        if asked in ("", *LANGUAGES):
            sys.stdout.write(whole_help(language(asked, os.environ)))
            return
    try:
        from analyser.cli.app import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # while the program was still being loaded, or had already answered
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
