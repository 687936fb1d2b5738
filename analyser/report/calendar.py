"""The calendar of follow-up periods: deadlines, days left, and the burn-down of what is still to be dealt with.

The day of today enters the text alone; JSON counts days only from a day that was given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from analyser.coverage.history import Run
from analyser.coverage.periods import CalendarEntry
from analyser.messages.catalogue import day, decimal, has_text, number, text
from analyser.national.deadlines import Regime, deadlines, in_force
from analyser.report.json import dump, period_of
from analyser.report.page import Page, grid
from analyser.report.words import days_left, law_told

_SHOWN = 12
"""Runs of a period that text shows; the ones before are counted."""
_BAR = 20


def calendar_json(entries: Sequence[CalendarEntry], today: dt.date | None) -> str:
    """The calendar; days left and the pace only with `today`."""
    document: dict[str, Any] = {"schema": "kanta-gap/periods/1"}
    if today is not None:
        document["today"] = today.isoformat()
    return dump(document | {"periods": [_entry(entry, today) for entry in entries], "archiving": archiving()})


def archiving() -> dict[str, Any]:
    """Since when documents must be archived, in every version of the statute."""
    table = deadlines()
    return {
        "checked_until": table.checked_until.isoformat(),
        "patient_data_of_social_care": table.patient_data.isoformat(),
        "regimes": [
            {
                "law": regime.law,
                "in_force_from": regime.first.isoformat(),
                "in_force_to": regime.last.isoformat() if regime.last else None,
                "documents": {
                    key: {"since": duty.since.isoformat(), "from_joining": duty.from_joining}
                    for key, duty in regime.duties
                },
            }
            for regime in table.regimes
        ],
    }


def archiving_told(regime: Regime, lang: str) -> list[tuple[str, str]]:
    """What a version of the statute asks: service task, and since when."""
    told = [(text(lang, f"calendar.duty.task.{key}"), duty.told(lang)) for key, duty in regime.duties]
    since = text(lang, "calendar.duty.day", day=day(lang, deadlines().patient_data))
    return [*told, (text(lang, "calendar.duty.patient_data"), since)]


def archiving_title(regime: Regime, lang: str) -> str:
    """What stands above it."""
    return text(lang, "calendar.duty.title", law=law_told(regime.law, lang), day=day(lang, deadlines().checked_until))


def _entry(entry: CalendarEntry, today: dt.date | None) -> dict[str, Any]:
    deadline = entry.period.deadline
    regime = in_force(entry.period.end)
    told = period_of(entry.period) | {"rows": entry.rows, "archiving_law": regime.law if regime else None}
    if today is not None:
        told |= {
            "ended": entry.period.end < today,
            "days_left": (deadline - today).days if deadline else None,
            "working_days_left": entry.working_days_left(today),
            "pace": entry.pace(today),
        }
    if entry.unsent is not None:
        told |= {"unsent": entry.unsent, "settled": entry.settled}
    return told | {
        "burn_down": [
            {
                "run": run.number,
                "day": run.seen_at.date().isoformat(),
                "rows": run.rows,
                "archived": run.archived,
                "missing": run.missing,
                "partial": run.partial,
                "undetermined": run.undetermined,
            }
            for run in entry.runs
        ]
    }


def calendar_text(entries: Iterable[CalendarEntry], today: dt.date, lang: str, *, width: int, color: bool) -> str:
    """The calendar, with the days left to each known deadline, and below it the burn-down of each period."""
    entries = list(entries)
    page = Page(width, color)
    page.heading(text(lang, "report.periods.title"))
    names = ("period", "start", "end", "deadline", "left", "working_days", "rows", "open")
    table = grid(
        *(_heading(name, lang) for name in names),
        right=(5, 6, 7),
        whole=range(8),
    )
    for entry in entries:
        period = entry.period
        left, working = "–", "–"
        if period.deadline:
            left = days_left(period.deadline, today, lang, settled=entry.settled)
            working = "–" if entry.settled else number(lang, entry.working_days_left(today) or 0)
        marks = (" *" if period.assumed else "") + (" …" if period.end >= today else "")
        table.add_row(
            period.id + marks,
            day(lang, period.start),
            day(lang, period.end),
            day(lang, period.deadline) if period.deadline else text(lang, "report.periods.unknown"),
            left,
            working,
            number(lang, entry.rows),
            number(lang, entry.runs[-1].open) if entry.runs else "–",
        )
    page.table(table)
    for note, told in (
        ("report.note.assumed", any(entry.period.assumed for entry in entries)),
        ("calendar.under_way", any(entry.period.end >= today for entry in entries)),
    ):
        if told:
            page.line(text(lang, note))
    for entry in entries:
        if entry.runs:
            _burn_down(page, entry, today, lang)
    regime = in_force(today) or deadlines().regimes[0]
    page.heading(archiving_title(regime, lang))
    page.pairs(archiving_told(regime, lang))
    return page.text()


def _burn_down(page: Page, entry: CalendarEntry, today: dt.date, lang: str) -> None:
    page.heading(text(lang, "calendar.burn_down", period=entry.period.id))
    if len(entry.runs) > _SHOWN:
        page.line(text(lang, "calendar.earlier_runs", count=len(entry.runs) - _SHOWN))
    names = ("run", "seen", "missing", "partial", "undetermined", "open")
    table = grid(*(_heading(name, lang) for name in names), "", right=(0, 2, 3, 4, 5), whole=range(7))
    most = max(1, *(run.open for run in entry.runs))
    for run in entry.runs[-_SHOWN:]:
        table.add_row(
            number(lang, run.number),
            day(lang, run.seen_at.date()),
            *(number(lang, part) for part in (run.missing, run.partial, run.undetermined, run.open)),
            "█" * (run.open * _BAR // most or min(run.open, 1)),
        )
    page.table(table)
    page.line(_outlook(entry, entry.runs[-1], today, lang))


def _outlook(entry: CalendarEntry, last: Run, today: dt.date, lang: str) -> str:
    """What the pace must be, in one sentence."""
    if not last.open:
        return text(lang, "calendar.done")
    if entry.settled:
        return text(lang, "calendar.settled")
    rows = last.open
    if entry.period.deadline is None:
        return text(lang, "calendar.no_deadline", rows=rows)
    if entry.period.deadline < today:
        return text(lang, "calendar.passed", rows=rows)
    pace = entry.pace(today)
    if pace is None:
        return text(lang, "calendar.no_day", rows=rows)
    days = entry.working_days_left(today) or 0
    return text(lang, "calendar.pace", rows=rows, days=days, pace=decimal(lang, pace))


def _heading(name: str, lang: str) -> str:
    own = f"calendar.column.{name}"
    return text(lang, own if has_text(lang, own) else f"report.column.{name}")
