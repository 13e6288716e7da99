"""Many runs of one question: designs over key paths, replicates, a store that nothing can tear, workers."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.study.execute import run_study
    from sim.study.load import load_study
    from sim.study.plan import Design, Keep, Point, Precision, Range, Study
    from sim.study.read import StudyData, read_study
    from sim.study.rerun import scenario_of

__all__ = [
    "Design",
    "Keep",
    "Point",
    "Precision",
    "Range",
    "Study",
    "StudyData",
    "load_study",
    "read_study",
    "run_study",
    "scenario_of",
]

_PLACES = {
    "run_study": "execute",
    "load_study": "load",
    "read_study": "read",
    "StudyData": "read",
    "scenario_of": "rerun",
}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first used, so that reading a study loads no compiler."""
    if name not in __all__:
        raise AttributeError(f"module 'sim.study' has no attribute {name!r}")
    return getattr(import_module(f"sim.study.{_PLACES.get(name, 'plan')}"), name)
