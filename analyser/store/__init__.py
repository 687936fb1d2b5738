"""Keeps what was read: the only room that opens DuckDB."""
