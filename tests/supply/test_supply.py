"""What is installed is what was looked at: the lock agrees with pyproject.toml, the bill of materials with the lock."""

from __future__ import annotations

import json
import re
from importlib.metadata import distributions
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.supply.lock import LOCK, PROJECT, Pinned, pinned, plain_name, wanted
from tests.supply.sbom import SBOM, asked_extras, bill, by_name, component, needs, written

_TEXT = LOCK.read_text(encoding="utf-8")
_LOCK = {entry.name: entry for entry in pinned(_TEXT)}
_BILL: dict[str, Any] = json.loads(SBOM.read_text(encoding="utf-8"))
# The packages of the lock that are installed here in the version that it pins: their own word is at hand.
_HERE = {
    name: distribution
    for name, distribution in by_name(distributions()).items()
    if name in _LOCK and distribution.version == _LOCK[name].version
}


class _Any(set[tuple[str, str]]):
    """Every extra of every package."""

    def __contains__(self, _: object) -> bool:
        return True


def _missing(asked: list[Requirement], lock: dict[str, Pinned]) -> list[str]:
    """Requirements that the lock does not keep."""
    return [
        str(one)
        for one in asked
        if (entry := lock.get(plain_name(one.name))) is None or not one.specifier.contains(entry.version)
    ]


def test_the_lock_keeps_everything_that_the_project_asks_for() -> None:
    assert len(wanted()) >= 18
    assert _missing(wanted(), _LOCK) == []
    # What this test would say of a lock that lacks one package, or has it too old.
    assert _missing([Requirement("lxml>=5.3")], {}) == ["lxml>=5.3"]
    assert _missing([Requirement("lxml>=99")], _LOCK) == ["lxml>=99"]


def test_the_lock_keeps_everything_that_its_packages_ask_for() -> None:
    asked = [
        one
        for distribution in _HERE.values()
        for one in map(Requirement, distribution.requires or ())
        if one.marker is None or one.marker.evaluate({"extra": ""})
    ]
    assert len(_HERE) >= 10, "no installation to hold the lock against: pip install -r requirements.lock"
    assert _missing(asked, _LOCK) == []


@pytest.mark.parametrize("entry", _LOCK.values(), ids=_LOCK.keys())
def test_every_package_is_held_to_hashes_and_is_in_the_bill(entry: Pinned) -> None:
    assert len(set(entry.hashes)) == len(entry.hashes) >= 1
    (told,) = [one for one in _BILL["components"] if one["name"] == entry.name]
    assert told["purl"] == told["bom-ref"] == f"pkg:pypi/{entry.name}@{entry.version}"
    assert told["version"] == entry.version
    assert [one["content"] for one in told["hashes"]] == list(entry.hashes)
    assert told["licenses"]
    if entry.name in _HERE:
        assert told == component(entry, _HERE[entry.name])


def test_the_bill_holds_the_lock_and_nothing_else() -> None:
    assert (_BILL["bomFormat"], _BILL["specVersion"]) == ("CycloneDX", "1.6")
    assert [one["name"] for one in _BILL["components"]] == list(_LOCK)
    refs = {entry.name: f"pkg:pypi/{entry.name}@{entry.version}" for entry in _LOCK.values()}
    own, *others = _BILL["dependencies"]
    assert own["dependsOn"] == sorted({refs[plain_name(one.name)] for one in wanted()})
    graph = {one["ref"]: set(one["dependsOn"]) for one in others}
    assert set(graph) == set(refs.values())
    extras = asked_extras(_HERE.values())
    for name, package in _HERE.items():
        # An extra that a package asks for which is not installed here is not known here.
        assert set(needs(package, refs, extras)) <= graph[refs[name]] <= set(needs(package, refs, _Any()))
    # Nothing is carried along that nobody needs.
    reached, waiting = set(), [*own["dependsOn"]]
    while waiting:
        if (ref := waiting.pop()) not in reached:
            reached.add(ref)
            waiting += graph[ref]
    assert reached == set(refs.values())


def test_the_bill_is_the_same_bytes_each_time() -> None:
    text = SBOM.read_text(encoding="utf-8")
    assert text == written(_BILL)
    assert not {"serialNumber", "timestamp"} & set(re.findall(r'"(\w+)":', text))
    some = [entry for entry in _LOCK.values() if entry.name in _HERE]
    if len(some) == len(_LOCK):
        assert bill(some, _HERE) == _BILL


@pytest.mark.parametrize("path", [LOCK, SBOM], ids=["lock", "bill"])
def test_neither_names_a_host_or_a_path(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.findall(
        r"[a-z+]+://|--(?:extra-)?index-url|--find-links|--trusted-host| @ |file:|\b(?:/[\w.-]+){2,}", text
    )
    assert str(PROJECT) not in text


def test_the_documentation_tells_what_is_locked() -> None:
    page = (PROJECT / "docs" / "security.md").read_text(encoding="utf-8")
    assert f"pins all {len(_LOCK)} packages" in page
    assert f"({sum(len(entry.hashes) for entry in _LOCK.values()):,} of them)" in page


@pytest.mark.parametrize(
    "line",
    [
        "lxml>=5",
        "lxml==6.1.3",
        "lxml==6.1.3 --hash=md5:00",
        "-r other.txt",
        "lxml @ file:///x --hash=sha256:" + "0" * 64,
    ],
)
def test_a_line_that_pins_nothing_is_no_lock(line: str) -> None:
    with pytest.raises(ValueError, match="not a pinned entry"):
        pinned(line)


def test_results_are_read_in_a_way_that_the_next_duckdb_takes() -> None:
    """It keeps a connection for a result that was not read to its end, and copies what `execute` found for Arrow."""
    asked = re.compile(r"\.(?:fetchone\(|fetch_arrow|pl\(\)|to_arrow_(?:table|reader)\()")
    using = {
        path.relative_to(PROJECT / "analyser").as_posix()
        for path in (PROJECT / "analyser").rglob("*.py")
        if asked.search(path.read_text(encoding="utf-8"))
    }
    # A rule's rows are read as far as they are wanted, which a relation cannot.
    assert using == {"store/arrow.py", "rules/findings.py"}
