"""The ledger of services: one class and one reason for each row, by what current documents tell."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analyser.coverage.model import Model, Request
from analyser.coverage.result import Period, RowClass
from analyser.coverage.services import ServiceReason, services
from analyser.coverage.trace import trace
from analyser.delivery.write import DeliveryWanted, deliver
from analyser.messages.catalogue import catalogue
from analyser.messages.errors import BrokenSumError
from analyser.messages.languages import LANGUAGES
from analyser.report.trace import trace_text
from analyser.store.database import Database
from tests.delivery.store import NOW, ORGANISER, QUARTER, REQUEST, day, episode, insert, store


@pytest.fixture
def database() -> Iterator[Database]:
    with store() as opened:
        episode(opened, "R1", person="c")  # brings the organiser into scope
        yield opened


def row(database: Database, source_id: str = "S1", kind: str = "service", person: str = "a", **more: Any) -> None:
    """A register row: a service that began in February unless said otherwise."""
    dates = {name: more.pop(name) for name in ("decided", "start", "end") if more.get(name)}
    values = {"service_task": "24", "social_service": "45", "organiser": ORGANISER} | more
    if not dates and "undated" not in values:
        dates = {"start": "2025-02-01"} if kind == "service" else {"decided": "2025-02-01"}
    values.pop("undated", None)
    columns = {name: value for key, text in dates.items() for name, value in day(key, text).items()}
    insert(
        database.connection,
        "register_service",
        source_id=source_id,
        kind=kind,
        identity_key=person * 16,
        **columns,
        **values,
    )


def told(database: Database, name: str = "d1", kind: str = "service-start", person: str = "a", **more: Any) -> None:
    """A current document and what it tells."""
    dates = {key: more.pop(key) for key in ("decided", "start", "end") if key in more}
    document = {key: more.pop(key) for key in ("organiser", "set_id", "version", "effective_at", "body") if key in more}
    facts = {"task_code": "24", "service_code": "45"} | more
    insert(
        database.connection,
        "document",
        **(
            {
                "document_key": name,
                "oid": f"1.2.3.{name}",
                "set_id": f"1.2.3.{name}",
                "version": 1,
                "kind": "client",
                "body": "json",
                "organiser": ORGANISER,
                "problems": [],
                "effective_at": dt.datetime(2025, 2, 1, 12, 0),
            }
            | document
        ),
    )
    insert(database.connection, "document_person", document_key=name, identity_key=person * 16, slot=0)
    columns = {column: value for key, text in dates.items() if text for column, value in day(key, text).items()}
    insert(database.connection, "service_evidence", document_key=name, kind=kind, **facts, **columns)


def one(database: Database, request: Request = REQUEST) -> tuple[str, str | None]:
    """Class and reason of the only row."""
    (found,) = services(Model.build(database.connection, request)).rows.to_pylist()
    return found["class"], found["reason"]


EVIDENCED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {"kind": "service-start", "start": "2025-02-03"}),
    ({}, {"kind": "service-end", "end": "2025-02-20"}),
    ({}, {"kind": "plan", "start": "2025-02-03"}),
    ({}, {"kind": "entry"}),
    ({}, {"kind": "entry", "service_code": None}),
    ({"social_service": "Sosiaaliohjaus"}, {"start": "2025-02-03", "service_code": "9", "service_display": "45 sosiaaliohjaus"}),
    ({"start": "2020-01-01"}, {"start": "2020-02-01"}),
    ({"kind": "decision-positive"}, {"kind": "decision", "outcome": "1", "decided": "2025-02-01"}),
    ({"kind": "decision-negative"}, {"kind": "decision", "outcome": "2", "decided": "2025-02-01"}),
    (
        {"kind": "decision-positive", "start": "2025-02-01"},
        {"kind": "decision", "outcome": "1", "start": "2025-01-01", "end": "2025-12-31"},
    ),
    # Decided after what it grants had ended: no start, so none that the end lies before.
    (
        {"kind": "decision-positive", "decided": "2025-03-01", "end": "2025-02-01"},
        {"kind": "decision", "outcome": "1", "decided": "2025-03-01"},
    ),
    (
        {"kind": "decision-positive", "start": "2025-01-15", "end": "2025-02-01"},
        {"kind": "decision", "outcome": "1", "decided": "2025-03-01", "end": "2025-02-01"},
    ),
]  # fmt: skip
NOT_EVIDENCED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("excluded-family-law", {"service_task": "family_law"}, {}),
    ("excluded-organiser", {"organiser": "1.2.246.10.1.10.0"}, {}),
    ("no-date", {"undated": True}, {}),
    ("end-before-start", {"start": "2025-02-10", "end": "2025-02-01"}, {}),
    ("unknown-service-task", {"service_task": "nonsense"}, {}),
    ("partial-date", {"start": "2025-02", "end": "2025-02-10"}, {"kind": "entry", "effective_at": dt.datetime(2025, 2, 5)}),
    ("partial-date", {"kind": "decision-positive", "decided": "2025-02"}, {"kind": "decision", "outcome": "1", "decided": "2025-02-01"}),
    ("unknown-outcome", {"kind": "decision-positive"}, {"kind": "decision", "outcome": "9", "decided": "2025-02-01"}),
    ("unknown-outcome", {"kind": "decision-negative"}, {"kind": "decision", "decided": "2025-02-01"}),
    ("other-outcome", {"kind": "decision-positive"}, {"kind": "decision", "outcome": "2", "decided": "2025-02-01"}),
    ("dates-outside", {"kind": "decision-positive"}, {"kind": "decision", "outcome": "1", "decided": "2025-02-02"}),
    ("dates-outside", {"start": "2020-01-01"}, {"kind": "entry", "effective_at": dt.datetime(2024, 12, 31)}),
    ("dates-outside", {"start": "2020-01-01"}, {"kind": "service-end", "end": "2024-12-31"}),
    ("dates-outside", {}, {"kind": "entry", "effective_at": None}),
    ("other-service", {}, {"start": "2025-02-03", "service_code": "46"}),
    ("no-service-task", {}, {"start": "2025-02-03", "task_code": "20"}),
    ("other-organiser", {}, {"start": "2025-02-03", "organiser": "1.2.246.10.1.10.0"}),
    ("no-document", {}, {"person": "b", "start": "2025-02-03"}),
    ("no-evidence", {}, {"kind": "decision", "outcome": "1", "decided": "2025-02-01"}),
]  # fmt: skip


@pytest.mark.parametrize(("register", "archive"), EVIDENCED)
def test_what_is_evidence_of_a_row(database: Database, register: dict[str, Any], archive: dict[str, Any]) -> None:
    row(database, **register)
    told(database, **archive)
    assert one(database) == ("archived", None)


@pytest.mark.parametrize(("reason", "register", "archive"), NOT_EVIDENCED)
def test_each_reason_has_a_row_that_carries_it(
    database: Database, reason: str, register: dict[str, Any], archive: dict[str, Any]
) -> None:
    row(database, **register)
    told(database, **archive)
    # Without a setting the organisers of all register rows are in scope, those of services as well.
    found_class, found = one(database, Request(QUARTER, organisers=(ORGANISER,)))
    assert found == reason
    excluded = reason.startswith("excluded-")
    undecided = reason in {"no-date", "end-before-start", "unknown-service-task", "partial-date", "unknown-outcome"}
    assert found_class == ("excluded" if excluded else "undetermined" if undecided else "missing")


def test_a_task_marked_as_not_of_the_register_is_excluded(database: Database) -> None:
    insert(database.connection, "register_code", code="24", key="families", in_register=False)
    row(database)
    assert one(database) == ("excluded", "excluded-task")


def test_a_quarantined_document_is_told(database: Database) -> None:
    row(database)
    insert(database.connection, "quarantine", member_key="m", kind="client")
    insert(database.connection, "quarantine_person", member_key="m", identity_key="a" * 16)
    assert one(database) == ("missing", "quarantined-document")


def test_a_service_that_a_document_ended_before_the_period_is_not_evidenced_by_its_start(database: Database) -> None:
    row(database, start="2024-01-01")
    told(database, "d1", start="2024-01-01")
    assert one(database) == ("archived", None)
    told(database, "d2", kind="service-end", end="2024-06-30")
    assert one(database) == ("missing", "dates-outside")
    told(database, "d3", start="2025-01-15")
    assert one(database) == ("archived", None)


def test_documents_in_conflict_are_evidence_only_when_they_agree(database: Database) -> None:
    row(database)
    told(database, "d1", start="2025-02-03", set_id="1.2.3.9")
    told(database, "d2", start="2025-02-04", set_id="1.2.3.9")
    assert one(database) == ("archived", None)
    told(database, "d3", start="2026-02-04", set_id="1.2.3.9")
    assert one(database) == ("undetermined", "version-conflict")


def test_an_identity_that_is_joined_to_the_rows_own_is_the_same_person(database: Database) -> None:
    row(database, person="a")
    told(database, person="c", start="2025-02-03")
    assert one(database)[1] == "no-document"
    insert(database.connection, "register_identity", identity_key="c" * 16, same_as_key="a" * 16)
    assert one(database) == ("archived", None)


def test_what_was_stored_after_the_as_of_date_is_no_evidence(database: Database) -> None:
    row(database)
    told(database, start="2025-02-03")
    assert one(database, Request(QUARTER, dt.date(2025, 1, 31))) == ("missing", "no-document")


def sent(
    database: Database, name: str, sender: str = "1.2.246.10.1", on: dt.datetime = dt.datetime(2025, 2, 1, 13)
) -> None:
    """A frame that sent the document, whose message has the document's name."""
    oid = f"1.2.3.{name}"
    frame = {"frame_key": name, "oid": oid, "created_at": on, "voiding": False, "sender": sender}
    insert(database.connection, "frame", **frame, message_root="1.9", message_extension=name)


