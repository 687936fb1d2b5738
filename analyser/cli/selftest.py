"""`kanta-gap selftest`: every rule is proven to fire on its defect, and to be silent without it."""

from __future__ import annotations

import typer

from analyser.cli.session import write
from analyser.errors import ExitCode
from analyser.rules.catalogue import rules
from analyser.rules.selftest import prove

app = typer.Typer(add_completion=False)


@app.command()
def command() -> int:
    """Seed a defect for every rule, and prove that each rule fires on it and stays silent without it."""
    proofs = prove(rules())
    lines = [
        f"{proof.rule.code}  {proof.rule.name:32} fires: {'yes' if proof.fires else 'NO'}  "
        f"silent on a clean county: {'yes' if proof.silent else 'NO'}"
        for proof in proofs
    ]
    proven = sum(proof.proven for proof in proofs)
    write("\n".join([*lines, f"{proven} of {len(proofs)} rules proven"]) + "\n", None)
    return ExitCode.DONE if proven == len(proofs) else ExitCode.FINDINGS
