"""Sentences and names that every face of the coverage report shares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator

from analyser.coverage.names import Names
from analyser.coverage.result import (
    Answers,
    CoverageResult,
    Dimension,
    Documents,
    Period,
    Reason,
    RowClass,
    Stale,
)
from analyser.coverage.suppressed import SIGN, Suppressed
from analyser.coverage.two_sources import CountedDeliveries
from analyser.messages.catalogue import day, has_text, number, text
from analyser.national.identifiers import plain
from analyser.national.municipalities import municipality_name


def period_title(period: Period, lang: str) -> str:
    """A period with its days."""
    return f"{period.id} ({day(lang, period.start)} – {day(lang, period.end)})"


def coverage_title(result: CoverageResult, lang: str) -> str:
    """What a coverage report is called: its period, after the county's name where that is set."""
    title = text(lang, "report.coverage.title", period=period_title(result.period, lang))
    return of_county(result.county_name, title)


def of_county(county_name: str, title: str) -> str:
    """A title, after the county's name where that is set."""
    return f"{plain(county_name)}: {title}" if county_name else title


def verdict(result: CoverageResult, lang: str) -> str:
    """The answer in one sentence."""
    delivery = result.separate_delivery
    if not result.totals.rows:
        return text(lang, "report.verdict.no_row_read" if delivery.refused else "report.verdict.no_rows")
    if delivery.needed:
        return _sent(result, lang) or text(lang, "report.verdict.needed", count=delivery.episodes)
    if delivery.undetermined:
        return text(lang, "report.verdict.undetermined")
    if delivery.refused:
        return text(lang, "report.verdict.refused")
    if not result.totals.archived:
        return text(lang, "report.verdict.no_basis")
    return text(lang, "report.verdict.not_needed")


def _sent(result: CoverageResult, lang: str) -> str | None:
    """The answer once a delivery of the period was sent; None before that."""
    sources = result.sources
    if sources is None or sources.sent_on is None:
        return None
    standing = sources.standing
    return text(
        lang,
        "report.verdict.sent",
        delivered=standing["delivered"] + standing["ended-since"] + standing["renamed"],
        day=day(lang, sources.sent_on),
        new=standing["new"],
        changed=standing["changed"],
    )


def to_be_sent(result: CoverageResult) -> bool:
    """Whether an episode that Kanta lacks was not delivered yet, or was delivered otherwise than it stands now."""
    sources = result.sources
    if sources is None or sources.counted is not CountedDeliveries.SENT:
        return result.separate_delivery.needed
    return bool(sources.standing["new"] or sources.standing["changed"])


def undecided(rows: int, lang: str) -> str:
    """What is left for a person to decide, in one sentence."""
    return text(lang, "report.coverage.undecided", count=rows)


def refused_told(rows: int, lists: Iterable[tuple[str, int]], lang: str) -> list[str]:
    """Which rows of the county's lists nothing is known of: a sentence for the list that is counted, and for each list
    by which it is read what follows from that. `rows`: of all of them."""
    others = tuple(lists)
    own = rows if isinstance(rows, Suppressed) else rows - sum(count for _, count in others)
    told = [text(lang, "report.coverage.refused", count=own)] if own else []
    return [*told, *(text(lang, f"report.refused.{kind}", count=count) for kind, count in others)]


def beside(result: CoverageResult, lang: str) -> list[str]:
    """What stands beside the verdict: rows that could not be read, rows left for a person to decide, and data that end
    before the period does."""
    delivery = result.separate_delivery
    told = list(refused_told(delivery.refused, delivery.refused_lists, lang))
    if delivery.undetermined:
        told.append(undecided(delivery.undetermined, lang))
    if result.sources is not None and result.sources.sent_on is not None:
        standing = result.sources.standing
        told += [
            text(lang, f"report.coverage.{name.replace('-', '_')}", count=standing[name])
            for name in ("withdrawn", "double-differs")
            if standing[name]
        ]
    # The day of a load is told by narration alone: it is no fact of the input.
    if result.stale.lists:
        told.append(text(lang, "report.stale.register"))
    if result.stale.documents:
        told.append(text(lang, "report.stale.documents", day=day(lang, result.stale.documents)))
    return told


def extracted(stale: Stale, lang: str) -> str:
    """How far what was extracted reaches, documents and the county's list; empty when there is neither.

    Both are days that the data speak of: when a file was fetched or loaded is no fact of the data.
    """
    known = {"documents": stale.newest, "register": stale.begun}
    told = [text(lang, f"report.extracted.{name}", day=day(lang, found)) for name, found in known.items() if found]
    return text(lang, "report.extracted.told", told=told) if told else ""


def doubtful(result: CoverageResult) -> bool:
    """Whether the verdict has to wait for somebody, though nothing is known to be missing."""
    return bool(result.separate_delivery.undetermined or result.separate_delivery.refused)


def task_title(names: Names, service_task: str | None, lang: str) -> str:
    """A service task by code and name, as far as it has one."""
    for name in names.tasks:
        if name.service_task == service_task:
            told = name.name_sv if lang == "sv" else name.name_fi
            if not told or lang == "en":
                key = f"report.task.{name.key}"
                told = text(lang, key) if has_text(lang, key) else name.name_fi
            return f"{service_task} {told}" if told and service_task != name.key else told or service_task or ""
    return service_task or "–"


