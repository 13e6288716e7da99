"""Hold Belarus 2020 against what was observed: ``python -m analysis.calibration.belarus_2020``.

Prints each target beside the runs' median and 90 % interval, and whether the median lies within the
target's range. ``--search N`` looks for better parameters by CMA-ES (package ``cma``, extra ``calibrate``)
and prints them; it changes no file.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import sim
from sim.evidence import replicate_seeds
from sim.run import Run

SCENARIO = "belarus-2020"
POPULATION = 9_413_446
Measure = Callable[[Run], float]


@dataclass(frozen=True)
class Target:
    """An observed quantity: what it is, the range it lies in, how it is measured in a run, and its source."""

    name: str
    low: float
    high: float
    unit: str
    measure: Measure
    source: str
    weight: float = 1.0


def detained(first: str, last: str, run: Run) -> float:
    """Return the persons detained from one date to another."""
    return float(_between(run, first, last)["detained_today"].sum())


def turnout(date: str, run: Run) -> float:
    """Return turnout on a date, in percent of the population."""
    return float(_between(run, date, date)["attending"].sum()) / POPULATION * 100.0


def in_place(locality: str, date: str, run: Run) -> float:
    """Return the persons in action in one locality on a date."""
    places = run.localities
    return float(places.loc[(places["locality"] == locality) & (places["date"] == date), "attending"].sum())


def highest_turnout(first: str, last: str, run: Run) -> float:
    """Return the largest turnout from one date to another, in percent of the population."""
    return float(_between(run, first, last)["attending"].max()) / POPULATION * 100.0


def weekday_turnout(first: str, last: str, run: Run) -> float:
    """Return the mean turnout of working days from one date to another, in percent of the population."""
    days = _between(run, first, last)
    return float(days["attending"][days["date"].dt.day_of_week < 5].mean()) / POPULATION * 100.0


def first_strike(run: Run) -> float:
    """Return the day of August on which strikers first pass 0.1 % of employees (200 if never)."""
    passed = run.days.loc[run.days["striking"] > 0.001 * _employed(run), "date"]
    return float((passed.iloc[0] - pd.Timestamp("2020-07-31")).days) if len(passed) else 200.0


def peak_strike(run: Run) -> float:
    """Return the largest share of employees on strike, in percent."""
    return float(run.days["striking"].max()) / _employed(run) * 100.0


def column(name: str, date: str, run: Run) -> float:
    """Return a daily column on a date."""
    return float(_between(run, date, date)[name].iloc[0])


def resigned(run: Run) -> float:
    """Return the share of officers (army left out) who defected, in percent."""
    last = run.days.iloc[-1]
    forces = [name for name in run.scenario.police.forces if name != "army"]
    gone = sum(last[f"police_defected_{name}"] for name in forces)
    return float(gone / sum(run.scenario.police.forces[name].persons for name in forces) * 100.0)


def fell(run: Run) -> float:
    """Return 1 if the regime fell or fled."""
    return float(run.outcome.name in ("falls", "flees"))


def _between(run: Run, first: str, last: str) -> pd.DataFrame:
    days = run.days
    return days[(days["date"] >= pd.Timestamp(first)) & (days["date"] <= pd.Timestamp(last))]


def _employed(run: Run) -> float:
    return float(sum(c.share for c in run.scenario.people.classes.values() if c.workplaces)) * POPULATION


MINISTRY = "interior ministry, daily figures"
FACTS = "validation-facts-belarus-2020"
PRESS = "press counts of Minsk, with an allowance for other cities; wide"
TARGETS: tuple[Target, ...] = (
    Target("turnout on 8 August", 0.0, 0.08, "% of population", partial(turnout, "2020-08-08"), "assumption: quiet"),
    Target("turnout on 9 August", 0.3, 1.2, "% of population", partial(turnout, "2020-08-09"), "assumption: tens of thousands"),
    Target("detained on 9 August", 2000, 4000, "persons", partial(detained, "2020-08-09", "2020-08-09"), MINISTRY),
    Target("detained on 10 August", 1300, 3000, "persons", partial(detained, "2020-08-10", "2020-08-10"), MINISTRY),
    Target("detained on 11 August", 600, 1700, "persons", partial(detained, "2020-08-11", "2020-08-11"), MINISTRY),
    Target("detained on 12 August", 400, 1200, "persons", partial(detained, "2020-08-12", "2020-08-12"), MINISTRY),
    Target("detained on 9-12 August", 4000, 10000, "persons", partial(detained, "2020-08-09", "2020-08-12"), MINISTRY, 2.0),
    Target("peak turnout, week of 16 August", 1.5, 4.0, "% of population", partial(highest_turnout, "2020-08-16", "2020-08-22"), FACTS, 3.0),
    Target("in Minsk on 16 August", 100_000, 250_000, "persons", partial(in_place, "Minsk", "2020-08-16"), FACTS),
    Target("in Grodno on 16 August", 15_000, 40_000, "persons", partial(in_place, "Grodno", "2020-08-16"), FACTS),
    Target("turnout on 23 August", 1.3, 3.8, "% of population", partial(turnout, "2020-08-23"), FACTS, 2.0),
    Target("turnout on 6 September", 0.7, 2.0, "% of population", partial(turnout, "2020-09-06"), PRESS),
    Target("turnout on 20 September", 0.5, 1.6, "% of population", partial(turnout, "2020-09-20"), PRESS),
    Target("turnout on 11 October", 0.4, 1.4, "% of population", partial(turnout, "2020-10-11"), PRESS),
    Target("turnout on 25 October", 0.5, 1.6, "% of population", partial(turnout, "2020-10-25"), FACTS),
    Target("turnout on 15 November", 0.1, 0.5, "% of population", partial(turnout, "2020-11-15"), PRESS),
    Target("highest turnout, 1-18 December", 0.01, 0.4, "% of population", partial(highest_turnout, "2020-12-01", "2020-12-18"), PRESS, 3.0),
    Target("working days, 1-13 September", 0.01, 0.15, "% of population", partial(weekday_turnout, "2020-09-01", "2020-09-13"), MINISTRY),
    Target("detained, 22 August-5 September", 500, 2000, "persons", partial(detained, "2020-08-22", "2020-09-05"), MINISTRY),
    Target("detained, 6-13 September", 1200, 2800, "persons", partial(detained, "2020-09-06", "2020-09-13"), MINISTRY),
    Target("detained by 3 November", 19000, 32000, "persons", partial(detained, "2020-08-01", "2020-11-03"), FACTS, 2.0),
    Target("day of August strikes pass 0.1 %", 13, 21, "day", first_strike, FACTS, 2.0),
    Target("peak share on strike", 0.4, 4.0, "% of employees", peak_strike, FACTS, 2.0),
    Target("injured, August to November", 700, 2800, "persons", lambda run: float(run.days["injured_today"].sum()), FACTS),
    Target("killed", 1, 12, "persons", lambda run: float(run.days["killed_today"].sum()), FACTS, 0.3),
    Target("officers who resigned", 0.2, 1.2, "% of officers", resigned, FACTS),
    Target("hub's reach on 12 August", 0.12, 0.19, "share", partial(column, "hub_reach", "2020-08-12"), FACTS),
    Target("hub's reach on 20 August", 0.19, 0.26, "share", partial(column, "hub_reach", "2020-08-20"), FACTS),
    Target("communities on 15 September", 500, 1800, "chats", partial(column, "communities", "2020-09-15"), "lc-07"),
    Target("runs in which the regime falls", 0.0, 0.0, "share", fell, "it did not", 5.0),
)  # fmt: skip
"""What was observed. A median within low..high meets the target."""

SEARCHED: dict[str, tuple[float, float]] = {
    "people.motive.threshold_mean": (3.0, 5.5),
    "people.motive.grievance_weight": (0.3, 2.0),
    "people.motive.turnout_weight": (0.3, 1.6),
    "people.motive.neighbour_weight": (0.3, 3.0),
    "people.motive.tie_weight": (0.3, 3.0),
    "people.emotion.anger_gain": (0.02, 0.9),
    "people.emotion.anger_decay": (0.005, 0.12),
    "people.emotion.trigger_gain": (0.3, 2.5),
    "people.emotion.legitimacy_loss": (0.001, 0.04),
    "people.emotion.fear_gain": (0.005, 0.5),
    "people.emotion.fear_decay": (0.02, 0.25),
    "people.emotion.fear_of_risk": (0.5, 8.0),
    "people.emotion.fear_of_violence": (0.05, 1.0),
    "people.emotion.fatigue_gain": (0.05, 0.6),
    "people.emotion.fatigue_recovery": (0.004, 0.06),
    "people.emotion.commitment_protest": (0.01, 0.3),
    "people.emotion.commitment_engaged": (0.001, 0.03),
    "police.detention.contact": (0.5, 6.0),
    "police.detention.injury": (0.05, 1.0),
    "police.loyalty.defection_rate": (0.001, 0.2),
    "regime.street_capacity": (0.2, 3.0),
    "regime.aggression_gain": (0.4, 2.0),
    "regime.aggression_speed": (0.15, 0.95),
    "regime.alert_decay": (0.05, 0.7),
    "regime.backlash_restraint": (0.1, 4.0),
    "information.turnout_memory": (0.6, 0.97),
    "information.violence_memory": (0.5, 0.97),
    "information.violence_low": (0.5, 10.0),
    "information.testimony_weight": (0.3, 10.0),
    "movement.hub.hub_growth": (0.05, 1.0),
    "movement.communities.forming_rate": (0.003, 0.1),
    "economy.strike.strike_cost": (0.05, 2.0),
    "economy.strike.strike_anger": (0.2, 4.0),
    "economy.strike.strike_fear": (0.1, 4.0),
    "economy.strike.walkout_mean": (0.03, 0.4),
    "economy.strike.strike_colleagues": (0.3, 5.0),
    "economy.strike.committee_arrest": (0.05, 1.0),
    "time.availability.working_day": (0.01, 0.2),
    "time.availability.sunday": (0.3, 0.8),
}
"""Parameters the search may move, and between what; it moves their logarithms."""


def observe(seed: int, overrides: dict[str, float], persons_per_agent: int | None = None) -> list[float]:
    """Run the case once and return the value of each target."""
    run = sim.simulate(SCENARIO, seed=seed, overrides=overrides, persons_per_agent=persons_per_agent)
    return [
        target.measure(run) if len(run.days) == run.scenario.time.days or target.measure is fell else np.nan
        for target in TARGETS
    ]


def distance(values: Sequence[float]) -> float:
    """Return how far medians are from the targets: weighted squares of log distances to the middle of the range.

    Within the range a target costs at most its weight; far outside at most 25 times that.
    """
    total = 0.0
    for target, value in zip(TARGETS, values, strict=True):
        if math.isnan(value):
            total += 25.0 * target.weight
            continue
        if target.high == target.low:
            total += target.weight * 25.0 * abs(value - target.low)
            continue
        floor = 0.1 * target.high
        low, high, found = (math.log(x + floor) for x in (target.low, target.high, max(value, 0.0)))
        total += target.weight * min(((found - (low + high) / 2.0) / ((high - low) / 2.0)) ** 2, 25.0)
    return total


def table(
    seeds: Sequence[int], overrides: dict[str, float], persons_per_agent: int | None, workers: int
) -> pd.DataFrame:
    """Run the case for each seed and return the table of targets."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        found = np.array(
            list(pool.map(partial(observe, overrides=overrides, persons_per_agent=persons_per_agent), seeds))
        )
    middle = np.nanmedian(found, axis=0)
    low, high = np.nanquantile(found, [0.05, 0.95], axis=0)
    rows = [
        {
            "target": target.name,
            "unit": target.unit,
            "observed": f"{target.low:g} to {target.high:g}",
            "median": middle[i],
            "5 %": low[i],
            "95 %": high[i],
            "met": bool(target.low <= middle[i] <= target.high),
            "source": target.source,
        }
        for i, target in enumerate(TARGETS)
    ]
    return pd.DataFrame(rows)


