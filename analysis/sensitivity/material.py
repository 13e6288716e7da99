"""What an analysis reads of a study: the parameters that vary, the points in order, and runs without gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.core.errors import ProtestorateError, nearest
from sim.core.formats import readable, to_digits
from sim.models.declarations import Declared
from sim.study.bases import declared_of
from sim.study.parameters import labels

POINT_COLUMNS = ("point", "label", "base", "overrides", "scenario_hash", "same_as")
NOTHING = "none"
"""What a factor is called where a point has nothing there, such as no event."""
MOST_NAMED = 8
"""Missing points that a message names before it says how many more there are."""


class StudyTables(Protocol):
    """What is read of a study (`sim.study.StudyData` has it)."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """The study's description, as in study.json."""

    @property
    def points(self) -> pd.DataFrame:
        """A row a design point, in the design's order."""

    @property
    def runs(self) -> pd.DataFrame:
        """A row a run."""

    @property
    def failures(self) -> Sequence[Mapping[str, Any]]:
        """The runs that failed, each with its reason."""


@dataclass(frozen=True)
class Parameter:
    """One thing that a study varies.

    Parameters
    ----------
    path : str
        Key path.
    kind : str
        ``number``, ``switch`` (on or off) or ``category``.
    unit, description : str
        As the schema says them; empty where it says nothing.
    low, high : float or None
        Interval of a number; None for the other kinds.
    scale : str
        ``linear`` or ``log``.
    whole : bool
        Whether only whole numbers occur.
    values : tuple of str
        What a switch or category took, as text.
    label : str
        What people call it.
    """

    path: str
    kind: str = "number"
    unit: str = ""
    description: str = ""
    low: float | None = None
    high: float | None = None
    scale: str = "linear"
    whole: bool = False
    values: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Material:
    """The part of a study that is analysed.

    Parameters
    ----------
    manifest : mapping
    points : DataFrame
        Points of one base scenario, in the design's order.
    runs : DataFrame
        Their runs, sorted by point and replicate.
    parameters : tuple of Parameter
        In the order of the columns of `points`.
    adaptive : bool
        Whether points have different numbers of replicates by intention.
    notes : tuple of str
        What the reader should know about what was left out.
    """

    manifest: Mapping[str, Any]
    points: pd.DataFrame
    runs: pd.DataFrame
    parameters: tuple[Parameter, ...]
    adaptive: bool = False
    notes: tuple[str, ...] = ()

    @property
    def declared(self) -> Declared:
        """What the columns and numbers of the runs are."""
        return declared_of(self.manifest)

    @property
    def name(self) -> str:
        """The study's name."""
        return str(self.manifest.get("name", "study"))

    @property
    def title(self) -> str:
        """The study's title, or its name as words."""
        return str(self.manifest.get("title") or readable(self.name))

    @property
    def kind(self) -> str:
        """Kind of the design."""
        return str(self.manifest.get("design", {}).get("kind", "list"))

    def values(self, paths: Sequence[str] | None = None) -> NDArray[np.float64]:
        """Return the parameters as numbers: shape (points, parameters), switches as 0 and 1.

        Raises
        ------
        ProtestorateError
            For a category, which has no order.
        """
        known = {parameter.path: parameter for parameter in self.parameters}
        columns = []
        for path in paths if paths is not None else known:
            if known[path].kind == "category":
                raise ProtestorateError(f"{path}: takes categories, which this analysis cannot put in order")
            columns.append(self.points[path].astype(float).to_numpy())
        return np.column_stack(columns)


