"""No value is stored that is longer than one can be, wherever megabytes stand; and none is remembered for long."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from analyser.archive import caches
from analyser.archive.files.entries import Shard, ShardEntry
from analyser.archive.shard import read_shard
from analyser.store.database import open_database
from tests.archive.build import NATIONAL, ORGANISER, SETTINGS, client, content, document, frame
from tests.command import run_here as run

_LONG = ("9." * 150_000 + "9", "Pitkä nimi " * 30_000)
_MOST = 1_000
"""Characters of the longest value that is stored: a cell of the register, a file's name."""


def _content(value: str) -> dict[str, Any]:
    dated = {"asiakkuuden_alkamispvm": "2025-01-17", "sosiaalipalvelu": [{"code": value, "display": value}]}
    unit = {"palveluyksikon_nimi": {"code": value, "display": value}, **dated}
    coded = {"system": value, "code": value, "display": value}
    about = {
        "henkilotunnus": {"value": value},
        "tilapainen_yksilointitunnus": {"system": value, "value": value},
        "syntymaaika": value,
        "kotikunta": {"kunta": coded},
    }
    block = {
        "palvelutehtava": coded,
        "palvelunjarjestajan_palveluyksikko": [unit],
        "palveluntuottaja": [unit | {"palveluntoteuttaja": [unit]}],
    }
    return content(
        asiakkuuden_yksilointitunnus={"value": value},
        asiakas=about,
        sosiaalihuollon_palvelutehtava=[block],
        palvelunjarjestajan_toimintayksikko=coded,
        **{value: value},
    )


def _header(value: str) -> str:
    named = f'root="{value}" extension="{value}"'
    return (
        f"<code code='{value}'/><relatedDocument typeCode='RPLC'><parentDocument><id {named}/><setId {named}/>"
        f"</parentDocument></relatedDocument><custodian><assignedCustodian><representedCustodianOrganization><id {named}/>"
        f"</representedCustodianOrganization></assignedCustodian></custodian><componentOf><encompassingEncounter><id {named}/>"
        f"<encounterParticipant typeCode='ADM'><assignedEntity><representedOrganization><id {named}/></representedOrganization>"
        "</assignedEntity></encounterParticipant></encompassingEncounter></componentOf>"
    )


def _social(value: str) -> str:
    return (
        f'<f:functionCode code="{value}" displayName="{value}" codeSystem="{value}"/><f:recordStatus code="{value}"/>'
        f'<f:specificDocumentType code="{value}"/><f:contentSpecificationId>{value}</f:contentSpecificationId>'
        f'<f:encompassingClientRelationship root="{value}"/><f:creationTime value="{value}"/>'
    )


def _documents(value: str) -> list[str]:
    whole = {"header": _header(value), "social": _social(value)}
    case = {"asiatunnus": {"value": value}, "nimi": {"code": value}, "tila": {"code": value},
            "palvelutehtava": {"system": value, "code": value, "display": value}, "avauspaiva": "2025-01-02"}  # fmt: skip
    decided = {"ratkaisun_laji": {"code": value}, "paatospaivamaara": "2025-02-01",
               "sosiaalipalvelu_jota_paatos_koskee": {"sosiaalipalvelu": {"code": value, "display": value}}}  # fmt: skip
    return [
        document(_content(value), clients=client(value, value, value), oid=value, **whole),
        document(_content(value), oid="1.2.3.1", **whole),
        document({value: _content(value)["asiakkuusasiakirja"]}, oid="1.2.3.2", group=None, clients=client(value, NATIONAL)),
        document({"asia_asiakirja": {"asian_tiedot": case}}, oid="1.2.3.3", group="2"),
        document({"paatos_lastensuojelun_avohuollon_tukitoimesta": {"paatos": decided}}, oid="1.2.3.4", group="5"),
        document("***", clients=client(value, value), oid=value, **whole),
        document(json.dumps(content(asiakas=5) | {value: {}}), oid="1.2.3.5"),
        document(f'{{"asiakkuusasiakirja": {{"{value}": 1, "{value}": 2}}}}', oid="1.2.3.6"),
        frame(value, code=value, name=value),
        f"<{'a' * 100_000} xmlns='urn:hl7-org:v3'/>",
    ]  # fmt: skip


