"""Media: whom one trusts, and what state television keeps back."""

from __future__ import annotations

from sim.core.jit import compiled
from sim.models.mobilisation.codes import Media
from sim.models.mobilisation.mechanism import FEELINGS, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.typed import Array, CampRow, Nation, Parameters, Rows
from sim.models.results import FRACTION, SHARE, Result
from sim.scenario.fields import Section, fraction

STATE_TV = int(Media.STATE_TV)


class Censorship(Section):
    """What state television keeps back (model stage 3)."""

    censorship: float = fraction("share of the news that state television keeps from its viewers")


@compiled
def trusted(trust: float, possible: float) -> float:
    """How far a medium reaches the mind of a camp that trusts it so much.

    t = 1 - possible * (1 - trust)                                                   (3e)

    Source: thread on class and media: the opposition's people believe no state medium, and their own readily.

    possible : 1.0, or 0.0 when differences of trust are switched off
    """
    return 1.0 - possible * (1.0 - trust)


@compiled
def broadcasting(censorship: float, cyber: float, silent: float) -> float:
    """Share of the news that state television keeps from those who believe it.

    s = censorship * (1 - cyber) * (1 - silent)                                      (3f)

    Source: travelling-tactics report on broadcasters who stopped work; article on Russia 2022 on attacked sites.

    cyber : float, 0..1, damage to the state's computers
    silent : float, 0..1, share of broadcasters on strike
    """
    return censorship * (1.0 - cyber) * (1.0 - silent)


@compiled
def broadcast(nation: Nation, p: Parameters) -> None:
    """Stage 2: how much of the news state television keeps back today."""
    nation.censorship = broadcasting(p.censorship, nation.cyber, p.silence_possible * nation.silent)


@compiled
def trust(of_state: Array, of_hub: Array, camps: Rows[CampRow], possible: float) -> None:
    """Stage 3: how far state television and the hub reach the minds of each camp."""
    for camp in range(camps.size):
        of_state[camp] = trusted(camps[camp].trust_state_media, possible)
        of_hub[camp] = trusted(camps[camp].trust_opposition_media, possible)


@compiled
def watch(television: Array, media: Array, camp_of: Array, of_state: Array) -> None:
    """Stage 3: how far state television reaches the mind of each citizen; 0 for those who do not watch it."""
    for j in range(television.size):
        believed = of_state[camp_of[j]]  # read for everybody, so that nothing is guessed citizen by citizen
        television[j] = believed if media[j] & STATE_TV else 0.0


MECHANISM = Mechanism(
    title="Trust in state and opposition media by camp",
    parameters={"information": Censorship},
    switches=(
        Switch(
            "media_trust",
            about="media reach a camp as far as it trusts them",
            zero=("distrust_possible",),
            without=(
                Ablation(
                    "sum:attending_camp_regime / sum:attending",
                    "rises",
                    because="Those who believe no opposition outlet hear little through it; if all believed "
                    "it alike, camps would differ less.",
                ),
            ),
        ),
    ),
    state={
        "nation": (Column("censorship", "f8", "share", "share of the news that state television keeps back today"),),
    },
    results=(
        Result(
            "censorship",
            FRACTION,
            SHARE,
            of="nation.censorship",
            combine="max",
            group=FEELINGS,
            label="share of the news that state television keeps back",
            short="censorship",
            about="share of the news that state television keeps from those who believe it",
        ),
    ),
    claims=("cm-14", "cm-15", "cm-16", "cm-17", "cm-18", "cm-19", "cm-21"),
    seen=("censorship", "attending_camp_regime", "attending_camp_protest"),
)
