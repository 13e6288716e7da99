"""Study files: what they become."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
import yaml
from study_files import BASE, working_folder, write

from sim.core.errors import ScenarioError
from sim.core.share import share_dir
from sim.evidence.replicates import replicate_seeds
from sim.evidence.sources import sources_of
from sim.run.load import derive, load
from sim.study.load import find_study, load_study, studies
from sim.study.parameters import describe, said_range, short_names
from sim.study.plan import Keep, Precision, Range


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return working_folder(tmp_path, monkeypatch)


def test_the_shipped_studies_are_valid() -> None:
    wanted = {"shutdown-and-hub", "belarus-ablation", "belarus-sensitivity", "belarus-hypercube"}
    assert wanted | {"belarus-one-at-a-time"} <= set(studies())
    for name in studies():
        study = load_study(name)
        assert study.name == name
        assert study.title
        assert study.question.endswith("?")
        assert len({point.label for point in study.points}) == len(study.points) > 1
        if name in wanted:
            assert study.bases["belarus-2020"].data["run"]["persons_per_agent"] == 1000


def test_values_of_the_shipped_studies_lie_about_those_of_the_scenario() -> None:
    """As their heads say: half as much and half as much again; and assumptions alone."""
    base = load("belarus-2020")
    kinds = {one.path: one.kind for one in sources_of(base.data)}

    def varied(name: str) -> Iterator[tuple[str, float, Any]]:
        for path, span in yaml.safe_load(find_study(name).read_text("utf-8"))["design"]["parameters"].items():
            yield path, attrgetter(path)(base.config), span

    for path, own, (low, high) in varied("belarus-one-at-a-time"):
        assert low < own < high, path
        if path != "information.turnout_memory":
            assert (low, high) == pytest.approx((own / 2, 1.5 * own), rel=0.01), path
    for path, own, span in varied("belarus-sensitivity"):
        assert span["low"] <= own <= span["high"], path
        assert kinds[path] == "assumption", path


def test_a_whole_study(folder: Path) -> None:
    text = """\
title: A title
question: Why?
scenario: belarus-2020
set: {run.persons_per_agent: 1000, time.days: 160}
design:
  kind: grid
  parameters:
    mechanisms.shutdown: [true, false]
    regime.aggression_gain: {low: 0.5, high: 0.6, steps: 2}
