"""Rules in SQL: one file each in `queries/rules/`, run against the model, each ending in exactly one status."""
