"""The commands, in the order in which they are shown, and the module each is loaded from when it is used."""

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("analyser.cli.demo", "Show the whole job on a small synthetic county."),
    "ingest": ("analyser.cli.ingest", "Read archived documents into the database."),
    "register": ("analyser.cli.register", "Load the county's own data."),
    "coverage": ("analyser.cli.coverage", "Report what Kanta holds of a period, and what it lacks."),
    "gaps": ("analyser.cli.gaps", "List each register episode with its class, reasons and documents."),
    "deliver": ("analyser.cli.deliver", "Write the separate delivery of what Kanta lacks."),
    "check": ("analyser.cli.check", "Run all rules."),
    "explain": ("analyser.cli.explain", "Tell one rule: what, why, who fixes it, its SQL."),
    "rules": ("analyser.cli.rules", "List the rules."),
    "selftest": (
        "analyser.cli.selftest",
        "Prove that each rule fires on its defect and is silent without it.",
    ),
    "diff": ("analyser.cli.diff", "Compare two databases or saved results."),
    "trace": ("analyser.cli.trace", "Tell everything about one document, register row or person_key."),
    "quarantine": ("analyser.cli.quarantine", "List documents that could not be used."),
    "db": ("analyser.cli.db", "Encrypt the database, change its key, or forget its persons."),
    "log": ("analyser.cli.log", "Show who did what to the database, and who was shown identifiers."),
    "dashboard": ("analyser.cli.dashboard", "Look at the coverage in the terminal."),
    "periods": ("analyser.cli.periods", "List follow-up periods and deadlines."),
    "synth": ("analyser.cli.synth", "Write a synthetic county with known truth."),
    "config": ("analyser.cli.config", "Show every setting and where it came from."),
    "man": ("analyser.cli.man", "Print the manual."),
    "completion": ("analyser.cli.completion", "Print the completion script for a shell."),
}
