"""The covering note of a delivery: what the folder holds, in plain words and without identifiers."""

from __future__ import annotations

from analyser.coverage.delivered import DeliveryStatus
from analyser.delivery.manifest import Delivery
from analyser.delivery.profile import Profile
from analyser.messages.catalogue import day, number, text


def covering_note(done: Delivery, profile: Profile, lang: str) -> str:
    """The note in fi, sv or en."""

    def say(key: str, **values: object) -> str:
        return text(lang, f"delivery.note.{key}", **values)

    def count(key: str, rows: int) -> str:
        return text(lang, f"delivery.note.{key}", count=rows)

    period, corrections = done.period, done.corrections
    lines = [
        say("title.corrections" if corrections else "title.full", period=period.id),
        "",
        say("period", start=day(lang, period.start), end=day(lang, period.end)),
    ]
    if period.assumed:
        lines.append(say("assumed"))
    if not done.final:
        lines.append(say("unended"))
    lines += ["", say("corrections" if corrections else "full"), ""]
    lines += [f"  {name}: {count('rows', rows)}" for name, rows in done.files]
    if corrections:
        changes = {name: done.changes(name) for name in ("new", "changed", "withdrawn")}
        lines += ["", say("changes", **changes)]
    if not done.unread and not sum(rows for _, rows in done.files):
        lines += ["", say("nothing")]
    lines += ["", say("classes")]
    lines += [
        f"  {text(lang, f'report.class.{name}')}: {number(lang, done.ledger[name])}"
        for name in ("archived", "partial", "missing", "undetermined", "excluded")
    ]
    if done.ledger["undetermined"]:
        lines.append(say("undetermined"))
    if done.unread:
        lines += ["", count("refused", done.unread)]
    double = done.statuses.get(("episodes", DeliveryStatus.DOUBLE), 0)
    if double:
        lines += ["", count("double", double)]
    differing = done.statuses.get(("episodes", DeliveryStatus.DOUBLE_DIFFERS), 0)
    if differing:
        lines += ["", count("double_differs", differing)]
    if done.rejected:
        lines += ["", count("rejected", len(done.rejected))]
    if done.services_ledger is not None:
        lines += ["", say("services")]
        lines += [
            f"  {text(lang, f'report.class.{name}')}: {number(lang, n)}" for name, n in done.services_ledger.items()
        ]
    lines += ["", say("neutral" if profile.neutral else "profile", profile=profile.name), say("check")]
    return "\n".join(lines) + "\n"
