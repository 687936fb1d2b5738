"""Everything about one ID for a person: class and reasons, a timeline, then the facts document by document."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from analyser.coverage.result import Layer
from analyser.coverage.timeline import bars
from analyser.coverage.trace import Trace, Traced
from analyser.messages.catalogue import date_text, has_text, moment_text, number, text
from analyser.national.deadlines import Duty
from analyser.report.page import Page, printable
from analyser.report.story import story
from analyser.report.timeline import draw, interval
from analyser.report.words import quarantine_told, unit_title

_KINDS = ("client-relationship", "case", "client", "permission", "refusal")
_CALLED = ("unit", "producer")
"""Facts that are shown by the name that the county's list of units gives, beside the OID."""
Rows = list[dict[str, Any]]


def trace_text(trace: Trace, lang: str, *, width: int, color: bool) -> str:
    """Everything known about one ID."""
    page = Page(width, color)
    told: dict[str, Rows] = {name: table.to_pylist() for name, table in trace.sections}
    for row in (row for rows in told.values() for row in rows):
        row |= {name: unit_title(trace.names, row[name], lang) for name in _CALLED if row.get(name)}
    if trace.kind not in (Traced.EPISODE, Traced.SERVICE):
        kind = text(lang, f"report.trace.{trace.kind.value}")
        page.heading(text(lang, "report.trace.title", kind=kind, id=printable(trace.id)))
    drawn = bars(dict(trace.sections)["timeline"]) if "timeline" in told else {}
    ledger = {row["source_id"]: row for row in told.get("ledger", ())}
    owed = {row["source_id"]: row for row in told.get("archiving", ())}
    for row in told.get("register", ()):
        _row(page, row, ledger.get(row["source_id"]), owed.get(row["source_id"]), trace, lang)
        if own := drawn.get(row["source_id"]):
            page.gap()
            draw(page, own, trace.period, lang)
    for row in told.get("services_ledger", ()):
        _service_row(page, row, trace, lang)
    if trace.kind is Traced.EPISODE and "register" not in told and "services_ledger" not in told:
        kind = text(lang, f"report.trace.{trace.kind.value}")
        page.heading(text(lang, "report.trace.title", kind=kind, id=printable(trace.id)))
        page.line(text(lang, "report.trace.not_in_register"))
    story(page, told.get("story", []), lang)
    _documents(page, told, lang)
    _frames(page, told, lang)
    _quarantine(page, told.get("quarantine", []), lang)
    return page.text()


def _row(
    page: Page,
    row: Mapping[str, Any],
    ending: Mapping[str, Any] | None,
    owed: Mapping[str, Any] | None,
    trace: Trace,
    lang: str,
) -> None:
    row_title = text(lang, f"report.trace.{Traced.EPISODE.value}")
    page.heading(text(lang, "report.trace.title", kind=row_title, id=printable(row["source_id"])))
    if ending is None:
        page.line(text(lang, "report.trace.not_of_period", period=trace.period.id))
    else:
        row_class = text(lang, f"report.class.{ending['class']}")
        days = text(
            lang,
            "report.trace.days",
            archived=ending["days_archived"],
            expected=ending["days_expected"],
        )
        page.line(f"{trace.period.id}: {row_class}" + (f", {days}" if ending["days_expected"] else ""), style="bold")
        for reason in ending["reasons"]:
            page.line(f"{text(lang, f'reason.{reason}.what')} ({reason})", hang=4, first="  • ")
            who = text(lang, f"reason.{reason}.who")
            page.line(f"{text(lang, f'reason.{reason}.todo')} ({who})", hang=6, first="    → ")
        page.gap()
    page.facts(
        [
            (text(lang, "report.fact.dates"), interval(row["start"], row["end"], lang)),
            (text(lang, "report.fact.service_task"), _task(row["layer"], row["service_task"], lang)),
            *_named(row, ("person_key", "municipality", "organiser", "unit", "producer"), lang),
            (
                text(lang, "report.fact.file"),
                text(lang, "report.trace.file_row", file=printable(row["file"] or ""), row=row["row"]),
            ),
            *([(text(lang, "calendar.duty.fact"), _since(owed, lang))] if owed else []),
        ]
    )


