"""A user's model with a fault: some runs raise, some take their whole process with them, until it is mended.

Workers know it by the `sitecustomize` module that `install` writes.
"""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

from sim.models import granovetter_1978 as granovetter

KILLS, RAISES = 5, 17
IN_ITS_PLACE = """
from sim.models.interface import MODELS
from dataclasses import replace
MODELS["granovetter-1978"] = replace(MODELS["granovetter-1978"], engine="fragile_model:ENGINE")
"""


def install(folder: Path) -> dict[str, str]:
    """Write what puts this model in the place of Granovetter's, and return the variables a process needs for it."""
    (folder / "sitecustomize.py").write_text(IN_ITS_PLACE, encoding="utf-8")
    root = Path(__file__).resolve().parent
    return {"PYTHONPATH": os.pathsep.join([str(folder), str(root.parent), str(root)])}


def build(config, seed, threads):
    """Build as Granovetter's model does, unless the seed is one of the bad ones."""
    if seed == KILLS:
        os.kill(os.getpid(), signal.SIGKILL)
    if seed == RAISES:
        raise ArithmeticError("no rest was found")
    return granovetter.build(config, seed, threads)


ENGINE = replace(granovetter.ENGINE, build=build)
