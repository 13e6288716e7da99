"""What is explained: numbers of a run's summary, and the probability of an outcome."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.report.figures.style import several
from sim.core.errors import ProtestorateError, nearest
from sim.core.formats import number, readable, share, to_digits
from sim.measures.labels import declared_as
from sim.measures.language import ALTERNATIVE, asked_for, parse, parsed
from sim.measures.values import known_from
from sim.measures.values import values as measured
from sim.models.declarations import Declarations, Declared
from sim.models.results import Result

if TYPE_CHECKING:
    from sim.study import StudyData

PREFERRED = ("peak_turnout_share", "detained", "police_defected")
"""Analysed unless other outcomes are asked for, together with every outcome whose probability varies."""
MOST_NUMBERS = 4
"""Numbers analysed by default in a study whose model has none of the preferred ones."""
NEGLIGIBLE = 1e-12
"""Numbers closer to 0 are what sums of floats leave behind; no unit of a summary is as fine."""
NOT_MEASURED = ("point", "replicate", "seed")


@dataclass(frozen=True)
class Measure:
    """A quantity of a run.

    Parameters
    ----------
    name : str
        A number of the summary, a measure of a daily series, or an outcome, several of them joined by "or".
    label : str
        What people call it.
    is_share : bool
        Whether it lies between 0 and 1 and is read as a percentage.
    is_outcome : bool
        Whether it is 1 in runs that end with this outcome and 0 in others; its mean is a probability.
    own_unit : str
        Unit of a number that is no share.
    never : str
        What is said of a run without it, of a number of days until something that may not happen.
    """

    name: str
    label: str
    is_share: bool = False
    is_outcome: bool = False
    own_unit: str = ""
    never: str = ""

    @property
    def short(self) -> str:
        """What stands above a narrow column: an outcome's name in quotes, or the label."""
        return f"“{readable(self.name)}”" if self.is_outcome else self.label

    @property
    def unit(self) -> str:
        """Unit of an effect on it."""
        return "percentage points" if self.is_share else self.own_unit

    @property
    def factor(self) -> float:
        """What a value is multiplied with where its unit is written."""
        return 100.0 if self.is_share else 1.0

    def text(self, value: float) -> str:
        """Return a value as people read it."""
        if not np.isfinite(value):
            return "–"
        value = 0.0 if abs(value) < NEGLIGIBLE else value
        return share(value) if self.is_share else number(float(f"{value:.3g}"))

    def effect_text(self, value: float, signed: bool = True) -> str:
        """Return an effect as people read it, in percentage points for a share."""
        if not np.isfinite(value):
            return "–"
        rounded = 0.0 if abs(value) < NEGLIGIBLE else float(f"{value * self.factor:.3g}")
        sign = "+" if signed and rounded > 0 else "−" if rounded < 0 else ""
        return sign + (f"{abs(rounded):,.0f}" if abs(rounded) >= 100 else to_digits(abs(rounded), 3))


Possible = Callable[[], Sequence[str]]


def _none() -> Sequence[str]:
    return ()


def chosen(
    runs: pd.DataFrame, names: Sequence[str] | None, declared: Declared, possible: Possible = _none
) -> list[Measure]:
    """Return the measures to analyse.

    Parameters
    ----------
    runs : DataFrame
        The runs of a study.
    names : sequence of str or None
        Names of summary numbers or outcomes; None for a choice that suits the study.
    declared : Declared
        What columns and numbers are.
    possible : callable () -> sequence of str
        Outcomes of the model that need not have occurred; called only for a name that did not.

    Raises
    ------
    ProtestorateError
        For a name that is neither, with the nearest one that is.
    """
    if names:
        return [measure(runs, name, declared, possible) for name in dict.fromkeys(names)]
    numbers = numbers_of(runs)
    varying = [name for name in numbers if runs[name].nunique() > 1 and runs[name].notna().all()]
    first = [name for name in PREFERRED if name in varying]
    found = first or [name for name in varying if name != "days"][:MOST_NUMBERS]
    outcomes = sorted(str(name) for name in runs["outcome"].unique())
    if len(outcomes) == 2:
        outcomes = [str(runs["outcome"].value_counts().index[-1])]  # the other one is its mirror image
    found += outcomes if runs["outcome"].nunique() > 1 else []
    if not found:
        raise ProtestorateError("every run of the study ended with the same outcome and the same numbers")
    return [measure(runs, name, declared, possible) for name in dict.fromkeys(found)]


def numbers_of(runs: pd.DataFrame) -> list[str]:
    """Return the names of the numbers in the summaries of runs and of measures of daily series beside them.

    Key paths have dots and are left out.
    """
    return [
        str(name)
        for name in runs.columns
        if ("." not in str(name) or ":" in str(name))
        and name not in NOT_MEASURED
        and pd.api.types.is_numeric_dtype(runs[name])
    ]


