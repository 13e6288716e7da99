"""Institutions: courts, parliaments, parties and staffs whose members can act together."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from sim.core.errors import FieldError
from sim.core.jit import compiled
from sim.core.rng import drawn
from sim.models.mobilisation.codes import Power
from sim.models.mobilisation.mechanism import REGIME, Ablation, Column, Mechanism, Switch, check_name
from sim.models.mobilisation.typed import InstitutionRow, Institutions, Kinds, Lever, Nation, Parameters, Rows
from sim.models.results import COUNT, FRACTION, SHARE, Result
from sim.scenario.fields import Section, fraction, number

ACTING = 46
ANNUL, REMOVE, OUST, REFUSE, WITHHOLD = (
    int(power) for power in (Power.ANNUL, Power.REMOVE, Power.OUST, Power.REFUSE, Power.WITHHOLD)
)


class Removal(Section):
    """When an institution turns against the ruler (model stage 12)."""

    act_base: float = number("readiness to act in a quiet week", "log odds", -30.0, 10.0)
    act_streets: float = number("readiness to act where the capital's streets are lost", "log odds", 0.0, 50.0)
    act_shield: float = number("reluctance where all seats stand by the ruler", "log odds", 0.0, 50.0)
    act_shielded_streets: float = number("how far such a shield takes the streets' weight away", "log odds", 0.0, 50.0)
    act_slump: float = number("readiness to act in a full slump", "log odds", 0.0, 20.0)
    act_lame_duck: float = number("readiness to act against a ruler who cannot stay", "log odds", 0.0, 20.0)
    slump: float = fraction("how deep the economy's slump is on the first day")
    lame_duck: float = fraction("how certain it is on the first day that the ruler leaves when the term ends")
    withheld_revenue: float = fraction("share of revenue that is lost once taxes are withheld")


class Effects(Section):
    """What brings a question before a court."""

    vote: float = number("a vote that is contested, from this day on", "share", 0.0, 1.0, default=0.0)


@compiled
def shield(opposition: float, breaking: float, members: float) -> float:
    """Share of an institution's seats that stand by the ruler.

    z = (1 - opposition) * (1 - breaking / members)                                  (12j)

    Source: Perez-Linan and others (2014): the shield of a majority in congress.

    opposition : float, 0..1, seats that never were the ruler's
    breaking, members : float, of the elite from whom its other seats are filled; those who have broken in private count
    """
    return (1.0 - opposition) * (1.0 - breaking / members) if members > 0.0 else 1.0 - opposition


@compiled
def act_chance(
    streets: float,
    shield: float,
    slump: float,
    lame_duck: float,
    independence: float,
    base: float,
    by_streets: float,
    by_shield: float,
    by_both: float,
    by_slump: float,
    by_lame_duck: float,
) -> float:
    """Chance that an institution acts today.

    logit h = g_0 + g_o * O - g_z * z - g_oz * O * z + g_s * slump + g_t * lame duck
    p = independence * (1 - (1 - h)^(1 / 7))                                         (12k)

    Source: Perez-Linan and others (2014) for the form, h a week; Hochstetler (2006) on protest as what removes
    presidents; Hale (2005) on lame ducks.

    streets, shield, slump, lame_duck, independence : float, 0..1
    """
    odds = base + by_streets * streets - by_shield * shield - by_both * streets * shield
    odds += by_slump * slump + by_lame_duck * lame_duck
    daily = 1.0 - math.exp(-math.log1p(math.exp(odds)) / 7.0)  # 1 - h is 1 / (1 + exp(odds))
    return independence * daily


@compiled
def contest(nation: Nation, lever: Lever) -> None:
    """Stage 1: a contested vote stays in question until it is settled."""
    nation.vote = max(nation.vote, lever.vote)


@compiled
def act(
    institutions: Institutions, rows: Rows[InstitutionRow], kinds: Kinds, nation: Nation, p: Parameters, seed: int
) -> None:
    """Stage 12: which institutions turn against the ruler today, and what follows from it."""
    nation.acts = 0.0
    for i in range(institutions.acted.size):
        row = rows[i]
        kind = int(row.kind)
        turned = kinds.breaking[kind] + kinds.broken[kind]
        stand = shield(row.opposition, turned, kinds.members[kind])
        institutions.shield[i] = stand
        if institutions.acted[i] > 0 or p.institutions_possible == 0.0 or 1.0 - stand < row.quorum:
            continue
        if row.power == ANNUL and nation.vote == 0.0:
            continue
        chance = act_chance(
            nation.streets, stand, p.slump, p.lame_duck, row.independence, p.act_base, p.act_streets, p.act_shield,
            p.act_shielded_streets, p.act_slump, p.act_lame_duck,
        )  # fmt: skip
        u, _, _, _ = drawn(seed ^ institutions.key[i], ACTING, nation.day, 0)
        if u >= chance:
            continue
        institutions.acted[i] = nation.day + 1
        nation.acts += 1.0
        if row.power == REFUSE:
            nation.army_refused = 1.0
        elif row.power == WITHHOLD:
            nation.withheld = p.withheld_revenue
        elif nation.ended_by == 0:
            nation.ended_by = int(row.power)
            nation.ended_where = i


def _members(config: Any) -> None:
    for name, one in config.institutions.items():
        at = ("institutions", name, "members")
        check_name(one.members, config.elites.kinds, "elites.kinds", "kind of elite", at)
        if one.power == "oust" and not any(force.military for force in config.police.forces.values()):
            raise FieldError("cannot oust: police.forces has no army", ("institutions", name, "power"))


def _named(config: Any) -> Iterable[str]:
    return list(config.institutions)


MECHANISM = Mechanism(
    title="Institutions that can act",
    parameters={"regime.removal": Removal, "events.*.effects": Effects},
    switches=(
        Switch(
            "institutions",
            about="courts, parliaments and staffs may turn against the ruler",
            zero=("institutions_possible",),
            without=(
                Ablation(
                    "falls",
                    "falls",
                    because="A ruler whom no institution can remove stays until he leaves by himself.",
                    scenario="ukraine-2004",
                ),
            ),
        ),
    ),
    checks=(_members,),
    state={
        "institutions": (
            Column("shield", "f8", "share", "seats that stand by the ruler"),
            Column("acted", "i8", "day + 1", "the day on which it acted, 0 for not yet"),
        ),
        "nation": (
            Column("vote", "f8", "share", "how far a vote is in question"),
            Column("acts", "f8", "institutions", "institutions that acted today"),
            Column("army_refused", "f8", "flag", "1 once the staff has refused to send the army"),
            Column("withheld", "f8", "share", "share of revenue that is withheld"),
            Column("ended_by", "i8", "Power or Choice", "what has ended the ruler's time, 0 for nothing"),
            Column("ended_where", "i8", "index", "the institution that did"),
        ),
    },
    results=(
        Result(
            "shield_*", FRACTION, SHARE, of=lambda recorded: recorded.institutions, each="institution", members=_named,
            combine="last", group=REGIME, label="seats in * that stand by the ruler", short="seats for the ruler",
            about="share of its seats whose holders have not broken with the ruler, not even in private",
        ),
        Result(
            "acted_*", "acts", COUNT, of=lambda recorded: recorded.acted, each="institution", members=_named,
            combine="max", group=REGIME, label="whether * has acted against the ruler", short="has acted",
            about="0, and 1 from the day on which it has acted by its power",
        ),
    ),
    streams={ACTING: "whether an institution acts"},
    claims=("mt-17",),
    seen=("shield_court", "shield_parliament", "acted_court"),
)  # fmt: skip
