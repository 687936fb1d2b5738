"""Settings that decide what is counted: a report in which one of them is not as it comes says so, in every format."""

from __future__ import annotations

from analyser.cli.session import Session
from analyser.settings import Settings

_DECIDING = (
    "organiser", "producer_periods_cover", "acknowledgements", "accepting_codes", "refusing_codes", "voiding_codes",
    "voiding_words", "pass_over", "open_ends",
)  # fmt: skip
"""Those by which a class can be another one, but for `organisers` and the thresholds, which every report tells."""


def deciding(settings: Settings) -> tuple[tuple[str, str], ...]:
    """Name and value of each that differs from its default."""
    usual = Settings()
    found = [(name, _value(value)) for name in _DECIDING if (value := getattr(settings, name)) != getattr(usual, name)]
    if after := settings.tables["succession"]:
        found.append(("succession", ", ".join(sorted(after))))
    return tuple(found)


def say_settings(session: Session) -> None:
    """Say which they are, beside an output that has no place for it."""
    if told := deciding(session.settings):
        session.say("narration.deciding", settings="; ".join(f"{name} = {value}" for name, value in told))


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