def _cost(position: NDArray[np.float64], seeds: Sequence[int], persons_per_agent: int) -> float:
    overrides = at(position)
    found = np.array([observe(seed, overrides, persons_per_agent) for seed in seeds])
    return distance([float(np.mean(values)) for values in found.T])


def at(position: NDArray[np.float64]) -> dict[str, float]:
    """Return the parameters at a position of the unit cube."""
    inside = np.clip(position, 0.0, 1.0)
    return {
        path: float(f"{low * (high / low) ** x:.4g}")
        for x, (path, (low, high)) in zip(inside, SEARCHED.items(), strict=True)
    }


def start() -> NDArray[np.float64]:
    """Return the scenario's own parameters as a position of the unit cube."""
    config = sim.load(SCENARIO).config
    out = []
    for path, (low, high) in SEARCHED.items():
        value: object = config
        for name in path.split("."):
            value = getattr(value, name)
        out.append(math.log(float(value) / low) / math.log(high / low))  # type: ignore[arg-type]
    return np.clip(np.asarray(out, dtype=np.float64), 0.0, 1.0)


def search(evaluations: int, seeds: Sequence[int], persons_per_agent: int, workers: int, seed: int) -> dict[str, float]:
    """Look for parameters by CMA-ES from the scenario's own, and return the best found."""
    import cma

    options = {"bounds": [0.0, 1.0], "seed": seed, "maxfevals": evaluations, "verbose": -9, "popsize": 16}
    strategy = cma.CMAEvolutionStrategy(start(), 0.1, options)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        while not strategy.stop():
            asked = strategy.ask()
            costs = list(pool.map(partial(_cost, seeds=seeds, persons_per_agent=persons_per_agent), asked))
            strategy.tell(asked, costs)
            best = {"evaluations": strategy.countevals, "distance": strategy.result.fbest, **at(strategy.result.xbest)}
            print(json.dumps(best), flush=True)
    return at(strategy.result.xbest)


def main() -> None:
    """Print the table of targets, or search."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="quick-20", help="a named list of seeds/replicates (default quick-20)")
    parser.add_argument("--persons-per-agent", type=int, default=None, help="scale (default: the scenario's)")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--search", type=int, default=0, metavar="N", help="evaluations of a search for parameters")
    parser.add_argument("--search-seeds", type=int, default=2, metavar="K", help="runs per evaluation (default 2)")
    options = parser.parse_args()
    overrides: dict[str, float] = {}
    if options.search:
        overrides = search(
            options.search,
            range(1, options.search_seeds + 1),
            options.persons_per_agent or 200,
            options.workers,
            1,
        )
        for path, value in overrides.items():
            print(f"{path}: {value}")
    found = table(replicate_seeds(options.seeds), overrides, options.persons_per_agent, options.workers)
    with pd.option_context("display.width", 200, "display.max_columns", 20, "display.float_format", "{:.4g}".format):
        print(found.to_string(index=False))
    print(
        f"distance {distance(list(found['median'])):.2f}; {int(found['met'].sum())} of {len(found)} targets met by the median run"
    )


if __name__ == "__main__":
    main()
