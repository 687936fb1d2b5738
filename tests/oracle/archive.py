"""What an archive says, in plain Python: persons, service tasks, organisers, and which documents cover which days."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from tests.oracle.answers import Answers
from tests.oracle.county import County, Row
from tests.oracle.readings import FAR, Interval

_TASKS = {"24": "families", "15": "substance", "20": "disability", "10": "child_protection"}
_NAMES = {
    "lapsiperheiden palvelut": "families",
    "tjänster för barnfamiljer": "families",
    "työikäisten palvelut": "working_age",
    "tjänster för personer i arbetsför ålder": "working_age",
    "iäkkäiden palvelut": "elderly",
    "tjänster för äldre": "elderly",
    "päihdehuolto": "substance",
    "missbrukarvård": "substance",
    "vammaispalvelut": "disability",
    "service för personer med funktionsnedsättning": "disability",
    "lastensuojelu": "child_protection",
    "barnskydd": "child_protection",
    "perheoikeudelliset palvelut": "family_law",
    "familjerättsliga tjänster": "family_law",
}


@dataclass(frozen=True)
class Cover:
    """An interval of a document, for one person."""

    person: str
    organiser: str
    layer: str
    task: str | None
    interval: Interval
    document: str


class Archive:
    """What the documents of a county say, by the definition."""

    def __init__(self, county: County) -> None:
        self.county = county = county.told_once()
        self.documents = {row["document_key"]: row for row in county["document"]}
        # The relationship is the recordTarget's: whom the content alone names beside it has none by this document.
        in_header = {
            (row["document_key"], row["slot"]) for row in county["document_person"] if row["origin"] == "header"
        }
        self.named = [
            row
            for row in county["document_person"]
            if row["slot"] == 0
            or (row["document_key"], row["slot"]) in in_header
            or self.documents[row["document_key"]]["kind"] != "client-relationship"
        ]
        self._link_persons()
        self._name_tasks()
        self._scope()
        self._stand()
        self.covers = self._all_covers()

    # Persons

    def _link_persons(self) -> None:
        groups: list[set[str]] = []
        for row in self.county["register_identity"]:
            joined = {row["identity_key"], row["same_as_key"]}
            for group in [group for group in groups if group & joined]:
                joined |= group
                groups.remove(group)
            groups.append(joined)
        roots = {row["identity_key"]: row["root"] for row in self.county["person_identity"]}
        self._person = {}
        for group in groups:
            shown = min(group, key=lambda key: (roots.get(key) != "1.2.246.21", key))
            self._person.update(dict.fromkeys(group, shown))
        self.roots = roots

    def person(self, identity: str) -> str:
        return self._person.get(identity, identity)

    def about(self, document: Row) -> set[str]:
        return {
            self.person(row["identity_key"]) for row in self.named if row["document_key"] == document["document_key"]
        }

    # Service tasks

    def _name_tasks(self) -> None:
        code_key = dict(_TASKS)
        name_key = dict(_NAMES)
        self.keys: set[str] = {*_TASKS.values(), *_NAMES.values()}
        codes: dict[str, list[str]] = {}
        marked: dict[str, bool] = {}
        for row in self.county["register_code"]:
            key = (
                row.get("key")
                or _TASKS.get(row.get("code") or "")
                or _NAMES.get(_plain(row.get("name_fi")))
                or row.get("code")
            )
            key = key.lower() if row.get("key") else key
            self.keys.add(key)
            if row.get("code"):
                code_key[row["code"]] = key
                codes.setdefault(key, []).append(row["code"])
            for name in (row.get("name_fi"), row.get("name_sv")):
                if name:
                    name_key[_plain(name)] = key
            marked[key] = marked.get(key, True) and row.get("in_register") is not False
        built_in = {key: code for code, key in _TASKS.items()}
        self._shown = {key: built_in.get(key) or min(codes.get(key, []), default=key) for key in self.keys}
        self._code_key, self._name_key = code_key, name_key
        self.left_out = {key for key in self.keys if not marked.get(key, True)}

    def coded(self, row: Row) -> str | None:
        """Key of a document's coded value."""
        if row.get("task_code") in self._code_key:
            return self._code_key[row["task_code"]]
        return self._name_key.get(_plain(row.get("task_display")))

    def written(self, text: str | None) -> str | None:
        """Key of what a register row writes."""
        if text is None:
            return None
        text = text.strip()
        if text in self._code_key:
            return self._code_key[text]
        return text.lower() if text.lower() in self.keys else self._name_key.get(_plain(text))

    def shown(self, key: str) -> str:
        return self._shown[key]

    # Organisers

    def _scope(self) -> None:
        found = {row["organiser"] for row in self.county["register_episode"]}
        self.scope = set(self.county.organisers) or found

    def organiser(self, oid: str | None) -> str | None:
        if oid is None:
            return None
        entries = [entry for entry in self.scope if oid == entry or oid.startswith(entry + ".")]
        return min(entries, key=len) if entries else oid

    def in_scope(self, oid: str) -> bool:
        return any(oid == entry or oid.startswith(entry + ".") for entry in self.scope)

    # Documents

    def _stand(self) -> None:
        self.standing: dict[str, str] = {}
        self.at_last: dict[str, bool] = {}
        as_of = self.county.as_of
        now, at_last = Answers(self.county, as_of), Answers(self.county, None)
        stored, voided, voided_ever = {}, {}, {}
        kept_out, kept_out_at_last = {}, {}
        self.acknowledgement: dict[str, str | None] = {}
        for key, document in self.documents.items():
            frames = [frame for frame in self.county["frame"] if frame["oid"] == document["oid"]]
            sent = [
                frame["created_at"]
                for frame in frames
                if not frame["voiding"] and frame["created_at"] and frame.get("set_id") in (None, document["set_id"])
            ]
            moment = min(sent) if sent else document.get("created_at") or document.get("effective_at")
            stored[key] = moment.date() if moment else None
            voiding = [frame for frame in frames if frame["voiding"]]
            empty = document["body"] == "none"
            asked_ever = any(not refused(at_last, frame) for frame in voiding)
            asked = any(
                not refused(now, frame)
                and (as_of is None or not frame["created_at"] or frame["created_at"].date() <= as_of)
                for frame in voiding
            )
            voided_ever[key], voided[key] = empty or asked_ever, empty or asked
            self.acknowledgement[key] = now.of_document(document)
            kept_out[key] = None if asked else self._kept_out(self.acknowledgement[key])
            kept_out_at_last[key] = None if asked_ever else self._kept_out(at_last.of_document(document))
        for set_id in {document["set_id"] for document in self.documents.values()}:
            members = [key for key, document in self.documents.items() if document["set_id"] == set_id]
            present = [key for key in members if as_of is None or stored[key] is None or stored[key] <= as_of]
            newest = max((self.documents[key]["version"] for key in present if not kept_out[key]), default=None)
            last = max((self.documents[key]["version"] for key in members if not kept_out_at_last[key]), default=None)
            for key in members:
                if key not in present:
                    self.standing[key] = "after-as-of"
                elif kept_out[key]:
                    self.standing[key] = kept_out[key]
                elif self.documents[key]["version"] < newest:
                    self.standing[key] = "superseded"
                else:
                    self.standing[key] = "voided" if voided[key] else "current"
                self.at_last[key] = (
                    self.documents[key]["version"] == last and not voided_ever[key] and not kept_out_at_last[key]
                )

    def _kept_out(self, acknowledgement: str | None) -> str | None:
        if acknowledgement == "unanswered" and self.county.acknowledgements == "required":
            return "not-acknowledged"
        return "refused" if acknowledgement == "refused" else None

    def period_interval(self, period: Row, document: Row) -> Interval | None:
        """The days that a period's dates may mean; none when no reading has it end where it starts or later."""
        if period["start_lo"] is None:
            return None
        interval = Interval(period["start_lo"], period["start_hi"], period["end_lo"] or FAR, period["end_hi"] or FAR)
        if self._ends_with_relationship(period, document):
            # No period may end before it starts: of those that end with the relationship, the one that starts last
            # says how early it can end.
            starts = [
                other["start_lo"]
                for other in self.county["client_period"]
                if other["document_key"] == document["document_key"] and self._ends_with_relationship(other, document)
            ]
            interval = Interval(
                period["start_lo"],
                period["start_hi"],
                max(document["relationship_end_lo"], *starts),
                document["relationship_end_hi"],
                document["document_key"],
            )
        return interval if interval.read() else None

    def _ends_with_relationship(self, period: Row, document: Row) -> bool:
        last = document.get("relationship_end_hi")
        return (
            period["role"] != "child-protection"
            and period["start_lo"] is not None
            and period["end_lo"] is None
            and last is not None
            and last >= period["start_lo"]
        )

    def _all_covers(self) -> list[Cover]:
        roles = {"unit", "child-protection"}
        if self.county.producer_periods_cover:
            roles |= {"producer", "implementer"}
        found = []
        for period in self.county["client_period"]:
            document = self.documents[period["document_key"]]
            interval = self.period_interval(period, document)
            if document["kind"] != "client-relationship" or period["role"] not in roles or interval is None:
                continue
            protection = period["role"] == "child-protection"
            task = "child_protection" if protection else self.coded(period)
            organiser = self.organiser(document["organiser"])
            for person in self.about(document):
                if organiser is not None:
                    layer = "child-protection" if protection else "service-task"
                    found.append(Cover(person, organiser, layer, task, interval, document["document_key"]))
        return found

    def readings(self, person: str) -> list[set[str]]:
        """Current documents of the person in each reading."""
        candidates: dict[str, list[str]] = {}
        for key, document in self.documents.items():
            if self.standing[key] in ("current", "voided"):
                candidates.setdefault(document["set_id"], []).append(key)
        conflicts = [
            keys
            for keys in candidates.values()
            if len(keys) > 1
            and any(self.documents[key]["kind"] == "client-relationship" for key in keys)
            and any(person in self.about(self.documents[key]) for key in keys)
        ]
        in_conflict = {key for keys in conflicts for key in keys}
        sure = {key for key, standing in self.standing.items() if standing == "current" and key not in in_conflict}
        self.conflicting = in_conflict
        return [sure | {key for key in choice if self.standing[key] == "current"} for choice in product(*conflicts)]

    def oids(self, keys: set[str]) -> list[str]:
        return sorted({self.documents[key]["oid"] for key in keys})


def refused(answers: Answers, frame: Row) -> bool:
    """Whether the archive refused what a frame asked for."""
    told = answers.of_frame(frame)
    return told is not None and told[1]


def _plain(name: str | None) -> str:
    words = (name or "").lower().split()
    if len(words) > 1 and words[0].isdigit():
        words = words[1:]
    return " ".join(words)
