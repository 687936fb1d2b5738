"""The coverage report in every format: each a pure function of the Result."""
