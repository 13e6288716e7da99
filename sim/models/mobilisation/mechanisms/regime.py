"""The regime's routine of force: it answers threat, and holds back before crowds it cannot master."""

from __future__ import annotations

import math

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import REGIME, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.typed import Lever, Nation, Parameters
from sim.models.results import FRACTION, LEVEL, Result
from sim.scenario.fields import Section, fraction, number


class Reaction(Section):
    """How the regime reacts (model stage 13)."""

    aggression_base: float = fraction("aggression in quiet times")
    aggression_gain: float = number("aggression per unit of perceived threat", "factor", 0.0, 2.0)
    aggression_speed: float = number("share of the gap to the wanted aggression closed a day", "1/day", 0.0, 1.0)
    alert_decay: float = number("share of an alert lost a day", "1/day", 0.0, 1.0)
    street_capacity: float = number("turnout beyond which force is held back", "percent of population", 0.01, 100.0)
    backlash_restraint: float = number("restraint by anger at violence, times turnout", "factor", 0.0, 10.0)
    defection_restraint: float = number("restraint per share of police not loyal", "factor", 0.0, 20.0)


class Effects(Section):
    """What is ordered from above."""

    alert: float = number("alarm of the regime", "share", 0.0, 1.0, default=0.0)
    aggression: float = number(
        "aggression that is ordered, whatever the regime would do by itself; 0 orders nothing",
        "share",
        0.0,
        1.0,
        default=0.0,
    )


@compiled
def threat(heard_turnout: float, alert: float) -> float:
    """Threat as the regime perceives it: the streets, or an alarm of its own.

    T = max(X, alert)                                                                (13a)

    Source: Davenport (2007), the law of coercive responsiveness.
    """
    return max(heard_turnout, alert)


@compiled
def wanted_aggression(
    threat: float,
    remembered_turnout: float,
    street_capacity: float,
    anger: float,
    heard_turnout: float,
    disloyal: float,
    base: float,
    gain: float,
    backlash_restraint: float,
    defection_restraint: float,
    possible: float,
) -> float:
    """Aggression the regime wants: it answers threat, and holds back before crowds it cannot master.

    A* = min(1, base + gain * T * exp(-100 y / c) / (1 + r_b * a * X + r_d * disloyal))      (13b)

    Source: coercive responsiveness with a limit of capacity (Lichbach 1987; Ritter & Conrad 2016);
    repression is rarer at larger events (Mass Mobilization data).

    remembered_turnout : float, 0..1, share of the population (y)
    street_capacity : float, percent of the population (c)
    possible : 1.0, or 0.0 when restraint is switched off
    """
    if possible <= 0.0:
        return min(1.0, base + gain * threat)
    mastered = math.exp(-100.0 * remembered_turnout / street_capacity)
    held_back = 1.0 + backlash_restraint * anger * heard_turnout + defection_restraint * disloyal
    return min(1.0, base + gain * threat * mastered / held_back)


@compiled
def approach(before: float, wanted: float, speed: float) -> float:
    """Orders take time to be carried out.

    A' = A + speed * (A* - A)                                                        (13c)

    Source: assumption.
    """
    return before + speed * (wanted - before)


@compiled
def commanded(own: float, order: float) -> float:
    """Aggression as it is ordered from above, if it is; otherwise as the regime's rule has it.

    A' = order  if order > 0, else A'                                                (13g)

    Source: orders of the day, such as the order to clear the streets on election night.
    """
    return order if order > 0.0 else own


@compiled
def alarm(before: float, ordered: float, decay: float) -> float:
    """Alarm of the regime, which an event raises and which fades.

    e' = max(ordered, (1 - decay) * e)                                               (13k)

    Source: assumption: vigilance outlasts the event that raised it.

    before, ordered : float, 0..1
    decay : float, 1/day
    """
    return max(ordered, before * (1.0 - decay))


@compiled
def order(nation: Nation, lever: Lever) -> None:
    """Stage 1: an order is carried out the same day."""
    nation.aggression = commanded(nation.aggression, lever.aggression)


@compiled
def update(nation: Nation, p: Parameters, lever: Lever) -> None:
    """Stage 13: alarm and aggression."""
    nation.alert = alarm(nation.alert, lever.alert, p.alert_decay)
    danger = threat(nation.heard_turnout, nation.alert)
    wanted = wanted_aggression(
        danger, max(nation.turnout, nation.remembered_turnout), p.street_capacity, nation.mean_anger,
        nation.heard_turnout, 1.0 - nation.coercion, p.aggression_base, p.aggression_gain, p.backlash_restraint,
        p.defection_restraint, p.restraint_possible,
    )  # fmt: skip
    moved = approach(nation.aggression, wanted, p.aggression_speed)
    nation.aggression = commanded(moved, lever.aggression)  # and stands until the order ends


MECHANISM = Mechanism(
    title="What is left of the regime: restraint",
    parameters={"regime": Reaction, "events.*.effects": Effects},
    switches=(
        Switch(
            "restraint",
            about="the regime holds back before large crowds",
            zero=("restraint_possible",),
            without=(
                Ablation(
                    "injured",
                    "rises",
                    because="A regime that holds back before no crowd and no outrage answers every threat with force.",
                ),
            ),
        ),
    ),
    state={
        "nation": (
            Column("aggression", "f8", "share", "aggression of the regime", first=lambda p: p["aggression_base"]),
            Column("alert", "f8", "share", "alarm of the regime"),
        ),
    },
    results=(
        Result(
            "aggression",
            FRACTION,
            LEVEL,
            of="nation.aggression",
            combine="max",
            group=REGIME,
            label="aggression of the regime",
            short="aggression",
            about="aggression of the regime, effective tomorrow",
        ),
    ),
    claims=("mt-19", "mt-20", "tt-41", "tt-34", "tt-35"),
    seen=("aggression", "killed_today"),
)
