"""Rules that compare shares and counts find nothing where there is nothing but chance.

The whole measurement is `python -m benchmarks.chance`: a thousand counties. Here are as many as a build has time for.
"""

from __future__ import annotations

import pytest

from benchmarks.chance import LOOKED_AT, false_findings

_COUNTIES = 8


@pytest.mark.long
def test_chance_makes_no_finding_in_counties_that_are_alike_everywhere() -> None:
    found = false_findings(_COUNTIES)
    assert found.keys() == set(LOOKED_AT)
    # A rule that is right in 95 of 100 counties has more than two false ones among eight in one run of a hundred.
    assert {code: share for code, share in found.items() if share * _COUNTIES > 2} == {}


@pytest.mark.long
def test_without_asking_for_chance_most_counties_have_a_false_finding() -> None:
    assert false_findings(4, chance=100)["P02"] > 0.5
