"""`kanta-gap selftest`: every rule is proven to fire on its defect, and to be silent without it."""

from __future__ import annotations

from pathlib import Path

import typer

from analyser.cli.options import Output
from analyser.cli.rulebook import Folders, Ignore, Select, chosen
from analyser.cli.session import Session, session, write
from analyser.messages.catalogue import text
from analyser.messages.errors import ExitCode
from analyser.messages.notices import written_end
from analyser.report.page import printable
from analyser.rules.selftest import Proof, prove

app = typer.Typer(add_completion=False)


@app.command()
def command(
    select: str | None = Select,
    ignore: str | None = Ignore,
    folders: list[Path] = Folders,
    output: Path | None = Output,
) -> int:
    """Seed a defect for every rule, and prove that each rule fires on it and stays silent without it."""
    run = session()
    policies, everything = chosen(run, folders, select, ignore)
    proofs = prove([policy.rule for policy in policies], everything, run.workers)
    written_end()  # of a trail that is gone with its database
    proven = sum(proof.proven for proof in proofs)
    lines = [line for proof in proofs for line in _lines(run, proof)]
    last = text(run.lang, "rules.selftest.proven", proven=proven, all=len(proofs))
    write("\n".join([*lines, last]) + "\n", output)
    return ExitCode.DONE if proven == len(proofs) else ExitCode.FINDINGS


def _lines(run: Session, proof: Proof) -> list[str]:
    def word(holds: bool) -> str:
        return text(run.lang, f"rules.selftest.{'yes' if holds else 'no'}")

    others = ", ".join(code for code in proof.fired if code != proof.code) or "–"
    told = {"silent": word(proof.silent), "fires": word(proof.fires), "others": others}
    lines = [text(run.lang, "rules.selftest.line", code=proof.code, name=f"{proof.name:36}", **told)]
    if proof.flaw:
        lines.append(f"     {printable(proof.flaw.text(run.lang))}")
    if unexpected := sorted(set(proof.fired) - set(proof.expected)):
        lines.append("     " + text(run.lang, "rules.selftest.unexpected", codes=", ".join(unexpected)))
    if not proof.flaw and (absent := sorted(set(proof.expected) - set(proof.fired))):
        lines.append("     " + text(run.lang, "rules.selftest.absent", codes=", ".join(absent)))
    return lines
