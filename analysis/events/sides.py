"""Where events come from: a run's folder, or a table that was read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.events.made import DAY_COLUMNS, PLACE_COLUMNS, events_of
from analysis.events.table import CSV, PARQUET, read_events
from sim.core.errors import ProtestorateError
from sim.run.store import read_run

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
    lacking = [name for name in DAY_COLUMNS if name not in stored.days]
    lacking += [name for name in PLACE_COLUMNS if name not in stored.localities]
    if lacking:
        raise ProtestorateError(f"{folder}: this run has no column {lacking[0]!r}, of which its events are made")
    scenario: Any = stored.config
    coordinates = {name: (place.lat, place.lon) for name, place in scenario.places.localities.items()}
    seed = stored.record["seed"]
    table = events_of(stored.days, stored.localities, f"protestorate, seed {seed}")
    return table, coordinates, scenario.about.title
