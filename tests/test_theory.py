"""The flagship model where theory knows the answer.

Seeds are fixed, so that nothing here fails by chance; each test states how often it would fail with seeds
picked at random while the model is right (its false-alarm rate).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats
from tiny_country import ALL_AT_ONE, country, everywhere, live_through

from sim.models.mobilisation.codes import Role
from sim.models.mobilisation.engine import State
from sim.models.mobilisation.mechanisms import SWITCHES

FALSE_ALARM = 1e-4
MEAN, NOISE, BAND = 2.0, 0.15, 0.6
HARDSHIP, LEGITIMACY, GRIEVANCE_WEIGHT, DUTY, READINESS = 0.5, 0.3, 0.8, 0.2, 0.1
MOTIVE = GRIEVANCE_WEIGHT * HARDSHIP * (1.0 - LEGITIMACY) + DUTY + READINESS  # 0.58

EVERYONE = {
    "hardship": HARDSHIP, "availability": 1.0, "readiness": READINESS, "output": 0.0, "public_pay": False, "share": 1.0,
    "ages": {"adult": 1.0}, "settlements": everywhere(1.0),
}  # fmt: skip
ONE_PLACE = {
    "The place": {
        "region": "the only one", "lat": 50.0, "lon": 20.0, "population": 100_000, "settlement": "city",
    }
}  # fmt: skip
ONE_TACTIC = {
    "march": {
        "initial_attraction": 0.0, "call_pull": 0.0, "visibility": 1.0, "exposure": 0.8, "disruption": 0.0,
        "ease": 1.0, "dispersal": 1.0, "minimum_size": 1.0, "initial_familiarity": 0.5,
    }
}  # fmt: skip
ONE_FORCE = {
    "police": {
        "persons": 2000, "weight": 1.5, "deployed": 0.5, "mobile": 0.25, "outsiders": 0.0, "initial_loyalty": 10.0,
        "pay": 1.0, "call_out": 0.0, "all_out": 0.0, "military": False, "stacked": 0.0, "corporate": 0.0,
        "conscript": 0.0,
    }
}  # fmt: skip


def plain_country(*mechanisms: str, **more: Any) -> Any:
    """People who are alike but for their thresholds, who can all come every day, and only these mechanisms."""
    changes: dict[str, Any] = {
        "time.availability": ALL_AT_ONE,
        "time.days": 40,
        "people.classes": {"everyone": EVERYONE},
        "people.ages": {"adult": {"internet": 1.0, "hub_taste": 1.0, "state_tv": 0.0, "circumvention": 0.0}},
        "people.camps": {
            "all": {
                "shares": {"adult": 1.0},
                "initial_legitimacy": LEGITIMACY,
                "duty": DUTY,
                "trust_state_media": 0.5,
                "trust_opposition_media": 0.5,
            }
        },
        "movement.cooptation.camp": "all",
        "people.motive.threshold_mean": MEAN,
        "people.motive.noise": NOISE,
        "people.motive.engaged_band": BAND,
        "people.motive.grievance_weight": GRIEVANCE_WEIGHT,
        "people.motive.hardship_spread": 0.0,
        "people.motive.legitimacy_spread": 0.0,
        "people.motive.defection_weight": 0.0,
        "people.motive.coalition_weight": 0.0,
        "movement.organisations": {},
        "movement.tactics": ONE_TACTIC,
        "institutions": {},
        "events": {},
        "mechanisms": {name: name in mechanisms for name in SWITCHES},
        "run": {"persons_per_agent": 1, "officers_per_agent": 10, "seed": 1},
    }
    return country(changes | {path.replace("__", "."): value for path, value in more.items()})


Z = np.linspace(-9.0, 9.0, 3601)
DENSITY = stats.norm.pdf(Z) * (Z[1] - Z[0])


def acting(motive: float) -> float:
    """Chance that M − θ + ε > 0 with θ normal and ε logistic: the one blurred by the other, by the trapezoid rule."""
    return float(DENSITY @ special.expit((motive - MEAN - Z) / NOISE))


def test_closed_form_is_exact():
    """The trapezoid rule against adaptive quadrature."""
    exact, _ = integrate.quad(
        lambda z: stats.norm.pdf(z) * special.expit((MOTIVE - MEAN - z) / NOISE), -9, 9, limit=200
    )
    assert acting(MOTIVE) == pytest.approx(exact, rel=1e-7)


def count(state: State, role: Role) -> int:
    return int((state.world.citizens.role == role).sum())


def p_value(successes: int, trials: int, chance: float) -> float:
    return float(stats.binomtest(successes, trials, chance).pvalue)


# Zero coupling


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_without_coupling_participation_is_binomial(seed: int):
    """100,000 citizens, exact two-sided test; false alarm 1e-4 each."""
    state = live_through(plain_country(), seed, days=1)
    assert p_value(count(state, Role.PROTESTER), 100_000, acting(MOTIVE)) > FALSE_ALARM


def test_a_chance_that_is_one_in_ten_off_would_be_noticed():
    """Negative control."""
    state = live_through(plain_country(), 1, days=1)
    assert p_value(count(state, Role.PROTESTER), 100_000, 1.1 * acting(MOTIVE)) < FALSE_ALARM


def test_without_coupling_engaged_are_those_between_the_two_cuts():
    """As above; false alarm 1e-4."""
    state = live_through(plain_country("engaged"), 1, days=1)
    assert p_value(count(state, Role.ENGAGED), 100_000, acting(MOTIVE + BAND) - acting(MOTIVE)) > FALSE_ALARM
    assert p_value(count(state, Role.PROTESTER), 100_000, acting(MOTIVE)) > FALSE_ALARM


def test_numbers_of_many_small_countries_scatter_as_binomial():
    """Sixty countries of 1,000: the sum of squared deviations is chi-square; false alarm 1e-4, two-sided."""
    config = plain_country(run={"persons_per_agent": 100, "officers_per_agent": 10, "seed": 1})
    chance = acting(MOTIVE)
    numbers = [count(live_through(config, seed, days=1), Role.PROTESTER) for seed in range(60)]
    squares = sum((number - 1000 * chance) ** 2 for number in numbers) / (1000 * chance * (1.0 - chance))
    assert FALSE_ALARM / 2 < stats.chi2.cdf(squares, 60) < 1.0 - FALSE_ALARM / 2


def test_thresholds_last_and_impulses_do_not():
    """The chance of acting on two given days lies between that of one day and its square; false alarm 1e-4."""
    config = plain_country()
    first = live_through(config, 1, days=1).world.citizens.role == Role.PROTESTER
    later = live_through(config, 1, days=5).world.citizens.role == Role.PROTESTER
    both = float(DENSITY @ special.expit((MOTIVE - MEAN - Z) / NOISE) ** 2)
    assert p_value(int((first & later).sum()), 100_000, both) > FALSE_ALARM
    assert acting(MOTIVE) ** 2 < both < acting(MOTIVE)


def test_scatter_of_hardship_and_legitimacy_blurs_the_chance_as_it_should():
    """Grievance averaged over both clipped normals by quadrature; false alarm 1e-4."""
    spread = 0.3
    config = plain_country(
        people__motive__hardship_spread=spread,
        people__motive__legitimacy_spread=spread,
        people__motive__grievance_weight=3.0,
    )
    z, weight = Z[::4], 4.0 * DENSITY[::4]
    hardship, legitimacy = np.clip(HARDSHIP + spread * z, 0.0, 1.0), np.clip(LEGITIMACY + spread * z, 0.0, 1.0)
    motives = 3.0 * np.outer(hardship, 1.0 - legitimacy) + DUTY + READINESS
    grid = np.linspace(0.0, 3.5, 351)
    chances = np.interp(motives, grid, [acting(motive) for motive in grid])
    expected = float(weight @ chances @ weight)
    state = live_through(config, 1, days=1)
    assert p_value(count(state, Role.PROTESTER), 100_000, expected) > FALSE_ALARM
    average = acting(3.0 * HARDSHIP * (1.0 - LEGITIMACY) + DUTY + READINESS)
    assert p_value(count(state, Role.PROTESTER), 100_000, average) < FALSE_ALARM  # the blur matters


def test_attendance_is_a_binomial_part_of_the_willing():
    """Availability of 0.3 on a working day; false alarm 1e-4."""
    config = plain_country(time__availability=ALL_AT_ONE | {"working_day": 0.3})
    days = (state := live_through(config, 1, days=1)).recorder.national(state.config)
    assert p_value(int(days["attending"][0]), int(days["protesting"][0]), 0.3) > FALSE_ALARM


# Global coupling


LOW, HIGH = 0.001, 0.5


def heard(turnout: float) -> float:
    return float(np.clip(math.log(max(turnout, LOW) / LOW) / math.log(HIGH / LOW), 0.0, 1.0))


def news_country(weight: float) -> Any:
    """Everybody hears everything, of yesterday only."""
    return plain_country(
        "turnout_news",
        people__motive__turnout_weight=weight,
        information__turnout_low=LOW * 100_000,  # persons
        information__turnout_high=HIGH,
        information__turnout_memory=0.0,
        information__hearing_hub=1.0,
        information__hearing_online=1.0,
        information__hearing_offline=1.0,
        information__censorship=0.0,
    )


def lowest_fixed_point(weight: float) -> tuple[float, float]:
    """The share at which turnout reproduces itself, first from below, and the slope of the map there."""

    def excess(share: float) -> float:
        return acting(MOTIVE + weight * heard(share)) - share

    shares = np.geomspace(LOW, 1.0, 400)
    first = next(n for n, share in enumerate(shares) if excess(share) <= 0.0)
    root = float(optimize.brentq(excess, shares[first - 1], shares[first], xtol=1e-12))
    slope = (excess(root * 1.001) - excess(root * 0.999)) / (0.002 * root) + 1.0
    return root, slope


@pytest.mark.parametrize("weight", [0.3, 0.6, 0.9])
def test_with_news_alone_turnout_settles_at_the_fixed_point(weight: float):
    """R = F(M + w X(r)). The sampling error of 100,000 citizens is amplified by 1 / (1 − slope); false alarm 1e-4."""
    root, slope = lowest_fixed_point(weight)
    assert 0.0 < slope < 0.9
    assert root > 1.1 * acting(MOTIVE)  # the news matters
    config = news_country(weight)
    days = live_through(config, 1).recorder.national(config)
    error = math.sqrt(root * (1.0 - root) / 100_000) / (1.0 - slope)
    assert abs(days["attending"].iloc[-1] / 100_000 - root) < stats.norm.isf(FALSE_ALARM / 2) * error


def test_a_shock_is_amplified_and_not_without_bounds():
    """Turnout rises day by day from the first, and stays far from everybody."""
    config = news_country(0.9)
    turnout = live_through(config, 1).recorder.national(config)["attending"] / 100_000
    assert turnout.iloc[0] < turnout.iloc[1] < turnout.iloc[2]
    assert turnout.iloc[0] * 1.5 < turnout.iloc[-1] < 0.5


# Repression


AGGRESSION, CONTACT, PRISON_PLACES, NOVELTY_FLOOR = 0.5, 4.0, 20_000.0, 0.4
EFFECTIVENESS = 0.8 * (NOVELTY_FLOOR + (1.0 - NOVELTY_FLOOR) * 0.5) / (1.0 + 1.0)  # 0.28
STRENGTH = 2000 * 1.5 * 0.5  # all of a force that is deployed is in the one place there is


def repressive_country() -> Any:
    return plain_country(
        "repression",
        places__localities=ONE_PLACE,
        police__forces=ONE_FORCE,
        police__loyalty__duty_fatigue=0.0,
        police__detention__contact=CONTACT,
        police__detention__places=PRISON_PLACES,
        police__detention__lethality=0.0,
        police__detention__injury=0.4,
        police__detention__prison_share=0.0,
        police__detention__exile=0.0,
        movement__learning__novelty_floor=NOVELTY_FLOOR,
        movement__learning__police_forgetting=0.0,
        regime__aggression_base=AGGRESSION,
        regime__aggression_gain=0.0,
        people__emotion__trigger_gain=0.0,
    )


def chances_of(days: Any) -> np.ndarray:
    """Each day's chance of detention by equation 8a, from the crowd and from those already held."""
    held = days["in_detention"] - days["detained_today"]
    room = 1.0 - held / PRISON_PLACES
    crowd = days["attending"]
    return AGGRESSION * (1.0 - np.exp(-CONTACT * STRENGTH * EFFECTIVENESS / crowd)) * room


