"""Studies made by hand for the tests of patterns: tables with known answers instead of runs of the model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

RUN = ["point", "replicate"]


@dataclass
class HandMade:
    """What `sim.study.StudyData` has, from tables that a test writes down."""

    points: pd.DataFrame
    runs: pd.DataFrame
    day_table: pd.DataFrame | None = None
    place_table: pd.DataFrame | None = None
    failures: list[dict[str, Any]] = field(default_factory=list)

    def days(self, columns: Sequence[str] | None = None, points: Iterable[int] | None = None) -> pd.DataFrame:
        assert self.day_table is not None
        return _chosen(self.day_table, columns, points)

    def localities(self, columns: Sequence[str] | None = None, points: Iterable[int] | None = None) -> pd.DataFrame:
        assert self.place_table is not None
        return _chosen(self.place_table, columns, points)


def _chosen(table: pd.DataFrame, columns: Sequence[str] | None, points: Iterable[int] | None) -> pd.DataFrame:
    rows = table if points is None else table[table["point"].isin(list(points))]
    return rows[[*RUN, "date", *(columns or [])]].reset_index(drop=True)


def points(labels: Sequence[str], overrides: Sequence[Mapping[str, Any]] | None = None) -> pd.DataFrame:
    settings = overrides or [{}] * len(labels)
    return pd.DataFrame(
        {
            "point": range(len(labels)),
            "label": labels,
            "base": "case",
            "overrides": [json.dumps(dict(one)) for one in settings],
        }
    )


def of_runs(labels: Sequence[str], numbers: Mapping[str, Sequence[Sequence[Any]]], **more: Any) -> HandMade:
    """Return a study from numbers of the summary: for each name a list of values for each point."""
    count = len(next(iter(numbers.values()))[0])
    rows = [
        {"point": point, "replicate": seed, "outcome": "contested"}
        | {name: values[point][seed] for name, values in numbers.items()}
        for point in range(len(labels))
        for seed in range(count)
    ]
    return HandMade(points(labels, more.pop("overrides", None)), pd.DataFrame(rows), **more)


def of_days(series: Sequence[Mapping[str, Sequence[float]]], start: str = "2020-08-03") -> HandMade:
    """Return a study of one point from daily columns, a mapping for each run; the first day is a Monday."""
    tables = []
    for seed, columns in enumerate(series):
        length = len(next(iter(columns.values())))
        identity = {"point": 0, "replicate": seed, "date": pd.date_range(start, periods=length)}
        tables.append(pd.DataFrame(identity | {name: list(values) for name, values in columns.items()}))
    runs = pd.DataFrame({"point": 0, "replicate": range(len(series)), "outcome": "contested"})
    return HandMade(points(["base"]), runs, pd.concat(tables, ignore_index=True))


def of_events(events: Sequence[Sequence[tuple[float, float]]], column: str = "detained") -> HandMade:
    """Return a study of one point from events, (size, amount) each, a list for each run."""
    rows = [
        {"point": 0, "replicate": seed, "date": pd.Timestamp("2020-08-09"), "attending": size, column: amount}
        for seed, found in enumerate(events)
        for size, amount in found
    ]
    runs = pd.DataFrame({"point": 0, "replicate": range(len(events)), "outcome": "contested"})
    table = pd.DataFrame(rows)
    return HandMade(points(["base"]), runs, table, table)
