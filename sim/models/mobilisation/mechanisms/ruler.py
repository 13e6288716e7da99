"""The ruler: what he thinks his chances are, and what he orders, gives or leaves for."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.core.rng import drawn
from sim.models.mobilisation.codes import Choice
from sim.models.mobilisation.mechanism import REGIME, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.mechanisms.coordination import normal_share
from sim.models.mobilisation.mechanisms.obedience import foresee
from sim.models.mobilisation.mechanisms.regime import commanded
from sim.models.mobilisation.sums import largest
from sim.models.mobilisation.typed import ForceRow, Lever, Localities, Nation, Parameters, Rows, TacticRow
from sim.models.results import FRACTION, LEVEL, SHARE, WORD, Result
from sim.scenario.fields import Section, fraction, number

CHOOSING = 47
WAIT, CLEAR, ARMY, CONCEDE, RESIGN, FLEE = (int(choice) for choice in Choice)
OPTIONS = len(Choice)


class Giving(Section):
    """How the ruler takes to concessions."""

    defiance: float = fraction("how much more a concession costs him than it costs the regime")


class Effects(Section):
    """What is conceded from outside the model."""

    concession: float = number("what the regime has conceded by this day", "share", 0.0, 1.0, default=0.0)


class Ruler(Section):
    """What a ruler weighs (model stage 13). Everything is in units of what a sure hold on office is worth."""

    doubt: float = number("standard deviation of how the ruler judges his own strength", "share", 0.01, 2.0)
    decisiveness: float = number("how sharply he takes what is best", "per unit of worth", 0.0, 100.0)
    fall_cost: float = number("what a fall costs one with clean hands", "offices", 0.0, 10.0)
    guilt_cost: float = number("what it costs more with full guilt", "offices", 0.0, 10.0)
    guilt_killed: float = number("killed at which two thirds of full guilt are reached", "per million", 0.01, 1e5)
    exit_offer: float = number("what a negotiated exit is worth to one with clean hands", "offices", -5.0, 5.0)
    exit_guilt: float = number("what full guilt takes from a negotiated exit", "offices", 0.0, 5.0)
    exile_offer: float = number("what exile is worth to one with clean hands", "offices", -5.0, 5.0)
    exile_guilt: float = number("what full guilt takes from exile", "offices", 0.0, 5.0)
    disruption_cost: float = number("what a day of lost streets or stopped output costs", "offices", 0.0, 5.0)
    refusal_cost: float = number("strength that is lost with an order that is not obeyed", "share", 0.0, 3.0)
    outrage_cost: float = number("what full force against a peaceful crowd costs", "offices", 0.0, 5.0)
    concession_cost: float = number("what conceding everything costs", "offices", 0.0, 5.0)
    concession_worth: float = fraction("share of lost streets that conceding everything would win back")
    concession_step: float = fraction("share of what is not conceded yet that a concession gives")
    crackdown: float = fraction("aggression of an order to clear the streets")


@compiled
def survival(strength: float, dissent: float, doubt: float) -> float:
    """The ruler's estimate of his chance to stay, from what is public.

    S = Phi((s - dissent) / d)                                                       (13l)

    Source: the fall of equation 12c as one sees it who knows open dissent only: the dictator's dilemma (Wintrobe 1998).

    strength : float, share, as all hear of it: equation 12f with the rumour of 12g
    dissent : float, 0..1, elites who have broken in public
    """
    return normal_share((strength - dissent) / doubt)


@compiled
def staying(survival: float, guilt: float, fall_cost: float, guilt_cost: float) -> float:
    """What it is worth to stay in office with this chance to keep it.

    V = S - (1 - S) * (f + f_g * guilt)                                              (13m)

    Source: Krcmaric (2018): the culpable lose more by a fall.

    guilt : float, 0..1, equation 13q
    """
    return survival - (1.0 - survival) * (fall_cost + guilt_cost * guilt)


@compiled
def force(
    strength: float,
    dissent: float,
    streets: float,
    obedience: float,
    aggression: float,
    peaceful: float,
    guilt: float,
    doubt: float,
    by_streets: float,
    refusal_cost: float,
    fall_cost: float,
    guilt_cost: float,
    outrage_cost: float,
) -> float:
    """What an order to clear the streets is worth: they are won back if it is obeyed, strength is lost if it is not.

    W = p * V(s + s_o * O) + (1 - p) * V(s - r) - w_o * A * peaceful                 (13n)

    Source: Svolik (2013), Wintrobe (1998); Sutton, Butcher and Svensson (2014) on the price of force against the
    peaceful.

    obedience : float, 0..1, share of the strength ordered that would obey, as the ruler sees it (p)
    by_streets : float, what lost streets take from strength (s_o)
    refusal_cost : float, share of elites (r)
    """
    won = staying(survival(strength + by_streets * streets, dissent, doubt), guilt, fall_cost, guilt_cost)
    lost = staying(survival(strength - refusal_cost, dissent, doubt), guilt, fall_cost, guilt_cost)
    return obedience * won + (1.0 - obedience) * lost - outrage_cost * aggression * peaceful


@compiled
def giving(
    strength: float,
    dissent: float,
    streets: float,
    conceded: float,
    defiance: float,
    guilt: float,
    doubt: float,
    by_streets: float,
    worth: float,
    step: float,
    cost: float,
    fall_cost: float,
    guilt_cost: float,
) -> float:
    """What a concession is worth: it wins part of the streets back, and is a price in itself.

    W = V(s + s_o * O * worth * step * (1 - k)) - (1 + defiance) * cost * step * (1 - k)       (13o)

    Source: Klein and Regan (2018): disruption buys concessions, what they cost buys coercion.

    conceded : float, 0..1, what has been conceded before (k)
    defiance : float, 0..1
    """
    given = step * (1.0 - conceded)
    kept = staying(
        survival(strength + by_streets * streets * worth * given, dissent, doubt), guilt, fall_cost, guilt_cost
    )
    return kept - (1.0 + defiance) * cost * given


@compiled
def leaving(offer: float, guilt: float, by_guilt: float) -> float:
    """What it is worth to go.

    W = offer - g * guilt                                                            (13p)

    Source: Krcmaric (2018): since 1998 the culpable hardly ever find exile.
    """
    return offer - by_guilt * guilt


@compiled
def culpability(before: float, killed: float, population: float, scale: float) -> float:
    """Guilt of the ruler for those killed, 0..1.

    g' = 1 - (1 - g) * exp(-killed / population * 10^6 / scale)                      (13q)

    Source: Krcmaric (2018) on culpable rulers; the form is assumed.

    killed, population : float, persons
    scale : float, per million
    """
    return 1.0 - (1.0 - before) * math.exp(-killed / population * 1e6 / scale)


@compiled
def occasion(chance: float, disturbed: float) -> float:
    """Chance that the question of his rule is put on a day, so that the ruler weighs anything but to wait.

    a = 1 - S * (1 - min(1, d))                                                      (13r)

    A ruler who is sure of his office and faces empty streets has nothing to decide. Source: assumption; that it is
    disruption to which rulers respond, Klein and Regan (2018).

    chance : float, 0..1, chance to stay (S)
    disturbed : float, disruption by lost streets and by output stopped (d)
    """
    return 1.0 - chance * (1.0 - min(1.0, disturbed))


@compiled
def disturb(localities: Localities, tactic_rows: Rows[TacticRow], nation: Nation) -> None:
    """Stage 13: how disruptive today's crowds were, by the forms they took."""
    people, disruption = 0, 0.0
    for place in range(localities.size.size):
        for tactic in range(tactic_rows.size):
            people += localities.crowd[place, tactic]
            disruption += localities.crowd[place, tactic] * tactic_rows[tactic].disruption
    nation.disruption = disruption / people if people > 0 else 0.0