def material(
    data: StudyTables, base: str | None = None, purpose: str = "this analysis", every_point: bool = True
) -> Material:
    """Return the points and runs of a study that an analysis works on.

    Parameters
    ----------
    data : StudyTables
        A study that was run.
    base : str or None
        Base scenario to analyse; needed only if the study has several.
    purpose : str
        Who needs all points, for the message.
    every_point : bool
        Whether every point must have been run. If not, points without runs are left out and noted, and
        so are points that repeat an earlier one.

    Raises
    ------
    ProtestorateError
        If a point has no run, if no replicate is there at every point, if nothing varies, or if the
        study has several bases and none is named.
    """
    points = _of_base(data.points, base).reset_index(drop=True)
    runs = data.runs[data.runs["point"].isin(points["point"])].sort_values(["point", "replicate"])
    runs = runs.drop(
        columns=[path for path in data.manifest.get("changed", ()) if "." not in path]
    )  # no numbers of runs
    adaptive = data.manifest.get("precision") is not None
    parameters = parameters_of(data.manifest, points)
    if not parameters:
        raise ProtestorateError(f"study {data.manifest.get('name', '')!r}: no parameter varies between its points")
    notes: list[str] = []
    if not every_point:
        points, notes = _with_runs(data, points, runs)
        runs = runs[runs["point"].isin(points["point"])]
    else:
        _check_every_point(data, points, runs, purpose)
        if not adaptive:
            runs, notes = _in_every_point(data, points, runs, purpose)
    said = (*notes, *_what_follows(data.manifest))
    return Material(data.manifest, points, runs.reset_index(drop=True), parameters, adaptive, said)


def _of_base(points: pd.DataFrame, base: str | None) -> pd.DataFrame:
    names = list(dict.fromkeys(points["base"].astype(str)))
    if base is None and len(names) > 1:
        raise ProtestorateError(f"the study has several base scenarios; choose one with --base: {', '.join(names)}")
    if base is not None and base not in names:
        near = nearest(base, names)
        raise ProtestorateError(
            f"--base: the study has no base scenario {base!r}; it has {', '.join(names)}"
            + (f", did you mean {near!r}?" if near else "")
        )
    return points[points["base"].astype(str) == (base or names[0])] if names else points


