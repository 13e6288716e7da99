"""A run as a notebook shows it: the answer, one picture, and the numbers behind it folded away."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

from sim.core.formats import day, readable
from sim.models.declarations import Declarations
from sim.models.results import capital

if TYPE_CHECKING:
    from sim.run.result import Run

AS_WIDE_AS_THE_PAGE = "max-width:100%;height:auto"


def html_of(run: Run) -> str:
    """Return a run as HTML that needs nothing from elsewhere; all text of a scenario is escaped.

    Parameters
    ----------
    run : Run

    Returns
    -------
    str
        The outcome with its reasons, the overview as an embedded picture, and the numbers to quote under a heading
        that unfolds.
    """
    outcome = run.outcome
    when = f" on {day(outcome.date)}" if outcome.date else ""
    because = f": {'; '.join(outcome.reasons)}" if outcome.reasons else ""
    answer = f"In this simulated run the outcome is “{readable(outcome.name)}”{when}{because}."
    known = Declarations(run.declared.numbers)
    rows = "".join(
        f'<tr><td style="text-align:left">{escape(capital(one.label))}</td><td>{escape(one.quantity(value))}</td></tr>'
        for one, value in ((known.of(name), value) for name, value in run.summary.items())
    )
    return (
        f"<p><strong>{escape(run.scenario.about.title)}</strong>, seed {run.seed}. {escape(answer)}</p>"
        f'<img alt="{escape(f"Overview of {run.scenario.about.title}, simulated")}" style="{AS_WIDE_AS_THE_PAGE}" '
        f'src="data:image/png;base64,{_picture(run)}">'
        f"<details><summary>The numbers of this run</summary><table>{rows}</table></details>"
    )


def _picture(run: Run) -> str:
    return base64.b64encode(run.plot().png()).decode("ascii")
