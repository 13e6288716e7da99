"""The ruler: signs that theory gives, ends of ranges, and what he chooses, by small cases."""

from __future__ import annotations

import math
from collections import Counter
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats
from tiny_country import country, live_through

from sim.models.mobilisation.codes import Choice
from sim.models.mobilisation.mechanisms import ruler

FORCE = {
    "strength": 0.4, "dissent": 0.3, "streets": 0.5, "obedience": 0.6, "aggression": 0.8, "peaceful": 0.5, "guilt": 0.5,
    "doubt": 0.25, "by_streets": 0.4, "refusal_cost": 0.2, "fall_cost": 0.5, "guilt_cost": 0.7, "outrage_cost": 0.3,
}  # fmt: skip
GIVING = {
    "strength": 0.4, "dissent": 0.3, "streets": 0.5, "conceded": 0.2, "defiance": 0.5, "guilt": 0.5, "doubt": 0.25,
    "by_streets": 0.4, "worth": 0.5, "step": 0.2, "cost": 0.6, "fall_cost": 0.5, "guilt_cost": 0.7,
}  # fmt: skip


@pytest.mark.parametrize(
    ("argument", "sign"),
    [
        ("strength", 1), ("dissent", -1), ("streets", 1), ("obedience", 1), ("peaceful", -1), ("guilt", -1),
        ("refusal_cost", -1), ("outrage_cost", -1), ("fall_cost", -1), ("by_streets", 1),
    ],
)  # fmt: skip
def test_what_an_order_to_clear_the_streets_is_worth(argument: str, sign: int):
    more = FORCE | {argument: FORCE[argument] + 0.1}
    assert sign * (ruler.force(*more.values()) - ruler.force(*FORCE.values())) > 0.0


@pytest.mark.parametrize(
    ("argument", "sign"),
    [("strength", 1), ("dissent", -1), ("streets", 1), ("defiance", -1), ("cost", -1), ("worth", 1)],
)
def test_what_a_concession_is_worth(argument: str, sign: int):
    more = GIVING | {argument: GIVING[argument] + 0.1}
    assert sign * (ruler.giving(*more.values()) - ruler.giving(*GIVING.values())) > 0.0


def test_the_guilty_lose_more_by_a_fall_and_gain_less_by_leaving():
    assert ruler.staying(0.5, 1.0, 0.5, 0.7) < ruler.staying(0.5, 0.0, 0.5, 0.7)
    assert ruler.staying(1.0, 1.0, 0.5, 0.7) == ruler.staying(1.0, 0.0, 0.5, 0.7)  # who cannot fall need not care
    assert ruler.leaving(0.5, 1.0, 0.4) < ruler.leaving(0.5, 0.0, 0.4)


def test_guilt_does_not_hang_on_the_days_over_which_people_are_killed():
    at_once, slowly = ruler.culpability(0.0, 30.0, 1e6, 20.0), 0.0
    for _ in range(30):
        slowly = ruler.culpability(slowly, 1.0, 1e6, 20.0)
    assert slowly == pytest.approx(at_once)
    assert at_once == pytest.approx(1.0 - math.exp(-1.5))


@pytest.mark.parametrize("killed", [0.0, 1.0, 1e6])
@pytest.mark.parametrize("scale", [0.01, 1e5])
def test_guilt_is_a_share_at_the_ends_of_the_schema(killed: float, scale: float):
    assert 0.0 <= ruler.culpability(0.3, killed, 1e6, scale) <= 1.0


@pytest.mark.parametrize("strength", [-20.0, 0.3, 20.0])
@pytest.mark.parametrize("doubt", [0.01, 2.0])
def test_an_estimate_of_survival_is_a_share_at_the_ends_of_the_schema(strength: float, doubt: float):
    assert 0.0 <= ruler.survival(strength, 0.3, doubt) <= 1.0


# The loop


