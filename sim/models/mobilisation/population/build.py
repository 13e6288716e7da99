"""From a checked scenario and a seed to the arrays of the first morning.

Everything is drawn by the counter-based generator of :mod:`sim.core.rng` under the keys of
:mod:`sim.models.mobilisation.population.geography`, so the world is a pure function of (scenario, seed).

National shares are what ties localities together: where classes live is fitted to the shares of
``people.classes``. The fit looks at the settlements' shares of the population in steps of a
hundredth, so that one more person somewhere does not move everybody else a little (unless a share
was just about to be rounded the other way).
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core import names
from sim.core.jit import compiled
from sim.core.once import once
from sim.core.rng import Stream
from sim.models.mobilisation import parameters
from sim.models.mobilisation.codes import Cleavage, Count, Media
from sim.models.mobilisation.population import geography, institutions, network
from sim.models.mobilisation.population.geography import (
    CHUNK,
    Indices,
    Reals,
    choose,
    cumulate,
    locality_keys,
    normals,
    uniforms,
)
from sim.models.mobilisation.schema.people import SETTLEMENTS, BySettlement, Households, Readiness
from sim.models.mobilisation.schema.scenario import WEEKDAYS, Mobilisation
from sim.models.mobilisation.state import NATION, NATION_TYPE, allocate
from sim.models.mobilisation.world import World

NEVER = 255
RANKS = 255
"""Ranks of followers and circumventers are 0 to 254; 255 means never."""
FIT_ROUNDS = 200
SETTLEMENT_STEP = 0.01


def build(config: Mobilisation, seed: int) -> World:
    """Draw the state of the first morning; named things stand in the order of their names (:mod:`sim.core.names`).

    Parameters
    ----------
    config : Mobilisation
        Checked scenario.
    seed : int, 0..2**63-1
        Seed of the run.

    Returns
    -------
    World

    """
    config = names.ordered(config)
    chances = class_chances(config)
    people = geography.populations(config)
    agents = geography.agents_per_locality(people, config.run.persons_per_agent)
    locality = np.repeat(np.arange(agents.size, dtype=np.int32), agents)
    neighbourhoods, kin = geography.draw_neighbourhoods(config, agents)
    citizens = allocate("citizens", locality.size, {})
    citizens.neighbourhood[:] = np.repeat(np.arange(neighbourhoods.size.size), neighbourhoods.size)
    citizens.class_[:] = _classes(config, seed, agents, locality, chances)
    _draw_traits(config, seed, citizens, locality, geography.numbers_within(agents))
    forces = institutions.officers_per_locality(config, people)
    officers = institutions.draw_officers(config, seed, forces)
    elites = institutions.draw_elites(config, seed)
    classes = allocate("classes", len(config.people.classes), {})
    classes.size[:] = np.bincount(citizens.class_, minlength=classes.size.size)
    return World(
        citizens=citizens,
        neighbourhoods=neighbourhoods,
        kin=kin,
        workplaces=network.draw_workplaces(config, seed, citizens, locality),
        localities=_localities(config, agents, forces),
        officers=officers,
        elites=elites,
        kinds=institutions.kinds(elites, config),
        institutions=institutions.institutions(config),
        classes=classes,
        groups=_groups(config, citizens, agents),
        tactics=_tactics(config),
        nation=_nation(config, citizens, officers, elites),
        ties=network.draw_ties(config, seed, locality),
    )


@once
def class_chances(config: Mobilisation) -> Reals:
    """Return the share of each class in each kind of settlement.

    The product of a class's share and its factor in a settlement is fitted to two sets of totals
    at once, by iterative proportional fitting (Deming & Stephan 1940): every class has its national
    share, every settlement has its people. Where the two cannot both be had, the settlements win.

    Returns
    -------
    array of float64, shape (settlements, classes)
        Each row adds to 1. Rows of settlements that the country does not have are zero. Not to be changed: all runs
        of a scenario share it.

    """
    shares = np.array([item.share for item in config.people.classes.values()])
    factors = np.array([_by_settlement(item.settlements) for item in config.people.classes.values()]).T
    lives = np.bincount(
        geography.settlements(config), weights=geography.populations(config), minlength=len(SETTLEMENTS)
    )
    steps = np.round(lives / lives.sum() / SETTLEMENT_STEP)
    weights = np.where(lives > 0, np.maximum(steps, 1.0), 0.0)
    table = factors * shares * weights[:, np.newaxis]
    for _ in range(FIT_ROUNDS):
        table *= _ratio(shares / shares.sum() * weights.sum(), table.sum(axis=0))
        table *= _ratio(weights, table.sum(axis=1))[:, np.newaxis]
    chances: Reals = table * _ratio(np.ones(weights.size), weights)[:, np.newaxis]
    return chances


def _ratio(wanted: Reals, present: Reals) -> Reals:
    return np.divide(wanted, present, out=np.zeros_like(present), where=present > 0)


def _by_settlement(values: BySettlement | Households | Readiness) -> Reals:
    return np.array([getattr(values, kind) for kind in SETTLEMENTS])


def _classes(
    config: Mobilisation, seed: int, agents: Indices, locality: NDArray[Any], chances: Reals
) -> NDArray[np.uint8]:
    """Return each citizen's class: a systematic sample of the locality's classes, handed out in random order.

    In every locality a class has its share of the citizens to within one agent.
    """
    number = geography.numbers_within(agents)
    keys = locality_keys(config)
    order = np.argsort(locality + uniforms(seed, Stream.TRAITS, keys[locality], number)[0], kind="stable")
    offset = uniforms(seed, Stream.PLACES, keys, np.zeros_like(agents))[0]
    position = np.minimum((number + offset[locality]) / agents[locality], np.nextafter(1.0, 0.0))
    present = np.flatnonzero(chances.sum(axis=1))
    row = np.searchsorted(present, geography.settlements(config))
    classes = np.empty(locality.size, dtype=np.uint8)
    classes[order] = choose(position, row[locality], cumulate(chances[present]))
    return classes


def _draw_traits(config: Mobilisation, seed: int, citizens: Any, locality: NDArray[Any], number: Indices) -> None:
    """Draw what is a citizen's own: age, camp, media, hardship, legitimacy, threshold and savings."""
    settlement, keys = geography.settlements(config), locality_keys(config)
    for start in range(0, locality.size, CHUNK):
        part = slice(start, start + CHUNK)
        some = SimpleNamespace(**{name: column[part] for name, column in vars(citizens).items()})
        own, entities = keys[locality[part]], number[part]
        kind = settlement[locality[part]]
        first = uniforms(seed, Stream.TRAITS, own, entities)
        second = uniforms(seed, Stream.TRAITS2, own, entities)
        third = uniforms(seed, Stream.TRAITS2, own, entities, block=1)
        some.risk_aversion[:] = first[2]
        some.savings[:] = config.economy.strike.savings_days * _exponentials(first[3])
        some.age[:] = choose(second[0], some.class_, _ages(config))
        some.camp[:] = choose(second[1], some.age, _camps(config))
        _draw_media(config, some, kind, (second[2], second[3], *third))
        _draw_motives(config, some, kind, normals(seed, Stream.THRESHOLD, own, entities, (0, 1, 2)))


