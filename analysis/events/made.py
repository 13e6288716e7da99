"""The events of a run: one rule from place, day and form, for what is written and for what is held against data."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.events.places import EXACT
from analysis.events.table import table_of

DAY_COLUMNS = ("injured_today", "killed_today")
PLACE_COLUMNS = ("attending", "striking", "detained", "leading_tactic")
Floats = NDArray[np.float64]


def events_of(days: pd.DataFrame, localities: pd.DataFrame, source: str = "") -> pd.DataFrame:
    """Return the events of a single run.

    A locality with people in action on a day has one protest, of all of them, in the form of most of them; one with
    people on strike has one strike, of those of its residents who are. People detained, counted where they live, go to
    their locality's protest, else to its strike, else to the day's largest event; if the day has none, they are a
    protest of their own. A run counts injured and killed for the country alone: they are shared out over the day's
    events by people detained, else by participants, in whole persons by the largest remainder. So each sum over a day
    is that of the run.

    Parameters
    ----------
    days : DataFrame
        A row a day: `date` and `DAY_COLUMNS`.
    localities : DataFrame
        A row a day and locality: `date`, `locality` and `PLACE_COLUMNS`.
    source : str
        Who reports them.

    Returns
    -------
    DataFrame
        As `analysis.events.table.COLUMNS` has it.
    """
    harm = {name: dict(zip(days["date"], days[name].astype(float), strict=True)) for name in DAY_COLUMNS}
    there = localities[(localities[["attending", "striking", "detained"]] > 0).any(axis=1)]
    rows: list[dict[str, object]] = []
    for date, of_day in there.groupby("date", sort=True):
        events, stray = _of_day(of_day)
        if stray and events:
            max(events, key=lambda one: one["participants"])["detained"] += stray
        detained = np.array([event["detained"] for event in events])
        crowd = np.array([event["participants"] for event in events])
        weights = detained if detained.sum() > 0 else crowd
        for name, column in (("injured", "injured_today"), ("killed", "killed_today")):
            for event, share in zip(events, shared_out(harm[column][date], weights), strict=True):
                event[name] = share
        rows += [{**event, "date": date} for event in events]
    for number, row in enumerate(rows, start=1):
        row.update(
            event=f"run-{number}",
            row=number,
            last_date=row["date"],
            place_given=row["place"],
            matched=EXACT,
            participants_low=row["participants"],
            participants_high=row["participants"],
            response=_response(row),
            source=source,
        )
    return table_of(rows)


def _of_day(places: pd.DataFrame) -> tuple[list[dict], float]:  # type: ignore[type-arg]
    """Return a day's events, and people detained who live where there is none."""
    events: list[dict] = []  # type: ignore[type-arg]
    stray = 0.0
    alone = not (places[["attending", "striking"]] > 0).to_numpy().any()
    for place, attending, striking, detained, form in places[["locality", *PLACE_COLUMNS]].itertuples(index=False):
        left = float(detained)
        kinds = [("protest", attending, "" if form == "none" else str(form)), ("strike", striking, "strike")]
        if alone:
            kinds = [("protest", detained, "")]
        for kind, size, how in kinds:
            if size > 0:
                event = {"place": str(place), "kind": kind, "form": how, "participants": float(size), "detained": left}
                events.append(event)
                left = 0.0
        stray += left
    return events, stray


def shared_out(total: float, weights: Floats) -> Floats:
    """Return shares of a total in proportion to weights, in whole persons, by the largest remainder."""
    if not total > 0.0 or not weights.sum() > 0.0:
        return np.zeros(len(weights))
    due = total * weights / weights.sum()
    whole = np.floor(due)
    left = round(total - whole.sum())
    whole[np.argsort(whole - due, kind="stable")[:left]] += 1.0
    return np.asarray(whole)


def _response(event: dict[str, object]) -> str:
    for name, response in (("killed", "killings"), ("injured", "beatings"), ("detained", "arrests")):
        if float(event[name]) > 0.0:  # type: ignore[arg-type]
            return response
    return "none"
