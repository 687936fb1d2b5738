"""The version of the register's reader: what a row says was understood by some version of it.

Raise it whenever reading gives another meaning to the same file: other dates, open ends, identifiers, encodings.
The program keeps no copy of a register file, so rows that an older version read stand until their file is loaded again;
that is told until then.
"""

REGISTER_READER = 1
"""1: everything up to the day on which versions were counted. Loads without a version were read before that."""
