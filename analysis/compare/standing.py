"""The picture of how long the regime stands: Kaplan and Meier's curve of every side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from analysis.compare.comparison import Comparison
from analysis.compare.effects import horizon_of
from analysis.compare.outcomes import FALLS
from analysis.compare.sides import Floats
from analysis.figures.style import new_figure
from analysis.stats.survival import kaplan_meier, restricted_days
from sim.figures.plot import percent, share

Curve = tuple[str, Floats, Floats]


def any_falls(comparison: Comparison) -> bool:
    """Return whether the regime falls in any run, and runs say how long they were."""
    runs = [table for one in comparison.contrasts for table in (one.pairs.first, one.pairs.second)]
    return all("days" in table for table in runs) and any(table["outcome"].isin(FALLS).any() for table in runs)


def curves(comparison: Comparison) -> list[Curve]:
    """Return for each side its label, days, and the share of runs that still stand from that day on.

    The curve begins at day 0 with 1 and ends at the horizon, which is the shortest of all sides.
    """
    first = comparison.contrasts[0].pairs
    horizon = min(horizon_of(side) for side in comparison.sides)
    tables = [(first.a.label, first.first), *((one.pairs.b.label, one.pairs.second) for one in comparison.contrasts)]
    found = []
    for label, runs in tables:
        fell = runs["outcome"].isin(FALLS).to_numpy()
        days = runs["days"].to_numpy(float)
        when, standing = kaplan_meier(restricted_days(days, fell, horizon), fell & (days <= horizon))
        last = standing[-1] if standing.size else 1.0
        found.append((label, np.array([0.0, *when, horizon]), np.array([1.0, *standing, last])))
    return found


def draw_standing(comparison: Comparison, colours: Sequence[str]) -> Figure:
    """Draw the curves as steps."""
    figure = new_figure(3.1)
    axes = figure.subplots()
    for (label, days, standing), colour in zip(curves(comparison), colours, strict=False):
        axes.step(days, standing, where="post", color=colour, label=label)
    axes.set_ylim(-0.02, 1.03)
    axes.set_xlim(left=0)
    percent(axes)
    axes.set_ylabel("runs in which the regime stands")
    axes.set_xlabel("days from the start")
    figure.legend(loc="outside upper left", ncols=3, handlelength=1.0)
    return figure


def standing_caption(comparison: Comparison) -> str:
    """Say how many stand at the horizon, and what is done with runs that do not fall."""
    found = curves(comparison)
    left = ", ".join(f"{share(standing[-1])} of “{label}”" for label, _, standing in found)
    return (
        f"Share of runs in which the regime has not fallen after so many days, estimated after Kaplan and Meier. At "
        f"the horizon of {found[0][1][-1]:.0f} days it stands in {left}. A run without a fall is censored at the "
        "horizon, also if it ended before it in another way."
    )
