"""Vigils: kin and friends of prisoners are moved and stand at the gates, and others see them stand there."""

from __future__ import annotations

from sim.core.jit import compiled
from sim.models.mobilisation.mechanism import Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.mechanisms.perception import log_scale
from sim.models.mobilisation.typed import Array, Localities, Parameters, Rows, TacticRow
from sim.scenario.fields import Section, fraction, number


class Motive(Section):
    """Motive of those whose kin or friends are in detention, and of those who see them."""

    kin_weight: float = number("motive of those whose kin are in detention", "SD", 0.0, 5.0)
    friend_reach: float = number(
        "friends among the neighbours who are as good as kin at the prison gates", "persons", 0.0, 50.0
    )
    onlooker_weight: float = number("motive of others in a place with as large a vigil as can be seen", "SD", 0.0, 5.0)


class Felt(Section):
    """Violence felt through kin."""

    kin_violence: float = fraction("violence felt when kin or friends are in detention")


@compiled
def closeness(held: float, friends: float) -> float:
    """Chance that one of those held is a friend, where it is no kin.

    q = min(1, friends * d)                                                          (3m)

    Source: mothers, the elderly and friends cry outside the prisons (mobilisation thread).

    held : float, 0..1, share of the neighbourhood in detention (d)
    """
    return min(1.0, friends * held)


@compiled
def kin_motive(close: float, weight: float) -> float:
    """Motive of one whose kin or friends are in detention.

    m_K = w_K * q                                                                    (5n)

    Source: kin and friends at the prison gates (mobilisation thread).

    close : float, 0..1, 1 with kin in detention, otherwise equation 3m (q)
    """
    return weight * close


@compiled
def onlooker_motive(vigil: float, close: float, weight: float) -> float:
    """Motive of one who sees others wait at the prison gates, and waits for nobody.

    m_V = w_V * v * (1 - q)                                                          (5t)

    Source: what is seen outside the prisons is heart-rending and mobilises (mobilisation thread).

    vigil : float, 0..1, yesterday's vigils in the own place, in persons on a logarithmic scale, equation 3a (v)
    """
    return weight * vigil * (1.0 - close)


@compiled
def know(
    family: Array, held: Array, homes_held: Array, kin_held: Array, kin_first: Array, sizes: Array, first_home: int,
    last_home: int, kin_group: int, friends: float,
) -> None:  # fmt: skip
    """Stage 3: 1 for each citizen with kin in detention, the chance that a friend is for all others.

    In nearly all neighbourhoods nobody is held.

    held : array of float64, shape (citizens of the chunk,), filled with the share of each one's neighbourhood that is
    """
    held[:] = 0.0
    family[:] = closeness(0.0, friends)
    begin = 0
    for home in range(first_home, last_home):
        if homes_held[home] > 0:
            share = homes_held[home] / sizes[home]
            friend = closeness(share, friends)
            for j in range(sizes[home]):
                held[begin + j] = share
                family[begin + j] = 1.0 if kin_held[kin_first[home] + j // kin_group] > 0 else friend
        begin += sizes[home]


@compiled
def see(localities: Localities, tactic_rows: Rows[TacticRow], p: Parameters) -> None:
    """Stage 3: yesterday's vigils as each place has seen them."""
    for place in range(localities.size.size):
        waiting = 0
        for tactic in range(tactic_rows.size):
            if tactic_rows[tactic].vigil > 0.0:
                waiting += localities.crowd[place, tactic]
        seen = waiting * p.persons_per_agent * localities.seen[place]
        localities.vigil[place] = log_scale(seen, p.crowd_low, p.crowd_high)


@compiled
def move(motive: Array, family: Array, vigil: Array, kin_weight: float, onlooker_weight: float) -> None:
    """Stage 5: those whose kin or friends are held are moved, and those who see them."""
    for j in range(motive.size):
        motive[j] += kin_motive(family[j], kin_weight) + onlooker_motive(vigil[j], family[j], onlooker_weight)


MECHANISM = Mechanism(
    title="Vigils of the kin of prisoners",
    parameters={"people.motive": Motive, "information": Felt},
    switches=(
        Switch(
            "vigils",
            about="kin and friends of prisoners are moved, and hold vigils that others see",
            zero=("kin_weight", "kin_violence", "friend_reach", "onlooker_weight"),
            without=(
                Ablation(
                    "ever_protested",
                    "falls",
                    because="Those whose kin are held are moved themselves, and stand at the gates.",
                ),
            ),
        ),
        Switch(
            "onlookers",
            about="those who see vigils are moved",
            zero=("onlooker_weight",),
            without=(
                Ablation(
                    "person_days_of_protest",
                    "falls",
                    because="To see mothers wait at the gates moves those who wait for nobody.",
                ),
            ),
        ),
        Switch(
            "friends",
            about="friends of prisoners are moved as kin are",
            zero=("friend_reach",),
            without=(
                Ablation(
                    "sum:vigils",
                    "falls",
                    because="Each prisoner has more friends than kin who will wait for him.",
                    given={"run.persons_per_agent": 100},  # in agents of 400 a neighbourhood is one kin group
                ),
            ),
        ),
    ),
    state={
        "localities": (Column("vigil", "f8", "0..1", "yesterday's vigils as they are seen, on a logarithmic scale"),)
    },
    motive=(kin_motive, onlooker_motive),
    claims=("mt-03", "mt-04", "mt-05", "tt-16", "tt-17", "tt-18"),
    seen=("fear", "anger", "vigils", "detained_today", "injured_today"),
)
