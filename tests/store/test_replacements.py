"""A document that leaves out its set or version has those that follow from what it replaces, whatever was read first."""

from __future__ import annotations

import re
from pathlib import Path

from analyser.archive.settings import ReadSettings
from analyser.ingest.forget import forget
from analyser.ingest.run import ingest
from analyser.store.database import open_database
from tests.archive.build import document, frame

_SETTINGS = ReadSettings(b"k" * 32)

# By case: documents (id, set, version, what it replaces: id, set, version), and sets and versions that they get.
_Relation = tuple[str | None, str | None, int | None]
_CASES: list[tuple[list[tuple[str, str | None, int | None, _Relation | None]], dict[str, tuple[str, int]]]] = [
    ([("1", "5", 1, None), ("2", None, 2, ("1", "5", 1))], {"1": ("5", 1), "2": ("5", 2)}),
    ([("1", "5", 1, None), ("2", None, None, (None, "5", 1))], {"1": ("5", 1), "2": ("5", 2)}),
    ([("1", "5", 3, None), ("2", None, None, (None, "5", None))], {"1": ("5", 3), "2": ("5", 4)}),
    # The id alone; the replaced one has another set than its id.
    ([("1", "5", 3, None), ("2", None, None, ("1", None, None))], {"1": ("5", 3), "2": ("5", 4)}),
    ([("1", "5", 3, None), ("2", "5", None, ("1", None, None))], {"1": ("5", 3), "2": ("5", 4)}),
    ([("1", "5", 3, None), ("2", None, None, ("1", None, 1))], {"1": ("5", 3), "2": ("5", 4)}),
    # A chain, the newest first; and one of which no link names a set.
    (
        [("3", None, None, ("2", None, None)), ("2", None, None, ("1", None, None)), ("1", "5", 1, None)],
        {"1": ("5", 1), "2": ("5", 2), "3": ("5", 3)},
    ),
    (
        [("3", None, None, ("2", None, None)), ("2", None, None, ("1", None, None)), ("1", None, None, None)],
        {"1": ("1", 1), "2": ("1", 2), "3": ("1", 3)},
    ),
    # What is replaced is not here.
    ([("2", None, None, ("1", None, 4)), ("3", None, None, ("1", None, 5))], {"2": ("1", 5), "3": ("1", 6)}),
    # A set that nobody knows, of a document that is here.
    ([("1", "5", 1, None), ("2", None, 2, ("1", "9", 1))], {"1": ("5", 1), "2": ("5", 2)}),
    # Conflicts: a version number that is taken, two that replace the same, a circle.
    ([("1", "5", 1, None), ("2", None, 1, ("1", None, None))], {"1": ("5", 1), "2": ("5", 1)}),
    (
        [("1", "5", 1, None), ("2", None, None, ("1", None, None)), ("3", None, None, ("1", None, None))],
        {"1": ("5", 1), "2": ("5", 2), "3": ("5", 2)},
    ),
    ([("2", None, None, ("1", None, None)), ("1", None, None, ("2", None, None))], {"1": ("1", 1), "2": ("1", 1)}),
    # What it says of itself holds; and nothing replaces itself.
    ([("1", "5", 1, None), ("2", "6", 1, ("1", "5", 1))], {"1": ("5", 1), "2": ("6", 1)}),
    ([("1", None, None, ("1", None, None))], {"1": ("1", 1)}),
]


def _related(oid: str | None, of_set: str | None, version: int | None) -> str:
    return (
        '<relatedDocument typeCode="RPLC"><parentDocument>'
        + (f'<id root="{oid}"/>' if oid else "")
        + (f'<setId root="{of_set}"/>' if of_set else "")
        + (f'<versionNumber value="{version}"/>' if version is not None else "")
        + "</parentDocument></relatedDocument>"
    )


def _xml(oid: str, of_set: str | None, version: int | None, relation: _Relation | None, body: str = "") -> str:
    says = f'<setId root="{of_set}"/>' if of_set else ""
    says += f'<versionNumber value="{version}"/>' if version is not None else ""
    return document(body or None, oid=oid, version=None, header=says + (_related(*relation) if relation else ""))


def _files() -> tuple[dict[str, str], dict[str, tuple[str, int]]]:
    files, expected = {}, {}
    for number, (documents, places) in enumerate(_CASES):

        def named(name: str | None, number: int = number) -> str | None:
            return name and f"1.2.3.{number}.{name}"

        for oid, of_set, version, relation in documents:
            told = relation and (named(relation[0]), named(relation[1]), relation[2])
            files[f"{number}-{oid}.xml"] = _xml(named(oid) or "", named(of_set), version, told)
        expected |= {named(oid) or "": (named(of_set) or "", at) for oid, (of_set, at) in places.items()}
    # What a document does not say, its frame does: its set and number, or what it replaces.
    sent = frame("1.2.4.2").replace(
        'setId root="1.2.4.2"/><versionNumber value="1"', 'setId root="1.2.4.5"/><versionNumber value="2"'
    )
    relates = re.sub(r"<setId[^/]*/><versionNumber[^/]*/>", _related("1.2.5.1", None, 7), frame("1.2.5.2"))
    for name in ("1.2.4", "1.2.5"):
        files[f"{name}-1.xml"] = _xml(f"{name}.1", f"{name}.5", 1, None)
        files[f"{name}-2.xml"] = _xml(f"{name}.2", None, None, None)
    files |= {"sent.frame.xml": sent, "relates.frame.xml": relates}
    expected |= {"1.2.4.1": ("1.2.4.5", 1), "1.2.4.2": ("1.2.4.5", 2)}
    expected |= {"1.2.5.1": ("1.2.5.5", 1), "1.2.5.2": ("1.2.5.5", 8)}
    # In quarantine a replacing document is of the set all the same, and links what replaces it.
    files["held-1.xml"] = _xml("1.2.6.1", "1.2.6.5", 1, None)
    files["held-2.xml"] = _xml("1.2.6.2", None, None, ("1.2.6.1", None, 1), "nothing")
    files["held-3.xml"] = _xml("1.2.6.3", None, None, ("1.2.6.2", None, None))
    expected |= {"1.2.6.1": ("1.2.6.5", 1), "1.2.6.3": ("1.2.6.5", 3)}
    return files, expected


def test_what_replaces_belongs_to_the_set_of_what_it_replaces_whatever_came_first(tmp_path: Path) -> None:
    files, expected = _files()
    for name, in_order in (("forth", sorted(files)), ("back", sorted(files, reverse=True))):
        halves = []
        for half in (0, 1):
            folder = tmp_path / name / f"half{half}"
            folder.mkdir(parents=True)
            for file in in_order[half::2]:
                (folder / file).write_text(files[file], encoding="utf-8")
            halves.append(folder)
        with open_database(tmp_path / f"{name}.duckdb", write=True) as database:

            def places(connection=database.connection) -> dict[str, tuple[str, int]]:
                rows = connection.execute("SELECT oid, set_id, version FROM document").fetchall()
                return {oid: (of_set, version) for oid, of_set, version in rows}

            for folder in halves:
                ingest(database, [folder], _SETTINGS)
            assert places() == expected
            held = database.connection.execute("SELECT oid, set_id, version FROM quarantine").fetchall()
            assert held == [("1.2.6.2", "1.2.6.5", 2)]
            # What goes takes nothing along, and what comes again puts all in their places.
            forget(database, str(halves[0]), dry=False)
            assert 0 < len(places()) < len(expected)
            ingest(database, halves, _SETTINGS)
            assert places() == expected
