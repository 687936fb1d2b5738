"""The small tables of rule cases, put into the store: what a case does not say has a plain default.

Tables of a case, each a list of rows: `episode`, `service`, `archived` (a client-relationship document and one of its
periods), `document`, `case`, `evidence`, `frame`, `answer`, `quarantine`, `identity`, `same`, `population`, `code`, `rejected`,
`before` (a row remembered of the last quarter of 2024), `months` (documents of a unit and month), `units` (the units file),
`rows` and `remembered` (many rows alike).
Persons, documents and rows of different cases never meet: their names carry the case's own prefix.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from analyser.archive.reader import READER
from analyser.national.dates import partial_date
from tests.rules.room import ORGANISER

Row = Mapping[str, Any]
# Columns whose values are names of persons, documents or rows, by what a case calls them.
_NAMES = (
    "id",
    "also",
    "person",
    "oid",
    "set",
    "same_as",
    "document",
    "unit",
    "served_by",
    "producer",
    "message",
    "sender",
    "beside",
    "instead",
)


def move_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Give all rows other places, as in a database that has let go of documents: what looks a copied row up by the place
    that it had in the store finds another one, or none."""
    for (table,) in connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND estimated_size > 0"
    ).fetchall():
        connection.execute(f'CREATE TEMP TABLE moved AS FROM main."{table}"')
        connection.execute(f'DELETE FROM main."{table}"')
        connection.execute(f'INSERT INTO main."{table}" FROM moved')
        connection.execute("DROP TABLE moved")


