"""Completion scripts, made from the commands: names, options, and the values of those options that have a closed set.

The scripts ask the program only for periods; everything else is in them, so a TAB costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from analyser.cli.formats import formats_of
from analyser.cli.reference import CommandReference, Option
from analyser.coverage.result import Dimension, RowClass

PERIODS = 'kanta-gap periods -q -f json 2>/dev/null | sed -n \'s/.*"id": "\\([^"]*\\)".*/\\1/p\''
"""A shell's way to the periods of the database at hand."""
_FILES = ("FILE", "DIR", "FOLDER", "SOURCE", "OUT", "BEFORE", "AFTER", "NAME|FILE", "XSD", "SOSMETA")
_COMMON: dict[str, tuple[str, ...] | None] = {
    "--db": (),
    "--config": (),
    "--key-file": (),
    "--lang": ("fi", "sv", "en"),
    "--color": ("auto", "always", "never"),
    "--csv-for": ("plain", "excel"),
    "--wait": ("0", "10", "60"),
    "--quiet": None,
    "--verbose": None,
    "--debug": None,
    "--help": None,
}
"""Options of every command with their values: None for a flag, nothing for a file."""


def values(command: str, option: str, rules: Sequence[str]) -> tuple[str, ...]:
    """The closed set of an option's values; empty when it has none."""
    if (command, option) == ("diff", "--fail-on"):
        return ("error", "warning", "info", "never")
    if option == "--format":
        return formats_of(command)
    if option in ("--select", "--ignore", "--sql"):
        return tuple(rules)
    return {
        "--by": tuple(Dimension),
        "--class": tuple(RowClass),
        "--fail-on": ("error", "warning", "never"),
        "--engine": ("local", "dask"),
        "--validate": ("off", "structure", "full"),
        "--kind": ("episodes", "services", "population", "identities", "codes", "periods", "units", "reference"),
        "--split-by": ("unit", "producer", "fixed-by"),
        "--container": ("folder", "zip", "tar.zst"),
        "--profile": ("plain",),
    }.get(option, ())


def words(command: str, rules: Sequence[str]) -> tuple[str, ...]:
    """The closed set of a command's argument; empty when it has none."""
    return {"explain": tuple(rules), "completion": tuple(SHELLS), "config": ("init",)}.get(command, ())


def _long(option: Option) -> str:
    return max(option.names, key=len)


def _bash(commands: Sequence[CommandReference], rules: Sequence[str]) -> str:
    cases = []
    for one in commands:
        options = [_long(option) for option in one.options]
        cases.append(
            f'        {one.name}) options="{" ".join([*options, *_COMMON])}"; words="{" ".join(words(one.name, rules))}" ;;'
        )
    told: dict[str, list[str]] = {}
    for one in commands:
        for option in one.options:
            found = values(one.name, _long(option), rules)
            for name in option.names:
                if found:
                    told.setdefault(f'compgen -W "{" ".join(found)}" -- "$word"', []).append(f"{one.name}:{name}")
    branches = [f"        {'|'.join(names)}) found=$({ask}) ;;" for ask, names in told.items()]
    return f"""# bash completion of kanta-gap
_kanta_gap() {{
    local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" command="" options="" words="" found="" index
    for ((index = 1; index < COMP_CWORD; index++)); do
        case "${{COMP_WORDS[index]}}" in
            -*) ;;
            {"|".join(one.name for one in commands)}) command="${{COMP_WORDS[index]}}"; break ;;
        esac
    done
    # A list behind a comma: complete its last part and keep the rest.
    local head=""
    case "$word" in *,*) head="${{word%,*}},"; word="${{word##*,}}" ;; esac
    case "$command" in
{chr(10).join(cases)}
        *) options="{" ".join([*_COMMON, "--version"])}"; words="{" ".join(one.name for one in commands)}" ;;
    esac
    case "$before" in
        --lang) found=$(compgen -W "fi sv en" -- "$word") ;;
        --color) found=$(compgen -W "auto always never" -- "$word") ;;
        --csv-for) found=$(compgen -W "plain excel" -- "$word") ;;
        --period) found=$(compgen -W "$({PERIODS})" -- "$word") ;;
    esac
    case "$command:$before" in
{chr(10).join(branches)}
    esac
    if [ -z "$found" ]; then
        case "$word" in
            -*) found=$(compgen -W "$options" -- "$word") ;;
            *) [ -n "$words" ] && found=$(compgen -W "$words" -- "$word") ;;
        esac
    fi
    if [ -z "$found" ] && [ -n "$command" ]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$head$word")
        return
    fi
    COMPREPLY=()
    local line
    while IFS= read -r line; do [ -n "$line" ] && COMPREPLY+=("$head$line"); done <<< "$found"
}}
complete -F _kanta_gap kanta-gap
"""


