"""The colours and axes that every picture shares."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.dates import MONTHLY, AutoDateLocator, ConciseDateFormatter, DateLocator, DayLocator
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from sim.core.formats import number

# Okabe and Ito's palette: told apart by people with any common colour blindness.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY, PALE, INK = "#8A8A8A", "#E9E9E9", "#222222"

COLOURS = {
    "attending": BLUE,
    "protesting": BLUE,
    "engaged": SKY,
    "striking": GREEN,
    "detained": VERMILION,
    "shirking": ORANGE,
    "defected": PURPLE,
    "elite_public": INK,
    "elite_private": GREY,
    "anger": VERMILION,
    "fear": PURPLE,
    "fatigue": GREY,
    "commitment": GREEN,
    "legitimacy": BLUE,
    "breadth": INK,
}

SETTINGS: dict[Any, Any] = {
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9.5,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": PALE,
    "grid.linewidth": 0.8,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "svg.fonttype": "none",
    # Names come from scenarios: a dollar sign in one is a dollar sign, not a formula.
    "text.parse_math": False,
    "text.usetex": False,
}


FALLBACKS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK TC", "Noto Sans CJK KR", "Noto Sans SC",
    "Source Han Sans SC", "WenQuanYi Micro Hei", "Droid Sans Fallback", "PingFang SC", "Hiragino Sans",
    "Microsoft YaHei", "Yu Gothic", "Malgun Gothic", "Arial Unicode MS", "Noto Sans Arabic", "Noto Sans Hebrew",
    "Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans Georgian", "Noto Sans Armenian", "Noto Sans Ethiopic",
    "Noto Sans Myanmar", "Last Resort High-Efficiency",
)  # fmt: skip
"""Families asked, where installed, for what matplotlib's own font lacks; the last draws a box for any character."""

NO_WARNINGS = ("Glyph .* missing from", "constrained_layout not applied", "Tight layout not applied")
"""How matplotlib's warnings begin that tell a user of a scenario nothing he could mend."""


def _of_other_fonts(record: logging.LogRecord) -> bool:
    """Whether matplotlib speaks of a font that is none of `FALLBACKS`, few of which have a bold face."""
    return not any(name in record.getMessage() for name in FALLBACKS)


@cache
def families() -> list[str]:
    """Return the font families of all text: matplotlib's own, then those installed of `FALLBACKS`."""
    logging.getLogger(font_manager.__name__).addFilter(_of_other_fonts)
    installed = set(font_manager.get_font_names())
    return ["sans-serif", *(name for name in FALLBACKS if name in installed)]


@contextmanager
def styled(settings: Mapping[Any, Any] | None = None) -> Iterator[None]:
    """Apply the house style inside a ``with`` block and leave the user's settings as they were.

    Parameters
    ----------
    settings : mapping, optional
        Of matplotlib, beside those of the house.
    """
    with mpl.rc_context({**SETTINGS, "font.family": families(), **(settings or {})}), warnings.catch_warnings():
        for message in NO_WARNINGS:
            warnings.filterwarnings("ignore", message, UserWarning)
        yield


def thousands(axis: Axes) -> None:
    """Write the numbers of the vertical axis with thousands separators (100,000)."""
    axis.yaxis.set_major_locator(MaxNLocator(nbins=5, min_n_ticks=3, steps=[1, 2, 2.5, 5, 10]))
    axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))


def percent(axis: Axes) -> None:
    """Write shares (0..1) on the vertical axis as percentages."""
    axis.yaxis.set_major_locator(MaxNLocator(nbins=5, min_n_ticks=3, steps=[1, 2, 2.5, 5, 10]))
    axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{round(100 * value, 6):g}%"))


class _DayFormatter(ConciseDateFormatter):
    """Days without a leading zero, as in text: ``1 Mar``."""

    def format_ticks(self, values: Any) -> list[str]:
        """Return a label for each tick."""
        return [label.removeprefix("0") if " " in label else label for label in super().format_ticks(values)]  # type: ignore[no-untyped-call]


