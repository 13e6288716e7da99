"""Aid: what engaged non-protesters give."""

from __future__ import annotations

from sim.core.jit import compiled
from sim.models.mobilisation.codes import Community, Count
from sim.models.mobilisation.mechanism import MOVEMENT, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.sums import counted
from sim.models.mobilisation.typed import Localities, Nation, Neighbourhoods, Parameters
from sim.models.results import AMOUNT, Result
from sim.scenario.fields import Section, fraction, number

ENGAGED, ATTENDING, STRIKING, HELD, FREED = (
    int(c) for c in (Count.ENGAGED, Count.ATTENDING, Count.STRIKING, Count.IN_DETENTION, Count.RELEASED)
)
NO_COMMUNITY = int(Community.NONE)


class Aid(Section):
    """What engaged non-protesters give (model stage 9)."""

    aid_effort: float = number("persons one engaged non-protester can help a day", "persons", 0.0, 10.0)
    prisoner_need: float = number("need of a prisoner or a striker relative to a protester", "factor", 0.0, 10.0)
    donation: float = number("given to strike funds by an engaged non-protester a day", "days of income", 0.0, 1.0)
    shelter: float = fraction("share of detentions that full aid prevents: doors that open to those who run")


class Lift(Section):
    """What communities add to aid."""

    aid_lift: float = number("extra aid given inside communities", "factor", 0.0, 10.0)


class Motive(Section):
    """What it takes to help (model equation 5e)."""

    engaged_band: float = number("how much less moves a person to help than to protest", "SD", 0.0, 3.0)
    engaged_fear: float = fraction("share of fear that also keeps people from helping")


@compiled
def aid(engaged: float, effort: float, community_share: float, lift: float, need: float) -> float:
    """Share of needs met in a locality.

    supply = effort * engaged * (1 + lift * communities);  aid = supply / (supply + need)     (9a)

    Source: mobilisation thread (food, water, lifts home, flowers); local-chats note (mutual aid).

    engaged, need : float, persons
    community_share : float, 0..1, share of neighbourhoods with a community
    """
    supply = effort * engaged * (1.0 + lift * community_share)
    if supply <= 0.0:
        return 0.0
    return supply / (supply + need)


@compiled
def sheltered(chance: float, aid: float, shelter: float) -> float:
    """Chance of detention where doors open to those who run.

    P' = P * (1 - shelter * aid)                                                     (9c)

    Source: mobilisation thread on what engaged non-protesters do for those in the street.
    """
    return chance * (1.0 - shelter * aid)


@compiled
def fund(before: float, donations: float, strikers: float, pay_share: float) -> tuple[float, float]:
    """The strike fund after a day's donations and pay, and the share of lost income that it pays.

    pay = min(pay_share, (F + donations) / strikers);  F' = max(F + donations - pay * strikers, 0)     (9b)

    Source: accounting identity.

    All in agents' daily incomes.
    """
    full = before + donations
    if strikers <= 0.0:
        return full, pay_share
    pay = min(pay_share, full / strikers)
    return max(full - pay * strikers, 0.0), pay


@compiled
def need(attending: float, prisoners: float, strikers: float, weight: float) -> float:
    """Persons in a locality who need help, in protesters.

    n = attending + w * (prisoners + strikers)                                       (9d)

    Source: mobilisation thread (food and water in the street, parcels for prisoners, money for strikers).

    prisoners : float, those held and those released today
    """
    return attending + weight * (prisoners + strikers)


@compiled
def help_out(neighbourhoods: Neighbourhoods, localities: Localities, nation: Nation, p: Parameters) -> None:
    """Stage 9: aid in each locality, and the strike fund."""
    joined = localities.aid * 0.0
    homes = localities.aid * 0.0
    for home in range(neighbourhoods.size.size):
        place = neighbourhoods.locality[home]
        homes[place] += 1.0
        if neighbourhoods.community[home] != NO_COMMUNITY:
            joined[place] += 1.0
    for place in range(localities.size.size):
        count = localities.count[place]
        needed = need(count[ATTENDING], count[FREED] + count[HELD], count[STRIKING], p.prisoner_need)
        localities.aid[place] = aid(count[ENGAGED], p.aid_effort, joined[place] / homes[place], p.aid_lift, needed)
    giving, striking = counted(localities, ENGAGED), counted(localities, STRIKING)
    nation.strike_fund, nation.strike_pay = fund(nation.strike_fund, p.donation * giving, striking, p.strike_pay)


MECHANISM = Mechanism(
    title="Engaged non-protesters, and who crosses over",
    parameters={"movement.aid": Aid, "movement.communities": Lift, "people.motive": Motive},
    switches=(
        Switch(
            "engaged",
            about="there are engaged non-protesters, who give aid",
            zero=("engaged_possible", "engaged_band", "aid_effort", "donation", "commitment_engaged"),
            without=(
                Ablation(
                    "person_days_of_protest",
                    "falls",
                    because="Help takes away fear and feeds strike funds, and helping leads to protest.",
                ),
            ),
        ),
        Switch(
            "mutual_aid",
            about="communities give more aid",
            zero=("aid_lift",),
            without=(
                Ablation("mean:fear:2020-09-01..2020-12-18", "rises", because="Help from next door takes away fear."),
            ),
        ),
        Switch(
            "shelter",
            about="engaged non-protesters hide those who run",
            zero=("shelter",),
            without=(
                Ablation(
                    "sum:detained_today / sum:attending",
                    "rises",
                    because="Doors that open to those who run keep them from being taken.",
                ),
            ),
        ),
    ),
    state={
        "localities": (Column("aid", "f8", "share", "share of needs met by engaged non-protesters"),),
        "nation": (
            Column("strike_fund", "f8", "days of income", "money in strike funds, in agents' daily incomes"),
            Column("strike_pay", "f8", "share", "share of a striker's lost income that the fund replaces today"),
        ),
    },
    results=(
        Result(
            "strike_fund",
            "days of income of an agent",
            AMOUNT,
            of="nation.strike_fund",
            combine="max",
            group=MOVEMENT,
            label="money in strike funds",
            short="strike funds",
        ),
    ),
    claims=("mt-11", "mt-12", "mt-13", "lc-10", "lc-11", "lc-12"),
    seen=(
        "engaged",
        "crossed_today",
        "crossed",
        "strike_fund",
        "fear",
        "community_trust",
        "attending_tactic_courtyard_gathering",
    ),
)
