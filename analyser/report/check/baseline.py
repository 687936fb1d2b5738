"""A baseline as a file: the findings that are known, by their fingerprints."""

from __future__ import annotations

from analyser import __version__
from analyser.report.json import dump
from analyser.rules.aside import BASELINE_SCHEMA, Known


def baseline_json(known: Known) -> str:
    """Rules in the order of their codes, findings in that of their fingerprints; a rule without any is left out."""
    rules = [
        {
            "code": code,
            "findings": [
                {"fingerprint": key, "subject": subject, "count": count}
                for key, (count, subject) in sorted(entries.items())
            ],
        }
        for code, entries in sorted(known.items())
        if entries
    ]
    return dump({"schema": BASELINE_SCHEMA, "tool_version": __version__, "rules": rules})