def measure(
    runs: pd.DataFrame, name: str, declared: Declared, possible: Possible = _none, outcome_first: bool = False
) -> Measure:
    """Return a measure by its name; raises ProtestorateError for an unknown one.

    A name may be that of a number and of an outcome, as `outbursts` is in Epstein's model: then it is the number's, or
    the outcome's if `outcome_first`.
    """
    numbers = numbers_of(runs)
    if name in numbers and not (outcome_first and name in {*runs["outcome"].astype(str), *possible()}):
        one = declared_as(parse(name), declared)
        unit = "" if one.is_fraction else one.unit_of_effects
        return Measure(name, one.label, one.is_fraction, own_unit=unit, never=one.never)
    seen = [str(outcome) for outcome in runs["outcome"].unique()]
    outcomes = [_same(one, seen) or _same(one, possible()) for one in parse(name).names]
    if outcomes and all(outcomes):
        together = ALTERNATIVE.join(outcome for outcome in outcomes if outcome)
        return Measure(together, f"probability of “{readable(together)}”", True, True)
    known = [*numbers, *dict.fromkeys([*possible(), *seen])]
    near = nearest(name, known)
    raise ProtestorateError(
        f"--outcome: {name!r} is neither a number of the runs' summaries nor an outcome"
        + (f", did you mean {near!r}?" if near else f"; there are {', '.join(known)}")
    )


def _same(name: str, outcomes: Sequence[str]) -> str | None:
    """Return the outcome of that name, written with spaces, hyphens or underscores."""
    return next((outcome for outcome in outcomes if readable(outcome) == readable(name)), None)


def happens(runs: pd.DataFrame, wanted: Measure) -> pd.Series:
    """Return for each run whether it ended with an outcome, or one of several."""
    return runs["outcome"].astype(str).isin(parse(wanted.name).names)


def with_daily_measures(runs: pd.DataFrame, names: Sequence[str], data: object) -> pd.DataFrame:
    """Return runs with a column for each measure of a daily series among some names.

    Parameters
    ----------
    runs : DataFrame
    names : sequence of str
        What was asked for; those without a colon are numbers of the summary or outcomes.
    data : StudyData
        The study, of which the daily tables are read if they are needed.

    Raises
    ------
    ProtestorateError
        For a measure that is not well formed, or a study that has not kept what it needs.
    """
    daily = [name for name in names if ":" in name]
    if not daily:
        return runs
    from sim.study import StudyData

    assert isinstance(data, StudyData)
    measures, own = [parsed(name, "--outcome") for name in daily], data.declared
    days = _kept(data, "days", own.columns, [name for one in measures for name in one.columns])
    localities = _kept(data, "localities", own.places, [name for one in measures for name in one.place_columns])
    known = known_from(runs, (), days, localities)
    columns, places = (
        Declarations(part).number_names if data.manifest["keep"][table] else ()
        for table, part in (("days", own.columns), ("localities", own.places))
    )
    known = replace(known, columns=columns, place_columns=places)
    if known.first is not None:  # runs may end before a day that is asked for, and count with the days they have
        known = replace(known, first=dt.date.min, last=dt.date.max)
    asked = [asked_for(name, known, "--outcome") for name in daily]
    return runs.assign(**{one.text: measured(one, runs, days, localities).to_numpy() for one in asked})


def _kept(data: StudyData, table: str, own: Sequence[Result], wanted: Sequence[str]) -> pd.DataFrame | None:
    """Return those columns of a table that are wanted and that the runs have; None if it is not kept or not needed."""
    known = Declarations(own)
    columns = sorted({name for name in wanted if name in known.number_names})
    if not columns or not data.manifest["keep"][table]:
        return None
    return data.days(columns) if table == "days" else data.localities(columns)


def matrix(runs: pd.DataFrame, points: pd.DataFrame, wanted: Measure) -> pd.DataFrame:
    """Return a measure by point (rows, in the design's order) and replicate (columns); NaN where not run.

    Raises
    ------
    ProtestorateError
        If a run has no value for it.
    """
    values = happens(runs, wanted) if wanted.is_outcome else runs[wanted.name]
    if values.isna().any():
        raise ProtestorateError(
            f"--outcome: {wanted.name!r} has no value in {several(int(values.isna().sum()), 'run')} of {len(values):,}"
            + (f" ({wanted.never}); every run must have one here" if wanted.never else "")
        )
    table = runs.assign(measured=values.astype(float)).pivot(index="point", columns="replicate", values="measured")
    return table.reindex(points["point"])
