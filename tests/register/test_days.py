"""Days are Finnish days: whatever a moment is written in, wherever it stands, whatever the machine's own zone."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyser.archive.documents.moments import local_moment
from analyser.national.dates import partial_date, register_date
from tests.archive.build import content, document, frame
from tests.command import run

_ORGANISER = "1.2.246.10.99999901.10.0"
_COLUMNS = ("source_id", "person_id", "service_task", "start", "end", "organiser")
# The 1st to the 31st of January 2025 in Finland, as UTC tells it.
_START, _END = "2024-12-31T22:00:00Z", "2025-01-30T22:00:00.000Z"
_INSTANTS = [dt.datetime(2024, 12, 31, 22, tzinfo=dt.UTC), dt.datetime(2025, 1, 30, 22, tzinfo=dt.UTC)]
_NO_DATES = (
    "2025-01-01T99:99", "2025-01-01T23:60", "2025-01-01T23:59:60", "2025-01-01T24:00", "2025-01-01T12:00+99:00",
    "2025-01-01T12:00+02:60", "2025-01-01T12:00-14:01", "2025-01-01Tnoon", "2025-01-01T12:00 and more",
    "2025-02-29T00:00Z", "2025-13-01T00:00Z", "20250101996060", "2025-1-1", "45658", "1/2/2025", "1.1.25",
    "31.4.2025", "1.1.2025 25:00", "0.1.2025", "\u0662025-01-01", "20250101T", "",
)  # fmt: skip


@given(
    st.datetimes(dt.datetime(1930, 1, 1), dt.datetime(2090, 1, 1)),
    st.integers(-14 * 60, 14 * 60),
    st.sampled_from(["T", " "]),
    st.sampled_from([":", ""]),
    st.booleans(),
)
def test_a_moment_with_a_zone_is_its_day_in_finland(
    moment: dt.datetime, offset: int, between: str, colon: str, compact: bool
) -> None:
    moment = moment.replace(microsecond=0, tzinfo=dt.timezone(dt.timedelta(minutes=offset)))
    hours, minutes = divmod(abs(offset), 60)
    zone = f"{'-' if offset < 0 else '+'}{hours:02}{colon}{minutes:02}"
    clock = f"{moment:%H%M%S}" if compact else f"{between}{moment:%H:%M:%S}"
    written = f"{moment:%Y%m%d}{clock}{zone}" if compact else f"{moment:%Y-%m-%d}{clock}{zone}"
    finnish = moment.astimezone(ZoneInfo("Europe/Helsinki"))
    assert partial_date(written) == register_date(written) == (finnish.date().isoformat(), *[finnish.date()] * 2)
    assert local_moment(written) == finnish.replace(tzinfo=None)


def test_days_and_times_are_read_as_they_are_written_and_what_does_not_exist_is_no_date() -> None:
    for text in ("31.1.2025 0:00", "31.1.2025 klo 12.30", "2025-01-31 23:59:59,999", "30.1.2025 22:00Z", "20250131",
                 "2025-01-31T00:00+02:00[Europe/Helsinki]", "2025-01-30 22:00:00 UTC", "2025-01-31 00:00 EET",
                 "2025-01-31Z", "2025-01-30T22:00:00+00", "2025-01-30T2200Z"):  # fmt: skip
        assert register_date(text).text == "2025-01-31", text
    for text in _NO_DATES:
        with pytest.raises(ValueError):
            register_date(text)
    assert partial_date("2025-01-00T00:00Z").text == "2025-01"
    # Before Finland had a zone of its own, programs reckon with two hours: nobody is born a day early.
    assert partial_date("19100505000000+0200").text == "1910-05-05"


def _sources(folder: Path) -> None:
    """The same row in every kind of source, under source_ids that name it."""
    rest = {"person_id": "010190-900P", "service_task": "24", "organiser": _ORGANISER}
    lines = [f"{name};010190-900P;24;{start};{end};{_ORGANISER}" for name, start, end in (
        ("csv-z", _START, _END),
        ("csv-offset", "2024-12-31 22:00:00+00", "2025-01-30 22:00:00+0000"),
        ("csv-local", "2025-01-01T00:00", "31.1.2025 23:59:59"),
    )]  # fmt: skip
    (folder / "e.csv").write_text("\n".join([";".join(_COLUMNS), *lines, ""]))
    naive = [dt.datetime(2025, 1, 1), dt.datetime(2025, 1, 31, 23, 59)]
    for name, (start, end) in {"parquet-zoned": _INSTANTS, "parquet-naive": naive}.items():
        pl.DataFrame({"source_id": [name], "start": [start], "end": [end]} | {k: [v] for k, v in rest.items()}).select(
            _COLUMNS
        ).write_parquet(folder / f"{name}.parquet")
    texts = {"source_id": ["xlsx"], "start": [_START], "end": ["2025-01-31 00:00:00+02:00"]}
    pl.DataFrame(texts | {k: [v] for k, v in rest.items()}).select(_COLUMNS).write_excel(folder / "x.xlsx")
    with duckdb.connect(str(folder / "d.duckdb")) as made:
        made.execute(
            "CREATE TABLE t AS SELECT 'duckdb' AS source_id, TIMESTAMPTZ '2024-12-31 22:00:00+00' AS s, "
            "TIMESTAMPTZ '2025-01-30 22:00:00+00' AS e"
        )
    with sqlite3.connect(folder / "s.sqlite") as lite:
        lite.execute(f"CREATE TABLE t AS SELECT 'sqlite' AS source_id, '{_START}' AS s, '{_END}' AS e")
    lite.close()
    same = f"'010190-900P' AS person_id, 24 AS service_task, '{_ORGANISER}' AS organiser FROM t"
    (folder / "kanta-gap.toml").write_text(
        f"[source.d]\nengine='duckdb'\nfile='d.duckdb'\nkind='episodes'\n"
        f'query="""SELECT source_id, s AS start, e::DATE AS \'end\', {same}"""\n'
        f"[source.s]\nengine='sqlite'\nfile='s.sqlite'\nkind='episodes'\n"
        f'query="""SELECT source_id, s AS start, e AS \'end\', {same}"""\n'
    )


