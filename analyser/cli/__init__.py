"""One thin module per command: arguments in, exit code out, no logic."""