def repressed(seed: int) -> Any:
    config = repressive_country()
    return live_through(config, seed, days=10).recorder.national(config)


def deviation(seen: Any, expected: Any, variance: Any) -> float:
    return float((seen - expected).sum() / math.sqrt(variance.sum()))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_detained_are_binomial(seed: int):
    """One place, one tactic, fixed aggression, ten days.

    Given the day's crowd the detained are binomial, so that the sum of deviations is normal and the sum of
    their squares chi-square with ten degrees; false alarm 2e-4.
    """
    days = repressed(seed)
    chance, crowd, seen = chances_of(days), days["attending"], days["detained_today"]
    assert (days["aggression"] == AGGRESSION).all()
    assert chance.between(0.02, 0.5).all()
    variance = crowd * chance * (1.0 - chance)
    assert abs(deviation(seen, crowd * chance, variance)) < stats.norm.isf(FALSE_ALARM / 2)
    squares = float(((seen - crowd * chance) ** 2 / variance).sum())
    assert FALSE_ALARM / 2 < stats.chi2.cdf(squares, 10) < 1.0 - FALSE_ALARM / 2


def test_a_chance_of_detention_one_in_ten_off_would_be_noticed():
    """Negative control."""
    days = repressed(1)
    chance, crowd = 1.1 * chances_of(days), days["attending"]
    assert abs(deviation(days["detained_today"], crowd * chance, crowd * chance * (1.0 - chance))) > stats.norm.isf(
        FALSE_ALARM / 2
    )


