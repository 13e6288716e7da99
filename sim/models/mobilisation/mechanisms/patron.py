"""A patron abroad: backing, money, forces, and what they cost."""

from __future__ import annotations

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import REGIME, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.typed import Lever, Nation, Parameters
from sim.models.results import FRACTION, LEVEL, SHARE, Result
from sim.scenario.fields import Section, fraction, number


class Rescue(Section):
    """When a regime turns to its patron (model stage 11)."""

    rescue_level: float = fraction("share of the first usable reserves below which the patron is asked for money")
    patron_rescue: float = number("what the patron then sends at full backing", "days of spending per day", 0.0, 5.0)


class Price(Section):
    """What the patron's money costs."""

    patron_price: float = number(
        "share of the country's revenue that a day's worth of the patron's money costs for good",
        "share per day of spending",
        0.0,
        0.1,
    )


class Reassurance(Section):
    """What the patron's support means to elites."""

    patron_reassurance: float = number("gain for all elites from full patron support", "SD", 0.0, 5.0)


class Wavering(Section):
    """What outrage does to the patron."""

    patron_wavering: float = fraction("share of the patron's backing that full outrage takes away")


class Effects(Section):
    """What the patron does."""

    patron_support: float = number("strength of the patron's backing", "share", 0.0, 1.0, default=0.0)
    patron_transfer: float = number("money from the patron", "days of spending per day", 0.0, 1000.0, default=0.0)
    patron_forces: float = number(
        "forces that the patron sends, as officers of crowd-control strength 1", "persons", 0.0, 1e7, default=0.0
    )


@compiled
def backing(offered: float, outrage: float, wavering: float) -> float:
    """The patron's backing, less what outrage abroad makes it cost him.

    P = offered * (1 - wavering * w)                                                 (13j)

    Source: travelling-tactics report on a patron who seems unwilling to step in.
    """
    return offered * (1.0 - wavering * outrage)


@compiled
def rescue(backing: float, treasury: float, start: float, level: float, rate: float, possible: float) -> float:
    """What the patron sends when reserves have sunk below a share of what they were.

    T = possible * rate * backing  if B < level * B0                                 (11c)

    Source: class and media thread on dependence on the patron.

    treasury, start : float, days of spending, usable reserves today and on the first day (B, B0)
    level : float, 0..1, share of the first day's reserves
    """
    if treasury >= level * start:
        return 0.0
    return possible * rate * backing


@compiled
def patron_gain(before: float, transfer: float, price: float) -> float:
    """Share of the country's revenue that has passed to the patron's people.

    g' = min(1, g + price * transfer)                                                (11g)

    Source: class and media thread: a wider ring of owners takes the spoils.

    transfer : float, days of spending
    """
    return min(1.0, before + price * transfer)


@compiled
def dependence(before: float, backing: float, drawn: float) -> float:
    """Largest backing that the regime has drawn on.

    d' = max(d, backing) on a day on which it takes the patron's money, else d       (11i)

    Source: class and media thread: who is kept in power from abroad is no longer his own master.

    backing : float, 0..1
    drawn : float, days of spending, what the patron sends today
    """
    return max(before, backing) if drawn > 0.0 else before


@compiled
def send(nation: Nation, p: Parameters, lever: Lever) -> None:
    """Stage 11: the patron's backing, the money it sends, and how the regime comes to depend on it."""
    nation.patron = backing(lever.patron_support * p.patron_possible, nation.condemnation, p.patron_wavering)
    start = p.treasury_days * p.usable_share
    asked = rescue(nation.patron, nation.usable, start, p.rescue_level, p.patron_rescue, p.patron_possible)
    nation.dependence = dependence(nation.dependence, nation.patron, asked + lever.patron_transfer)
    nation.patron_money = lever.patron_transfer * p.patron_possible + asked


@compiled
def gain(nation: Nation, p: Parameters) -> None:
    """Stage 11, after the day's accounts: what the patron's people have gained."""
    nation.patron_gain = patron_gain(nation.patron_gain, nation.patron_money, p.patron_price)


MECHANISM = Mechanism(
    title="Dependence on a patron and what it gains",
    parameters={
        "regime": Rescue,
        "economy": Price,
        "elites": Reassurance,
        "world": Wavering,
        "events.*.effects": Effects,
    },
    switches=(
        Switch(
            "patron",
            about="a patron supports the regime",
            inputs=("patron_support", "patron_transfer", "patron_forces"),
            zero=("patron_possible",),
            without=(
                Ablation("elite_private_end", "falls", because="A patron's backing reassures those around the ruler."),
            ),
        ),
    ),
    state={
        "nation": (
            Column("patron", "f8", "share", "the patron's backing"),
            Column("patron_gain", "f8", "share", "share of revenue that has passed to the patron's people"),
            Column("patron_money", "f8", "days of spending", "what the patron sends today"),
            Column("dependence", "f8", "share", "largest backing the regime has drawn on"),
        ),
    },
    adding=("patron_transfer",),
    results=(
        Result(
            "patron",
            FRACTION,
            LEVEL,
            of="nation.patron",
            combine="max",
            group=REGIME,
            label="backing by the patron",
            short="patron's backing",
        ),
        Result(
            "patron_gain",
            FRACTION,
            SHARE,
            of="nation.patron_gain",
            combine="last",
            group=REGIME,
            label="share of revenue that has passed to the patron's people",
            short="patron's gain",
        ),
    ),
    claims=("cm-22", "cm-23", "cm-24", "cm-25", "tt-40"),
    seen=("patron", "patron_gain", "treasury", "usable_reserves"),
)
