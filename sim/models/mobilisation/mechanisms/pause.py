"""The pause: a movement that calls its action off for a while, to regroup."""

from __future__ import annotations

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.typed import Lever, Nation, Parameters
from sim.scenario.fields import Section, number


class Effects(Section):
    """What is called off."""

    pause: float = number("share of action called off to regroup", "share", 0.0, 1.0, default=0.0)


@compiled
def rest(nation: Nation, p: Parameters, lever: Lever) -> None:
    """Stage 1: how much of today's action is called off to regroup."""
    nation.pause = p.pause_possible * lever.pause


MECHANISM = Mechanism(
    title="The pause to regroup",
    parameters={"events.*.effects": Effects},
    switches=(
        Switch(
            "pause",
            about="the movement can pause to regroup",
            inputs=("pause",),
            zero=("pause_possible",),
            without=(
                Ablation(
                    "mean:fatigue:2020-09-07..2020-09-13",
                    "rises",
                    because="Those who pause rest.",
                    scenario="belarus-2020-pause",
                ),
                Ablation(
                    "sum:attending:2020-09-07..2020-10-31",
                    "open",
                    because="Rest brings people back, and momentum is lost; the documents disagree on which is larger.",
                    scenario="belarus-2020-pause",
                ),
            ),
        ),
    ),
    state={
        "nation": (Column("pause", "f8", "share", "share of action called off today"),),
    },
    claims=("cm-31", "cm-32", "cm-33"),
    seen=("fatigue", "legitimacy", "attending"),
)
