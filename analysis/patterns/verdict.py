"""Whether a pattern holds: the 95% interval of what was found, held against what is expected.

* **holds**: the whole interval lies within what is expected;
* **fails**: the whole interval lies outside it;
* **undecided**: anything else, more runs may decide it; also too few runs, or an interval without width from few.

A pattern with several checks holds if all of them do, and fails if one of them does.

Source: the rule for an interval against a region, Kruschke 2018, Adv. Methods Pract. Psychol. Sci. 1:270-280,
doi:10.1177/2515245918771304, with a confidence interval in place of a posterior.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from analysis.patterns.schema import Expected
from analysis.stats.clusters import Found

HOLDS, FAILS, UNDECIDED = "holds", "fails", "undecided"
VERDICTS = (HOLDS, FAILS, UNDECIDED)


def judged(found: Found, expected: Expected) -> str:
    """Return the verdict on one check; `above` and `below` themselves lie outside what is expected."""
    if found.weakness or not math.isfinite(found.low):
        return UNDECIDED
    above = -math.inf if expected.above is None else expected.above
    below = math.inf if expected.below is None else expected.below
    if above < found.low and found.high < below:
        return HOLDS
    return FAILS if found.high <= above or found.low >= below else UNDECIDED


def together(verdicts: Iterable[str]) -> str:
    """Return the verdict on a pattern from those on its checks."""
    said = tuple(verdicts)
    if FAILS in said:
        return FAILS
    return UNDECIDED if UNDECIDED in said else HOLDS
