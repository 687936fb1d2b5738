"""docs/counting.md in plain Python, one day after another. Slow on purpose."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.oracle.archive import Archive, Cover
from tests.oracle.county import Row
from tests.oracle.readings import FAR, Interval, days, walked

ORDER = [
    "no-document", "no-client-document", "quarantined-document", "temporary-id-only", "other-organiser", "voided",
    "refused", "not-acknowledged", "superseded", "no-service-task", "unit-without-task", "dates-outside", "after-as-of",
    "old-relationship-only", "dates-differ", "no-case-document", "excluded-family-law", "excluded-organiser",
    "excluded-task", "partial-date", "end-before-start", "version-conflict", "unknown-service-task",
]  # fmt: skip

KEPT_OUT = ("refused", "not-acknowledged")


class Oracle(Archive):
    """Everything that the definition says about one county."""

    # The ledger

    def rows(self) -> list[dict[str, Any]]:
        """Every row of the period."""
        found = []
        for row in self.county["register_episode"]:
            interval = Interval(row["start_lo"], row["start_hi"], row["end_lo"] or FAR, row["end_hi"] or FAR)
            if self._belongs(interval):
                found.append(self._row(row, interval))
        return sorted(found, key=lambda row: row["source_id"])

    def _belongs(self, row: Interval) -> bool:
        start, end = self.county.start, self.county.end
        if row.end_hi < row.start_lo:
            return row.end_lo <= end and row.start_hi >= start
        return row.start_lo <= end and row.end_hi >= start

    def _row(self, row: Row, interval: Interval) -> dict[str, Any]:
        person, layer = self.person(row["identity_key"]), row["layer"]
        protection = layer == "child-protection"
        key = self.written(row["service_task"])
        if protection and row["service_task"] is None:
            key = "child_protection"
        match = "child_protection" if protection else key
        result = {
            "source_id": row["source_id"],
            "person_key": person,
            "service_task": self.shown(key) if key else row["service_task"],
            "days_expected": 0,
            "days_archived": 0,
            "documents": [],
        }
        excluded = []
        if key == "family_law":
            excluded.append("excluded-family-law")
        if not self.in_scope(row["organiser"]):
            excluded.append("excluded-organiser")
        if key is not None and key != "family_law" and key in self.left_out:
            excluded.append("excluded-task")
        if excluded:
            return result | {"class": "excluded", "reasons": excluded}
        unclear = []
        if interval.end_hi < interval.start_lo:
            unclear.append("end-before-start")
        if key is None:
            unclear.append("unknown-service-task")
        if unclear:
            return result | {"class": "undetermined", "reasons": unclear}
        assert match is not None
        return result | self._decided(row, interval, person, layer, match)

    def _decided(self, row: Row, interval: Interval, person: str, layer: str, task: str) -> dict[str, Any]:
        period = set(days(self.county.start, self.county.end))
        widest, narrowest = interval.possible(period), interval.certain(period)
        # The figures go by the dates as they are written, so that `2025-01-10` to `2025` counts its widest days.
        counted = narrowest if interval.start_hi <= interval.end_lo and narrowest else widest
        organiser = self.organiser(row["organiser"])
        own = [c for c in self.covers if (c.person, c.organiser, c.layer, c.task) == (person, organiser, layer, task)]
        told, archived, uncovered = [], [], set()
        for reading in self.readings(person):
            covers = [c.interval for c in own if c.document in reading]
            told.append(walked(interval, [cover for cover in covers if cover.possible(widest)], period))
            certain = {day for cover in covers for day in cover.certain(widest)}
            archived.append(len(counted & certain))
            uncovered |= widest - certain
        classes = [next(iter(one)) if len(one) == 1 else "open" for one in told]
        current = [c for c in own if self.standing[c.document] == "current" and c.interval.possible(widest)]
        if len(set(classes)) > 1 or "open" in classes:
            reasons = ["partial-date"] * ("open" in classes) + ["version-conflict"] * (len(set(classes)) > 1)
            documents = set()
            if "partial-date" in reasons:
                documents |= {c.document for c in current}
            if "version-conflict" in reasons:
                documents |= self.conflicting
            return {"class": "undetermined", "reasons": reasons, "documents": self.oids(documents)}
        found = self._reasons(row, interval, person, organiser, layer, task, widest, uncovered, own, classes[0])
        if classes[0] == "missing":
            documents = {key for keys in found.values() for key in keys}
            oids = self.oids({k for k in documents if k in self.documents})
            quarantined = {k.removeprefix("oid:") for k in documents if k.startswith("oid:")}
            oids = sorted({*oids, *quarantined})
        else:
            oids = self.oids({c.document for c in current})
        return {
            "class": classes[0],
            "reasons": sorted(found, key=ORDER.index),
            "days_expected": len(counted),
            "days_archived": max(min(archived), 1 if classes[0] == "partial" else 0),
            "documents": oids,
        }

    def _reasons(
        self, row: Row, interval: Interval, person: str, organiser: str | None, layer: str, task: str,
        widest: set[dt.date], uncovered: set[dt.date], own: list[Cover], row_class: str,
    ) -> dict[str, set[str]]:  # fmt: skip
        found: dict[str, set[str]] = {}
        here = [
            key
            for key, doc in self.documents.items()
            if self.standing[key] not in ("after-as-of", *KEPT_OUT) and person in self.about(doc)
        ]
        relationships = [key for key in here if self.documents[key]["kind"] == "client-relationship"]
        current = [key for key in relationships if self.standing[key] == "current"]
        current_own = [key for key in current if self.organiser(self.documents[key]["organiser"]) == organiser]
        voided = [key for key in relationships if self.standing[key] == "voided"]
        if row_class != "archived":
            if not here:
                found["no-document"] = set()
            elif not relationships:
                found["no-client-document"] = set()
            others = {
                c.document
                for c in self.covers
                if c.person == person and c.layer == layer and c.task == task and c.organiser != organiser
                and self.standing[c.document] == "current" and c.interval.possible(uncovered)
            }  # fmt: skip
            if others or (current and not current_own):
                found["other-organiser"] = others | (set(current) if not current_own else set())
            self._voided(voided, current, organiser, person, layer, task, uncovered, found)
            self._kept_out_reasons(own, current, person, uncovered, found)
            older = {
                c.document for c in own if self.standing[c.document] == "superseded" and c.interval.possible(uncovered)
            }
            alone = set(relationships) if relationships and not current and not voided else set()
            if older or alone:
                found["superseded"] = older | alone
            naming = {key for key in current_own if self._names(key, layer, task)}
            if current_own and not naming:
                found["no-service-task"] = set(current_own)
            if layer == "service-task":
                units = {
                    p["document_key"]
                    for p in self.county["client_period"]
                    if p["role"] == "first-phase-unit" and p["document_key"] in current_own
                    and (i := self.period_interval(p, self.documents[p["document_key"]])) and i.possible(uncovered)
                }  # fmt: skip
                if units:
                    found["unit-without-task"] = units
            if naming and uncovered:
                found["dates-outside"] = naming
            later = {
                c.document
                for c in own
                if self.standing[c.document] == "after-as-of" and self.at_last[c.document]
                and c.interval.possible(uncovered)
            }  # fmt: skip
            if later:
                found["after-as-of"] = later
        identities = {entry["identity_key"] for entry in self.named if entry["document_key"] in here}
        if here and row["identity_key"] not in identities:
            found["temporary-id-only"] = set()
        covering = {c.document for c in own if self.standing[c.document] == "current" and c.interval.possible(widest)}
        found |= self._quarantined(person if row_class != "archived" else None, covering)
        if unanswered := {key for key in covering if self.acknowledgement[key] == "unanswered"}:
            found["not-acknowledged"] = found.get("not-acknowledged", set()) | unanswered
        if covering and all(self.documents[key].get("old_relationship") for key in covering):
            found["old-relationship-only"] = set()
        if self._dates_differ(own, interval):
            found["dates-differ"] = set()
        if not self._has_case(person, organiser, task, interval):
            found["no-case-document"] = set()
        return found

    def _quarantined(self, person: str | None, covering: set[str]) -> dict[str, set[str]]:
        """Client documents in quarantine: those that carry the person, and newer versions of a document that covers."""
        members = {
            e["member_key"] for e in self.county["quarantine_person"] if self.person(e["identity_key"]) == person
        }
        found: dict[str, set[str]] = {}
        for entry in self.county["quarantine"]:
            newer = any(
                self.documents[key]["set_id"] == entry.get("set_id")
                and self.documents[key]["version"] < (entry.get("version") or 0)
                for key in covering
            )
            if (
                entry.get("kind") in (None, "client-relationship")
                and (entry["member_key"] in members or newer)
                and not self._stored_late(entry)
            ):
                found.setdefault("quarantined-document", set()).update(
                    {f"oid:{entry['oid']}"} if entry.get("oid") else set()
                )
        return found

    def _stored_late(self, quarantined: Row) -> bool:
        sent = [
            frame["created_at"]
            for frame in self.county["frame"]
            if frame["oid"] == quarantined.get("oid") is not None
            and not frame["voiding"]
            and frame["created_at"]
            and (frame.get("set_id") is None or frame["set_id"] == quarantined.get("set_id"))
        ]
        stored = min(sent) if sent else quarantined.get("stored_at")
        return self.county.as_of is not None and stored is not None and stored.date() > self.county.as_of

    def _voided(
        self, voided: list[str], current: list[str], organiser: str | None, person: str, layer: str, task: str,
        uncovered: set[dt.date], found: dict[str, set[str]],
    ) -> None:  # fmt: skip
        telling = set()
        for key in voided:
            versions = [
                other
                for other, document in self.documents.items()
                if document["set_id"] == self.documents[key]["set_id"] and self.standing[other] != "after-as-of"
            ]
            known = any(period["document_key"] in versions for period in self.county["client_period"])
            once = any(
                c.document in versions and c.person == person and c.layer == layer and c.task == task
                and c.interval.possible(uncovered)
                for c in self.covers
            )  # fmt: skip
            same = self.organiser(self.documents[key]["organiser"]) == organiser
            if (same and (once or not known)) or not current:
                telling.add(key)
        if telling:
            found["voided"] = telling

    def _kept_out_reasons(
        self, own: list[Cover], current: list[str], person: str, uncovered: set[dt.date], found: dict[str, set[str]]
    ) -> None:
        for standing in KEPT_OUT:
            telling = {
                c.document for c in own if self.standing[c.document] == standing and c.interval.possible(uncovered)
            }
            if not current:
                telling |= {
                    key
                    for key, document in self.documents.items()
                    if self.standing[key] == standing
                    and document["kind"] == "client-relationship"
                    and person in self.about(document)
                }
            if telling:
                found[standing] = telling

    def _names(self, document: str, layer: str, task: str) -> bool:
        if layer == "child-protection":
            return any(
                p["document_key"] == document and p["role"] == "child-protection" for p in self.county["client_period"]
            )
        return any(
            block["document_key"] == document and self.coded(block) == task
            for block in self.county["service_task_block"]
        )

    def _dates_differ(self, own: list[Cover], row: Interval) -> bool:
        touching = [
            episode
            for episode in episodes([c for c in own if self.standing[c.document] == "current"])
            if any(c.interval.start_lo <= row.end_hi for c in episode)
            and any(c.interval.end_hi >= row.start_lo for c in episode)
        ]
        intervals = [c.interval for episode in touching for c in episode]
        if not intervals:
            return False
        first = (min(i.start_lo for i in intervals), min(i.last_start() for i in intervals))
        last = (max(i.first_end() for i in intervals), max(i.end_hi for i in intervals))
        return not (first[0] <= row.last_start() and first[1] >= row.start_lo) or not (
            last[0] <= row.end_hi and last[1] >= row.first_end()
        )

    def _has_case(self, person: str, organiser: str | None, task: str, row: Interval) -> bool:
        for case in self.county["case_fact"]:
            document = self.documents[case["document_key"]]
            if (
                document["kind"] == "case"
                and self.standing[document["document_key"]] == "current"
                and self.organiser(document["organiser"]) == organiser
                and self.coded(case) == task
            ):
                for joined, left in self._times(document["document_key"], person):
                    first = max(case["opened_lo"] or dt.date.min, joined)
                    last = min(case["closed_hi"] or FAR, left)
                    if first <= last and first <= row.end_hi and last >= row.start_lo:
                        return True
        return False

    def _times(self, document: str, person: str) -> list[tuple[dt.date, dt.date]]:
        """When the person was a client of the document, once for each place that they have in it."""
        told = [entry for entry in self.named if entry["document_key"] == document]
        return [
            (
                max(entry.get("joined_lo") or dt.date.min for entry in told if entry["slot"] == slot),
                min(entry.get("left_hi") or FAR for entry in told if entry["slot"] == slot),
            )
            for slot in {entry["slot"] for entry in told if self.person(entry["identity_key"]) == person}
        ]

    # Archived only

    def archived_only(self) -> list[tuple[str, str, str, tuple[str, ...]]]:
        """Person, layer, task and documents of archived episodes that the register does not know."""
        slots: dict[tuple[str, int], list[Row]] = {}
        for entry in self.named:
            slots.setdefault((entry["document_key"], entry["slot"]), []).append(entry)
        together: set[tuple[str, str]] = set()
        leading: set[tuple[str, str]] = set()
        for (document, _), entries in slots.items():
            people = [self.person(entry["identity_key"]) for entry in entries]
            together |= {(one, other) for one in people for other in people}
            lead = min(
                entries,
                key=lambda e: (
                    e["origin"] != "header",
                    self.roots.get(e["identity_key"]) != "1.2.246.21",
                    e["identity_key"],
                ),
            )
            leading.add((document, self.person(lead["identity_key"])))
        current = [c for c in self.covers if self.standing[c.document] == "current" and c.task is not None]
        found = []
        for group in {(c.person, c.organiser, c.layer, c.task) for c in current}:
            person, organiser, layer, task = group
            if not self.in_scope(organiser) or task == "family_law" or task in self.left_out:
                continue
            for episode in episodes([c for c in current if (c.person, c.organiser, c.layer, c.task) == group]):
                start = min(c.interval.start_lo for c in episode)
                end = max(c.interval.end_hi for c in episode)
                if start > self.county.end or end < self.county.start:
                    continue
                if not any((c.document, person) in leading for c in episode):
                    continue
                if not self._in_register({person} | {b for a, b in together if a == person}, layer, task, start, end):
                    found.append((person, layer, self.shown(task), tuple(self.oids({c.document for c in episode}))))
        return sorted(found)

    def _in_register(self, people: set[str], layer: str, task: str, start: dt.date, end: dt.date) -> bool:
        for row in self.county["register_episode"]:
            key = "child_protection" if row["layer"] == "child-protection" else self.written(row["service_task"])
            if (
                self.person(row["identity_key"]) in people
                and row["layer"] == layer
                and key == task
                and row["start_lo"] <= (row["end_hi"] or FAR)
                and row["start_lo"] <= end
                and (row["end_hi"] or FAR) >= start
            ):
                return True
        return False


def episodes(covers: list[Cover]) -> list[list[Cover]]:
    """Overlapping or adjacent intervals together."""
    found: list[list[Cover]] = []
    for cover in sorted(covers, key=lambda c: (c.interval.start_lo, c.interval.end_hi)):
        reach = max((c.interval.end_hi for c in found[-1]), default=None) if found else None
        if reach is not None and (reach == FAR or cover.interval.start_lo <= reach + dt.timedelta(days=1)):
            found[-1].append(cover)
        else:
            found.append([cover])
    return found
