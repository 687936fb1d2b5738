"""The ledger a second time: slow, obvious, day by day, from docs/counting.md alone. SQL and oracle must agree."""
