"""Which facts move a campaign's chance: the same campaign with some of them as they usually are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analysis.campaigns.table import Campaign, Campaigns

GROUPS: Mapping[str, tuple[str, ...]] = {
    "kind of regime": ("regime_type",),
    "ruler": ("leader_tenure_years", "leader_age"),
    "forces": ("military_personnel_per_1000", "conscription", "coups_in_10_years_before", "physical_violence_index"),
    "institutions": ("judicial_constraints", "legislative_constraints", "political_corruption"),
    "rights": ("media_freedom", "civil_society_index", "freedom_house_pr", "freedom_house_cl"),
    "economy": ("gdp_per_capita", "gdp_growth", "inflation"),
    "people": ("urban_share", "median_age", "internet_users_share"),
    "trigger": ("trigger_kind",),
    "patron": ("foreign_patron",),
}
"""Facts that are made usual together, as columns of the table; where and when a campaign was stays."""
MOST = 3
"""Groups that are named of a campaign."""
LEAST = 0.05
"""Change of a chance that is worth a word."""


def usual(campaigns: Campaigns) -> dict[str, str]:
    """Return the usual value of each column: the median of numbers, the commonest word; empty where nobody has one."""
    table = pd.DataFrame([dict(one.row) for one in campaigns.rows])
    found = {}
    for column in (name for group in GROUPS.values() for name in group):
        known = table[column][table[column] != ""]
        numbers = pd.to_numeric(known, errors="coerce")
        if len(known) and numbers.notna().all():
            found[column] = f"{numbers.quantile(0.5, interpolation='lower'):g}"
        else:
            found[column] = str(known.mode().iloc[0]) if len(known) else ""
    return found


def without(one: Campaign, group: str, typical: Mapping[str, str]) -> Campaign:
    """Return a campaign with the facts of a group as they usually are."""
    row = {**one.row, **{column: typical[column] for column in GROUPS[group]}}
    return replace(one, row=row)


def movers(chance: float, others: Mapping[str, float]) -> str:
    """Return in words which groups move a chance most: "ruler +0.21, forces −0.10".

    chance : with all facts as they are; others : by group, with it as usual
    """
    moves = sorted(
        ((chance - other, name) for name, other in others.items()), key=lambda move: (-abs(move[0]), move[1])
    )
    told = [f"{name} {move:+.2f}".replace("-", "−") for move, name in moves[:MOST] if abs(move) >= LEAST]
    return ", ".join(told)