replicates: {list: standard-100, first: 10}
keep: {days: true}
precision: {outcome: falls, half_width: 0.1, at_least: 5}
"""
    study = load_study(write(folder, text), {"time.days": 150})
    assert (study.name, study.title, study.question) == ("s", "A title", "Why?")
    assert study.bases["belarus-2020"].data["time"]["days"] == 150
    assert study.bases["belarus-2020"].data["run"]["persons_per_agent"] == 1000
    assert [point.label for point in study.points] == [
        "shutdown=true, aggression_gain=0.5",
        "shutdown=true, aggression_gain=0.6",
        "shutdown=false, aggression_gain=0.5",
        "shutdown=false, aggression_gain=0.6",
    ]
    assert study.points[1].overrides == {"mechanisms.shutdown": True, "regime.aggression_gain": 0.6}
    assert study.seeds == replicate_seeds("standard-100")[:10]
    assert study.keep == Keep(days=True, localities=False)
    assert study.precision == Precision("falls", 0.1, at_least=5)
    assert study.design.kind == "grid"
    assert study.design.options == {
        "parameters": {"mechanisms.shutdown": [True, False], "regime.aggression_gain": [0.5, 0.6]}
    }


def test_ranges_are_recorded_with_scale_and_whole_numbers(folder: Path) -> None:
    text = BASE + (
        "design:\n  kind: sobol\n  size: 4\n  parameters:\n"
        "    economy.treasury_days: {low: 2, high: 200, scale: log, unit: days of spending}\n"
        "    people.networks.weak_ties: {low: 2, high: 12}\nreplicates: 2\n"
    )
    study = load_study(write(folder, text))
    assert study.design.ranges == {
        "economy.treasury_days": Range(2.0, 200.0, "log", whole=False),
        "people.networks.weak_ties": Range(2, 12, whole=True),
    }
    assert study.design.options == {"size": 4, "seed": 1, "second_order": False}
    assert len(study.points) == 4 * (2 + 2)
    assert study.points[0].label == "sample 1"
    assert {type(point.overrides["people.networks.weak_ties"]) for point in study.points} == {int}


def test_points_written_out(folder: Path) -> None:
    text = BASE + (
        "design:\n  kind: list\n  points:\n    - {}\n    - {label: quiet, set: {events.shutdown: null}}\n"
        "    - {set: {information.turnout_low: 6000.0, information.turnout_high: 0.1}}\n"
    )
    study = load_study(write(folder, text))
    assert [point.label for point in study.points] == ["base", "quiet", "turnout_low=6000, turnout_high=0.1"]
    assert "shutdown" not in study.resolved(1).data["events"]
    assert study.seeds == replicate_seeds("quick-20")


def test_a_design_over_several_scenarios(folder: Path) -> None:
    write(folder, "extends: belarus-2020\nabout: {title: Other}\nmechanisms: {hub: false}\n", "other.yaml")
    text = "scenarios: [belarus-2020, other]\nset: {time.days: 150}\ndesign: {kind: ablation, mechanisms: [strikes]}\n"
    study = load_study(write(folder, text))
    assert [(point.base, point.label) for point in study.points] == [
        ("belarus-2020", "belarus-2020"),
        ("belarus-2020", "belarus-2020: without strikes"),
        ("other", "other"),
        ("other", "other: without strikes"),
    ]
    assert {loaded.data["time"]["days"] for loaded in study.bases.values()} == {150}


def test_a_point_of_one_of_several_scenarios(folder: Path) -> None:
    text = (
        "scenarios: [belarus-2020, granovetter-1978]\n"
        "design: {kind: list, points: [{}, {scenario: granovetter-1978, set: {population.persons: 99}}]}\n"
    )
    study = load_study(write(folder, text))
    assert [(point.base, point.label) for point in study.points] == [
        ("belarus-2020", "belarus-2020"),
        ("granovetter-1978", "granovetter-1978"),
        ("granovetter-1978", "granovetter-1978: persons=99"),
    ]


def test_an_ablation_of_all_leaves_out_what_is_off(folder: Path) -> None:
    study = load_study(write(folder, BASE + "set: {mechanisms.hub: false}\ndesign: {kind: ablation}\n"))
    config = study.bases["belarus-2020"].config
    on = [name for name, value in config.mechanisms if value]  # type: ignore[attr-defined]
    assert [point.label for point in study.points] == ["base", *(f"without {name}" for name in on)]
    assert "hub" not in on


def test_the_same_scenario_as_a_point_by_hand(folder: Path) -> None:
    text = BASE + "design: {kind: one_at_a_time, parameters: {regime.aggression_gain: [0.5]}}\nreplicates: 1\n"
    study = load_study(write(folder, text))
    assert [dict(point.overrides) for point in study.points] == [{}, {"regime.aggression_gain": 0.5}]
    expected = derive(load("belarus-2020"), {"regime.aggression_gain": 0.5})
    assert study.resolved(1).config == expected.config
    assert study.seeds == replicate_seeds("reference-1000")[:1]


def test_a_study_may_be_called_as_the_scenario_that_it_runs(folder: Path) -> None:
    study = folder / "granovetter-1978.yaml"
    design = "{kind: grid, parameters: {population.persons: [50, 100]}}"
    study.write_text(f"scenario: granovetter-1978\ntitle: T\ndesign: {design}\nreplicates: 1\n", encoding="utf-8")
    (base,) = load_study(study).bases.values()
    assert base.path == load("granovetter-1978").path


def test_finding_a_study(folder: Path) -> None:
    assert find_study("belarus-ablation") == share_dir("scenarios") / "studies" / "belarus-ablation.yaml"
    with pytest.raises(ScenarioError) as caught:
        find_study("belarus-ablatoin")
    assert str(caught.value) == "belarus-ablatoin: there is no such study, did you mean 'belarus-ablation'?"
    with pytest.raises(ScenarioError, match="there is no such study"):
        find_study(folder)


def test_what_the_schema_says() -> None:
    belarus = load("belarus-2020")
    assert describe(belarus, "regime.aggression_gain") == {
        "unit": "factor",
        "description": "aggression per unit of perceived threat",
        "low": 0.0,
        "high": 2.0,
        "type": "number",
    }
    assert said_range(describe(belarus, "time.days")) == "[days; 1 to 3660]"
    kinds = {
        "time.days": "whole",
        "time.start": "date",
        "mechanisms.hub": "boolean",
        "places.localities.Minsk.settlement": "choice",
        "places.localities.Minsk.region": "text",
        "events.shutdown": "section",
        "people.camps.protest.shares.young": "number",
    }
    assert {path: describe(belarus, path)["type"] for path in kinds} == kinds
    share = describe(belarus, "people.camps.protest.shares.young")
    assert (share["low"], share["high"]) == (0.0, 1.0)
    normal = derive(
        load("granovetter-1978"), {"population.thresholds": {"kind": "normal", "mean": 25.0, "spread": 10.0}}
    )
    assert describe(normal, "population.thresholds.mean")["unit"] == "persons already acting"
    with pytest.raises(ScenarioError, match=r"did you mean 'regime\.aggression_gain'"):
        describe(belarus, "regime.aggression_gian")


def test_short_names() -> None:
    assert short_names(["a.b.x", "c.x", "y", "d.z"]) == {"a.b.x": "b.x", "c.x": "c.x", "y": "y", "d.z": "z"}
    assert short_names(["x", "a.x"])["a.x"] == "a.x"


def test_dates_and_user_names_in_a_grid(folder: Path) -> None:
    text = BASE + "design: {kind: grid, parameters: {time.start: [2020-08-01, 2020-08-02]}}\n"
    study = load_study(write(folder, text))
    assert study.points[1].overrides == {"time.start": dt.date(2020, 8, 2)}
    assert study.points[1].label == "start=2020-08-02"


def test_what_is_linked_follows_its_parameter_and_two_ends_are_drawn_by_chance(folder: Path) -> None:
    text = BASE + (
        "design:\n  kind: latin_hypercube\n  size: 40\n  seed: 3\n  parameters:\n"
        "    police.forces.riot.stacked: {low: 0.0, high: 1.0}\n"
        "    police.forces.army.conscript: {low: 0.1, high: 0.7, chance: 0.65}\n"
        "  linked:\n    police.forces.army.stacked: {of: police.forces.riot.stacked, times: 0.5}\n"
    )
    study = load_study(write(folder, text))
    drawn = [point.overrides for point in study.points]
    assert all(one["police.forces.army.stacked"] == 0.5 * one["police.forces.riot.stacked"] for one in drawn)
    assert {one["police.forces.army.conscript"] for one in drawn} == {0.1, 0.7}
    assert sum(one["police.forces.army.conscript"] == 0.7 for one in drawn) == 26  # 65% of the strata
    assert study.design.ranges["police.forces.army.conscript"] == Range(0.1, 0.7, chance=0.65)


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("police.forces.army.stacked: {of: police.forces.riots.stacked}", "is none of the parameters"),
        ("police.forces.riot.stacked: {of: police.forces.riot.stacked}", "is drawn already"),
        ("police.forces.army.stakked: {of: police.forces.riot.stacked}", "unknown key path"),
        ("police.forces.army.stacked: {of: police.forces.riot.stacked, times: 3.0}", "must be at most 1"),
    ],
)
def test_links_that_cannot_be_are_refused(folder: Path, link: str, words: str) -> None:
    text = BASE + (
        "design:\n  kind: latin_hypercube\n  size: 8\n  parameters:\n"
        f"    police.forces.riot.stacked: {{low: 0.0, high: 1.0}}\n  linked:\n    {link}\n"
    )
    with pytest.raises(ScenarioError, match=words):
        load_study(write(folder, text))


def test_what_follows_a_whole_number_is_whole_if_it_can_be(folder: Path) -> None:
    text = "scenario: granovetter-1978\ndesign:\n  kind: latin_hypercube\n  size: 8\n  parameters:\n"
    text += (
        "    population.persons: {low: 50, high: 90}\n  linked:\n    time.steps: {of: population.persons, times: 2.0}\n"
    )
    points = [point.overrides for point in load_study(write(folder, text)).points]
    assert all(type(one["time.steps"]) is int for one in points)
    assert all(one["time.steps"] == 2 * one["population.persons"] for one in points)
    with pytest.raises(ScenarioError, match=r"^s.yaml:8:5: design.linked.time.steps: must be a whole number"):
        load_study(write(folder, text.replace("2.0", "0.13")))
