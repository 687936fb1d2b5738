"""Entry point: `kanta-gap` and `python -m analyser`. Version and help are told without loading anything else."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys


class _Closed(io.RawIOBase):
    """Stdout that somebody closed (`>&-`): what is written to it is refused, as the system would."""

    def writable(self) -> bool:
        return True

    def write(self, _: object) -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def _terminated(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.stdout is None:
        os.open(os.devnull, os.O_RDONLY)  # takes the number that is free, so that no database gets it
        sys.stdout = io.TextIOWrapper(_Closed(), encoding="utf-8", write_through=True)
    signal.signal(signal.SIGTERM, _terminated)  # told and left like Ctrl-C
    try:
        _run()
    except OSError as error:
        sys.stderr.write(f"kanta-gap: error: {error.strerror}\n")
        sys.exit(2)


def _run() -> None:
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
