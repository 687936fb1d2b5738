"""Examples of every command: shown by --help, in the manual and in docs/commands.md. What each is for stands in
`texts/*/help/example.toml`, by the command and the example"s number.

A test runs them all, in order, in one folder that holds `archive/`, the county"s own CSV files and rules of its own.
"""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "demo": ("kanta-gap demo",),
    "ingest": (
        "kanta-gap ingest archive",
        "kanta-gap ingest archive --validate structure --workers 2",
    ),
    "register": (
        "kanta-gap register episodes.csv population.csv periods.csv",
        "kanta-gap register episodes.csv --replace-all",
    ),
    "coverage": (
        "kanta-gap coverage",
        "kanta-gap coverage --period 2025Q1 --by layer,service-task,municipality",
        "kanta-gap coverage --period 2025Q1 -f html -o report.html",
        "kanta-gap coverage --period 2025Q1 --as-of 2025-04-15",
        "kanta-gap coverage --periods 2024Q4..2025Q1",
    ),
    "gaps": (
        "kanta-gap gaps --period 2025Q1",
        "kanta-gap gaps --period 2025Q1 --class missing,partial -f csv -o gaps.csv",
        "kanta-gap gaps --period 2025Q1 -f xlsx -o gaps.xlsx",
        "kanta-gap gaps --period 2025Q1 --service-task families --fixed-by service-unit",
    ),
    "export": (
        "kanta-gap export tables",
        "kanta-gap export tables --period 2025Q1 -f duckdb",
    ),
    "worklist": ("kanta-gap worklist --period 2025Q1 --split-by unit --out lists",),
    "deliver": (
        "kanta-gap deliver --period 2025Q1 --out delivery-2025Q1",
        "kanta-gap deliver --check delivery-2025Q1",
        "kanta-gap deliver --period 2025Q1 --status",
    ),
    "check": (
        "kanta-gap check --period 2025Q1",
        "kanta-gap check --period 2025Q1 --select G,D01 --min-coverage 98",
        "kanta-gap check --period 2025Q1 -f junit -o check.xml",
    ),
    "explain": ("kanta-gap explain G08",),
    "rules": (
        "kanta-gap rules",
        "kanta-gap rules -f json",
    ),
    "selftest": ("kanta-gap selftest",),
    "diff": (
        "kanta-gap gaps --period 2025Q1 -f json -o before.json",
        "kanta-gap diff before.json kanta-gap.duckdb --period 2025Q1",
    ),
    "combine": ("kanta-gap combine kanta-gap.duckdb --period 2025Q1",),
    "trace": (
        "kanta-gap trace R1 --period 2025Q1",
        "kanta-gap trace R1 -f json",
    ),
    "quarantine": (
        "kanta-gap quarantine",
        "kanta-gap quarantine -f csv -o quarantine.csv",
    ),
    "forget": ("kanta-gap forget archive --dry-run",),
    "db": ("kanta-gap db key county.key",),
    "log": ("kanta-gap log",),
    "dashboard": (
        "kanta-gap dashboard --once --period 2025Q1",
        "kanta-gap dashboard",
    ),
    "periods": ("kanta-gap periods",),
    "period": ("kanta-gap period close 2025Q1",),
    "handover": (
        "kanta-gap handover",
        "kanta-gap handover --period 2025Q1 -f html -o handover.html",
    ),
    "synth": ("kanta-gap synth county --persons 200 --seed 7",),
    "config": (
        "kanta-gap config",
        "kanta-gap config init",
        "kanta-gap config validate",
    ),
    "info": (
        "kanta-gap info",
        "kanta-gap info -f json -o info.json",
    ),
    "schema": (
        "kanta-gap schema",
        "kanta-gap schema check",
    ),
    "completion": (
        "kanta-gap completion bash > kanta-gap.bash",
        "kanta-gap completion fish > kanta-gap.fish",
    ),
    "man": ("kanta-gap man > kanta-gap.1",),
}
