"""Documents for tests, as small as can be: a header, a body, and the oddity that a test is about."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from analyser.archive.files.discover import shards, survey
from analyser.archive.records import SCHEMAS
from analyser.archive.settings import ReadSettings
from analyser.archive.shard import read_shard

ORGANISER = "1.2.246.10.99999901.10.0"
NATIONAL = "140312A907T"
TEMPORARY = "010112A955B"
SETTINGS = ReadSettings(secret=b"k" * 32)


def content(**changed: Any) -> dict[str, Any]:
    """A client-relationship document's content: one task, one unit."""
    return {
        "asiakkuusasiakirja": {
            "asiakas": {"sukunimi": "Esimerkki", "etunimet": "Aino", "henkilotunnus": {"value": NATIONAL}},
            "sosiaalihuollon_palvelutehtava": [
                {
                    "palvelutehtava": {
                        "system": "urn:oid:1.2.246.537.6.1221.201601",
                        "code": "24",
                        "display": "Lapsiperheiden palvelut",
                    },
                    "palvelunjarjestajan_palveluyksikko": [{"asiakkuuden_alkamispvm": "2025-01-17"}],
                }
            ],
            **changed,
        }
    }


def document(
    body: dict[str, Any] | str | None = None,
    *,
    oid: str = "1.2.3.4",
    group: str | None = "1",
    clients: str | None = None,
    header: str = "",
    social: str = "",
    version: int | None = 1,
    json_element: str | None = None,
) -> str:
    """A document's XML."""
    if json_element is None:
        packed = body if isinstance(body, str) else base64.b64encode(json.dumps(body or content()).encode()).decode()
        json_element = f'<f:json xmlns:f="urn:hl7finland">{packed}</f:json>'
    who = clients if clients is not None else client("1.2.246.21", NATIONAL)
    numbered = f'<setId root="1.2.3.4"/><versionNumber value="{version}"/>' if version else ""
    grouped = f'<f:documentGroup code="{group}"/>' if group else ""
    return (
        f'<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="{oid}"/><effectiveTime value="20250117130652+0200"/>'
        f'{numbered}{who}{header}<f:localSocialHeader xmlns:f="urn:hl7finland">{grouped}'
        f'<f:outsourcingServiceCustomer root="{ORGANISER}"/>{social}</f:localSocialHeader>'
        f'<component><nonXMLBody><text mediaType="application/xhtml+xml">PGRpdi8+</text>{json_element}</nonXMLBody>'
        f"</component></ClinicalDocument>"
    )


def client(root: str, value: str, birth: str = "20120314") -> str:
    """A recordTarget."""
    return (
        f'<recordTarget><patientRole><id root="{root}" extension="{value}"/>'
        f'<patient><birthTime value="{birth}"/></patient></patientRole></recordTarget>'
    )


def frame(oid: str = "1.2.3.4", *, code: str = "SP1", name: str = "Asiakkuusasiakirjan arkistointi") -> str:
    """A transfer frame."""
    return (
        f'<RCMR_IN200002FI01 xmlns="urn:hl7-org:v3"><creationTime value="20250118080000+0200"/><controlActProcess>'
        f'<reasonCode code="{code}" codeSystem="1.2.246.537.6.1503.201601" displayName="{name}"/>'
        "<subject>"
        f'<clinicalDocument><id root="{oid}"/><setId root="{oid}"/><versionNumber value="1"/></clinicalDocument></subject>'
        f"</controlActProcess></RCMR_IN200002FI01>"
    )


def read(*paths: Path, settings: ReadSettings = SETTINGS) -> dict[str, list[dict[str, Any]]]:
    """Everything that reading the paths gives, by table; every member has ended in one way."""
    parts = [read_shard(shard, settings) for shard in shards(survey(paths), settings)]
    tables = {
        name: pa.concat_tables([schema.empty_table(), *(p[name] for p in parts)]) for name, schema in SCHEMAS.items()
    }
    found = {name: table.to_pylist() for name, table in tables.items()}
    keys = [row["member_key"] for row in found["member"]]
    assert len(keys) == len(set(keys))
    aside = {row["member_key"] for row in found["quarantine"]}
    assert aside == {row["member_key"] for row in found["member"] if row["outcome"] == "quarantine"}
    return found


def read_bytes(folder: Path, raw: bytes | str, settings: ReadSettings = SETTINGS) -> dict[str, list[dict[str, Any]]]:
    """What reading one file with these bytes gives."""
    path = folder / "one.xml"
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return read(path, settings=settings)


def codes(found: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Quarantine codes."""
    return sorted(row["code"] for row in found["quarantine"])
