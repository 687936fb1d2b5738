"""How fast, as ratios within one run: machines differ and are noisy, so single figures mean little.

`python -m benchmarks` measures in groups and prints a table for each:

- `ingest`: documents a second by container and level of validation, beside bare `lxml.etree.fromstring` over the same
  bytes with as many processes, by wall time and by processor time of the whole process tree; two workers against one;
  the re-run with nothing and with one document in a hundred changed; peak memory of parent and workers;
- `stages`: microseconds of one process for each step of a document and its frame;
- `model`: coverage, gaps and check over databases of N register rows and as many documents, and how time grows with N;
- `start`: `--version` and `--help`;
- `findings`: precision and recall of the rules on a county with seeded defects (not a speed);
- `rivals`: what one would write without this program, on the same work (needs the extra `bench`).

`--small` is quick enough for every change. `--history FILE` appends the figures as JSON lines, without a machine's
name or path.
"""
