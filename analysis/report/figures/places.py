"""The map: where people were in action on the day of the largest turnout."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.patches import Polygon
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import Bbox

from analysis.report.figures.style import Run, new_figure, peak, section
from sim.core.formats import day, number, share
from sim.figures.plot import GREY, INK
from sim.mesa.country import outline

LARGEST_CIRCLE = 1500.0  # area of the largest circle in square points
MOST_LABELS = 16
# Where a name may stand, the first free place first: direction from the circle, alignment of the text.
SIDES = (
    (1, 0, "left", "center"), (-1, 0, "right", "center"),
    (0, 1, "center", "bottom"), (0, -1, "center", "top"),
    (0.7, 0.7, "left", "bottom"), (0.7, -0.7, "left", "top"),
    (-0.7, 0.7, "right", "bottom"), (-0.7, -0.7, "right", "top"),
)  # fmt: skip
# From pale to dark in one hue: order survives grey printing and colour blindness.
HEAT = LinearSegmentedColormap.from_list("heat", ["#FBE3D2", "#E88A4A", "#B54708", "#5A1E00"])


def peak_table(run: Run) -> pd.DataFrame:
    """Return a row a locality on the day of the largest turnout, largest attendance first.

    Returns
    -------
    DataFrame
        Columns locality (str), lat, lon (degrees), population, attending (persons) and share
        (attending over population, 0..1).
    """
    places = section(run, "places", "localities")
    when, _ = peak(run)
    on_the_day = run.localities[pd.to_datetime(run.localities["date"]).dt.date == when]
    attending = on_the_day.groupby(on_the_day["locality"].astype(str))["attending"].sum()
    table = pd.DataFrame(
        [(name, place.lat, place.lon, place.population, int(attending.get(name, 0))) for name, place in places.items()],
        columns=["locality", "lat", "lon", "population", "attending"],
    )
    table["share"] = table["attending"] / table["population"]
    return table.sort_values("attending", ascending=False, kind="stable", ignore_index=True)


def country(table: pd.DataFrame, name: str | None) -> tuple[Figure, Axes]:
    """Return an empty map of a country, true to scale at its middle, and its axes in degrees.

    Parameters
    ----------
    table : DataFrame
        A row a locality with columns ``lon`` and ``lat``; all of them fit.
    name : str or None
        Name of the country's outline; without one only the localities set the limits.
    """
    rings = outline(name)
    lons = np.concatenate([table["lon"], *(ring[:, 0] for ring in rings)])
    lats = np.concatenate([table["lat"], *(ring[:, 1] for ring in rings)])
    stretch = 1 / math.cos(math.radians(float(lats.mean())))
    wide = max(float(np.ptp(lons)), 0.5)
    high = max(float(np.ptp(lats)), 0.5) * stretch
    figure = new_figure(min(9.0, max(3.2, 7.2 * high / wide)))
    axis = figure.subplots()
    for ring in rings:
        axis.add_patch(Polygon(ring, closed=True, facecolor="#F4F3EF", edgecolor=GREY, linewidth=0.9))
    axis.set_aspect(stretch)
    axis.set_xlim(lons.min() - 0.05 * wide, lons.max() + 0.05 * wide)
    axis.set_ylim(lats.min() - 0.05 * high / stretch, lats.max() + 0.05 * high / stretch)
    axis.axis("off")
    return figure, axis


def draw_map(run: Run) -> Figure:
    """Draw a circle a locality: area by persons in action, colour by their share of its population."""
    table = peak_table(run)
    figure, axis = country(table, section(run, "places", "outline"))
    _circles(figure, axis, table)
    return figure


def _circles(figure: Figure, axis: Axes, table: pd.DataFrame) -> None:
    most = max(1, int(table["attending"].max()))
    areas = LARGEST_CIRCLE * table["attending"] / most
    top = float(table["share"].quantile(0.98)) or float(table["share"].max()) or 0.01
    drawn = axis.scatter(
        table["lon"], table["lat"], s=np.maximum(areas, 3), c=table["share"], cmap=HEAT,
        norm=Normalize(0, top), edgecolors="#5A1E00", linewidths=0.5, zorder=3,
    )  # fmt: skip
    bar = figure.colorbar(
        drawn, ax=axis, orientation="horizontal", shrink=0.45, aspect=30, pad=0.01, anchor=(0.0, 0.5),
        extend="max" if table["share"].max() > top else "neither",
    )  # fmt: skip
    bar.set_label("in action, share of the locality's inhabitants", fontsize=9)
    bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: share(value)))
    bar.outline.set_visible(False)
    sizes = sorted({round_number(most), round_number(most / 5), round_number(most / 25)}, reverse=True)
    handles = []
    for size in sizes:
        area = LARGEST_CIRCLE * size / most
        handles.append(axis.scatter([], [], s=area, facecolor="none", edgecolor=INK, label=number(size)))
    circle = 2 * math.sqrt(LARGEST_CIRCLE / math.pi) / 9  # its diameter in units of the font's size
    # Beside the bar: every corner of the map lies on some country.
    legend = bar.ax.legend(
        handles=handles, title="persons in action", loc="center left", bbox_to_anchor=(1.1, 1.0), ncols=len(handles),
        handlelength=circle, handletextpad=0.4, columnspacing=1.0, borderpad=0.2, labelspacing=2.0, title_fontsize=9,
    )  # fmt: skip
    figure.draw_without_rendering()
    # Names are placed by measured distances, so nothing may move after this.
    figure.set_layout_engine("none")
    _label_largest(figure, axis, table, areas, legend)


def round_number(value: float) -> int:
    """Return the largest of 1, 2, 5 times a power of ten that is not above `value`, at least 1."""
    power = 10 ** math.floor(math.log10(max(value, 1)))
    return int(max(step for step in (1, 2, 5) if step * power <= max(value, 1)) * power)


def _label_largest(figure: Figure, axis: Axes, table: pd.DataFrame, areas: pd.Series, legend: Legend) -> None:
    """Name the localities with the largest crowds wherever a name fits without covering another."""
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    scale = figure.dpi / 72
    centres = axis.transData.transform(table[["lon", "lat"]].to_numpy())
    radii = np.sqrt(np.maximum(areas.to_numpy(), 3) / math.pi) * scale
    taken = [legend.get_window_extent(renderer)]
    taken += [Bbox.from_extents(x - r, y - r, x + r, y + r) for (x, y), r in zip(centres, radii, strict=True)]
    for i in range(min(MOST_LABELS, len(table))):
        if table["attending"][i] == 0:
            break
        away = radii[i] / scale + 2
        for dx, dy, ha, va in SIDES:
            text = axis.annotate(
                str(table["locality"][i]), (table["lon"][i], table["lat"][i]), xytext=(dx * away, dy * away),
                textcoords="offset points", ha=ha, va=va, fontsize=8.5, color=INK, zorder=4,
                annotation_clip=False,
            )  # fmt: skip
            box = text.get_window_extent(renderer)
            inside = box.x0 >= 0 and box.x1 <= figure.bbox.width
            if inside and not any(box.overlaps(other) for j, other in enumerate(taken) if j != i + 1):
                taken.append(box)
                break
            text.remove()


def map_caption(run: Run) -> str:
    """Say where the crowds were, and where they were largest for the size of the place."""
    table = peak_table(run)
    when, total = peak(run)
    first = table.iloc[0]
    densest = table.iloc[int(table["share"].to_numpy().argmax())]
    active = int((table["attending"] > 0).sum())
    return (
        f"{day(when)}, the day of the largest turnout: people are in action in {number(active)} of "
        f"{number(len(table))} localities, {number(int(first['attending']))} of them "
        f"({share(first['attending'] / total)}) in {first['locality']}. For its size, most in "
        f"{densest['locality']}: {share(densest['share'])} of the inhabitants. A circle's area is the number "
        "of persons in action, its colour their share of the inhabitants."
    )
