"""What became of a delivered row, told in order: loads, deliveries, answers, closings; a line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analyser.messages.catalogue import moment_text, text
from analyser.report.page import Page, printable
from analyser.report.timeline import interval


def story(page: Page, events: Sequence[Mapping[str, Any]], lang: str) -> None:
    """The story of a row that was ever delivered; nothing without one."""
    if not events:
        return
    page.heading(text(lang, "report.story.title"))
    several = len({event["source_id"] for event in events}) > 1
    for event in events:
        page.line(_told(event, lang, named=several), hang=4, first="  ")


def _told(event: Mapping[str, Any], lang: str, *, named: bool) -> str:
    what = text(
        lang,
        f"report.story.{event['event'].replace('-', '_')}",
        number=event["number"],
        period=printable(event["period"] or ""),
        detail=printable(event["detail"] or "–"),
    )
    parts = [f"{moment_text(lang, event['at'])} {what}"]
    if named:
        parts.append(printable(event["source_id"]))
    if event["change"]:
        parts.append(text(lang, f"report.story.change.{event['change'].replace('-', '_')}"))
    if event["class"]:
        parts.append(text(lang, f"report.class.{event['class']}"))
    if event["start"]:
        parts.append(interval(event["start"], event["end"], lang))
    if event["by"]:
        parts.append(text(lang, "report.story.by", user=printable(event["by"])))
    return ", ".join(parts)
