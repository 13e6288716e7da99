"""Who lives in the country: classes by work and age, hardship, camps, and who hears news."""

from __future__ import annotations

from typing import Any

from sim.cards.base import INTERNET_USERS, base
from sim.cards.rules.rule import Known, Rule, clip, three

SERVICES = ("transport", "private_services", "health_and_education", "administration", "broadcasting")
BUILDING = 0.22
"""Building's part of industry and building together; Belarus has 0.03 of 0.135."""
RICH, POOR = 30_000.0, 8_000.0
SLUMP, RUNAWAY = -2.0, 30.0
"""Half of Belarus's slope over age: camps of other countries differ less by age, as far as surveys say."""
SLOPE = 0.5


def classes(known: Known) -> dict[str, Any]:
    """Return classes with shares, output, and who earns foreign currency."""
    usual = base("people.classes")
    shares = _shares(known)
    factor = hardship_factor(known.income, known.growth, known.inflation)
    worth = {name: shares[name] * usual[name]["output"] / usual[name]["share"] for name in shares}
    worth["food_and_farming"] *= 0.5
    whole = sum(worth.values())
    abroad = _foreign(known.rents)
    found: dict[str, Any] = {}
    for name, one in usual.items():
        made = dict(one) | {
            "share": shares[name],
            "hardship": three(clip(one["hardship"] * factor, 0.0, 1.0)),
            "output": three(worth[name] / whole),
        }
        made.pop("foreign_currency", None)
        made.pop("opening_arrears", None)
        made.pop("loyal_base", None)
        if name in abroad:
            made["foreign_currency"] = abroad[name]
        if name == "administration":
            made["loyal_base"] = True
        if name in ("industry", "food_and_farming", "transport"):
            made["public_pay"] = False
        found[name] = made
    return {"people": {"classes": found}}


def hardship_factor(income: float, growth: float, inflation: float) -> float:
    """Return hardship relative to Belarus's: 1.3 in a slump or where prices run away, 0.8 rich, 1.1 poor, else 1."""
    if growth <= SLUMP or inflation >= RUNAWAY:
        return 1.3
    return 0.8 if income >= RICH else 1.1 if income < POOR else 1.0


def _shares(known: Known) -> dict[str, float]:
    children, old = known.children_share, known.old_share
    grown = 1.0 - children
    retirees = min(1.5 * old, 0.45 * grown)
    students = 0.01 + 0.21 * children
    work = min(known.employment_rate * grown, grown - retirees - students - 0.02)
    farming = known.agriculture_share
    industry = min(known.industry_share, 1.0 - farming)
    services = 1.0 - farming - industry
    usual = base("people.classes")
    of_services = sum(usual[name]["share"] for name in SERVICES)
    found = {
        "industry": work * industry * (1.0 - BUILDING),
        "construction": work * industry * BUILDING,
        "food_and_farming": work * farming,
        **{name: work * services * usual[name]["share"] / of_services for name in SERVICES},
        "students": students,
        "retirees": retirees,
        "children": children,
    }
    rounded = {name: round(share, 4) for name, share in found.items()}
    rounded["at_home"] = round(1.0 - sum(rounded.values()), 4)
    return rounded


def _foreign(rents: float) -> dict[str, float]:
    """Return who earns the country's foreign currency: industry the more, the more of it is oil, gas and minerals."""
    industry = round(clip(0.4 + rents, 0.4, 0.9), 2)
    rest = 1.0 - industry
    return {
        "industry": industry,
        "food_and_farming": round(0.4 * rest, 3),
        "private_services": round(0.4 * rest, 3),
        "transport": round(0.2 * rest, 3),
    }


def camps(known: Known) -> dict[str, Any]:
    """Return the camps' shares by age about those of the card, with half of Belarus's slope over age."""
    usual = base("people.camps")
    mean = {"protest": known.opposition_support, "regime": known.ruler_support}
    whole = sum(mean.values())
    if whole > 0.98:
        mean = {name: value * 0.98 / whole for name, value in mean.items()}
    found: dict[str, dict[str, float]] = {name: {} for name in usual}
    middle = {name: usual[name]["shares"]["middle"] for name in usual}
    for age in ("young", "middle", "old"):
        own = {name: max(0.0, mean[name] + SLOPE * (usual[name]["shares"][age] - middle[name])) for name in mean}
        total = sum(own.values())
        if total > 0.99:
            own = {name: value * 0.99 / total for name, value in own.items()}
        for name, value in own.items():
            found[name][age] = round(value, 3)
        found["observer"][age] = round(1.0 - sum(round(value, 3) for value in own.values()), 3)
    return {"people": {"camps": {name: {"shares": shares} for name, shares in found.items()}}}


def hearing(known: Known) -> dict[str, Any]:
    """Return who of each age can hear news past the state."""
    free = 1.0 - (1.0 - known.free_broadcaster) * (1.0 - 0.5 * known.media_freedom)
    usual = {name: one["internet"] for name, one in base("people.ages").items()}
    ages = {
        name: {
            "internet": round(
                1.0 - (1.0 - clip(known.internet_users * net / INTERNET_USERS, 0.0, 0.99)) * (1.0 - free), 3
            )
        }
        for name, net in usual.items()
    }
    return {"people": {"ages": ages}}


RULES = (
    Rule(
        "classes",
        (
            "children_share", "old_share", "employment_rate", "agriculture_share", "industry_share", "income", "growth",
            "inflation", "rents",
        ),
        ("people.classes",),
        "Children under 15; retirees one and a half times those of 65 and more; students 0.01 + 0.21 children; the "
        "employed by sector, services split as in Belarus, 0.22 of industry in building; the rest at home. Hardship is "
        "Belarus's times 1.3 (growth of -2% or less, or prices up by 30% or more), 0.8 (income of 30,000 and more), 1.1 "
        "(under 8,000) or 1. Output as a worker makes in Belarus, half of it in farming. Industry earns 0.4 + rents of the "
        "foreign currency.",
        ("world-bank-indicators", "assumption"),
        classes,
    ),
    Rule(
        "camps", ("opposition_support", "ruler_support"), ("people.camps.*.shares",),
        "Shares against and for the ruler as the card has them, with half of Belarus's slope over age; the rest observes.",
        ("assumption",), camps,
    ),
    Rule(
        "hearing", ("internet_users", "free_broadcaster", "media_freedom"), ("people.ages.*.internet",),
        "1 - (1 - internet)(1 - broadcaster)(1 - half of media freedom), internet by age as in Belarus. The model knows no "
        "other free channel, so what a card calls a broadcaster stands for all of them; if it does not say, as many hear "
        "news past the state as in Belarus.",
        ("assumption",), hearing,
    ),
)  # fmt: skip
