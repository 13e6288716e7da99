"""Legitimacy: peaceful victims cost the regime its own camp."""

from __future__ import annotations

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import FEELINGS, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.mechanisms.war import rallied
from sim.models.mobilisation.typed import Array
from sim.models.results import FRACTION, LEVEL, Result
from sim.scenario.fields import Section, number


class Legitimacy(Section):
    """Rates of legitimacy (model equation 4b)."""

    legitimacy_loss: float = number("legitimacy lost a day at full peaceful victims", "1/day", 0.0, 1.0)
    legitimacy_recovery: float = number("return to former legitimacy a day for viewers of state TV", "1/day", 0.0, 1.0)


@compiled
def legitimacy(
    before: float, former: float, outrage: float, peaceful: float, state_tv: float, loss: float, recovery: float
) -> float:
    """What is left of a citizen's belief that the regime may rule.

    L' = l + recovery * tv * (L0 - l)  where l = L * (1 - loss * O * peaceful) is left of it    (4b)

    Source: regime voters who did not expect violence (class and media thread); state television
    slowly rebuilds what its viewers believed before.

    former : float, 0..1, L0
    outrage : float, 0..1, what reached this citizen of visible violence, equation 3k
    peaceful : float, 0..1, share of contact without violence from the crowd
    state_tv : float, 0..1, trust in state television of one who watches it, else 0
    """
    after = before * (1.0 - loss * outrage * peaceful)
    return after + recovery * state_tv * (former - after)


@compiled
def believe(
    own: Array, former: Array, outrage: Array, television: Array, peaceful: float, loss: float, recovery: float,
    war: float, rally: float,
) -> None:  # fmt: skip
    """Stage 4: belief in the regime, with what a war adds to it on television."""
    for j in range(own.size):
        kept = legitimacy(
            np.float64(own[j]), np.float64(former[j]), outrage[j], peaceful, television[j], loss, recovery
        )
        own[j] = rallied(kept, war, television[j], rally)


MECHANISM = Mechanism(
    title="The regime's own voters",
    parameters={"people.emotion": Legitimacy},
    switches=(
        Switch(
            "regime_voters",
            about="violence costs the regime the belief of its own voters",
            zero=("legitimacy_loss",),
            without=(
                Ablation(
                    "sum:attending_camp_regime",
                    "falls",
                    because="Violence against the peaceful costs the regime the belief of its own people, "
                    "some of whom then come out.",
                ),
            ),
        ),
    ),
    state={
        "citizens": (
            Column("former_legitimacy", "f4", "share", "legitimacy of the regime on the first day"),
            Column("legitimacy", "f4", "share", "legitimacy of the regime"),
        ),
        "nation": (
            Column("mean_legitimacy", "f8", "share", "mean legitimacy"),
            Column("start_legitimacy", "f8", "share", "mean legitimacy on the first day"),
        ),
    },
    results=(
        Result(
            "legitimacy",
            FRACTION,
            LEVEL,
            of="nation.mean_legitimacy",
            combine="last",
            group=FEELINGS,
            main=True,
            label="legitimacy of the regime",
            short="legitimacy",
            about="mean legitimacy of the regime",
        ),
    ),
    numbers=(
        Result(
            "legitimacy_end",
            FRACTION,
            LEVEL,
            of="legitimacy",
            combine="last",
            main=True,
            label="mean legitimacy of the regime, at the end",
            short="legitimacy at the end",
            about="`legitimacy` on the last day",
        ),
    ),
    claims=("cm-27", "cm-30"),
    seen=("legitimacy", "legitimacy_end", "attending_camp_regime"),
)
