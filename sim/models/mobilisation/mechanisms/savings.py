"""What strikers live on: savings, money from abroad, strike pay."""

from __future__ import annotations

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.codes import Media
from sim.models.mobilisation.mechanism import Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.sums import look_up
from sim.models.mobilisation.typed import Array, Lever, Nation, Parameters
from sim.scenario.fields import Section, fraction, number

MIGRANT = int(Media.MIGRANT_HOUSEHOLD)


class Households(Section):
    """What households live on while they strike (model stage 7)."""

    savings_days: float = number("mean savings of a household", "days of income", 0.0, 1000.0)
    saving_rate: float = number("savings gained on a paid day", "days of income", 0.0, 1.0)
    strike_pay: float = fraction("share of a lost day's income that a full fund replaces")
    remittance: float = number("daily income of a migrant household from abroad", "days of income", 0.0, 5.0)


class Effects(Section):
    """What events do to savings."""

    remittance_cut: float = number("share of money from abroad that stops", "share", 0.0, 1.0, default=0.0)


@compiled
def savings(
    before: float,
    striking: float,
    strike_pay: float,
    put_by: float,
    remittance: float,
    most: float,
    expense: float,
) -> float:
    """A household's savings after today, in days of income.

    s' = clip(s + (1 - striking) * put by - striking * (1 - strike_pay) * expense + remittance, 0, most)     (7e)

    What is put by (11h) may be less than 0: then it counts as expense.

    Source: money for about one month (travelling-tactics report); remittances (class and media thread).

    striking : 0.0 or 1.0
    put_by : float, days of income, on a day without strike
    strike_pay : float, 0..1, share of the lost income that the fund replaces
    expense : 1.0, or 0.0 when savings never run out
    most : float, days; savings do not grow beyond the country's mean, or what the household began with
    """
    kept = put_by if put_by > 0.0 else put_by * expense
    after = before + (1.0 - striking) * kept - striking * (1.0 - strike_pay) * expense + remittance
    return min(max(after, 0.0), max(most, before))


@compiled
def arrive(nation: Nation, lever: Lever) -> None:
    """Stage 1: what does not arrive from abroad today."""
    nation.remittance_cut = lever.remittance_cut


@compiled
def save(
    own: Array, striking: Array, media: Array, kinds: Array, saving: Array, put_by: Array, nation: Nation, p: Parameters
) -> None:
    """Stage 7: the savings of every household, after yesterday's strike.

    saving : array of float64, shape (classes,)
    put_by : array of float64, shape (citizens of the chunk,), to work in
    """
    pay, most, expense = nation.strike_pay, p.savings_days, p.expense_possible
    from_abroad = p.remittance * (1.0 - nation.remittance_cut)
    look_up(put_by, saving, kinds)
    for j in range(own.size):
        on_strike = 1.0 if striking[j] == 2 else 0.0
        sent = from_abroad if media[j] & MIGRANT else 0.0
        own[j] = savings(np.float64(own[j]), on_strike, pay, put_by[j], sent, most, expense)


MECHANISM = Mechanism(
    title="What strikers live on",
    parameters={"economy.strike": Households, "events.*.effects": Effects},
    switches=(
        Switch(
            "savings",
            about="strikers live on savings, which run out",
            zero=("expense_possible",),
            without=(
                Ablation("strike_person_days", "rises", because="Strikers go back to work when their money is gone."),
            ),
        ),
        Switch(
            "remittances",
            about="households receive money from abroad",
            zero=("remittance",),
            without=(
                Ablation("strike_person_days", "falls", because="Money from abroad lets a household strike longer."),
            ),
        ),
    ),
    state={
        "citizens": (Column("savings", "f4", "days of income", "household savings"),),
        "nation": (Column("remittance_cut", "f8", "share", "share of money from abroad that stops today"),),
    },
    claims=("tt-36", "tt-37", "tt-38", "cm-22", "cm-23", "cm-24", "cm-25"),
    seen=("striking", "strike_person_days"),
)
