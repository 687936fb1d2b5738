"""Every error is told in three languages: what is raised is a key with values, never a sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pyarrow as pa
import pytest

from analyser.archive.quarantine import Code
from analyser.messages.catalogue import Message, catalogue
from analyser.messages.errors import BrokenSumError, KantaGapError, UsageError
from analyser.messages.languages import LANGUAGES
from analyser.report.listings import quarantine_text
from analyser.store.database import open_database
from tests.command import run_here as run

PACKAGE = Path(__file__).parents[2] / "analyser"
_ERRORS = {"KantaGapError", "UsageError", "NothingToCheckError", "BrokenSumError", "NotFoundError"}


def _calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            first = node.args[0]
            key = isinstance(first, ast.Constant) and "." in str(first.value)
            raised_anew = key and ast.unparse(node.func) == "super().__init__"
            if getattr(node.func, "id", "") in names or ("UsageError" in names and raised_anew):
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node


def _key(node: ast.expr) -> str:
    """The pattern of a key: parts that are put in match anything."""
    if isinstance(node, ast.Constant):
        return re.escape(str(node.value))
    if not isinstance(node, ast.JoinedStr):  # a key that was put together elsewhere
        return r"[\w.-]+"
    return "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"[\w.-]+" for p in node.values)


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_error_names_a_text_and_gives_what_it_needs() -> None:
    english = catalogue("en")
    wrong = []
    for place, call in _calls(*_ERRORS):
        pattern = re.compile(rf"errors\.{_key(call.args[0])}\.(told|hint)")
        texts = {key: text for key, text in english.items() if pattern.fullmatch(key)}
        given = {entry.arg for entry in call.keywords if entry.arg not in (None, "hint")}
        spread = any(entry.arg is None for entry in call.keywords)
        needed = set().union(*(_places(text) for text in texts.values())) if texts else set()
        if len(call.args) != 1 or not any(key.endswith(".told") for key in texts) or (needed != given and not spread):
            wrong.append((place, ast.unparse(call), needed ^ given))
    assert wrong == []


def test_every_text_that_is_put_into_another_exists() -> None:
    wrong = []
    for place, call in _calls("Message"):
        pattern = re.compile(_key(call.args[0]))
        if not any(pattern.fullmatch(key) for key in catalogue("en")):
            wrong.append((place, ast.unparse(call)))
    assert wrong == []


def test_no_sentence_stands_where_an_error_is_raised() -> None:
    """A literal with a space between words is a text, and texts are the catalogue's."""
    sentences = [
        (place, part.value)
        for place, call in _calls(*_ERRORS, "Message", "DatabaseInUseError", "StoppedError", "SelectError", "_broken")
        for part in ast.walk(call)
        if isinstance(part, ast.Constant)
        and isinstance(part.value, str)
        and re.search(r"[a-z]{2} +[a-z]{2}", part.value)
    ]
    assert sentences == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_error_is_told_in_each_language(lang: str) -> None:
    error = UsageError("register.too_many_columns", file="x.csv", columns=1, limit=5000)
    told = {
        "en": "‘x.csv’ has 1 column; the limit register_columns is 5000",
        "fi": "tiedostossa ”x.csv” on 1 sarake; raja register_columns on 5000",
        "sv": "”x.csv” har 1 kolumn; gränsen register_columns är 5000",
    }
    assert error.told(lang) == told[lang]
    assert error.hint(lang) == catalogue(lang)["errors.register.too_many_columns.hint"]


def test_a_hint_of_its_own_replaces_the_usual_one_and_parts_follow_the_language() -> None:
    error = KantaGapError("cli.no_day", hint=Message("errors.hints.known", {"names": ["a", "b"]}), option="--as-of")
    assert error.hint("fi") == "tunnetut: a, b"
    wrong = UsageError("settings.wrong", key="lang", place="x", kind=Message("errors.settings.kind.flag"))
    assert wrong.told("sv") == "x: inställningen ”lang” ska vara true eller false"