def _zsh(commands: Sequence[CommandReference], rules: Sequence[str]) -> str:
    def quoted(text: str) -> str:
        return text.replace("\\", "").replace("'", "’").replace("[", "(").replace("]", ")").replace(":", "\\:")

    def spec(one: str, option: Option) -> Iterable[str]:
        name = _long(option)
        found = values(one, name, rules)
        for alias in option.names:
            if not option.metavar:
                yield f"'{alias}[{quoted(option.help)}]'"
            elif name == "--period":
                yield f"'{alias}[{quoted(option.help)}]:period:($({_escaped(PERIODS)}))'"
            elif found:
                many = "_values -s , value" if "," in option.metavar else ""
                listed = f"{many} {' '.join(found)}" if many else f"({' '.join(found)})"
                yield f"'{alias}[{quoted(option.help)}]:value:{listed}'"
            else:
                action = "_files" if option.metavar in _FILES else ""
                yield f"'{alias}[{quoted(option.help)}]:{quoted(option.metavar.lower())}:{action}'"

    common = []
    for name, found in _COMMON.items():
        tail = "" if found is None else f":value:({' '.join(found)})" if found else ":file:_files"
        common.append(f"'{name}[of every command]{tail}'")
    cases = []
    for one in commands:
        lines = [line for option in one.options for line in spec(one.name, option)]
        argument = words(one.name, rules)
        lines.append(f"'*:value:({' '.join(argument)})'" if argument else "'*:file:_files'")
        joined = " \\\n                ".join([*lines, *common])
        cases.append(f"            {one.name})\n                _arguments -s {joined} ;;")
    listed = "\n        ".join(f"'{one.name}:{quoted(one.title)}'" for one in commands)
    return f"""#compdef kanta-gap
_kanta_gap() {{
    local -a known
    known=(
        {listed}
    )
    if (( CURRENT == 2 )); then
        if [[ $words[2] == -* ]]; then
            _arguments {" ".join(common)} '--version[print the version]'
        else
            _describe command known
        fi
    else
        local command=$words[2]
        shift words
        (( CURRENT-- ))
        case $command in
{chr(10).join(cases)}
        esac
    fi
}}
if [ "$funcstack[1]" = "_kanta_gap" ]; then _kanta_gap "$@"; else compdef _kanta_gap kanta-gap; fi
"""


def _escaped(text: str) -> str:
    """A command within a single-quoted zsh specification, whose colons are its own separators."""
    return text.replace("'", "'\\''").replace(":", "\\:")


