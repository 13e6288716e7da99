"""The sliders: the few parameters that matter most, each a name for one or more key paths of the scenario.

Label, unit, range and source are read from the schema and from the scenario's sources; only the choice stands here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from numbers import Real
from typing import Any

from pydantic import BaseModel

from sim.core.errors import Problem, ScenarioError, nearest, shown
from sim.core.formats import readable, to_digits
from sim.core.keypath import dotted
from sim.evidence.sources import SourceRow, load_ledger, source_table
from sim.mesa.leaves import Leaf, expanded, leaf_at
from sim.models.interface import declared
from sim.models.mobilisation.results import column
from sim.run.find import names
from sim.run.load import DEFAULT_MODEL, Loaded, derive
from sim.scenario.yaml import read

STRONGEST_FACTOR = 2.0
STEPS = 100
"""Steps from one end of a slider to the other."""
ROOM = 4.0
"""How many times the scenario's own value a slider reaches, if the schema allows that much."""


@dataclass(frozen=True)
class Choice:
    """One line of the table of sliders.

    Attributes
    ----------
    paths : tuple of str
        Key paths; ``*`` stands for every name.
    label : str
        For sliders that multiply several values; one that sets a single value has the label of the schema.
    """

    paths: tuple[str, ...]
    label: str = ""

    @property
    def factor(self) -> bool:
        """Whether the slider multiplies the scenario's values instead of setting one."""
        return bool(self.label)


CHOICES: Mapping[str, Choice] = {
    "aggression_gain": Choice(("regime.aggression_gain",)),
    "restraint": Choice(("regime.street_capacity",)),
    "police": Choice(("police.forces.*.persons",), "police and army"),
    "deployment": Choice(("police.forces.*.deployed",), "police sent into the streets"),
    "internet_cuts": Choice(("regime.shutdown_readiness", "events.*.effects.shutdown"), "cuts of the internet"),
    "hub_top_reach": Choice(("movement.hub.top_reach",)),
    "centralisation": Choice(("movement.leadership.centralisation",)),
    "forming_rate": Choice(("movement.communities.forming_rate",)),
    "engaged_band": Choice(("people.motive.engaged_band",)),
    "donation": Choice(("movement.aid.donation",)),
    "patron_backing": Choice(
        ("regime.patron_rescue", "events.*.effects.patron_support", "events.*.effects.patron_transfer"),
        column("patron").label,
    ),
    "elite_ties": Choice(("elites.kinds.*.rents",), "what elites gain from the regime"),
    "elite_punishment": Choice(("elites.punishment",)),
    "threshold": Choice(("people.motive.threshold_mean",)),
}
"""Every slider of the flagship by name, which is no name of a reported number: Mesa puts both into one row.

A scenario has those whose values it has.
"""

WITHOUT_SLIDERS = ("about", "run", "time", "sources", "publications")
"""Sections of other models that have no sliders; all numbers with a range in the others have one."""


def choices_of(loaded: Loaded) -> Mapping[str, Choice]:
    """Return the sliders that a scenario can have, by name.

    Those of the table for the flagship model. For any other, every number to which its schema gives a range: under its
    name in the table, or else under the last words of its key path that tell it from the rest and
    from what is reported.
    """
    if loaded.config.model == DEFAULT_MODEL:
        return CHOICES
    paths = [path for path in _numbers(loaded.config) if _has_range(leaf_at(loaded, path))]
    reported = {one.name for one in declared(loaded.config).columns}
    lengths = range(1, max((len(path) for path in paths), default=0) + 1)

    def name_of(path: tuple[str, ...]) -> str:
        names = ("_".join(path[-length:]) for length in lengths)
        return next(
            name for length, name in zip(lengths, names, strict=True)
            if length == len(path)
            or (sum(other[-length:] == path[-length:] for other in paths) == 1 and name not in reported)
        )  # fmt: skip

    named = {choice.paths[0]: name for name, choice in CHOICES.items() if len(choice.paths) == 1}
    single = {dotted(path): path for path in paths}
    return {named.get(key) or name_of(path): Choice((key,)) for key, path in single.items()}


