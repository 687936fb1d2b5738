"""The profile that docs/delivery.md teaches works as it stands there, and what the page lists is what there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyser.coverage.delivered import DeliveryStatus
from analyser.delivery.check import Fault
from analyser.delivery.values import Objection
from analyser.delivery.write import DeliveryWanted, deliver
from analyser.store.database import Database
from tests.delivery.store import NOW, REQUEST, episode, insert, store

PAGE = (Path(__file__).parents[2] / "docs" / "delivery.md").read_text(encoding="utf-8")


def _block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return re.sub(r"^   ", "", str(found), flags=re.MULTILINE)


@pytest.fixture
def database() -> Iterator[Database]:
    with store() as opened:
        insert(opened.connection, "register_code", code="77", key="elderly", name_fi="Iäkkäiden palvelut")
        episode(opened, "R1", end="2025-02-28")
        episode(opened, "R2", person="b", task="77")
        episode(opened, "R3", person="b", task="10", layer="child-protection")
        yield opened


@pytest.fixture
def profile(tmp_path: Path) -> str:
    (tmp_path / "guide.toml").write_text(_block("toml"), encoding="utf-8")
    (tmp_path / "guide.sql").write_text(_block("sql"), encoding="utf-8")
    return str(tmp_path / "guide.toml")


def test_the_profile_of_the_page_gives_the_lines_of_its_guide(database: Database, tmp_path: Path, profile: str) -> None:
    deliver(database, REQUEST, tmp_path / "out", DeliveryWanted(profile), NOW)
    organiser = f"{'1.2.246.10.99999901.10.0':<30}"
    assert (tmp_path / "out" / "ERILLIS_2025Q1.DAT").read_bytes().decode("ascii").split("\r\n") == [
        f"A010190-900P{organiser}LAPS1001202528022025{'R1':<30}",
        f"A020290-9016{organiser}IAKK1001202500000000{'R2':<30}",
        f"L020290-9016{organiser}SUOJ1001202500000000{'R3':<30}",
        "",
    ]


def test_what_the_page_says_cannot_be_expressed_is_set_apart(database: Database, tmp_path: Path, profile: str) -> None:
    episode(database, "R4", person="c")
    deliver(database, REQUEST, tmp_path / "out", DeliveryWanted(profile), NOW)
    assert "R4" not in (tmp_path / "out" / "ERILLIS_2025Q1.DAT").read_text("ascii")
    apart = (tmp_path / "out" / "rejected.csv").read_text("utf-8")
    assert "R4" in apart and "no-henkilotunnus" in apart


@pytest.mark.parametrize("listed", [Objection, Fault, DeliveryStatus])
def test_every_member_of_the_closed_sets_stands_on_the_page(listed: type[Objection | Fault | DeliveryStatus]) -> None:
    assert [member.value for member in listed if f"`{member.value}`" not in PAGE] == []
