"""protestorate: an agent-based simulator of protest mobilisation.

>>> import sim
>>> run = sim.simulate("belarus-2020", seed=1, persons_per_agent=10000, days=3)
>>> run
Run('belarus-2020', seed=1, days=3, outcome='contested')
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
    from sim.run.result import Run
    from sim.run.simulate import Running, simulate
    from sim.run.store import read_run
    from sim.study import load_study, read_study, run_study

    __version__: str

__all__ = [
    "ProtestModel",
    "Run",
    "Running",
    "__version__",
    "load",
    "load_study",
    "new_case",
    "read_run",
    "read_study",
    "run_study",
    "simulate",
]

_HOMES = {
    "ProtestModel": "sim.mesa.model",
    "Run": "sim.run.result",
    "Running": "sim.run.simulate",
    "load": "sim.run.load",
    "load_study": "sim.study",
    "new_case": "sim.cards.write",
    "read_run": "sim.run.store",
    "read_study": "sim.study",
    "run_study": "sim.study",
    "simulate": "sim.run.simulate",
}

ABOUT_ITS_FOLDER = (
    "mkdir -p failed",
    "%s is not a writable directory",
    "Matplotlib created a temporary",
    "Matplotlib is building the font cache",
)

# Where home cannot be written to, matplotlib takes a temporary folder, and its advice on that is no user's business.
logging.getLogger("matplotlib").addFilter(lambda record: not str(record.msg).startswith(ABOUT_ITS_FOLDER))


def __getattr__(name: str) -> Any:
    """Import on first use, so that ``import sim`` stays quick."""
    if name == "__version__":
        from importlib.metadata import version

        return version("protestorate")
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    from importlib import import_module

    if name in ("simulate", "Running", "ProtestModel"):
        from sim.core.waiting import say_when_compiling

        say_when_compiling()
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Return the public names, which are not all loaded yet."""
    return sorted(__all__)
