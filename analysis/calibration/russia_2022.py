"""Hold Russia 2022 against what was observed: ``python -m analysis.calibration.russia_2022``.

Only 24-28 February serve calibration (`CASE`). What happened afterwards is kept to judge the model (`HELD_OUT`):
nothing may be tuned to it, and ``--held-out`` prints hits and misses alike.
"""

from __future__ import annotations

import argparse
import math
from functools import partial
from typing import TYPE_CHECKING

from analysis.calibration.case import Case, Span, Target
from analysis.calibration.check import Table, check
from analysis.calibration.evaluate import Evaluator, prepared
from analysis.calibration.measures import between, detained
from sim.evidence.sources import replicate_seeds

if TYPE_CHECKING:
    from sim.run.simulate import Run

COUNTS = "validation-facts-russia-2022"
CITIES = "russia-ovd-info-2022"
GREW = "counts are lower bounds and grew by up to a quarter as more was learnt; a seventh may be passers-by"
LISTED = "cities of 100,000 in OVD-Info's lists; a fifth fewer or a quarter more"


PATCHINESS = 0.13
"""Shape of the negative binomial by which detentions scatter over cities, from OVD-Info's lists of 24-28 February.

The smaller, the more a few cities hold them all. With this one number the 410, 83, 168, 486 and 28 detained outside the
two metropolises, spread by population, give 49, 27, 36, 51 and 15 cities; 56, 24, 31, 50 and 13 were counted.
"""


def cities_with_detentions(date: str, run: Run) -> float:
    """Return the expected number of cities of 100,000 in which anybody was detained on a date.

    An agent stands for many persons, so that one run shows a few large groups of detained and not the ones and twos
    of most cities. So the detained of all metropolises, and of all cities, are spread over their places by
    population, and a place that is due N has any with the chance

    P = 1 - (1 + N / k)^-k,  k = `PATCHINESS`  for cities;  P = 1 - exp(-N)  for the two metropolises
    """
    if not len(between(run, date, date)):
        return math.nan
    today = run.localities[run.localities["date"] == date]
    caught = dict(zip(today["locality"], today["detained"], strict=True))
    expected = 0.0
    for settlement, none in (("metropolis", poisson_none), ("city", patchy_none)):
        places = {
            name: place.population
            for name, place in run.scenario.places.localities.items()
            if place.settlement == settlement
        }
        share = sum(caught[name] for name in places) / sum(places.values())
        expected += sum(1.0 - none(share * population) for population in places.values())
    return expected


def poisson_none(due: float) -> float:
    """Return the chance of none where so many are due, if they scatter by pure chance."""
    return math.exp(-due)


def patchy_none(due: float) -> float:
    """Return the chance of none where so many are due, if few places hold most of them."""
    return float((1.0 + due / PATCHINESS) ** -PATCHINESS)


def of_day(value: float, date: str, day: str) -> Target:
    """Return the target of the detentions of one day."""
    found = partial(detained, date, date)
    return Target(f"detained on {day}", value, 0.85 * value, 1.25 * value, "persons", COUNTS, found, GREW)


def cities_of_day(value: float, date: str, day: str) -> Target:
    """Return the target of the number of cities with detentions on one day."""
    found = partial(cities_with_detentions, date)
    return Target(f"cities with detentions on {day}", value, 0.8 * value, 1.25 * value, "cities", CITIES, found, LISTED)


TARGETS: tuple[Target, ...] = (
    of_day(1977, "2022-02-24", "24 February"),
    of_day(625, "2022-02-25", "25 February"),
    of_day(529, "2022-02-26", "26 February"),
    of_day(2802, "2022-02-27", "27 February"),
    of_day(487, "2022-02-28", "28 February"),
    cities_of_day(58, "2022-02-24", "24 February"),
    cities_of_day(26, "2022-02-25", "25 February"),
    cities_of_day(33, "2022-02-26", "26 February"),
    cities_of_day(52, "2022-02-27", "27 February"),
    cities_of_day(15, "2022-02-28", "28 February"),
)
"""The five days that serve calibration, and nothing else."""

SEARCHED: dict[str, Span] = {
    "people.motive.threshold_mean": Span(3.8, 5.8),
    "people.emotion.trigger_gain": Span(0.4, 3.0),
    "people.emotion.fear_gain": Span(0.02, 0.8),
    "people.settlement_readiness.city": Span(-0.8, 0.6, "linear"),
    "police.detention.contact": Span(0.2, 8.0),
    "time.availability.working_day": Span(0.01, 0.3),
    "time.availability.weekend": Span(0.01, 0.3),
}
"""Parameters the search may move, and between what."""

CASE = Case("russia-2022", TARGETS, SEARCHED, last_day="2022-02-28", persons_per_agent=100)

LATER = "economist-2022"
HELD_OUT = Case(
    "russia-2022",
    (
        Target("detained, 1-8 March", 7500, 7000, 8000, "persons", LATER, partial(detained, "2022-03-01", "2022-03-08"), "14,009 to 8 March less those of February"),
        Target("detained on 6 March", 5200, 4888, 5497, "persons", LATER, partial(detained, "2022-03-06", "2022-03-06"), "first and later count"),
        Target("cities with detentions on 6 March", 62, 55, 70, "cities", LATER, partial(cities_with_detentions, "2022-03-06"), "69 to 77 places, of which as on 24 February six in seven are cities of 100,000"),
        Target("detained on 13 March", 870, 800, 1000, "persons", "press-march-2022", partial(detained, "2022-03-13", "2022-03-13"), "850 to 900 as first counted"),
        Target("detained, 9-20 March", 1065, 1000, 1300, "persons", LATER, partial(detained, "2022-03-09", "2022-03-20"), "as counted by 20 March"),
        Target("detained on 2 April", 210, 180, 300, "persons", "mediazona-2022", partial(detained, "2022-04-02", "2022-04-02"), "as first counted"),
    ),
    searched={},
    last_day="2022-04-02",
    persons_per_agent=100,
)  # fmt: skip
"""Later days, for judgement alone."""


def hold(case: Case, seeds: str, persons_per_agent: int | None = None, workers: int = 1) -> Table:
    """Run the scenario once for each seed of a named list and return its table of targets."""
    with Evaluator(case, prepared(case, persons_per_agent), workers=workers) as evaluator:
        return check(evaluator, replicate_seeds(seeds))


def show(table: Table) -> str:
    """Return a table of targets as lines of text."""
    lines = [f"{'target':36} {'observed':>24} {'median run':>12} {'90 % of runs':>20}  met"]
    for row in table.rows:
        observed = f"{row.value:,.0f} ({row.low:,.0f} to {row.high:,.0f})"
        spread = f"{row.run_low:,.0f} to {row.run_high:,.0f}"
        verdict = "yes" if row.met else "no"
        lines.append(f"{row.target:36} {observed:>24} {row.found:>12,.0f} {spread:>20}  {verdict}")
    return "\n".join([*lines, f"{table.met} of {len(table.rows)} met by the median run; distance {table.distance:.1f}"])


def main() -> None:
    """Print the table of the five days, or that of the days held out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--held-out", action="store_true", help="the days after 28 February, which served no calibration"
    )
    parser.add_argument("--seeds", default="quick-20", help="a named list of seeds/replicates (default quick-20)")
    parser.add_argument("--persons-per-agent", type=int, default=None, help="scale (default: the scenario's)")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    case = HELD_OUT if options.held_out else CASE
    print(show(hold(case, options.seeds, options.persons_per_agent, options.workers)))


if __name__ == "__main__":
    main()
