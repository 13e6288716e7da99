"""Studies whose truth is known: points of a real design, and runs computed by a formula instead of the model."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

Formula = Callable[[pd.DataFrame, np.random.Generator, int], Mapping[str, Any]]


@dataclass
class Made:
    """What `sim.study.StudyData` has, made by hand."""

    manifest: dict[str, Any]
    points: pd.DataFrame
    runs: pd.DataFrame
    failures: list[dict[str, Any]] = field(default_factory=list)

    def without(self, lost: pd.Series) -> Made:
        """Return the study as if some runs had failed."""
        reason = {"run_id": "x", "point": 0, "replicate": 0, "seed": 0, "reason": "killed by the system"}
        return Made(self.manifest, self.points, self.runs[~lost], [reason] * int(lost.sum()))


def made(
    kind: str,
    columns: pd.DataFrame,
    formula: Formula,
    replicates: int = 1,
    ranges: Mapping[str, Mapping[str, Any]] | None = None,
    overrides: Sequence[Mapping[str, Any]] | None = None,
    bases: Sequence[str] = ("case",),
) -> Made:
    """Return a study with a design's points and one run a point and replicate.

    `formula` gives the summary of all points in one replicate; its ``outcome`` is "contested" unless it says so.
    """
    rng, count = np.random.default_rng(1), len(columns)
    points = pd.DataFrame(
        {
            "point": range(count),
            "label": [f"no. {place}" for place in range(count)],
            "base": [bases[place % len(bases)] for place in range(count)],
            "overrides": [json.dumps(dict(one)) for one in overrides or [{"a": 1}] * count],
            "scenario_hash": [str(place) for place in range(count)],
            "same_as": range(count),
        }
    ).join(columns.reset_index(drop=True))
    runs = []
    for replicate in range(replicates):
        identity = points[["point", "label", "base"]].assign(replicate=replicate, seed=replicate, outcome="contested")
        runs.append(identity.assign(**formula(points, rng, replicate)))
    manifest = {
        "name": "made",
        "title": "A made study <of> 'things' & others",
        "design": {"kind": kind, "ranges": dict(ranges or {}), "options": {}},
        "bases": {},
        "parameters": {name: {"unit": "SD", "description": f"meaning of {name}"} for name in columns},
        "seeds": list(range(replicates)),
        "precision": None,
    }
    together = pd.concat(runs).sort_values(["point", "replicate"], ignore_index=True)
    return Made(manifest, points, together)
