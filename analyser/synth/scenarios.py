"""Stories of made-up persons. Each knows by construction how its register rows end in the first quarter of 2025.

The truth is simple arithmetic written beside the story, never asked of the program's own comparison.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import StrEnum

from analyser.synth.content import (
    OTHER_ORGANISER,
    TEMPORARY_ROOT,
    Block,
    Unit,
    unit_of_client,
)
from analyser.synth.envelope import Draft
from analyser.synth.messages import Reply, Sending
from analyser.synth.people import MOST_PERSONS, person
from analyser.synth.story import QUARTER_DAYS, Story, Teller, written_at

_FIRST = dt.date(2025, 1, 1)


class Defect(StrEnum):
    """What can be wrong in a county; each is a story with its own truth."""

    NO_DOCUMENT = "no-document"
    ONLY_CASE = "only-case"
    NO_TASK = "no-task"
    DATES_OUTSIDE = "dates-outside"
    SUPERSEDED = "superseded"
    VOID_BY_EMPTY_VERSION = "void-by-empty-version"
    OTHER_ORGANISER = "other-organiser"
    TEMPORARY_ID = "temporary-id"
    FIRST_PHASE_UNIT = "first-phase-unit"
    OLD_RELATIONSHIP = "old-relationship"
    BROKEN_JSON = "broken-json"
    BAD_BASE64 = "bad-base64"
    FAMILY_LAW = "family-law"
    PARTIAL_DATES = "partial-dates"
    END_BEFORE_START = "end-before-start"
    VERSION_CONFLICT = "version-conflict"
    UNKNOWN_TASK = "unknown-task"
    NO_PROTECTION_DATES = "no-protection-dates"
    NOT_IN_REGISTER = "not-in-register"
    NO_CASE = "no-case"
    DATES_DIFFER = "dates-differ"
    PDF_ONLY = "pdf-only"
    HEALTHCARE_DOCUMENT = "healthcare-document"
    BROKEN_XML = "broken-xml"
    NOT_XML = "not-xml"
    ENTITY_BOMB = "entity-bomb"
    FRAME_WITHOUT_DOCUMENT = "frame-without-document"
    STORED_LATE = "stored-late"
    CHAIN_GAP = "chain-gap"
    REFUSED = "refused-by-archive"
    REFUSED_VERSION = "refused-version"
    SENT_AGAIN = "sent-again"
    NOT_ACKNOWLEDGED = "not-acknowledged"


_TASKS = ("24", "24", "15", "20")
_TURN = len(_TASKS)
"""Persons so many numbers apart are clients of the same service task."""
_NEAREST = 10 * _TURN
"""How far away in numbers a client of a joint case is looked for."""


def _task(number: int) -> str:
    return _TASKS[number % _TURN]


def covered(number: int, companion: int | None = None) -> Story:
    """A client whose episode is archived whole, sometimes over two units, a newer version, or a case that is joint with
    the companion's."""
    teller = Teller(number)
    task = _task(number)
    teller.case(task, *([] if companion is None else [person(companion, child=False)]))
    if number % 5 == 1:
        block = Block(task, [Unit(teller.start, "2025-02-09"), Unit("2025-02-10", None, unit_of_client(number + 1))])
    else:
        block = Block(task, [Unit(teller.start)], "2025-02" if number % 6 == 0 else None)
    first = teller.archive(block)
    if number % 4 == 2:
        teller.archive(block, version=2, of=first, on="20250212101500+0200")
    teller.row(task, "archived", [], QUARTER_DAYS)
    return teller.story


def ended(number: int) -> Story:
    """A client whose episode ended inside the quarter."""
    teller = Teller(number)
    last = _FIRST + dt.timedelta(days=number % 80)
    days = (last - _FIRST).days + 1
    teller.case("24")
    teller.archive(Block("24", [Unit(teller.start, last.isoformat())]))
    teller.row("24", "archived", [], days, expected=days, end=f"{last.day}.{last.month}.{last.year}")
    return teller.story


def child_protected(number: int) -> Story:
    """A child archived in both layers."""
    teller = Teller(number, child=True)
    teller.case("10")
    teller.archive(Block("10", [Unit(teller.start)]), protection=(teller.start, None))
    teller.row("10", "archived", [], QUARTER_DAYS)
    teller.row("", "archived", [], QUARTER_DAYS, layer="child-protection")
    return teller.story


