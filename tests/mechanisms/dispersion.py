"""What is known of the mechanism ``dispersion``: its rules worked by hand, how to take it out, what theory says."""

from __future__ import annotations

from facts import HARSH, RISK, Case, Removal, Sign, unchanged

DISPERSION: list[Case] = [((1.0,), 0.0), ((0.25,), 0.75)]
EFFECTIVE_PLACES: list[Case] = [((0.25,), 4.0), ((1.0,), 1.0), ((0.0,), 0.0)]
WITHIN_REACH: list[Case] = [((100.0, 0.75, 0.4), 70.0), ((100.0, 0.0, 1.0), 100.0), ((100.0, 1.0, 0.0), 100.0)]

CASES: dict[str, list[Case]] = {
    "dispersion": DISPERSION,
    "effective_places": EFFECTIVE_PLACES,
    "within_reach": WITHIN_REACH,
}

REMOVALS = {"dispersion": Removal(rules={"dispersion.within_reach": unchanged})}

SIGNS = [Sign("dispersion", "rises", RISK, HARSH | {"police.detention.overstretch": 1.0})]
