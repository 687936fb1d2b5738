"""kanta-gap: which client episodes does the Kanta archive lack, and must be delivered separately?

Rooms, from left to right: archive and register read, store keeps, coverage compares,
report, dashboard and delivery show, cli binds. See docs/architecture.md.
"""

__version__ = "0.2.0"
