"""How fast, as ratios within one run: machines differ and are noisy, so single figures mean little.

`python -m benchmarks` prints one table: documents a second of the ingest beside bare `lxml.etree.fromstring` over the
same bytes, the re-run, the comparison, and peak memory. `--small` is quick enough for every change.
"""
