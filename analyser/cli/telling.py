"""What a person is told of a register file that was read: where its rows were found, what was left, what was refused.

Refusals are told by their cause: forty thousand rows with one fault are one line, with its rows and three examples.
"""

from __future__ import annotations

from collections.abc import Sequence

from analyser.cli.session import Session
from analyser.messages.catalogue import Message
from analyser.register.causes import causes, ranges
from analyser.register.headings import How
from analyser.register.load import RegisterLoad
from analyser.register.table import Why
from analyser.register.tasks import is_task


def tell(run: Session, load: RegisterLoad, tasks: frozenset[str]) -> None:
    """Everything about one file but how many rows it gave. `tasks`: what service tasks may be called."""
    _found(run, load)
    if load.unknown_columns:
        run.say("narration.register.unknown", file=load.file, columns=", ".join(load.unknown_columns))
    if load.open_ends:
        run.say("narration.register.open_ends", file=load.file, count=load.open_ends)
    if load.unshown:
        run.say("narration.register.unshown", file=load.file, count=load.unshown)
    for column, cells in load.hidden:
        run.warn("narration.register.hidden", file=load.file, column=column, count=cells)
    if strange := _strange_tasks(load, tasks):
        run.say("narration.register.strange_tasks", file=load.file, count=strange)
    for (label, column, told), rows in causes(load.refusals, load.labels):
        reason = rows[0][1]
        if len(rows) == 1:
            run.warn("narration.register.error", file=label, row=rows[0][0], column=column or "–", reason=reason)
        else:
            run.warn(
                "narration.register.cause",
                file=label,
                column=column or "–",
                reason=reason,
                count=len(rows),
                rows=ranges([row for row, _ in rows]),
                examples=_examples(load.examples.get((column, told), ())),
            )


def _found(run: Session, load: RegisterLoad) -> None:
    book = load.book
    if book is None:
        return
    if book.encoding not in ("", "UTF-8"):
        run.say("narration.register.encoding", file=load.file, encoding=book.encoding)
    for label, table in zip(load.labels, book.tables, strict=True):
        if not table.heading.complete:
            continue  # told among what was refused
        if len(book.tables) > 1 or book.left:
            run.say("narration.register.sheet", file=load.file, sheet=table.sheet, count=table.frame.height)
        if table.heading.row > 1:
            run.say("narration.register.heading", file=label, row=table.heading.row)
        likely = [column for column in table.heading.columns if column.how is How.LIKELY]
        for column in likely:
            run.warn("narration.register.likely", file=label, theirs=column.theirs[0], column=column.name)
        if table.merged:
            run.say("narration.register.merged", file=label, count=table.merged)
        for key, rows in (
            ("totals", table.totals),
            ("repeated_header", table.repeated),
            ("footers", table.footers),
        ):
            if rows:
                run.say(f"narration.register.{key}", file=label, count=len(rows), rows=ranges(rows))
    for left in book.left:
        tell_left = run.say if left.why in (Why.EMPTY, Why.NOT_NAMED) else run.warn
        why = Message(f"narration.register.why.{left.why}")
        tell_left("narration.register.left", file=load.file, sheet=left.sheet, why=why)


def _strange_tasks(load: RegisterLoad, tasks: frozenset[str]) -> int:
    """Rows whose service task nobody will understand: each of them will be undetermined."""
    if "service_task" not in load.table.column_names:
        return 0
    counted = load.table.column("service_task").value_counts().to_pylist()
    return sum(one["counts"] for one in counted if one["values"] and not is_task(one["values"], tasks))


def _examples(looks: Sequence[str]) -> Message | str:
    return Message("narration.register.examples", {"examples": ", ".join(looks)}) if looks else ""
