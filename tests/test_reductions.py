"""What the flagship adds, shown by taking it away: with the rest switched off it is the published models.

Its participation rule is Granovetter's cascade, its rule of arrest Epstein's, its elites Kuran's. Each is a run of
the flagship, not of a rule alone.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from test_theory import FALSE_ALARM, HIGH, LOW, MOTIVE, ONE_FORCE, ONE_PLACE, ONE_TACTIC, news_country, plain_country
from tiny_country import live_through

from sim.models import granovetter_1978 as granovetter
from sim.models.mobilisation.codes import Stance
from sim.models.mobilisation.engine import build, step
from sim.models.mobilisation.mechanisms.repression import detention_chance

PERSONS = 100_000
PRISON_PLACES = 1e7


def in_persons(thresholds: np.ndarray, weight: float) -> np.ndarray:
    """Return how many must act yesterday before a citizen with a threshold of the flagship acts today [persons].

    A citizen acts if motive + weight x news > threshold; the news is the logarithm of turnout between LOW, where it is
    0, and HIGH, where it is 1. Who needs no news acts unprompted, who needs more than all there is never acts.
    """
    news = (thresholds.astype(np.float64) - MOTIVE) / weight
    needed = PERSONS * LOW * (HIGH / LOW) ** np.clip(news, 0.0, 1.0)
    return np.where(news < 0.0, 0.0, np.where(news < 1.0, needed, math.inf))


@pytest.mark.parametrize("weight", [0.9, 1.5, 2.4])
def test_participation_is_granovetters_cascade(weight: float):
    """Day by day the same number of persons, but for the few whom single precision puts on the other side.

    The schema asks for some noise of the day, which is taken away here.
    """
    config = news_country(weight)
    motive = config.people.motive.model_copy(update={"noise": 0.0})
    people = config.people.model_copy(update={"motive": motive})
    config = config.model_copy(update={"people": people})
    flagship = build(config, 1, 1)
    crowd = granovetter.State(np.sort(in_persons(flagship.world.citizens.threshold.copy(), weight)))
    for _ in range(config.time.days):
        step(flagship)
        granovetter.advance(crowd)
    days = flagship.recorder.national(config)
    ours, theirs = days["attending"].to_numpy(), np.array(crowd.active[1:])
    assert np.abs(ours - theirs).max() <= 1e-4 * PERSONS
    assert theirs[0] < theirs[1] <= theirs[-1]
    assert theirs[-1] == theirs[-2]
    assert ours[-1] == pytest.approx(theirs[-1], abs=2)


def test_the_rule_of_arrest_is_epsteins():
    """P = 1 - exp(-k C / A) for every number of officers and of active persons."""
    for cops in range(30):
        for active in range(1, 60):
            found = detention_chance(1.0, 2.3, float(cops), 1.0, float(active), 1.0)
            assert found == 1.0 - math.exp(-2.3 * cops / active)


def test_detentions_of_a_run_are_epsteins():
    """One force in one place, full aggression, room for nearly all: detained are binomial with Epstein's P.

    The sum of ten days' deviations as a normal; false alarm 1e-4.
    """
    contact, cops = 2.3, 2000 * 1.5 * 0.5
    config = plain_country(
        "repression",
        places__localities=ONE_PLACE,
        police__forces=ONE_FORCE,
        police__loyalty__duty_fatigue=0.0,
        police__detention__contact=contact,
        police__detention__places=PRISON_PLACES,
        police__detention__lethality=0.0,
        police__detention__injury=0.0,
        police__detention__prison_share=0.0,
        police__detention__exile=0.0,
        movement__tactics={"march": ONE_TACTIC["march"] | {"exposure": 1.0, "dispersal": 0.0}},
        movement__learning__novelty_floor=1.0,
        movement__learning__police_forgetting=0.0,
        regime__aggression_base=1.0,
        regime__aggression_gain=0.0,
        people__emotion__trigger_gain=0.0,
    )
    days = live_through(config, 1, days=10).recorder.national(config)
    active = days["attending"].to_numpy().astype(float)
    held = days["in_detention"].to_numpy() - days["detained_today"].to_numpy()
    chance = (1.0 - np.exp(-contact * cops / active)) * (1.0 - held / PRISON_PLACES)
    assert held.max() < 0.01 * PRISON_PLACES
    missed = days["detained_today"].to_numpy() - active * chance
    assert abs(missed.sum() / math.sqrt((active * chance * (1.0 - chance)).sum())) < stats.norm.isf(FALSE_ALARM / 2)
    assert 0.05 < chance.min() < chance.max() < 0.95


A = [0, 20, 20, 30, 40, 50, 60, 70, 80, 100]
B = [0, 20, 30, 30, 40, 50, 60, 70, 80, 100]


@pytest.mark.parametrize(
    ("thresholds", "percent"),
    [(A, 10), ([0, 10, *A[2:]], 90), (B, 10), ([0, 10, *B[2:]], 20)],
    ids=["A", "A, second threshold 10", "B", "B, second threshold 10"],
)
def test_elites_are_kurans_ten_persons(thresholds: list[int], percent: int):
    """Ten who hear nothing, know how strong the regime is, and speak at once: they differ in what a break costs.

    A member i breaks if s_0 - s_d D < s* - k_i s, that is, from a share D > (s_0 - s* + k_i s) / s_d of open breaks on.
    With costs k_i = s_d T_i / s and an untroubled strength s_0 = s* that is Kuran's threshold T_i; critical strength
    of those who hear nothing is s* = mean Phi(-k_i). Each day they answer the breaks of the day before.
    Thresholds are half a percent lower, between two counts of ten, so that rounding decides nothing.
    """
    noise, by_dissent = 0.1, 1.0
    costs = by_dissent * (np.array(thresholds) - 0.5) / 100.0 / noise
    config = plain_country(
        "coordination",
        elites__members=10,
        elites__preference_speed=0.0,
        elites__punishment=0.0,
        elites__break_cost=0.0,
        elites__silence_days=0.0,
        elites__strength=float(stats.norm.cdf(-costs).mean()),
        elites__strength_coercion=0.0,
        elites__strength_streets=0.0,
        elites__strength_strikes=0.0,
        elites__strength_arrears=0.0,
        elites__strength_dissent=by_dissent,
        elites__private_noise=noise,
        elites__public_noise=5.0,
        elites__rumour_memory=1.0,  # so that there is none
        time__days=20,
    )
    state = build(config, 1, 1)
    elites = state.world.elites
    elites.preference[:] = elites.base[:] = costs
    elites.signal[:] = 0.0
    public = []
    for _ in range(20):
        step(state)
        public.append(10 * int((elites.stance == Stance.OPPOSED).sum()))
    assert public[0] == 10
    assert public[-1] == public[-2] == percent