def answered(database: Database, name: str, code: str, on: dt.datetime = dt.datetime(2025, 2, 2)) -> None:
    told_by = {"answer_key": f"{name}{code}", "member_key": f"{name}{code}", "ordinal": 1}
    target = {"target_root": "1.9", "target_extension": name}
    insert(database.connection, "acknowledgement", **told_by, **target, created_at=on, type_code=code)


def test_a_document_that_the_archive_refused_is_no_evidence_and_says_so(database: Database) -> None:
    row(database)
    told(database, "d1", start="2025-02-03")
    sent(database, "d1")
    answered(database, "d1", "AE", dt.datetime(2025, 2, 20))
    ignored = Request(QUARTER, organisers=(ORGANISER,), acknowledgements="ignore")
    (found,) = services(Model.build(database.connection, REQUEST)).rows.to_pylist()
    assert (found["class"], found["reason"], found["documents"]) == ("missing", "refused", ["1.2.3.d1"])
    assert one(database, ignored) == ("archived", None)
    # What was answered later is not yet known on the day that is asked about.
    assert one(database, Request(QUARTER, dt.date(2025, 2, 19))) == ("archived", None)
    # More telling than that an accepted document tells of other dates, or of the opposite outcome.
    told(database, "d2", start="2020-01-01", end="2020-01-31")
    assert one(database) == ("missing", "refused")
    # An end that the archive refused ends nothing; an accepted sending of the evidence bears the row out.
    told(database, "d3", start="2025-02-01")
    told(database, "d4", kind="service-end", end="2025-02-01")
    sent(database, "d4")
    answered(database, "d4", "AR")
    (found,) = services(Model.build(database.connection, REQUEST)).rows.to_pylist()
    assert (found["class"], found["reason"], found["documents"]) == ("archived", None, ["1.2.3.d3"])


