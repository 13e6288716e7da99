"""Police and army: how many, how loyal, how deadly, and what becomes of those who are caught."""

from __future__ import annotations

from typing import Any

from sim.cards.base import base
from sim.cards.rules.rule import Known, Rule, clip, three

STACKED = {"personal": 0.8, "party": 0.6, "monarchy": 0.6, "democracy": 0.2}
UNSTACKED = 0.3
PARTS = {"riot": 0.015, "interior_troops": 0.085, "regular": 0.9}
"""Of the police; Belarus has 0.015, 0.085 and 0.9."""
OF_STACKED = {"riot": 1.0, "interior_troops": 0.8, "regular": 0.6, "army": 0.6}
CONSCRIPT_LESS, OWN_WILL_LESS, OWN_COMMUNITY_MORE = 0.5, 0.5, 0.8
TENFOLD, BELARUS_SCORE = 0.8, 0.31
OFFICERS = 3_500
"""Agents of police, as many as in the calibrated Belarus."""


def forces(known: Known) -> dict[str, Any]:
    """Return the forces and the scale of their agents."""
    usual = base("police.forces")
    stacked = STACKED.get(known.regime, UNSTACKED)
    people, found = known.population, {}
    for name, one in usual.items():
        per_thousand = known.soldiers if name == "army" else known.police * PARTS[name]
        persons = round(people * per_thousand / 1000.0)
        if persons < 1:
            continue
        conscripts = name in ("army", "interior_troops") and known.conscription
        loyalty = one["initial_loyalty"] - CONSCRIPT_LESS * conscripts
        loyalty -= OWN_WILL_LESS * (name == "army" and (known.coups > 0 or known.regime == "military"))
        loyalty += OWN_COMMUNITY_MORE * (known.own_commanders and name != "regular")
        found[name] = dict(one) | {
            "persons": persons,
            "initial_loyalty": round(loyalty, 2),
            "stacked": three(stacked * OF_STACKED[name]),
            "conscript": one["conscript"] if conscripts else 0.0,
        }
    if not found:
        found["regular"] = dict(usual["regular"]) | {"persons": max(1, people // 1000)}
    scale = round(sum(one["persons"] for one in found.values()) / OFFICERS)
    scale = max(1, min(scale, round(people / known.agents)))  # no coarser than the people
    return {"police": {"forces": found}, "run": {"officers_per_agent": scale}}


def detention(known: Known) -> dict[str, Any]:
    """Return what happens to those who are caught."""
    usual = base("police.detention")
    deadlier = 10.0 ** ((BELARUS_SCORE - known.human_rights) / TENFOLD)
    places = usual["places"] * known.population / base("places.population")
    return {
        "police": {
            "detention": {
                "held_days": 2.0 if known.civil_liberties < 4.5 else usual["held_days"],
                "lethality": three(clip(usual["lethality"] * deadlier, 1e-5, 0.1)),
                "places": three(places),
            }
        }
    }


RULES = (
    Rule(
        "forces",
        ("population", "regime", "police", "soldiers", "conscription", "coups", "own_commanders", "agents"),
        ("police.forces",),
        "Police as riot police, interior troops and the rest in Belarus's proportions, soldiers as army. Loyalty is "
        "Belarus's, 0.5 less for conscripts, 0.5 less for an army with a will of its own (a coup in ten years, or military "
        "rule), 0.8 more where kin or the ruler's community command. Stacked: 0.8 personal, 0.6 party and monarchy, 0.2 "
        "democracy, 0.3 else; times 1, 0.8, 0.6 and 0.6.",
        ("reign", "assumption"),
        forces,
    ),
    Rule(
        "detention",
        ("population", "human_rights", "civil_liberties"),
        ("police.detention.held_days", "police.detention.lethality", "police.detention.places"),
        "Lethality is Belarus's, ten times for each 0.8 points of human rights less (within 0.00001 and 0.1); held six "
        "days, two where civil liberties are 4 or better; places a head as in Belarus.",
        ("fariss-2020", "assumption"),
        detention,
    ),
)
