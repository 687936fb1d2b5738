"""`kanta-gap` alone: what to do next, given what is in the current folder."""

from __future__ import annotations

from analyser.cli.session import Session, session, write
from analyser.language import number, text


def welcome() -> None:
    """Print the next steps."""
    run = session()
    write(
        text(run.lang, "welcome.title")
        + "\n\n"
        + "\n".join(_steps(run))
        + "\n\n"
        + text(run.lang, "welcome.help")
        + "\n",
        None,
    )


def _steps(run: Session) -> list[str]:
    if not run.database.exists():
        told = text(run.lang, "welcome.empty", db=run.database.name)
        return [told, "  kanta-gap demo", "  kanta-gap ingest ARCHIVE"]
    from analyser.store.database import open_database

    with open_database(run.database, write=False) as database:
        documents, rows = database.connection.execute(
            "SELECT (SELECT count(*) FROM document), (SELECT count(*) FROM register_episode)"
        ).fetchone() or (0, 0)
    counts = {"documents": number(run.lang, documents), "rows": number(run.lang, rows)}
    if documents and rows:
        return [
            text(run.lang, "welcome.ready", **counts),
            "  kanta-gap coverage",
            "  kanta-gap gaps --class missing,partial",
        ]
    if documents:
        return [text(run.lang, "welcome.no_register", **counts), "  kanta-gap register episodes.csv"]
    return [text(run.lang, "welcome.no_archive", **counts), "  kanta-gap ingest ARCHIVE"]
