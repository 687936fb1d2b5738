"""Makes docs/counting-examples.md: every story of the fixture county with its timeline, class, days and reasons."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from analyser.archive.settings import ReadSettings
from analyser.coverage.measure import ledger
from analyser.coverage.model import Model, Request
from analyser.coverage.periods import parse_period
from analyser.coverage.timeline import bars, timeline
from analyser.ingest.run import ingest
from analyser.messages.catalogue import text
from analyser.register.load import read_register
from analyser.report.page import Page
from analyser.report.timeline import draw
from analyser.store.database import open_database
from analyser.store.register_load import load_register
from analyser.synth.content import ORGANISER
from tests.fixtures.make_county import COUNTY

_STORY = re.compile(r"\| (\d+) \| (.*?) \| (.*?) \| (.*?) \|")
_WIDTH = 100
_INTRO = """# How coverage is counted: examples

Each person of the fixture county (`fixtures/county`, made up) is one story for the period 2025Q1, from 1 January to 31 March
2025, 90 days. The expected end of every row was reasoned out by hand from [the definition](counting.md), and a test holds the
program to it. This page is made by `python -m tests.docs.write`: the drawings are those of `kanta-gap trace`.

In a drawing each column is one day or two. `█` every day of it is covered, `▒` some of its days, or not certainly, `·` none,
`░` an interval that does not count, `◀ ▶` it goes on outside the period.
"""


def counting_examples() -> str:
    """The page."""
    stories = {
        number: told for number, told, _, _ in _STORY.findall((COUNTY / "README.md").read_text(encoding="utf-8"))
    }
    lines = [_INTRO]
    with tempfile.TemporaryDirectory() as folder, open_database(Path(folder) / "county.duckdb", write=True) as database:
        ingest(database, [COUNTY / "archive"], ReadSettings(database.secret), workers=1)
        for file in sorted(COUNTY.glob("*.csv")):
            load_register(database, read_register(file, None, database.secret))
        request = Request(parse_period("2025Q1"), organisers=(ORGANISER,))
        model = Model.build(database.connection, request)
        rows = ledger(model).rows.to_pylist()
        drawn = bars(timeline(model, [row["source_id"] for row in rows]))
        for number, story in stories.items():
            own = [row for row in rows if row["source_id"].startswith(f"R{int(number):06}")]
            if not own:
                continue
            lines += [f"## {story[:1].upper()}{story[1:]}", ""]
            for row in own:
                page = Page(_WIDTH, color=False)
                draw(page, drawn[row["source_id"]], request.period, "en", legend=False)
                days = f", {row['days_archived']} of {row['days_expected']} days" if row["days_expected"] else ""
                layer = "" if row["layer"] == "service-task" else ", child-protection layer"
                lines += [
                    f"`{row['source_id']}`, service task {row['service_task']}{layer}: **{row['class']}**{days}.",
                    "",
                ]
                lines += [f"- `{reason}`: {text('en', f'reason.{reason}.what')}" for reason in row["reasons"]]
                lines += [*([""] if row["reasons"] else []), "```text", page.text().rstrip("\n"), "```", ""]
    return "\n".join(lines).rstrip("\n") + "\n"
