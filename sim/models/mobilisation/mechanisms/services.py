"""Public services hollowed out by skimming, which make life harder."""

from __future__ import annotations

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import REGIME, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.typed import Nation, Parameters
from sim.models.results import FRACTION, LEVEL, Result
from sim.scenario.fields import Section, fraction, number


class Services(Section):
    """Public services, and what is skimmed off them."""

    skimming: float = fraction("share of the money for public services that is skimmed off")
    services_start: float = fraction("what is left on the first day of the services that are paid for")
    epidemic_load: float = fraction("share of public services that a full epidemic takes up")
    service_speed: float = number("share of the gap to what is paid for closed a day", "1/day", 0.0, 1.0)
    service_weight: float = number("how much harder life is without any public services", "factor", 0.0, 5.0)


@compiled
def services(
    before: float, skimming: float, arrears: float, contraction: float, epidemic: float, load: float, speed: float
) -> float:
    """What is left of public services. They answer slowly, so arrears tell by how long they last.

    S' = S + speed * ((1 - skimming) * (1 - arrears) * (1 - c) * (1 - load * epidemic) - S)    (11d)

    Source: class and media thread: services are free on paper and starved by those who skim them;
    travelling-tactics report: an epidemic that the state neglects.

    skimming : float, 0..1, share of the money for services that is skimmed off
    arrears : float, 0..1, share of today's spending that is not paid
    contraction : float, 0..1, share of revenue that is gone for good, and budgets with it (c)
    """
    paid_for = (1.0 - skimming) * (1.0 - arrears) * (1.0 - contraction) * (1.0 - load * epidemic)
    return before + speed * (paid_for - before)


@compiled
def burden(services: float, weight: float) -> float:
    """How much harder life is without them, most for those whose life is hard already.

    b = 1 + weight * (1 - S);  hardship counts b-fold, at most 1 (5a)                (11e)

    Source: class and media thread, as 11d; the form is assumed.
    """
    return 1.0 + weight * (1.0 - services)


@compiled
def weigh(nation: Nation, p: Parameters) -> None:
    """Stage 1: how much harder life is without what is missing."""
    nation.burden = burden(nation.services, p.service_weight)


@compiled
def starve(nation: Nation, p: Parameters) -> None:
    """Stage 11: what is left of services."""
    nation.services = services(
        nation.services, p.skimming, nation.arrears, nation.contraction, nation.epidemic, p.epidemic_load,
        p.service_speed,
    )  # fmt: skip


MECHANISM = Mechanism(
    title="Public services and what is skimmed off them",
    parameters={"economy.services": Services},
    switches=(
        Switch(
            "services",
            about="public services hollowed out by skimming make life harder",
            zero=("service_weight",),
            without=(
                Ablation(
                    "ever_protested",
                    "falls",
                    because="Starved services make a hard life harder, and hardship is grievance.",
                ),
            ),
        ),
    ),
    state={
        "nation": (
            Column("burden", "f8", "factor", "how much harder life is without public services"),
            Column(
                "services",
                "f8",
                "share",
                "what is left of public services",
                first=lambda p: p["services_start"] * (1.0 - p["skimming"]),
            ),
        ),
    },
    results=(
        Result(
            "services",
            FRACTION,
            LEVEL,
            of="nation.services",
            combine="last",
            group=REGIME,
            label="what is left of public services",
            short="services left",
        ),
    ),
    claims=("cm-02", "cm-03", "cm-04", "cm-05", "cm-06"),
    seen=("services",),
)