def time_axis(axis: Axes, dates: pd.Series, most: int = 7) -> None:
    """Give an axis the limits of `dates` and at most `most` ticks that fit the length of the run."""
    margin = pd.Timedelta(hours=12)
    axis.set_xlim(dates.iloc[0] - margin, dates.iloc[-1] + margin)
    few = (dates.iloc[-1] - dates.iloc[0]).days < most
    locator: DateLocator = DayLocator() if few else AutoDateLocator(minticks=min(3, most), maxticks=most)  # type: ignore[no-untyped-call]
    if isinstance(locator, AutoDateLocator):  # a small axis may show a year and a half with three marks
        locator.intervald[MONTHLY] = [1, 2, 3, 4, 6, 12, 24]
    axis.xaxis.set_major_locator(locator)
    ticks = axis.get_xticks()
    low, high = axis.get_xlim()
    ticks = ticks[(ticks >= low) & (ticks <= high)]
    if len(ticks) > most:  # the 1st and 15th of two months are four, whatever the locator is told
        axis.xaxis.set_major_locator(FixedLocator(ticks[:: -(-len(ticks) // most)]))  # type: ignore[arg-type]
    concise: Any = _DayFormatter(locator)  # type: ignore[no-untyped-call]
    concise.formats[2] = concise.zero_formats[2] = "%d %b"  # a day without its month says little
    concise.offset_formats[2] = "%Y"
    axis.xaxis.set_major_formatter(concise)


def label_ends(
    axis: Axes,
    ends: Sequence[tuple[float, str, str]],
    lines: int = 1,
    squares: bool = False,
) -> None:
    """Write each line's name right of the axes at the height of its last point, moved apart where names would overlap.

    Parameters
    ----------
    axis : Axes
        Its limits must be final: distances are taken from them.
    ends : sequence of (float, str, str)
        Height of the last point in data units, name, colour; of the same height, the lower name first.
    lines : int
        Lines of the tallest name.
    squares : bool
        Write names in black beside a square of the colour, for colours too pale to read.
    """
    size = 9.0
    low, high = axis.get_ylim()
    axis_height = axis.bbox.height * 72 / axis.figure.dpi  # points
    apart = 1.3 * size * lines / axis_height * (high - low)
    ordered = sorted(ends, key=lambda end: end[0])  # bands that have run out keep the order of their stack
    heights = spread([height for height, _, _ in ordered], apart, low, high)
    for height, (_, name, colour) in zip(heights, ordered, strict=True):
        place: dict[str, Any] = {"xy": (1.0, height), "xycoords": axis.get_yaxis_transform()}
        place |= {"textcoords": "offset points", "va": "center", "annotation_clip": False}
        if squares:
            axis.annotate("\u25a0", xytext=(5, 0), color=colour, fontsize=11, **place)
        ink, distance = (INK, 17) if squares else (colour, 7)
        axis.annotate(name, xytext=(distance, 0), color=ink, fontsize=size, **place)


def spread(heights: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Move ascending `heights` as little as needed to stand `apart` and inside low..high."""
    placed = list(heights)
    for _ in range(100):
        moved = False
        for i in range(len(placed) - 1):
            gap = placed[i + 1] - placed[i]
            if gap < apart * 0.999:
                shift = (apart - gap) / 2
                placed[i] -= shift
                placed[i + 1] += shift
                moved = True
        if placed and placed[0] < low:
            placed[0], moved = low, True
        if placed and placed[-1] > high and high - low >= apart * (len(placed) - 1):
            placed[-1], moved = high, True
        if not moved:
            break
    return placed


def day_axis(days: pd.DataFrame) -> pd.Series:
    """Return what runs along the horizontal axis: dates, else the step's number."""
    if "date" in days:
        return pd.to_datetime(days["date"])
    return days["step"] if "step" in days else pd.Series(np.arange(len(days)))


SHARE_AXIS = "share"
"""Unit of columns between 0 and 1 that are written as percentages (`sim.models.results.Result.axis`)."""


def by_unit(columns: Iterable[str], units: Mapping[str, str]) -> dict[str, list[str]]:
    """Return columns by what stands along their axis, so that persons and shares do not stand on one."""
    found: dict[str, list[str]] = {}
    for name in columns:
        found.setdefault(units.get(name, ""), []).append(name)
    return found


def unit_axis(axis: Axes, unit: str) -> None:
    """Name the vertical axis by its unit, and write its numbers as percentages if they are shares."""
    (percent if unit == SHARE_AXIS else thousands)(axis)
    if unit:
        axis.set_ylabel(unit)


def sum_of(days: pd.DataFrame, prefix: str) -> pd.Series:
    """Return the sum over all columns that begin with `prefix`, a number a day."""
    return days[[name for name in days.columns if str(name).startswith(prefix)]].sum(axis=1)


def has(days: pd.DataFrame, *needs: str) -> bool:
    """Return whether each need is a column, or, ending in ``_``, begins the name of one."""
    return all(
        any(str(name).startswith(need) for name in days) if need.endswith("_") else need in days for need in needs
    )
