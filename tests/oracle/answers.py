"""What the archive answered, in plain Python: which frames and documents it took, refused or left without an answer."""

from __future__ import annotations

import datetime as dt

from tests.oracle.county import County, Row

LONG_AGO = dt.datetime(1, 1, 1)
_ACCEPTS = {"AA"}
_REFUSES = {"AE", "AR", "CE", "CR"}


class Answers:
    """The answers as they are known on a day; None: at last."""

    def __init__(self, county: County, day: dt.date | None) -> None:
        self.county = county
        self.day = day
        ignored = county.acknowledgements == "ignore"
        self._proving = [
            row
            for row in ([] if ignored else county["acknowledgement"])
            if row["type_code"] in _ACCEPTS | _REFUSES and self._known(row["created_at"])
        ]

    def _known(self, moment: dt.datetime | None) -> bool:
        return self.day is None or moment is None or moment.date() <= self.day

    def of_frame(self, frame: Row) -> tuple[dt.datetime, bool] | None:
        """When the answer that stands was given, and whether it refuses."""
        name = frame.get("message_root"), frame.get("message_extension")
        if name == (None, None) or not self._known(frame["created_at"]):
            return None
        told = [
            (row["created_at"] or LONG_AGO, row["type_code"] in _REFUSES)
            for row in self._proving
            if (row["target_root"], row["target_extension"]) == name
        ]
        return max(told, default=None)

    def _sendings(self, document: Row) -> list[Row]:
        return [
            frame
            for frame in self.county["frame"]
            if frame["oid"] == document["oid"]
            and frame.get("set_id") in (None, document["set_id"])
            and (not frame["voiding"] or document["body"] == "none")
        ]

    def of_document(self, document: Row) -> str | None:
        """acknowledged, refused or unanswered; None where its sender got no answer that month, or, where one is
        required, nobody got any."""
        sendings = self._sendings(document)
        answered = [(frame["created_at"] or LONG_AGO, told) for frame in sendings if (told := self.of_frame(frame))]
        if answered:
            _, (_, refuses) = max(answered)
            return "refused" if refuses else "acknowledged"
        if self.county.acknowledgements == "required":
            named = any(row["target_root"] or row["target_extension"] for row in self._proving)
            return "unanswered" if named else None
        return "unanswered" if any(month in self._answered_months() for month in self._months(document)) else None

    def _months(self, document: Row) -> list[tuple[str, int, int]]:
        found = []
        sendings = self._sendings(document)
        for frame in sendings:
            sender = frame.get("sender") or document["organiser"]
            if sender and frame["created_at"] and self._known(frame["created_at"]):
                found.append((sender, frame["created_at"].year, frame["created_at"].month))
        own = document.get("created_at") or document.get("effective_at")
        sender = document["organiser"]
        if not sendings and own and sender and self._known(own):
            found.append((sender, own.year, own.month))
        return found

    def _answered_months(self) -> set[tuple[str, int, int]]:
        found = set()
        for frame in self.county["frame"]:
            if frame["created_at"] is None or self.of_frame(frame) is None:
                continue
            for document in self.county["document"]:
                sender = frame.get("sender") or document["organiser"]
                if document["oid"] == frame["oid"] and sender:
                    found.add((sender, frame["created_at"].year, frame["created_at"].month))
        return found
