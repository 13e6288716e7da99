"""The state's money: revenue, reserves that can be used, arrears, and lasting damage."""

from __future__ import annotations

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import PEOPLE, REGIME, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.typed import Classes, Lever, Nation, Parameters
from sim.models.results import AMOUNT, FRACTION, SHARE, Result
from sim.scenario.fields import Section, fraction, number


class Money(Section):
    """The state's money (model stage 11)."""

    treasury_days: float = number("reserves on the first day, bound ones included", "days of spending", 0.0, 5000.0)
    usable_share: float = fraction("share of these reserves that can be spent: neither gold nor pledged nor a floor")
    revenue: float = number("revenue of an undisturbed day", "days of spending", 0.0, 5.0)
    contraction_speed: float = number("share of today's loss of revenue that stays, a day", "1/day", 0.0, 1.0)
    recovery_speed: float = number("share of lasting damage that recovers a day", "1/day", 0.0, 1.0)
    income_cut: float = fraction("share of what households put by that a full epidemic takes")
    shutdown_loss: float = fraction("share of revenue lost on a day without internet")
    sanction_loss: float = fraction("share of revenue lost under full sanctions")
    epidemic_loss: float = fraction("share of revenue lost under a full epidemic")
    repression_cost: float = number("extra spending at full aggression", "days of spending per day", 0.0, 5.0)
    currency_share: float = fraction("share of revenue that comes in as foreign currency")
    layoffs: float = number(
        "share of workers laid off for each share of revenue that is gone for good", "factor", 0.0, 5.0
    )
    income_weight: float = number("how much harder life is when all revenue is gone for good", "factor", 0.0, 5.0)


class Currency(Section):
    """What a class earns abroad."""

    foreign_currency: float = fraction(
        "share of the state's foreign currency that stops when the whole class strikes", default=0.0
    )


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
def business(
    cut: float,
    sanctions: float,
    epidemic: float,
    shutdown_loss: float,
    sanction_loss: float,
    epidemic_loss: float,
    contraction: float,
) -> float:
    """What is left of a normal day's business, strikes aside.

    b = (1 - l_s * cut) * (1 - l_x * sanctions) * (1 - l_e * epidemic) * (1 - lasting damage)    (11k)

    Source: mobilisation thread: business under a cut internet and the epidemic.
    """
    left = (1.0 - shutdown_loss * cut) * (1.0 - sanction_loss * sanctions)
    return left * (1.0 - epidemic_loss * epidemic) * (1.0 - contraction)


@compiled
def revenue(
    normal: float,
    output_lost: float,
    currency_lost: float,
    currency_share: float,
    business: float,
    patron_gain: float,
    withheld: float,
) -> float:
    """Today's revenue, in days of normal spending.

    Y = Y0 * ((1 - k) * (1 - strikes) + k * (1 - strikes on currency)) * b
        * (1 - the patron's share) * (1 - withheld)                                  (11a)

    A class that earns more of the currency than of the output is a choke point.

    Source: class and media thread: strikes in heavy manufacturing are the strongest lever.

    output_lost, currency_lost : float, 0..1, shares of output and of foreign currency that strikes stop
    currency_share : float, 0..1, share of revenue that is foreign currency (k)
    withheld : float, 0..1, share of taxes that business does not pay any more
    """
    left = (1.0 - currency_share) * (1.0 - output_lost) + currency_share * (1.0 - currency_lost)
    return normal * left * business * (1.0 - patron_gain) * (1.0 - withheld)


@compiled
def contraction(before: float, revenue: float, normal: float, speed: float, recovery: float) -> float:
    """Lasting damage: what is lost day after day does not come back at once.

    c' = c + speed * max(0, 1 - Y / Y0) * (1 - c) - recovery * c                     (11f)

    Source: travelling-tactics report: strikes of several months would ruin the economy; Cerra & Saxena (2008).
    """
    lost = max(0.0, 1.0 - revenue / normal) if normal > 0.0 else 0.0
    return before + speed * lost * (1.0 - before) - recovery * before


@compiled
def laid_off(contraction: float, layoffs: float) -> float:
    """Share of workers without work because of lasting damage.

    u = min(1, layoffs * c)                                                          (11l)

    Source: Okun's law, in the form of Ball, Leigh & Loungani (2017).
    """
    return min(1.0, layoffs * contraction)


@compiled
def harder(contraction: float, weight: float) -> float:
    """How much harder life is in an economy that has lost so much for good.

    b_c = 1 + weight * c;  the burden of hollowed services (11e) counts b_c-fold     (11m)

    Source: travelling-tactics report: lost incomes are part of what people hold against the regime.
    """
    return 1.0 + weight * contraction