def chosen(monkeypatch: pytest.MonkeyPatch, police: float = 0.0, army: float = 0.0, **changes: float) -> Any:
    """A ruler on the edge: strength and dissent as heard are a quarter each, so that he gives himself a half.

    He would lose half an office by a fall, so that staying is worth 0.5 - 0.5 * 0.5 = 0.25; nothing else is worth
    anything, nobody obeys him, and he always takes what is best. Nothing is produced, so that he weighs every day.
    """
    monkeypatch.setattr(ruler, "foresee", lambda *arguments: army if arguments[-1] > 0.0 else police)
    nation = {
        "guilt": 0.0, "killed": 0.0, "elite_public": 0.75, "heard_strength": 0.25, "streets": 1.0, "disruption": 0.0,
        "output_lost": 1.0, "peaceful": 1.0, "concession": 0.0, "aggression": 0.1, "army_refused": 0.0, "ended_by": 0,
        "day": 3, "army_out": 1.0, "conceded_today": 9.0, "survival": 1.0, "choice": 9,
    }  # fmt: skip
    p = {
        "persons_per_agent": 10.0, "guilt_killed": 20.0, "doubt": 0.25, "decisiveness": 100.0, "fall_cost": 0.5,
        "guilt_cost": 0.0, "exit_offer": -5.0, "exit_guilt": 5.0, "exile_offer": -5.0, "exile_guilt": 5.0,
        "disruption_cost": 0.0, "refusal_cost": 0.3, "outrage_cost": 0.0, "concession_cost": 5.0,
        "concession_worth": 0.5, "concession_step": 0.2, "crackdown": 0.9, "strength_streets": 0.5, "defiance": 0.0,
        "choice_possible": 1.0,
    }  # fmt: skip
    lever = {"aggression": 0.0, "concession": 0.0}
    for name in changes:
        assert name in nation or name in p or name.removeprefix("order_") in lever
    row = SimpleNamespace(**(nation | {key: value for key, value in changes.items() if key in nation}))
    parameters = SimpleNamespace(**(p | {key: value for key, value in changes.items() if key in p}))
    orders = SimpleNamespace(**{name: changes.get(f"order_{name}", value) for name, value in lever.items()})
    localities = SimpleNamespace(size=np.array([60_000, 40_000]))
    ruler.choose.py_func(localities, None, row, parameters, orders, np.uint64(1))
    return row


CASES: list[tuple[dict[str, float], Choice]] = [
    ({}, Choice.WAIT),
    # obeyed, Phi((0.25 + 0.5 - 0.25) / 0.25) = 0.977 is worth 0.966; half of them, (0.966 - 0.451) / 2 = 0.26
    ({"police": 1.0}, Choice.CLEAR),
    ({"police": 0.6}, Choice.CLEAR),
    ({"police": 0.4}, Choice.WAIT),
    ({"police": 1.0, "streets": 0.0, "outrage_cost": 0.1}, Choice.WAIT),  # there is nothing to win back
    ({"police": 1.0, "outrage_cost": 1.0}, Choice.WAIT),  # 0.966 - 0.9
    ({"police": 1.0, "outrage_cost": 1.0, "peaceful": 0.0}, Choice.CLEAR),
    ({"police": 0.2, "army": 1.0}, Choice.ARMY),
    ({"police": 0.2, "army": 1.0, "army_refused": 1.0}, Choice.WAIT),
    ({"police": 0.8, "army": 0.9}, Choice.ARMY),
    # conceding a fifth wins 0.5 * 0.5 * 0.2 = 0.05 of strength: Phi(0.2) = 0.579, worth 0.369, less 0.2 * the cost
    ({"concession_cost": 0.5}, Choice.CONCEDE),
    ({"concession_cost": 0.5, "defiance": 1.0}, Choice.WAIT),
    ({"concession_cost": 0.5, "streets": 0.0}, Choice.WAIT),
    ({"exit_offer": 0.3}, Choice.RESIGN),
    ({"exit_offer": 0.2}, Choice.WAIT),
    ({"exit_offer": 0.2, "disruption_cost": 0.2}, Choice.RESIGN),  # disrupted, waiting is worth 0.25 - 0.2 * 1
    ({"exile_offer": 0.3}, Choice.FLEE),
    ({"exile_offer": 0.3, "guilt": 0.5}, Choice.WAIT),  # the culpable find no exile
    ({"exit_offer": 0.3, "police": 1.0}, Choice.CLEAR),  # who has force left uses it before he goes
    ({"exit_offer": 0.3, "heard_strength": 0.75}, Choice.WAIT),
    ({"exit_offer": 5.0, "choice_possible": 0.0}, Choice.WAIT),
]


@pytest.mark.parametrize(("changes", "choice"), CASES)
def test_the_ruler_takes_what_is_worth_most(changes: dict[str, float], choice: Choice, monkeypatch: pytest.MonkeyPatch):
    assert Choice(chosen(monkeypatch, **changes).choice) is choice


def test_every_choice_is_best_somewhere():
    assert {choice for _, choice in CASES} == set(Choice)


def test_what_follows_from_a_choice(monkeypatch: pytest.MonkeyPatch):
    cleared = chosen(monkeypatch, police=1.0)
    assert (cleared.aggression, cleared.army_out, cleared.conceded_today, cleared.ended_by) == (0.9, 0.0, 0.0, 0)
    sent = chosen(monkeypatch, army=1.0)
    assert (sent.aggression, sent.army_out) == (0.9, 1.0)
    given = chosen(monkeypatch, concession_cost=0.1, concession=0.5)
    assert (given.conceded_today, given.concession) == (pytest.approx(0.1), pytest.approx(0.6))  # 0.2 of what is left
    gone, fled = chosen(monkeypatch, exit_offer=1.0), chosen(monkeypatch, exile_offer=1.0)
    assert (gone.ended_by, fled.ended_by) == (-Choice.RESIGN, -Choice.FLEE)
    late = chosen(monkeypatch, exit_offer=1.0, ended_by=2)
    assert late.ended_by == 2  # a parliament was faster