def _with_runs(data: StudyTables, points: pd.DataFrame, runs: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Leave out points without runs, and points that are the same scenario as an earlier one."""
    kept = points[points["point"].isin(runs["point"])].drop_duplicates("same_as")
    lost = int((~points["point"].isin(runs["point"])).sum())
    notes = [f"{lost} of {len(points)} points have no run and are left out{_reasons(data.failures)}."] if lost else []
    return kept.reset_index(drop=True), notes


def _check_every_point(data: StudyTables, points: pd.DataFrame, runs: pd.DataFrame, purpose: str) -> None:
    missing = points[~points["point"].isin(runs["point"])]
    if len(missing):
        raise ProtestorateError(
            f"{purpose} needs every point of the design, but {len(missing)} of {len(points)} have no run: "
            f"{_named(missing)}{_reasons(data.failures)}. Run the sweep again to complete the study"
            + (" (--retry-failed retries failed runs)." if data.failures else ".")
        )


def _in_every_point(
    data: StudyTables, points: pd.DataFrame, runs: pd.DataFrame, purpose: str
) -> tuple[pd.DataFrame, list[str]]:
    """Leave out replicates that some point lacks, because points are compared under the same luck."""
    present = runs.groupby("replicate")["point"].nunique()
    whole = present.index[present == len(points)]
    planned = len(data.manifest.get("seeds", ())) or len(present)
    if len(whole) == 0:
        counts = runs.groupby("point")["replicate"].nunique()
        short = points[points["point"].map(counts) < planned]
        raise ProtestorateError(
            f"{purpose} compares points under the same luck, but no replicate was run at every point; runs are "
            f"missing at {len(short)} of {len(points)} points: {_named(short)}{_reasons(data.failures)}. "
            "Run the sweep again to complete the study."
        )
    notes = []
    if len(whole) < planned:
        left_out = planned - len(whole)
        notes.append(
            f"{left_out} of {planned} replicates {'is' if left_out == 1 else 'are'} left out because runs of "
            f"{'it' if left_out == 1 else 'them'} are missing{_reasons(data.failures)}."
        )
    return runs[runs["replicate"].isin(whole)], notes


def _named(points: pd.DataFrame) -> str:
    names = [f"{row.point} ({row.label})" for row in each_row(points.head(MOST_NAMED))]
    more = len(points) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _reasons(failures: Sequence[Mapping[str, Any]]) -> str:
    if not failures:
        return ""
    first = failures[0]
    reason = next((str(first[key]) for key in ("reason", "error", "message") if first.get(key)), "no reason recorded")
    runs = "run" if len(failures) == 1 else "runs"
    return f" ({len(failures)} {runs} failed; the first with: {reason.strip().splitlines()[-1]})"


def parameters_of(manifest: Mapping[str, Any], points: pd.DataFrame) -> tuple[Parameter, ...]:
    """Return what varies between the points, in the order of their columns; not what only follows another."""
    ranges = manifest.get("design", {}).get("ranges", {})
    found = []
    for path in [str(name) for name in points.columns if name not in (*POINT_COLUMNS, *_linked(manifest))]:
        column = points[path]
        if column.nunique(dropna=False) < 2:
            continue
        unit, description = _said(manifest, str(points["base"].iloc[0]), path)
        plain = Parameter(path, unit=unit, description=description)
        found.append(_with_values(plain, column, ranges.get(path)))
    called = labels({one.path: one.description for one in found})
    return tuple(replace(one, label=called[one.path]) for one in found)


def _linked(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what follows a parameter in a sampled design, by key path."""
    found = manifest.get("design", {}).get("options", {}).get("linked")
    return found if isinstance(found, Mapping) else {}


def _what_follows(manifest: Mapping[str, Any]) -> Iterator[str]:
    leaders: dict[str, list[str]] = {}
    for path, link in _linked(manifest).items():
        leaders.setdefault(str(link["of"]), []).append(path)
    for leader, paths in leaders.items():
        verb = "follows" if len(paths) == 1 else "follow"
        yield f"{', '.join(paths)} {verb} {leader}: what is said of it is of them together."


def _said(manifest: Mapping[str, Any], base: str, path: str) -> tuple[str, str]:
    """Return unit and meaning of a parameter, as the manifest has them or today's schema; empty if neither does."""
    said = manifest.get("parameters", {}).get(path)
    if said is None and base in manifest.get("bases", {}):
        from sim.study.bases import base_of
        from sim.study.parameters import describe

        try:
            said = describe(base_of(manifest, base), path)
        except ProtestorateError:
            said = None
    said = said or {}
    return str(said.get("unit") or ""), str(said.get("description") or "")


def _with_values(plain: Parameter, column: pd.Series, given: Mapping[str, Any] | None) -> Parameter:
    """Add to a parameter of which only the name is known what kind it is and over what it varies."""
    if column.map(lambda value: isinstance(value, bool | np.bool_)).all():
        return replace(plain, kind="switch", unit="", values=("off", "on"))
    if not pd.api.types.is_numeric_dtype(column) or column.isna().any():  # nothing has no place among numbers
        return replace(plain, kind="category", values=tuple(sorted(set(as_text(column)))))
    numbers = column.astype(float)
    if given is None:
        whole = pd.api.types.is_integer_dtype(column)
        return replace(plain, low=float(numbers.min()), high=float(numbers.max()), whole=whole)
    return replace(
        plain,
        low=float(given["low"]),
        high=float(given["high"]),
        scale=str(given.get("scale", "linear")),
        whole=bool(given.get("whole", False)),
    )


def text_of(value: object) -> str:
    """Return a value of a switch or category as text; ``none`` where a point has nothing there."""
    if value is None or (isinstance(value, float | np.floating) and np.isnan(value)) or value is pd.NA:
        return NOTHING
    if isinstance(value, bool | np.bool_):
        return "on" if value else "off"
    if isinstance(value, float | np.floating):
        return to_digits(float(value), 6)
    return str(value)


def as_text(column: pd.Series) -> pd.Series:
    """Return the values of a switch or category as text; `Series.astype(str)` would keep missing ones missing."""
    return pd.Series([text_of(value) for value in column], index=column.index, dtype=object)


def each_row(table: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a table, each with its columns as attributes."""
    yield from table.itertuples(index=False)
