"""The cross-cleavage coalition: its breadth, and whom it moves."""

from __future__ import annotations

import math

from sim.core.jit import compiled
from sim.models.mobilisation.codes import Cleavage, Count
from sim.models.mobilisation.mechanism import MOVEMENT, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.typed import Array, Classes, Groups, Localities, Nation
from sim.models.results import AMOUNT, FRACTION, LEVEL, Result
from sim.scenario.fields import Section, number

ATTENDING = int(Count.ATTENDING)
AGE, CAMP, SETTLEMENT, REGION = (int(kind) for kind in Cleavage)
CLEAVAGES = len(Cleavage)


class Motive(Section):
    """Weight of the coalition's breadth."""

    coalition_weight: float = number("weight of the coalition's breadth, times turnout", "SD", 0.0, 5.0)


@compiled
def entropy_term(rate: float, total: float) -> float:
    """A group's term in the entropy of participation rates.

    h = -(r / sum r) ln(r / sum r)                                                   (14a)

    Source: Shannon (1948).

    Rates, not numbers: a coalition is broad when every class takes part alike, whatever its size.
    """
    if rate <= 0.0 or total <= 0.0:
        return 0.0
    part = rate / total
    return -part * math.log(part)


@compiled
def breadth(entropy: float, groups: int) -> float:
    """Normalised entropy, 0 (one class) to 1 (all alike).

    C_k = H / ln K for each cleavage; C is the mean over class, age, camp, settlement and region     (14b)

    Source: Shannon (1948); cross-cleavage coalition of the mobilisation thread (Onuch 2014).
    """
    return min(entropy / math.log(groups), 1.0) if groups > 1 else 0.0  # 1, not a bit of rounding more


@compiled
def effective_groups(entropy: float) -> float:
    """Effective number of classes taking part.

    exp(H)                                                                           (14c)

    Source: Hill (1973), diversity of order 1.
    """
    return math.exp(entropy)


@compiled
def coalition_motive(heard: float, breadth: float, turnout: float, weight: float) -> float:
    """Motive of one who hears that many kinds of people come out.

    m_C = w_C * C * X * h                                                            (5k)

    Source: cross-cleavage coalition of the mobilisation thread (Onuch 2014).

    heard : float, 0..1, how much of the news the citizen hears, equation 3c
    """
    return weight * breadth * turnout * heard


@compiled
def move(motive: Array, heard: Array, breadth: float, turnout: float, weight: float) -> None:
    """Stage 5: news of a broad movement moves those who hear it."""
    for j in range(motive.size):
        motive[j] += coalition_motive(heard[j], breadth, turnout, weight)


@compiled
def spread(size: Array, crowd: Array) -> tuple[float, int]:
    """Entropy of the participation rates of groups, and how many groups there are."""
    total, present = 0.0, 0
    for group in range(size.size):
        if size[group] > 0:
            present += 1
            total += crowd[group] / size[group]
    entropy = 0.0
    for group in range(size.size):
        if size[group] > 0:
            entropy += entropy_term(crowd[group] / size[group], total)
    return entropy, present


@compiled
def across(groups: Groups, cleavage: int) -> tuple[float, int]:
    """Breadth of the coalition across the groups of one cleavage, and how many groups there are."""
    first, last = -1, 0
    for group in range(groups.size.size):
        if groups.cleavage[group] == cleavage:
            first = group if first < 0 else first
            last = group + 1
    entropy, present = spread(groups.size[first:last], groups.crowd[first:last])
    return breadth(entropy, present), present


