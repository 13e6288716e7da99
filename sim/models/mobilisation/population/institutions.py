"""Those who serve the regime: police by locality and force, and the ruling elite by kind."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core import elementwise, names
from sim.core.rng import Stream
from sim.models.mobilisation import parameters
from sim.models.mobilisation.codes import Service, Stance
from sim.models.mobilisation.population.geography import (
    Indices,
    Reals,
    choose,
    cumulate,
    largest_remainder,
    locality_keys,
    normals,
    numbers_within,
    uniforms,
)
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.mobilisation.state import allocate


def officers_per_locality(config: Mobilisation, people: Indices) -> Indices:
    """Return the officers of each force in each locality [agents].

    A force that has any persons has at least one agent. It is spread over the localities in
    proportion to their inhabitants, remainders going to the largest.

    Parameters
    ----------
    config : Mobilisation
        Scenario.
    people : array of int64, shape (localities,)
        Inhabitants [persons].

    Returns
    -------
    array of int64, shape (localities, forces)
    """
    per_agent = config.run.officers_per_agent
    out = np.zeros((people.size, len(config.police.forces)), dtype=np.int64)
    for index, force in enumerate(config.police.forces.values()):
        agents = parameters.force_agents(force.persons, per_agent)
        out[:, index] = largest_remainder(people.astype(np.float64), agents)
    return out


def draw_officers(config: Mobilisation, seed: int, counts: Indices) -> Any:
    """Draw the rank, origin and first loyalty of every officer; all serve loyally.

    Parameters
    ----------
    config : Mobilisation
        Scenario.
    seed : int
        Seed of the run.
    counts : array of int64, shape (localities, forces)
        Officers [agents].

    Returns
    -------
    named tuple of arrays
        As in ``sim.models.mobilisation.state.OFFICER``, sorted by locality, then force.
    """
    forces = list(config.police.forces.values())
    sizes = counts.ravel()
    officers = allocate("officers", int(sizes.sum()), {})
    place, force = np.divmod(np.repeat(np.arange(sizes.size), sizes), len(forces))
    officers.key[:] = locality_keys(config)[place] ^ names.keys("force", config.police.forces)[force]
    officers.number[:] = numbers_within(sizes)
    draw = (seed, Stream.POLICE_TRAITS, officers.key, numbers_within(sizes))
    chances, deviations = uniforms(*draw), normals(*draw, (2,))
    ranks = config.police.ranks
    shares = np.array([[ranks.rank_and_file, ranks.officer, ranks.commander]])
    officers.locality[:] = place
    officers.force[:] = force
    officers.rank[:] = choose(chances[0], np.zeros_like(place), cumulate(shares))
    officers.outsider[:] = chances[1] < np.array([item.outsiders for item in forces])[force]
    mean: Reals = np.array([item.initial_loyalty for item in forces])[force]
    officers.former_loyalty[:] = mean + config.police.loyalty.loyalty_spread * deviations[0]
    officers.loyalty[:] = officers.former_loyalty
    officers.service[:] = Service.LOYAL
    return officers


def draw_elites(config: Mobilisation, seed: int) -> Any:
    """Draw the leaning, knowledge and patience of every member of the elite; all support the regime in public.

    A member's draws depend on the kind and the number within it, so that a larger elite keeps the
    members it had.

    Returns
    -------
    named tuple of arrays
        As in ``sim.models.mobilisation.state.ELITE``, sorted by kind.
    """
    section = config.elites
    kinds = list(section.kinds.values())
    sizes = largest_remainder(np.array([item.share for item in kinds]), section.members)
    elites = allocate("elites", section.members, {})
    kind = np.repeat(np.arange(sizes.size), sizes)
    own = names.keys("elite", section.kinds)[kind]
    deviations = normals(seed, Stream.ELITE_TRAITS, own, numbers_within(sizes), (0, 1))
    rents: Reals = np.array([item.rents for item in kinds])[kind]
    elites.kind[:] = kind
    elites.base[:] = rents + section.preference_spread * deviations[0]
    elites.preference[:] = elites.base
    elites.signal[:] = deviations[1]
    chances = uniforms(seed, Stream.ELITE_TRAITS, own, numbers_within(sizes), block=1)
    elites.patience[:] = -section.silence_days * elementwise.log1p(-chances[0])
    elites.stance[:] = Stance.SUPPORT
    return elites


def kinds(elites: Any, config: Mobilisation) -> Any:
    """Return the table of kinds of elite with their members."""
    out = allocate("kinds", len(config.elites.kinds), {})
    out.members[:] = np.bincount(elites.kind, minlength=out.members.size)
    return out


def institutions(config: Mobilisation) -> Any:
    """Return the table of institutions; none has acted."""
    out = allocate("institutions", len(config.institutions), {})
    out.key[:] = names.keys("institution", config.institutions)
    out.shield[:] = [1.0 - one.opposition for one in config.institutions.values()]
    return out
