"""The manual as a man page and as Markdown, from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterable

from analyser import __version__
from analyser.cli.reference import COMMON, EXIT_CODES, Option, Reference

_ABOUT = (
    "kanta-gap compares the social-welfare documents that a wellbeing services county has archived in Kanta with the "
    "county's own register, day by day, and tells which client episodes of a follow-up period must be delivered "
    "separately, each with its reasons and documents."
)


def man_page(commands: Iterable[Reference]) -> str:
    """The manual in the form of `man`, section 1."""
    lines = [f'.TH KANTA-GAP 1 "" "kanta-gap {__version__}" "User Commands"', ".SH NAME"]
    lines.append(_roff("kanta-gap - which client episodes does the Kanta archive lack?"))
    lines += [".SH SYNOPSIS", ".B kanta-gap", r"\fICOMMAND\fR [\fIOPTIONS\fR]", ".SH DESCRIPTION", _roff(_ABOUT)]
    lines.append(".SH COMMANDS")
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
    lines.append(".SH OPTIONS OF EVERY COMMAND")
    for name, told in COMMON:
        lines += [".TP", rf"\fB{_roff(name)}\fR", _roff(told)]
    lines.append(".SH EXIT STATUS")
    for code, told in EXIT_CODES:
        lines += [".TP", rf"\fB{code}\fR", _roff(told)]
    lines += [
        ".SH FILES",
        ".TP",
        "kanta-gap.toml",
        _roff("Settings; kanta-gap config init writes one with explanations."),
    ]
    lines += [".TP", "kanta-gap.duckdb", "The database."]
    lines += [
        ".SH ENVIRONMENT",
        ".TP",
        "KANTA_GAP_SETTING",
        _roff("Any setting by its name, for example KANTA_GAP_DB."),
    ]
    lines += [".TP", "NO_COLOR", "No colours."]
    return "\n".join(lines) + "\n"


def markdown_reference(commands: Iterable[Reference]) -> str:
    """The manual as Markdown."""
    told = list(commands)
    lines = [
        "# Commands",
        "",
        "Made by `kanta-gap man -f markdown`; a test holds this page to the program.",
        "",
        _ABOUT,
        "",
    ]
    lines += [f"- [{one.name}](#{one.name}): {one.title}" for one in told]
    lines += ["", "## Options of every command", "", "| option | |", "|---|---|"]
    lines += [f"| `{_cell(name)}` | {_cell(text)} |" for name, text in COMMON]
    lines += [
        "",
        "## Exit codes",
        "",
        "| code | |",
        "|---|---|",
        *(f"| {code} | {text} |" for code, text in EXIT_CODES),
    ]
    for one in told:
        lines += ["", f"## {one.name}", "", f"`{one.usage}`", ""]
        for paragraph in one.about:
            lines += [paragraph, ""]
        rows = (*one.arguments, *one.options)
        if rows:
            lines += ["| option | |", "|---|---|"]
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
