"""Text for a person: the verdict first, then the cells, then what to do next. Made for a terminal and for a mail."""

from __future__ import annotations

from analyser.coverage.condition_values import Condition, ConditionStatus
from analyser.coverage.result import CoverageResult, RowClass, Totals
from analyser.coverage.two_sources import CountedDeliveries
from analyser.messages.catalogue import number, percent, text
from analyser.report.coverage.cells import cells, heat
from analyser.report.coverage.evidence import details, evidence
from analyser.report.coverage.reference import reference_of, reference_page
from analyser.report.coverage.sources import two_sources_of, two_sources_page
from analyser.report.page import Page
from analyser.report.words import (
    beside,
    coverage_title,
    doubtful,
    extracted,
    notes,
    reasons_told,
    standings,
    to_be_sent,
    verdict,
)

_CONDITIONS = {
    ConditionStatus.MET: ("✓", "green"),
    ConditionStatus.NOT_MET: ("✗", "bold red"),
    ConditionStatus.UNKNOWN: ("?", "yellow"),
}


def coverage_text(result: CoverageResult, lang: str, *, width: int, color: bool, conditions: bool = False) -> str:
    """The coverage report; with `conditions` the tables that the three conditions rest on as well."""
    page = Page(width, color)
    delivery = result.separate_delivery
    page.heading(coverage_title(result, lang))
    if told := extracted(result.stale, lang):
        page.line(told, "dim")
    _verdict(page, result, lang)
    page.gap()
    page.facts(_figures(result, lang), indent=0)
    if result.cells:
        heat(page, result, lang)
        page.heading(text(lang, "report.coverage.cells"))
        cells(page, result, lang)
    page.heading(text(lang, "report.coverage.conditions"))
    for name, condition in (
        ("period", delivery.period),
        ("service_tasks", delivery.service_tasks),
        ("population", delivery.population),
    ):
        _condition(page, name, condition, result, lang)
        if conditions:
            details(page, condition, result.names, lang)
    if (sources := two_sources_of(result, lang)) is not None:
        two_sources_page(page, sources)
    if (published := reference_of(result, lang)) is not None:
        reference_page(page, published)
    _reasons(page, result, lang)
    _next_steps(page, result, lang)
    page.heading(text(lang, "report.note.title"))
    for note in notes(result, lang):
        page.line(note, hang=2, first="- ")
    # A terminal shows the end of a long report: what it comes to stands there once more.
    page.heading(coverage_title(result, lang))
    _verdict(page, result, lang)
    return page.text()


def _verdict(page: Page, result: CoverageResult, lang: str) -> None:
    page.line(
        verdict(result, lang),
        "bold red" if to_be_sent(result) else "bold yellow" if doubtful(result) else "bold green",
    )
    for told in beside(result, lang):
        page.line(told)


def _figures(result: CoverageResult, lang: str) -> list[tuple[str, str]]:
    totals = result.totals
    shares = (
        ("rows", totals.coverage_rows, totals.archived, totals.archived + totals.partial + totals.missing),
        ("days", totals.coverage_days, totals.days_archived, totals.days_expected),
        ("persons", totals.coverage_persons, totals.persons_archived, totals.persons_expected),
    )
    told = [
        (
            text(lang, f"report.coverage.{name}"),
            text(
                lang,
                f"report.coverage.{name}_told",
                percent=percent(lang, part),
                archived=some,
                whole=whole,
            ),
        )
        for name, part, some, whole in shares
    ]
    told.append((text(lang, "report.coverage.classes"), _classes(totals, lang)))
    documents = {name: getattr(result.documents, name) for name in standings(result.documents)}
    counted = text(lang, "report.coverage.documents_told", **documents)
    for name in ("refused", "not_acknowledged"):
        if name in documents:
            counted += f", {number(lang, documents[name])} {text(lang, f'report.document.{name}')}"
    told.append((text(lang, "report.coverage.documents"), counted))
    return told


def _classes(totals: Totals, lang: str) -> str:
    return ", ".join(
        f"{text(lang, f'report.class.{row_class.value}')} {number(lang, getattr(totals, row_class.value))}"
        for row_class in (
            RowClass.ARCHIVED,
            RowClass.PARTIAL,
            RowClass.MISSING,
            RowClass.UNDETERMINED,
            RowClass.EXCLUDED,
        )
    )


def _condition(page: Page, name: str, condition: Condition, result: CoverageResult, lang: str) -> None:
    mark, style = _CONDITIONS[condition.status]
    status = text(lang, f"report.condition.status.{condition.status.value}")
    page.line(f"{mark} {text(lang, f'report.condition.{name}')}: {status}", style)
    page.line(evidence(condition, result.names, lang), hang=2, first="  ")


def _reasons(page: Page, result: CoverageResult, lang: str) -> None:
    told = reasons_told(result)
    if not told:
        return
    page.heading(text(lang, "report.coverage.reasons"))
    wide = max(len(number(lang, rows)) for _, rows in told)
    for reason, rows in told:
        what = f"{text(lang, f'reason.{reason.value}.what')} ({reason.value})"
        page.line(what, hang=wide + 4, first=f"{number(lang, rows):>{wide}}  ")
        todo, who = text(lang, f"reason.{reason.value}.todo"), text(lang, f"reason.{reason.value}.who")
        page.line(f"{todo} ({who})", hang=wide + 4, first=" " * (wide + 2) + "→ ", style="dim")


def _delivery_steps(result: CoverageResult, lang: str) -> list[tuple[str, str]]:
    """What is to be done about the deliveries of the period: written, marked as sent, corrected, looked at."""
    deliver = f"kanta-gap deliver --period {result.period.id}"
    sources = result.sources
    if sources is None or sources.counted is CountedDeliveries.NONE:
        return [(f"{deliver} --out delivery-{result.period.id}", "report.next.deliver")] * (
            result.separate_delivery.needed
        )
    steps = []
    if sources.counted is CountedDeliveries.WRITTEN:
        steps.append((f"kanta-gap deliver --mark-sent {text(lang, 'report.next.folder')}", "report.next.mark_sent"))
    if sources.waiting:
        steps.append((f"{deliver} --corrections --out corrections-{result.period.id}", "report.next.corrections"))
    return [*steps, (f"{deliver} --status", "report.next.delivered")]


def _next_steps(page: Page, result: CoverageResult, lang: str) -> None:
    period = result.period.id
    steps = []
    if result.documents.quarantined:
        steps.append(("kanta-gap quarantine", "report.next.quarantine"))
    if result.separate_delivery.refused:
        steps.append((f"kanta-gap check --period {period} --select R03", "report.next.refused"))
    if result.separate_delivery.undetermined:
        steps.append((f"kanta-gap gaps --period {period} --class undetermined", "report.next.undetermined"))
    if result.separate_delivery.needed:
        steps.append((f"kanta-gap gaps --period {period} --class missing,partial", "report.next.gaps"))
    steps += _delivery_steps(result, lang)
    if not result.totals.rows:
        steps.append(("kanta-gap register episodes.csv", "report.next.register"))
    if steps:
        page.heading(text(lang, "report.next.title"))
        page.steps([(command, text(lang, key)) for command, key in steps])
