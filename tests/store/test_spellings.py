"""A document in several spellings of its bytes is one document, counted once; one that says another thing is a conflict."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from analyser.archive.settings import ReadSettings
from analyser.coverage.model import Model, Request
from analyser.coverage.result import Period
from analyser.coverage.trace import trace
from analyser.ingest.forget import forget
from analyser.ingest.run import ingest
from analyser.store.database import Database, open_database
from tests.archive.build import content, document

_REQUEST = Request(Period("2025Q1", dt.date(2025, 1, 1), dt.date(2025, 3, 31)), None, ())


def _standing(database: Database) -> list[tuple[str, int]]:
    model = Model.build(database.connection, _REQUEST)
    assert not model.rows("ties")
    return [(key, version) for _, key, version in database.connection.execute(
        "SELECT oid, standing, version FROM document_standing JOIN document USING (document_key, oid) ORDER BY ALL"
    ).fetchall()]  # fmt: skip


def test_a_document_in_several_spellings_is_counted_once(tmp_path: Path) -> None:
    plain = document().replace("<component>", "\n<component>\n")
    spellings = {
        "crlf.xml": plain.replace("\n", "\r\n").encode(),
        "bom.xml": b"\xef\xbb\xbf" + plain.encode(),
        "utf16.xml": ('<?xml version="1.0" encoding="UTF-16"?>' + plain).encode("utf-16"),
        "declared.xml": ('<?xml version="1.0"?><!-- again -->' + plain).encode(),
        "wrapped.xml": f"<trace><m><![CDATA[{plain}]]></m></trace>".encode(),
    }
    first, rest, later = (tmp_path / name for name in ("first", "rest", "later"))
    for folder in (first, rest, later):
        folder.mkdir()
    (first / "plain.xml").write_bytes(plain.encode())
    for name, spelled in spellings.items():
        (rest / name).write_bytes(spelled)
    (later / "other.xml").write_text(document(content(sosiaalihuollon_palvelutehtava=[])), encoding="utf-8")
    with open_database(tmp_path / "one.duckdb", write=True) as database:
        # What is wrapped has the bytes of the plain one.
        for folder, others in ((first, 0), (rest, len(spellings) - 1)):
            ingest(database, [folder], ReadSettings(b"k" * 32))
            assert _standing(database) == [("current", 1)]
            assert len(database.connection.execute("FROM document_copy").fetchall()) == others
        found = trace(database, _REQUEST, "1.2.3.4")
        assert found is not None
        sections = dict(found.sections)
        assert {name: sections[name].num_rows for name in ("documents", "files", "persons", "periods")} == {
            "documents": 1, "files": 1 + len(spellings), "persons": 1, "periods": 1,
        }  # fmt: skip
        # Whichever of them goes, another stands for the document.
        for folder in (first, rest):
            forget(database, str(folder), dry=False)
            assert _standing(database) == [("current", 1)]
            ingest(database, [folder], ReadSettings(b"k" * 32))
        # What says another thing is another reading, beside the one that they all are.
        ingest(database, [later], ReadSettings(b"k" * 32))
        assert _standing(database) == [("current", 1)] * 2
