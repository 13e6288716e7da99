"""Repression: deployment, contact, detention, casualties, releases (stage 8)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.jit import compiled
from sim.core.rng import Stream, draws, normal_pair
from sim.models.mobilisation.rules.aid import sheltered
from sim.models.mobilisation.rules.dispersion import dispersion, effective_places, within_reach
from sim.models.mobilisation.rules.repression import (
    called_out,
    detention_chance,
    expected_casualties,
    held_days,
    poisson,
    violent_share,
)
from sim.models.mobilisation.rules.tactics import effectiveness
from sim.models.mobilisation.state import Count, Role

CONTACT, SENTENCE, CASUALTIES = int(Stream.CONTACT), int(Stream.SENTENCE), int(Stream.CASUALTIES)
ATTENDING, HELD, CAUGHT, FREED, ABROAD, DIED = (
    int(c) for c in (Count.ATTENDING, Count.IN_DETENTION, Count.DETAINED, Count.RELEASED, Count.EXILED, Count.DEAD)
)
LONGEST_TERM = 32_000
"""Days; what a 16-bit counter holds."""
BYSTANDER, IMPRISONED, EXILED, DEAD = (int(r) for r in (Role.BYSTANDER, Role.DETAINED, Role.EXILED, Role.DEAD))


@compiled
def kin_group(neighbourhoods: Any, home: int, citizen: int, size: int) -> int:
    """Return the kin group of a citizen."""
    return int(neighbourhoods.kin_first[home] + (citizen - neighbourhoods.first[home]) // size)


@compiled
def release(
    c: Any, neighbourhoods: Any, kin: Any, localities: Any, nation: Any, p: Any, amnesty: float, seed: int
) -> None:
    """Prisoners whose days are over come home, angry; some leave the country."""
    size = int(p.kin_group)
    for i in range(c.role.size):
        if c.role[i] != IMPRISONED:
            continue
        home = c.neighbourhood[i]
        place = neighbourhoods.locality[home]
        number = i - localities.first[place]
        _, _, u_exile, u_amnesty = draws(seed ^ localities.key[place], SENTENCE, nation.day, number)
        c.days_left[i] -= 1
        pardoned = c.imprisoned[i] == 0 and u_amnesty < amnesty
        if c.days_left[i] > 0 and not pardoned:
            continue
        neighbourhoods.in_detention[home] -= 1
        kin.in_detention[kin_group(neighbourhoods, home, i, size)] -= 1
        localities.count[place, FREED] += 1
        localities.count[place, HELD] -= 1
        c.anger[i] = min(np.float64(c.anger[i]) + p.release_anger * nation.abuse, p.anger_cap)
        c.role[i] = BYSTANDER
        if u_exile < p.exile:
            c.role[i] = EXILED
            localities.count[place, ABROAD] += 1


@compiled
def deploy(
    localities: Any,
    force_rows: Any,
    tactics: Any,
    tactic_rows: Any,
    nation: Any,
    p: Any,
    patron_forces: float,
    held: float,
) -> None:
    """Send police to crowds, and find each crowd's chance of detention."""
    places = localities.size.size
    pool = 0.0
    everyone = 0
    for place in range(places):
        everyone += localities.count[place, ATTENDING]
        for force in range(force_rows.size):
            row = force_rows[force]
            out = row.deployed * called_out(nation.aggression, row.call_out, row.all_out)
            pool += localities.loyal[place, force] * row.weight * out * row.mobile
    squares = 0.0
    if everyone > 0:
        for place in range(places):
            squares += (localities.count[place, ATTENDING] / everyone) ** 2
        nation.dispersion, nation.effective_places = dispersion(squares), effective_places(squares)
    rested = p.officers_per_agent * (1.0 - nation.duty_fatigue) * (1.0 - p.cyber_disorder * nation.cyber)
    pool = within_reach(
        pool * rested * (1.0 - nation.police_bound) + p.patron_possible * patron_forces,
        nation.dispersion,
        p.overstretch,
    )
    room = max(0.0, 1.0 - held * p.persons_per_agent / p.places)
    for place in range(places):
        there = 0.0
        for force in range(force_rows.size):
            row = force_rows[force]
            out = row.deployed * called_out(nation.aggression, row.call_out, row.all_out)
            there += localities.loyal[place, force] * row.weight * out * (1.0 - row.mobile)
        strength = there * rested
        if everyone > 0:
            strength += pool * localities.count[place, ATTENDING] / everyone
        seen = 0.0
        for tactic in range(tactic_rows.size):
            seen += localities.crowd[place, tactic] * tactic_rows[tactic].visibility
        for tactic in range(tactic_rows.size):
            row = tactic_rows[tactic]
            crowd = localities.crowd[place, tactic]
            against = strength * crowd * row.visibility / seen if seen > 0.0 else 0.0
            exposed = effectiveness(row.exposure, tactics.familiarity[tactic], p.novelty_floor, row.dispersal)
            caught = detention_chance(nation.aggression, p.contact, against, exposed, crowd * p.persons_per_agent, room)
            localities.chance[place, tactic] = sheltered(caught, localities.aid[place], p.shelter)