def _register(value: str) -> str:
    columns = ("source_id", "person_id", "person_id_root", "layer", "service_task", "start", "end", "organiser", "unit",
               "producer", "municipality", "birth_date")  # fmt: skip
    good = {"person_id": NATIONAL, "service_task": "24", "start": "2025-01-01", "organiser": ORGANISER}
    rows = [good | {"source_id": f"R{number}"} | {name: value} for number, name in enumerate(columns)]
    return "\n".join([",".join(columns), *(",".join(row.get(name, "") for name in columns) for row in rows)]) + "\n"


def _longest(path: Path) -> dict[str, int]:
    """By text column, the length of the longest value in it."""
    with open_database(path, write=False) as database:
        connection = database.connection
        columns = connection.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() "
            "WHERE database_name = current_database() AND data_type IN ('VARCHAR', 'VARCHAR[]') AND NOT internal"
        ).fetchall()
        found = {}
        for table, column, kind in columns:
            value = f'"{column}"' if kind == "VARCHAR" else f'unnest("{column}")'
            row = connection.execute(
                f'SELECT max(length(value)) FROM (SELECT {value} AS value FROM "{table}")'
            ).fetchone()
            found[f"{table}.{column}"] = (row and row[0]) or 0
        return found


def test_no_table_holds_a_value_of_megabytes(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    for number, value in enumerate(_LONG):
        for place, raw in enumerate(_documents(value)):
            (tmp_path / "archive" / f"{number}-{place}.xml").write_text(raw)
    (tmp_path / "archive" / ("n" * 250)).write_text("no document")
    done = run(tmp_path, "ingest", "archive", "--validate", "off")
    assert done.code == 3
    for name, length in (("short", 900), ("long", 300_000)):
        (tmp_path / f"{name}.csv").write_text(_register("x" * length))
        assert run(tmp_path, "register", f"{name}.csv").code == 3
    longest = _longest(tmp_path / "kanta-gap.duckdb")
    assert len(longest) > 100
    assert {name: length for name, length in longest.items() if length > _MOST} == {}
    archive = (
        "document",
        "client_period",
        "case_fact",
        "service_",
        "frame",
        "quarantine",
    )
    assert {name: n for name, n in longest.items() if n > 260 and name.startswith(archive)} == {}
    # The counter-proof: rows with those values are there.
    assert longest["client_period.task_code"] == longest["person_identity.root"] == len("text-") + 16
    for command in (
        "quarantine",
        "gaps --period 2025Q1",
        "check --period 2025Q1",
        "coverage --period 2025Q1 --by unit",
    ):
        assert max(map(len, run(tmp_path, *command.split()).out.splitlines())) < 2_000, command


def test_an_identifier_of_megabytes_is_still_one_persons() -> None:
    """Its key is that of the whole text: two that differ in the last character are two persons."""
    found = [
        read_shard(Shard((ShardEntry("s", "m", "m", "s", "m", len(raw), data=raw),)), SETTINGS)[
            "person_identity"
        ].to_pylist()
        for last in "aab"
        for raw in [document(clients=client("1.2.3", "x" * 300_000 + last), social="").encode()]
    ]
    keys = [[row["identity_key"] for row in rows if row["root"] == "1.2.3"] for rows in found]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.long
def test_values_of_megabytes_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    def grown(documents: int) -> int:
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        for number in range(documents):
            value = f"{number}{'x' * 500_000}"
            raw = document(clients=client(value, value), social=_social(value)).encode()
            read_shard(Shard((ShardEntry("s", "m", "m", "s", "m", len(raw), data=raw),)), SETTINGS)
        after, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return after - before

    monkeypatch.setattr(caches, "_REMEMBERED", 8 * 2**20)
    assert grown(16) < 30 * 2**20
    monkeypatch.setattr(caches, "_REMEMBERED", 2**40)
    assert grown(16) > 40 * 2**20, "the counter-proof: there is something to forget"
