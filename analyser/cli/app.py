"""The command line as a whole: commands loaded when used, common options in any place, errors as one line."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from analyser import __version__
from analyser.cli.commands import COMMANDS
from analyser.cli.following import Following
from analyser.cli.help import whole_help
from analyser.cli.refusals import refusal
from analyser.cli.session import Session, session, use
from analyser.messages.catalogue import text
from analyser.messages.errors import ExitCode, KantaGapError, UsageError
from analyser.messages.languages import LANGUAGES, language
from analyser.messages.notices import tell_with, written_end
from analyser.messages.progress import follow_with
from analyser.national.identifiers import redacted
from analyser.system.keeping import keep_with
from analyser.system.processes import leave_no_core
from analyser.system.waiting import Patience, be

# Typer brings a copy of Click of its own, or uses Click's: the base of its usage errors, whichever it is.
_Refusal: Any = typer.BadParameter.__mro__[2]
_VALUES = ("--db", "--config", "--lang", "--color", "--csv-for", "--wait", "--key-file")
_FLAGS = {"-q": "quiet", "--quiet": "quiet", "-v": "verbose", "--verbose": "verbose", "--debug": "debug"}


class _Commands(TyperGroup):
    """Commands from the table; only the one that is used is imported."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(COMMANDS[cmd_name])
        module.app.rich_markup_mode = None
        command: Any = typer.main.get_command(module.app)
        command.name = cmd_name
        command.format_help = lambda _, page: page.write(_help_of(cmd_name, command))
        return command

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(whole_help(session().lang))


def _help_of(name: str, command: Any) -> str:
    from analyser.cli.helping import command_help
    from analyser.cli.reference import reference

    run = session()
    return command_help(reference(name, command, run.lang), run.lang, run.width())


