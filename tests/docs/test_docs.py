"""The documentation cannot drift: its commands and queries run, its screens are the program's, its links lead somewhere."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from analyser.cli.commands import COMMANDS
from analyser.cli.examples import EXAMPLES
from analyser.coverage.model import Model, Request, model_tables
from analyser.coverage.periods import parse_period
from analyser.store.database import open_database
from tests.docs.pages import DOCS, TOP, Block, blocks, commands, practice, ran, shell
from tests.docs.write import MADE

PAGES = sorted([*DOCS.glob("*.md"), TOP / "README.md"])
ELSEWHERE = {"ci.md", "writing-rules.md"}
"""Pages that tests/rules follows step by step, each in a folder of its own."""
_STAND_INS = {
    "ARCHIVE": "archive",
    "DIR": "delivery-made",
    "SOURCE": "archive",
    "FOLDER": "delivery-made",
}
"""What a reader would put in the place of a word in capitals."""


@pytest.fixture(scope="module")
def _practised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return practice(tmp_path_factory.mktemp("docs"))


@pytest.fixture
def folder(_practised: Path, tmp_path: Path) -> Path:
    """Where a page's commands are run: each page begins with the same folder."""
    return Path(shutil.copytree(_practised, tmp_path, dirs_exist_ok=True))


def _runnable(page: Path) -> list[tuple[Block, str]]:
    found = [block for block in blocks(page.read_text(encoding="utf-8")) if block.runnable]
    lines = [(block, line) for block in found for line in commands(block) if not block.kind.startswith("console")]
    # The proof of every rule takes its time: make selftest.
    return [(block, line) for block, line in lines if line != "kanta-gap selftest"]


def _filled(command: str, folder: Path) -> str:
    row = (folder / "episodes.csv").read_text(encoding="utf-8").splitlines()[1].partition(";")[0]
    known = _STAND_INS | {"ID": row, "R1": row}
    return re.sub(r"\b[A-Z][A-Z0-9]+\b", lambda word: known.get(word[0], word[0]), command)


_LONG = ("commands.md", "ensimmainen-tunti.md", "forsta-timmen.md")
_PAGES = [
    # Each command is run by its own tests, and the examples are held against the page below; the first hour in other
    # languages is the same commands, whose screens are held below.
    pytest.param(page, marks=pytest.mark.long if page.name in _LONG else (), id=page.name)
    for page in PAGES
    if page.name not in ELSEWHERE
]


@pytest.mark.parametrize("page", _PAGES)
def test_every_command_of_a_page_runs(page: Path, folder: Path) -> None:
    for block, command in _runnable(page):
        done = ran(folder, _filled(command, folder))
        assert done.code in (0, 1, 3), f"{page.name}, line {block.line}: {command}\n{done.err}"
        assert "kanta-gap: error" not in done.err, f"{page.name}, line {block.line}: {command}\n{done.err}"


def test_every_command_has_examples_and_its_page_shows_them() -> None:
    assert EXAMPLES.keys() == COMMANDS.keys()
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert [line for lines in EXAMPLES.values() for line in lines if f"\n{line}\n" not in page] == []


@pytest.mark.parametrize("name", MADE)
def test_a_page_that_is_made_is_as_it_was_made(name: str, tmp_path: Path) -> None:
    kept = (DOCS / name).read_text(encoding="utf-8")
    assert MADE[name](tmp_path) == kept, "write it anew: python -m tests.docs.write"


def _queries() -> list[str]:
    page = (DOCS / "analysts.md").read_text(encoding="utf-8")
    return [block.body for block in blocks(page) if block.kind == "sql"]


@pytest.mark.parametrize("query", _queries(), ids=lambda query: query.split()[1][:30])
def test_every_query_for_analysts_runs_and_finds_something(query: str, folder: Path) -> None:
    with open_database(folder / "kanta-gap.duckdb", write=False) as database:
        Model.build(database.connection, Request(parse_period("2025Q1")))
        assert database.connection.execute(query).fetchall()


def test_the_python_for_analysts_runs(folder: Path) -> None:
    page = (DOCS / "analysts.md").read_text(encoding="utf-8")
    for line in ("kanta-gap export tables --period 2025Q1", "kanta-gap export tables-duckdb --period 2025Q1 -f duckdb"):
        assert line in page
        assert shell(folder, line).returncode == 0
    scripts = [block.body for block in blocks(page) if block.kind == "python"]
    for script, told in zip(scripts, ("archived", "days_expected"), strict=True):
        (folder / "ask.py").write_text(script)
        done = shell(folder, 'PYTHON=$(sed -n \'s/^exec "\\([^"]*\\)".*/\\1/p\' .tools/kanta-gap); "$PYTHON" ask.py')
        assert done.returncode == 0, done.stderr
        assert told in done.stdout


def test_every_table_is_on_the_analysts_map(folder: Path) -> None:
    page = (DOCS / "analysts.md").read_text(encoding="utf-8")
    with duckdb.connect(str(folder / "kanta-gap.duckdb"), read_only=True) as connection:
        tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert {name for name in tables if f"`{name}`" not in page} == set()
    named = set(re.findall(r"`(\w+)`", page.partition("## The model")[2].partition("## Ask")[0]))
    assert named <= set(model_tables())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"