def test_the_answer_is_the_same_in_every_zone_of_the_machine(tmp_path: Path) -> None:
    _sources(tmp_path)
    unit = {"asiakkuuden_alkamispvm": _START, "asiakkuuden_paattymispvm": _END}
    told = content()["asiakkuusasiakirja"]
    told["asiakas"]["henkilotunnus"]["value"] = "010190-900P"
    told["sosiaalihuollon_palvelutehtava"][0]["palvelunjarjestajan_palveluyksikko"] = [unit]
    (tmp_path / "archive").mkdir()
    written = document({"asiakkuusasiakirja": told}).replace("140312A907T", "010190-900P")
    (tmp_path / "archive/one.xml").write_text(written)
    # Sent at half past midnight of the 1st of February in Finland.
    (tmp_path / "archive/frame.xml").write_text(frame().replace("20250118080000+0200", "20250131223000Z"))
    answers = set()
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):  # the ends of the day; all other tests are between them
        db = f"{zone.rpartition('/')[2]}.duckdb"
        asked = {"TZ": zone, "KANTA_GAP_DB": db}
        assert run(tmp_path, "ingest", "archive", **asked).code == 0
        files = ["e.csv", "parquet-zoned.parquet", "parquet-naive.parquet", "x.xlsx"]
        loaded = run(tmp_path, "register", *files, "--source", "d", "--source", "s", **asked)
        assert loaded.code == 0, loaded.err
        rows = json.loads(run(tmp_path, "gaps", "--period", "2025Q1", "-f", "json", **asked).out)["rows"]
        assert {(row["start"], row["end"], row["class"]) for row in rows} == {("2025-01-01", "2025-01-31", "archived")}
        assert len(rows) == 8
        before = [
            json.loads(run(tmp_path, "gaps", "--period", "2025Q1", "--as-of", day, "-f", "json", **asked).out)["rows"]
            for day in ("2025-01-31", "2025-02-01")
        ]
        assert [{row["class"] for row in one} for one in before] == [{"missing"}, {"archived"}]
        for row in rows:
            del row["person_key"]  # another in every database
        answers.add(json.dumps(rows))
    assert len(answers) == 1