def _fish(commands: Sequence[CommandReference], rules: Sequence[str]) -> str:
    def quoted(text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    first = "complete -c kanta-gap -n __fish_use_subcommand"
    lines = ["# fish completion of kanta-gap", "complete -c kanta-gap -f"]
    lines += [f"{first} -a {one.name} -d {quoted(one.title)}" for one in commands]
    lines.append(f"{first} -l version -d 'Print the version'")
    for name, found in _COMMON.items():
        tail = "" if found is None else f" -x -a '{' '.join(found)}'" if found else " -r -F"
        lines.append(f"complete -c kanta-gap -l {name[2:]}{tail}")
    for one in commands:
        seen = f"-n '__fish_seen_subcommand_from {one.name}'"
        for option in one.options:
            names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
            found = values(one.name, _long(option), rules)
            if not option.metavar:
                tail = ""
            elif _long(option) == "--period":
                tail = f" -x -a {quoted('(' + PERIODS + ')')}"
            elif found and "," in option.metavar:
                listed = quoted(r"printf %s\n " + " ".join(found))
                tail = f" -x -a {quoted(f'(__fish_complete_list , {listed})')}"
            elif found:
                tail = f" -x -a '{' '.join(found)}'"
            else:
                tail = " -r -F" if option.metavar in _FILES else " -x"
            lines.append(f"complete -c kanta-gap {seen} {names}{tail} -d {quoted(option.help)}")
        if argument := words(one.name, rules):
            lines.append(f"complete -c kanta-gap {seen} -a '{' '.join(argument)}'")
        elif one.arguments:
            lines.append(f"complete -c kanta-gap {seen} -F")
    return "\n".join(lines) + "\n"


def _powershell(commands: Sequence[CommandReference], rules: Sequence[str]) -> str:
    """For PowerShell 5.1 and later, on every system."""

    def listed(names: Iterable[str]) -> str:
        return "@(" + ", ".join("'" + name.replace("'", "''") + "'" for name in names) + ")"

    options, told = [], []
    for one in commands:
        names = [name for option in one.options for name in option.names]
        options.append(f"    '{one.name}' = {listed([*names, *_COMMON])}")
        for option in one.options:
            if found := values(one.name, _long(option), rules):
                told += [f"    '{one.name} {name}' = {listed(found)}" for name in option.names]
        if found := words(one.name, rules):
            told.append(f"    '{one.name} ' = {listed(found)}")
    told += [f"    ' {name}' = {listed(found)}" for name, found in _COMMON.items() if found]
    lines = "\n".join
    return f"""# PowerShell completion of kanta-gap: add this to the file that $PROFILE names
$script:KantaGapOptions = @{{
{lines(options)}
}}
$script:KantaGapValues = @{{
{lines(told)}
}}
Register-ArgumentCompleter -Native -CommandName 'kanta-gap', 'kanta-gap.exe' -ScriptBlock {{
    param($wordToComplete, $commandAst, $cursorPosition)
    $typed = @($commandAst.CommandElements | Where-Object {{ $_.Extent.EndOffset -lt $cursorPosition }} |
        ForEach-Object {{ $_.ToString() }})
    $known = {listed(one.name for one in commands)}
    $command = $typed | Select-Object -Skip 1 | Where-Object {{ $known -contains $_ }} | Select-Object -First 1
    $before = if ($typed.Count -gt 1) {{ $typed[-1] }} else {{ '' }}
    # A list behind a comma: complete its last part and keep the rest.
    $head = ''
    $word = $wordToComplete
    if ($word.Contains(',')) {{
        $head = $word.Substring(0, $word.LastIndexOf(',') + 1)
        $word = $word.Substring($head.Length)
    }}
    $found = @()
    if ($before -eq '--period') {{
        $periods = kanta-gap periods -q -f json 2>$null | Out-String
        if ($periods) {{ $found = @(($periods | ConvertFrom-Json).periods | ForEach-Object {{ $_.id }}) }}
    }} elseif ($script:KantaGapValues.ContainsKey("$command $before")) {{
        $found = $script:KantaGapValues["$command $before"]
    }} elseif ($script:KantaGapValues.ContainsKey(" $before")) {{
        $found = $script:KantaGapValues[" $before"]
    }} elseif (-not $command) {{
        $found = $known + {listed([*_COMMON, "--version"])}
    }} elseif ($word.StartsWith('-')) {{
        $found = $script:KantaGapOptions[$command]
    }} elseif ($script:KantaGapValues.ContainsKey("$command ")) {{
        $found = $script:KantaGapValues["$command "]
    }}
    $found | Where-Object {{ $_ -like "$word*" }} | ForEach-Object {{
        [System.Management.Automation.CompletionResult]::new("$head$_", $_, 'ParameterValue', $_)
    }}
}}
"""


SHELLS: Mapping[str, Callable[[Sequence[CommandReference], Sequence[str]], str]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
    "powershell": _powershell,
}
