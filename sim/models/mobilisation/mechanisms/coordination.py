"""Coordination: elites and commanders who break with the ruler if they expect enough others to."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from sim.core.errors import FieldError, shown
from sim.core.jit import compiled
from sim.core.normals import normal_pair
from sim.core.rng import drawn
from sim.models.mobilisation.codes import Count, Stance
from sim.models.mobilisation.mechanism import REGIME, Ablation, Column, Mechanism, Switch
from sim.models.mobilisation.mechanisms.perception import remembered
from sim.models.mobilisation.sums import counted
from sim.models.mobilisation.typed import Array, Elites, ForceRow, Kinds, Localities, Nation, Parameters, Rows
from sim.models.results import AMOUNT, COUNT, FRACTION, LEVEL, SHARE, Result
from sim.scenario.fields import Section, fraction, number

RUMOUR = 45
ATTENDING = int(Count.ATTENDING)
SUPPORT, PRIVATE, PUBLIC = int(Stance.SUPPORT), int(Stance.PRIVATE), int(Stance.OPPOSED)
MEMBERS = ("members", "leaning", "breaking", "broken")
"""Members of the elite, and where those stand who are not for the ruler: columns of the table of kinds, as recorded."""
STEPS = 50
"""Steps at most towards the equilibrium; four are usual."""
CLOSE = 1e-9
"""Share of elites below which a step is the last."""


class Coordination(Section):
    """When elites break with the ruler (model stage 12)."""

    strength: float = number("share of elites whose break would bring an untroubled regime down", "share", -1.0, 3.0)
    strength_patron: float = number("what a patron's full backing adds to that", "share", 0.0, 2.0)
    strength_coercion: float = number("what is lost when no order is obeyed", "share", 0.0, 3.0)
    strength_streets: float = number("what is lost when the capital's streets are lost", "share", 0.0, 3.0)
    strength_strikes: float = number("what is lost when nothing is produced", "share", 0.0, 3.0)
    strength_arrears: float = number("what is lost when no pay is paid", "share", 0.0, 3.0)
    strength_dissent: float = number("what is lost when all others have broken", "share", 0.0, 3.0)
    private_noise: float = number("standard deviation of what each knows of the regime's strength", "share", 0.01, 2.0)
    public_noise: float = number("standard deviation of what all hear of it", "share", 0.01, 5.0)
    rumour_memory: float = fraction("share of a day's rumour that is left on the next")
    break_cost: float = number("cost of breaking that weighs on everybody", "SD", -5.0, 5.0)
    punishment: float = number("what a break costs while all orders are obeyed", "SD", 0.0, 5.0)
    silence_days: float = number("mean days between a private break and a public one", "days", 0.0, 1000.0)


class Streets(Section):
    """What it takes to lose the capital's streets."""

    hold: float = number("people in action that an officer of crowd-control strength 1 can hold", "persons", 0.1, 1e4)
    street_memory: float = fraction("share of lost streets that is kept in mind each day")


@compiled
def lost_streets(crowd: float, strength: float, hold: float) -> float:
    """How far a place's streets are lost to those who hold it.

    O = N / (N + h * K)                                                              (12e)

    Source: capacity is local (Herbst 2000 on control of the capital; Johnson and Thyne 2018 on protest near it); the
    form is assumed.

    crowd : float, persons (N)
    strength : float, officers there or within reach, weighted by crowd-control strength (K)
    """
    return crowd / (crowd + hold * strength) if crowd > 0.0 else 0.0


@compiled
def strength(
    patron: float,
    coercion: float,
    streets: float,
    output_lost: float,
    arrears: float,
    dissent: float,
    base: float,
    by_patron: float,
    by_coercion: float,
    by_streets: float,
    by_strikes: float,
    by_arrears: float,
    by_dissent: float,
) -> float:
    """Strength of the regime: the share of elites who would have to break to bring it down.

    s = s_0 + s_p * P - s_c * (1 - E) - s_o * O - s_l * strikes - s_a * arrears - s_d * dissent          (12f)

    Source: the state of fundamentals in a global game of regime change (Morris & Shin 2003); what it consists of:
    Nepstad (2013), Wintrobe (1998), Casper & Tyson (2014).

    patron, coercion, streets, output_lost, arrears, dissent : float, 0..1
    """
    left = base + by_patron * patron - by_coercion * (1.0 - coercion) - by_streets * streets
    return left - by_strikes * output_lost - by_arrears * arrears - by_dissent * dissent


