"""The manual as a man page and as Markdown, from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterable

from analyser import __version__
from analyser.cli.reference import CommandReference, Option, common, exit_codes
from analyser.messages.catalogue import text


def man_page(commands: Iterable[CommandReference], lang: str) -> str:
    """The manual in the form of `man`, section 1."""

    def word(key: str) -> str:
        return _roff(text(lang, f"help.manual.{key}"))

    lines = [f'.TH KANTA-GAP 1 "" "kanta-gap {__version__}" "{word("section")}"', f".SH {word('name')}"]
    lines.append(_roff("kanta-gap - ") + word("title"))
    lines += [f".SH {word('synopsis')}", ".B kanta-gap", rf"\fI{word('command')}\fR [\fI{word('words')}\fR]"]
    lines += [f".SH {word('description')}", word("about"), f".SH {word('commands')}"]
    for one in commands:
        lines += [f".SS {_roff(one.usage.removeprefix('kanta-gap '))}"]
        for number, paragraph in enumerate(one.about):
            lines += [*([".PP"] if number else []), _roff(paragraph)]
        lines += _roff_options((*one.arguments, *one.options))
        for command, purpose in one.examples:
            lines += [
                ".PP",
                _roff(f"{purpose[:1].upper()}{purpose[1:]}:"),
                ".RS 4",
                ".EX",
                _roff(command),
                ".EE",
                ".RE",
            ]
    lines.append(f".SH {word('options')}")
    for name, told in common(lang):
        lines += [".TP", rf"\fB{_roff(name)}\fR", _roff(told)]
    lines.append(f".SH {word('exit')}")
    for code, told in exit_codes(lang):
        lines += [".TP", rf"\fB{code}\fR", _roff(told)]
    lines += [f".SH {word('files')}", ".TP", "kanta-gap.toml", word("settings_file")]
    lines += [".TP", "kanta-gap.duckdb", word("database")]
    lines += [f".SH {word('environment')}", ".TP", "KANTA_GAP_SETTING", word("setting")]
    lines += [".TP", "NO_COLOR", word("no_color")]
    return "\n".join(lines) + "\n"


def markdown_reference(commands: Iterable[CommandReference], lang: str) -> str:
    """The manual as Markdown."""

    def word(key: str) -> str:
        return text(lang, f"help.manual.{key}")

    told = list(commands)
    lines = [f"# {word('page')}", "", word("made"), "", word("about"), ""]
    lines += [f"- [{one.name}](#{one.name}): {one.title}" for one in told]
    lines += ["", f"## {word('every')}", "", f"| {word('option')} | |", "|---|---|"]
    lines += [f"| `{_cell(name)}` | {_cell(told_of)} |" for name, told_of in common(lang)]
    lines += ["", f"## {word('codes')}", "", f"| {word('code')} | |", "|---|---|"]
    lines += [f"| {code} | {told_of} |" for code, told_of in exit_codes(lang)]
    for one in told:
        lines += ["", f"## {one.name}", "", f"`{one.usage}`", ""]
        for paragraph in one.about:
            lines += [paragraph, ""]
        rows = (*one.arguments, *one.options)
        if rows:
            lines += [f"| {word('option')} | |", "|---|---|"]
            lines += [f"| `{_cell(_named(option))}` | {_cell(option.help)} |" for option in rows]
            lines.append("")
        for command, purpose in one.examples:
            unrun = ["<!-- not run: it waits for keys -->"] if command == "kanta-gap dashboard" else []
            lines += [f"{purpose[:1].upper()}{purpose[1:]}:", "", *unrun, "```", command, "```", ""]
        lines.pop()
    return "\n".join(lines) + "\n"


def _named(option: Option) -> str:
    return ", ".join(option.names) + (f" {option.metavar}" if option.metavar and option.names else option.metavar)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _roff_options(options: Iterable[Option]) -> list[str]:
    lines = []
    for option in options:
        names = ", ".join(rf"\fB{_roff(name)}\fR" for name in option.names)
        value = rf"\fI{_roff(option.metavar)}\fR" if option.metavar else ""
        lines += [".TP", f"{names} {value}".strip(), _roff(option.help) or r"\&"]
    return lines


def _roff(text: str) -> str:
    """Text in which nothing is a request or an escape of roff."""
    shown = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq").replace("…", "...")
    return rf"\&{shown}" if shown.startswith((".", "'")) else shown
