"""The movement and its news: the channel that calls, censorship, bodies that take a stand."""

from __future__ import annotations

from typing import Any

from sim.cards.base import base
from sim.cards.rules.rule import Known, Rule, clip, three

BELARUS_FREEDOM = 0.27
"""About Belarus's media freedom in 2019 (V-Dem)."""


def hub(known: Known) -> dict[str, Any]:
    """Return the reach of the hub."""
    top = known.hub_reach
    first = top * base("movement.hub.initial_reach") / base("movement.hub.top_reach")
    return {"movement": {"hub": {"initial_reach": three(first), "top_reach": three(top)}}}


def censorship(known: Known) -> dict[str, Any]:
    """Return how much of the news the state keeps from people, and who could get round a cut."""
    value = base("information.censorship") * (1.0 - known.media_freedom) / (1.0 - BELARUS_FREEDOM)
    return {"information": {"censorship": three(clip(value, 0.0, 1.0))}}


def bodies(known: Known) -> dict[str, Any]:
    """Return an opposition and a party of the ruler."""
    return {
        "movement": {
            "organisations": {
                "opposition": {"stance": "challenger", "camp": "protest", "pull": three(0.3 * known.civil_society)},
                "ruling_party": {
                    "stance": "regime", "camp": "regime", "pull": 0.3 if known.regime == "party" else 0.1,
                },
            }
        }
    }  # fmt: skip


RULES = (
    Rule(
        "hub", ("hub_reach",), ("movement.hub.initial_reach", "movement.hub.top_reach"),
        "Top reach as the card has it; if it does not say, Belarus's, whatever it was there: a channel, a station, leaflets, "
        "pulpits, union halls. A fifth of it at the start.",
        ("assumption",), hub,
    ),
    Rule(
        "censorship", ("media_freedom",), ("information.censorship",),
        "Belarus's, by the ratio of what media freedom lacks to 1.",
        ("vdem-12", "assumption"), censorship,
    ),
    Rule(
        "bodies", ("civil_society", "regime"), ("movement.organisations",),
        "An opposition, whose pull is 0.3 times the strength of civil society, and a party of the ruler (0.3 in a party "
        "regime, else 0.1).",
        ("assumption",), bodies,
    ),
)  # fmt: skip
