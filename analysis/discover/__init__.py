"""Scenario discovery: under which conditions an outcome happens, as boxes found by PRIM."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.discover.find import Discovery, discover
    from analysis.discover.report import write_discovery

__all__ = ["Discovery", "discover", "write_discovery"]

_PLACES = {"Discovery": "find", "discover": "find", "write_discovery": "report"}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first used, so that the command line answers at once."""
    if name not in _PLACES:
        raise AttributeError(f"module 'analysis.discover' has no attribute {name!r}")
    return getattr(import_module(f"analysis.discover.{_PLACES[name]}"), name)
