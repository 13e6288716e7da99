"""What the targets of Belarus and Russia say of the same parameter sets, for a calibration jointly with campaigns.

How ready people are to act is left at what it is in each of the two scenarios: it is a country's own. The other twelve
parameters are of ranks, elites and the ruler, and taken to be the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.calibration.case import find_case
from analysis.calibration.distance import distance, met, typical
from analysis.calibration.evaluate import Candidate, Evaluator, check_measures, prepared
from analysis.campaigns.runs import THRESHOLD, Plan
from analysis.campaigns.score import Floats
from analysis.campaigns.unknown import drawn, spans_of
from sim.core.beside import available_cores
from sim.study.workers import warm

CASES: Mapping[str, str] = {"belarus-2020": "BLR", "russia-2022": "RUS"}
"""Scenarios whose targets count beside the campaigns, and their countries."""
RUNS = 6
"""Seeds of each set, as in the searches of both cases."""


@dataclass(frozen=True)
class Anchor:
    """How near runs of a case come to its targets under each set, and with the scenario's own values.

    Attributes
    ----------
    case, country : str
        Name of the scenario; ISO code.
    targets : int
    distance : array (sets)
        Weighted squared residuals of the median run (`analysis.calibration.distance`).
    met : array (sets)
        Targets met.
    own_distance, own_met : float, int
        The same with the scenario's own values.
    """

    case: str
    country: str
    targets: int
    distance: Floats
    met: Floats
    own_distance: float
    own_met: int

    @property
    def log_likelihood(self) -> Floats:
        """By set: -d / 2, a normal error of which each target's range is a standard deviation to either side."""
        return -self.distance / 2.0


def anchored(
    plan: Plan, folder: Path, workers: int | None, report: Callable[[str, int, int, str], None]
) -> tuple[Anchor, ...]:
    """Run both cases under every set of a plan, or what is missing of it in the folder's journals."""
    if not plan.sets:
        return ()
    return tuple(_anchor(name, plan, folder / name, workers, report) for name in CASES)


def _anchor(
    name: str, plan: Plan, folder: Path, workers: int | None, report: Callable[[str, int, int, str], None]
) -> Anchor:
    case = find_case(name)
    loaded = prepared(case, case.persons_per_agent)
    check_measures(case, loaded)
    warm(loaded)
    sets = drawn(spans_of(loaded), plan.sets)
    shared = [{path: value for path, value in one.items() if path != THRESHOLD} for one in sets]
    asked = [Candidate(values, plan.seeds[:RUNS]) for values in ({}, *shared)]
    with Evaluator(case, loaded, folder, workers or available_cores()) as evaluator:
        rows = evaluator(asked, lambda done: report(f"{name}: targets", done, len(asked), f"{done} sets"))
    middles = [typical(case.targets, one) for one in rows]
    far = np.array([distance(case.targets, middle) for middle in middles])
    hits = np.array([sum(map(met, case.targets, middle)) for middle in middles])
    return Anchor(name, CASES[name], len(case.targets), far[1:], hits[1:], float(far[0]), int(hits[0]))
