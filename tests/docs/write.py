"""Writes the pages that come out of the program anew: `python -m tests.docs.write`."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import xlsxwriter

from analyser.dashboard.keys import KEYS
from analyser.messages.catalogue import catalogue
from analyser.national.dates import FINLAND
from analyser.store.audit import os_user
from analyser.system.resources import schemas
from tests.docs.examples import counting_examples
from tests.docs.pages import DOCS, blocks, ran, screens
from tests.docs.settings_schema import settings_schema
from tests.quarters.clock import clock
from tests.quarters.county import County, quarters


def commands_page(folder: Path) -> str:
    """The command reference."""
    return ran(folder, "kanta-gap man -f markdown").out


def first_hour(folder: Path, name: str = "first-hour.md") -> str:
    """The first hour with its screens, in one of the languages."""
    with clock(dt.date(2025, 4, 20)):  # the day on which a delivery is marked as sent, as wide as it is written
        return screens((DOCS / name).read_text(encoding="utf-8"), folder)


def finnish_list(folder: Path) -> str:
    """From an Excel list to the verdict, in Finnish: a made-up county's register as an office would have it."""
    ran(folder, "kanta-gap synth county --persons 60 --seed 7 -q")
    (folder / "county" / "archive").rename(folder / "archive")
    text = (folder / "county" / "episodes.csv").read_text(encoding="utf-8")
    told = csv.DictReader(text.splitlines(), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    rows = [row for row in told if row["layer"] != "child-protection"]  # those are a list of their own
    (folder / "asiakkuudet.xlsx").write_bytes(office_list(rows))
    page = (DOCS / "excel-listasta.md").read_text(encoding="utf-8")
    settings = next(block.body for block in blocks(page) if block.kind == "toml")
    (folder / "kanta-gap.toml").write_text(settings, encoding="utf-8")
    return screens(page, folder)


def office_list(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Episodes as a workbook of an office: an instruction sheet, a title, names in Finnish, days of Excel, a total."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "d.m.yyyy"}) as book:
        book.set_properties({"created": dt.datetime(2025, 4, 1)})
        book.add_worksheet("Ohje").write(0, 0, "Täytä yksi rivi jokaisesta asiakkuudesta.")
        sheet = book.add_worksheet("Asiakkuudet")
        sheet.write(0, 0, "Asiakkuudet 1.1.–31.3.2025")
        for place, name in enumerate((*OFFICE, "x_tiimi")):
            sheet.write(2, place, name)
        for number, row in enumerate(rows, 3):
            for place, ours in enumerate(OFFICE.values()):
                told = row.get(ours) or ""
                if ours in ("start", "end") and len(told) == len("2025-01-01"):
                    sheet.write_datetime(number, place, dt.datetime.fromisoformat(told))
                elif told:
                    sheet.write_string(number, place, told)
            sheet.write(number, len(OFFICE), "Itä" if number % 2 else "Länsi")
        sheet.write(len(rows) + 3, 0, "Yhteensä")
        sheet.write(len(rows) + 3, 1, len(rows))
    return buffer.getvalue()


OFFICE = {
    "Asiakkuustunnus": "source_id",
    "Henkilötunnus": "person_id",
    "Palvelutehtävä": "service_task",
    "Alkupvm": "start",
    "Loppupvm": "end",
    "Yksikkö": "unit",
    "Kotikunta": "municipality",
}
"""An office's names, and ours."""


def dashboard_page(folder: Path) -> str:
    """The dashboard with its frames, and its keys as they are bound and explained."""
    page = screens((DOCS / "dashboard.md").read_text(encoding="utf-8"), folder)
    texts = catalogue("en")
    rows = [
        f"| `{key.shown}` | {'everywhere' if not key.views else ', '.join(key.views)} | {texts[f'dashboard.help.{key.action}']} |"
        for key in KEYS
    ]
    table = "\n".join(["| key | where | |", "|---|---|---|", *rows])
    return re.sub(
        r"(<!-- keys -->\n).*?(<!-- end of keys -->)",
        lambda found: f"{found[1]}{table}\n{found[2]}",
        page,
        flags=re.DOTALL,
    )


def every_quarter(folder: Path) -> str:
    """Three quarters of a made-up county, by the recipe. Moments and the user differ from run to run: one stands for all."""
    county = County(30, 40, 6, None)
    read_until = dt.date(2000, 1, 1)
    for quarter in quarters(5)[2:]:
        county.write_archive(folder / f"kanta-{quarter.name}.zip", read_until, quarter.today)
        county.write_register(folder / f"episodes-{quarter.name}.csv", quarter.today)
        read_until = quarter.today
    periods = [f"{one.name};{one.start};{one.end};" for one in quarters(5)[2:]]
    (folder / "periods.csv").write_text("\n".join(["period;start;end;deadline", *periods]) + "\n", encoding="utf-8")
    page = screens((DOCS / "every-quarter.md").read_text(encoding="utf-8"), folder)
    page = re.sub(r"\b20\d\d-\d\d-\d\d \d\d:\d\d\b", "2023-04-20 09:00", page)
    for today in {dt.datetime.now(FINLAND).date(), dt.datetime.now(dt.UTC).date()}:
        page = page.replace(today.isoformat(), "2023-04-20")
    return page.replace(f"by {os_user()}", "by anna")


MADE: dict[str, Callable[[Path], str]] = {
    "commands.md": commands_page,
    "counting-examples.md": lambda _folder: counting_examples(),
    "dashboard.md": dashboard_page,
    "every-quarter.md": every_quarter,
    "excel-listasta.md": finnish_list,
    "ensimmainen-tunti.md": lambda folder: first_hour(folder, "ensimmainen-tunti.md"),
    "first-hour.md": first_hour,
    "forsta-timmen.md": lambda folder: first_hour(folder, "forsta-timmen.md"),
}
"""Pages, and how each is made, given an empty folder."""


if __name__ == "__main__":
    schemas("results", "settings.schema.json").write_text(settings_schema(), encoding="utf-8")
    for name, make in MADE.items():
        with tempfile.TemporaryDirectory() as place:
            (DOCS / name).write_text(make(Path(place)), encoding="utf-8")