def _no_document(teller: Teller) -> None:
    teller.row("24", "missing", ["no-document", "no-case-document"])


def _only_case(teller: Teller) -> None:
    teller.case("24")
    teller.row("24", "missing", ["no-client-document"])


def _no_task(teller: Teller) -> None:
    teller.case("24")
    teller.archive(Block("24", [Unit(teller.start)]))
    teller.row("24", "archived", [], QUARTER_DAYS)
    teller.row("15", "missing", ["no-service-task", "no-case-document"])


def _dates_outside(teller: Teller) -> None:
    teller.case("24")
    teller.archive(Block("24", [Unit(teller.start, "2025-02-15")]))
    teller.row("24", "partial", ["dates-outside", "dates-differ"], 46)


def _superseded(teller: Teller) -> None:
    teller.case("24")
    first = teller.archive(Block("24", [Unit(teller.start)]))
    teller.archive(Block("24", [Unit("2025-03-01")]), version=2, of=first, on="20250303120000+0200")
    teller.row("24", "partial", ["superseded", "dates-outside", "dates-differ"], 31)


def _voided(teller: Teller) -> None:
    teller.case("24")
    first = teller.archive(Block("24", [Unit(teller.start)]))
    teller.archive(version=2, of=first, on="20250303120000+0200", empty=True)
    teller.row("24", "missing", ["voided", "superseded"])


def _other_organiser(teller: Teller) -> None:
    teller.case("24")
    teller.archive(Block("24", [Unit(teller.start)]), organiser=OTHER_ORGANISER)
    teller.row("24", "missing", ["other-organiser"])


def _temporary(teller: Teller) -> None:
    teller.archive(Block("24", [Unit(teller.start)]), under_temporary=True)
    who = teller.story.person
    teller.story.identities.append((who.temporary, TEMPORARY_ROOT, who.henkilotunnus, "", teller.start))
    teller.row("24", "archived", ["temporary-id-only", "no-case-document"], QUARTER_DAYS)


def _first_phase(teller: Teller) -> None:
    teller.case("24")
    teller.archive(Block(None, [Unit(teller.start)]))
    teller.row("24", "missing", ["no-service-task", "unit-without-task"])


def _old(teller: Teller) -> None:
    teller.case("24")
    teller.archive(Block("24", [Unit(teller.start)]), old=True)
    teller.row("24", "archived", ["old-relationship-only"], QUARTER_DAYS)


def _broken_json(teller: Teller) -> None:
    teller.case("24")
    teller.archive(body="eyJhc2lha2t1dXNhc2lha2lyamEiOiB7ImFzaWFrYXMi")
    teller.story.quarantined += 1
    teller.row("24", "missing", ["no-client-document", "quarantined-document"])


def _bad_base64(teller: Teller) -> None:
    teller.archive(body="***")
    teller.story.quarantined += 1
    teller.row("24", "missing", ["no-document", "quarantined-document", "no-case-document"])


def _family_law(teller: Teller) -> None:
    teller.row("family_law", "excluded", ["excluded-family-law"])


def _partial_dates(teller: Teller) -> None:
    teller.case("24")
    teller.archive(Block("24", [Unit("2025-02")]))
    teller.row("24", "undetermined", ["partial-date"], start="2025-02-10")


def _end_before_start(teller: Teller) -> None:
    teller.row("24", "undetermined", ["end-before-start"], start="2025-02-10", end="2025-02-01")


def _conflict(teller: Teller) -> None:
    teller.case("24")
    first = teller.archive(Block("24", [Unit(teller.start)]))
    second = teller.archive(Block("24", [Unit(teller.start, "2024-12-31")]), of=first)
    teller.story.drafts[-1] = _replace(second, replaces=None)
    teller.row("24", "undetermined", ["version-conflict"])


def _unknown_task(teller: Teller) -> None:
    teller.case("24")
    teller.row("Muu tehtävä", "undetermined", ["unknown-service-task"])


def _no_protection(teller: Teller) -> None:
    teller.case("10")
    teller.archive(Block("10", [Unit(teller.start)]))
    teller.row("10", "archived", [], QUARTER_DAYS)
    teller.row("", "missing", ["no-service-task"], layer="child-protection")


def _not_in_register(teller: Teller) -> None:
    teller.case("24")
    teller.archive(Block("24", [Unit(teller.start)]))
    teller.story.archived_only += 1


