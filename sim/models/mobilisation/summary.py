"""The numbers that sum up a run of the country itself; those of mechanisms stand with them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.results import COUNT, DATE, FRACTION, LEVEL, SHARE, Result

Columns = Mapping[str, NDArray[Any]]
"""The columns of a table by name."""

BROAD = 0.9
"""Of the greatest breadth: from here on the coalition counts as broad."""


def represented(config: Mobilisation) -> int:
    """Return the persons that all agents together stand for: the population, to within half an agent."""
    persons, people = config.run.persons_per_agent, config.places.population
    return max((2 * people + persons) // (2 * persons), len(config.places.localities)) * persons


def _peak(days: Columns) -> int:
    return int(np.argmax(days["attending"]))


def _of_population(days: Columns, localities: Columns, config: Mobilisation) -> float:
    return float(days["attending"][_peak(days)] / represented(config))


def _peak_date(days: Columns, localities: Columns, config: Mobilisation) -> Any:
    if not days["attending"].any():
        return None
    return np.datetime64(np.asarray(days["date"])[_peak(days)], "D").item()


def _peak_localities(days: Columns, localities: Columns, config: Mobilisation) -> int:
    on_peak = localities["attending"][localities["date"] == days["date"][_peak(days)]]
    return int((on_peak > 0).sum())


def _of_employed(days: Columns, localities: Columns, config: Mobilisation) -> float:
    employed = math.fsum(c.share for c in config.people.classes.values() if c.workplaces) * represented(config)
    # Agents of a class are whole ones in every locality, and may be more than the share asks for.
    return min(float(days["striking"].max() / employed), 1.0) if employed else 0.0


def _greatest_breadth(days: Columns, localities: Columns, config: Mobilisation) -> float:
    with_action = days["coalition_breadth"][days["attending"] > 0]
    return float(with_action.max()) if len(with_action) else 0.0


def first_mass_turnout(days: Columns, config: Mobilisation) -> int | None:
    """Return the position of the first day with mass turnout, or None."""
    mass = np.flatnonzero(days["attending"] >= config.outcome.mass_turnout * represented(config))
    return int(mass[0]) if len(mass) else None


def days_to_breadth(days: Columns, localities: Any, config: Mobilisation) -> int:
    """Return the days from the first with mass turnout to the first with a broad coalition (`BROAD`), or −1."""
    first = first_mass_turnout(days, config)
    if first is None:
        return -1
    breadth = np.asarray(days["coalition_breadth"])[first:]
    return int((breadth >= BROAD * breadth.max()).argmax())


SUMMARY: tuple[Result, ...] = (
    Result(
        "peak_turnout", "persons", COUNT, of="attending", combine="max", main=True,
        label="largest turnout on one day", short="largest day",
        about="largest `attending` of a day",
    ),
    Result(
        "peak_turnout_share", FRACTION, SHARE, of=_of_population, combine="max",
        label="largest turnout on one day, of the population", short="peak turnout",
        about="the same as a share of the population",
    ),
    Result(
        "peak_date", "", DATE, of=_peak_date,
        label="day of the largest turnout",
        about="the day of the largest turnout; empty if nobody ever came out",
    ),
    Result(
        "peak_localities", "localities", COUNT, of=_peak_localities,
        label="localities with people in action that day", short="localities that day",
        about="localities with anybody in action on that day",
    ),
    Result(
        "person_days_of_protest", "person-days", COUNT, of="attending", combine="sum", main=True,
        label="person-days of protest", short="days of action",
        about="sum of `attending`",
    ),
    Result(
        "ever_protested", "persons", COUNT, of="first_time_ever", combine="last", main=True,
        label="persons who ever protested", short="ever protested",
        about="`first_time_ever` on the last day",
    ),
    Result(
        "detained", "detentions", COUNT, of="detained_today", combine="sum", main=True,
        label="detentions in all", short="detentions",
        about="sum of `detained_today`; a person may be detained more than once",
    ),
    Result(
        "peak_striking", "persons", COUNT, of="striking", combine="max",
        label="most on strike on one day", short="most on strike",
        about="largest `striking` of a day",
    ),
    Result(
        "peak_striking_share_of_employed", FRACTION, SHARE, of=_of_employed, combine="max",
        label="most on strike on one day, of the employed", short="most of the employed on strike",
        about="the same as a share of the employed",
    ),
    Result(
        "strike_person_days", "person-days", COUNT, of="striking", combine="sum", main=True,
        label="person-days on strike", short="days on strike",
        about="sum of `striking`",
    ),
    Result(
        "police_defected", "officers", COUNT, of="police_defected_*", combine="last", main=True,
        label="officers who defected by the end", short="police defected",
        about="defected by the last day, all forces: the sum of those two",
    ),
    Result(
        "peak_coalition_breadth", FRACTION, LEVEL, of=_greatest_breadth, combine="max", main=True,
        label="greatest breadth of the coalition", short="greatest breadth",
        about="largest `coalition_breadth` of a day with action",
    ),
    Result(
        "coalition_days", "days", COUNT, of=days_to_breadth, never="no mass protest",
        label="days from the first mass protest to a broad coalition", short="days to a broad coalition",
        about="from the first day with mass turnout (`outcome.mass_turnout`) to the first with 90% of the greatest "
        "breadth from then on; −1 if no day reaches mass turnout",
    ),
    Result(
        "crossed", "persons", COUNT, of="crossed_today", combine="sum",
        label="persons who had helped before they first protested", short="crossed over",
        about="sum of `crossed_today`",
    ),
    Result(
        "volunteers", "persons", COUNT, of="volunteers", combine="last",
        label="persons away to fight at the end", short="volunteers",
        about="`volunteers` on the last day",
    ),
    Result(
        "days", "days", COUNT, of=lambda days, localities, config: len(days),
        label="days run",
        about="days that were run",
    ),
)  # fmt: skip
"""The entries of the summary that the country itself has."""
