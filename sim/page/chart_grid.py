"""Charts of the models on a grid: Epstein's rebellion, Moro's revolution."""

from __future__ import annotations

from sim.models import epstein_2002_results, moro_2016_results
from sim.models.declarations import Declarations
from sim.page.chart_parts import (
    BLACK,
    BLUE,
    GREEN,
    PURPLE,
    SKY,
    VERMILION,
    Drawing,
    Series,
    line_of,
)
from sim.page.scales import Axis

GRID = Declarations((*epstein_2002_results.COLUMNS, *epstein_2002_results.GROUP_COLUMNS))
"""Columns of models on a grid."""
REVOLUTION = Declarations(moro_2016_results.COLUMNS)
"""Columns of the model of violent revolutions."""


def states(series: Series) -> Drawing:
    """How many are quiet, active and jailed."""
    return Drawing(
        (
            line_of(series, "quiet", SKY, known=GRID),
            line_of(series, "active", VERMILION, "area", peak=True, known=GRID),
            line_of(series, "jailed", BLACK, known=GRID),
        ),
        Axis("citizens"),
    )


def rebellion(series: Series) -> Drawing:
    """Who is active, and arrests."""
    return Drawing(
        (
            line_of(series, "active", VERMILION, "area", peak=True, known=GRID),
            line_of(series, "arrested", BLACK, "bars", right=True, known=GRID),
        ),
        Axis("citizens"),
        Axis("arrested"),
    )


def force(series: Series) -> Drawing:
    """Legitimacy and cops."""
    return Drawing(
        (
            line_of(series, "legitimacy", BLUE, known=GRID),
            line_of(series, "cops", BLACK, right=True, known=GRID),
        ),
        Axis("legitimacy", "percent", 0.0, 1.0),
        Axis("cops"),
    )


def groups(series: Series) -> Drawing:
    """The members of two groups, and who is killed."""
    return Drawing(
        (
            line_of(series, "first_group", BLUE, known=GRID),
            line_of(series, "second_group", GREEN, known=GRID),
            line_of(series, "killed", VERMILION, "bars", right=True, known=GRID),
        ),
        Axis("citizens"),
        Axis("killed"),
    )


def sides(series: Series) -> Drawing:
    """Policemen and revolutionaries."""
    return Drawing(
        (
            line_of(series, "policemen", BLUE, known=REVOLUTION),
            line_of(series, "revolutionaries", VERMILION, known=REVOLUTION),
            line_of(series, "fighting", PURPLE, "area", known=REVOLUTION),
        ),
        Axis("persons"),
    )


def toll(series: Series) -> Drawing:
    """Killed on both sides."""
    return Drawing(
        (
            line_of(series, "policemen_killed", BLUE, known=REVOLUTION),
            line_of(series, "revolutionaries_killed", VERMILION, known=REVOLUTION),
        ),
        Axis("killed"),
    )
