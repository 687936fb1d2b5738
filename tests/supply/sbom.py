"""The software bill of materials in CycloneDX 1.6: what the lock pins, with licences and who needs whom.

Nothing in it tells when, where or by whom it was made: the same lock gives the same bytes.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib.metadata import Distribution
from typing import Any

from packaging.requirements import Requirement

from tests.supply.lock import PROJECT, Pinned, plain_name, wanted

SBOM = PROJECT / "sbom.json"
_IDENTIFIER = re.compile(r"(?=.*[0-9-]|MIT$|ISC$)[A-Za-z0-9.-]{2,20}")
_EXTRA = re.compile(r"""extra == ["']([^"']+)""")
# What older packages say by a classifier alone, as SPDX names it; a name that could be several licences stays a name.
_SPDX = {"MIT License": "MIT", "ISC License (ISCL)": "ISC"}


def bill(lock: Sequence[Pinned], metadata: Mapping[str, Distribution]) -> dict[str, Any]:
    """The bill of a lock; `metadata` holds every package of it. Raises KeyError for one that is missing."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    own = _purl(project["name"], project["version"])
    extras = asked_extras(metadata[entry.name] for entry in lock)
    refs = {entry.name: _purl(entry.name, entry.version) for entry in lock}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
                "purl": own,
            }
        },
        "components": [component(entry, metadata[entry.name]) for entry in lock],
        "dependencies": [
            {"ref": own, "dependsOn": sorted({refs[plain_name(needed.name)] for needed in wanted()})},
            *({"ref": refs[entry.name], "dependsOn": needs(metadata[entry.name], refs, extras)} for entry in lock),
        ],
    }


def component(entry: Pinned, distribution: Distribution) -> dict[str, Any]:
    """One package of the bill."""
    told = {
        "type": "library",
        "bom-ref": _purl(entry.name, entry.version),
        "name": entry.name,
        "version": entry.version,
        "licenses": licences(distribution),
        "purl": _purl(entry.name, entry.version),
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in entry.hashes],
    }
    if entry.marker:
        told["properties"] = [{"name": "kanta-gap:only-where", "value": entry.marker}]
    return told


def licences(distribution: Distribution) -> list[dict[str, Any]]:
    """As CycloneDX writes them: an expression, an SPDX identifier, or the name that the package gives."""
    metadata = distribution.metadata
    if expression := metadata["License-Expression"]:
        return [{"license": {"id": expression}} if " " not in expression else {"expression": expression}]
    if _IDENTIFIER.fullmatch(said := metadata["License"] or ""):
        return [{"license": {"id": said}}]
    classes = [line.rpartition(" :: ")[2] for line in metadata.get_all("Classifier") or () if line[:9] == "License :"]
    return [{"license": {"id": _SPDX[name]} if name in _SPDX else {"name": name}} for name in sorted(classes)]


def asked_extras(packages: Iterable[Distribution]) -> set[tuple[str, str]]:
    """Extras that the project or any of its packages asks of a package, as (package, extra)."""
    lines = [*wanted(), *(Requirement(line) for package in packages for line in package.requires or ())]
    return {(plain_name(line.name), extra) for line in lines for extra in line.extras}


def needs(package: Distribution, refs: Mapping[str, str], extras: Collection[tuple[str, str]]) -> list[str]:
    """What a package of the lock needs from the others, on any system."""
    own = plain_name(package.metadata["Name"])
    found = set()
    for line in map(Requirement, package.requires or ()):
        extra = _EXTRA.search(str(line.marker or ""))
        if plain_name(line.name) in refs and (extra is None or (own, extra[1]) in extras):
            found.add(refs[plain_name(line.name)])
    return sorted(found)


def written(told: Mapping[str, Any]) -> str:
    """The bill as its file holds it."""
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def by_name(distributions: Iterable[Distribution]) -> dict[str, Distribution]:
    """Installed packages by the names that the lock has."""
    return {plain_name(distribution.metadata["Name"]): distribution for distribution in distributions}


def _purl(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"
