"""Where events come from: a run's folder, or a table that was read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.events.cells import LARGEST
from analysis.events.made import DAY_COLUMNS, PLACE_COLUMNS, events_of
from analysis.events.table import CSV, PARQUET, read_events
from sim.core.errors import ProtestorateError
from sim.run.store import DAYS, LOCALITIES, Stored, read_run

NUMBERS = ("attending", "striking", "detained")
Coordinates = Mapping[str, tuple[float, float]]


def events_in(folder: Path) -> tuple[pd.DataFrame, Coordinates, str]:
    """Return the events of a folder or table, the places of its localities, and what it is called.

    Raises
    ------
    ProtestorateError
        If it holds neither a run with localities nor a table of events.
    """
    if folder.is_file() or any((folder / name).is_file() for name in (PARQUET, CSV)):
        return read_events(folder), {}, folder.stem if folder.is_file() else folder.name
    stored = read_run(folder)
    lacking = [name for name in ("date", *DAY_COLUMNS) if name not in stored.days]
    lacking += [name for name in ("date", "locality", *PLACE_COLUMNS) if name not in stored.localities]
    if lacking:
        raise ProtestorateError(f"{folder}: this run has no column {lacking[0]!r}, of which its events are made")
    scenario: Any = stored.config
    _check(stored, folder, scenario.places.localities)
    coordinates = {name: (place.lat, place.lon) for name, place in scenario.places.localities.items()}
    seed = stored.record["seed"]
    table = events_of(stored.days, stored.localities, f"protestorate, seed {seed}")
    return table, coordinates, scenario.about.title


def _check(stored: Stored, folder: Path, known: Mapping[str, object]) -> None:
    """Refuse a run of whose tables a part that events are made of was changed by hand: each day, place and number."""
    days, places = stored.days, stored.localities
    wrong = (
        (DAYS, "date", not _days(days) or days["date"].duplicated().any(), "a day a row"),
        (LOCALITIES, "date", not _days(places) or not places["date"].isin(days["date"]).all(), f"days of {DAYS}"),
        (LOCALITIES, "locality", not places["locality"].map(_hashable).isin(known).all(), "localities of the scenario"),
        *((DAYS, name, not _counts(days[name]), "numbers of 0 and more") for name in DAY_COLUMNS),
        *((LOCALITIES, name, not _counts(places[name]), "numbers of 0 and more") for name in NUMBERS),
    )
    for table, column, found, wanted in wrong:
        if found:
            raise ProtestorateError(f"{folder / table}: has been changed: the column {column} must have {wanted}")
    if places.duplicated(["date", "locality"]).any() or len(places) != len(days) * len(known):
        raise ProtestorateError(f"{folder / LOCALITIES}: has been changed: it must have a row a day and locality")


def _days(table: pd.DataFrame) -> bool:
    return pd.api.types.is_datetime64_any_dtype(table["date"]) and bool(table["date"].notna().all())


def _hashable(name: object) -> object:
    return name if isinstance(name, str) else None


def _counts(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and bool(column.between(0.0, LARGEST).all())