def test_the_words_of_an_error_for_whoever_reads_a_log_are_english() -> None:
    assert str(BrokenSumError("coverage.stopped")) == "the comparison was stopped"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("coverag",), "komentoa ”coverag” ei ole\nvihje: tarkoititko: ”coverage”?"),
        (("gaps", "--perid", "2025Q1"), "valitsinta --perid ei ole\nvihje: tarkoititko: ”--period”?"),
        (("gaps", "--limit", "x"), "--limit tarvitsee kokonaisluvun\nvihje: katso: kanta-gap gaps --help"),
        (("check", "--rows", "-1"), "--rows on vähintään 0\nvihje: katso: kanta-gap check --help"),
        (("check", "--min-coverage", "x"), "--min-coverage tarvitsee luvun\nvihje: katso: kanta-gap check --help"),
        (("gaps", "--class"), "valitsin --class tarvitsee arvon\nvihje: katso: kanta-gap gaps --help"),
        (("gaps", "--exit-zero=1"), "valitsimella --exit-zero ei ole arvoa\nvihje: katso: kanta-gap gaps --help"),
        (("explain", "G01", "b", "c"), "komento ei ota näin monta sanaa: b c\nvihje: katso: kanta-gap explain --help"),
        (("ingest",), "SOURCE puuttuu\nvihje: katso: kanta-gap ingest --help"),
        (("coverage",), "täällä ei ole tietokantaa ”kanta-gap.duckdb”"),
    ],
)
def test_what_the_command_line_refuses_is_told_in_the_language(
    arguments: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    done = run(tmp_path, *arguments, "--lang", "fi")
    assert done.code == 2
    assert done.err.startswith(f"kanta-gap: error: {told}")


def test_the_language_holds_before_the_settings_are_read(tmp_path: Path) -> None:
    (tmp_path / "kanta-gap.toml").write_text("nonsense = 1\n")
    assert "okänd inställning ”nonsense”" in run(tmp_path, "coverage", "--lang=sv").err
    assert "okänd inställning ”nonsense”" in run(tmp_path, "coverage", KANTA_GAP_LANG="sv").err
    assert "unknown setting ‘nonsense’" in run(tmp_path, "coverage").err
    (tmp_path / "kanta-gap.toml").write_text("[[waivers]]\n")  # a table, misspelt
    assert "did you mean ‘waiver’" in run(tmp_path, "coverage").err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_of_the_quarantine_is_told_when_it_is_shown(lang: str) -> None:
    """A database may have been filled under another language, or by an older version with other words."""
    codes = {*map(str, Code), "frame-without-document"}
    assert {key.removeprefix("quarantine.") for key in catalogue(lang) if key.startswith("quarantine.")} == codes
    stored = {"source": "a", "member": "b.xml", "stage": "header", "code": "missing-id", "message": "as it was"}
    stored |= {"place": ""}
    shown = quarantine_text(pa.Table.from_pylist([stored]), lang, width=200, color=False)
    assert catalogue(lang)["quarantine.missing-id"] in shown
    assert "as it was" not in shown
    unknown = quarantine_text(pa.Table.from_pylist([stored | {"code": "of-old"}]), lang, width=200, color=False)
    assert "as it was" in unknown


def test_a_register_row_that_cannot_be_read_is_told_in_the_language_and_kept_in_english(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text("code,key,name_fi,name_sv,in_register\n24,,a,b,maybe\n,,c,d,yes\n")
    done = run(tmp_path, "register", "codes.csv", "--lang", "sv")
    assert done.code == 3
    assert "codes.csv, rad 2, kolumn in_register: varken ja eller nej\n" in done.err
    assert "codes.csv, rad 3, kolumn code: varken kod eller nyckel\n" in done.err
    with open_database(tmp_path / "kanta-gap.duckdb", write=False) as database:
        reasons = database.connection.execute("SELECT reason FROM register_error ORDER BY row").fetchall()
    assert reasons == [("neither yes nor no",), ("neither a code nor a key",)]
