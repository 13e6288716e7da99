"""A scenario's runs beside observed events: by day, week and place, sizes, detained a participant, deaths."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.events.made import DAY_COLUMNS, PLACE_COLUMNS, Floats, events_of
from analysis.events.reporting import Reporting
from analysis.events.table import SIZES
from analysis.stats.policy import NINETY
from sim.core.errors import ProtestorateError
from sim.core.paths import called
from sim.run.load import Loaded
from sim.run.place import check_holds_only
from sim.study import Keep, Point, Study, StudyData, run_study

QUANTITIES = ("events", "participants", "detained", "killed")
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
DRAWS_OF_REPORTS = 11
STUDY, TABLE, RECORD, PAGE = "study", "observe.csv", "observe.json", "report.html"
OWN = frozenset({STUDY, TABLE, RECORD, PAGE, "figures"})
"""What the folder of runs beside events may hold."""


@dataclass(frozen=True)
class Observed:
    """Runs beside data.

    Parameters
    ----------
    table : DataFrame
        A row a comparison: `by` (day, week, place, size, all), `item`, `quantity`, `observed`, the five quantiles of
        the runs (`q05` to `q95`), and whether the observed lies within the middle half and nine tenths of them
        (`in50`, `in90`).
    coverage : DataFrame
        A row a kind of comparison: how many there are, and the shares within the two bands; `_some`: of those where
        data or runs have any.
    first, last : date
        Days that are compared.
    runs : int
    notes : tuple of str
    """

    table: pd.DataFrame
    coverage: pd.DataFrame
    first: dt.date
    last: dt.date
    runs: int
    notes: tuple[str, ...]


def study_of(loaded: Loaded, seeds: tuple[int, ...], persons_per_agent: int | None, last: dt.date) -> Study:
    """Return the study that runs a scenario over seeds, up to the last day of the data."""
    config: Any = loaded.config
    overrides: dict[str, object] = {} if persons_per_agent is None else {"run.persons_per_agent": persons_per_agent}
    start: dt.date = config.time.start
    steps = min(config.time.days, (last - start).days + 1)
    name = called(loaded.path)
    return Study(
        f"observe-{name}", {name: loaded}, (Point(name, name, overrides),), seeds, Keep(True, True), days=steps
    )


def window(loaded: Loaded, events: pd.DataFrame) -> tuple[dt.date, dt.date]:
    """Return the days that both the scenario and the data have; raises ProtestorateError if there are none."""
    config: Any = loaded.config
    if not hasattr(config, "time") or not hasattr(config, "places"):
        raise ProtestorateError(f"{loaded.name}: its model has no dates or places to hold events against")
    start = config.time.start
    end = start + dt.timedelta(days=config.time.days - 1)
    first, last = max(start, events["date"].min().date()), min(end, events["last_date"].max().date())
    if first > last or _outside(events, first, last).all():
        days = f"{events['date'].min().date()} to {events['last_date'].max().date()}"
        message = f"the events are of {days}, and {loaded.name} runs from {start} to {end}: no event is on its days"
        raise ProtestorateError(message)
    return first, last


def _outside(events: pd.DataFrame, first: dt.date, last: dt.date) -> pd.Series:
    outside: pd.Series = (events["last_date"].dt.date < first) | (events["date"].dt.date > last)
    return outside


def placed(loaded: Loaded, events: pd.DataFrame, first: dt.date, last: dt.date) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return events whose localities are all the scenario's or none, and in words what does not count as it stands."""
    config: Any = loaded.config
    unknown = sorted(set(events["place"]) - set(config.places.localities) - {""})
    notes = []
    if unknown:
        notes.append(f"localities that this scenario does not have count for the country: {', '.join(unknown)}")
    outside = int(_outside(events, first, last).sum())
    if outside:
        notes.append(f"{outside:,} of {len(events):,} events lie outside of {first} to {last}")
    return events.assign(place=events["place"].where(~events["place"].isin(unknown), "")), tuple(notes)


def run(
    study: Study, folder: Path, workers: int | None = None, progress: Any = None, force: bool = False
) -> list[pd.DataFrame]:
    """Run a study, or what is missing of it, and return the events of each run."""
    return events_of_study(run_study(study, folder, workers=workers, progress=progress, force=force))


def events_of_study(data: StudyData) -> list[pd.DataFrame]:
    """Return the events of each run of a study's first point, in the order of its seeds."""
    days, localities = data.days(list(DAY_COLUMNS), [0]), data.localities(list(PLACE_COLUMNS), [0])
    places = dict(list(localities.groupby("replicate", sort=True)))
    return [events_of(of_run, places[number]) for number, of_run in days.groupby("replicate", sort=True)]


