"""protestorate: an agent-based simulator of protest mobilisation.

>>> import sim
>>> run = sim.simulate("belarus-2020", seed=1, persons_per_agent=10000, days=3)
>>> len(run.days)
3
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.mesa_model import ProtestModel
    from sim.run import Run, Running, simulate
    from sim.scenario.load import load

__all__ = ["ProtestModel", "Run", "Running", "load", "simulate"]

_HOMES = {
    "ProtestModel": "sim.mesa_model",
    "Run": "sim.run",
    "Running": "sim.run",
    "simulate": "sim.run",
    "load": "sim.scenario.load",
}


def __getattr__(name: str) -> Any:
    """Import on first use, so that ``import sim`` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