def _service_row(page: Page, row: Mapping[str, Any], trace: Trace, lang: str) -> None:
    """A decision or service of the register, its class and reason."""
    title = text(lang, f"report.trace.{Traced.SERVICE.value}")
    page.heading(text(lang, "report.trace.title", kind=title, id=printable(row["source_id"])))
    if row["class"] is None:
        page.line(text(lang, "report.trace.not_of_period", period=trace.period.id))
    else:
        row_class, reason = row["class"], row["reason"]
        page.line(f"{trace.period.id}: {text(lang, f'report.class.{row_class}')}", style="bold")
        if reason:
            page.line(f"{text(lang, f'services.reason.{reason}')} ({reason})", hang=4, first="  • ")
        page.gap()
    page.facts(
        [
            (text(lang, "services.column.kind"), text(lang, f"services.kind.{row['kind']}")),
            (text(lang, "report.fact.decided"), date_text(lang, row["decided"]) if row["decided"] else ""),
            (text(lang, "report.fact.dates"), interval(row["start"], row["end"], lang) if row["start"] else ""),
            (text(lang, "report.fact.service_task"), printable(row["service_task"] or "–")),
            (text(lang, "services.column.service"), printable(row["social_service"] or "")),
            *_named(row, ("person_key", "organiser"), lang),
            (
                text(lang, "report.fact.file"),
                text(lang, "report.trace.file_row", file=printable(row["file"] or ""), row=row["row"]),
            ),
        ]
    )


def _since(owed: Mapping[str, Any], lang: str) -> str:
    """Since when the documents of a row had to be archived, and by what."""
    told = Duty(dt.date.fromisoformat(owed["since"]), owed["from_joining"], owed["law"]).told(lang)
    return f"{told} ({owed['law']})"


def _documents(page: Page, told: Mapping[str, Rows], lang: str) -> None:
    documents = told.get("documents", [])
    if not documents:
        return
    page.heading(f"{text(lang, 'report.trace.section.documents')} ({number(lang, len(documents))})")
    known = {name: _by_oid(told.get(name, ())) for name in _TOLD_OF_A_DOCUMENT}
    for document in sorted(documents, key=lambda row: _KINDS.index(row["kind"]) if row["kind"] in _KINDS else 9):
        own = {name: rows.get(document["oid"], []) for name, rows in known.items()}
        page.gap()
        kind = text(lang, f"report.kind.{document['kind']}") if document["kind"] else text(lang, "report.kind.unknown")
        standing = text(lang, f"report.standing.{document['standing']}")
        page.line(f"{kind} {printable(document['oid'])} – {standing}", style="bold", hang=2)
        page.facts(_facts(document, own, lang))


_TOLD_OF_A_DOCUMENT = ("files", "frames", "answers", "tasks", "persons", "periods", "blocks", "cases", "services")


def _facts(document: Mapping[str, Any], own: Mapping[str, Rows], lang: str) -> Iterable[tuple[str, str]]:
    """The facts of one document in the order in which one asks: where, when, whose, what."""
    label = "report.fact."
    for row in own["files"]:
        yield text(lang, label + "file"), _place(row, lang)
    for row in own["frames"]:
        told = f"{_place(row, lang)}, {row['request_code'] or '–'}"
        yield (
            text(lang, label + "frame"),
            printable(told) + (f", {moment_text(lang, row['sent'])}" if row["sent"] else ""),
        )
    for row in own["answers"]:
        yield from _answer(row, lang)
    if document["acknowledgement"]:
        yield (
            text(lang, label + "acknowledgement"),
            text(lang, f"report.acknowledgement.{document['acknowledgement']}"),
        )
    yield text(lang, label + "stored"), date_text(lang, document["stored"])
    version = str(document["version"])
    if document["set_id"] != document["oid"]:
        version += f", {text(lang, 'report.fact.set_id').lower()} {printable(document['set_id'] or '')}"
    yield text(lang, label + "version"), version
    yield from _named(document, ("replaces_oid", "relationship_id", "case_id", "organiser", "unit"), lang)
    yield from _named(document, ("content_specification",), lang)
    if document["old_relationship"]:
        yield text(lang, label + "old_relationship"), text(lang, "report.fact.yes")
    for row in own["tasks"]:
        yield from _at(text(lang, label + "header_task"), printable(row["service_task"] or row["code"] or "–"), row)
    for row in own["persons"]:
        yield from _at(text(lang, label + "person_key"), f"{row['person_key']} ({row['origin']})", row)
    for row in own["periods"]:
        task = row["service_task"] or ("–" if row["role"] != "child-protection" else "")
        unit = f", {printable(row['unit'])}" if row["unit"] else ""
        role = text(lang, f"report.role.{row['role']}")
        dates = interval(row["start"], row["end"], lang) if row["start"] else text(lang, "report.fact.no_start")
        yield from _at(role, f"{printable(task)} {dates}{unit}".strip(), row)
    if not own["periods"]:
        for row in own["blocks"]:
            yield from _at(text(lang, label + "block"), printable(row["service_task"] or "–"), row)
    for row in own["cases"]:
        dates = interval(row["opened"], row["closed"], lang) if row["opened"] else "–"
        yield from _at(text(lang, label + "case"), f"{printable(row['service_task'] or '–')} {dates}", row)
    for row in own["services"]:
        yield from _service(row, lang)
    for problem in document["problems"]:
        yield text(lang, label + "problem"), problem


