"""For all tests: no example of a property is judged by the clock, which a busy machine would make fail by chance."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
