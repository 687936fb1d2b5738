"""Documents that end the process that reads them: by the kernel, by the limit of memory, by never coming to an end."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass

from analyser.archive.settings import VoidingTable


@dataclass(frozen=True)
class Poison(VoidingTable):
    """What a frame's request code asks for is done to whoever reads it."""

    def voids(self, code: str | None, display: str | None) -> bool:
        match code:
            case "KILLED-1":
                os.kill(os.getpid(), signal.SIGKILL)
            case "ABORTED-1":  # as a library does that finds its memory broken
                os.abort()
            case "HUNGRY-1":
                held = [display, bytearray(2**45)]
                return len(held) > 2
            case "SLOW-1":
                while True:
                    time.sleep(0.01)
        return False