def reported(
    runs: list[pd.DataFrame], seeds: tuple[int, ...], data: pd.DataFrame, reporting: Reporting | None
) -> list[pd.DataFrame]:
    """Return of each run's events those that would be in such data, with crowds as their sources would have them.

    Which are reported is drawn by size; the sources' crowds are off by their factor and spread, and sources are as
    frequent as in the data; as many crowds are left without a figure as in the data.

    Parameters
    ----------
    runs : list of DataFrame
    seeds : tuple of int
        Of the runs; draws hang on them alone.
    data : DataFrame
        The observed events.
    reporting : Reporting or None
        None: every event is reported, as it was.
    """
    if reporting is None:
        return runs
    everything = np.concatenate([one["participants"].to_numpy() for one in runs]) if runs else np.zeros(0)
    sizes, count = np.unique(everything, return_counts=True)
    chances = reporting.reporting.chances(sizes, count.astype(np.float64)) if len(sizes) else np.zeros(0)
    crowds = [reporting.crowds.of(source) for source in data["source"]]
    told = float(data["participants"].notna().mean())
    found = []
    for table, seed in zip(runs, seeds, strict=True):
        generator = np.random.default_rng([seed, DRAWS_OF_REPORTS])
        size = table["participants"].to_numpy()
        kept = generator.random(len(size)) < chances[np.searchsorted(sizes, size)]
        chosen = [crowds[place] for place in generator.integers(len(crowds), size=len(size))]
        factor = np.array([one.factor for one in chosen])
        spread = np.array([np.log(one.spread) for one in chosen]) / NINETY
        figure = size * factor * np.exp(spread * generator.standard_normal(len(size)))
        figure[generator.random(len(size)) >= told] = np.nan
        found.append(table.assign(**dict.fromkeys(SIZES, figure))[kept])
    return found


def compared(
    data: pd.DataFrame,
    runs: list[pd.DataFrame],
    first: dt.date,
    last: dt.date,
    localities: tuple[str, ...],
    notes: tuple[str, ...] = (),
) -> Observed:
    """Hold data against runs, both as tables of events.

    Parameters
    ----------
    data : DataFrame
    runs : list of DataFrame
        As `reported` returns them.
    first, last : date
        Days that count.
    localities : tuple of str
        Names of the scenario's localities.
    """
    quantities = [name for name in QUANTITIES if name == "events" or data[name].notna().any()]
    span = pd.date_range(first, last, freq="D")
    daily = _daily(data, span)
    of_runs = [_daily(one, span) for one in runs]
    rows: list[dict[str, object]] = []
    kinds: list[tuple[str, Callable[[pd.DataFrame], pd.DataFrame]]] = [
        ("day", lambda one: _sums(one, "date").reindex(span, fill_value=0.0)),
        ("week", lambda one: _weeks(one, span)),
        ("place", lambda one: _sums(one[one["place"] != ""], "place").reindex(list(localities), fill_value=0.0)),
    ]
    for by, summed in kinds:
        observed, simulated = summed(daily), [summed(one) for one in of_runs]
        for name in quantities:
            values = np.array([one[name].to_numpy() for one in simulated]).reshape(len(runs), len(observed))
            items = [str(item.date()) if isinstance(item, pd.Timestamp) else str(item) for item in observed.index]
            rows += _rows(by, items, name, observed[name].to_numpy(), values)
    rows += _of_sizes(daily, of_runs)
    rows += _of_all(daily, of_runs, quantities)
    table = pd.DataFrame(rows)
    skipped = [name for name in QUANTITIES if name not in quantities]
    more = (f"the data say nothing of {' and '.join(skipped)}",) if skipped else ()
    return Observed(table, _coverage(table), first, last, len(runs), (*notes, *more))


