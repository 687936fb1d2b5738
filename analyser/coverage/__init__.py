"""Compares the archive with the register by SQL, and returns the one immutable Result that every face shows."""