def _answer(row: Mapping[str, Any], lang: str) -> Iterable[tuple[str, str]]:
    """One detail of an answer of the archive, or the answer without any; the first with the time and the file."""
    if (row["detail_ordinal"] or 1) == 1:
        told = [row["code"] or "–", moment_text(lang, row["answered"]) if row["answered"] else ""]
        file = f"{row['source']}: {row['member']}"
        yield text(lang, "report.fact.answer"), printable(", ".join(filter(None, (*told, file))))
    detail = [row["detail_type"], row["detail_code"], row["detail_text"]]
    if any(detail):
        yield from _at("", printable(" ".join(filter(None, detail))), row)


def _service(row: Mapping[str, Any], lang: str) -> Iterable[tuple[str, str]]:
    told = [printable(f"{row['service_task'] or '–'}")]
    if row["service_code"]:
        told.append(f"{text(lang, 'report.fact.service').lower()} {printable(row['service_code'])}")
    if row["outcome"]:
        told.append(f"{text(lang, 'report.fact.outcome').lower()} {printable(row['outcome'])}")
    if row["decided"]:
        told.append(f"{text(lang, 'report.fact.decided').lower()} {date_text(lang, row['decided'])}")
    if row["start"]:
        told.append(interval(row["start"], row["end"], lang))
    key = f"report.evidence.{row['kind']}"
    return _at(text(lang, key) if has_text(lang, key) else row["kind"], ", ".join(told), row)


def _frames(page: Page, told: Mapping[str, Rows], lang: str) -> None:
    """Frames whose document is not here; the others are told with their documents."""
    here = {row["oid"] for row in told.get("documents", ())}
    alone = [row for row in told.get("frames", ()) if row["oid"] not in here]
    if not alone:
        return
    page.heading(f"{text(lang, 'report.trace.section.frames')} ({number(lang, len(alone))})")
    for row in alone:
        page.facts(
            [
                (text(lang, "report.fact.file"), _place(row, lang)),
                (text(lang, "report.fact.sent"), moment_text(lang, row["sent"]) if row["sent"] else ""),
                (text(lang, "report.fact.request"), printable(row["request_code"] or "")),
            ]
        )


def _quarantine(page: Page, rows: Rows, lang: str) -> None:
    if not rows:
        return
    page.heading(text(lang, "report.quarantine.title", count=len(rows)))
    for row in rows:
        place = f", {printable(row['place'])}" if row["place"] else ""
        page.facts(
            [
                (row["code"], quarantine_told(row["code"], row["message"], lang)),
                (text(lang, "report.fact.file"), printable(f"{row['source']}: {row['member']}{place}")),
            ]
        )


def _place(row: Mapping[str, Any], lang: str) -> str:
    """Where it was read, and whether it lies there still."""
    told = printable(f"{row['source']}: {row['member']}")
    if row["state"] == "there":
        return told
    return f"{told} ({text(lang, 'report.fact.file_' + row['state'])})"


def _by_oid(rows: Iterable[dict[str, Any]]) -> dict[str, Rows]:
    found: dict[str, Rows] = defaultdict(list)
    for row in rows:
        found[row["oid"]].append(row)
    return found


def _named(row: Mapping[str, Any], names: Iterable[str], lang: str) -> list[tuple[str, str]]:
    return [(text(lang, f"report.fact.{name}"), printable(row[name] or "")) for name in names]


def _at(label: str, told: str, row: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """A fact, and below it its place in the document."""
    yield label, told
    if row["place"]:
        yield "", f"@{printable(row['place'])}"


def _task(layer: str, task: str | None, lang: str) -> str:
    shown = printable(task or "–")
    return shown if layer == Layer.SERVICE_TASK else f"{shown} ({text(lang, f'report.layer.{layer}')})"
