"""The runs of a table of campaigns: by the facts of the first day, over a range of sizes, over what is not known."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.campaigns.judge import endings
from analysis.campaigns.table import Campaigns, card_of
from analysis.campaigns.unknown import drawn, spans_of
from analysis.campaigns.why import GROUPS, usual, without
from analysis.patterns.load import find_pattern
from analysis.report.page import write_text
from sim.cards import new_case
from sim.run.load import Loaded
from sim.scenario.yaml import parse
from sim.study import Keep, Point, Study, StudyData, run_study
from sim.study.execute import Status

THRESHOLD = "people.motive.threshold_mean"
"""What makes a movement larger or smaller, whatever made it so."""
SHIFTS = (-1.5, -0.75, 0.5, 1.0)
"""Of the threshold [SD], for movements larger and smaller than the facts of the first day make them."""
NEAREST = 0.25
"""Part of a campaign's runs that speak for it given its peak: those nearest to the observed one, at least three."""
CONCEDED = 0.2
"""Concessions from which an end that is no success counts as a partial one: half a demand."""
DEFECTION = "defection-and-success"
"""The pattern whose check `defection` says when forces count as having defected."""
KILLED = (100, 1000)
LUCKS = 2


@dataclass(frozen=True)
class Plan:
    """Seeds and scale: all that the runs depend on beside the table.

    sets : how many parameter sets to draw over what is not known (`unknown`), each with the first `LUCKS` seeds
    why : how many of the seeds to run with some facts as they usually are (`why`), to see which of them move a chance
    """

    seeds: tuple[int, ...]
    agents: int
    sets: int = 0
    why: int = 0

    @property
    def fewer(self) -> tuple[int, ...]:
        """Seeds of each shifted point, so that all of them together are as many as of the one that is not."""
        return self.seeds[: max(1, -(-len(self.seeds) // len(SHIFTS)))]

    @property
    def lucks(self) -> tuple[int, ...]:
        """Seeds of each parameter set."""
        return self.seeds[:LUCKS]


def bases_of(campaigns: Campaigns, agents: int, folder: Path | None = None) -> dict[str, Loaded[Any]]:
    """Return the scenario of each campaign, and write it into a folder for whoever wants to read it."""
    found = {}
    for one in campaigns.rows:
        case = new_case(card_of(one), one.id, agents)
        path = (folder or Path()) / f"campaign-{one.id}.yaml"
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            write_text(path, case.text)
        found[one.id] = case.load(path)
    return found


def studies_of(bases: dict[str, Loaded[Any]], plan: Plan, others: dict[str, Loaded[Any]]) -> dict[str, Study]:
    """Return the studies by folder: of the first day's facts, over sizes, over what is not known, of usual facts.

    others : by ``campaign:group``, as `usual_of`
    """
    keep = Keep(days=True)
    usual = tuple(Point(name, name, {}) for name in bases)
    shifted = tuple(
        Point(f"{name} {shift:+g}", name, {THRESHOLD: round(base.config.people.motive.threshold_mean + shift, 4)})
        for name, base in bases.items()
        for shift in SHIFTS
    )
    found = {
        "before": Study("campaigns", bases, usual, plan.seeds, keep, title="Campaigns, by the facts of the first day"),
        "sizes": Study("campaigns-sizes", bases, shifted, plan.fewer, keep, title="Campaigns, over a range of sizes"),
    }
    if plan.sets:
        sets = drawn(spans_of(next(iter(bases.values()))), plan.sets)
        points = tuple(Point(f"{name} {number}", name, values) for name in bases for number, values in enumerate(sets))
        title = "Campaigns, over what is not known"
        found["unknown"] = Study("campaigns-unknown", bases, points, plan.lucks, keep, title=title)
    if others:
        points = tuple(Point(name, name, {}) for name in others)
        title = "Campaigns, with some facts as they usually are"
        found["facts"] = Study("campaigns-facts", others, points, plan.seeds[: plan.why], keep, title=title)
    return found


def usual_of(campaigns: Campaigns, agents: int) -> dict[str, Loaded[Any]]:
    """Return the scenario of each campaign with the facts of each group as they usually are, by ``campaign:group``."""
    typical = usual(campaigns)
    found = {}
    for one in campaigns.rows:
        for group in GROUPS:
            case = new_case(card_of(without(one, group, typical)), one.id, agents)
            found[f"{one.id}:{group}"] = case.load(Path(f"campaign-{one.id}.yaml"))
    return found


def carry_out(
    campaigns: Campaigns,
    plan: Plan,
    folder: Path,
    workers: int | None,
    progress: Callable[[Study], AbstractContextManager[Callable[[Status], None] | None]],
    force: bool = False,
) -> dict[str, StudyData]:
    """Run all studies, or what is missing of them."""
    bases = bases_of(campaigns, plan.agents, folder / "scenarios")
    found = {}
    others = usual_of(campaigns, plan.agents) if plan.why else {}
    for name, study in studies_of(bases, plan, others).items():
        with progress(study) as report:
            found[name] = run_study(study, folder / name, workers, report, force=force)
    return found


@cache
def disobeyed() -> float:
    """Return the share of orders obeyed below which forces count as having defected, as the pattern has it."""
    checks = parse(find_pattern(DEFECTION)).data["pattern"]["checks"]
    return float(checks["defection"]["options"]["event"]["below"])


def runs_of(data: StudyData) -> pd.DataFrame:
    """Return a row a run: campaign, seed, what came of it in the words of the table of campaigns.

    Returns
    -------
    DataFrame
        ``campaign``, ``seed``, ``success``, ``any_success``, ``defection``, ``deaths_100``, ``deaths_1000`` (0 or 1),
        ``peak`` (share of the population), ``days`` to the end, ``outcome`` as the model has it, and ``set``: the last
        word of the point's label, the number of the parameter set where there are several.
    """
    runs, found = data.runs, endings(data)
    daily = (
        data.days(columns=["coercion", "concession", "battle_deaths"])
        .groupby(["point", "replicate"])
        .agg({"coercion": "min", "concession": "max", "battle_deaths": "max"})
    )
    daily = daily.reindex(pd.MultiIndex.from_frame(runs[["point", "replicate"]]))
    success, ousted = found["success"] > 0.5, found["outcome"] == "ousted by the army"
    found["any_success"] = (success | (daily["concession"].to_numpy() >= CONCEDED)).astype(float)
    found["defection"] = ((daily["coercion"].to_numpy() < disobeyed()) | ousted).astype(float)
    killed = runs["killed"].to_numpy() + daily["battle_deaths"].to_numpy()
    for least in KILLED:
        found[f"deaths_{least}"] = (killed > least).astype(float)
    found["set"] = data.points["label"].reindex(runs["point"]).str.rpartition(" ")[2].to_numpy()
    return found


def given_peak(runs: pd.DataFrame, peak: float, smallest: float) -> pd.DataFrame:
    """Return the runs of a campaign that come nearest to the observed peak.

    Parameters
    ----------
    runs : DataFrame
        Of one campaign, as `runs_of`.
    peak : float
        Observed share of the population; not a number where it is not known: then runs of every size speak.
    smallest : float
        Share that one agent is, below which sizes cannot be told apart.
    """
    if not np.isfinite(peak):
        return runs
    distance = np.abs(np.log10(np.maximum(runs["peak"], smallest)) - np.log10(max(peak, smallest)))
    order = np.lexsort((runs["seed"].to_numpy(), distance.to_numpy()))
    kept = order[: max(3, round(NEAREST * len(runs)))]
    return runs.iloc[kept].assign(distance=distance.to_numpy()[kept])