@once
def _ages(config: Mobilisation) -> Reals:
    ages = config.people.ages
    return cumulate(np.array([[item.ages.get(age, 0.0) for age in ages] for item in config.people.classes.values()]))


@once
def _camps(config: Mobilisation) -> Reals:
    camps = config.people.camps.values()
    return cumulate(np.array([[camp.shares[age] for camp in camps] for age in config.people.ages]))


def _draw_media(config: Mobilisation, some: Any, kind: Indices, chances: tuple[Reals, ...]) -> None:
    online_chance, television_chance, migrant_chance, hub_chance, able_chance, skill_chance = chances
    ages = list(config.people.ages.values())
    online = online_chance < np.array([age.internet for age in ages])[some.age]
    television = television_chance < np.array([age.state_tv for age in ages])[some.age]
    migrant = migrant_chance < _by_settlement(config.people.migrant_households)[kind]
    able = online & (able_chance < np.array([age.circumvention for age in ages])[some.age])
    some.media[:] = online * Media.INTERNET + television * Media.STATE_TV + migrant * Media.MIGRANT_HOUSEHOLD
    rank = np.floor(RANKS * hub_chance / _hub_tastes(config)[some.age])
    some.hub_rank[:] = np.where(online, np.minimum(rank, RANKS - 1), NEVER)
    some.circumvention_rank[:] = np.where(able, np.floor(RANKS * skill_chance), NEVER)


@once
def _hub_tastes(config: Mobilisation) -> Reals:
    """Return how much likelier each age group's internet users follow the hub than the whole population.

    Scaled so that with a reach of r about r of the population follow, while r is small enough that
    no age group is exhausted. Where nobody likes it the taste is near 0, not 0, to divide by it.
    """
    ages = list(config.people.ages.values())
    classes = config.people.classes.values()
    of_age = np.array([sum(c.share * c.ages.get(age, 0.0) for c in classes) for age in config.people.ages])
    taste = np.array([age.hub_taste for age in ages])
    internet = np.array([age.internet for age in ages])
    followers = float((of_age / of_age.sum() * internet * taste).sum())
    return np.maximum(taste / followers if followers > 0 else taste, 1e-9)