@compiled
def seize(c: Any, neighbourhoods: Any, kin: Any, localities: Any, nation: Any, p: Any, seed: int) -> None:
    """Detain those of today's participants whom chance and police reach."""
    size = int(p.kin_group)
    for i in range(c.role.size):
        if c.attending[i] == 0:
            continue
        home = c.neighbourhood[i]
        place = neighbourhoods.locality[home]
        u_caught, u_prison, u_days, _ = draws(
            seed ^ localities.key[place], CONTACT, nation.day, i - localities.first[place]
        )
        if u_caught >= localities.chance[place, c.attending[i] - 1]:
            continue
        localities.count[place, CAUGHT] += 1
        if localities.deaths_owed[place] >= 1.0:
            localities.deaths_owed[place] -= 1.0
            localities.count[place, DIED] += 1
            c.role[i] = DEAD
            continue
        c.role[i] = IMPRISONED
        c.imprisoned[i] = 1 if u_prison < p.prison_share else 0
        c.days_left[i] = min(held_days(u_days, p.prison_days if c.imprisoned[i] else p.held_days), LONGEST_TERM)
        localities.count[place, HELD] += 1
        neighbourhoods.in_detention[home] += 1
        kin.in_detention[kin_group(neighbourhoods, home, i, size)] += 1


@compiled
def hurt(localities: Any, tactics: Any, tactic_rows: Any, nation: Any, p: Any, seed: int) -> None:
    """Count the injured and killed, in persons, event by event."""
    injured_in_all = 0
    killed_in_all = 0
    for place in range(localities.size.size):
        for tactic in range(tactic_rows.size):
            expected = localities.crowd[place, tactic] * p.persons_per_agent * localities.chance[place, tactic]
            if expected <= 0.0:
                continue
            u_injured, u_killed, u, v = draws(
                seed ^ localities.key[place] ^ tactics.key[tactic], CASUALTIES, nation.day, 0
            )
            z_injured, z_killed = normal_pair(u, v)
            injured = poisson(u_injured, z_injured, expected_casualties(expected, nation.aggression, p.injury))
            killed = poisson(u_killed, z_killed, expected_casualties(expected, nation.aggression, p.lethality))
            localities.injured[place] += injured
            localities.killed[place] += killed
            localities.deaths_owed[place] += killed / p.persons_per_agent
            injured_in_all += injured
            killed_in_all += killed
    nation.injured = injured_in_all
    nation.killed = killed_in_all


@compiled
def repress(
    c: Any,
    neighbourhoods: Any,
    kin: Any,
    localities: Any,
    force_rows: Any,
    tactics: Any,
    tactic_rows: Any,
    nation: Any,
    p: Any,
    lever: Any,
    seed: int,
) -> None:
    """Stage 8."""
    nation.peaceful = 1.0 - violent_share(
        nation.aggression, nation.mean_anger, p.provocation, p.anger_violence, p.anger_cap
    )
    release(c, neighbourhoods, kin, localities, nation, p, lever.amnesty, seed)
    before = 0
    for place in range(localities.size.size):
        before += localities.count[place, HELD]
    deploy(localities, force_rows, tactics, tactic_rows, nation, p, lever.patron_forces, before)
    seize(c, neighbourhoods, kin, localities, nation, p, seed)
    hurt(localities, tactics, tactic_rows, nation, p, seed)
    taken = 0
    for place in range(localities.size.size):
        taken += localities.count[place, CAUGHT]
    if before + taken > 0:
        nation.abuse = (nation.abuse * before + nation.aggression * taken) / (before + taken)
