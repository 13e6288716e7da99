"""What people call the points of a study and what is set at them: in the words of the schema and of the scenarios."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sim.core.errors import one_line
from sim.core.formats import readable, to_digits
from sim.core.keypath import undotted
from sim.scenario.overrides import plain as as_data
from sim.study.design import labels, written
from sim.study.parameters import labels as labels_of_paths
from sim.study.read import StudyData

BASE = "base"
WITHOUT = "without "
BETWEEN = " · "


def paths_called(data: StudyData) -> dict[str, str]:
    """Return what people call each key path that a study changes."""
    said = data.manifest["parameters"]
    return labels_of_paths({path: (said.get(path) or {}).get("description", "") for path in data.manifest["changed"]})


def value_called(value: Any) -> str:
    """Return a value of a scenario as people say it: a switch is on or off, and numbers have no exponents."""
    if hasattr(value, "item"):  # of numpy
        value = value.item()
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return to_digits(value)
    return readable(value) if isinstance(value, str) else written(as_data(value))


def setting(path: str, value: Any, called: str, scenario: Mapping[str, Any]) -> str:
    """Return what is set, as people say it.

    Parameters
    ----------
    path : str
        Key path.
    value : object
        What is set there.
    called : str
        What people call the path.
    scenario : mapping
        The scenario in which it is set; what is taken out of it or put in has its title, if it has one.
    """
    if value is None or isinstance(value, Mapping):
        before = _at(scenario, path)
        thing = value or (before if isinstance(before, Mapping) else {})
        named = f"“{thing.get('title') or readable(undotted(path)[-1])}”"
        return f"{WITHOUT}{named}" if value is None else f"{named} otherwise" if before else f"with {named}"
    return f"“{called}” {value_called(value)}"


def quoted(name: str) -> str:
    """Return a name in quotation marks, unless it has some already."""
    return name if "“" in name else f"“{name}”"


def settings(overrides: Mapping[str, Any], called: Mapping[str, str], scenario: Mapping[str, Any]) -> str:
    """Return all that is set, as `setting` says each."""
    return ", ".join(setting(path, value, called.get(path, path), scenario) for path, value in overrides.items())


def title_of(scenario: Mapping[str, Any], name: str) -> str:
    """Return the title of a scenario, or the name if it has none; signs that are not seen are spelt out."""
    about = scenario.get("about")
    return one_line(str((about.get("title") if isinstance(about, Mapping) else "") or name))


def of_a_grid(data: StudyData) -> bool:
    """Whether the points of a study are told apart by the values of the same key paths."""
    return data.manifest["design"]["kind"] == "grid" and data.points["base"].nunique() == 1


def points_called(data: StudyData, beside: Sequence[int] = ()) -> list[str]:
    """Return what people call each point: the label that the study's file gives it, else what is set there.

    With `beside`, points of a grid are called by what tells these points apart, and by nothing else: by values alone,
    such as ``off · 0.06``, where these are of several key paths.
    """
    bases, called = data.manifest["bases"], paths_called(data)
    overrides = [json.loads(text) for text in data.points["overrides"]]
    grid = of_a_grid(data)
    same = {path for path in called if grid and len({str(overrides[one].get(path)) for one in beside}) == 1}
    by_values = bool(beside) and len(called) - len(same) > 1
    titles = dict(zip(bases, different({name: title_of(bases[name], name) for name in bases}), strict=True))
    automatic = _automatic(data, overrides)
    found = []
    for label, base, point, made in zip(data.points["label"], data.points["base"], overrides, automatic, strict=True):
        own = str(label).removeprefix(f"{base}: ")
        if own == base and len(bases) > 1:
            found.append(titles[base])
            continue
        words = own
        if point and own in made:
            told = {path: value for path, value in point.items() if path not in same}
            words = _values(told) if grid and by_values else settings(told, called, bases[base])
        elif own.startswith(WITHOUT) and data.manifest["design"]["kind"] == "ablation":
            words = readable(own)
        words = one_line(words)
        found.append(f"{titles[base]}: {words}" if own != label else words)
    shown = [found[one] for one in beside] or found
    return found if len(set(shown)) == len(shown) else [str(label) for label in data.points["label"]]


def rows_called(data: StudyData) -> list[str]:
    """Return what rows of a picture are called: points of a grid by their values alone, others as `points_called`."""
    if not of_a_grid(data):
        return points_called(data)
    return [_values(json.loads(text)) for text in data.points["overrides"]]


def _values(overrides: Mapping[str, Any]) -> str:
    return BETWEEN.join(map(value_called, overrides.values()))


def different(titles: Mapping[str, str]) -> list[str]:
    """Return titles; those that several things share are followed by the things' own names."""
    often = list(titles.values())
    return [title if often.count(title) == 1 else f"{title} ({name})" for name, title in titles.items()]


def _automatic(data: StudyData, overrides: Sequence[Mapping[str, Any]]) -> list[set[str]]:
    """Return the labels that a point has if the study's file gives it none."""
    together = labels([dict(point) for point in overrides])
    found = [{label} for label in together]
    bases = data.points["base"].tolist()
    for base in dict.fromkeys(bases):
        places = [place for place, name in enumerate(bases) if name == base]
        for place, label in zip(places, labels([dict(overrides[one]) for one in places]), strict=True):
            found[place].add(label)
    return found


def _at(scenario: Mapping[str, Any], path: str) -> Any:
    part: Any = scenario
    for name in undotted(path):
        part = part.get(name) if isinstance(part, Mapping) else None
    return part
