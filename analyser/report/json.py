"""JSON as the contract says: keys in its order, one line end, no clock, no machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import orjson
import pyarrow as pa

from analyser import __version__
from analyser.coverage.condition_values import Condition
from analyser.coverage.published import References
from analyser.coverage.result import (
    COVERAGE_SCHEMA,
    GAPS_SCHEMA,
    QUARANTINE_SCHEMA,
    Answers,
    Cell,
    CellStatus,
    CoverageResult,
    Documents,
    Fingerprints,
    GapsResult,
    Period,
    Stale,
    Totals,
)
from analyser.coverage.suppressed import Suppressed
from analyser.coverage.trace import TRACE_SCHEMA, Trace
from analyser.coverage.two_sources import TwoSources
from analyser.report.coverage.evidence import evidence

_BATCH = 20_000


def dump(value: Any) -> str:
    """A value as JSON with a line end."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n"


def coverage_json(result: CoverageResult, lang: str, stamp: str | None = None) -> str:
    """The coverage report. Texts of evidence are in `lang`; everything else is the same in every language."""
    delivery = result.separate_delivery
    document: dict[str, Any] = {"schema": COVERAGE_SCHEMA, "tool_version": __version__}
    if stamp is not None:
        document["stamp"] = stamp
    document |= {
        "period": period_of(result.period),
        "as_of": result.as_of.isoformat() if result.as_of else None,
        **fingerprints_of(result.fingerprints if result.shared is None else None),
        "organisers": list(result.organisers),
        "county_name": result.county_name or None,
        "extraction": extraction_of(result.stale),
        **({"settings": dict(result.settings)} if result.settings else {}),
        "separate_delivery": {
            "needed": delivery.needed,
            "episodes": delivery.episodes,
            "undetermined": delivery.undetermined,
            "refused": delivery.refused,
            "refused_lists": dict(delivery.refused_lists),
            "conditions": {
                "period": _condition(delivery.period, result, lang),
                "service_tasks": _condition(delivery.service_tasks, result, lang),
                "population": _condition(delivery.population, result, lang),
            },
        },
        "totals": totals_of(result.totals),
        "cells": [_cell(cell) for cell in result.cells],
        "documents": {
            "ingested": result.documents.ingested,
            "current": result.documents.current,
            "superseded": result.documents.superseded,
            "voided": result.documents.voided,
            "quarantined": result.documents.quarantined,
        },
        "stale": {
            "documents": result.stale.documents.isoformat() if result.stale.documents else None,
            "register": bool(result.stale.lists),
        },
        "acknowledgements": _answers(result.answers, result.documents),
        "reasons": [
            {"class": count.row_class.value, "reason": count.reason.value, "rows": count.rows}
            for count in result.reasons
        ],
        "register_errors": result.register_errors,
    }
    if result.sources is not None:
        document["sources"] = sources_of(result.sources)
    if result.reference is not None:
        document["reference"] = _reference(result.reference)
    if result.shared is not None:
        places: list[str] = []
        document = _told(document, "", places)
        document["suppressed"] = {
            "least": result.shared,
            "places": places,
            "left_out": ["evidence", "reasons", "sources", "reference"],
        }
    return dump(document)


def extraction_of(stale: Stale) -> dict[str, str | None]:
    """How far the data reach that were extracted, the documents and the county's list."""
    return {
        "documents": stale.newest.isoformat() if stale.newest else None,
        "register": stale.begun.isoformat() if stale.begun else None,
    }


def _answers(answers: Answers, documents: Documents) -> dict[str, Any]:
    """What the archive answered. Its four counts of documents add up to those ingested and not quarantined; what does
    not count is in no other standing of `documents`."""
    return {
        "setting": answers.setting.value,
        "answers": answers.read,
        "to_unknown": answers.to_unknown,
        "unproving": answers.unproving,
        "disagreeing": answers.disagreeing,
        "documents": {
            "acknowledged": answers.acknowledged,
            "refused": answers.refused,
            "unanswered": answers.unanswered,
            "no_answers": answers.no_answers,
        },
        "not_counted": {"refused": documents.refused, "not_acknowledged": documents.not_acknowledged},
        "refusals": [{"code": one.code, "detail": one.detail, "documents": one.documents} for one in answers.refusals],
    }


def _told(value: Any, place: str, places: list[str]) -> Any:
    """The value with null where something is left out, noting the JSON pointer of each such place."""
    if isinstance(value, dict):
        return {key: _told(inner, f"{place}/{key}", places) for key, inner in value.items()}
    if isinstance(value, list):
        return [_told(inner, f"{place}/{ordinal}", places) for ordinal, inner in enumerate(value)]
    if isinstance(value, Suppressed) or value == CellStatus.SUPPRESSED.value:
        places.append(place)
        return None
    return value


