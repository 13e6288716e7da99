"""The map of the days on which turnout parts, locality by locality."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.compare.comparison import Contrast
from analysis.report.figures.places import country
from analysis.report.figures.style import several
from sim.core.formats import number
from sim.figures.plot import GREY, INK

LARGEST, SMALLEST = 520.0, 14.0
MOST_NAMES = 9
# Dark is early: what parts first stands out, in print as well.
EARLY_TO_LATE = LinearSegmentedColormap.from_list("early to late", ["#0B2545", "#0072B2", "#7CC0E8", "#DDEEF8"])


def draw_places(contrast: Contrast) -> Figure:
    """Draw a triangle a locality: colour by the day its turnout parts, area by the person-days that it differs by."""
    table = place_table(contrast)
    figure, axes = country(table, contrast.pairs.a.data.get("places", {}).get("outline"))
    rest, apart = table[table["first"].isna()], table[table["first"].notna()]
    axes.scatter(
        rest["lon"], rest["lat"], s=SMALLEST, facecolors="white", edgecolors=GREY, linewidths=0.9, zorder=3,
        label="never beyond chance",
    )  # fmt: skip
    if not apart.empty:
        _triangles(figure, axes, contrast, apart)
    figure.legend(loc="outside lower center", ncols=3)
    return figure


def place_table(contrast: Contrast) -> pd.DataFrame:
    """Return a row a locality that has coordinates, the largest difference first.

    Returns
    -------
    DataFrame
        Columns name, lat, lon (degrees), first (position of the day of parting, NaN if none) and
        person_days (mean paired difference of turnout, summed over the days).
    """
    rows = [
        (place.parting.name, place.lat, place.lon, place.parting.first, place.person_days)
        for place in contrast.places
        if place.lat is not None and place.lon is not None
    ]
    table = pd.DataFrame(rows, columns=["name", "lat", "lon", "first", "person_days"])
    table = table.astype({"lat": float, "lon": float, "first": float, "person_days": float})
    return table.sort_values("person_days", key=np.abs, ascending=False, kind="stable", ignore_index=True)


def _triangles(figure: Figure, axes: Axes, contrast: Contrast, apart: pd.DataFrame) -> None:
    most = float(apart["person_days"].abs().max()) or 1.0
    areas = np.maximum(3 * SMALLEST, LARGEST * apart["person_days"].abs() / most)
    days = Normalize(float(apart["first"].min()), float(max(apart["first"].max(), apart["first"].min() + 1)))
    for marker, more, words in (("^", True, "more turnout"), ("v", False, "less turnout")):
        chosen = (apart["person_days"] > 0) == more
        axes.scatter(
            apart["lon"][chosen], apart["lat"][chosen], s=areas[chosen], c=apart["first"][chosen], cmap=EARLY_TO_LATE,
            norm=days, marker=marker, edgecolors=INK, linewidths=0.5, zorder=4,
        )  # fmt: skip
        axes.scatter([], [], s=60, marker=marker, facecolor="none", edgecolor=INK, label=words)
    _day_bar(figure, axes, contrast, days)
    wide, high = np.ptp(axes.get_xlim()), np.ptp(axes.get_ylim())
    named: list[tuple[float, float]] = []
    for name, lat, lon in apart[["name", "lat", "lon"]].head(MOST_NAMES).itertuples(index=False):
        if any(abs(lon - x) < 0.17 * wide and abs(lat - y) < 0.05 * high for x, y in named):
            continue  # its name would cover another
        named.append((lon, lat))
        axes.annotate(
            str(name), (lon, lat), xytext=(0, 10), textcoords="offset points", ha="center", va="bottom",
            fontsize=8.5, color=INK, zorder=5,
        )  # fmt: skip


def _day_bar(figure: Figure, axes: Axes, contrast: Contrast, days: Normalize) -> None:
    """Explain the colours by days as people read them."""
    bar = figure.colorbar(
        ScalarMappable(days, EARLY_TO_LATE), ax=axes, orientation="horizontal", shrink=0.6, aspect=34, pad=0.01
    )
    axis = contrast.axis

    def words(value: float, _: object) -> str:
        return axis.label(round(value)) if axis is not None and 0 <= value < len(axis.values) else ""

    bar.set_label("first day on which the paired difference is beyond chance", fontsize=9)
    bar.ax.xaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    bar.ax.xaxis.set_major_formatter(FuncFormatter(words))
    bar.outline.set_visible(False)


def places_caption(contrast: Contrast) -> str:
    """Say in how many localities turnout parts, where first, and where most."""
    axis, places = contrast.axis, contrast.places
    apart = [place for place in places if place.parting.first is not None]
    if axis is None or not apart:
        return (
            f"In none of {several(len(places), 'locality', 'localities')} is the paired difference of turnout beyond "
            "chance on any day, "
            "with the false alarms of so many localities and days kept in bounds."
        )
    first = min(apart, key=lambda place: (place.parting.first or 0, -abs(place.person_days)))
    most = max(apart, key=lambda place: abs(place.person_days))
    of_all = f"{len(apart)} of {several(len(places), 'locality', 'localities')}"
    way = "more" if most.person_days > 0 else "fewer"
    return (
        f"Turnout parts in {of_all}, first in {first.parting.name} "
        f"(no later than {axis.label(first.parting.first)}). The largest difference is in {most.parting.name}: "
        f"{number(round(abs(most.person_days)))} person-days {way} over the whole time. A triangle's size is that "
        "difference, its colour the day no later than which turnout differs in distribution (dark is early); hollow "
        "dots are told to differ on none."
    )
