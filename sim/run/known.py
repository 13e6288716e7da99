"""What a process knows of the scenarios that it has loaded, so that a scenario's files are checked once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.models import own
from sim.run.find import find_beside
from sim.scenario import outlines
from sim.scenario.fields import Scenario
from sim.scenario.yaml import Document

Checked = tuple[Scenario, dict[str, Any]]


@dataclass(frozen=True)
class Known:
    """A scenario of which all but the overrides has been checked in this process, and what its files held then.

    named : the file that each name stood for which one of its files extends, seen from that file's folder
    checked : what came of the last overrides, by `key_of` them: the checked scenario, and the same as plain data
    """

    document: Document
    chain: tuple[Path, ...]
    schema: type[Scenario]
    contents: tuple[bytes, ...]
    named: Mapping[tuple[str, Path], Path]
    checked: dict[tuple[Any, ...], Checked] = field(default_factory=dict)

    def of(self, overrides: Mapping[str, object]) -> Checked | None:
        """Return what came of the same overrides before."""
        key = key_of(overrides)
        return None if key is None else self.checked.get(key)

    def keep(self, overrides: Mapping[str, object], config: Scenario, data: dict[str, Any]) -> Checked:
        """Keep what came of overrides that have a key, so that a scenario run with many seeds is checked once."""
        key = key_of(overrides)
        if key is not None:
            while len(self.checked) >= MOST:
                self.checked.pop(next(iter(self.checked)), None)
            self.checked[key] = config, data
        return config, data


def key_of(overrides: Mapping[str, object]) -> tuple[Any, ...] | None:
    """Return what tells overrides from all others, in their order; None where one is more than a word or a number."""
    if all(type(name) is str and type(value) in (str, int, float, bool) for name, value in overrides.items()):
        # A float by its text: -0.0 is not 0.0, and nan is nan. A whole number may have more digits than text can.
        return tuple(
            (name, type(value), repr(value) if type(value) is float else value) for name, value in overrides.items()
        )
    return None


_KNOWN: dict[tuple[str, str], Known] = {}
MOST = 16
"""Scenarios that are kept, the last ones loaded."""


def known_of(path: Path) -> Known | None:
    """Return what is known of a scenario, if all its files are still as they were and none stands before them."""
    found = _KNOWN.get(_key(path))
    if found is None or contents(found.chain) != found.contents:
        return None
    same = all(find_beside(name, folder) == parent for (name, folder), parent in found.named.items())
    return found if same else None


def remember(path: Path, known: Known) -> None:
    """Keep what is known of a scenario whose files say everything: files of a model or an outline may change, too."""
    outline = (known.document.data.get("places") or {}).get("outline")
    if own.is_file(known.document.data.get("model", "")) or (outline and outlines.is_file(outline)):
        return
    while len(_KNOWN) >= MOST:
        _KNOWN.pop(next(iter(_KNOWN)), None)
    _KNOWN[_key(path)] = known


def _key(path: Path) -> tuple[str, str]:
    """Return a path and the folder it is seen from, which may be gone while a program stands in it."""
    try:
        return str(path), os.getcwd()
    except FileNotFoundError:
        return str(path), ""


def contents(chain: Iterable[Path]) -> tuple[bytes, ...]:
    """Return what files hold, as digests; nothing if one of them cannot be read."""
    try:
        return tuple(hashlib.sha256(path.read_bytes()).digest() for path in chain)
    except OSError:
        return ()
