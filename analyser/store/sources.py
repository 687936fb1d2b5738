"""A register source that is a DuckDB file: opened for reading, with nothing but itself in reach of the query."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from analyser.errors import UsageError
from analyser.identity import redacted
from analyser.limits import Limits
from analyser.register.files import WANTED
from analyser.register.sheets import plain_texts
from analyser.register.sources import Source


def read_duckdb(asked: Source, limits: Limits) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    """All cells as text under their column names. Raises UsageError."""
    path = Path(asked.place.get("file", ""))
    if not path.is_file():
        raise UsageError(
            f"the database file ‘{redacted(path.name)}’ of source ‘{asked.name}’ does not exist", "check file"
        )
    try:
        statements = duckdb.extract_statements(asked.query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError(f"the query of source ‘{asked.name}’ must be exactly one SELECT", "correct it")
        with duckdb.connect(
            str(path),
            read_only=True,
            config={
                "enable_external_access": "false",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "lock_configuration": "true",
                "temp_directory": "",  # persons' rows are not put on the disk beside another's file
            },
        ) as connection:
            frame = connection.execute(statements[0]).pl()
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        words = redacted(str(error).splitlines()[0][:200])
        raise UsageError(
            f"the query of source ‘{asked.name}’ was refused: {words}", "it must be one SELECT over the file's tables"
        ) from None
    except duckdb.Error as error:
        # The words of a failed conversion repeat the data.
        raise UsageError(
            f"the source ‘{asked.name}’ cannot be read ({type(error).__name__})",
            "check that it is a DuckDB file, that no other process writes it, and that it is not this database itself",
        ) from None
    if frame.height > limits.register_rows:
        raise UsageError(
            f"the query of source ‘{asked.name}’ gives more than the limit register_rows ({limits.register_rows})",
            "narrow the query, or raise the limit in the settings",
        )
    return plain_texts(frame, asked.label, WANTED, limits), []
