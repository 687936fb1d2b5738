"""What somebody types to narrow the rows, as words with the codes whose names hold them: the rows know codes alone."""

from __future__ import annotations

from analyser.coverage.browse import TypedWord
from analyser.coverage.names import Names
from analyser.coverage.result import Layer, Reason, RowClass
from analyser.messages.catalogue import text
from analyser.national.municipalities import municipalities
from analyser.report.words import municipality_title, task_title, unit_name


def typed_words(typed: str, names: Names, lang: str) -> tuple[TypedWord, ...]:
    """The words, in small letters. A row must hold each of them."""
    words = typed.lower().split()
    if not words:
        return ()
    told = _told(names, lang)
    return tuple(TypedWord(word, tuple(sorted(code for code, name in told.items() if word in name))) for word in words)


def _told(names: Names, lang: str) -> dict[str, str]:
    """Every code with what it is called, in small letters."""
    told = {f"m:{code}": municipality_title(code, lang) for code in municipalities()}
    told |= {f"t:{one.service_task}": task_title(names, one.service_task, lang) for one in names.tasks}
    told |= {f"u:{oid}": unit_name(names, oid, lang) or "" for oid in names.units}
    told |= {f"l:{one.value}": text(lang, f"report.layer.{one.value}") for one in Layer}
    told |= {f"c:{one.value}": text(lang, f"report.class.{one.value}") for one in RowClass}
    told |= {f"r:{one.value}": f"{one.value} {text(lang, f'reason.{one.value}.what')}" for one in Reason}
    return {code: name.lower() for code, name in told.items()}
