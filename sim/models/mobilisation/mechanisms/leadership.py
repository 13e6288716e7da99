"""Leadership: what arrests of leaders cost, and how it is replaced."""

from __future__ import annotations

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import MOVEMENT, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.typed import Lever, Nation, Parameters
from sim.models.results import FRACTION, SHARE, Result
from sim.scenario.fields import Section, fraction, number


class Leadership(Section):
    """Leaders, and how replaceable they are."""

    centralisation: float = fraction("how much coordination hangs on few leaders")
    replacement: float = number("share of lost coordination regained a day", "1/day", 0.0, 1.0)


class Effects(Section):
    """What events do to leaders."""

    leader_arrested: float = number("share of leaders taken", "share", 0.0, 1.0, default=0.0)


@compiled
def coordination(before: float, arrested: float, centralisation: float, replacement: float) -> float:
    """Coordination left to the movement.

    k' = l + replacement * (1 - l)  where l = k * (1 - centralisation * arrested) is left of it    (6i)

    Source: decentralisation that makes repression harder (mobilisation thread); leaderlessness and
    substitute leaders (travelling-tactics report).
    """
    left = before * (1.0 - centralisation * arrested)
    return left + replacement * (1.0 - left)


@compiled
def lead(nation: Nation, p: Parameters, lever: Lever) -> None:
    """Stage 2: what is left of coordination."""
    nation.coordination = coordination(nation.coordination, lever.leader_arrested, p.centralisation, p.replacement)


MECHANISM = Mechanism(
    title="Leaders who can be taken, and decentralisation",
    parameters={"movement.leadership": Leadership, "events.*.effects": Effects},
    switches=(
        Switch(
            "leadership",
            about="coordination hangs on leaders who can be taken",
            inputs=("leader_arrested", "hub_prosecuted"),
            zero=("centralisation",),
            without=(
                Ablation(
                    "sum:attending:2020-09-07..2020-12-18",
                    "rises",
                    because="Where all hangs on a few heads, arrests of leaders cost calls their reach; a "
                    "movement without a centre loses nothing.",
                    scenario="belarus-2020-centralised",
                ),
                Ablation(
                    "sum:attending:2020-09-07..2020-12-18",
                    "rises",
                    because="Arrests of leaders cost a movement coordination, as far as it hangs on them.",
                ),
            ),
        ),
    ),
    state={
        "nation": (Column("coordination", "f8", "share", "leadership left after arrests", first=1.0),),
    },
    pulses=("leader_arrested",),
    results=(
        Result(
            "coordination",
            FRACTION,
            SHARE,
            of="nation.coordination",
            combine="last",
            group=MOVEMENT,
            label="leadership left after arrests",
            short="leadership",
        ),
    ),
    claims=("mt-09", "mt-10", "lc-03", "lc-04", "tt-05", "tt-24", "tt-25"),
    seen=("coordination", "calls", "dispersion"),
)