def _daily(table: pd.DataFrame, span: pd.DatetimeIndex) -> pd.DataFrame:
    """Return a row an event and day within the span; counts of persons stand on its first day alone."""
    # Cut to the span before it is laid out: an event may be said to last for centuries.
    begin = table["date"].where(table["date"] >= span[0], span[0])
    end = table["last_date"].where(table["last_date"] <= span[-1], span[-1])
    lengths = ((end - begin).dt.days.to_numpy() + 1).clip(min=0)
    place = np.repeat(np.arange(len(table)), lengths)
    number = np.arange(len(place)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    found = table.iloc[place].reset_index(drop=True)
    first = found["date"]
    found["date"] = begin.iloc[place].reset_index(drop=True) + pd.to_timedelta(number, unit="D")
    found.loc[found["date"] > first, ["detained", "injured", "killed"]] = 0.0
    return found.assign(events=1.0)


def _sums(table: pd.DataFrame, by: str) -> pd.DataFrame:
    return table.groupby(by)[list(QUANTITIES)].sum()


def _weeks(table: pd.DataFrame, span: pd.DatetimeIndex) -> pd.DataFrame:
    """Return sums over whole weeks, Monday to Sunday, by the Monday."""
    monday = span - pd.to_timedelta(span.day_of_week, unit="D")
    whole = pd.Series(monday).value_counts()
    weeks = pd.DatetimeIndex(sorted(whole.index[whole == 7]))
    of_row = table["date"] - pd.to_timedelta(table["date"].dt.day_of_week, unit="D")
    return table.groupby(of_row)[list(QUANTITIES)].sum().reindex(weeks, fill_value=0.0)


def _of_sizes(data: pd.DataFrame, runs: list[pd.DataFrame]) -> list[dict[str, object]]:
    """Return rows on the logarithm of sizes: share of events in each tenfold class, mean and deviation."""
    names = [f"{10**power:,} to {10 ** (power + 1):,}" for power in range(7)]

    def shares(table: pd.DataFrame) -> tuple[Floats, Floats]:
        logs = np.log10(table.loc[table["participants"] > 0, "participants"].to_numpy())
        if not len(logs):
            return np.full(7, np.nan), np.full(2, np.nan)
        classes = np.bincount(np.clip(np.floor(logs).astype(int), 0, 6), minlength=7)
        return classes / len(logs), np.array([logs.mean(), logs.std()])

    observed, simulated = shares(data), [shares(one) for one in runs]
    rows = _rows("size", names, "share of events", observed[0], np.array([one[0] for one in simulated]))
    words = ["mean of log10", "deviation of log10"]
    return rows + _rows("size", words, "participants", observed[1], np.array([one[1] for one in simulated]))


def _of_all(data: pd.DataFrame, runs: list[pd.DataFrame], quantities: list[str]) -> list[dict[str, object]]:
    def totals(table: pd.DataFrame) -> Floats:
        return np.array([table[name].sum() for name in quantities])

    def rate(table: pd.DataFrame) -> float:
        told = table[table["participants"].notna()]
        crowd = told["participants"].sum()
        return float(told["detained"].sum() / crowd) if crowd > 0 else np.nan

    rows = []
    for name, one in zip(quantities, totals(data), strict=True):
        values = np.array([[totals(run)[quantities.index(name)]] for run in runs])
        rows += _rows("all", ["all days"], name, np.array([one]), values)
    if "detained" in quantities:
        rates = np.array([[rate(one)] for one in runs])
        rows += _rows("all", ["all days"], "detained a participant", np.array([rate(data)]), rates)
    return rows


def _rows(by: str, items: list[str], quantity: str, observed: Floats, runs: Floats) -> list[dict[str, object]]:
    """Return a row an item; `runs` is an array (runs, items)."""
    known = ~np.isnan(runs).all(axis=0)
    levels = np.full((len(LEVELS), len(items)), np.nan)
    if known.any():
        levels[:, known] = np.nanquantile(runs[:, known], LEVELS, axis=0)
    rows = []
    for place, item in enumerate(items):
        value, bounds = float(observed[place]), [float(level) for level in levels[:, place]]
        row: dict[str, object] = {"by": by, "item": item, "quantity": quantity, "observed": value}
        row |= {f"q{100 * level:02.0f}": bound for level, bound in zip(LEVELS, bounds, strict=True)}
        judged = not (np.isnan(value) or np.isnan(bounds[0]))
        row["in50"] = bounds[1] <= value <= bounds[3] if judged else None
        row["in90"] = bounds[0] <= value <= bounds[4] if judged else None
        rows.append(row)
    return rows


def _coverage(table: pd.DataFrame) -> pd.DataFrame:
    judged = table[table["in90"].notna()]
    some = (judged["observed"] > 0) | (judged["q95"] > 0)
    rows = []
    for (by, quantity), group in judged.groupby(["by", "quantity"], sort=False):
        there = group[some[group.index]]
        rows.append(
            {
                "by": by,
                "quantity": quantity,
                "compared": len(group),
                "in50": float(group["in50"].astype(bool).mean()),
                "in90": float(group["in90"].astype(bool).mean()),
                "some": len(there),
                "in50_some": float(there["in50"].astype(bool).mean()) if len(there) else np.nan,
                "in90_some": float(there["in90"].astype(bool).mean()) if len(there) else np.nan,
            }
        )
    return pd.DataFrame(rows)


def observe(
    loaded: Loaded,
    events: pd.DataFrame,
    seeds: tuple[int, ...],
    folder: Path,
    reporting: Reporting | None,
    persons_per_agent: int | None = None,
    workers: int | None = None,
    progress: Any = None,
    force: bool = False,
) -> Observed:
    """Run a scenario over seeds and hold it against observed events.

    Parameters
    ----------
    loaded : Loaded
    events : DataFrame
        As `analysis.events.table.read_events` returns them.
    seeds : tuple of int
    folder : Path
        The runs are kept in its subfolder ``study``; the same call again takes them up.
    reporting : Reporting or None
        How events are reported; None if all are, as they were.
    force : bool
        Whether other runs in the folder, or those of another version, are replaced.

    Raises
    ------
    ProtestorateError
        If they share no day, the folder holds something else, or runs failed.
    """
    check_holds_only(folder, OWN, "runs beside events")
    first, last = window(loaded, events)
    study = study_of(loaded, seeds, persons_per_agent, last)
    runs = run(study, folder / STUDY, workers, progress, force)
    if len(runs) < len(seeds):
        raise ProtestorateError(f"{folder / STUDY}: {len(seeds) - len(runs)} of {len(seeds)} runs failed")
    config: Any = loaded.config
    data, notes = placed(loaded, events, first, last)
    seen = reported(runs, seeds, data, reporting)
    return compared(data, seen, first, last, tuple(config.places.localities), notes)
