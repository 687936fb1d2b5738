"""The Result on a terminal."""