def test_injured_are_poisson():
    """0.4 × aggression × expected detained; the sum of ten days as a normal; false alarm 1e-4."""
    days = repressed(1)
    expected = 0.4 * AGGRESSION * days["attending"] * chances_of(days)
    assert abs(deviation(days["injured_today"], expected, expected)) < stats.norm.isf(FALSE_ALARM / 2)
    assert days["killed_today"].sum() == 0


# Scale


MEASURES: dict[str, Callable[[Any], float]] = {
    "protesting": lambda days: float(days["protesting"].mean()),
    "engaged": lambda days: float(days["engaged"].mean()),
    "attending": lambda days: float(days["attending"].mean()),
    "detained": lambda days: float(days["detained_today"].mean()),
    "fear": lambda days: float(days["fear"].mean()),
    "loyal": lambda days: float(days.filter(like="police_loyal_").sum(axis=1).mean()),
}


@pytest.fixture(scope="module")
def at_two_scales() -> dict[int, list[Any]]:
    """Twelve days of the whole tiny country, every mechanism at work, by persons per agent, on twenty seeds."""
    found = {}
    for scale in (20, 40):
        config = country({"run.persons_per_agent": scale, "time.days": 40})
        found[scale] = [
            (state := live_through(config, seed, days=12)).recorder.national(state.config) for seed in range(20)
        ]
    return found


@pytest.mark.parametrize("measure", MEASURES)
def test_doubling_persons_per_agent_leaves_shares_as_they_are(measure: str, at_two_scales: dict[int, list[Any]]):
    """Welch's test over twenty seeds each; false alarm 1e-4 for each measure."""
    fine, coarse = ([MEASURES[measure](days) for days in at_two_scales[scale]] for scale in (20, 40))
    assert stats.ttest_ind(fine, coarse, equal_var=False).pvalue > FALSE_ALARM
    assert np.mean(coarse) == pytest.approx(np.mean(fine), rel=0.25)
