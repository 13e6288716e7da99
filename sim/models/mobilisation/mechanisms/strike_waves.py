"""Strike waves: workers are heartened by plants that are out, and disheartened by strikes that are broken."""

from __future__ import annotations

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.mechanisms.participation import may_act
from sim.models.mobilisation.sums import listed
from sim.models.mobilisation.typed import Array, Workplaces
from sim.scenario.fields import Section, number


class Spread(Section):
    """How strikes spread from plant to plant (model stage 7)."""

    spread_weight: float = number("weight of strikes at other plants of the same sector and place", "SD", 0.0, 10.0)
    spread_ties: float = number("weight of the share of weak ties who are on strike", "SD", 0.0, 10.0)


@compiled
def example(out: float, broken: float, others: float) -> float:
    """What other plants of the same sector and place show to the workers of a plant, -1 to 1.

    E = (out - broken) / others, and 0 where there are no others                     (7f)

    Source: Biggs (2005): a strike raises what workers elsewhere hope for, and a defeat lowers it.

    out : float, agents, workers of other plants that are out
    broken : float, agents, workers of other plants whose strike was broken and that cannot restart yet
    others : float, agents, workers of all other plants
    """
    return (out - broken) / others if others > 0.0 else 0.0


@compiled
def hope(example: float, ties: float, weight: float, weight_of_ties: float) -> float:
    """Motive to strike that comes from strikes elsewhere, which adds to the margin of (7a) of a worker.

    H = w_E * E + w_S * S                                                            (7g)

    Source: Biggs (2005): strike waves as positive feedback, along sector and place and along ties.

    example : float, -1..1, net share of the other plants of sector and place that are out (E)
    ties : float, 0..1, share of weak ties on strike, as far as a worker is online (S)
    """
    return weight * example + weight_of_ties * ties


@compiled
def hearten(
    to_strike: Array, workplace: Array, examples: Array, ties: Array, out: Array, connected: Array, luck: Array,
    weight: float, weight_of_ties: float, steps: Array, lists: Array,
) -> None:  # fmt: skip
    """Stage 7: what strikes elsewhere add to the motive of each worker.

    Ties are looked at only where they could decide: who would not strike on today's impulse if all of them did is left
    alone, as are nearly all of those not employed, whose motive is without end below zero.

    to_strike, connected : array of float64, shape (citizens of the chunk,)
    ties : array of int32, shape (citizens of the chunk, ties)
    out : array of uint8, shape (all citizens,), 1 on strike yesterday
    luck : array of float64, shape (citizens of the chunk,), draws of the impulse to strike
    steps : array of float64, the largest impulse of each step of these draws
    lists : array of int32, shape (2, citizens of the chunk), to work in
    """
    if examples.size == 0:
        return
    degree = ties.shape[1]
    near, open_ = lists[0], lists[1]
    for j in range(to_strike.size):
        example = np.float64(examples[np.uint32(max(workplace[j], 0))])
        to_strike[j] += hope(example, 0.0, weight, weight_of_ties)
        near[j] = 1 if may_act(to_strike[j] + weight_of_ties, luck[j], steps) else 0
    if degree == 0:
        return
    for m in range(listed(open_, near, to_strike.size)):
        citizen = np.uint32(open_[m])
        found = np.int64(0)
        for k in range(degree):
            found += np.int64(out[np.uint32(ties[citizen, k])])
        to_strike[citizen] += hope(0.0, connected[citizen] * found / degree, weight, weight_of_ties)


@compiled
def show(workplaces: Workplaces) -> None:
    """Stage 7: what the plants of each sector and place show to one another, felt tomorrow.

    Workplaces of a locality and class stand side by side.
    """
    first, every = 0, workplaces.size.size
    while first < every:
        last = first
        out, broken, everybody = 0, 0, 0
        while (
            last < every
            and workplaces.locality[last] == workplaces.locality[first]
            and workplaces.class_[last] == workplaces.class_[first]
        ):
            everybody += workplaces.size[last]
            if workplaces.out[last] > 0:
                out += workplaces.size[last]
            elif workplaces.barred[last] > 0:
                broken += workplaces.size[last]
            last += 1
        for work in range(first, last):
            own = workplaces.size[work]
            own_out = own if workplaces.out[work] > 0 else 0
            own_broken = own if workplaces.out[work] == 0 and workplaces.barred[work] > 0 else 0
            workplaces.example[work] = example(float(out - own_out), float(broken - own_broken), float(everybody - own))
        first = last


MECHANISM = Mechanism(
    title="Strike waves: strikes that spread from plant to plant",
    parameters={"economy.strike": Spread},
    switches=(
        Switch(
            "strike_spread",
            about="workers are heartened by strikes elsewhere, and disheartened by broken ones",
            zero=("spread_weight", "spread_ties"),
            without=(
                Ablation(
                    "strike_person_days",
                    "falls",
                    because="A strike shows workers elsewhere that striking is possible.",
                    scenario="belarus-2020-general-strike-wave",
                    given={"economy.strike.committee_arrest": 0.0},
                ),
            ),
        ),
    ),
    state={
        "citizens": (Column("out", "u1", "flag", "on strike, yesterday"),),
        "workplaces": (
            Column(
                "example", "f4", "net share", "net share of other plants of sector and place that are out, yesterday"
            ),
        ),
    },
    claims=("cm-08", "cm-34", "cm-35"),
    seen=("striking", "striking_class_industry", "workplaces_out", "output_lost", "general_strike_days"),
)
