"""What the pictures share: their type, names for people to read, events on a time axis, labels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.core.formats import readable as readable
from sim.core.formats import share
from sim.figures.plot import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION, YELLOW, time_axis
from sim.figures.smooth import weekly_mean as smooth
from sim.models.declarations import Declared
from sim.models.mobilisation.schema.scenario import WEEKDAYS

Table = TypeVar("Table", pd.DataFrame, pd.Series)
WIDTH = 7.6  # inches: a page's text width, and the unit of all font sizes
CATEGORIES = (BLUE, ORANGE, GREEN, SKY, VERMILION, PURPLE, YELLOW, BLACK)
OTHERS = "all others"
MOST_CATEGORIES = len(CATEGORIES) - 1  # the rest become OTHERS, in grey


class Run(Protocol):
    """What a picture reads of a run (`sim.run.result.Run` has it, and so has a run read back from its folder)."""

    @property
    def days(self) -> pd.DataFrame:
        """A row a step."""

    @property
    def localities(self) -> pd.DataFrame:
        """A row a step and locality."""

    @property
    def scenario(self) -> Any:
        """The configuration."""

    @property
    def outcome(self) -> Any:
        """How it ended: name, reasons, date."""

    @property
    def declared(self) -> Declared:
        """What its columns and numbers are."""


@dataclass(frozen=True)
class Picture:
    """A row of the table of pictures.

    Attributes
    ----------
    name : str
        File name without ending; also the prefix of the ids inside its SVG.
    title : str
        What it shows, as a heading.
    possible : callable (run) -> bool
        Whether the run has the data.
    draw : callable (run) -> Figure
    caption : callable (run) -> str
        What one sees, in words and numbers computed from the run.
    """

    name: str
    title: str
    possible: Callable[[Run], bool]
    draw: Callable[[Run], Figure]
    caption: Callable[[Run], str]


def new_figure(height: float, width: float = WIDTH) -> Figure:
    """Return an empty figure of the house's width, laid out so that nothing is cut off."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)  # lets label code measure text before the figure is saved
    return figure


def dates_of(run: Run) -> pd.Series:
    """Return the date of each day as timestamps."""
    return pd.to_datetime(run.days["date"])


def several(count: int, word: str, words: str = "") -> str:
    """Return a count with its word, which is that of one thing: ``1 pair``, ``1,200 pairs``."""
    return f"{count:,} {word if count == 1 else words or f'{word}s'}"


def section(run: Run, *path: str) -> Any:
    """Return a part of the scenario, or None if this model's scenarios have no such part."""
    part: Any = run.scenario
    for name in path:
        part = getattr(part, name, None)
    return part


def population(run: Run) -> int | None:
    """Return the number of inhabitants, or None for a model without places."""
    places = section(run, "places", "localities")
    return sum(place.population for place in places.values()) if places else None


def of_population(run: Run, persons: float) -> str:
    """Return ``, 2.4% of the population`` or, without places, nothing."""
    inhabitants = population(run)
    return f", {share(persons / inhabitants)} of the population" if inhabitants else ""


def parts(days: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Return the columns that begin with `prefix`, named by what follows it, largest sum first."""
    found = days[[name for name in days.columns if name.startswith(prefix)]]
    found = found.rename(columns=lambda name: name.removeprefix(prefix)).astype(float)
    return found[found.sum().sort_values(ascending=False, kind="stable").index]


def in_categories(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Fold all but the largest columns into OTHERS; return the table and a colour for each column."""
    if table.shape[1] <= MOST_CATEGORIES:
        return table, list(CATEGORIES[: table.shape[1]])
    kept = table.iloc[:, :MOST_CATEGORIES].copy()
    kept[OTHERS] = table.iloc[:, MOST_CATEGORIES:].sum(axis=1)
    return kept, [*CATEGORIES[:MOST_CATEGORIES], GREY]


def weekend(run: Run) -> tuple[int, ...]:
    """Return the days of the week without work, Monday being 0; Saturday and Sunday unless the scenario tells."""
    return tuple(WEEKDAYS.index(name) for name in section(run, "time", "weekend") or ("saturday", "sunday"))


def big_day(run: Run) -> int:
    """Return the day of the week on which most people come out, Monday being 0; Sunday unless the scenario tells."""
    return WEEKDAYS.index(section(run, "time", "big_day") or "sunday")


def weekend_bands(axis: Axes, run: Run) -> None:
    """Shade the weekends, unless the run is so long that they would only blur."""
    dates, half_day = dates_of(run), pd.Timedelta(hours=12)
    if len(dates) <= 400:
        for free in dates[dates.dt.day_of_week.isin(weekend(run))]:
            axis.axvspan(free - half_day, free + half_day, color="#F3F3F3", linewidth=0, zorder=0)
    time_axis(axis, dates)


def shorten(text: str, width: int) -> str:
    """Return `text` cut at a word and ended by … if it is longer than `width` characters."""
    return text if len(text) <= width else (text[: width - 2].rpartition(" ")[0] or text[: width - 2]) + " …"


def weekly(table: pd.DataFrame, dates: pd.Series) -> pd.DataFrame:
    """Return sums over calendar weeks, Monday to Sunday, indexed by the week's Monday."""
    monday = dates - pd.to_timedelta(dates.dt.day_of_week, unit="D")
    return table.groupby(monday.to_numpy()).sum()


def weekly_mean(values: Table) -> Table:
    """Return means of seven days around each, so that the rhythm of the week does not hide the trend."""
    made: Table = values.astype(float)
    made.iloc[:] = smooth(values.to_numpy(dtype=float))
    return made


def peak(run: Run, column: str = "attending") -> tuple[dt.date, int]:
    """Return the day and height of a column's highest value."""
    at = int(np.argmax(run.days[column].to_numpy()))
    return dates_of(run).iloc[at].date(), int(run.days[column].iloc[at])
