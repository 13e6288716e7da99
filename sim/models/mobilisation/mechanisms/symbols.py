"""Symbols: acts of disloyalty are heard of and give heart."""

from __future__ import annotations

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import FEELINGS, Ablation, Column, Mechanism, Switch, rising
from sim.models.mobilisation.mechanisms.perception import log_scale, remembered
from sim.models.mobilisation.typed import Array, Nation, Parameters
from sim.models.results import FRACTION, LEVEL, Result
from sim.scenario.fields import Section, fraction, number


class News(Section):
    """How acts of disloyalty are heard (model stage 3)."""

    criticism_weight: float = number("an officer's public criticism in news of defections", "resignations", 0.0, 100.0)
    resignation_weight: float = number("a resignation in news of defections", "resignations", 0.0, 100.0)
    switching_weight: float = number("an officer who changes sides in news of defections", "resignations", 0.0, 100.0)
    base_weight: float = number(
        "share of the loyal base on strike in news of defections", "share of officers", 0.0, 1.0
    )
    refusal_weight: float = number("an officer who stands aside in news of defections", "resignations", 0.0, 100.0)
    break_weight: float = number("all elites breaking in public in news of defections", "share of officers", 0.0, 1.0)
    act_weight: float = number("an institution that acts in news of defections", "share of officers", 0.0, 1.0)
    concession_weight: float = number("conceding everything in news of defections", "share of officers", 0.0, 1.0)
    defection_low: float = fraction("share of officers defecting that is just noticed")
    defection_high: float = fraction("share of officers defecting that cannot seem larger")
    defection_memory: float = number("share of a defection's news still in mind a day later", "1/day", 0.0, 1.0)


class Motive(Section):
    """Weight of defections one hears of."""

    defection_weight: float = number("weight of visible defections", "SD", 0.0, 5.0)


@compiled
def disloyalty(
    critics: float,
    resigned: float,
    switched: float,
    officers: float,
    base_striking: float,
    refused: float,
    breaks: float,
    acts: float,
    conceded: float,
    criticism_weight: float,
    resignation_weight: float,
    switching_weight: float,
    base_weight: float,
    refusal_weight: float,
    break_weight: float,
    act_weight: float,
    concession_weight: float,
) -> float:
    """Today's signs that the regime gives way, as news: acts of officers by their weight as a symbol, and others'.

    d = (w_c * critics + w_r * resigned + w_s * switched + w_u * refused) / officers
        + w_b * base + w_e * breaks + w_i * acts + w_k * conceded                    (3g)

    Source: mobilisation thread: first defections are symbols; travelling-tactics report: uniforms thrown away
    before a camera, and walk-outs where the ruler was thought safest. That a split of elites encourages protest is
    Tarrow's (1998) open window; that concessions do, Leuschner & Hellmeier's (2024).

    refused : float, agents of the police who stood aside
    breaks : float, 0..1, elites who broke in public
    acts : float, institutions that acted
    conceded : float, 0..1
    """
    symbols = criticism_weight * critics + resignation_weight * resigned + switching_weight * switched
    symbols += refusal_weight * refused
    heard = (symbols / officers if officers > 0.0 else 0.0) + base_weight * base_striking
    return heard + break_weight * breaks + act_weight * acts + concession_weight * conceded


@compiled
def defection_motive(heard: float, defections: float, weight: float) -> float:
    """Motive of one who hears of defections.

    m_D = w_D * D * h                                                                (5j)

    Source: mobilisation thread: the first who leave are symbols; Lohmann (1994), public signals.

    heard : float, 0..1, how much of the news the citizen hears, equation 3c
    """
    return weight * defections * heard


@compiled
def hear(nation: Nation, p: Parameters) -> None:
    """Stage 3: yesterday's acts of disloyalty as they are heard of this morning."""
    acts = disloyalty(
        nation.new_critics, nation.new_resigned, nation.new_switched, nation.officers, nation.base_striking,
        nation.aside_today / p.officers_per_agent, nation.new_breaks, nation.acts, nation.conceded_today,
        p.criticism_weight, p.resignation_weight, p.switching_weight, p.base_weight, p.refusal_weight, p.break_weight,
        p.act_weight, p.concession_weight,
    )  # fmt: skip
    nation.remembered_defection = remembered(acts, nation.remembered_defection, p.defection_memory)
    nation.heard_defection = log_scale(nation.remembered_defection, p.defection_low, p.defection_high)


@compiled
def move(motive: Array, heard: Array, defections: float, weight: float) -> None:
    """Stage 5: news of defections moves those who hear it."""
    for j in range(motive.size):
        motive[j] += defection_motive(heard[j], defections, weight)


MECHANISM = Mechanism(
    title="Defections as symbols, seen by many",
    checks=(rising("information", "defection_low", "defection_high"),),
    parameters={"information": News, "people.motive": Motive},
    switches=(
        Switch(
            "symbols",
            about="acts of disloyalty are heard of and move people",
            zero=(
                "criticism_weight",
                "resignation_weight",
                "switching_weight",
                "base_weight",
                "refusal_weight",
                "break_weight",
                "act_weight",
                "concession_weight",
            ),
            without=(
                Ablation(
                    "person_days_of_protest", "falls", because="An act of disloyalty that is heard of gives heart."
                ),
            ),
        ),
        Switch(
            "loyal_base",
            about="walk-outs of the loyal base are a symbol, and silence state media",
            zero=("base_weight", "silence_possible"),
            without=(
                Ablation(
                    "person_days_of_protest",
                    "falls",
                    because="A walk-out where the ruler was thought safest is a symbol, and a silent "
                    "broadcaster keeps no news back.",
                ),
            ),
        ),
    ),
    state={
        "nation": (
            Column(
                "remembered_defection", "f8", "resignations per officer", "acts of disloyalty still in mind, by weight"
            ),
            Column("heard_defection", "f8", "0..1", "defection as it is heard, on a logarithmic scale"),
        ),
    },
    results=(
        Result(
            "heard_defection",
            FRACTION,
            LEVEL,
            of="nation.heard_defection",
            combine="max",
            group=FEELINGS,
            label="defection as it is heard",
            short="defection heard",
            about="defection as it was heard this morning, on a logarithmic scale",
        ),
    ),
    motive=(defection_motive,),
    claims=("mt-14", "mt-15", "mt-16", "tt-23", "tt-21", "tt-22"),
    seen=(
        "police_criticising",
        "police_resigned",
        "police_switched",
        "police_shirking_regular",
        "police_defected_regular",
        "heard_defection",
        "police_defected",
        "loyal_base_striking",
        "censorship",
        "striking_class_industry",
        "striking_class_broadcasting",
    ),
)
