"""Coordination of elites: its equilibrium against theory and other solvers, and its loops by small cases."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import optimize, stats
from tiny_country import country, live_through

from sim.models.mobilisation import sums
from sim.models.mobilisation.codes import Stance
from sim.models.mobilisation.mechanisms import coordination
from sim.models.mobilisation.mechanisms.coordination import critical_strength, gap

FREE, SECRET = 1.0 / 0.25**2, 1.0 / 0.1**2
"""Precision of what all hear and of what each knows; 16 / 10 is below sqrt(2 pi) = 2.507."""
NO_NEWS = 1e-12


def one_cost(cost: float, members: int = 5) -> np.ndarray:
    return np.full(members, cost)


def scattered(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.4, 0.8, 200)


def excess(critical: float, public: float, costs: np.ndarray, alpha: float, beta: float) -> float:
    """Share that breaks at a strength less that strength, from the posterior of each member: another way to 12c.

    Who sees x holds the fall for as likely as Phi of the distance to the mean of both signals; the share of those that
    see less than x is found by inverting that.
    """
    found = []
    for cost in costs:

        def doubt(x: float, cost: float = cost) -> float:
            mean, spread = (alpha * public + beta * x) / (alpha + beta), 1.0 / math.sqrt(alpha + beta)
            return (critical - mean) / spread - cost  # deviate of the chance of a fall, less that of the cost

        x = optimize.brentq(doubt, -1e3, 1e3, xtol=1e-13)
        found.append(stats.norm.cdf((x - critical) * math.sqrt(beta)))
    return float(np.mean(found)) - critical


@pytest.mark.parametrize("cost", [-2.0, -0.5, 0.0, 0.3, 1.0, 2.5])
def test_without_public_news_the_critical_strength_is_the_share_who_find_it_cheap(cost: float):
    """Morris and Shin's limit: s* = 1 - c, which is Phi(-k)."""
    found = critical_strength(0.0, 5.0, one_cost(cost), NO_NEWS, SECRET)
    assert found == pytest.approx(float(stats.norm.cdf(-cost)), abs=1e-8)


@pytest.mark.parametrize("public", [-0.5, 0.2, 0.5, 0.9, 2.0])
@pytest.mark.parametrize("cost", [-1.0, 0.0, 0.7])
def test_one_cost_for_all_solves_the_published_equation(cost: float, public: float):
    """In the paper: alpha (s* - y) - sqrt(beta) Phi^-1(s*) = sqrt(alpha + beta) Phi^-1(c), with c = Phi(k)."""

    def published(critical: float) -> float:
        inverse = math.sqrt(SECRET) * stats.norm.ppf(critical)
        return float(FREE * (critical - public) - inverse - math.sqrt(FREE + SECRET) * cost)

    exact = optimize.brentq(published, 1e-15, 1.0 - 1e-15, xtol=1e-13)
    assert critical_strength(0.5, public, one_cost(cost), FREE, SECRET) == pytest.approx(exact, abs=1e-7)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_members_with_costs_of_their_own_against_another_solver(seed: int):
    costs = scattered(seed)
    public = 0.2 + 0.2 * seed
    exact = optimize.brentq(lambda s: excess(s, public, costs[:40], FREE, SECRET), 0.0, 1.0, xtol=1e-12)
    assert critical_strength(0.9, public, costs[:40], FREE, SECRET) == pytest.approx(exact, abs=1e-7)


@pytest.mark.parametrize("start", [0.0, 0.1, 0.5, 1.0])
def test_the_equilibrium_does_not_hang_on_where_the_search_begins(start: float):
    costs = scattered(4)
    assert critical_strength(start, 0.4, costs, FREE, SECRET) == pytest.approx(
        critical_strength(0.3, 0.4, costs, FREE, SECRET), abs=1e-7
    )


def test_the_slope_is_that_of_the_gap():
    costs, width = scattered(5), 1e-6
    for critical in (0.1, 0.4, 0.8):
        above, _ = gap(critical + width, 0.5, costs, FREE, SECRET)
        below, _ = gap(critical - width, 0.5, costs, FREE, SECRET)
        _, slope = gap(critical, 0.5, costs, FREE, SECRET)
        assert slope == pytest.approx((above - below) / (2.0 * width), rel=1e-6)


def crossings(alpha: float, beta: float) -> int:
    """How many equilibria there are for one cost for all and a public signal in the middle."""
    values = [gap(critical, 0.5, one_cost(0.0), alpha, beta)[0] for critical in np.linspace(0.0, 1.0, 4002)]
    return int((np.diff(np.sign(values)) != 0).sum())


def test_there_is_one_equilibrium_up_to_the_limit_and_several_beyond_it():
    beta = 100.0
    limit = math.sqrt(2.0 * math.pi) * math.sqrt(beta)
    assert crossings(0.99 * limit, beta) == 1
    assert crossings(2.0 * limit, beta) == 3  # the negative control


