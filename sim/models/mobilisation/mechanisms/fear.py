"""Fear: deterrence, and what takes it away."""

from __future__ import annotations

import numpy as np

from sim.core.jit import compiled
from sim.models.mobilisation.codes import Count
from sim.models.mobilisation.mechanism import FEELINGS, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.mechanisms.perception import remembered
from sim.models.mobilisation.typed import Array, Lever, Localities, Nation, Parameters
from sim.models.results import AMOUNT, Result
from sim.scenario.fields import Section, number

DETAINED, ATTENDING = int(Count.DETAINED), int(Count.ATTENDING)


class Fear(Section):
    """Rates of fear (model equations 4c and 4d)."""

    fear_gain: float = number("fear gained a day at full risk", "1/day", 0.0, 1.0)
    fear_decay: float = number("share of fear lost a day", "1/day", 0.0, 1.0)
    fear_cap: float = number("most fear there can be", "SD", 0.0, 5.0)
    fear_of_risk: float = number("how strongly the local chance of arrest is felt", "factor", 0.0, 50.0)
    fear_of_violence: float = number("how strongly violence one hears of frightens", "factor", 0.0, 2.0)
    fear_of_prison: float = number("how strongly a law that threatens prison frightens", "factor", 0.0, 2.0)
    company_relief: float = number("faster loss of fear in company of acting neighbours", "factor", 0.0, 20.0)
    aid_relief: float = number("faster loss of fear where aid is given", "factor", 0.0, 5.0)
    defection_relief: float = number("faster loss of fear where police defect", "factor", 0.0, 5.0)


class Effects(Section):
    """What events do to fear."""

    prison_threat: float = number("threat of prison by a new law or campaign", "share", 0.0, 1.0, default=0.0)


@compiled
def risk_seen(
    local_risk: float, violence: float, prison_threat: float, of_risk: float, of_violence: float, of_prison: float
) -> float:
    """Danger as it is felt, 0 to 1.

    s = min(1, of_risk * R + of_violence * V + of_prison * threat)                   (4c)

    Source: assumption: dangers add up.

    local_risk : float, 0..1, remembered chance of detention of those who attend in one's locality
    """
    return min(1.0, of_risk * local_risk + of_violence * violence + of_prison * prison_threat)


@compiled
def fear(
    before: float,
    risk: float,
    aid: float,
    company: float,
    defections: float,
    gain: float,
    decay: float,
    aid_relief: float,
    company_relief: float,
    defection_relief: float,
    cap: float,
) -> float:
    """Fear grows with danger and fades, faster in company.

    f' = clip(f + gain * s * (cap - f) - min(1, decay * (1 + aid_relief * aid + company_relief * N
         + defection_relief * D)) * f, 0, cap)                                       (4d)

    Source: Epstein (2002) for the deterrent; mobilisation thread for aid and defections that give courage.
    """
    relief = decay * (1.0 + aid_relief * aid + company_relief * company + defection_relief * defections)
    after = before + gain * risk * (cap - before) - min(relief, 1.0) * before
    return min(max(after, 0.0), cap)


@compiled
def local_risk(detained: float, crowd: float) -> float:
    """Yesterday's share of detained among those who came, in one place.

    R = detained / n  (0 if nobody came); it is kept in mind by (3b)                 (3i)

    Source: Epstein (2002): those who act look at the ratio of arrests to actives around them.

    detained, crowd : float, of one locality
    """
    return detained / crowd if crowd > 0.0 else 0.0


@compiled
def threaten(nation: Nation, lever: Lever) -> None:
    """Stage 1: the threat of prison by a law or campaign."""
    nation.prison_threat = lever.prison_threat


@compiled
def remember(localities: Localities, p: Parameters) -> None:
    """Stage 3: the risk of detention that each place has in mind this morning."""
    for place in range(localities.size.size):
        risk = local_risk(localities.count[place, DETAINED], localities.count[place, ATTENDING])
        localities.risk[place] = remembered(risk, localities.risk[place], p.violence_memory)


@compiled
def feel(
    own: Array, violence: Array, near: Array, heard: Array, risk: Array, aid: Array, nation: Nation, p: Parameters
) -> None:
    """Stage 4: fear."""
    of_risk, of_violence, of_prison = p.fear_of_risk, p.fear_of_violence, p.fear_of_prison
    threat, defection = nation.prison_threat, nation.heard_defection
    gain, decay, cap = p.fear_gain, p.fear_decay, p.fear_cap
    by_aid, by_company, by_defection = p.aid_relief, p.company_relief, p.defection_relief
    for j in range(own.size):
        danger = risk_seen(risk[j], violence[j], threat, of_risk, of_violence, of_prison)
        own[j] = fear(
            np.float64(own[j]), danger, aid[j], near[j], heard[j] * defection, gain, decay, by_aid, by_company,
            by_defection, cap,
        )  # fmt: skip


MECHANISM = Mechanism(
    title="Repression that deters",
    parameters={"people.emotion": Fear, "events.*.effects": Effects},
    switches=(
        Switch(
            "deterrence",
            about="violence and risk frighten",
            zero=("fear_gain",),
            without=(Ablation("person_days_of_protest", "rises", because="Fear keeps people at home."),),
        ),
        Switch(
            "prison_threat",
            about="the threat of prison frightens",
            inputs=("prison_threat",),
            zero=("fear_of_prison",),
            without=(
                Ablation(
                    "person_days_of_protest",
                    "rises",
                    because="A law that threatens years in prison frightens people off the street.",
                    scenario="russia-2022",
                ),
            ),
        ),
    ),
    state={
        "citizens": (Column("fear", "f4", "SD", "fear"),),
        "localities": (Column("risk", "f8", "share", "remembered chance of detention of those who attend"),),
        "nation": (
            Column("prison_threat", "f8", "share", "threat of prison by law or campaign"),
            Column("mean_fear", "f8", "SD", "mean fear of citizens"),
        ),
    },
    results=(
        Result(
            "fear",
            "SD",
            AMOUNT,
            of="nation.mean_fear",
            combine="max",
            group=FEELINGS,
            main=True,
            label="mean fear",
            short="fear",
        ),
    ),
    claims=("mt-03", "mt-04", "mt-05", "tt-16", "tt-17", "tt-18", "ru-01", "ru-02", "ru-04"),
    seen=("fear", "anger", "vigils", "detained_today", "injured_today", "in_detention", "effective_localities"),
)
