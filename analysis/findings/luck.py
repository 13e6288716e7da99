"""How far runs of one scenario part by luck alone: peak, person-days and ending over seeds, with luck and without.

``python -m analysis.findings.luck belarus-2020 --replicates quick-20`` prints the table of docs/luck.md.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.report.markdown import table
from sim.evidence.replicates import replicate_seeds
from sim.run.load import Loaded, derive, load
from sim.run.result import Run
from sim.run.simulate import simulate

ARMS: Mapping[str, Mapping[str, object]] = {"with luck": {}, "without luck": {"mechanisms.luck": False}}
HEAD = (
    "runs", "median peak", "lowest to highest", "peak, IQR / median", "person-days, IQR / median",
    "ln of a day's turnout, SD", "endings",
)  # fmt: skip


@dataclass(frozen=True)
class Spread:
    """What runs of one scenario over several seeds have in common, and how far they part.

    Attributes
    ----------
    peak, days : array, shape (runs,)
        Largest turnout of a day, and person-days of protest.
    daily : array, shape (runs, days)
        Turnout of each day; as many days as the shortest run has.
    endings : Counter of str
    """

    peak: NDArray[np.float64]
    days: NDArray[np.float64]
    daily: NDArray[np.float64]
    endings: Counter[str]


def relative_spread(values: NDArray[np.float64]) -> float:
    """Return the interquartile range over the median."""
    low, middle, high = np.quantile(values, (0.25, 0.5, 0.75))
    return float((high - low) / middle)


def day_spread(daily: NDArray[np.float64], least: float) -> float:
    """Return the standard deviation of ln turnout between runs: the root mean square over days of note.

    daily : array, shape (runs, days), persons
    least : float, persons; days with a median below it are left out; not a number if none is left
    """
    noted = daily[:, np.median(daily, axis=0) >= least]
    if noted.size == 0:
        return float("nan")
    logs = np.log(np.maximum(noted, 1.0))
    return float(np.sqrt(np.mean(np.var(logs, axis=0, ddof=1))))


def spread(loaded: Loaded, seeds: Iterable[int]) -> Spread:
    """Run a scenario over seeds."""
    runs: list[Run] = [simulate(loaded, seed=seed) for seed in seeds]
    shortest = min(len(run.days) for run in runs)
    daily = np.array([run.days["attending"].to_numpy(dtype=np.float64)[:shortest] for run in runs])
    return Spread(
        peak=np.array([float(run.days["attending"].max()) for run in runs]),
        days=np.array([float(run.days["attending"].sum()) for run in runs]),
        daily=daily,
        endings=Counter(run.outcome.name for run in runs),
    )


def row(name: str, found: Spread, least: float) -> list[str]:
    """Return the cells of a row of the table."""
    ends = ", ".join(f"{ending} {count}" for ending, count in found.endings.most_common())
    return [
        name,
        f"{np.median(found.peak):,.0f}",
        f"{found.peak.min():,.0f} to {found.peak.max():,.0f}",
        f"{relative_spread(found.peak):.2f}",
        f"{relative_spread(found.days):.2f}",
        f"{day_spread(found.daily, least):.2f}",
        ends,
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the table of a scenario, with luck and without, to the terminal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("scenario")
    parser.add_argument("--replicates", default="quick-20", help="named list of seeds")
    parser.add_argument("--persons-per-agent", type=int, default=None)
    parser.add_argument("--least", type=float, default=1000.0, help="persons; quieter days do not count")
    chosen = parser.parse_args(arguments)
    scale = {} if chosen.persons_per_agent is None else {"run.persons_per_agent": chosen.persons_per_agent}
    base, seeds = derive(load(chosen.scenario), scale), replicate_seeds(chosen.replicates)
    rows = [row(name, spread(derive(base, changes), seeds), chosen.least) for name, changes in ARMS.items()]
    sys.stdout.write(table(HEAD, rows) + "\n")


if __name__ == "__main__":
    main()