def test_a_public_signal_that_is_too_sharp_is_refused():
    """With private noise of 0.15 the least is sqrt(0.15 / sqrt(2 pi)) = 0.2446."""
    country({"elites.private_noise": 0.15, "elites.public_noise": 0.245})
    with pytest.raises(ValidationError, match=r"must be at least 0\.245 with this private_noise"):
        country({"elites.private_noise": 0.15, "elites.public_noise": 0.244})


@pytest.mark.parametrize("public", [-50.0, -1.0, 0.5, 2.0, 50.0])
@pytest.mark.parametrize("cost", [-30.0, -1.0, 0.0, 1.0, 30.0])
@pytest.mark.parametrize(("private_noise", "public_noise"), [(0.01, 0.0632), (0.01, 5.0), (2.0, 0.8933), (2.0, 5.0)])
def test_at_the_ends_of_the_schema_the_equilibrium_is_a_share(
    cost: float, public: float, private_noise: float, public_noise: float
):
    alpha, beta = 1.0 / public_noise**2, 1.0 / private_noise**2
    costs = np.linspace(cost - 1.0, cost + 1.0, 11)
    found = critical_strength(0.5, public, costs, alpha, beta)
    assert 0.0 <= found <= 1.0
    left, slope = gap(found, public, costs, alpha, beta)
    assert abs(left) <= 1e-7 or found in (0.0, 1.0)
    assert slope <= 1e-9


def test_the_critical_strength_rises_with_bad_news_and_falls_with_costs():
    costs = scattered(6)
    by_news = [critical_strength(0.5, public, costs, FREE, SECRET) for public in (1.0, 0.7, 0.4, 0.1)]
    by_cost = [critical_strength(0.5, 0.5, costs + more, FREE, SECRET) for more in (0.0, 0.2, 0.5, 1.0)]
    assert by_news == sorted(by_news)
    assert by_cost == sorted(by_cost, reverse=True)
    assert by_news[0] < by_news[-1]
    assert by_cost[0] > by_cost[-1]


@pytest.mark.parametrize(
    ("argument", "sign"),
    [("patron", 1), ("coercion", 1), ("streets", -1), ("output_lost", -1), ("arrears", -1), ("dissent", -1)],
)
def test_what_strengthens_a_regime_and_what_weakens_it(argument: str, sign: int):
    names = ("patron", "coercion", "streets", "output_lost", "arrears", "dissent")
    weights = (0.75, 0.2, 0.7, 0.4, 0.5, 0.5, 0.5)

    def strength(value: float) -> float:
        return coordination.strength(*(value if name == argument else 0.5 for name in names), *weights)

    before, after = strength(0.5), strength(0.7)
    assert sign * (after - before) > 0.0


# The loops


def elite(preference: list[float], signal: list[float], patience: list[float]) -> Any:
    members = len(preference)
    return SimpleNamespace(
        kind=np.zeros(members, dtype=np.int64),
        preference=np.array(preference),
        signal=np.array(signal),
        patience=np.array(patience),
        silent=np.zeros(members),
        stance=np.full(members, int(Stance.SUPPORT)),
    )


def kinds() -> Any:
    return SimpleNamespace(
        **{name: np.zeros(1, dtype=np.int64) for name in ("members", "leaning", "breaking", "broken")}
    )


def split_once(elites: Any, found: Any, nation: Any, **changes: float) -> None:
    p = {
        "private_noise": 0.1, "public_noise": 5.0, "break_cost": 0.0, "punishment": 0.0, "coordination_possible": 1.0,
    }  # fmt: skip
    coordination.split.py_func(elites, found, nation, SimpleNamespace(**(p | changes)))


def test_breaks_are_private_first_and_public_after_days_of_silence():
    """Costs 0, and next to nothing is heard (alpha 0.04 to 100): s* = Phi(0) = 0.5.

    At a strength of 0.45 the first, who sees 0.45, and the second, who sees 0.25, break; the third sees 0.65 and does
    not. The first is silent for two days.
    """
    elites, found = elite([0.0, 0.0, 0.0], [0.0, -2.0, 2.0], [2.0, 0.0, 0.0]), kinds()
    nation = SimpleNamespace(strength=0.45, heard_strength=0.45, coercion=1.0, critical=0.5)
    days = []
    for _ in range(4):
        split_once(elites, found, nation)
        days.append((found.breaking[0], found.broken[0], nation.elite_public, nation.new_breaks))
    assert nation.critical == pytest.approx(0.5, abs=1e-3)
    third = pytest.approx(1.0 / 3.0)
    assert days == [
        (1, 1, pytest.approx(2.0 / 3.0), third),
        (1, 1, pytest.approx(2.0 / 3.0), 0.0),
        (0, 2, third, third),
        (0, 2, third, 0.0),
    ]


