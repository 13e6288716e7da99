"""Cautions: agents that stand for too many, so that shares are chance, and towns so large that they are none."""

from __future__ import annotations

from sim.models.mobilisation.parameters import force_agents
from sim.models.mobilisation.population.geography import agents_per_locality, populations
from sim.models.mobilisation.schema.scenario import Mobilisation

LARGEST_TOWN = 1_000_000
"""Inhabitants from which a town is a region's towns in one: its crowds are then seen as one crowd in one place."""
FEWEST = 5
"""Agents below which shares are mostly chance."""


def caution(config: Mobilisation) -> str:
    """Return a line on places and forces of fewer than five agents and on towns of millions; empty if all is well."""
    persons, officers = config.run.persons_per_agent, config.run.officers_per_agent
    agents = agents_per_locality(populations(config), persons).tolist()
    places = {
        name: (count, place.population)
        for (name, place), count in zip(config.places.localities.items(), agents, strict=True)
    }
    forces = {
        name: (force_agents(force.persons, officers), force.persons)
        for name, force in config.police.forces.items()
        if force.persons
    }
    found = [
        f"{words}; set run.{setting} to {max(1, size // FEWEST)} or fewer (now {now})"
        for words, size, setting, now in (
            (*_few(places, "of {} localities"), "persons_per_agent", persons),
            (*_few(forces, "of {} police forces"), "officers_per_agent", officers),
        )
        if words
    ]
    coarse = f"agents are coarse, so shares are partly chance: {'; '.join(found)}" if found else ""
    return "; ".join(line for line in (coarse, _large_town(config)) if line)


def _large_town(config: Mobilisation) -> str:
    """Return a line on the largest town, if it is larger than towns are; empty if it is not."""
    towns = {
        name: place.population
        for name, place in config.places.localities.items()
        if place.settlement == "town" and place.population > LARGEST_TOWN
    }
    if not towns:
        return ""
    name = max(towns, key=lambda town: (towns[town], town))
    return (
        f"a town of {towns[name]:,} inhabitants ({name}) counts as one place with one crowd, and how places are cut "
        f"moves turnout: cut it into towns of at most {LARGEST_TOWN:,}, or call it a city"
    )


def _few(agents: dict[str, tuple[int, int]], words: str) -> tuple[str, int]:
    """Return in words how many of named groups have too few agents, and the persons of the smallest group."""
    few = {name: (count, size) for name, (count, size) in agents.items() if count < FEWEST}
    if not few:
        return "", 0
    size, name = min((size, name) for name, (_, size) in few.items())
    count = few[name][0]
    have = "has" if len(few) == 1 else "have"
    fewer = f"fewer than {FEWEST} agents ({name} {count})"
    return f"{len(few)} {words.format(len(agents))} {have} {fewer}", size
