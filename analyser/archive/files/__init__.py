"""Files, folders and containers: every byte accounted for, nothing unpacked to disk, nothing beyond its bounds."""
