"""`kanta-gap register --explain`: what would be read, and nothing written; a database is only looked into."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from analyser.cli.reading import asked, file_book, source_book
from analyser.cli.session import Session, write
from analyser.messages.errors import ExitCode
from analyser.national.identifiers import redacted
from analyser.register.explain import explain
from analyser.register.kinds import RegisterKind
from analyser.register.load import load_of
from analyser.register.several_files import agreed
from analyser.report.explained import explained_json, explained_text
from analyser.report.json import dump
from analyser.store.database import Database, open_database
from analyser.store.register_load import joins_of


def explained(
    run: Session,
    files: list[Path],
    sources: list[str],
    name: str | None,
    kind: RegisterKind | None,
    form: str,
    output: Path | None,
) -> ExitCode:
    """Explain every file and source. Exit 3 when rows of them would be refused, or a column lacks."""
    with _looked_into(run) as database:
        what = asked(run, database, files, sources, name, kind)
        joins = joins_of(database.connection) if database else []
    what = replace(what, layout=replace(what.layout, explaining=True))
    # Nothing stays of what is read here, so persons need no key but one of the moment.
    secret = database.secret if database else secrets.token_bytes(32)
    found = []
    books = [(redacted(path.name), file_book(what, path), what.layout) for path in what.files]
    for source in what.sources:
        layout = replace(source.layout, explaining=True)
        books.append((source.label, source_book(run, what, replace(source, layout=layout)), layout))
    read = [load_of(book, label, secret, run.settings.open_ends, layout) for label, book, layout in books]
    for (_, book, layout), load in zip(books, agreed(read, joins), strict=True):
        lacking = {column for table in book.tables for column in table.heading.lacking}
        kept = tuple(one for one in load.refusals if one[1] not in lacking)
        said = replace(layout, explaining=False)
        found.append(explain(book, replace(load, refusals=kept), said, what.tasks))
    if form == "json":
        write(dump(explained_json(found)), output)
    else:
        write(explained_text(found, run.lang, width=run.width(), color=run.color() and output is None), output)
    return ExitCode.DONE if all(one.readable for one in found) else ExitCode.UNCHECKED


@contextmanager
def _looked_into(run: Session) -> Iterator[Database | None]:
    """The database, when there is one already: for its codes and the archive's organisers."""
    if not run.database.exists():
        yield None
        return
    with open_database(run.database, write=False) as database:
        yield database