@compiled
def daily_saving(rate: float, arrears: float, epidemic: float, income_cut: float, laid_off: float) -> float:
    """What a household puts by on a day without strike, in days of income; below 0 it lives on what it has put by.

    s = i * rate * (1 - cut * epidemic) - (1 - i)  where i = (1 - arrears) * (1 - u) is what comes in    (11h)

    Source: travelling-tactics report: the epidemic has lowered the income of over half of the people.

    arrears : float, 0..1, share of the pay of its class that is not paid
    """
    income = (1.0 - arrears) * (1.0 - laid_off)
    return income * rate * (1.0 - income_cut * epidemic) - (1.0 - income)


@compiled
def treasury(
    before: float, revenue: float, transfer: float, aggression: float, repression_cost: float
) -> tuple[float, float]:
    """Usable reserves after today, and the share of today's pay that the state could not pay.

    b = B + Y + transfer - (1 + cost * A);  B' = max(b, 0);  arrears = min(1, max(-b, 0))       (11b)

    Source: accounting identity; which reserves are usable is a fact of the country.
    """
    balance = before + revenue + transfer - 1.0 - repression_cost * aggression
    if balance >= 0.0:
        return balance, 0.0
    return 0.0, min(1.0, -balance)


@compiled
def weigh_epidemic(classes: Classes, nation: Nation, p: Parameters, lever: Lever) -> None:
    """Stage 1: an epidemic, layoffs, and what households of each class can put by."""
    nation.epidemic = lever.epidemic
    nation.laid_off = laid_off(nation.contraction, p.layoffs)
    nation.burden *= harder(nation.contraction, p.income_weight)
    for kind in range(classes.saving.size):
        classes.saving[kind] = daily_saving(
            p.saving_rate, classes.arrears[kind], lever.epidemic, p.income_cut, nation.laid_off
        )


@compiled
def update(nation: Nation, p: Parameters) -> None:
    """Stage 11: revenue, lasting damage, usable reserves, arrears."""
    nation.business = business(
        1.0 - nation.capacity, nation.sanctions, nation.epidemic, p.shutdown_loss, p.sanction_loss, p.epidemic_loss,
        nation.contraction,
    )  # fmt: skip
    income = revenue(
        p.revenue, nation.output_lost, nation.currency_lost, p.currency_share, nation.business, nation.patron_gain,
        nation.withheld,
    )  # fmt: skip
    nation.contraction = contraction(nation.contraction, income, p.revenue, p.contraction_speed, p.recovery_speed)
    nation.usable, nation.arrears = treasury(
        nation.usable, income, nation.patron_money, nation.aggression, p.repression_cost
    )
    nation.treasury = p.treasury_days * (1.0 - p.usable_share) + nation.usable


MECHANISM = Mechanism(
    title="The state's money: usable reserves, choke points, arrears and lasting damage",
    parameters={
        "economy": Money,
        "economy.strike": Strike,
        "people.classes.*": Currency,
        "police.loyalty": Police,
        "events.*.effects": Effects,
    },
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
        Switch(
            "choke_points",
            about="strikes where foreign currency is earned cost the state more than their share of output",
            zero=("currency_share",),
            without=(
                Ablation(
                    "last:usable_reserves",
                    "rises",
                    because="Industry earns more of the currency than of the output, so its strikes empty reserves "
                    "faster.",
                    scenario="belarus-2020-general-strike-wave",
                ),
            ),
        ),
    ),
    state={
        "nation": (
            Column("epidemic", "f8", "share", "epidemic today"),
            Column("treasury", "f8", "days of spending", "reserves", first=lambda p: p["treasury_days"]),
            Column(
                "usable",
                "f8",
                "days of spending",
                "reserves that can be spent",
                first=lambda p: p["treasury_days"] * p["usable_share"],
            ),
            Column("business", "f8", "share", "what is left of a normal day's business, strikes aside", first=1.0),
            Column("arrears", "f8", "share", "share of today's pay that is not paid"),
            Column("contraction", "f8", "share", "lasting damage to revenue"),
            Column("laid_off", "f8", "share", "share of workers laid off"),
        ),
        "classes": (Column("saving", "f8", "days of income", "what a household puts by on a day without strike"),),
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
            about="reserves of the state, bound ones included",
        ),
        Result(
            "usable_reserves",
            "days of spending",
            AMOUNT,
            of="nation.usable",
            combine="last",
            group=REGIME,
            label="reserves that the state can use",
            short="usable reserves",
            about="of `treasury`, what can be spent: neither gold nor pledged nor a floor",
        ),
        Result(
            "arrears",
            FRACTION,
            SHARE,
            of="nation.arrears",
            combine="max",
            group=REGIME,
            label="share of a day's pay that the state does not pay",
            short="arrears",
            about="share of today's pay that the state could not pay; what a class is not paid is `arrears_class_*`",
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
        Result(
            "laid_off",
            FRACTION,
            SHARE,
            of="nation.laid_off",
            combine="max",
            group=PEOPLE,
            label="share of workers laid off",
            short="laid off",
            about="share of workers without work because of lasting damage",
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
        "usable_reserves",
        "laid_off",
        "peak_striking",
        "peak_output_lost",
        "contraction",
        "strike_person_days",
    ),
)
