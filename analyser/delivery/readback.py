"""Reads the files of a delivery back into rows, by the profile that wrote them.

A profile may leave fields out, and may write several values of ours as one of its own: such a field is not told by the
folder, and no difference to it can be known.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analyser.delivery.profile import File, Format, Part, Profile, ProfileColumn, Type
from analyser.messages.errors import UsageError

FIELDS = ("layer", "kind", "organiser", "service_task", "social_service", "decided", "start", "end")
"""Fields of a delivered row that a folder may tell, beside its person."""


FORMER = "former_source_id"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of a delivery, as far as its file tells it."""

    part: str
    change: str
    file: str
    source_id: str
    """As the file has it."""
    person: tuple[str, str] | None
    """Root and value of the identifier; None when the file does not tell both."""
    fields: Mapping[str, str | None]
    """Those of FIELDS that the file tells."""
    former: str | None = None
    """The name by which it was told before, as the file has it."""


def file_of(profile: Profile, part: Part, name: str, period: str) -> File | None:
    """The profile's own description of a file of that name."""
    for file in profile.files:
        pattern = re.escape(file.name).replace(r"\{period\}", re.escape(period)).replace(r"\{value\}", ".+")
        if file.part is part and re.fullmatch(pattern, name):
            return file
    return None


def read_rows(profile: Profile, file: File, name: str, data: bytes) -> Iterator[ReadRow]:
    """The rows of a file. Raises UsageError when it is not in the profile's form."""
    columns = {column.source: column for column in file.columns if column.constant is None}
    if "source_id" not in columns or not _plainly(columns["source_id"]):
        raise UsageError("delivery.not_read_back", profile=profile.name, file=name)
    for values in _values(profile, file, name, data):
        told = {source: _back(column, values[column.name]) for source, column in columns.items() if _plainly(column)}
        source_id = told["source_id"]
        if not source_id:
            raise UsageError("delivery.not_read_back", profile=profile.name, file=name)
        fields = {name: told[name] for name in FIELDS if name in told}
        if profile.neutral and file.part is Part.EPISODES:
            fields["layer"] = file.rows  # the neutral profile has a file for each layer
        yield ReadRow(
            part=(told.get("part") or "") if file.part is Part.CORRECTIONS else file.part.value,
            change=(told.get("change") or "") if file.part is Part.CORRECTIONS else "",
            file=name,
            source_id=source_id,
            person=_person(profile, told),
            fields=fields,
            former=told.get(FORMER) or None,
        )


def _person(profile: Profile, told: Mapping[str, str | None]) -> tuple[str, str] | None:
    value, root = told.get("person_id"), told.get("person_id_root")
    if root is None and profile.person == "henkilotunnus":
        root = ""
    return (root, value) if value and root is not None else None


def _plainly(column: ProfileColumn) -> bool:
    """Whether what the file holds stands for one value of ours and no other."""
    if column.codes is not None and len(set(column.codes.values())) < len(column.codes):
        return False
    return column.type is not Type.DATE or set(re.findall("%(.)", column.format)) in ({"Y", "m", "d"}, {"Y", "j"})


def _back(column: ProfileColumn, value: str | None) -> str | None:
    if value is None or value == column.empty:
        return None
    if column.codes is not None:
        return next((own for own, theirs in column.codes.items() if theirs == value), value)
    return _day(column, value) if column.type is Type.DATE and column.format != "%Y-%m-%d" else value


def _day(column: ProfileColumn, value: str) -> str:
    import datetime as dt

    pattern = re.sub("%([Yymdj])", lambda mark: f"(?P<{mark[1]}>\\d+)", re.escape(column.format).replace(r"\%", "%"))
    pattern = pattern.replace("(?P<Y>\\d+)", "(?P<Y>\\d{4})").replace("(?P<j>\\d+)", "(?P<j>\\d{3})")
    pattern = pattern.replace("(?P<m>\\d+)", "(?P<m>\\d{2})").replace("(?P<d>\\d+)", "(?P<d>\\d{2})")
    found = re.fullmatch(pattern, value)
    if found is None:
        return value  # a partial date that the profile let stand
    told = found.groupdict()
    year = int(told["Y"])
    if "j" in told:
        return (dt.date(year, 1, 1) + dt.timedelta(days=int(told["j"]) - 1)).isoformat()
    return f"{year:04}-{told['m']}-{told['d']}"


def _values(profile: Profile, file: File, name: str, data: bytes) -> Iterable[dict[str, str | None]]:
    """Each row's texts by the names of the file's columns."""
    names = [column.name for column in file.columns]
    wrong = UsageError("delivery.not_read_back", profile=profile.name, file=name)
    try:
        text = data.decode(profile.encoding)
        match profile.format:
            case Format.CSV:
                lines = io.StringIO(text, newline="")
                rows = list(
                    csv.reader(lines, delimiter=profile.separator, quoting=csv.QUOTE_NONE)
                    if profile.quoting == "never"
                    else csv.reader(lines, delimiter=profile.separator)
                )
                head = rows.pop(0) if profile.header and rows else None
                if profile.neutral and head == [column for column in names if column != FORMER]:
                    # Written before corrections told the name that a row had.
                    return [{FORMER: None} | dict(zip(head, row, strict=True)) for row in rows]
                if profile.header and head != names:
                    raise wrong
                return [dict(zip(names, row, strict=True)) for row in rows]
            case Format.FIXED:
                cut = text.split(profile.line_end)[:-1]
                return [_cut(file, line) for line in (cut[1:] if profile.header else cut)]
            case Format.JSONL:
                return [_flat(names, json.loads(line)) for line in text.split(profile.line_end) if line]
            case Format.JSON:
                found = json.loads(text)
                return [_flat(names, row) for row in (found[file.root] if file.root else found)]
            case Format.XML | Format.XLSX:
                raise wrong
    except (UnicodeDecodeError, ValueError, KeyError, TypeError, csv.Error):
        raise wrong from None


def _cut(file: File, line: str) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    place = 0
    for column in file.columns:
        cell = line[place : place + column.width]
        place += column.width
        if cell == column.empty.ljust(column.width, column.pad) or cell == column.empty.rjust(column.width, column.pad):
            found[column.name] = column.empty
        else:
            found[column.name] = cell.lstrip(column.pad) if column.align == "right" else cell.rstrip(column.pad)
    if place != len(line):
        raise ValueError
    return found


def _flat(names: Iterable[str], row: Any) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name in names:
        value = row
        for part in name.split("."):
            value = value.get(part) if value is not None else None
        found[name] = None if value is None else str(value)
    return found