def test_a_decision_or_service_is_traced_with_its_reason_and_the_answer_that_refused_it(database: Database) -> None:
    row(database, file="s.csv", row=2)
    told(database, "d1", start="2025-02-03")
    sent(database, "d1")
    answered(database, "d1", "AE")
    insert(database.connection, "member", member_key="d1AE", source="a", member="a.xml", outcome="acknowledgement")
    insert(database.connection, "member", member_key="f", source="a", member="f.xml", outcome="frame")
    database.connection.execute("UPDATE frame SET member_key = 'f'")
    found = trace(database, REQUEST, "S1")
    assert found is not None
    sections = {name: table.to_pylist() for name, table in found.sections}
    (one_row,) = sections["services_ledger"]
    assert found.kind == "service"
    assert (one_row["class"], one_row["reason"], one_row["documents"]) == ("missing", "refused", ["1.2.3.d1"])
    assert [document["standing"] for document in sections["documents"]] == ["refused"]
    shown = trace_text(found, "en", width=100, color=False)
    assert "Decision or service S1" in shown
    assert all(told in shown for told in ("(refused)", "AE", "s.csv, row 2"))
    person = trace(database, REQUEST, one_row["person_key"])
    assert person is not None and dict(person.sections)["services_ledger"].num_rows == 1
    outside = trace(database, Request(Period("2020Q1", dt.date(2020, 1, 1), dt.date(2020, 3, 31))), "S1")
    assert outside is not None
    assert "Does not belong to the period 2020Q1" in trace_text(outside, "en", width=100, color=False)


