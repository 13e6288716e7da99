"""Which parameters an outcome depends on, and how much of it is luck: Sobol, Morris, regression, tornado."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.sensitivity.explain import Sensitivity, analyse
    from analysis.sensitivity.report import write_sensitivity

__all__ = ["Sensitivity", "analyse", "write_sensitivity"]

_PLACES = {"Sensitivity": "explain", "analyse": "explain", "write_sensitivity": "report"}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first used, so that the command line answers at once."""
    if name not in _PLACES:
        raise AttributeError(f"module 'analysis.sensitivity' has no attribute {name!r}")
    return getattr(import_module(f"analysis.sensitivity.{_PLACES[name]}"), name)
