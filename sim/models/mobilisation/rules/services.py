"""Public services hollowed out by skimming. Switch: ``services``."""

from __future__ import annotations

from sim.core.jit import compiled


@compiled
def services(before: float, skimming: float, arrears: float, speed: float) -> float:
    """What is left of public services.

    S' = S + speed * ((1 - skimming) * (1 - arrears) - S)                            (11d)

    Source: class and media thread: services are free on paper and starved by those who skim them.

    skimming : float, 0..1, share of the money for services that is skimmed off
    arrears : float, 0..1, share of today's spending that is not paid
    """
    return before + speed * ((1.0 - skimming) * (1.0 - arrears) - before)


@compiled
def burden(services: float, weight: float) -> float:
    """How much harder life is without them, most for those whose life is hard already.

    b = 1 + weight * (1 - S);  hardship counts b-fold, at most 1 (5a)                (11e)
    """
    return 1.0 + weight * (1.0 - services)