def test_a_regime_that_is_harsher_already_does_not_become_milder(monkeypatch: pytest.MonkeyPatch):
    assert chosen(monkeypatch, police=1.0, aggression=0.95).aggression == 0.95


def test_what_is_ordered_from_outside_overrules_his_choice(monkeypatch: pytest.MonkeyPatch):
    assert chosen(monkeypatch, police=1.0, order_aggression=0.2, aggression=0.2).aggression == 0.2
    row = chosen(monkeypatch, order_concession=0.4)
    assert (row.concession, row.conceded_today) == (0.4, 0.4)
    less = chosen(monkeypatch, order_concession=0.4, concession=0.5)
    assert (less.concession, less.conceded_today) == (0.5, 0.0)


def test_he_judges_himself_by_what_is_public(monkeypatch: pytest.MonkeyPatch):
    """0.25 is what all hear and a quarter have broken: a half; with half of them gone, Phi(-1)."""
    assert chosen(monkeypatch).survival == pytest.approx(0.5)
    assert chosen(monkeypatch, elite_public=0.5).survival == pytest.approx(0.158655253931457)


def test_killing_makes_him_guilty(monkeypatch: pytest.MonkeyPatch):
    """20 of a million are e^-1 from innocence at a scale of 20 per million."""
    assert chosen(monkeypatch, killed=20.0).guilt == pytest.approx(1.0 - math.exp(-1.0))


def luck(monkeypatch: pytest.MonkeyPatch, days: int, **changes: float) -> Counter[int]:
    return Counter(chosen(monkeypatch, day=day, **changes).choice for day in range(days))


def test_a_ruler_who_decides_nothing_takes_each_choice_that_he_has_as_often(monkeypatch: pytest.MonkeyPatch):
    """Chi-square; false alarm 1e-4. Where the army refuses it is no choice."""
    for refused, options in ((0.0, 6), (1.0, 5)):
        found = luck(monkeypatch, 3000, decisiveness=0.0, army_refused=refused)
        assert len(found) == options
        assert (Choice.ARMY in found) is (refused == 0.0)
        assert stats.chisquare(list(found.values())).pvalue > 1e-4


def test_chances_are_those_of_a_multinomial_choice(monkeypatch: pytest.MonkeyPatch):
    """Leaving is worth ln 3 / 10 more than waiting, so that a decisiveness of 10 makes it three times as frequent."""
    offer = 0.25 + math.log(3.0) / 10.0
    found = luck(monkeypatch, 3000, decisiveness=10.0, exit_offer=offer, police=-90.0, army=-90.0)
    both = found[Choice.WAIT] + found[Choice.RESIGN]
    assert both > 2900
    assert stats.binomtest(found[Choice.RESIGN], both, 0.75).pvalue > 1e-4


def test_a_ruler_weighs_his_rule_on_days_on_which_it_is_in_question(monkeypatch: pytest.MonkeyPatch):
    """He gives himself a half, and half of what streets and plants can disrupt is: three days in four."""
    found = luck(monkeypatch, 3000, exit_offer=5.0, output_lost=0.5)
    assert set(found) == {Choice.WAIT, Choice.RESIGN}
    assert stats.binomtest(found[Choice.RESIGN], 3000, 0.75).pvalue > 1e-4
    sure = luck(monkeypatch, 300, exit_offer=5.0, output_lost=0.0, streets=0.0, heard_strength=20.0)
    assert set(sure) == {Choice.WAIT}  # nothing is asked, whatever he would answer


def test_how_disruptive_crowds_are_is_a_mean_over_those_who_came():
    localities = SimpleNamespace(size=np.array([9, 9]), crowd=np.array([[30, 0], [10, 60]]))
    tactics = np.array([(0.5,), (0.1,)], dtype=[("disruption", "f8")]).view(np.recarray)
    nation = SimpleNamespace(disruption=9.0)
    ruler.disturb.py_func(localities, tactics, nation)
    assert nation.disruption == pytest.approx(0.26)  # (40 * 0.5 + 60 * 0.1) / 100
    localities.crowd[:] = 0
    ruler.disturb.py_func(localities, tactics, nation)
    assert nation.disruption == 0.0


def test_an_army_that_is_sent_is_out_on_the_next_day_and_no_longer():
    """Its force is ordered against crowds only on the day after an evening on which the ruler chose the army."""
    config = country({"police.forces.army.call_out": 1.0, "police.forces.army.all_out": 1.0, "time.days": 40})
    found = [live_through(config, seed).recorder.national(config) for seed in (1, 2, 3)]
    sent = 0
    for days in found:
        evening_before = days["ruler_choice"].shift(1).eq("army")
        out = days["police_ordered_army"] > 0
        sent += int(out.sum())
        assert (evening_before | ~out).all()
    assert sent > 0
