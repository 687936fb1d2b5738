"""What the header of an archived document means.

A header is read in two steps. `header.py` goes through the tree once and takes the texts that may matter as they
stand; here they are judged. So the texts may also come from elsewhere than a tree (`known_markup.py`), and the same
words judge them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from analyser.archive.documents.header_texts import HeaderTexts, Take
from analyser.archive.documents.moments import local_moment
from analyser.archive.documents.problems import Problem
from analyser.archive.quarantine import Code, Trouble
from analyser.national.identifiers import HENKILOTUNNUS_ROOT, normal_root, normal_value, plain, redacted

_CLIENT_REGISTER = "1"


@dataclass(slots=True)
class Client:
    """One recordTarget: its identifiers (root, value, place) and birth date as written."""

    identifiers: list[tuple[str, str, str]]
    birth_time: str | None = None


@dataclass(slots=True)
class Envelope:
    """What the header says, as text. `problems` are codes of tolerated defects."""

    oid: str | None = None
    code: str | None = None
    effective_time: str | None = None
    set_id: str | None = None
    version: str | None = None
    clients: list[Client] = field(default_factory=list)
    custodian: str | None = None
    replaces: bool = False
    """The related document that is being read is a preceding version."""
    replaces_oid: str | None = None
    replaces_set_id: str | None = None
    replaces_version: str | None = None
    case_id: str | None = None
    unit: str | None = None
    social: bool = False
    social_headers: int = 0
    registry: str | None = None
    """Code 1264 of the register that the document belongs to."""
    healthcare: bool = False
    specific_type: str | None = None
    creation_time: str | None = None
    group: str | None = None
    tasks: list[tuple[str | None, str | None, str | None, int]] = field(default_factory=list)
    record_status: str | None = None
    organiser: str | None = None
    specification: str | None = None
    relationship_id: str | None = None
    json: str | None = None
    more_json: list[str] = field(default_factory=list)
    """What further `json` elements hold; empty ones do not count."""
    media_type: str | None = None
    display: etree._Element | None = None
    """The display form, as it lies in the tree. It is long, and is asked about only where it is all there is."""
    problems: list[Problem] = field(default_factory=list)


def envelope_of(told: HeaderTexts) -> Envelope:
    """What a header's texts mean. Raises Trouble when it has no id or belongs to healthcare."""
    found = Envelope(display=told.display)
    take = iter(told.texts).__next__
    for fact in told.facts:
        fact(take, found)
    if found.healthcare and not found.social:
        raise Trouble(Code.HEALTHCARE_DOCUMENT, "ClinicalDocument/localHeader")
    if not found.oid:
        raise Trouble(Code.MISSING_ID, "ClinicalDocument/id")
    _judge(found)
    return found


def _judge(found: Envelope) -> None:
    """Note what can be told only of the header as a whole."""
    for moment in (found.effective_time, found.creation_time):
        if moment and not moment.isspace() and local_moment(moment) is None:
            _note(found, Problem.UNREADABLE_TIME)
    if found.social_headers > 1:
        _note(found, Problem.SEVERAL_SOCIAL_HEADERS)
    if found.registry not in (None, _CLIENT_REGISTER):
        _note(found, Problem.OTHER_REGISTRY)


def _note(found: Envelope, problem: Problem) -> None:
    if problem not in found.problems:
        found.problems.append(problem)


def _absent(found: Envelope, problem: Problem, value: str | None, null_flavor: str | None) -> None:
    """Note an identifier that is there and marked as absent."""
    if null_flavor and value and value.strip():
        _note(found, problem)


def shows_something(display: etree._Element | None) -> bool:
    """Whether a display form is there and is not empty."""
    if display is None:
        return False
    return bool(display.text and not display.text.isspace()) or len(display) > 0


def version_number(text: str | None) -> int | None:
    """A version number; None when it is absent, no number, or too large to be one."""
    return int(text) if text and text.isdecimal() and len(text) < 7 else None


def oid_of(root: str | None) -> str | None:
    """@root of an id, also beside a nullFlavor: real documents carry both."""
    if not root:
        return None
    if root.isascii() and root.replace(".", "").isdecimal():
        return root  # nearly all of them, and each another: not worth a cache
    # A field for an OID may hold anything; what is none may be a person's, and OIDs are shown in reports.
    oid = normal_root(root)
    return (oid if oid.replace(".", "").isdecimal() else redacted(oid)) or None


# What each text means. `take` gives the next text; a fact takes as many as `telling` has put there for it.

Fact = Callable[[Take, Envelope], None]


def _text(text: str | None) -> str | None:
    if not text:
        return None
    return text if text.isprintable() else plain(text)


def tells_id(take: Take, found: Envelope) -> None:
    """An id of the document: root, nullFlavor."""
    root, null_flavor = take(), take()
    if found.oid is None:
        found.oid = oid_of(root)
        if found.oid and null_flavor:
            found.problems.append(Problem.ID_WITH_NULL_FLAVOR)


def tells_code(take: Take, found: Envelope) -> None:
    """Its general type."""
    found.code = _text(take())


def tells_effective(take: Take, found: Envelope) -> None:
    """When it was authored."""
    found.effective_time = take() or None