def gaps_json(result: GapsResult, stamp: str | None = None) -> Iterator[str]:
    """The ledger, in parts: it may be large."""
    yield f'{{"schema": "{GAPS_SCHEMA}", '
    if stamp is not None:
        yield f'"stamp": {orjson.dumps(stamp).decode()}, '
    yield f'"period": {orjson.dumps(period_of(result.period)).decode()},\n'
    asked = {"tool_version": __version__, "as_of": result.as_of.isoformat() if result.as_of else None}
    narrowed = {"filters": result.narrowed_by} if result.narrowed_by else {}
    settings = {"settings": dict(result.settings)} if result.settings else {}
    told = orjson.dumps(asked | fingerprints_of(result.fingerprints) | settings | narrowed).decode()
    yield f'{told[1:-1]},\n"rows": ['
    yield from listed(result.rows)
    yield '],\n"archived_only": ['
    yield from listed(result.archived_only)
    lists = orjson.dumps(dict(result.refused_lists)).decode()
    beyond = orjson.dumps(result.beyond_limit).decode()
    yield f'],\n"refused": {result.refused}, "refused_lists": {lists}, "beyond_limit": {beyond}}}\n'


def fingerprints_of(told: Fingerprints | None) -> dict[str, dict[str, str]]:
    """What a result came from, under its key; nothing where that is not told."""
    return {} if told is None else {"fingerprints": asdict(told)}


def quarantine_json(table: pa.Table) -> str:
    """The quarantine listing."""
    return dump({"schema": QUARANTINE_SCHEMA, "rows": table.to_pylist()})


def trace_json(trace: Trace) -> str:
    """Everything known about one ID."""
    return dump(
        {
            "schema": TRACE_SCHEMA,
            "id": trace.id,
            "kind": trace.kind.value,
            "period": period_of(trace.period),
            **{name: table.to_pylist() for name, table in trace.sections},
        }
    )


def period_of(period: Period) -> dict[str, Any]:
    """A period as the contract writes it."""
    return {
        "id": period.id,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "deadline": period.deadline.isoformat() if period.deadline else None,
        "assumed": period.assumed,
    }


def totals_of(totals: Totals) -> dict[str, Any]:
    """Totals as the contract writes them."""
    return {
        "rows": totals.rows,
        "excluded": totals.excluded,
        "undetermined": totals.undetermined,
        "archived": totals.archived,
        "partial": totals.partial,
        "missing": totals.missing,
        "archived_only": totals.archived_only,
        "days_expected": totals.days_expected,
        "days_archived": totals.days_archived,
        "persons_expected": totals.persons_expected,
        "persons_archived": totals.persons_archived,
        "coverage_rows": totals.coverage_rows,
        "coverage_days": totals.coverage_days,
        "coverage_persons": totals.coverage_persons,
    }


def sources_of(sources: TwoSources) -> dict[str, Any]:
    """The two sources of the follow-up register; `counted` says which deliveries count: written, sent, or none."""
    figures = ("rows", "kanta", "delivery", "both", "neither", "undetermined")
    return {
        "counted": sources.counted.value,
        "deliveries_written": sources.written,
        "deliveries_sent": sources.sent,
        "sent_on": sources.sent_on.isoformat() if sources.sent_on else None,
        "episodes": dict(sources.standing),
        "totals": {name: sum(getattr(cell, name) for cell in sources.cells) for name in figures},
        "cells": [
            {"layer": cell.layer, "service_task": cell.service_task}
            | {name: getattr(cell, name) for name in figures}
            | {"share_known": cell.share_known}
            for cell in sources.cells
        ],
    }


def _reference(found: References) -> dict[str, Any]:
    """Published figures beside own counts; `difference` is a share of the published one."""
    return {
        "threshold": found.threshold,
        "rows": [
            {
                "period": row.period,
                "layer": row.layer,
                "service_task": row.service_task,
                "municipality": row.municipality,
                "indicator": row.indicator,
                "published": row.published,
                "own": row.own,
                "difference": row.share,
                "plausible": row.plausible(found.threshold).value,
                "source": row.source,
            }
            for row in found.rows
        ],
        "not_compared": [{"period": name, "figures": figures} for name, figures in found.not_compared],
    }


def _condition(condition: Condition, result: CoverageResult, lang: str) -> dict[str, Any]:
    """The contract's two keys, and beside them every number, the thresholds and the tables."""
    return {
        "status": condition.status.value,
        "evidence": evidence(condition, result.names, lang),
        "thresholds": {value.name: value.value for value in condition.thresholds},
        "numbers": {value.name: value.value for value in condition.values},
        "details": {
            table.name: [dict(zip((name for name, _ in table.columns), row, strict=True)) for row in table.rows]
            for table in condition.details
        },
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return dict(cell.place) | totals_of(cell.totals) | {"status": cell.status.value}


def listed(table: pa.Table) -> Iterator[str]:
    """The rows of a table, one a line, in parts."""
    first = True
    for batch in table.to_batches(max_chunksize=_BATCH):
        if not batch.num_rows:
            continue
        lines = (orjson.dumps(row).decode() for row in batch.to_pylist())
        yield ("\n" if first else ",\n") + ",\n".join(lines)
        first = False
    if not first:
        yield "\n"
