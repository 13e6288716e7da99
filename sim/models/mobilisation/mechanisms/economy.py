"""Economy: revenue, treasury, arrears, and lasting damage."""

from __future__ import annotations

from typing import Any

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import REGIME, Ablation, Column, Mechanism, Switch
from sim.models.results import AMOUNT, FRACTION, SHARE, Result
from sim.scenario.fields import Section, fraction, number


class Money(Section):
    """The state's money (model stage 11)."""

    treasury_days: float = number("reserves on the first day", "days of spending", 0.0, 5000.0)
    revenue: float = number("revenue of an undisturbed day", "days of spending", 0.0, 5.0)
    contraction_speed: float = number("share of today's loss of revenue that stays, a day", "1/day", 0.0, 1.0)
    recovery_speed: float = number("share of lasting damage that recovers a day", "1/day", 0.0, 1.0)
    income_cut: float = fraction("share of what households put by that a full epidemic takes")
    shutdown_loss: float = fraction("share of revenue lost on a day without internet")
    sanction_loss: float = fraction("share of revenue lost under full sanctions")
    epidemic_loss: float = fraction("share of revenue lost under a full epidemic")
    repression_cost: float = number("extra spending at full aggression", "days of spending per day", 0.0, 5.0)


class Strike(Section):
    """What unpaid wages move workers to."""

    arrears_anger: float = number("motive of an unpaid day's wages", "SD", 0.0, 5.0)


class Police(Section):
    """What unpaid wages move police to."""

    arrears_doubt: float = number("loyalty lost on a day without pay", "SD/day", 0.0, 2.0)


class Effects(Section):
    """What events do to the economy."""

    epidemic: float = number("strength of an epidemic the state neglects", "share", 0.0, 1.0, default=0.0)


@compiled
def revenue(
    normal: float,
    output_lost: float,
    cut: float,
    sanctions: float,
    epidemic: float,
    shutdown_loss: float,
    sanction_loss: float,
    epidemic_loss: float,
    contraction: float,
    patron_gain: float,
    withheld: float,
) -> float:
    """Today's revenue, in days of normal spending.

    Y = Y0 * (1 - strikes) * (1 - l_s * cut) * (1 - l_x * sanctions) * (1 - l_e * epidemic)
        * (1 - lasting damage) * (1 - the patron's share) * (1 - withheld)           (11a)

    Source: mobilisation thread: business under strikes, a cut internet and the epidemic.

    withheld : float, 0..1, share of taxes that business does not pay any more
    """
    left = (1.0 - output_lost) * (1.0 - shutdown_loss * cut)
    left *= (1.0 - sanction_loss * sanctions) * (1.0 - epidemic_loss * epidemic)
    return normal * left * (1.0 - contraction) * (1.0 - patron_gain) * (1.0 - withheld)


@compiled
def contraction(before: float, revenue: float, normal: float, speed: float, recovery: float) -> float:
    """Lasting damage: what is lost day after day does not come back at once.

    c' = c + speed * (1 - Y / Y0) * (1 - c) - recovery * c                           (11f)

    Source: travelling-tactics report: strikes of several months would ruin the economy; Cerra & Saxena (2008).
    """
    lost = max(0.0, 1.0 - revenue / normal) if normal > 0.0 else 0.0
    return before + speed * lost * (1.0 - before) - recovery * before


@compiled
def daily_saving(rate: float, arrears: float, epidemic: float, income_cut: float, contraction: float) -> float:
    """What a household puts by on a paid day, in days of income.

    s = rate * (1 - arrears) * (1 - cut * epidemic) * (1 - c)                        (11h)

    Source: travelling-tactics report: the epidemic has lowered the income of over half of the people.
    """
    return rate * (1.0 - arrears) * (1.0 - income_cut * epidemic) * (1.0 - contraction)


