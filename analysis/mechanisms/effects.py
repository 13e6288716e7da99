"""What switching a mechanism off does: every ablation of the table as a pair of points that share their seeds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.claims.experiments import base_scenario
from analysis.claims.verdict import Effect, effect
from analysis.mechanisms.table import SIGNS, Ablation, Mechanism
from sim.core.errors import Problem, ScenarioError
from sim.measures.language import Known, Measure, faults, is_share_of_runs, parse, what_runs_have
from sim.measures.values import covered, tables_for, values
from sim.run.load import Loaded
from sim.study import Keep, Point, Study, StudyData

STANDARD = ("person_days_of_protest", "detained", "police_defected")
"""Numbers of the summary that every ablation is asked for, beside its own quantity and how runs end."""
AS_EXPECTED, OPPOSITE, NOT_SEEN, NO_SIGN = "as expected", "opposite", "not told from 0", "no sign expected"
NOT_JUDGED = "not judged"
"""Too many pairs lack days that count, since a run has ended, or there are too few of them."""


@dataclass(frozen=True)
class Pair:
    """An ablation and its two points."""

    ablation: Ablation
    measure: Measure
    on: int
    off: int


@dataclass(frozen=True)
class Result:
    """What an ablation did.

    Parameters
    ----------
    ablation : Ablation
    measure : Measure
    effect : Effect
        Of its quantity: without the mechanism less with it.
    standard : mapping of str to Effect
        Of the numbers in `STANDARD`.
    ended_otherwise : int
        Pairs whose runs end in different outcomes.
    """

    ablation: Ablation
    measure: Measure
    effect: Effect
    standard: Mapping[str, Effect]
    ended_otherwise: int

    @property
    def found(self) -> str:
        """Whether the 95% interval lies on the side that theory expects."""
        sign = SIGNS[self.ablation.expected]
        if not self.effect.low * self.effect.high > 0.0:
            return NOT_SEEN
        if self.effect.weakness:
            return NOT_JUDGED
        if sign == 0:
            return NO_SIGN
        return AS_EXPECTED if sign * self.effect.estimate > 0.0 else OPPOSITE


@dataclass(frozen=True)
class Planned:
    """The study of all ablations.

    Parameters
    ----------
    study : Study
    pairs : tuple of Pair
        In the table's order.
    known : mapping of str to Known
        What runs of each scenario have.
    """

    study: Study
    pairs: tuple[Pair, ...]
    known: Mapping[str, Known]


def planned(table: Sequence[Mechanism], seeds: Sequence[int], persons_per_agent: int) -> Planned:
    """Return the study of every ablation of a table.

    Parameters
    ----------
    table : sequence of Mechanism
    seeds : sequence of int
    persons_per_agent : int
        People an agent stands for.

    Raises
    ------
    ScenarioError
        For a scenario, setting or quantity that does not exist.
    """
    bases: dict[str, Loaded] = {}
    known: dict[str, Known] = {}
    points: dict[str, Point] = {}
    pairs = []
    for one in table:
        for ablation in one.ablations:
            name = ablation.scenario
            if name not in bases:
                bases[name] = base_scenario(name, persons_per_agent)
                known[name] = what_runs_have(bases[name].config)
            switched = {f"mechanisms.{switch}": False for switch in ablation.off}
            on = _point(points, name, dict(ablation.given), f"{name}, all as it is")
            off = _point(points, name, {**ablation.given, **switched}, f"{name} without {' and '.join(ablation.off)}")
            pairs.append(Pair(ablation, _measure(one, ablation, known[name]), on, off))
    study = Study(
        name="mechanisms",
        bases=bases,
        points=tuple(points.values()),
        seeds=tuple(seeds),
        keep=Keep(days=True, localities=any(pair.measure.place_columns for pair in pairs)),
        title="What every mechanism does",
        question="What changes when one mechanism is switched off and all else, luck too, stays the same?",
    )
    return Planned(study, tuple(pairs), known)


def _point(points: dict[str, Point], base: str, overrides: dict[str, Any], label: str) -> int:
    """Return the number of a point; the first of several with the same overrides stands for all."""
    key = json.dumps([base, sorted(overrides.items())], default=str)
    points.setdefault(key, Point(label, base, overrides))
    return list(points).index(key)


def _measure(one: Mechanism, ablation: Ablation, known: Known) -> Measure:
    try:
        measure = parse(ablation.quantity)
    except ValueError as error:
        raise ScenarioError(Problem(str(error), f"mechanism {one.file}", given=ablation.quantity)) from None
    wrong = faults(measure, known)
    if wrong:
        raise ScenarioError([replace(problem, path=f"mechanism {one.file}") for problem in wrong])
    return measure


def results(plan: Planned, data: StudyData) -> list[Result]:
    """Return what each ablation did, in the table's order."""
    days, places = tables_for((pair.measure for pair in plan.pairs), data)
    return [_result(pair, plan, data.runs, days, places) for pair in plan.pairs]


def _result(
    pair: Pair, plan: Planned, runs: pd.DataFrame, days: pd.DataFrame | None, places: pd.DataFrame | None
) -> Result:
    chosen, *of_pair = (
        None if table is None else table[table["point"].isin((pair.on, pair.off))] for table in (runs, days, places)
    )
    assert chosen is not None
    numbers = plan.known[pair.ablation.scenario].numbers
    whole = covered(pair.measure, chosen, *of_pair)
    partly = np.asarray((_of(whole, pair.on) < 1.0) | (_of(whole, pair.off) < 1.0))
    share = is_share_of_runs(pair.measure, numbers)
    own = _effect(values(pair.measure, chosen, *of_pair), pair, share, partly)
    indexed = chosen.set_index(["point", "replicate"])
    standard = {name: _effect(indexed[name].astype(float), pair) for name in STANDARD if name in numbers}
    ends = indexed["outcome"].astype(str)
    with_it, without = _of(ends, pair.on), _of(ends, pair.off)
    together = with_it.index.intersection(without.index)
    otherwise = int((with_it[together] != without[together]).sum())
    return Result(pair.ablation, pair.measure, own, standard, otherwise)


def _effect(found: pd.Series, pair: Pair, share: bool = False, partly: np.ndarray[Any, Any] | None = None) -> Effect:
    on, off = _of(found, pair.on), _of(found, pair.off)
    together = on.index.union(off.index)
    first, second = (one.reindex(together).to_numpy(dtype=np.float64) for one in (on, off))
    return effect(first, second, 0.0, False, share, partly)


def _of(found: pd.Series, point: int) -> pd.Series:
    return found[found.index.get_level_values("point") == point].droplevel("point")
