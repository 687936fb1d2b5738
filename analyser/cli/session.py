"""What all commands of one run share: settings, language, narration on stderr, data on stdout or in a file."""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from analyser.messages.catalogue import text
from analyser.messages.errors import UsageError
from analyser.messages.languages import language
from analyser.national.dates import FINLAND
from analyser.national.identifiers import redacted
from analyser.settings import LoadedSettings, Settings, cores, load_settings
from analyser.system.keeping import MEGABYTE, SLOW, Keeping
from analyser.system.keys import current, find_key, unlock
from analyser.system.private_files import ordinary_mode

_WIDTH, _WIDEST = 100, 1_000
"""Columns of text that does not go to a terminal: the same everywhere, unless COLUMNS says how many, within a bound."""


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the command line."""

    loaded: LoadedSettings
    lang: str
    quiet: bool
    verbose: bool
    environ: Mapping[str, str]
    debug: bool = False

    @classmethod
    def begin(cls, options: Mapping[str, Any], environ: Mapping[str, str]) -> Session:
        """Read the settings of this run. Raises UsageError."""
        config = Path(options["config"]) if "config" in options else None
        given = {
            name: options[name] for name in ("db", "key_file", "lang", "color", "csv_for", "wait") if name in options
        }
        loaded = load_settings(config, environ, Path.cwd(), given)
        unlock(lambda: find_key(loaded.settings.key_file, loaded.settings.keyring, environ))
        return cls(
            loaded,
            language(loaded.settings.lang, environ),
            bool(options.get("quiet")),
            bool(options.get("verbose")),
            environ,
            bool(options.get("debug")),
        )

    @property
    def settings(self) -> Settings:
        """The settings of this run."""
        return self.loaded.settings

    @property
    def database(self) -> Path:
        """The database file. Raises UsageError for a name that is no text."""
        if not self.settings.db.isprintable() and any("\ud800" <= sign <= "\udfff" for sign in self.settings.db):
            raise UsageError("store.name_not_utf8")
        return Path(self.settings.db)

    def keeping(self) -> Keeping | None:
        """What is kept of comparisons between questions."""
        settings = self.settings
        if settings.keep_comparison == "never":
            return None
        return Keeping(
            0.0 if settings.keep_comparison == "always" else SLOW,
            settings.keep_megabytes * MEGABYTE,
            sha256(repr(settings).encode(errors="surrogateescape")).hexdigest(),
            self.tell,
        )

    @property
    def workers(self) -> int:
        """Reading processes."""
        return self.settings.workers or cores()

    def creates_plain_database(self) -> bool:
        """Whether the next write makes a new database that is not encrypted. Raises UsageError for a wrong key."""
        return not self.database.exists() and current() is None

    def color(self) -> bool:
        """Whether text on stdout is coloured."""
        if self.settings.color != "auto":
            return self.settings.color == "always"
        return sys.stdout.isatty() and not self.environ.get("NO_COLOR") and self.environ.get("TERM") != "dumb"

    def width(self) -> int:
        """Columns that text may take: those of the terminal, elsewhere those that COLUMNS says."""
        if not sys.stdout.isatty():
            told = os.environ.get("COLUMNS", "")
            return min(max(60, int(told)), _WIDEST) if told.isascii() and told.isdigit() else _WIDTH
        with suppress(OSError):
            return max(60, os.get_terminal_size(sys.stdout.fileno()).columns)
        return _WIDTH

    def say(self, key: str, **values: object) -> None:
        """Narrate on stderr, unless quiet."""
        if not self.quiet:
            sys.stderr.write(redacted(text(self.lang, key, **values)) + "\n")

    def tell(self, key: str, **values: object) -> None:
        """Narrate on stderr what only who asks with -v wants to know."""
        if self.verbose:
            self.say(key, **values)

    def say_waiting(self, holder: str) -> None:
        """Say who holds the database that this run waits for."""
        self.say("narration.database.waiting", holder=holder)

    def warn(self, key: str, **values: object) -> None:
        """A warning on stderr, also when quiet."""
        sys.stderr.write(f"kanta-gap: {redacted(text(self.lang, key, **values))}\n")


_current: list[Session] = []


def use(session: Session) -> None:
    """Make this the session of the run."""
    _current[:] = [session]


def session() -> Session:
    """The session of the run."""
    return _current[0]


def today() -> dt.date:
    """The day in Finland on which the program runs."""
    return dt.datetime.now(FINLAND).date()


def write(data: str | bytes | Iterable[str] | Iterable[bytes], output: Path | None, *, private: bool = False) -> None:
    """Data to stdout, or to a file that appears only when it is whole. What comes in parts is written in parts.

    A `private` file is for its owner alone (mode 0600); any other has the mode that the umask gives.
    """
    parts = [data] if isinstance(data, str | bytes) else data
    raw = (part.encode() if isinstance(part, str) else part for part in parts)
    if output is None:
        try:
            sys.stdout.flush()
            sys.stdout.buffer.writelines(raw)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            # The reader has all it wants (`| head`): the rest goes nowhere, the exit code stays the verdict's.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    if output.exists() and not output.is_file():
        # A device or a pipe is written to; putting a file in its place would destroy it.
        if output.is_dir():
            raise UsageError("cli.output_folder", file=output.name)
        with output.open("wb") as opened:
            opened.writelines(raw)
        return
    if not output.parent.is_dir():
        raise UsageError("cli.no_output_folder", file=output.name)
    handle, aside = tempfile.mkstemp(prefix=".kanta-gap-", dir=output.parent)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.writelines(raw)
        if not private:
            Path(aside).chmod(ordinary_mode())
        Path(aside).replace(output)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