def _numbers(part: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the key paths of all numbers of a scenario that stand in sections or under names."""
    inner = part if isinstance(part, Mapping) else dict(part) if isinstance(part, BaseModel) else None
    if inner is None:
        if isinstance(part, int | float) and not isinstance(part, bool):
            yield path
        return
    for name, value in inner.items():
        if path or name not in WITHOUT_SLIDERS:
            yield from _numbers(value, (*path, name))


def _has_range(leaf: Leaf | None) -> bool:
    return leaf is not None and math.isfinite(leaf.low) and math.isfinite(leaf.high) and leaf.low < leaf.high


@dataclass(frozen=True)
class Slider:
    """A slider as it is drawn.

    Attributes
    ----------
    name : str
        Its keyword of ``ProtestModel``.
    label, unit : str
        In words; the unit is ``times`` for a factor.
    low, high, step, default : float
        Range, step, and the scenario's own value (1 for a factor).
    help : str
        Meaning, range that is allowed, and what the scenario's value rests on.
    paths : tuple of str
        Key paths of the values it changes.
    factor : bool
        Whether it multiplies them.
    whole : bool
        Whether its values are whole numbers.
    """

    name: str
    label: str
    unit: str
    low: float
    high: float
    step: float
    default: float
    help: str
    paths: tuple[str, ...]
    factor: bool
    whole: bool


def sliders(loaded: Loaded) -> tuple[Slider, ...]:
    """Return the sliders that a scenario has, in the order to show them."""
    found = []
    rows = _sources(loaded)
    for name, choice in choices_of(loaded).items():
        leaves = _leaves_of(loaded, choice)
        if leaves:
            found.append(_factor(name, choice, leaves, rows) if choice.factor else _value(name, leaves[0], rows))
    if loaded.config.model != DEFAULT_MODEL:
        found = [slider for slider in found if _moves(loaded, slider)]
    return tuple(found)


def _moves(loaded: Loaded, slider: Slider) -> bool:
    """Whether the scenario allows any other value: not of the number of persons, where each is written out."""
    others = (slider.default - slider.step, slider.default + slider.step, slider.low, slider.high)
    for value in others:
        if slider.low <= value <= slider.high and value != slider.default:
            try:
                derive(loaded, overrides_of(loaded, {slider.name: value}))
            except ScenarioError:
                continue
            return True
    return False


def overrides_of(loaded: Loaded, values: Mapping[str, Any]) -> dict[str, object]:
    """Return the values by key path that sliders stand for.

    Parameters
    ----------
    loaded : Loaded
        The scenario as it is without sliders.
    values : mapping of str to float or None
        By name of the slider. None, and the scenario's own value, change nothing.

    Raises
    ------
    ScenarioError
        For a name that is no slider of this scenario, and for a value that is no number. (Whether the
        number is allowed is for the scenario's own check to say.)
    """
    overrides: dict[str, object] = {}
    problems = []
    choices = choices_of(loaded)
    for name, value in values.items():
        if name not in choices:
            problems.append(Problem("there is no such slider", name, nearest=nearest(name, choices)))
        elif value is not None and (isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value)):
            problems.append(Problem("must be a number", name, given=shown(value)))
        elif value is not None:
            leaves = _leaves_of(loaded, choices[name])
            if not leaves:
                problems.append(Problem("the scenario has nothing that this slider could change", name))
            elif choices[name].factor and value < 0:
                problems.append(Problem("must be at least 0", name, given=shown(value)))
            overrides |= _changes(leaves, float(value), choices[name].factor)
    if problems:
        raise ScenarioError(problems)
    return overrides


def scenarios() -> dict[str, str]:
    """Return name and title of the scenarios that come with the project."""
    return {name: str(read(path).data.get("about", {}).get("title", name)) for name, path in names().items()}


def differences(one: Loaded, other: Loaded) -> list[tuple[str, object, object]]:
    """Return key path, value here and value there of all that differs between two scenarios.

    What describes a scenario (about, sources) is left out. A value that one of them lacks is an empty text.
    """
    here, there = dict(_flat(_numbers_of(one))), dict(_flat(_numbers_of(other)))
    paths = dict.fromkeys([*here, *there])
    return [
        (path, here.get(path, ""), there.get(path, "")) for path in paths if here.get(path, "") != there.get(path, "")
    ]


def _numbers_of(loaded: Loaded) -> dict[str, Any]:
    return loaded.config.model_dump(mode="json", exclude={"about", "sources", "publications"})


def _flat(value: object, above: tuple[str, ...] = ()) -> Iterator[tuple[str, object]]:
    if not isinstance(value, Mapping):
        yield dotted(above), value
        return
    for name, inner in value.items():
        yield from _flat(inner, (*above, str(name)))


def _changes(leaves: list[Leaf], value: float, factor: bool) -> dict[str, object]:
    changed: dict[str, object] = {}
    for leaf in leaves:
        new = min(max(leaf.value * value, leaf.low), leaf.high) if factor else value
        number: float | int = round(new) if leaf.whole else new
        if number != leaf.value:
            changed[leaf.path] = number
    return changed


def _leaves_of(loaded: Loaded, choice: Choice) -> list[Leaf]:
    found = []
    for pattern in choice.paths:
        for path in expanded(loaded.config, pattern):
            leaf = leaf_at(loaded, path)
            # a factor leaves alone what the scenario does not touch, such as an event without a shutdown
            if leaf is not None and not (choice.factor and leaf.value == 0.0):
                found.append(leaf)
    return found


def _value(name: str, leaf: Leaf, rows: Mapping[str, SourceRow]) -> Slider:
    high = min(leaf.high, _round_number(ROOM * leaf.value)) if leaf.value > 0 else leaf.high
    low = leaf.low if leaf.low >= 0 else max(leaf.low, -high)
    step = 1.0 if leaf.whole else _round_number((high - low) / STEPS)
    span = f"{to_digits(leaf.low)} to {to_digits(leaf.high)} {leaf.unit}"
    text = f"{leaf.words} [{leaf.path}; {span}]. {_source(rows.get(leaf.path))}"
    label = f"{readable(leaf.under)}: {leaf.words}" if leaf.under else leaf.words
    return Slider(name, label, leaf.unit, low, high, step, leaf.value, text.strip(), (leaf.path,), False, leaf.whole)


def _factor(name: str, choice: Choice, leaves: list[Leaf], rows: Mapping[str, SourceRow]) -> Slider:
    paths = tuple(leaf.path for leaf in leaves)
    meanings = dict.fromkeys(leaf.words for leaf in leaves)
    sources = dict.fromkeys(_source(rows.get(path)) for path in paths)
    text = (
        f"Multiplies: {'; '.join(meanings)} [{', '.join(choice.paths)}; each within its range]. "
        f"{' '.join(part for part in sources if part)}"
    )
    return Slider(
        name, choice.label, "times", 0.0, STRONGEST_FACTOR, STRONGEST_FACTOR / STEPS, 1.0, text.strip(), paths, True,
        False,
    )  # fmt: skip


def _round_number(value: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is at least `value`."""
    power = 10.0 ** math.floor(math.log10(value))
    found = next(step for step in (1, 2, 5, 10) if step * power >= value * (1 - 1e-9))
    return float(f"{found * power:.6g}")


def _source(row: SourceRow | None) -> str:
    if row is None:
        return ""
    said = row.kind if row.kind in row.ids else f"{row.kind}: {', '.join(row.ids)}"
    others = [name for name in row.ids if name != row.kind]
    beside = f" ({', '.join(others)})" if row.kind in row.ids and others else ""
    note = f" — {row.note}" if row.note else ""
    return f"Source: {said}{beside}{note}."


def _sources(loaded: Loaded) -> Mapping[str, SourceRow]:
    return _source_rows(_Kept(loaded))


class _Kept:
    """A scenario as a key of the cache below: the same file with the same sources is looked up once."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.key = (loaded.path, repr(loaded.data.get("sources")))

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and other.key == self.key


@lru_cache(maxsize=8)
def _source_rows(kept: _Kept) -> Mapping[str, SourceRow]:
    data = kept.loaded.data
    return {row.path: row for row in source_table(data, data.get("sources", {}), load_ledger())}
