"""The Result in every format: one module a format, each a pure function. No report computes."""
