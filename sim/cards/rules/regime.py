"""The regime: how it represses, whom it feeds, who can act against it, and what money it has."""

from __future__ import annotations

from typing import Any

from sim.cards.base import base
from sim.cards.rules.rule import Known, Rule, clip, severity, three

RENTS = {"cohesive": 1.0, "strained": 0.75, "divided": 0.5, "broken": 0.25}
BELARUS_CORRUPTION = 0.6
"""About Belarus's index in 2019."""


def repression(known: Known) -> dict[str, Any]:
    """Return aggression, defiance, punishment and whether the regime would cut the internet."""
    r = severity(known.political_rights, known.civil_liberties)
    harder = 0.4 + 0.6 * r
    return {
        "regime": {
            "aggression_base": three(base("regime.aggression_base") * harder),
            "aggression_gain": three(base("regime.aggression_gain") * harder),
            "defiance": three(base("regime.defiance") * r),
            "shutdown_readiness": base("regime.shutdown_readiness") if r > 0.6 and known.internet_users > 0.1 else 0.0,
        },
        "elites": {"punishment": three(base("elites.punishment") * r)},
    }


def elites(known: Known) -> dict[str, Any]:
    """Return what each kind of elite gains from the regime."""
    kinds = base("elites.kinds")
    return {
        "elites": {"kinds": {name: {"rents": three(one["rents"] * RENTS[known.unity])} for name, one in kinds.items()}}
    }


def institutions(known: Known) -> dict[str, Any]:
    """Return the bodies that can act against the ruler."""
    found = {name: dict(one) for name, one in base("institutions").items()}
    found["court"]["independence"] = three(known.court_independence)
    found["parliament"]["independence"] = three(known.parliament_independence)
    found["parliament"]["opposition"] = three(known.opposition_seats)
    if known.soldiers <= 0.0:
        found = {name: one for name, one in found.items() if name not in ("general_staff", "field_commanders")}
    return {"institutions": found}


def removal(known: Known) -> dict[str, Any]:
    """Return slump and lame duck, facts of the day before."""
    slump = clip(-known.growth / 5.0, 0.0, 1.0) if known.inflation < 100.0 else 1.0
    old = known.leader_age >= 75.0
    return {"regime": {"removal": {"slump": three(slump), "lame_duck": 1.0 if known.leaving else 0.5 if old else 0.0}}}


def money(known: Known) -> dict[str, Any]:
    """Return reserves, currency, graft and savings."""
    skimming = base("economy.services.skimming") * known.corruption / BELARUS_CORRUPTION
    return {
        "economy": {
            "treasury_days": min(365.0, three(known.reserves)),
            "usable_share": 0.5,
            "currency_share": round(clip(0.15 + known.rents, 0.05, 0.5), 2),
            "services": {"skimming": three(clip(skimming, 0.0, 1.0))},
            "strike": {"savings_days": _savings(known.income, known.inflation)},
        }
    }


def _savings(income: float, inflation: float) -> float:
    if inflation >= 100.0:
        return 5.0
    return 15.0 if income < 8_000.0 else 30.0 if income < 30_000.0 else 90.0


RULES = (
    Rule(
        "repression",
        ("political_rights", "civil_liberties", "internet_users"),
        (
            "regime.aggression_base", "regime.aggression_gain", "regime.defiance", "regime.shutdown_readiness",
            "elites.punishment",
        ),
        "r = (mean of both ratings - 1) / 5.5. Defiance and punishment are r times Belarus's, aggression 0.4 + 0.6 r times. "
        "Readiness to cut the internet is Belarus's where r is above 0.6 and a tenth use it, else none.",
        ("freedom-house-world", "assumption"),
        repression,
    ),
    Rule(
        "elites", ("unity",), ("elites.kinds.*.rents",),
        "Belarus's rents times 1 (cohesive), 0.75 (strained), 0.5 (divided) or 0.25 (broken). A card that does not say: "
        "divided in a democracy and a provisional regime, strained under the military.",
        ("assumption",), elites,
    ),
    Rule(
        "institutions",
        ("court_independence", "parliament_independence", "opposition_seats", "soldiers"),
        ("institutions",),
        "Belarus's bodies, with the independence of courts and parliament in the year before and the opposition's seats "
        "(half of parliament's independence where the card does not say); no staff without an army.",
        ("vdem-12", "assumption"),
        institutions,
    ),
    Rule(
        "removal", ("growth", "inflation", "leader_age", "leaving"),
        ("regime.removal.slump", "regime.removal.lame_duck"),
        "Slump: a fifth for each per cent that the product a head fell, 1 where prices doubled. Lame duck: 1 where the ruler "
        "will not stand again, 0.5 from 75 years of age.",
        ("hale-2005", "assumption"), removal,
    ),
    Rule(
        "money", ("reserves", "rents", "corruption", "income", "inflation"),
        (
            "economy.treasury_days", "economy.usable_share", "economy.currency_share", "economy.services.skimming",
            "economy.strike.savings_days",
        ),
        "Reserves in days of spending, at most 365, half of them usable; 0.15 + rents of revenue in currency; skimming by the "
        "ratio of corruption; savings of 15 days (income under 8,000), 30, or 90 (30,000 and more), 5 where prices doubled.",
        ("world-bank-indicators", "vdem-12", "assumption"), money,
    ),
)  # fmt: skip