def tells_set(take: Take, found: Envelope) -> None:
    """The set of its versions: root, nullFlavor."""
    found.set_id = oid_of(take())
    _absent(found, Problem.SET_ID_WITH_NULL_FLAVOR, found.set_id, take())


def tells_version(take: Take, found: Envelope) -> None:
    """Its version number."""
    found.version = take()


def tells_client(_: Take, found: Envelope) -> None:
    """A recordTarget begins."""
    found.clients.append(Client([]))


def tells_client_id(take: Take, found: Envelope) -> None:
    """An identifier of the client: root, extension, nullFlavor."""
    root, value, null_flavor = take(), take(), take()
    _absent(found, Problem.CLIENT_ID_WITH_NULL_FLAVOR, value, null_flavor)
    if value and value.strip():
        place = f"ClinicalDocument/recordTarget[{len(found.clients)}]/patientRole/id"
        found.clients[-1].identifiers.append((normal_root(root) or HENKILOTUNNUS_ROOT, normal_value(value), place))


def tells_birth(take: Take, found: Envelope) -> None:
    """The client's birth date."""
    found.clients[-1].birth_time = take()


def tells_custodian(take: Take, found: Envelope) -> None:
    """The controller: root, nullFlavor."""
    found.custodian = oid_of(take())
    _absent(found, Problem.ORGANISATION_ID_WITH_NULL_FLAVOR, found.custodian, take())


def tells_related(take: Take, found: Envelope) -> None:
    """A related document begins: typeCode."""
    found.replaces = take() == "RPLC"


def tells_parent(take: Take, found: Envelope) -> None:
    """The related document: root and nullFlavor of its id and of its set, version number."""
    oid, no_oid, set_id, no_set, version = take(), take(), take(), take(), take()
    if found.replaces:
        _absent(found, Problem.REPLACED_ID_WITH_NULL_FLAVOR, oid, no_oid)
        _absent(found, Problem.REPLACED_ID_WITH_NULL_FLAVOR, set_id, no_set)
        found.replaces_oid, found.replaces_set_id, found.replaces_version = oid_of(oid), oid_of(set_id), version


def tells_case(take: Take, found: Envelope) -> None:
    """The case: root, nullFlavor."""
    found.case_id = oid_of(take())
    _absent(found, Problem.CASE_ID_WITH_NULL_FLAVOR, found.case_id, take())


def tells_participant(take: Take, found: Envelope) -> None:
    """A participant of the encounter: typeCode, root and nullFlavor of the organisation."""
    kind, unit, null_flavor = take(), take(), take()
    if kind == "ADM":
        found.unit = oid_of(unit)
        _absent(found, Problem.ORGANISATION_ID_WITH_NULL_FLAVOR, unit, null_flavor)


def tells_social(_: Take, found: Envelope) -> None:
    """A header of social welfare begins."""
    found.social = True
    found.social_headers += 1


def tells_wrong_encoding(_: Take, found: Envelope) -> None:
    """The encoding that is declared is not that of the bytes."""
    found.problems.append(Problem.WRONG_ENCODING)


def tells_healthcare(_: Take, found: Envelope) -> None:
    """A header of healthcare stands there."""
    found.healthcare = True


def tells_media_type(take: Take, found: Envelope) -> None:
    """The display form's media type."""
    found.media_type = take()


def tells_json(take: Take, found: Envelope) -> None:
    """A structured content."""
    text = take()
    if not found.json or found.json.isspace():
        found.json = text
    elif text and not text.isspace():
        found.more_json.append(text)


def tells_specific_type(take: Take, found: Envelope) -> None:
    """The specific type: code."""
    found.specific_type = _text(take())


def tells_creation(take: Take, found: Envelope) -> None:
    """When it was created."""
    found.creation_time = take() or None


def tells_group(take: Take, found: Envelope) -> None:
    """The document group: code."""
    found.group = _text(take())


def tells_function(take: Take, found: Envelope) -> None:
    """A service task: code system, code, display name."""
    found.tasks.append((take(), take(), take(), len(found.tasks) + 1))


def tells_status(take: Take, found: Envelope) -> None:
    """The record status: code."""
    found.record_status = _text(take())


def tells_organiser(take: Take, found: Envelope) -> None:
    """The organiser: root, nullFlavor."""
    root, null_flavor = take(), take()
    found.organiser = oid_of(root) or found.organiser
    _absent(found, Problem.ORGANISATION_ID_WITH_NULL_FLAVOR, root, null_flavor)


def tells_specification(take: Take, found: Envelope) -> None:
    """The definition of the content: text, root."""
    text, root = take(), take()
    found.specification = plain(normal_root(text or root)) or None


def tells_relationship(take: Take, found: Envelope) -> None:
    """The client relationship: root, nullFlavor."""
    found.relationship_id = oid_of(take())
    _absent(found, Problem.ORGANISATION_ID_WITH_NULL_FLAVOR, found.relationship_id, take())


def tells_registry(take: Take, found: Envelope) -> None:
    """The register that it belongs to: code."""
    found.registry = _text(take()) or found.registry
