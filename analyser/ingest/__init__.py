"""From sources to the database: who reads, in which process, and how what was read is loaded and kept apart."""