@compiled
def normal_share(z: float) -> float:
    """The standard normal distribution function."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


@compiled
def rumour(before: float, normal: float, memory: float) -> float:
    """What all hear beside the truth, in standard deviations: one number a day for the whole country.

    e' = m * e + sqrt(1 - m^2) * z                                                   (12g)

    Source: assumption; a leaked quarrel, a death that everybody knows of, a rumour.
    """
    return memory * before + math.sqrt(1.0 - memory * memory) * normal


@compiled
def cost(preference: float, coercion: float, base: float, punishment: float) -> float:
    """Cost of breaking against what is gained by it, as a normal deviate: one breaks if sure to Phi(k) of the fall.

    k = b + q + punishment * E                                                       (12h)

    Source: Morris & Shin (2003), c = Phi(k); rents and punishment as in Kuran (1991).

    preference : float, SD, private preference (q)
    coercion : float, 0..1, share of orders that are obeyed (E)
    """
    return base + preference + punishment * coercion


@compiled
def breaking_point(critical: float, public: float, cost: float, alpha: float, beta: float) -> float:
    """Private signal below which a member of the elite breaks.

    x* = ((alpha + beta) * s* - alpha * y - sqrt(alpha + beta) * k) / beta           (12i)

    Source: Morris & Shin (2003): who sees x* holds the fall for exactly as likely as the break is costly.

    critical : float, strength below which the regime would fall (s*)
    public : float, public signal of its strength (y)
    alpha, beta : float, precision of the public and of the private signal
    """
    both = alpha + beta
    return (both * critical - alpha * public - math.sqrt(both) * cost) / beta


@compiled
def gap(critical: float, public: float, costs: Array, alpha: float, beta: float) -> tuple[float, float]:
    """Share that would break if the strength were critical, less that strength; and its slope. Zero in equilibrium.

    f(s*) = mean_i Phi(sqrt(beta) * (x*_i - s*)) - s*                                (12c)

    Source: Morris & Shin (2003); each member i has costs of its own. Falls in s*, so that there is one
    equilibrium, if alpha / sqrt(beta) <= sqrt(2 * pi).
    """
    total, slope = 0.0, 0.0
    scale = math.sqrt(beta)
    for i in range(costs.size):
        z = scale * (breaking_point(critical, public, costs[i], alpha, beta) - critical)
        total += normal_share(z)
        slope += math.exp(-0.5 * z * z)
    slope *= alpha / scale / math.sqrt(2.0 * math.pi)
    return total / costs.size - critical, slope / costs.size - 1.0


@compiled
def critical_strength(start: float, public: float, costs: Array, alpha: float, beta: float) -> float:
    """The equilibrium of equation 12c: Newton's method, kept within 0..1 by bisection."""
    low, high = 0.0, 1.0
    found = start
    for _ in range(STEPS):
        value, slope = gap(found, public, costs, alpha, beta)
        if value > 0.0:
            low = found
        else:
            high = found
        nearer = found - value / slope if slope < 0.0 else low
        if not low < nearer < high:
            nearer = 0.5 * (low + high)
        if abs(nearer - found) < CLOSE:
            break
        found = nearer
    return found


