"""Every mechanism switched off in turn: which of them can be told to do anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import Field

from analysis.patterns.runs import measured_everywhere
from analysis.patterns.schema import MEASURE, Named, Options
from analysis.stats.clusters import Found
from analysis.stats.intervals import Floats
from analysis.stats.paired import are_shares, paired, weakness
from analysis.stats.policy import LEVEL
from analysis.stats.power import corrected
from sim.study.read import StudyData

SWITCH = "mechanisms."


class Switches(Options):
    """Options of `switches_without_effect`."""

    measures: list[str] = Field(min_length=1)

    def names(self) -> Iterator[Named]:
        """Yield the measures."""
        for place, text in enumerate(self.measures):
            yield Named(("measures", place), MEASURE, text)


@dataclass(frozen=True)
class SwitchEffect:
    """What switching a mechanism off does to one measure.

    Parameters
    ----------
    switch, base, measure : str
    pairs : int
    without, change, low, high : float
        Mean with the mechanism; mean change once it is off, with its 95% interval (Student's over pairs, Newcombe's
        for shares of runs).
    p_value : float
        Of no change, corrected for the number of mechanisms and measures.
    identical : bool
        Whether no pair differs at all.
    """

    switch: str
    base: str
    measure: str
    pairs: int
    without: float
    change: float
    low: float
    high: float
    p_value: float
    identical: bool

    @property
    def told(self) -> bool:
        """Whether the change can be told from none."""
        return self.p_value < LEVEL


def switches_without_effect(data: StudyData, options: Switches) -> Found:
    """How many mechanisms have no effect on any of some measures that can be told from none.

    Each point with a mechanism off is paired, seed by seed, with the point that has all the same but that. p-values are
    those of swapping the runs of pairs (McNemar's for shares of runs), corrected over all mechanisms and measures. The
    lower bound counts the mechanisms whose runs are the same without them, number by number.
    """
    effects = switch_effects(data, options)
    switches = {effect.switch for effect in effects}
    told = {effect.switch for effect in effects if effect.told}
    moved = {effect.switch for effect in effects if not effect.identical}
    pairs = min((effect.pairs for effect in effects), default=0)
    untold = float(len(switches - told))
    method = "no effect at all, and none that can be told"
    return Found(
        untold,
        float(len(switches - moved)),
        untold,
        method,
        pairs,
        "seeds",
        weakness(pairs, 0, "seeds"),
        tuple(effects),
    )


def switch_effects(data: StudyData, options: Switches) -> list[SwitchEffect]:
    """Return the effect of each mechanism on each measure, in the order of the points."""
    found: list[SwitchEffect] = []
    pairs = switch_pairs(data)
    for text in options.measures:
        values = measured_everywhere(data, text)
        for switch, on, off, base in pairs:
            both = values[on].to_frame("on").join(values[off].rename("off"), how="inner").dropna()
            found.append(_effect(switch, base, text, both["on"].to_numpy(), both["off"].to_numpy()))
    p_values = corrected(np.array([effect.p_value for effect in found]))
    return [SwitchEffect(**{**vars(one), "p_value": float(p)}) for one, p in zip(found, p_values, strict=True)]


def switch_pairs(data: StudyData) -> list[tuple[str, int, int, str]]:
    """Return the mechanism, the point with it, the point without it, and the scenario of each pair."""
    points = data.points
    settings = [json.loads(text) for text in points["overrides"]]
    keys = {
        _key(base, chosen): point for point, (base, chosen) in enumerate(zip(points["base"], settings, strict=True))
    }
    pairs = []
    for point, (base, chosen) in enumerate(zip(points["base"], settings, strict=True)):
        for path in (path for path, value in chosen.items() if path.startswith(SWITCH) and value is False):
            twin = keys.get(_key(base, {name: value for name, value in chosen.items() if name != path}))
            if twin is not None:
                pairs.append((path.removeprefix(SWITCH), twin, point, str(base)))
    return pairs


def _key(base: str, settings: dict[str, Any]) -> str:
    return json.dumps([base, sorted(settings.items())], default=str)


def _effect(switch: str, base: str, measure: str, on: Floats, off: Floats) -> SwitchEffect:
    found = paired(on, off, bool(on.size) and are_shares(on, off))
    identical = not bool(np.any(found.differences))
    ends = (found.first, found.mean, found.low, found.high)
    return SwitchEffect(switch, base, measure, found.pairs, *ends, found.p, identical)