def _no_case(teller: Teller) -> None:
    teller.archive(Block("24", [Unit(teller.start)]))
    teller.row("24", "archived", ["no-case-document"], QUARTER_DAYS)


def _dates_differ(teller: Teller) -> None:
    teller.case("24")
    teller.archive(Block("24", [Unit(teller.start)]))
    teller.row("24", "archived", ["dates-differ"], 60, expected=60, start="2025-01-31")


def _file(name: str, content: bytes) -> Callable[[Teller], None]:
    def tell(teller: Teller) -> None:
        teller.story.files.append((name, content))
        teller.story.quarantined += 1

    return tell


def _pdf(teller: Teller) -> None:
    oid = f"1.2.246.10.99999901.95.2025.{teller.number}.99"
    teller.story.files.append(
        (
            "pdf-only.xml",
            f'<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="{oid}"/><component><nonXMLBody>'
            f'<text mediaType="application/pdf" representation="B64">JVBERi0xLjQK</text></nonXMLBody></component>'
            f"</ClinicalDocument>".encode(),
        )
    )
    teller.story.quarantined += 1


def _lone_frame(teller: Teller) -> None:
    oid = f"1.2.246.10.99999901.95.2025.{teller.number}.98"
    teller.story.files.append(
        (
            "alone.frame.xml",
            f'<RCMR_IN200002FI01 xmlns="urn:hl7-org:v3"><creationTime value="20250201120000+0200"/><controlActProcess>'
            f'<subject><clinicalDocument><id root="{oid}"/><setId root="{oid}"/></clinicalDocument></subject>'
            f"</controlActProcess></RCMR_IN200002FI01>".encode(),
        )
    )
    teller.story.quarantined += 1


def _late(teller: Teller) -> None:
    teller.case("24")
    teller.archive(Block("24", [Unit(teller.start)]), on="20250620101500+0300")
    teller.row("24", "archived", [], QUARTER_DAYS)


def _gap(teller: Teller) -> None:
    teller.case("24")
    first = teller.archive(Block("24", [Unit(teller.start)]))
    teller.archive(Block("24", [Unit(teller.start)]), version=3, of=first, on="20250303120000+0200")
    teller.row("24", "archived", [], QUARTER_DAYS)


def _sent(teller: Teller, *replies: tuple[str, int], after: int = 0) -> Sending:
    """A sending so many days after the client relationship was written down, and its answers: code and days."""
    first = teller.started + dt.timedelta(days=1)
    told = tuple(Reply(code, written_at(first + dt.timedelta(days=days)), _DETAILS.get(code)) for code, days in replies)
    return Sending(written_at(first + dt.timedelta(days=after)), told)


def _refused(teller: Teller) -> None:
    # The transport took it, the archive did not; the second answer only repeats the first.
    teller.case("24")
    teller.archive(Block("24", [Unit(teller.start)]), sendings=[_sent(teller, ("CA", 0), ("AE", 0), ("AE", 3))])
    teller.row("24", "missing", ["no-client-document", "refused"])


def _refused_version(teller: Teller) -> None:
    teller.case("24")
    block = Block("24", [Unit(teller.start, "2025-02-15")])
    first = teller.archive(block, sendings=[_sent(teller, ("AA", 0))])
    newer = [Sending("20250303120000+0200", (Reply("AR", "20250305120000+0200", _DETAILS["AR"]),))]
    teller.archive(Block("24", [Unit(teller.start)]), version=2, of=first, on="20250303120000+0200", sendings=newer)
    teller.row("24", "partial", ["refused", "dates-outside", "dates-differ"], 46)


def _sent_again(teller: Teller) -> None:
    # Refused at first, then sent again and accepted: late, and twice.
    teller.case("24")
    again = _sent(teller, ("AA", 40), ("AA", 41), after=10)
    teller.archive(Block("24", [Unit(teller.start)]), sendings=[_sent(teller, ("AE", 0)), again])
    teller.row("24", "archived", [], QUARTER_DAYS)


def _not_acknowledged(teller: Teller) -> None:
    teller.case("24", sendings=[_sent(teller, ("AA", 0))])
    teller.archive(Block("24", [Unit(teller.start)]), sendings=[_sent(teller, ("CA", 0))])
    teller.row("24", "archived", ["not-acknowledged"], QUARTER_DAYS)


