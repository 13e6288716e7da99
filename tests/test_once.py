"""What is worked out once for several runs is what each would work out alone, and nobody can change it for others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiny_country import country_file

from sim.core.errors import ScenarioError
from sim.core.once import MOST, once
from sim.models.mobilisation.numbers import numbers
from sim.run import known as knowing
from sim.run import load as loading
from sim.run.load import load


class Scenario:
    """Stands for one: what is kept goes by identity, whatever the scenarios are."""


def test_a_result_is_kept_for_the_scenarios_asked_for_last() -> None:
    asked: list[Scenario] = []

    @once
    def worked_out(config: Scenario) -> object:
        asked.append(config)
        return object()

    several = [Scenario() for _ in range(MOST + 1)]
    found = [worked_out(config) for config in several]
    assert len(set(map(id, found))) == len(several)
    assert worked_out(several[-1]) is found[-1]
    assert len(asked) == MOST + 1
    assert worked_out(several[0]) is not found[0]  # it was the oldest


def test_a_scenario_that_is_gone_gives_its_results_to_no_other() -> None:
    @once
    def name(config: list[int]) -> int:
        return config[0]

    for number in range(100):  # each may stand where the one before stood in memory
        assert name([number]) == number


def test_a_run_may_change_its_numbers(tmp_path: Path) -> None:
    """As levers of the page do."""
    config = load(country_file(tmp_path)).config
    one, other = numbers(config), numbers(config)
    one.levers["shutdown"] += 0.5
    one.scalars["persons_per_agent"] += 1.0
    assert np.array_equal(numbers(config).levers, other.levers)
    assert numbers(config).scalars == other.scalars
    for name, value in vars(one).items():
        assert not np.shares_memory(value, getattr(other, name)), name


def test_a_scenario_is_read_again_when_a_file_of_its_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = country_file(tmp_path)
    child = tmp_path / "child.yaml"
    child.write_text(f"extends: {parent.name}\nabout: {{title: a child}}\n", encoding="utf-8")
    read: list[Path] = []
    whole = loading.resolve
    monkeypatch.setattr(loading, "resolve", lambda path, *more: read.append(path) or whole(path, *more))
    first, again = load(child), load(child)
    assert read == [child]
    assert again.data == first.data
    assert again.config == first.config
    with_override = load(child, {"time.days": 12})
    assert read == [child]
    assert (with_override.config.time.days, load(child).config.time.days) == (12, 40)
    again.data["about"]["title"] = "changed by whoever got it"
    assert load(child).data == first.data
    with pytest.raises(ScenarioError, match=r"time\.dayz: unknown key path"):
        load(child, {"time.dayz": 12})
    monkeypatch.setattr(knowing, "_KNOWN", {})
    with pytest.raises(ScenarioError) as alone:
        load(child, {"time.dayz": 12, "time.days": -1})
    load(child)
    with pytest.raises(ScenarioError) as known:
        load(child, {"time.dayz": 12, "time.days": -1})
    assert str(known.value) == str(alone.value)
    text = parent.read_text(encoding="utf-8")
    parent.write_text(text.replace("days: 40", "days: 41"), encoding="utf-8")
    assert load(child).config.time.days == 41
    child.unlink()
    with pytest.raises(ScenarioError):
        load(child)


def test_the_same_overrides_are_checked_once_and_give_plain_data_of_its_own(tmp_path: Path) -> None:
    file, changes = country_file(tmp_path), {"run.persons_per_agent": 500}
    load(file)
    first, again = load(file, changes), load(file, dict(changes))
    assert again.config is first.config is not load(file).config
    first.data["run"]["persons_per_agent"] = 1
    assert load(file, changes).data == again.data != first.data


def test_overrides_that_only_look_alike_are_told_apart(tmp_path: Path) -> None:
    file = country_file(tmp_path)
    assert load(file, {"run.persons_per_agent": 1}).config.run.persons_per_agent == 1
    with pytest.raises(ScenarioError):
        load(file, {"run.persons_per_agent": True})
    with pytest.raises(ScenarioError):
        load(file, {"run.persons_per_agent": "1"})
    keys = [knowing.key_of({"a": value}) for value in (1, 1.0, True, "1", 0.0, -0.0)]
    assert len(set(keys)) == len(keys)
    assert knowing.key_of({"a": [1]}) is None
    with pytest.raises(ScenarioError, match="too large a number"):
        load(file, {"run.persons_per_agent": 10**5000})  # more digits than Python writes


def test_only_the_last_overrides_are_kept(tmp_path: Path) -> None:
    file = country_file(tmp_path)
    several = [load(file, {"run.persons_per_agent": number}).config for number in range(1, knowing.MOST + 2)]
    last = knowing.MOST + 1
    assert load(file, {"run.persons_per_agent": last}).config is several[-1]
    assert load(file, {"run.persons_per_agent": 1}).config is not several[0]
