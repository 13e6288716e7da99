"""The world outside: outrage, and the sanctions that follow it."""

from __future__ import annotations

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import WORLD, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.typed import Lever, Nation, Parameters
from sim.models.results import FRACTION, LEVEL, Result
from sim.scenario.fields import Section, fraction, number


class Abroad(Section):
    """How the world outside reacts (model stage 13)."""

    framing: float = fraction("share of foreign attention that sees the movement as the people see it")
    violence_outrage: float = number("outrage abroad at full violence against the peaceful", "share", 0.0, 5.0)
    turnout_outrage: float = number("attention abroad to full turnout", "share", 0.0, 5.0)
    findings_outrage: float = number("outrage abroad at full findings on crimes", "share", 0.0, 5.0)
    tolerance: float = fraction("outrage that has no consequences")
    sanction_speed: float = number("share of the gap to what outrage demands closed a day", "1/day", 0.0, 1.0)


class Effects(Section):
    """What is done and found abroad."""

    sanctions: float = number("strength of foreign sanctions", "share", 0.0, 1.0, default=0.0)
    findings: float = number("weight of findings on crimes of the regime; they stay", "share", 0.0, 1.0, default=0.0)


@compiled
def outrage(
    violence: float,
    peaceful: float,
    turnout: float,
    findings: float,
    framing: float,
    of_violence: float,
    of_turnout: float,
    of_findings: float,
) -> float:
    """Outrage abroad, 0 to 1.

    w = min(1, framing * (o_v * V * peaceful + o_t * X) + o_f * findings)            (13h)

    Source: mobilisation thread on the international response; class and media thread on framing;
    article on Russia 2022 on crimes of war. Keck & Sikkink (1998), the boomerang.

    findings : float, 0..1, weight of what has been found on crimes of the regime
    framing : float, 0..1, share of foreign attention that sees the movement as its people do
    """
    return min(1.0, framing * (of_violence * violence * peaceful + of_turnout * turnout) + of_findings * findings)


@compiled
def sanctions(before: float, outrage: float, tolerance: float, speed: float) -> float:
    """Foreign sanctions: slow to come, slow to go.

    s' = s + speed * (max(w - tolerance, 0) - s)                                       (13i)

    Source: assumption: they follow outrage with a delay.

    In force is the larger of these and of what an event orders.
    """
    return before + speed * (max(outrage - tolerance, 0.0) - before)


@compiled
def impose(nation: Nation, lever: Lever) -> None:
    """Stage 1: sanctions in force, and what has been found on crimes."""
    nation.sanctions = max(nation.own_sanctions, lever.sanctions)
    nation.findings = max(nation.findings, lever.findings)


@compiled
def respond(nation: Nation, p: Parameters) -> None:
    """Stage 13: outrage, and the sanctions it brings."""
    nation.condemnation = outrage(
        nation.heard_violence, nation.peaceful, nation.heard_turnout, nation.findings, p.framing, p.violence_outrage,
        p.turnout_outrage, p.findings_outrage,
    )  # fmt: skip
    nation.own_sanctions = sanctions(nation.own_sanctions, nation.condemnation, p.tolerance, p.sanction_speed)


MECHANISM = Mechanism(
    title="How the world outside reacts",
    parameters={"world": Abroad, "events.*.effects": Effects},
    switches=(
        Switch(
            "international",
            about="the world outside reacts to what it sees",
            zero=("sanction_speed", "patron_wavering"),
            without=(
                Ablation(
                    "last:treasury", "rises", because="Outrage abroad brings sanctions, which cost the state revenue."
                ),
            ),
        ),
        Switch(
            "findings",
            about="findings on crimes weigh abroad",
            inputs=("findings",),
            zero=("findings_outrage",),
            without=(
                Ablation(
                    "last:sanctions",
                    "falls",
                    because="Outrage over what has been found brings sanctions.",
                    scenario="russia-2022",
                    given={"events.sanctions": None},
                ),
            ),
        ),
    ),
    state={
        "nation": (
            Column("sanctions", "f8", "share", "foreign sanctions today"),
            Column("own_sanctions", "f8", "share", "sanctions that outrage has brought, beside those of events"),
            Column("findings", "f8", "share", "weight of what has been found on crimes of the regime"),
            Column("condemnation", "f8", "share", "outrage abroad"),
        ),
    },
    results=(
        Result(
            "condemnation",
            FRACTION,
            LEVEL,
            of="nation.condemnation",
            combine="max",
            group=WORLD,
            label="outrage abroad",
        ),
        Result(
            "findings",
            FRACTION,
            LEVEL,
            of="nation.findings",
            combine="max",
            group=WORLD,
            label="weight of what has been found on crimes of the regime",
            short="findings",
        ),
        Result(
            "sanctions",
            FRACTION,
            LEVEL,
            of="nation.sanctions",
            combine="max",
            group=WORLD,
            label="foreign sanctions",
            short="sanctions",
            about="foreign sanctions in force: the larger of an event's and of those that outrage has brought",
        ),
    ),
    numbers=(
        Result(
            "peak_sanctions",
            FRACTION,
            LEVEL,
            of="sanctions",
            combine="max",
            label="heaviest foreign sanctions",
            short="heaviest sanctions",
            about="largest `sanctions` of a day",
        ),
    ),
    claims=("mt-22", "tt-14", "ru-11"),
    seen=("condemnation", "sanctions", "patron", "peak_sanctions", "findings"),
)