def test_who_has_not_spoken_yet_can_come_back_and_who_has_spoken_cannot():
    elites, found = elite([0.0, 0.0], [0.0, 0.0], [9.0, 0.0]), kinds()
    nation = SimpleNamespace(strength=0.3, heard_strength=0.3, coercion=1.0, critical=0.5)
    split_once(elites, found, nation)
    assert elites.stance.tolist() == [Stance.PRIVATE, Stance.OPPOSED]
    nation.strength = nation.heard_strength = 0.9
    split_once(elites, found, nation)
    assert elites.stance.tolist() == [Stance.SUPPORT, Stance.OPPOSED]
    assert elites.silent.tolist() == [0.0, 1.0]


def test_members_who_lean_away_and_break_with_nobody():
    """Private opponents to whom a break costs more than it brings: two of three, of whom none supports in private."""
    elites, found = elite([-0.1, -0.2, 0.5], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]), kinds()
    nation = SimpleNamespace(strength=0.9, heard_strength=0.9, coercion=1.0, critical=0.5)
    split_once(elites, found, nation, punishment=2.0)
    assert (found.leaning[0], found.breaking[0], found.broken[0]) == (2, 0, 0)
    assert nation.elite_private == pytest.approx(1.0 / 3.0)
    assert nation.elite_public == 1.0


def weighed(**changes: Any) -> Any:
    """Two places, 3,000 and 1,000 in action; police of 100, half of them mobile, with an army of 200 in barracks.

    Of 400 agents of crowd 300 are in the capital, so that three quarters of mobile police are.
    """
    localities = SimpleNamespace(
        size=np.array([500, 900]), count=np.zeros((2, 18), dtype=np.int64), loyal=np.array([[40, 0], [60, 200]])
    )
    localities.count[:, coordination.ATTENDING] = [100, 300]
    rows = np.array(
        [(0.0, 1.0, 2.0, 0.5, 0.5), (1.0, 1.0, 1.0, 0.5, 1.0)],
        dtype=[(name, "f8") for name in ("military", "scale", "weight", "deployed", "mobile")],
    ).view(np.recarray)
    nation = {
        "army_out": 0.0, "coercion": 0.5, "streets": 0.0, "patron": 0.0, "output_lost": 0.0, "arrears": 0.0,
        "elite_public": 0.8, "rumour": 0.5, "day": 3,
    }  # fmt: skip
    p = {
        "persons_per_agent": 10.0, "officers_per_agent": 1.0, "hold": 20.0, "street_memory": 0.9, "strength": 0.8,
        "strength_patron": 0.0, "strength_coercion": 0.2, "strength_streets": 0.4, "strength_strikes": 0.0,
        "strength_arrears": 0.0, "strength_dissent": 0.5, "rumour_memory": 1.0, "public_noise": 0.2,
    }  # fmt: skip
    row, parameters = SimpleNamespace(**(nation | changes)), SimpleNamespace(**p)
    with pytest.MonkeyPatch.context() as plain:  # the loop and what it calls are read as Python
        plain.setattr(coordination, "counted", sums.counted.py_func)
        coordination.weigh.py_func(localities, rows, row, parameters, np.uint64(1))
    return row


def test_the_capital_is_lost_to_a_crowd_that_those_who_obey_cannot_hold():
    """Strength in reach: 40 elsewhere with 2 * 0.5 * 0.5 * 0.75 each, 15; 60 there with 2 * 0.5 * (0.375 + 0.5), 52.5.

    Half of these 67.5 obey, and hold 20 * 33.75 = 675 of 3,000: lost by 3000 / 3675.
    """
    row = weighed()
    lost = 3000.0 / 3675.0
    assert row.streets == pytest.approx(lost, abs=1e-12)
    # 0.8 - 0.2 * 0.5 - 0.4 * lost - 0.5 * 0.2; and a rumour of half a deviation of 0.2
    assert row.strength == pytest.approx(0.6 - 0.4 * lost, abs=1e-12)
    assert row.heard_strength == pytest.approx(row.strength + 0.1, abs=1e-12)


def test_an_army_counts_only_on_the_days_on_which_it_is_sent():
    """200 * 0.5, three quarters of them in the capital: 75 more, so that 142.5 * 0.5 * 20 = 1,425 are held."""
    assert weighed(army_out=1.0).streets == pytest.approx(3000.0 / 4425.0, abs=1e-12)


def test_lost_streets_are_remembered():
    assert weighed(streets=1.0).streets == pytest.approx(0.9, abs=1e-12)


def test_rumours_have_the_spread_they_are_said_to_have():
    """A long run of one draw a day: standard deviation 1, and yesterday's rumour is left by the share that is kept."""
    rng = np.random.default_rng(1)
    heard = [0.0]
    for z in rng.standard_normal(200_000):
        heard.append(coordination.rumour(heard[-1], float(z), 0.8))
    series = np.array(heard[100:])
    assert series.std() == pytest.approx(1.0, abs=0.02)
    assert np.corrcoef(series[:-1], series[1:])[0, 1] == pytest.approx(0.8, abs=0.01)


def test_all_hear_the_same_rumour_and_another_on_another_seed():
    first, again, other = (
        live_through(country({"time.days": 40}), seed, days=3).world.nation["rumour"][0] for seed in (1, 1, 2)
    )
    assert first == again != other
