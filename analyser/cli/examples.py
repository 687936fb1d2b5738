"""Examples of every command, each with what it is for: shown by --help, in the manual and in docs/commands.md.

A test runs them all, in order, in one folder that holds `archive/`, the county's own CSV files and rules of its own.
"""

EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "demo": (("kanta-gap demo", "see the report of a synthetic county; nothing stays behind"),),
    "ingest": (
        ("kanta-gap ingest archive", "read a folder; run it again when documents have come"),
        ("kanta-gap ingest archive --validate structure --workers 2", "check the form of the documents as well"),
    ),
    "register": (
        ("kanta-gap register episodes.csv population.csv periods.csv", "load the county's own files"),
        ("kanta-gap register episodes.csv --replace-all", "start the episodes anew"),
    ),
    "coverage": (
        ("kanta-gap coverage", "the newest ended period"),
        ("kanta-gap coverage --period 2025Q1 --by service-task,municipality", "with a heat map"),
        ("kanta-gap coverage --period 2025Q1 -f html -o report.html", "a report to hand on"),
        ("kanta-gap coverage --period 2025Q1 --as-of 2025-04-15", "as the archive stood on a day"),
    ),
    "gaps": (
        ("kanta-gap gaps --period 2025Q1", "what lacks, and why"),
        ("kanta-gap gaps --period 2025Q1 --class missing,partial -f csv -o gaps.csv", "all of it, for a spreadsheet"),
        ("kanta-gap gaps --period 2025Q1 -f xlsx -o gaps.xlsx", "a workbook with filters"),
    ),
    "deliver": (
        ("kanta-gap deliver --period 2025Q1 --out delivery-2025Q1", "write what Kanta lacks"),
        ("kanta-gap deliver --check delivery-2025Q1", "is the folder still as it was written?"),
        ("kanta-gap deliver --period 2025Q1 --status", "what was delivered, and what has changed since"),
    ),
    "check": (
        ("kanta-gap check --period 2025Q1", "all rules"),
        ("kanta-gap check --period 2025Q1 --select G,D01 --min-coverage 98", "some rules, and a least coverage"),
        ("kanta-gap check --period 2025Q1 -f junit -o check.xml", "for a CI server"),
    ),
    "explain": (("kanta-gap explain G08", "what a rule finds, why it matters, who mends it"),),
    "rules": (("kanta-gap rules", "the catalogue"), ("kanta-gap rules -f json", "the same for programs")),
    "selftest": (("kanta-gap selftest", "does every rule still find its defect?"),),
    "diff": (
        ("kanta-gap gaps --period 2025Q1 -f json -o before.json", "keep what is known today"),
        ("kanta-gap diff before.json kanta-gap.duckdb --period 2025Q1", "what is new, gone or changed since"),
    ),
    "trace": (
        ("kanta-gap trace R1 --period 2025Q1", "one register row: class, reasons, timeline, documents"),
        ("kanta-gap trace R1 -f json", "the same for programs"),
    ),
    "quarantine": (
        ("kanta-gap quarantine", "documents that could not be used"),
        ("kanta-gap quarantine -f csv -o quarantine.csv", "for the client system's vendor"),
    ),
    "db": (("kanta-gap db key county.key", "make a key; keep it apart from the database"),),
    "log": (("kanta-gap log", "who did what to the database"),),
    "dashboard": (
        ("kanta-gap dashboard --once --period 2025Q1", "one frame, for a log"),
        ("kanta-gap dashboard", "look around; q leaves, ? helps"),
    ),
    "periods": (("kanta-gap periods", "follow-up periods, their rows and deadlines"),),
    "synth": (("kanta-gap synth county --persons 200 --seed 7", "a synthetic county to practise on"),),
    "config": (
        ("kanta-gap config", "every setting and where it came from"),
        ("kanta-gap config init", "write kanta-gap.toml with every setting explained"),
    ),
    "completion": (
        ("kanta-gap completion bash > kanta-gap.bash", "then: source kanta-gap.bash"),
        ("kanta-gap completion fish > kanta-gap.fish", "into ~/.config/fish/completions/"),
    ),
    "man": (("kanta-gap man > kanta-gap.1", "then: man ./kanta-gap.1"),),
}
