"""Named things: in which order the arrays hold them, and what a name adds to the key of its draws.

A scenario's file may list its localities, classes, forces and so on in any order, and readers find them in
that order in every result. Inside a run they stand in the order of their names, so that sums and ties do not depend
on the file; and their draws hang on the name itself, so that one more locality, or one that is called
otherwise, leaves the luck of all others as it was.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from sim.core.once import once

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Config = TypeVar("Config", bound=BaseModel)

SAID = frozenset({"about", "sources", "publications"})
"""Sections of a scenario in which something is said of it, and which no run reads."""


def standard(name: str) -> str:
    """Return a name in Unicode's composed form (NFC), in which what looks the same is the same."""
    return unicodedata.normalize("NFC", name)


def plain(name: str) -> str:
    """Return a name without what its column of a table does not keep apart: spaces are underscores there."""
    return "_".join(standard(name).replace("_", " ").split())


def in_order(names: Iterable[str]) -> list[str]:
    """Return names in the order in which a run's arrays hold them."""
    return sorted(names, key=standard)


def numbers(names: Iterable[str]) -> dict[str, int]:
    """Return the number of each name in a run's arrays; the names stay in the order given."""
    given = list(names)
    found = {name: number for number, name in enumerate(in_order(given))}
    return {name: found[name] for name in given}


def ordered(config: Config) -> Config:
    """Return a scenario with all its named things in the order of their names, and otherwise the same.

    What is only said of it (`SAID`) stays as it is: there is much of it, and no run reads it.
    """
    found: Config = _ordered_once(config)
    return found


@once
def _ordered_once(config: Any) -> Any:
    return _in_order(config)


def _in_order(config: Config) -> Config:
    changed = {}
    for field in type(config).model_fields:
        value = getattr(config, field)
        if isinstance(value, BaseModel | dict) and field not in SAID:
            new = _ordered(value)
            if new is not value:
                changed[field] = new
    return config.model_copy(update=changed) if changed else config


def _ordered(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _in_order(value)
    if isinstance(value, dict) and all(isinstance(name, str) for name in value):
        return {
            name: _ordered(inner) if isinstance(inner := value[name], BaseModel | dict) else inner
            for name in in_order(value)
        }
    return value


@lru_cache(maxsize=4096)
def key(kind: str, name: str) -> int:
    """Return what a named thing adds to the key of its draws: 64 bits of BLAKE2b (RFC 7693) of kind and name.

    Parameters
    ----------
    kind : str
        What has the name, such as ``locality``, so that a class called as a town draws otherwise.
    name : str
        In any Unicode form; all forms of a name have one key.

    Returns
    -------
    int, 0..2**64-1
    """
    text = f"{kind}\0{standard(name)}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")


def keys(kind: str, names: Iterable[str]) -> NDArray[np.uint64]:
    """Return the `key` of each name, shape (names,). Keys of several kinds are joined by exclusive or."""
    import numpy as np  # here, because loading a scenario needs the order only

    return np.array([key(kind, name) for name in names], dtype=np.uint64)
