"""Figures of who takes part and where, of strikes, forms of defection, and of the shares of the state and the world."""

from __future__ import annotations

import dataclasses

import pytest
from matplotlib.figure import Figure
from picture_runs import DAYS, mobilisation_run

from analysis.report.figures import available, pictures
from analysis.report.figures.files import drawn
from analysis.report.figures.power import disloyalty
from analysis.report.figures.spread import strike_places
from analysis.report.figures.style import Picture
from analysis.report.figures.who import composition, days_to_breadth, effective_groups, population_shares


def picture(name: str) -> Picture:
    return next(picture for picture in pictures() if picture.name == name)


def texts(figure: Figure) -> list[str]:
    found = figure.findobj(lambda item: hasattr(item, "get_text"), include_self=False)
    return [item.get_text() for item in found if item.get_visible()]


def test_population_shares_are_those_of_the_scenario() -> None:
    shares = population_shares(mobilisation_run())
    assert {name: round(sum(groups.values()), 6) for name, groups in shares.items()} == dict.fromkeys(shares, 1.0)
    assert shares["age"] == pytest.approx({"young": 0.4, "old": 0.6})
    assert shares["camp"] == pytest.approx({"protest": 0.4 * 0.5 + 0.6 * 0.25, "regime": 0.4 * 0.5 + 0.6 * 0.75})
    assert shares["region"]["Minsk_city"] == pytest.approx(2_000_000 / 2_360_000)


def test_the_composition_holds_those_in_action_against_the_population() -> None:
    run = mobilisation_run()
    camp = composition(run)["camp"]
    assert camp.loc["protest"].to_dict() == pytest.approx({"acting": 1.0, "population": 0.35})
    assert camp.loc["regime", "acting"] == 0.0  # that nobody of them comes is shown
    axis = next(axis for axis in drawn(picture("composition"), run).axes if axis.get_title("left") == "camp")
    hollow, full = axis.lines
    assert hollow.get_xdata().tolist() == pytest.approx([0.35, 0.65])
    assert full.get_xdata().tolist() == [1.0, 0.0]
    assert "by camp: protest (100% of all days of action, 35% of the population)" in picture("composition").caption(run)


def test_breadth_counts_effective_groups_and_the_days_it_takes() -> None:
    run = mobilisation_run()
    groups = effective_groups(run)
    assert groups["region"].iloc[0] == pytest.approx(3 ** (0.9 * 1.5 / 27))  # the mean of the first four days
    assert days_to_breadth(run) is None  # the scenario names no mass turnout
    assert "No day reaches mass turnout" in picture("breadth").caption(run)
    run.scenario.outcome = type("Outcome", (), {"mass_turnout": 0.02, "general_strike": 0.5})
    run.scenario.run = type("Scale", (), {"persons_per_agent": 100})
    assert days_to_breadth(run) == (6, 22)  # 50,000 of 2.36 million on the first Sunday; 0.4 + 0.4 * 22 / 27 > 0.72
    assert "16 days after the first day of mass protest, 9 August 2020" in picture("breadth").caption(run)
    run.scenario.run.persons_per_agent = 1_100_000  # an agent a place: 3.3 million; 66,000 are mass turnout
    assert days_to_breadth(run) == (13, 22)


def test_forms_of_disloyalty_are_shares_of_all_officers_and_none_is_counted_twice() -> None:
    row = disloyalty(mobilisation_run()).iloc[0]
    assert row.to_dict() == pytest.approx({"switched": 0.005, "resigned": 0.005, "criticising": 0.03, "shirking": 0.01})
    assert "1% shirk quietly" in picture("disloyalty").caption(mobilisation_run())


def test_strikes_are_told_by_class_by_place_and_by_their_distance_to_a_general_one() -> None:
    run = mobilisation_run()
    run.scenario.outcome = type("Outcome", (), {"mass_turnout": 0.02, "general_strike": 0.5})
    run.scenario.run = type("Scale", (), {"persons_per_agent": 100})
    caption = picture("strikes").caption(run)
    assert "class 0 75%, class 1 25%." in caption
    assert "10% of output at most; a general strike would be 50%" in caption
    assert "general strike" in texts(drawn(picture("strikes"), run))
    places = strike_places(run)
    assert places["locality"].tolist() == ["Minsk", "Brest", "Hlybokaye"]
    assert places["share"].tolist() == pytest.approx([0.6, 0.2, 0.2], abs=0.001)
    bars = drawn(picture("strike-places"), run).axes[0].patches
    assert [bar.get_width() for bar in bars] == places["days"].tolist()[::-1]


def test_crossings_are_counted_among_those_who_come_for_the_first_time() -> None:
    caption = picture("crossings").caption(mobilisation_run())
    assert caption.startswith("Of 4,000 persons who protest for the first time, 1,000 (25%) had helped")


def test_a_line_that_is_zero_throughout_is_neither_drawn_nor_told() -> None:
    run = mobilisation_run()
    words = texts(drawn(picture("world"), run))
    assert "sanctions" in words
    assert "findings" not in words
    assert "Foreign sanctions: at most 25% (30 August 2020), 25% at the end." in picture("world").caption(run)
    assert "crimes" not in picture("world").caption(run)
    assert "reached by the network: at least 20% (9 August 2020), 80% at the end." in picture("media").caption(run)


def test_war_is_shown_where_there_is_one() -> None:
    run = mobilisation_run()
    at_war = dataclasses.replace(run, days=run.days.assign(volunteers=range(DAYS)))
    assert "war" in [picture.name for picture in available(at_war)]
    assert "27 persons on 30 August 2020" in picture("war").caption(at_war)


def test_what_moves_in_every_run_is_no_reason_for_a_picture() -> None:
    run = mobilisation_run()
    days = run.days.assign(community_trust=0.0, cooptation=0.0, vigils=0)
    assert days["coordination"].any()
    assert "movement" not in [picture.name for picture in available(dataclasses.replace(run, days=days))]
