"""Every scenario gives what it gave, to the bit: a change of numbers is a decision, never an accident."""

from __future__ import annotations

import baseline_runs
import pandas as pd
import pytest

SAY = "if the numbers were meant to change, write the baseline anew (make baseline) and mark **Results change**"


def test_every_scenario_has_its_baseline() -> None:
    assert sorted(path.stem for path in baseline_runs.FOLDER.glob("*.json")) == baseline_runs.scenarios()


@pytest.mark.parametrize("name", baseline_runs.scenarios())
def test_a_scenario_gives_what_it_gave(name: str) -> None:
    now, before = baseline_runs.found(name), baseline_runs.kept(name)
    for seed, kept in before.items():
        for part, values in kept.items():
            fresh = now[seed][part]
            if isinstance(values, dict):
                changed = [key for key in {**values, **fresh} if values.get(key) != fresh.get(key)]
                assert not changed, f"{name}, seed {seed}: {part} changed in {', '.join(changed)}; {SAY}"
            else:
                assert fresh == values, f"{name}, seed {seed}: {part} changed; {SAY}"


def test_a_digest_sees_the_last_bit() -> None:
    a = pd.Series([0.1, 0.2])
    assert baseline_runs.digest(a) != baseline_runs.digest(a * [1.0, 1.0 + 2.3e-16])
    assert baseline_runs.digest(a) == baseline_runs.digest(a.copy())