@compiled
def choose(
    localities: Localities, force_rows: Rows[ForceRow], nation: Nation, p: Parameters, lever: Lever, seed: int
) -> None:
    """Stage 13: the ruler's choice for tomorrow if his rule is in question, by chance among what is worth most."""
    people = 0.0
    for place in range(localities.size.size):
        people += localities.size[place] * p.persons_per_agent
    nation.guilt = culpability(nation.guilt, nation.killed, people, p.guilt_killed)
    dissent = 1.0 - nation.elite_public
    nation.survival = survival(nation.heard_strength, dissent, p.doubt)
    guilt = nation.guilt
    disturbed = nation.streets * nation.disruption + nation.output_lost
    worth = np.empty(OPTIONS)
    worth[:] = -math.inf
    stay = staying(nation.survival, guilt, p.fall_cost, p.guilt_cost)
    worth[WAIT] = stay - p.disruption_cost * disturbed
    nation.army_out = 0.0
    u, v, _, _ = drawn(seed, CHOOSING, nation.day, 0)
    if p.choice_possible > 0.0:
        nation.police_expected = foresee(localities, force_rows, nation, p, p.crackdown, 0.0)
        nation.army_expected = foresee(localities, force_rows, nation, p, 1.0, 1.0)
    if p.choice_possible > 0.0 and v < occasion(nation.survival, disturbed):
        police, army = nation.police_expected, nation.army_expected
        worth[CLEAR] = force(
            nation.heard_strength, dissent, nation.streets, police, p.crackdown, nation.peaceful, guilt, p.doubt,
            p.strength_streets, p.refusal_cost, p.fall_cost, p.guilt_cost, p.outrage_cost,
        )  # fmt: skip
        if nation.army_refused == 0.0:
            worth[ARMY] = force(
                nation.heard_strength, dissent, nation.streets, army, 1.0, nation.peaceful, guilt, p.doubt,
                p.strength_streets, p.refusal_cost, p.fall_cost, p.guilt_cost, p.outrage_cost,
            )  # fmt: skip
        worth[CONCEDE] = giving(
            nation.heard_strength, dissent, nation.streets, nation.concession, p.defiance, guilt, p.doubt,
            p.strength_streets, p.concession_worth, p.concession_step, p.concession_cost, p.fall_cost, p.guilt_cost,
        )  # fmt: skip
        worth[RESIGN] = leaving(p.exit_offer, guilt, p.exit_guilt)
        worth[FLEE] = leaving(p.exile_offer, guilt, p.exile_guilt)
    best = largest(worth)
    total = 0.0
    for option in range(OPTIONS):
        worth[option] = math.exp(p.decisiveness * (worth[option] - best)) if worth[option] > -math.inf else 0.0
        total += worth[option]
    chosen, sum_so_far = WAIT, 0.0
    for option in range(OPTIONS):
        sum_so_far += worth[option] / total
        if u < sum_so_far:
            chosen = option
            break
    nation.choice = chosen
    nation.conceded_today = 0.0
    if chosen in (CLEAR, ARMY):
        nation.aggression = commanded(max(nation.aggression, p.crackdown), lever.aggression)
        nation.army_out = 1.0 if chosen == ARMY else 0.0
    elif chosen == CONCEDE:
        nation.conceded_today = p.concession_step * (1.0 - nation.concession)
        nation.concession += nation.conceded_today
    elif chosen >= RESIGN and nation.ended_by == 0:
        nation.ended_by = -chosen
    if lever.concession > nation.concession:
        nation.conceded_today += lever.concession - nation.concession
        nation.concession = lever.concession


