"""Comparisons that are ready: the same without a mechanism, and the scenario's own variants as questions of what if."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.core.errors import ScenarioError
from sim.core.formats import readable
from sim.core.share import share_dir
from sim.page.setup import Setup
from sim.run.find import find, find_beside, names
from sim.scenario.yaml import read

if TYPE_CHECKING:
    from sim.run.load import Loaded

EXTENDS = "extends"
GROUPS = {".": "cases", "variants": "cases with one thing otherwise", "classics": "published models"}
"""What the folders of scenarios are called in menus."""


@dataclass(frozen=True)
class Variant:
    """A scenario that extends another one.

    Attributes
    ----------
    name : str
        Of its file.
    label : str
        Its title, without what it has in common with the title of the other.
    question : str
        What it asks.
    """

    name: str
    label: str
    question: str


def presets(base: Loaded) -> dict[str, Mapping[str, Any]]:
    """Return ready comparisons: the same without one of its mechanisms; overrides by what they are called."""
    mechanisms = getattr(base.config, "mechanisms", None)
    if mechanisms is None:
        return {}
    found = sorted((name for name, on in mechanisms if on), key=lambda name: (name != "shutdown", name))
    return {f"without {readable(name)}": {f"mechanisms.{name}": False} for name in found}


def variants(base: Loaded, offered: Iterable[str]) -> tuple[Variant, ...]:
    """Return the scenarios on offer that change one scenario and ask what would have been, by name.

    These extend it, have a question, and a title that begins as its own does: other cases extend it, too. Only what a
    menu needs is read here; a variant is checked as any scenario is when it is chosen.
    """
    own = Path(base.path).resolve()
    title = base.config.about.title
    found = []
    for name in offered:
        try:
            path = find(name)
            about, extended = _head(path)
            if not (isinstance(extended, str) and isinstance(about, Mapping) and about.get("question")):
                continue
            parent = find_beside(extended, path.parent)
        except ScenarioError:  # a file of the user's that has a mistake is no reason to show nothing
            continue
        rest = str(about.get("title", "")).removeprefix(title)
        if rest[:1] in (" ", ",", ":") and parent.resolve() == own:
            found.append(Variant(name, rest.lstrip(" ,:"), str(about["question"])))
    return tuple(found)


def titles(offered: Iterable[str]) -> dict[str, str]:
    """Return scenarios by name, with their titles; one from a file is called as it was on the command line."""
    known = names()
    found = {}
    for name in offered:
        about = _head(known[name])[0] if name in known else {}
        found[name] = str(about.get("title", name)) if isinstance(about, Mapping) else name
    return found


def _head(path: Path) -> tuple[Any, Any]:
    """Return what a file says about itself, and what it extends; a menu asks it of all of them, for every tab."""
    return _read_head(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=512)
def _read_head(path: Path, changed: int) -> tuple[Any, Any]:
    data = read(path).data
    return data.get("about"), data.get(EXTENDS)


def group_of(name: str) -> str:
    """Return under what a scenario stands in a menu."""
    path = names().get(name)
    if path is None:
        return "yours"
    folder = path.relative_to(share_dir("scenarios")).parent.as_posix()
    return GROUPS.get(folder, folder)


def chosen_of(setups: Sequence[Setup], ready: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what stands beside the first parameter set, in the words of `incoming.second_setup`."""
    if len(setups) < 2:
        return "off"
    first, second = setups
    if second.scenario != first.scenario:
        return f"scenario:{second.scenario}"
    for name, overrides in ready.items():
        if dict(second.overrides) == {**first.overrides, **overrides}:
            return f"preset:{name}"
    return "same:"
