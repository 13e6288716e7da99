"""protestorate: an agent-based simulator of protest mobilisation.

>>> import sim
>>> run = sim.simulate("belarus-2020", seed=1, persons_per_agent=10000, days=3)
>>> len(run.days)
3
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.cards.write import new_case
    from sim.mesa.model import ProtestModel
    from sim.run.load import load
    from sim.run.simulate import Run, Running, simulate

__all__ = ["ProtestModel", "Run", "Running", "load", "new_case", "simulate"]

_HOMES = {
    "ProtestModel": "sim.mesa.model",
    "Run": "sim.run.simulate",
    "Running": "sim.run.simulate",
    "simulate": "sim.run.simulate",
    "load": "sim.run.load",
    "new_case": "sim.cards.write",
}

ABOUT_ITS_FOLDER = ("mkdir -p failed", "%s is not a writable directory", "Matplotlib created a temporary")

# Where home cannot be written to, matplotlib takes a temporary folder, and its advice on that is no user's business.
logging.getLogger("matplotlib").addFilter(lambda record: not str(record.msg).startswith(ABOUT_ITS_FOLDER))


def __getattr__(name: str) -> Any:
    """Import on first use, so that ``import sim`` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