def _draw_motives(config: Mobilisation, some: Any, kind: Indices, deviations: Reals) -> None:
    motive = config.people.motive
    classes, camps = config.people.classes.values(), config.people.camps.values()
    of_class = np.array([item.hardship for item in classes])[some.class_]
    hardship = of_class * _by_settlement(config.people.settlement_hardship)[kind]
    legitimacy = np.array([camp.initial_legitimacy for camp in camps])[some.camp]
    ready = _by_settlement(config.people.settlement_readiness)[kind]
    some.threshold[:] = motive.threshold_mean - ready + deviations[0]
    some.hardship[:] = np.clip(hardship + motive.hardship_spread * deviations[1], 0.0, 1.0)
    some.former_legitimacy[:] = np.clip(legitimacy + motive.legitimacy_spread * deviations[2], 0.0, 1.0)
    some.legitimacy[:] = some.former_legitimacy


@compiled
def _exponentials(chances: Reals) -> Reals:
    # Compiled, because NumPy's own logarithm differs in the last bit from processor to processor.
    out = np.empty_like(chances)
    for n in range(chances.size):
        out[n] = -math.log(1.0 - chances[n])
    return out


def _localities(config: Mobilisation, agents: Indices, officers: Indices) -> Any:
    tactics = config.movement.tactics.values()
    widths = {"counts": len(Count), "tactics": len(tactics), "forces": len(config.police.forces), "week": 7}
    localities = allocate("localities", agents.size, widths)
    localities.key[:] = locality_keys(config)
    localities.first[:] = geography.starts(agents)
    localities.size[:] = agents
    localities.settlement[:] = geography.settlements(config)
    localities.region[:] = _regions(config)
    people, homes = geography.populations(config), config.places.neighbourhood_residents
    villages = localities.settlement == SETTLEMENTS.index("village")
    localities.seen[:] = np.where(villages, np.minimum(homes.village / people, 1.0), 1.0)
    localities.attraction[:] = [tactic.initial_attraction for tactic in tactics]
    localities.loyal[:] = officers
    big_day = (WEEKDAYS.index(config.time.big_day) - config.time.start.weekday()) % len(WEEKDAYS)
    section = config.movement.rhythm
    localities.expected[:, big_day] = section.custom * people
    return localities


@once
def _regions(config: Mobilisation) -> Indices:
    """Return the region of each locality, numbered in the order of their names."""
    regions = [place.region for place in config.places.localities.values()]
    known = names.numbers(dict.fromkeys(regions))
    return np.array([known[region] for region in regions], dtype=np.int64)


def _groups(config: Mobilisation, citizens: Any, agents: Indices) -> Any:
    """Return the groups by age, camp, settlement and region, in this order, with their sizes."""
    regions = _regions(config)
    sizes = (
        np.bincount(citizens.age, minlength=len(config.people.ages)),
        np.bincount(citizens.camp, minlength=len(config.people.camps)),
        np.bincount(geography.settlements(config), weights=agents, minlength=len(SETTLEMENTS)),
        np.bincount(regions, weights=agents),
    )
    groups = allocate("groups", sum(size.size for size in sizes), {})
    groups.cleavage[:] = np.repeat([int(kind) for kind in Cleavage], [size.size for size in sizes])
    groups.size[:] = np.concatenate(sizes)
    return groups


def _tactics(config: Mobilisation) -> Any:
    tactics = allocate("tactics", len(config.movement.tactics), {})
    tactics.familiarity[:] = [tactic.initial_familiarity for tactic in config.movement.tactics.values()]
    return tactics


def _nation(config: Mobilisation, citizens: Any, officers: Any, elites: Any) -> NDArray[Any]:
    nation = _first_nation(config).copy()
    legitimacy = float(citizens.legitimacy.mean(dtype=np.float64))
    nation["officers"] = parameters.forces(config)["scale"][officers.force].sum()
    nation["elite_private"] = np.mean(elites.preference >= 0.0)
    nation["mean_legitimacy"] = nation["start_legitimacy"] = legitimacy
    return nation


@once
def _first_nation(config: Mobilisation) -> NDArray[Any]:
    """Return the nation of the first morning but for what is drawn."""
    record = parameters.scalars(config)[0]
    nation = np.zeros(1, dtype=NATION_TYPE)
    for column in NATION:
        nation[column.name] = column.first(record) if callable(column.first) else column.first
    return nation
