"""Two sides made by hand, whose differences are known exactly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from analysis.compare.sides import Side
from sim.models.declarations import Declared
from sim.models.mobilisation import results

SEEDS = tuple(range(101, 113))
DAYS = 10


def luck(seed: int) -> float:
    """What a seed brings to both sides alike."""
    return float(np.random.default_rng(seed).normal(100.0, 10.0))


def side(
    label: str,
    shift: float = 0.0,
    seeds: Iterable[int] = SEEDS,
    start: str | None = "2020-08-01",
    days: int = DAYS,
    from_day: int = 4,
    outcomes: Iterable[str] | None = None,
    lengths: Iterable[int] | None = None,
    noise: float = 0.0,
    **more: Any,
) -> Side:
    """Return a side whose turnout is luck, and `shift` more from `from_day` on (counted from 0).

    `noise` is luck of this side alone; `lengths` are the days after which runs end; without `start` days are steps.
    """
    seeds = list(seeds)
    own = np.random.default_rng(len(label)).normal(size=len(seeds)) * noise
    outcomes = list(outcomes) if outcomes is not None else ["contested"] * len(seeds)
    lengths = list(lengths) if lengths is not None else [days] * len(seeds)
    runs, daily, places = [], [], []
    for seed, alone, outcome, length in zip(seeds, own, outcomes, lengths, strict=True):
        turnout = np.full(length, luck(seed) + alone)
        turnout[from_day:] += shift
        frame = pd.DataFrame({"seed": seed, "attending": turnout, "legitimacy": 0.5})
        frame[("date" if start else "step")] = (
            pd.date_range(start, periods=length) if start else np.arange(1, length + 1)
        )
        runs.append({"seed": seed, "outcome": outcome, "peak_turnout": turnout.max(), "detained": 7, "days": length})
        daily.append(frame)
        if start:
            quiet = frame.assign(locality="Quiet", attending=luck(seed) / 2)
            places += [frame.assign(locality="Busy"), quiet]
    localities = pd.concat(places)[["seed", "date", "locality", "attending"]] if places else pd.DataFrame()
    data = {"model": "mobilisation", "time": {"days": days}, **more.pop("data", {})}
    more.setdefault("declared", Declared(results.COLUMNS, results.PLACES, results.NUMBERS))
    return Side(label, "made by hand", data, pd.DataFrame(runs), pd.concat(daily), localities, **more)