@compiled
def treasury(
    before: float, revenue: float, transfer: float, aggression: float, repression_cost: float
) -> tuple[float, float]:
    """Reserves after today, and the share of today's pay that could not be paid.

    b = B + Y + transfer - (1 + cost * A);  B' = max(b, 0);  arrears = min(1, max(-b, 0))       (11b)
    """
    balance = before + revenue + transfer - 1.0 - repression_cost * aggression
    if balance >= 0.0:
        return balance, 0.0
    return 0.0, min(1.0, -balance)


@compiled
def weigh_epidemic(nation: Any, p: Any, lever: Any) -> None:
    """Stage 1: an epidemic, and what households can put by under it."""
    nation.epidemic = lever.epidemic
    nation.daily_saving = daily_saving(p.saving_rate, nation.arrears, lever.epidemic, p.income_cut, nation.contraction)


@compiled
def update(nation: Any, p: Any) -> None:
    """Stage 11: revenue, lasting damage, treasury, arrears."""
    income = revenue(
        p.revenue, nation.output_lost, 1.0 - nation.capacity, nation.sanctions, nation.epidemic, p.shutdown_loss,
        p.sanction_loss, p.epidemic_loss, nation.contraction, nation.patron_gain, nation.withheld,
    )  # fmt: skip
    nation.contraction = contraction(nation.contraction, income, p.revenue, p.contraction_speed, p.recovery_speed)
    nation.treasury, nation.arrears = treasury(
        nation.treasury, income, nation.patron_money, nation.aggression, p.repression_cost
    )


MECHANISM = Mechanism(
    title="The state's money: arrears and lasting damage",
    parameters={"economy": Money, "economy.strike": Strike, "police.loyalty": Police, "events.*.effects": Effects},
    switches=(
        Switch(
            "arrears",
            about="unpaid wages move workers and police",
            zero=("arrears_anger", "arrears_doubt"),
            without=(
                Ablation(
                    "sum:striking:2020-08-09..2020-08-31",
                    "falls",
                    because="Where wages go unpaid, and only there, workers strike over them.",
                    given={"mechanisms.patron": False, "economy.treasury_days": 0.0, "economy.revenue": 0.85},
                ),
            ),
        ),
        Switch(
            "contraction",
            about="lost revenue leaves lasting damage",
            zero=("contraction_speed",),
            without=(
                Ablation(
                    "last:treasury",
                    "rises",
                    because="What is lost day after day leaves lasting damage, and less revenue.",
                ),
            ),
        ),
    ),
    state={
        "nation": (
            Column("epidemic", "f8", "share", "epidemic today"),
            Column("treasury", "f8", "days of spending", "reserves", first=lambda p: p["treasury_days"]),
            Column("arrears", "f8", "share", "share of today's pay that is not paid"),
            Column("contraction", "f8", "share", "lasting damage to revenue"),
            Column("daily_saving", "f8", "days of income", "what a household puts by on a paid day"),
        ),
    },
    results=(
        Result(
            "treasury",
            "days of spending",
            AMOUNT,
            of="nation.treasury",
            combine="last",
            group=REGIME,
            label="reserves of the state",
            short="reserves",
        ),
        Result(
            "arrears",
            FRACTION,
            SHARE,
            of="nation.arrears",
            combine="max",
            group=REGIME,
            label="share of a day's pay that is not paid",
            short="arrears",
            about="share of today's pay that could not be paid",
        ),
        Result(
            "contraction",
            FRACTION,
            SHARE,
            of="nation.contraction",
            combine="last",
            group=REGIME,
            label="lasting damage to the state's revenue",
            short="revenue gone",
        ),
    ),
    claims=("cm-07", "cm-08", "cm-09", "cm-10", "cm-11", "cm-34", "cm-35", "tt-36", "tt-37", "tt-38"),
    seen=(
        "striking",
        "striking_class_industry",
        "initiative_groups",
        "workplaces_out",
        "output_lost",
        "general_strike_distance",
        "arrears",
        "peak_striking",
        "peak_output_lost",
        "contraction",
        "strike_person_days",
    ),
)
