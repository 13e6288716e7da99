"""Every rule by numbers worked by hand: the arithmetic stands beside the expected number.

The compiled function and its plain Python twin must give the same number,
bit for bit, and that number must be the expected one to 1e-12.
"""

from __future__ import annotations

import inspect
import math
import re
from typing import Any

import numpy as np
import pytest
from facts import cases, files

from sim.models.mobilisation.mechanisms import MECHANISMS, participation, rules

EQUATION = re.compile(r"\(\d+[a-z]'?\)\s*$", re.MULTILINE)


RULES: dict[str, Any] = {
    f"{mechanism}.{name}": rule for mechanism, found in rules().items() for name, rule in found.items()
}
CASES = cases()


def test_every_rule_is_worked_by_hand_and_no_other():
    assert set(CASES) == set(RULES)


def test_every_mechanism_has_its_file_and_no_other():
    assert set(files()) == set(MECHANISMS)


def test_every_rule_has_an_equation_with_a_number():
    """But for helpers that are no equations of the model."""
    helpers = {"casualties.poisson", "coordination.normal_share"}
    assert {name for name, rule in RULES.items() if not EQUATION.search(rule.py_func.__doc__)} == helpers


def test_every_rule_has_a_case_where_it_is_not_at_rest():
    """At least two cases with different results, or the test could not notice a rule that is a constant."""
    assert [name for name, cases in CASES.items() if len({expected for _, expected in cases}) < 2] == []


def test_every_argument_of_every_rule_matters_in_some_case():
    """Moving an argument of some case changes the result; otherwise its place in the equation is untested."""
    deaf = []
    for name, rule in RULES.items():
        cases = CASES.get(name, [])
        for place, argument in enumerate(inspect.signature(rule.py_func).parameters):
            if not any(_hears(rule.py_func, arguments, place) for arguments, _ in cases):
                deaf.append(f"{name}({argument})")
    assert deaf == []


def _hears(rule: Any, arguments: tuple[Any, ...], place: int) -> bool:
    before = rule(*arguments)
    for move in (-1, 1) if isinstance(arguments[place], int) else (0.125, -0.125):
        moved = (*arguments[:place], arguments[place] + move, *arguments[place + 1 :])
        try:
            if rule(*moved) != before:
                return True
        except (ValueError, ZeroDivisionError):
            continue  # moved out of what the rule is defined for, which says nothing
    return False


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [(name, arguments, expected) for name, cases in CASES.items() for arguments, expected in cases],
)
def test_rule(name: str, arguments: tuple[Any, ...], expected: Any):
    compiled = RULES[name](*arguments)
    assert compiled == RULES[name].py_func(*arguments)
    assert compiled == pytest.approx(expected, rel=1e-12, abs=1e-12)
    if isinstance(expected, bool | int):
        assert compiled == expected


def test_a_spared_logarithm_would_have_said_no():
    """At every margin and draw, most of all around those at which none is worked out; and most are spared."""
    scale, impulse = 0.1, RULES["participation.impulse"]
    steps = np.empty(participation.STEPS)
    participation.fill_steps(steps, scale)
    edges = [k / participation.STEPS + by * 2.0**-32 for k in range(participation.STEPS + 1) for by in (-1, 0, 1)]
    draws = [draw for draw in (*edges, 0.01, 0.5001, 0.99) if 0.0 <= draw < 1.0]
    near = [-impulse(draw, scale) * by for draw in draws for by in (1.0 - 2.0**-52, 1.0, 1.0 + 2.0**-52)]
    margins = [*near, -math.inf, -1.0, -1e-12, 0.0, 1e-12, 0.1, 1.0]
    spared = [(margin, draw) for margin in margins for draw in draws if not participation.may_act(margin, draw, steps)]
    assert len(spared) > len(margins) * len(draws) / 3
    assert all(margin + impulse(draw, scale) <= 0.0 for margin, draw in spared)
    assert sum(margin + impulse(draw, scale) <= 0.0 for margin in margins for draw in draws) < 1.1 * len(spared)


@pytest.mark.parametrize("mean", [3.0, 6.0, 20.0, 900.0])
def test_days_in_detention_have_the_mean_that_is_asked_for(mean: float):
    """Over a fine grid of draws, so that there is no chance in it; the equation's own error is under 2%."""
    held = RULES["prisons.held_days"]
    grid = 20_000
    days = [held((number + 0.5) / grid, mean) for number in range(grid)]
    assert sum(days) / grid == pytest.approx(mean, rel=0.02)


@pytest.mark.parametrize("mean", [0.3, 4.0, 30.0])
def test_casualties_have_the_mean_and_spread_of_poisson(mean: float):
    """Over a fine grid of draws: exact but for the grid."""
    poisson = RULES["casualties.poisson"]
    grid = 20_000
    numbers = [poisson((number + 0.5) / grid, 0.0, mean) for number in range(grid)]
    found = sum(numbers) / grid
    assert found == pytest.approx(mean, rel=0.002)
    assert sum((number - found) ** 2 for number in numbers) / grid == pytest.approx(mean, rel=0.01)


def test_safety_in_numbers():
    """With the same police, more people come out and a smaller share, but a larger number, is detained."""
    chance = RULES["repression.detention_chance"]
    crowds = (50.0, 200.0, 1000.0, 10_000.0)
    chances = [chance(0.8, 1.0, 100.0, 1.0, crowd, 1.0) for crowd in crowds]
    assert chances == sorted(chances, reverse=True)
    detained = [share * crowd for share, crowd in zip(chances, crowds, strict=True)]
    assert detained == sorted(detained)
    assert detained[-1] / detained[0] < crowds[-1] / crowds[0]
