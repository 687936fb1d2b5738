"""A synthetic county: an archive, a register and their truth, all of it made up.

Every person's identifier has an individual number of 900-999, which no real person has.
"""

from __future__ import annotations

from analyser.synth.county import Summary, synthesise
from analyser.synth.quirks import Quirk
from analyser.synth.scenarios import Defect
from analyser.synth.situations import Situation

__all__ = ["Defect", "Quirk", "Situation", "Summary", "synthesise"]
