"""Cash of sectors: plants pay wages from what they earn, and run out of money one by one."""

from __future__ import annotations

import math
from typing import Any

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import REGIME, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.typed import Classes, ClassRow, Nation, Parameters, Rows
from sim.models.results import FRACTION, SHARE, Result
from sim.scenario.fields import Section, fraction, number


class Cash(Section):
    """Cash of the plants of a sector (model stage 11)."""

    cash_days: float = number("mean cash of a plant on the first day", "days of its costs", 0.1, 1000.0)
    standing_costs: float = fraction("share of a plant's costs that go on when it stands still")
    wage_costs: float = number("share of a plant's costs that is pay", "share", 0.01, 1.0)


class Opening(Section):
    """What a class is owed before anything happens."""

    opening_arrears: float = fraction(
        "share of the pay of this class that is not paid on an undisturbed day", default=0.0
    )


@compiled
def activity(striking: float, business: float) -> float:
    """What is left of a sector's normal activity.

    y = (1 - striking) * b                                                           (11o)

    Source: class and media thread: strikes stop production.

    striking : float, 0..1, share of the sector on strike
    business : float, 0..1, what is left of business (11k) for other reasons
    """
    return (1.0 - striking) * business


@compiled
def drained(before: float, activity: float, standing: float, recovery: float) -> float:
    """Cash that plants have had to spend since the first day, in days of their costs.

    x' = max(0, x + h * (1 - y) - recovery * x)                                      (11p)

    Strikers and short time save pay and materials; what goes on are costs that stand.

    Source: accounting identity.

    standing : float, 0..1, share of costs that go on when nothing is made (h)
    """
    return max(0.0, before + standing * (1.0 - activity) - recovery * before)


@compiled
def short_of_pay(activity: float, standing: float, wages: float) -> float:
    """Share of the pay due that a plant without cash cannot pay out of what it earns today.

    n = min(1, h * (1 - y) / (w * y)), and 1 if nothing is earned                    (11q)

    Source: accounting identity: a plant pays what must be paid to stand, and wages out of the rest.

    wages : float, 0..1, share of costs that is pay (w)
    """
    missing, due = standing * (1.0 - activity), wages * activity
    return 1.0 if missing >= due else missing / due


@compiled
def unpaid(opening: float, drained: float, cash: float, short: float, public_pay: float, arrears: float) -> float:
    """Share of the pay of a class that is not paid today.

    a = o + (1 - o) * (1 - exp(-x / m)) * n;  a_k = 1 - (1 - a) * (1 - public * arrears of the state)    (11r)

    Plants differ in their cash: it is exponential with mean m, so that after x days of costs a share 1 - exp(-x / m)
    has none. A share o was short before.

    Source: class and media thread: workers go unpaid before anything happens; the law of cash is an assumption.

    opening : float, 0..1, share of pay that is not paid on an undisturbed day (o)
    drained, cash : float, days of a plant's costs (x, m)
    short : float, 0..1, share of pay that a plant without cash cannot pay (n)
    public_pay : 0.0 or 1.0, whether the state stands behind the pay of this class
    arrears : float, 0..1, share of pay (11b) that the state cannot pay
    """
    own = opening + (1.0 - opening) * (1.0 - math.exp(-drained / cash)) * short
    return 1.0 - (1.0 - own) * (1.0 - public_pay * arrears)


@compiled
def pay(classes: Classes, class_rows: Rows[ClassRow], nation: Nation, p: Parameters) -> None:
    """Stage 11: what the plants of each class earn, and what of its pay is not paid."""
    for kind in range(class_rows.size):
        row = class_rows[kind]
        opening, short = 0.0, 0.0
        if p.sector_cash_possible > 0.0:
            opening = row.opening_arrears
            if row.output > 0.0 and classes.size[kind] > 0:
                active = activity(classes.striking[kind] / classes.size[kind], nation.business)
                classes.drained[kind] = drained(classes.drained[kind], active, p.standing_costs, p.recovery_speed)
                short = short_of_pay(active, p.standing_costs, p.wage_costs)
        classes.arrears[kind] = unpaid(
            opening, classes.drained[kind], p.cash_days, short, row.public_pay, nation.arrears
        )


def _of_class(recorded: Any) -> Any:
    return recorded.class_arrears


def _classes(config: Any) -> Any:
    return config.people.classes


MECHANISM = Mechanism(
    title="Cash of sectors: wages that go unpaid where money runs out first",
    parameters={"economy.sectors": Cash, "people.classes.*": Opening},
    switches=(
        Switch(
            "sector_cash",
            about="plants pay wages out of what they earn, and run out of cash one by one",
            zero=("sector_cash_possible",),
            without=(
                Ablation(
                    "mean:arrears_class_industry",
                    "falls",
                    because="Plants that earn less than they must spend stop paying wages before the state does.",
                ),
            ),
        ),
    ),
    state={
        "classes": (
            Column("drained", "f8", "days of costs", "cash that its plants have had to spend"),
            Column("arrears", "f8", "share", "share of its pay that is not paid"),
        ),
    },
    results=(
        Result(
            "arrears_class_*",
            FRACTION,
            SHARE,
            each="class",
            members=_classes,
            of=_of_class,
            combine="max",
            group=REGIME,
            label="share of the pay of * that is not paid",
            about="share of the class's pay that is not paid: by its plants, or by the state that stands behind them",
        ),
    ),
    claims=("cm-07",),
    seen=("arrears_class_industry", "arrears_class_food_and_farming", "striking_class_industry"),
)
