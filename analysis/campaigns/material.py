"""What the tables on campaigns are made of: what was observed, and the runs and chances that speak for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.campaigns import unknown
from analysis.campaigns.joint import Anchor
from analysis.campaigns.judge import chances
from analysis.campaigns.runs import Plan, given_peak, runs_of
from analysis.campaigns.score import Floats
from analysis.campaigns.table import Campaigns
from analysis.campaigns.why import GROUPS, movers
from sim.study import StudyData

EVENTS: Mapping[str, str] = {"success": "success", "any_success": "success or partial success"}
MODES: Mapping[str, str] = {"before": "before: the facts of the first day", "peak": "given the peak"}


@dataclass(frozen=True)
class Material:
    """All that the tables are made of.

    Attributes
    ----------
    observed : DataFrame
        `Campaigns.outcomes`, a row a campaign that has runs.
    facts : DataFrame
        The facts of its card.
    runs : mapping of str to DataFrame
        By mode: the runs that speak, as `runs_of`.
    chance : mapping of (str, str) to array
        By mode and event: the model's chance of each campaign.
    clusters : int array
        Country of each campaign, as a number.
    by_set : mapping of str to array (campaigns, sets)
        By event: the chance of each campaign under each set of what is not known; empty where no sets were run.
    sets : mapping of str to array (sets)
        The values of each parameter in the sets.
    anchors : tuple of Anchor
        How near Belarus and Russia come to their own targets under each set; empty where no sets were run.
    movers : mapping of str to str
        By campaign: which facts move its chance most, in words; empty where that was not run.
    """

    observed: pd.DataFrame
    facts: pd.DataFrame
    runs: Mapping[str, pd.DataFrame]
    chance: Mapping[tuple[str, str], Floats]
    clusters: NDArray[np.int64]
    by_set: Mapping[str, Floats]
    sets: Mapping[str, Floats]
    anchors: tuple[Anchor, ...]
    movers: Mapping[str, str]


def material(
    campaigns: Campaigns, plan: Plan, studies: Mapping[str, StudyData], anchors: Sequence[Anchor] = ()
) -> Material:
    """Return what the tables are made of; campaigns without a run are left out."""
    observed, facts = campaigns.outcomes(), campaigns.facts()
    usual, shifted = runs_of(studies["before"]), runs_of(studies["sizes"])
    have = [name for name in observed.index if name in set(usual["campaign"])]
    observed, facts = observed.loc[have], facts.loc[have]
    together = pd.concat([usual, shifted], ignore_index=True)
    by_campaign = dict(list(together.groupby("campaign")))
    near = [given_peak(by_campaign[name], float(observed["peak"][name]), 1.0 / plan.agents) for name in have]
    runs = {"before": usual[usual["campaign"].isin(have)], "peak": pd.concat(near, ignore_index=True)}
    chance = {
        (mode, event): chances(runs[mode], have, event).to_numpy(dtype=np.float64) for mode in MODES for event in EVENTS
    }
    clusters = np.unique(observed["country"], return_inverse=True)[1].astype(np.int64)
    own: dict[str, Floats] = {}
    sets: dict[str, Floats] = {}
    if "unknown" in studies:
        many, points = runs_of(studies["unknown"]), studies["unknown"].points
        own = {event: unknown.by_set(many, have, event, plan.sets) for event in EVENTS}
        first = points[points["base"] == points["base"].iloc[0]].sort_values("point")
        sets = {path: first[path].to_numpy(dtype=np.float64) for path in points.columns if "." in path}
    moved = _movers(studies, plan, have, usual)
    return Material(observed, facts, runs, chance, clusters, own, sets, tuple(anchors), moved)


def _movers(studies: Mapping[str, StudyData], plan: Plan, have: list[str], usual: pd.DataFrame) -> dict[str, str]:
    """Return in words which facts move the chance of success of each campaign most, over common seeds."""
    if "facts" not in studies:
        return {}
    as_it_is = chances(usual[usual["seed"].isin(plan.seeds[: plan.why])], have, "success")
    runs = runs_of(studies["facts"])
    names = [f"{name}:{group}" for name in have for group in GROUPS]
    others = chances(runs, names, "success")
    return {
        name: movers(float(as_it_is[name]), {group: float(others[f"{name}:{group}"]) for group in GROUPS})
        for name in have
    }