def _replace(draft: Draft, **changed: object) -> Draft:
    from dataclasses import replace

    return replace(draft, **changed)  # type: ignore[arg-type]


_DETAILS = {
    "AE": ("NS260", "Asiakirjan rakenne on virheellinen", "/ClinicalDocument/component"),
    "AR": ("INTERR", "Järjestelmä ei ole käytettävissä", ""),
}
_BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>\n<a>&c;</a>'
_HEALTHCARE = (
    b'<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2.246.10.99999906.11.2025.1"/>'
    b'<f:localHeader xmlns:f="urn:hl7finland"/><component><structuredBody/></component></ClinicalDocument>'
)
STORIES: dict[Defect, Callable[[Teller], None]] = {
    Defect.NO_DOCUMENT: _no_document,
    Defect.ONLY_CASE: _only_case,
    Defect.NO_TASK: _no_task,
    Defect.DATES_OUTSIDE: _dates_outside,
    Defect.SUPERSEDED: _superseded,
    Defect.VOID_BY_EMPTY_VERSION: _voided,
    Defect.OTHER_ORGANISER: _other_organiser,
    Defect.TEMPORARY_ID: _temporary,
    Defect.FIRST_PHASE_UNIT: _first_phase,
    Defect.OLD_RELATIONSHIP: _old,
    Defect.BROKEN_JSON: _broken_json,
    Defect.BAD_BASE64: _bad_base64,
    Defect.FAMILY_LAW: _family_law,
    Defect.PARTIAL_DATES: _partial_dates,
    Defect.END_BEFORE_START: _end_before_start,
    Defect.VERSION_CONFLICT: _conflict,
    Defect.UNKNOWN_TASK: _unknown_task,
    Defect.NO_PROTECTION_DATES: _no_protection,
    Defect.NOT_IN_REGISTER: _not_in_register,
    Defect.NO_CASE: _no_case,
    Defect.DATES_DIFFER: _dates_differ,
    Defect.PDF_ONLY: _pdf,
    Defect.HEALTHCARE_DOCUMENT: _file("healthcare.xml", _HEALTHCARE),
    Defect.BROKEN_XML: _file("cut.xml", b'<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2.3"'),
    Defect.NOT_XML: _file("notes.txt", b"not a document"),
    Defect.ENTITY_BOMB: _file("entities.xml", _BOMB),
    Defect.FRAME_WITHOUT_DOCUMENT: _lone_frame,
    Defect.STORED_LATE: _late,
    Defect.CHAIN_GAP: _gap,
    Defect.REFUSED: _refused,
    Defect.REFUSED_VERSION: _refused_version,
    Defect.SENT_AGAIN: _sent_again,
    Defect.NOT_ACKNOWLEDGED: _not_acknowledged,
}
CHILDREN = {Defect.NO_PROTECTION_DATES}
# How many of 1,000 persons have a story of a defect, when the county is to be like a real one.
DEFECTS_PER_1000 = 216


def tell_defect(number: int, defects: tuple[Defect, ...]) -> Story | None:
    """The story of the person with this number, if it is one of a defect; those are spread evenly over the persons."""
    turn, place = divmod(number * DEFECTS_PER_1000, 1000)
    if not defects or place >= DEFECTS_PER_1000:
        return None
    defect = defects[turn % len(defects)]
    teller = Teller(number, child=defect in CHILDREN)
    STORIES[defect](teller)
    return teller.story


def tell(number: int, defects: tuple[Defect, ...], before: int = 0) -> Story:
    """The story of the person with this number; `before`: how many persons of the county have the numbers before it."""
    if (story := tell_defect(number, defects)) is not None:
        return story
    if number % 7 == 3:
        return child_protected(number)
    return ended(number) if number % 9 == 4 else covered(number, _companion(number, defects, before))


def _companion(number: int, defects: tuple[Defect, ...], before: int) -> int | None:
    """With whom this person's case is joint, if it is: somebody of the county who is a client of the same service task,
    and whose own client relationship is archived. A client of a joint case who has none is a defect."""
    if number % 11:
        return None
    others = ((number - step) % MOST_PERSONS for step in range(_TURN, min(before, _NEAREST) + 1, _TURN))
    return next((other for other in others if _is_covered(other, defects)), None)


def _is_covered(number: int, defects: tuple[Defect, ...]) -> bool:
    return number % 7 != 3 and number % 9 != 4 and tell_defect(number, defects) is None