class Filler:
    """Puts the rows of one case into the store."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, prefix: str) -> None:
        self._connection = connection
        self._prefix = prefix
        self._documents: set[str] = set()

    def fill(self, tables: Mapping[str, Sequence[Row]]) -> None:
        """All tables of a case."""
        for name, rows in tables.items():
            for row in rows:
                told = {key: f"{self._prefix}{value}" if key in _NAMES else value for key, value in row.items()}
                if "persons" in row:
                    told["persons"] = [f"{self._prefix}{person}" for person in row["persons"]]
                getattr(self, f"_{name}")({"person": f"{self._prefix}p", **told})

    def _put(self, table: str, **values: Any) -> None:
        columns = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join(f"${name}" for name in values)
        self._connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)

    def _episode(self, row: Row) -> None:
        load = row.get("read_by")  # one load for each version of the reader that read a row
        if load is not None and self._connection.execute(
            "SELECT 1 FROM register_load WHERE number = $load", {"load": load}
        ).fetchone() is None:  # fmt: skip
            self._put("register_load", number=load, kind="episodes", reader=load)
        self._put(
            "register_episode", source_id=row.get("id", f"{self._prefix}R1"), identity_key=row["person"], load=load, seen=load,
            layer=row.get("layer", "service-task"), organiser=row.get("organiser", ORGANISER), unit=row.get("unit"),
            producer=row.get("producer"),
            service_task=_task(row), municipality=row.get("municipality"),
            birth_date=_day(row.get("born")),
            **_date("start", row.get("start", "2025-01-01")), **_date("end", row.get("end")),
        )  # fmt: skip

    def _service(self, row: Row) -> None:
        self._put(
            "register_service", source_id=row.get("id", f"{self._prefix}S1"), identity_key=row["person"],
            kind=row.get("kind", "decision-positive"), service_task=_task(row), social_service=row.get("service"),
            organiser=ORGANISER, **_date("decided", row.get("decided", "2025-01-01")),
            **_date("start", row.get("start")), **_date("end", row.get("end")),
        )  # fmt: skip

    def _document(self, row: Row, kind: str = "client", root: str = "merkinta") -> str:
        oid = row.get("oid", f"{self._prefix}A")
        key = f"{oid}#{row.get('version', 1)}{row.get('content', '')}"
        if key in self._documents:
            return key
        self._documents.add(key)
        stored = dt.datetime.fromisoformat(f"{row.get('stored', '2025-01-02')}T12:00:00")
        start, end = row.get("relationship", (None, None))
        self._put(
            "document", document_key=key, oid=oid, set_id=row.get("set", oid), version=row.get("version", 1),
            kind=row.get("kind", kind), body=row.get("body", "json"), json_root=row.get("root", root),
            effective_at=stored, created_at=stored, organiser=row.get("organiser", ORGANISER), unit=row.get("unit"),
            relationship_id=row.get("relationship_id"), case_id=row.get("case_id"), old_relationship=row.get("old"),
            family_law=row.get("family_law", False), problems=row.get("problems", []), reader=row.get("reader", READER),
            **_date("relationship_start", start), **_date("relationship_end", end),
        )  # fmt: skip
        persons = row.get("persons", [row["person"]])
        for slot, person in enumerate([*persons, *([row["beside"]] if "beside" in row else [])]):
            self._put(
                "document_person", document_key=key, identity_key=person, slot=slot,
                origin="header" if slot < len(persons) else "content",
                municipality=row.get("municipality"), safety_restricted=row.get("restricted", False), pointer="/who",
                birth_date=_day(row.get("born")), **_date("joined", row.get("joined")), **_date("left", row.get("left")),
            )  # fmt: skip
        if "also" in row:  # a second identity of the first client
            self._put(
                "document_person", document_key=key, identity_key=row["also"], slot=0, origin="content", pointer="/also"
            )
        if "instead" in row:  # what the content calls the first client
            self._put("content_identity", document_key=key, identity_key=row["instead"], pointer="/instead")
        if "named" in row:
            self._put(
                "document_task", document_key=key, task_code=row["named"], pointer="functionCode",
                task_system=row.get("named_system", "1.2.246.537.6.1221"),
            )  # fmt: skip
        self._put(
            "member", source_key="s", member_key=key, file_key=key, source="archive", member=f"{oid}.xml",
            content_hash=key, outcome="document",
        )  # fmt: skip
        return key

    def _archived(self, row: Row) -> None:
        key = self._document(row, "client-relationship", "asiakkuusasiakirja")
        layer, role = row.get("layer", "service-task"), row.get("role")
        if role == "none":
            return
        role = role or ("child-protection" if layer == "child-protection" else "unit")
        task = None if role in ("child-protection", "first-phase-unit") else row.get("task", "24")
        place = row.get("place", f"/tehtava/{task}/{row.get('start')}")
        told = {"task_code": task, "task_system": row.get("system", "1.2.246.537.6.1221") if task else None}
        if task:
            self._put("service_task_block", document_key=key, ordinal=int(task), pointer=f"/tehtava/{task}", **told)
        self._put(
            "client_period", document_key=key, role=role, block=int(task) if task else None, **told,
            unit=row.get("served_by", "u1"), pointer=place,
            **_date("start", None if row.get("without_start") else row.get("start", "2025-01-01")),
            **_date("end", row.get("end")),
        )  # fmt: skip

    def _case(self, row: Row) -> None:
        key = self._document({"oid": f"{self._prefix}C", **row}, "case", "asia_asiakirja")
        self._put(
            "case_fact", document_key=key, task_code=row.get("task", "24") or None, pointer="/asian_tiedot",
            task_system=row.get("system", "1.2.246.537.6.1221") or None,
            **_date("opened", row.get("opened", "2025-01-01")), **_date("closed", row.get("closed")),
        )  # fmt: skip

    def _evidence(self, row: Row) -> None:
        key = self._document({"oid": f"{self._prefix}E", **{k: v for k, v in row.items() if k != "kind"}})
        self._put(
            "service_evidence", document_key=key, kind=row.get("kind", "decision"), outcome=row.get("outcome", "1"),
            task_code=row.get("task"), service_code=row.get("service"), pointer="/paatos",
            **_date("decided", row.get("decided")), **_date("start", row.get("start")), **_date("end", row.get("end")),
        )  # fmt: skip

    def _frame(self, row: Row) -> None:
        oid = row.get("oid", f"{self._prefix}A")
        stored = dt.datetime.fromisoformat(f"{row.get('stored', '2025-01-02')}T12:00:00")
        self._put(
            "frame", frame_key=f"{oid}f{row.get('version')}{row.get('message', '')}", member_key=f"{oid}f", created_at=stored, oid=oid,
            request_code=row.get("request", "SP17"), voiding=row.get("voiding", False), set_id=row.get("set", oid),
            version=row.get("version", 1), message_root="1.2.3", message_extension=row.get("message"),
            sender=row.get("sender"),
        )  # fmt: skip
        if "source" in row:
            member = {"source": row["source"], "member": f"{oid}f.xml", "outcome": "frame"}
            self._put("member", source_key="s", member_key=f"{oid}f", file_key=f"{oid}f", **member)

    def _answer(self, row: Row) -> None:
        given = dt.datetime.fromisoformat(f"{row.get('given', '2025-01-02')}T13:00:00")
        self._put(
            "acknowledgement", answer_key=row["message"], member_key=f"{row['message']}m", ordinal=1, created_at=given,
            type_code=row["code"], target_root="1.2.3", target_extension=row["message"],
        )  # fmt: skip

    def _quarantine(self, row: Row) -> None:
        oid = row.get("oid", f"{self._prefix}Q")
        self._put(
            "quarantine", member_key=oid, source="archive", member=f"{oid}.xml", stage="content",
            code=row.get("code", "bad-json"), oid=oid, set_id=row.get("set"), version=row.get("version"),
            kind=row.get("kind", "client-relationship"), organiser=ORGANISER,
        )  # fmt: skip
        if "stored" in row:
            self._connection.execute("UPDATE quarantine SET stored_at = ? WHERE member_key = ?", [row["stored"], oid])
        self._put("quarantine_person", member_key=oid, identity_key=row["person"])

    def _identity(self, row: Row) -> None:
        self._put(
            "person_identity", identity_key=row["person"], root=row.get("root", "1.2.246.21"),
            value=row.get("value", "010190-900P"), birth_date=_day(row.get("born")),
        )  # fmt: skip

    def _same(self, row: Row) -> None:
        told = {"file": "identities", "row": row.get("row", 2)}
        self._put("register_identity", identity_key=row["person"], same_as_key=row["same_as"], **told)

    def _population(self, row: Row) -> None:
        self._put("register_population", municipality=row["municipality"], year=row.get("year", 2025), population=1000)

    def _code(self, row: Row) -> None:
        self._put(
            "register_code", code=row["code"], key=row["key"], in_register=row.get("in_register", True),
            name_fi=row.get("name_fi"),
        )  # fmt: skip

    def _rejected(self, row: Row) -> None:
        self._put(
            "register_error", file="episodes.csv", kind="episodes", row=row["row"], column="start", reason="no date"
        )

    def _before(self, row: Row) -> None:
        first, last = dt.date(2024, 10, 1), dt.date(2024, 12, 31)
        self._connection.execute("DELETE FROM remembered_run")
        self._put("remembered_run", number=1, period="2024Q4", period_start=first, period_end=last)
        self._put(
            "remembered_row", period_start=first, period_end=last, since_run=1, identity_key=row["person"],
            source_id=row.get("id", f"{self._prefix}R1"), layer="service-task", service_task="24",
            organiser=ORGANISER, **{"class": row.get("class", "archived")},
            **_date("start", row.get("start", "2025-01-01")), **_date("end", row.get("end")),
        )  # fmt: skip

    def _units(self, row: Row) -> None:
        self._put(
            "register_unit", oid=row["oid"], kind=row.get("kind", "unit"), valid_from=row.get("from"), valid_to=row.get("to")
        )  # fmt: skip

    def _rows(self, row: Row) -> None:
        """`count` rows of as many persons."""
        for number in range(row["count"]):
            name = f"{self._prefix}{row.get('task', '24')}-{row.get('start')}-{row.get('end')}-{number}"
            self._episode({"start": "2024-01-01", **row, "id": name, "person": name})

    def _remembered(self, row: Row) -> None:
        """`count` rows of as many persons, remembered of the last quarter of 2024."""
        for number in range(row["count"]):
            self._before(
                {"id": f"{self._prefix}B{number}", "person": f"{self._prefix}b{number}", "start": "2024-01-01"}
            )

    def _months(self, row: Row) -> None:
        """`count` documents of the unit, stored in the month."""
        for number in range(row["count"]):
            oid = f"{self._prefix}{row.get('unit', 'u')}-{row['month']}-{number}"
            self._document({**row, "oid": oid, "stored": f"{row['month']}-10"})


def _task(row: Row) -> str | None:
    task = row.get("task", None if row.get("layer") == "child-protection" else "24")
    return task or None


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _date(name: str, text: str | None) -> dict[str, Any]:
    if text is None:
        return {f"{name}_text": None, f"{name}_lo": None, f"{name}_hi": None}
    day = partial_date(text)
    return {f"{name}_text": text, f"{name}_lo": day.first, f"{name}_hi": day.last}