app = typer.Typer(cls=_Commands, add_completion=False, no_args_is_help=False, rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def _root(ctx: typer.Context, version: bool = typer.Option(default=False)) -> None:
    if version:
        sys.stdout.write(f"kanta-gap {__version__}\n")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        from analyser.cli.welcome import welcome

        welcome()


def run(arguments: Sequence[str]) -> int:
    """Run a command line; returns its exit code. Never shows a traceback unless asked with --debug."""
    leave_no_core()
    debug = "--debug" in arguments
    lang = _asked_language(arguments, os.environ)
    try:
        rest, options = _common(list(arguments))
        rest = _asking_for_help(rest)
        run_session = Session.begin(options, os.environ)
        lang = run_session.lang
        use(run_session)
        be(Patience(run_session.settings.wait, run_session.say_waiting))
        keep_with(run_session.keeping())
        tell_with(run_session.warn)
        follow_with(Following(run_session))
        for name in run_session.loaded.ignored:
            run_session.warn("narration.settings.ignored", name=name)
        result = typer.main.get_command(app).main(rest, prog_name="kanta-gap", standalone_mode=False)
        if result == ExitCode.INTERRUPTED:  # the library's answer to an interrupt, which it does not pass on
            raise KeyboardInterrupt
        sys.stdout.flush()
        if (end := written_end()) is not None:
            number, chain, written = end
            (run_session.say if written else run_session.tell)("narration.log.end", number=number, chain=chain)
        return int(result) if isinstance(result, int) else ExitCode.DONE
    except KantaGapError as error:
        _tell(error, lang, debug=debug)
        forgiven = error.exit_code is ExitCode.NOTHING and "--exit-zero" in arguments
        return ExitCode.DONE if forgiven else error.exit_code
    except typer.Exit as leave:
        return leave.exit_code
    except _Refusal as error:
        _tell(refusal(error, arguments), lang, debug=False)
        return ExitCode.USAGE
    except (KeyboardInterrupt, typer.Abort):
        _tell(KantaGapError("cli.interrupted"), lang, debug=False)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader has gone (`| head`); point stdout elsewhere so that the interpreter's last flush is quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    except OSError as error:
        _tell(KantaGapError("cli.system", told=error.strerror or "–"), lang, debug=debug)
        return ExitCode.USAGE
    except MemoryError:
        _tell(KantaGapError("cli.no_memory"), lang, debug=debug)
        return ExitCode.USAGE
    except RuntimeError as error:
        if "interrupted" not in str(error):  # DuckDB's word for a signal that came while it ran a query
            return _defect(error, lang, debug=debug)
        _tell(KantaGapError("cli.interrupted"), lang, debug=False)
        return ExitCode.INTERRUPTED
    except (SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001  the last guard: a defect is named by class and place, never by its
        # text; a library in another language that panics raises what is no Exception
        return _defect(error, lang, debug=debug)


def _defect(error: BaseException, lang: str, *, debug: bool) -> int:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(frame.filename)}:{frame.lineno}"  # noqa: PTH119
    _tell(KantaGapError("cli.defect", kind=type(error).__name__, place=where), lang, debug=debug)
    return ExitCode.USAGE


def _asked_language(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """The language of errors that arise before the settings are read."""
    asked = environ.get("KANTA_GAP_LANG", "")
    for argument, following in zip(arguments, [*arguments, ""][1:], strict=True):
        name, equals, value = argument.partition("=")
        if name == "--lang":
            asked = value if equals else following
    return language(asked if asked in LANGUAGES else "", environ)


def _tell(error: KantaGapError, lang: str, *, debug: bool) -> None:
    if debug:
        # Frames only: the exception's own text and local values may hold a person's data.
        for frame in traceback.extract_tb(sys.exc_info()[2]):
            sys.stderr.write(f"  {frame.filename}:{frame.lineno} {frame.name}\n")
    # What a user typed may be repeated in a message, and may be anybody's identifier. The first words are the same in
    # every language, for those who look for them in a log.
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(f"kanta-gap: error: {redacted(error.told(lang))}\n")
        if hint := error.hint(lang):
            sys.stderr.write(f"{text(lang, 'errors.cli.hint')}: {redacted(hint)}\n")


def _common(arguments: list[str]) -> tuple[list[str], dict[str, Any]]:
    """Options that every command takes, wherever they stand; what follows `--` is left alone."""
    rest: list[str] = []
    options: dict[str, Any] = {}
    queue = iter(_with_value(arguments))
    for argument in queue:
        name, equals, value = argument.partition("=")
        if name in ("--key", "--password", "--passphrase"):
            raise UsageError("cli.key_on_command_line")
        if argument == "--":
            rest.extend([argument, *queue])
        elif name in _VALUES:
            if not equals:
                value = next(queue, "")
            if not value:
                raise UsageError("cli.option_without_value", option=name)
            options[name.removeprefix("--").replace("-", "_")] = value
        elif argument in _FLAGS:
            options[_FLAGS[argument]] = True
        else:
            rest.append(argument)
    return rest, options


def _asking_for_help(rest: list[str]) -> list[str]:
    """`-h` is `--help`, and both may stand before the command: `--help coverage` is the help of coverage."""
    at = rest.index("--") if "--" in rest else len(rest)
    told = ["--help" if argument == "-h" else argument for argument in rest[:at]]
    if told[:1] == ["--help"] and len(told) > 1:
        told = [*told[1:], "--help"]
    return told + rest[at:]


_OPTIONAL = {"--share": ("coverage", "combine"), "--as-told": ("coverage", "gaps", "diff")}
"""Options that may stand without their number, and the commands that have them."""


def _with_value(arguments: list[str]) -> list[str]:
    """Put 0 where an option stands without its number. `--share` is for commands whose output can be shared alone."""
    named = {argument.partition("=")[0] for argument in arguments} & _OPTIONAL.keys()
    command = next((argument for argument in arguments if argument in COMMANDS), "")
    if "--share" in named and command not in _OPTIONAL["--share"]:
        raise UsageError("cli.not_to_be_shared", command=command or "kanta-gap")
    if not named:
        return arguments
    given: list[str] = []
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        given.append(argument)
        if argument in named and command in _OPTIONAL[argument] and not following.lstrip("-").isdecimal():
            given.append("0")
    return given
