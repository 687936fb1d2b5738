"""The separate delivery: exactly what Kanta lacks, with a manifest, and the memory of what was written."""
