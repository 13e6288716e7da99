"""Scenarios and studies compared: paired differences of runs that share their luck."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.compare.command import compare
    from analysis.compare.comparison import Comparison, Contrast, compare_sides
    from analysis.compare.sides import Side
    from analysis.compare.write import write_comparison

__all__ = ["Comparison", "Contrast", "Side", "compare", "compare_sides", "write_comparison"]

_PLACES = {
    "compare": "command",
    "Comparison": "comparison",
    "Contrast": "comparison",
    "compare_sides": "comparison",
    "Side": "sides",
    "write_comparison": "write",
}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first used."""
    if name not in __all__:
        raise AttributeError(f"module 'analysis.compare' has no attribute {name!r}")
    return getattr(import_module(f"analysis.compare.{_PLACES[name]}"), name)
