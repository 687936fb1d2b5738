"""What the operating system gives and bounds: processes, files of one's own, limits, keys, waiting."""
