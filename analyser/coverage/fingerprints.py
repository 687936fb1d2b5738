"""What a result came from, in three fingerprints: kept with it, they say later why another result is another one.

Two versions of the tool that compare in the same way have one fingerprint; comments and line breaks are no difference.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from typing import Any

import duckdb
import orjson

from analyser.coverage.answers import answers_to
from analyser.coverage.model import Request
from analyser.coverage.result import Fingerprints
from analyser.coverage.statements import statement
from analyser.coverage.steps import steps
from analyser.store.first_row import first_row
from analyser.system.resources import queries

_COMMENT = re.compile(r"--[^\n]*")


def fingerprints(connection: duckdb.DuckDBPyConnection, request: Request) -> Fingerprints:
    """Of a result that the store of `connection` gives to `request`."""
    readers = connection.execute("SELECT DISTINCT coalesce(reader, 0) FROM document ORDER BY ALL").fetchall()
    open_ends = first_row(connection.execute("SELECT value FROM meta WHERE key = 'open_ends'"))
    checks = connection.execute("SELECT DISTINCT structure, content FROM file_validation ORDER BY ALL").fetchall()
    # A question about a period that has not ended is the same one when it has, and in whatever parts it is answered.
    asked = {
        name: sorted(value, key=str) if isinstance(value, tuple) else value
        for name, value in asdict(request).items()
        if name not in ("period", "under_way", "parts")
    }
    sql = statement("fingerprint")
    answers = answers_to(connection, request)  # of the store alone: no model need stand

    def ask() -> list[Any]:
        return connection.execute(sql).fetchall()

    (data,) = (ask() if answers is None else answers.rows(sql, None, ask))[0]
    return Fingerprints(tool=_short([_model(), readers]), settings=_short([asked, open_ends, checks]), data=str(data))


@cache
def _model() -> str:
    tables = sorted(queries("rules", "tables").glob("*.sql"))
    texts = [sql for _, sql in steps()] + [path.read_text(encoding="utf-8") for path in tables]
    return _short([" ".join(_COMMENT.sub("", text).split()) for text in texts])


def _short(told: object) -> str:
    return sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