def _chosen(recorded: Any) -> Any:
    return np.array([Choice(int(choice)).name.lower() for choice in recorded.nation["choice"]], dtype=object)


MECHANISM = Mechanism(
    title="A ruler who chooses",
    parameters={"regime": Giving, "regime.ruler": Ruler, "events.*.effects": Effects},
    switches=(
        Switch(
            "ruler",
            about="the ruler weighs force, concessions and leaving on days on which his rule is in question",
            zero=("choice_possible",),
            without=(
                Ablation(
                    "falls",
                    "falls",
                    because="A ruler who weighs nothing does not leave.",
                    scenario="argentina-2001",
                ),
            ),
        ),
        Switch(
            "defiance",
            about="the ruler would rather not give way",
            zero=("defiance",),
            without=(
                Ablation(
                    "max:concession", "rises", because="A ruler who does not mind giving way gives way more often."
                ),
            ),
        ),
    ),
    state={
        "nation": (
            Column("concession", "f8", "share", "what the regime has conceded"),
            Column("survival", "f8", "share", "the ruler's estimate of his chance to stay", first=1.0),
            Column("disruption", "f8", "share", "how disruptive today's crowds were"),
            Column("guilt", "f8", "share", "the ruler's guilt for those killed"),
            Column("police_expected", "f8", "share", "police who would obey an order to clear the streets", first=1.0),
            Column("army_expected", "f8", "share", "army and police who would obey it", first=1.0),
            Column("choice", "i8", "Choice", "what the ruler chose"),
            Column("army_out", "f8", "flag", "1 on a day on which the army is sent out"),
            Column("conceded_today", "f8", "share", "what was conceded today"),
        ),
    },
    results=(
        Result(
            "ruler_choice", "", WORD, of=_chosen, group=REGIME,
            label="what the ruler chose",
            about="`wait`, `clear` the streets by police, send the `army`, `concede`, `resign` or `flee`; effective "
            "tomorrow",
        ),
        Result(
            "concession", FRACTION, LEVEL, of="nation.concession", combine="max", group=REGIME,
            label="what the regime concedes", short="concession",
        ),
        Result(
            "ruler_survival", FRACTION, SHARE, of="nation.survival", combine="last", group=REGIME, main=True,
            label="the ruler's estimate of his chance to stay", short="chance to stay, to the ruler",
            about="from the strength of the regime and open breaks, not from those in private",
        ),
        Result(
            "ruler_guilt", FRACTION, SHARE, of="nation.guilt", combine="last", group=REGIME,
            label="the ruler's guilt for those killed", short="guilt of the ruler",
            about="0 without dead, near 1 far above `regime.ruler.guilt_killed`",
        ),
        Result(
            "police_expected", FRACTION, SHARE, of="nation.police_expected", combine="last", group=REGIME,
            label="police who would obey an order to clear the streets, as the ruler sees it", short="police expected",
            about="weighted by strength and by the crowds they would face",
        ),
        Result(
            "army_expected", FRACTION, SHARE, of="nation.army_expected", combine="last", group=REGIME,
            label="army and police who would obey it, as the ruler sees it", short="army expected",
            about="the same if the army were sent",
        ),
    ),
    streams={CHOOSING: "what the ruler chooses"},
    claims=("mt-19", "mt-20", "mt-21", "tt-39"),
    seen=("ruler_choice", "ruler_survival", "concession", "aggression"),
)  # fmt: skip