@compiled
def weigh(localities: Localities, force_rows: Rows[ForceRow], nation: Nation, p: Parameters, seed: int) -> None:
    """Stage 12: how far the capital's streets are lost, how strong the regime is, and what all hear of it."""
    capital = 0
    for place in range(localities.size.size):
        if localities.size[place] > localities.size[capital]:
            capital = place
    everyone = counted(localities, ATTENDING)
    crowd = localities.count[capital, ATTENDING]
    there = crowd / everyone if everyone > 0 else 0.0
    held = 0.0
    for force in range(force_rows.size):
        row = force_rows[force]
        if row.military > 0.0 and nation.army_out == 0.0:
            continue
        for place in range(localities.size.size):
            here = there * row.mobile + (1.0 - row.mobile if place == capital else 0.0)
            held += localities.loyal[place, force] * row.scale * row.weight * row.deployed * here
    lost = lost_streets(crowd * p.persons_per_agent, held * p.officers_per_agent * nation.coercion, p.hold)
    nation.streets = remembered(lost, nation.streets, p.street_memory)
    nation.strength = strength(
        nation.patron, nation.coercion, nation.streets, nation.output_lost, nation.arrears, 1.0 - nation.elite_public,
        p.strength, p.strength_patron, p.strength_coercion, p.strength_streets, p.strength_strikes, p.strength_arrears,
        p.strength_dissent,
    )  # fmt: skip
    u, v, _, _ = drawn(seed, RUMOUR, nation.day, 0)
    nation.rumour = rumour(nation.rumour, normal_pair(u, v)[0], p.rumour_memory)
    nation.heard_strength = nation.strength + p.public_noise * nation.rumour


@compiled
def split(elites: Elites, kinds: Kinds, nation: Nation, p: Parameters) -> None:
    """Stage 12: who breaks in private, and whose break of some time ago becomes public."""
    members = elites.kind.size
    beta = 1.0 / (p.private_noise * p.private_noise)
    alpha = 1.0 / (p.public_noise * p.public_noise)
    heard = nation.heard_strength
    costs = np.empty(members)
    for i in range(members):
        costs[i] = cost(np.float64(elites.preference[i]), nation.coercion, p.break_cost, p.punishment)
    nation.critical = critical_strength(nation.critical, heard, costs, alpha, beta)
    kinds.leaning[:] = 0
    kinds.breaking[:] = 0
    kinds.broken[:] = 0
    private, public, new = 0, 0, 0
    for i in range(members):
        kind = elites.kind[i]
        if elites.stance[i] != PUBLIC and p.coordination_possible > 0.0:
            seen = nation.strength + p.private_noise * np.float64(elites.signal[i])
            if seen < breaking_point(nation.critical, heard, costs[i], alpha, beta):
                elites.stance[i] = PRIVATE
                elites.silent[i] += 1
                if elites.silent[i] > elites.patience[i]:
                    elites.stance[i] = PUBLIC
                    new += 1
            else:
                elites.stance[i] = SUPPORT
                elites.silent[i] = 0
        if elites.stance[i] == PUBLIC:
            kinds.broken[kind] += 1
        elif elites.stance[i] == PRIVATE:
            kinds.breaking[kind] += 1
        elif elites.preference[i] < 0.0:
            kinds.leaning[kind] += 1
        public += 0 if elites.stance[i] == PUBLIC else 1
        private += 1 if elites.stance[i] == SUPPORT and elites.preference[i] >= 0.0 else 0
    nation.elite_private = private / members
    nation.elite_public = public / members
    nation.new_breaks = new / members


def _one_equilibrium(config: Any) -> None:
    """A global game has one equilibrium only while what all hear is vague enough."""
    section = config.elites
    least = math.sqrt(section.private_noise / math.sqrt(2.0 * math.pi))
    if section.public_noise < least:
        at = ("elites", "public_noise")
        message = f"must be at least {least:.3g} with this private_noise, or there is more than one equilibrium"
        raise FieldError(message, at, shown(section.public_noise))


def _kinds_of(config: Any) -> Iterable[str]:
    """Return the names of the kinds of elite."""
    return list(config.elites.kinds)


def _members(column: str) -> Any:
    return lambda recorded: recorded.kinds[:, MEMBERS.index(column)]


