"""The mechanisms, a module each. :mod:`sim.models.mobilisation.day` calls their loops in the order of the day.

A module is found by standing in this folder; what it declares is its ``MECHANISM``. Its functions are of two kinds:
a **rule** gets numbers and returns numbers, and its docstring has the equation with its number and source; a **loop**
reads arrays, calls rules and writes back. The plain Python twin of a compiled function is ``function.py_func``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from inspect import isfunction
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from sim.core.rng import RETIRED, Stream
from sim.models.mobilisation.mechanism import Mechanism

MODULES: Mapping[str, Any] = {
    name: import_module(f"{__name__}.{name}") for name in sorted(module.name for module in iter_modules(__path__))
}
"""Every module of this folder by its name."""

MECHANISMS: Mapping[str, Mechanism] = {name: module.MECHANISM for name, module in MODULES.items()}
"""Every mechanism by the name of its module."""

SWITCHES: Mapping[str, tuple[str, ...]] = {
    switch.name: switch.zero for mechanism in MECHANISMS.values() for switch in mechanism.switches
}
"""Each off switch and the parameters that it sets to zero."""


STREAMS: Mapping[int, tuple[str, str]] = {
    number: (name, decides) for name, one in MECHANISMS.items() for number, decides in one.streams.items()
}
"""Each stream of luck by its number: the mechanism that draws from it, and what a draw decides."""

_numbers = [number for one in MECHANISMS.values() for number in one.streams] + [int(stream) for stream in Stream]
for _number in sorted(_numbers):
    if _numbers.count(_number) > 1 or _number in RETIRED:
        raise ValueError(f"{_number} is the number of another stream of luck, or was one; {max(_numbers) + 1} is free")


if TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Return the module of a mechanism; which there are, a type checker cannot know."""


def rules() -> dict[str, dict[str, Any]]:
    """Return the rules of each mechanism by their names: its functions that get numbers and nothing else."""
    return {name: {key: one for key, one in _functions(name) if _of_numbers(one)} for name in MODULES}


def loops() -> dict[str, dict[str, Any]]:
    """Return the loops of each mechanism by their names: its functions that are no rules."""
    return {name: {key: one for key, one in _functions(name) if not _of_numbers(one)} for name in MODULES}


def _functions(name: str) -> Iterator[tuple[str, Any]]:
    """Yield the functions that a module has of its own, but for those that begin with an underscore."""
    module = MODULES[name]
    for key, value in vars(module).items():
        plain = getattr(value, "py_func", value)  # compiled or, with compilation switched off, as it stands
        if isfunction(plain) and plain.__module__ == module.__name__ and not key.startswith("_"):
            yield key, value


def _of_numbers(function: Any) -> bool:
    plain = getattr(function, "py_func", function)
    return all(kind in ("float", "int") for name, kind in plain.__annotations__.items() if name != "return")