def place_title(names: Names, key: str, value: str | None, lang: str) -> str:
    """A cell's place in a dimension, as it is called."""
    if key == Dimension.SERVICE_TASK.key:
        return task_title(names, value, lang)
    if key == Dimension.LAYER.key and value:
        return text(lang, f"report.layer.{value}")
    if key == Dimension.MUNICIPALITY.key:
        return municipality_title(value, lang)
    if key in (Dimension.UNIT.key, Dimension.PRODUCER.key) and value:
        return unit_title(names, value, lang)
    return value or "–"


def unit_name(names: Names, oid: str | None, lang: str) -> str | None:
    """What a unit or a producer is called, None when nobody said."""
    found = names.units.get(oid or "")
    if found is None:
        return None
    return (found.name_sv or found.name_fi) if lang == "sv" else (found.name_fi or found.name_sv)


def unit_title(names: Names, oid: str, lang: str) -> str:
    """A unit or a producer by name and OID, as far as it has a name."""
    name = unit_name(names, oid, lang)
    return f"{name} ({oid})" if name else oid


def municipality_title(code: str | None, lang: str) -> str:
    """A municipality by code and name, as far as it is known."""
    name = municipality_name(code, lang) if code else None
    return f"{code} {name}" if name else code or "–"


def days_left(deadline: dt.date | None, today: dt.date, lang: str, *, settled: bool) -> str:
    """How many days are left until a deadline, or have passed since; where all was sent, that instead."""
    if settled:
        return text(lang, "calendar.sent")
    if deadline is None:
        return text(lang, "report.periods.unknown")
    days = (deadline - today).days
    return text(lang, "report.periods.left" if days >= 0 else "report.periods.over", count=abs(days))


def what_to_do(reason: str | None, lang: str) -> dict[str, str | None]:
    """What a reason says, what to do and who does it, by the names of their columns; nothing without a reason."""
    return {part: text(lang, f"reason.{reason}.{part}") if reason else None for part in ("what", "todo", "who")}


def reasons_told(result: CoverageResult) -> list[tuple[Reason, int]]:
    """Reasons of rows that are partial, missing or undetermined, the commonest first."""
    rows: dict[Reason, int] = {}
    for count in result.reasons:
        if count.row_class in (RowClass.PARTIAL, RowClass.MISSING, RowClass.UNDETERMINED):
            rows[count.reason] = rows.get(count.reason, 0) + count.rows
    order = list(Reason)
    return sorted(rows.items(), key=lambda item: (-item[1], order.index(item[0])))


def notes(result: CoverageResult, lang: str) -> list[str]:
    """What a reader must know of the data."""
    told = []
    if result.shared is not None:
        told.append(text(lang, "privacy.share.note", least=result.shared, sign=SIGN))
    if result.period.assumed:
        told.append(text(lang, "report.note.assumed_period"))
    if result.period.deadline:
        told.append(text(lang, "report.note.deadline", day=day(lang, result.period.deadline)))
    else:
        told.append(text(lang, "report.note.no_deadline"))
    if result.as_of:
        told.append(text(lang, "report.note.as_of", day=day(lang, result.as_of)))
    for name, count in (
        ("quarantined", result.documents.quarantined),
        ("register_errors", result.register_errors),
        ("archived_only", result.totals.archived_only),
    ):
        if count:
            told.append(text(lang, f"report.note.{name}", count=count))
    told += _answers(result.answers, lang)
    told += settings_told(result.settings, lang)
    told.append(text(lang, "report.note.thresholds"))
    return told


def settings_told(settings: Collection[tuple[str, str]], lang: str) -> list[str]:
    """Which settings decide what is counted and are not as they come, in a sentence; nothing where all are."""
    if not settings:
        return []
    return [text(lang, "report.note.settings", settings="; ".join(f"{name} = {value}" for name, value in settings))]


def standings(documents: Documents) -> tuple[str, ...]:
    """What the documents are counted as; what the archive did not take only where there is such a document."""
    kept_out = tuple(name for name in ("refused", "not_acknowledged") if getattr(documents, name) > 0)
    return ("ingested", "current", "superseded", "voided", *kept_out, "quarantined")


def _answers(answers: Answers, lang: str) -> Iterator[str]:
    """What the archive's answers say of the documents, where there is something to look after."""
    codes = ", ".join(
        f"{' '.join(filter(None, (one.code, one.detail)))} ({number(lang, one.documents)})" for one in answers.refusals
    )
    for name in ("refused", "unanswered", "to_unknown", "disagreeing"):
        count = getattr(answers, name)
        if count and not isinstance(count, Suppressed):
            yield text(lang, f"report.note.{name}", count=count, codes=codes)


def law_told(law: str, lang: str) -> str:
    """A law by its number, as the table of deadlines writes it, with the one that amended it."""
    own, _, amending = law.partition(" as amended by ")
    return text(lang, "calendar.duty.amended", law=own, by=amending) if amending else law


def quarantine_told(code: str, stored: str, lang: str) -> str:
    """Why a document could not be used, in a language. `stored`: for a code that an older version gave."""
    key = f"quarantine.{code}"
    return text(lang, key) if has_text(lang, key) else stored