MECHANISM = Mechanism(
    title="The elite split, hidden at first",
    parameters={"elites": Coordination, "police.streets": Streets},
    switches=(
        Switch(
            "coordination",
            about="elites break with the ruler where they expect others to",
            zero=("coordination_possible",),
            without=(
                Ablation(
                    "min:elite_public",
                    "rises",
                    because="Elites who wait for nobody's lead, and give none, do not break.",
                    scenario="belarus-2020-early-elite-split",
                ),
            ),
        ),
    ),
    checks=(_one_equilibrium,),
    state={
        "elites": (
            Column("signal", "f4", "SD", "how far this person's knowledge of the regime's strength is off"),
            Column("patience", "f4", "days", "days between this person's private break and the public one"),
            Column("silent", "i4", "days", "days since the private break"),
            Column("stance", "u1", "Stance", "for the regime, broken in private, or in public"),
        ),
        "kinds": (
            Column("leaning", "i8", "members", "who would prefer another ruler and do nothing"),
            Column("breaking", "i8", "members", "who have broken in private"),
            Column("broken", "i8", "members", "who have broken in public"),
        ),
        "nation": (
            Column("streets", "f8", "share", "how far the capital's streets are lost, as it is remembered"),
            Column("strength", "f8", "share of elites", "who would have to break", first=lambda p: p["strength"]),
            Column("rumour", "f8", "SD", "what all hear beside the truth"),
            Column("heard_strength", "f8", "share of elites", "strength of the regime as all hear of it"),
            Column("critical", "f8", "share", "strength below which the regime would fall"),
            Column("elite_private", "f8", "share", "elites who privately prefer the regime"),
            Column("elite_public", "f8", "share", "elites who publicly support it", first=1.0),
            Column("new_breaks", "f8", "share", "elites who broke in public today"),
        ),
    },
    results=(
        Result(
            "strength", "share of elites", AMOUNT, of="nation.strength", combine="last", group=REGIME,
            label="strength of the regime: the share of elites who would have to break with it",
            short="strength of the regime",
            about="from the patron, orders obeyed, the capital's streets, strikes, arrears and open breaks; below 0 "
            "nobody needs to break any more",
        ),
        Result(
            "streets_lost", FRACTION, LEVEL, of="nation.streets", combine="max", group=REGIME, main=True,
            label="how far the capital's streets are lost to the police", short="streets lost",
            about="the capital's crowd against what the police who would obey can hold, as it is remembered",
        ),
        Result(
            "elite_private", FRACTION, SHARE, of="nation.elite_private", combine="last", group=REGIME, main=True,
            label="share of elites for the regime in private", short="elites, in private",
            about="share of elites who prefer the regime and have not broken with it, not even in private",
        ),
        Result(
            "elite_public", FRACTION, SHARE, of="nation.elite_public", combine="last", group=REGIME, main=True,
            label="share of elites for the regime in public", short="elites, in public",
            about="share of elites who support it in public",
        ),
        Result(
            "elites_members_*", "members", COUNT, of=_members("members"), each="kind of elite", members=_kinds_of,
            combine="last", group=REGIME, label="* in all", short="members",
            about="all of this kind, wherever they stand",
        ),
        Result(
            "elites_leaning_*", "members", COUNT, of=_members("leaning"), each="kind of elite", members=_kinds_of,
            combine="max", group=REGIME, label="* who would prefer another ruler", short="leaning away",
            about="would prefer another ruler, and do nothing",
        ),
        Result(
            "elites_breaking_*", "members", COUNT, of=_members("breaking"), each="kind of elite", members=_kinds_of,
            combine="max", group=REGIME, label="* who have broken in private", short="broken in private",
            about="have broken with the ruler in private: they would act, and are not heard yet",
        ),
        Result(
            "elites_broken_*", "members", COUNT, of=_members("broken"), each="kind of elite", members=_kinds_of,
            combine="last", group=REGIME, label="* who have broken in public", short="broken in public",
            about="have broken with the ruler in public",
        ),
    ),
    numbers=(
        Result(
            "elite_private_end", FRACTION, SHARE, of="elite_private", combine="last", main=True,
            label="elites who support the regime in private, at the end", short="elites in private, at the end",
            about="`elite_private` on the last day",
        ),
        Result(
            "elite_public_end", FRACTION, SHARE, of="elite_public", combine="last", main=True,
            label="elites who support the regime in public, at the end", short="elites in public, at the end",
            about="`elite_public` on the last day",
        ),
    ),
    streams={RUMOUR: "what all hear of the regime beside the truth"},
    claims=("mt-17", "mt-18"),
    seen=("strength", "streets_lost", "elite_public", "elite_public_end", "elites_breaking_business"),
)  # fmt: skip