def test_a_refused_document_that_would_not_bear_the_row_out_is_told_when_no_other_is_left(database: Database) -> None:
    row(database)
    told(database, "d1", start="2025-02-03", service_code="46")
    sent(database, "d1")
    answered(database, "d1", "AE")
    assert one(database) == ("missing", "refused")
    told(database, "d2", kind="decision", outcome="1", decided="2025-02-01")
    assert one(database) == ("missing", "no-evidence")


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("when-present", ("archived", "not-acknowledged")),
        ("required", ("missing", "not-acknowledged")),
        ("ignore", ("archived", None)),
    ],
)
def test_evidence_without_an_answer_counts_as_the_setting_says(
    database: Database, setting: Any, expected: tuple[str, str | None]
) -> None:
    row(database)
    told(database, "d1", start="2025-02-03")
    sent(database, "d1")
    told(database, "d2", person="b")
    sent(database, "d2")
    request = Request(QUARTER, organisers=(ORGANISER,), acknowledgements=setting)
    assert one(database, request) == ("archived", None)  # the source holds no answers
    answered(database, "d2", "AA")
    (found,) = services(Model.build(database.connection, request)).rows.to_pylist()
    assert (found["class"], found["reason"]) == expected
    assert found["documents"] == ["1.2.3.d1"]
    Model(database.connection, REQUEST).assert_ties()
    answered(database, "d1", "CA")
    assert one(database, request) == expected
    answered(database, "d1", "AA")
    assert one(database, request) == ("archived", None)


def test_reasons_and_classes_are_closed_sets_with_texts(database: Database) -> None:
    seen = {reason for reason, _, _ in NOT_EVIDENCED} | {"excluded-task", "quarantined-document", "version-conflict"}
    seen |= {"refused", "not-acknowledged"}
    assert seen == {str(reason) for reason in ServiceReason}
    for lang in LANGUAGES:
        assert all(catalogue(lang)[f"services.reason.{reason}"] for reason in ServiceReason)


def test_the_ledger_adds_up_and_a_sum_that_does_not_tie_is_an_error(database: Database) -> None:
    for number in range(4):
        row(database, f"S{number}", person="ab"[number % 2])
    told(database, start="2025-02-03")
    result = services(Model.build(database.connection, REQUEST), [RowClass.MISSING])
    assert dict(result.classes) == {"archived": 2, "missing": 2, "undetermined": 0, "excluded": 0}
    assert [found["source_id"] for found in result.rows.to_pylist()] == ["S1", "S3"]
    assert "person_id" not in result.rows.column_names
    revealed = services(Model.build(database.connection, REQUEST), reveal=True).rows.to_pylist()
    assert revealed[0]["person_id"] == "010190-900P"
    database.connection.execute("UPDATE service_ledger SET reason = 'no-document' WHERE class = 'archived'")
    with pytest.raises(BrokenSumError, match="services ledger"):
        Model(database.connection, REQUEST).assert_ties()


def test_the_services_file_holds_what_the_services_ledger_lacks(database: Database, tmp_path: Path) -> None:
    row(database, "S1")
    row(database, "S2", person="b")
    row(database, "S3", person="b", service_task="nonsense")
    told(database, start="2025-02-03")
    deliver(database, REQUEST, tmp_path / "out", DeliveryWanted(with_services=True), NOW)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    lines = (tmp_path / "out" / "services.csv").read_text().splitlines()
    assert [line.split(";")[0] for line in lines] == ["source_id", "S2"]
    assert manifest["services_ledger"] == {"excluded": 0, "undetermined": 1, "archived": 1, "missing": 1}
    assert manifest["delivered"]["services"] == 1
