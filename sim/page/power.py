"""Turning points of power: orders and refusals, elites, institutions, the ruler's choices, an armed side."""

from __future__ import annotations

from sim.core.formats import number, share
from sim.mesa.frames import Frame
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.results import capital, plain
from sim.page.telling import MARKS, Memory, Rule, fraction

FEWEST_ORDERED = 100
"""Officers ordered out, below whom their refusal is no news."""
PAUSE = 14
"""Days after which the same choice of the ruler is news again."""
BACK = 0.1
"""Share of the streets lost, below which the police have them back."""
HALVES = (0.25, 0.5, 0.75)
ACTS = {
    "annul": "The vote is annulled: {who}.",
    "remove": "The ruler is removed by law: {who}.",
    "oust": "The army removes the ruler: {who}.",
    "refuse": "It is let known that the army will not move against the crowd: {who}.",
    "withhold": "Taxes are withheld: {who}.",
}
"""What an institution does, by its power."""


def total(frame: Frame, family: str) -> int:
    """Return the sum over a family of daily columns, such as ``police_aside_``."""
    return sum(int(value) for name, value in frame.national.items() if name.startswith(family))


def refusals(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    """Say how many of those ordered against crowds stand aside."""
    ordered, aside = total(frame, "police_ordered_"), total(frame, "police_aside_")
    if ordered < FEWEST_ORDERED or not memory.passes("aside", aside / ordered, MARKS):
        return ""
    most = max(config.police.forces, key=lambda name: int(frame.national[f"police_aside_{plain(name)}"]))
    what = capital(fraction(aside / ordered))
    return f"{what} of the {number(ordered)} officers ordered against crowds stand aside, most of them {_name(most)}."


def streets(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    """Say how far the capital's streets are lost, and when they are won back."""
    lost = frame.national["streets_lost"]
    if memory.passed.get("streets", 0) > 1 and lost < BACK:
        memory.passed["streets"] = 0
        return "The police hold the capital's streets again."
    if memory.passes("streets", lost, HALVES):
        return f"The capital's streets are lost by {fraction(lost)}: more people are out than the police can hold."
    return ""


def pillars(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    """Say on which day one of the regime's pillars fails for the first time."""
    row, limits = frame.national, config.outcome
    said = []
    if row["coercion"] < limits.coercion_floor and memory.first("coercion fails"):
        said.append(f"coercion (of what was ordered lately, {share(row['coercion'])} is obeyed)")
    if row["elite_public"] < limits.elite_floor and memory.first("elites fail"):
        said.append(f"the elite ({share(row['elite_public'])} still stand by the ruler in public)")
    if row["arrears"] > limits.arrears_ceiling and memory.first("money fails"):
        said.append(f"money ({share(row['arrears'])} of pay is not paid)")
    return f"A pillar fails: {' and '.join(said)}." if said else ""


def kinds(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    """Say which kinds of elite break with the ruler, in public, and in private where no institution tells it."""
    seated = {one.members for one in config.institutions.values()}
    public, private = [], []
    for kind in config.elites.kinds:
        name = plain(kind)
        members, silent, broken = (
            int(frame.national[f"elites_{what}_{name}"]) for what in ("members", "breaking", "broken")
        )
        if not members:
            continue
        if memory.news(f"{kind} in public", broken / members, HALVES) is not None:
            public.append(f"{_name(kind)} ({number(broken)} of {number(members)})")
        gone = silent + broken
        if memory.news(f"{kind} in private", gone / members, HALVES) is not None and kind not in seated and silent:
            private.append(f"{_name(kind)} ({number(gone)} of {number(members)})")
    said = [f"In public break with the ruler: {', '.join(public)}."] if public else []
    return " ".join([*said, *([f"Behind closed doors break with him: {', '.join(private)}."] if private else [])])


def seats(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    """Say in which institutions seats no longer stand by the ruler, and where they are enough to act."""
    told = []
    for name, one in config.institutions.items():
        lost = 1.0 - frame.national[f"shield_{plain(name)}"]
        marks = sorted({*HALVES, max(one.quorum, 0.01)})
        if memory.news(f"seats of {name}", lost, marks) is not None:
            enough = "enough to act" if lost >= one.quorum else f"{share(one.quorum)} would be enough to act"
            told.append(f"{_name(name)} {share(lost)} ({enough})")
    return f"Seats that no longer stand by the ruler: {', '.join(told)}." if told else ""


def acts(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    """Say which institutions act against the ruler."""
    said = []
    for name, one in config.institutions.items():
        if frame.national[f"acted_{plain(name)}"] and memory.first(f"{name} acts"):
            said.append(ACTS[one.power].format(who=_name(name)))
    return " ".join(said)


def strength(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    """Say how many of the elite it would now take to bring the regime down."""
    left = frame.national["strength"]
    if memory.news("strength", -left, (-0.5, -0.25, -0.1, 0.0)) is None:
        return ""
    if left <= 0.0:
        return "Nobody of the elite need break any more for the regime to fall."
    return f"A break of {share(left)} of the elite would now bring the regime down."


def chances(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    """Say what the ruler thinks of his chances."""
    chance = frame.national["ruler_survival"]
    if memory.passes("chances", -chance, (-0.75, -0.5, -0.25, -0.1)):
        return f"The ruler gives himself a chance of {share(chance)} to stay."
    return ""


def orders(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    """Say when the ruler orders the streets cleared, and when he sends the army."""
    choice = frame.national["ruler_choice"]
    if choice == "clear" and memory.again("clear", frame.day, PAUSE):
        return f"The ruler orders the streets cleared; he expects {share(frame.national['police_expected'])} to obey."
    if choice == "army" and memory.again("army", frame.day, PAUSE):
        return f"The ruler sends the army; he expects {share(frame.national['army_expected'])} to obey."
    return ""


def concession(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    """Say how much the regime has conceded."""
    given = frame.national["concession"]
    if memory.passes("concession", given, (0.1, 0.25, 0.5, 0.75)):
        return f"The regime has conceded {share(given)} of what is asked."
    return ""


def arms(frame: Frame, memory: Memory, config: Mobilisation) -> str:
    """Say when people take up arms, and when fighting has killed as many as are called a conflict and a war."""
    armed, dead = frame.national["armed"], frame.national["battle_deaths"]
    said = []
    if memory.passes("armed", armed, (100, 1000, 10_000, 100_000)):
        first = memory.first("armed")
        said.append(
            f"People take up arms against the regime: {number(armed)}." if first else f"{number(armed)} are in arms."
        )
    if memory.passes("battle deaths", dead, (25, 1000)):
        said.append(f"{number(dead)} have died in the fighting.")
    return " ".join(said)


def _name(name: str) -> str:
    return name.replace("_", " ")


POWER: tuple[Rule, ...] = (
    streets, refusals, pillars, strength, kinds, seats, acts, chances, orders, concession, arms,
)  # fmt: skip
"""The rules of this module, what comes first in the course of a day first."""