@compiled
def update(classes: Classes, groups: Groups, localities: Localities, nation: Nation) -> None:
    """Stage 14: the breadth of today's coalition; a day without action changes nothing."""
    first_settlement, first_region = -1, -1
    for group in range(groups.size.size):
        if groups.cleavage[group] == SETTLEMENT and first_settlement < 0:
            first_settlement = group
        if groups.cleavage[group] == REGION and first_region < 0:
            first_region = group
    everyone = 0
    for place in range(localities.size.size):
        crowd = localities.count[place, ATTENDING]
        everyone += crowd
        groups.crowd[first_settlement + localities.settlement[place]] += crowd
        groups.crowd[first_region + localities.region[place]] += crowd
    if everyone == 0:
        return
    entropy, present = spread(classes.size, classes.crowd)
    nation.groups = effective_groups(entropy)
    nation.breadth_class = breadth(entropy, present)
    total, divided = nation.breadth_class, 1 if present > 1 else 0
    for cleavage in range(CLEAVAGES):
        across_it, present = across(groups, cleavage)
        if cleavage == AGE:
            nation.breadth_age = across_it
        elif cleavage == CAMP:
            nation.breadth_camp = across_it
        elif cleavage == SETTLEMENT:
            nation.breadth_settlement = across_it
        else:
            nation.breadth_region = across_it
        total += across_it
        divided += 1 if present > 1 else 0
    nation.breadth = total / divided if divided > 0 else 0.0  # of what divides the country at all


MECHANISM = Mechanism(
    title="The cross-cleavage coalition",
    parameters={"people.motive": Motive},
    switches=(
        Switch(
            "coalition",
            about="the breadth of the coalition moves people",
            zero=("coalition_weight",),
            without=(
                Ablation(
                    "peak_turnout", "falls", because="A crowd of many kinds of people shows each that theirs is in it."
                ),
            ),
        ),
    ),
    state={
        "nation": (
            Column("breadth", "f8", "0..1", "breadth of the coalition: mean over the five cleavages"),
            Column("breadth_class", "f8", "0..1", "normalised entropy of participation rates over classes"),
            Column("breadth_age", "f8", "0..1", "the same over age groups"),
            Column("breadth_camp", "f8", "0..1", "the same over camps"),
            Column("breadth_settlement", "f8", "0..1", "the same over kinds of settlement"),
            Column("breadth_region", "f8", "0..1", "the same over regions"),
            Column("groups", "f8", "count", "effective number of classes taking part"),
        ),
    },
    results=(
        Result(
            "breadth_class",
            FRACTION,
            LEVEL,
            of="nation.breadth_class",
            combine="max",
            group=MOVEMENT,
            label="breadth over classes",
            short="class",
            about="normalised entropy of participation rates over classes; 1 if all classes take "
            "part alike, 0 if one does alone",
        ),
        Result(
            "breadth_age",
            FRACTION,
            LEVEL,
            of="nation.breadth_age",
            combine="max",
            group=MOVEMENT,
            label="breadth over age groups",
            short="age",
            about="the same over age groups",
        ),
        Result(
            "breadth_camp",
            FRACTION,
            LEVEL,
            of="nation.breadth_camp",
            combine="max",
            group=MOVEMENT,
            label="breadth over political camps",
            short="camp",
            about="the same over political camps",
        ),
        Result(
            "breadth_settlement",
            FRACTION,
            LEVEL,
            of="nation.breadth_settlement",
            combine="max",
            group=MOVEMENT,
            label="breadth over kinds of settlement",
            short="settlement",
            about="the same over kinds of settlement",
        ),
        Result(
            "breadth_region",
            FRACTION,
            LEVEL,
            of="nation.breadth_region",
            combine="max",
            group=MOVEMENT,
            label="breadth over regions",
            short="region",
            about="the same over regions",
        ),
        Result(
            "coalition_breadth",
            FRACTION,
            LEVEL,
            of="nation.breadth",
            combine="max",
            group=MOVEMENT,
            main=True,
            label="breadth of the coalition",
            short="breadth",
            about="mean of those five, as far as they divide the country at all",
        ),
        Result(
            "coalition_groups",
            "classes",
            AMOUNT,
            of="nation.groups",
            combine="max",
            group=MOVEMENT,
            label="effective number of classes taking part",
            short="classes taking part",
            about="effective number of classes taking part, exp(H)",
        ),
    ),
    motive=(coalition_motive,),
    claims=("mt-06", "mt-07"),
    seen=(
        "coalition_breadth",
        "coalition_groups",
        "breadth_class",
        "breadth_age",
        "breadth_camp",
        "breadth_settlement",
        "breadth_region",
        "peak_coalition_breadth",
        "coalition_days",
    ),
)
