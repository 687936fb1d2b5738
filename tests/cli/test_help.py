"""Help in three languages: every command, option and example has its words, and no word is there in vain."""

from __future__ import annotations

import re
import tomllib
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import pytest
import typer

from analyser.cli.commands import COMMANDS
from analyser.cli.examples import EXAMPLES
from analyser.cli.formats import formats_of
from analyser.cli.help import page_texts, whole_help
from analyser.cli.reference import references
from analyser.messages.catalogue import catalogue
from analyser.messages.languages import LANGUAGES
from tests.command import run_here as run


def _parameters() -> list[tuple[str, str]]:
    return [
        (name, entry.name.strip("_"))
        for name, module in COMMANDS.items()
        for entry in typer.main.get_command(import_module(module).app).params
        if entry.name not in ("help", "install_completion", "show_completion")
    ]


def test_every_option_says_what_it_is_and_nothing_else_is_said() -> None:
    told = {key.removeprefix("help.option.") for key in catalogue("en") if key.startswith("help.option.")}
    asked = {f"{name}.{entry}" if f"{name}.{entry}" in told else f"all.{entry}" for name, entry in _parameters()}
    assert asked == told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_help_names_the_formats_that_the_command_has(lang: str) -> None:
    told = catalogue(lang)
    word = {"en": "Formats", "fi": "Muodot", "sv": "Format"}[lang]
    named = {}
    for name in COMMANDS:
        said = [told[f"help.about.{name}"].partition(f"{word}: ")[2]]
        said += [told.get(f"help.option.{name}.{option}", "") for option in ("format", "formats")]
        for sentence in said:
            listed = re.match(r"(?:[^:]* --status: )?([a-z]+(?:(?:, | or | tai | eller )[a-z]+)*)\b", sentence)
            if listed:
                named[name] = tuple(re.split(", | or | tai | eller ", listed[1]))
                assert named[name] == formats_of(name), (name, sentence)
    assert len(named) >= 12
    # And so does the command itself, when it is asked for another.
    assert list(formats_of("gaps")) == re.findall(r"\b(?:text|json|csv|xlsx)\b", run(Path(), "gaps", "-f", "x").err)


def test_every_command_and_example_says_what_it_is_and_nothing_else_is_said() -> None:
    english = catalogue("en")
    assert {key.removeprefix("help.about.") for key in english if key.startswith("help.about.")} == COMMANDS.keys()
    examples = {
        f"help.example.{name}.{number}" for name, all_ in EXAMPLES.items() for number in range(1, len(all_) + 1)
    }
    assert {key for key in english if key.startswith("help.example.")} == examples


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_quick_page_is_read_as_its_file_says(lang: str) -> None:
    """It is read without the library for TOML."""
    page = files("analyser") / "texts" / lang / "help" / "page.toml"
    assert page_texts(lang) == tomllib.loads(page.read_text(encoding="utf-8"))
    assert all(max(map(len, whole_help(lang).splitlines())) <= 120 for lang in LANGUAGES)


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_nothing_of_the_help_is_left_in_english(lang: str) -> None:
    """What is the same in both languages is a name or a value, not a sentence."""
    english, other = catalogue("en"), catalogue(lang)
    same = [key for key, told in english.items() if key.startswith("help.") and other[key] == told]
    assert [key for key in same if re.search(r"\b(the|of|and|or|with|from|is)\b", english[key])] == []
    for one in references(lang):
        assert one.about
        assert all(option.help for option in (*one.options, *one.arguments))


def test_the_help_follows_the_option_the_setting_and_the_environment(tmp_path: Path) -> None:
    assert "Användning: kanta-gap KOMMANDO" in run(tmp_path, "--help", "--lang", "sv").out
    assert "Käyttö: kanta-gap KOMENTO" in run(tmp_path, "--help", LANG="fi_FI.UTF-8").out
    assert "Käyttö: kanta-gap KOMENTO" in run(tmp_path, "--help", KANTA_GAP_LANG="fi").out
    assert "Usage: kanta-gap COMMAND" in run(tmp_path, "--help").out
    assert "Valitsimet:\n  --period P " in run(tmp_path, "gaps", "--help", "--lang=fi").out
    (tmp_path / "kanta-gap.toml").write_text('lang = "sv"\n')
    assert "Användning: kanta-gap KOMMANDO" in run(tmp_path, "--help").out
    assert "Alternativ:\n  --period P " in run(tmp_path, "gaps", "--help").out
    assert ".SH NAMN\n" in run(tmp_path, "man").out


def test_a_wrong_language_is_refused_also_where_help_is_asked_for(tmp_path: Path) -> None:
    done = run(tmp_path, "--help", KANTA_GAP_LANG="de")
    assert (done.code, done.out) == (2, "")
