"""Runs at several scales held against the finest: what is told in bold, and what is not."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.findings.scale import BOUND, _cell, tables
from sim.run.load import load
from sim.study import Keep, Point, Study, run_study

SEEDS = range(8)


def runs(*values: float) -> pd.Series:
    return pd.Series(values, index=pd.Index(range(len(values)), name="replicate"))


@pytest.mark.parametrize(("factor", "bold"), [(1.3, True), (0.7, True), (1.0 + BOUND / 2, False), (1.0, False)])
def test_bold_is_what_lies_beyond_the_bound_altogether(factor: float, bold: bool) -> None:
    finest = [100.0 + seed for seed in SEEDS]
    found = _cell(runs(*finest), runs(*(factor * one + 0.01 * seed for seed, one in enumerate(finest))))
    assert found.startswith("**") is bold, found


def test_a_difference_that_scatters_is_not_told_in_bold() -> None:
    finest = runs(*(100.0 for _ in SEEDS))
    assert not _cell(finest, runs(*(160.0 if seed % 2 else 60.0 for seed in SEEDS))).startswith("**")


def test_a_table_of_runs_at_three_scales(tmp_path) -> None:
    base = load("belarus-2020")
    points = tuple(Point(f"{size:,}", "b", {"run.persons_per_agent": size}) for size in (2000, 4000, 8000))
    study = Study("scale", {"b": base}, points, (1, 2, 3), Keep(days=True), title="scale")
    (text,) = tables(study, run_study(study, tmp_path, workers=1), "protestorate findings scale").values()
    head, _, *rows = [line for line in text.splitlines() if line.startswith("|")]
    assert head == "| number | 2,000 persons an agent | 4,000 | 8,000 |"
    largest = next(row for row in rows if row.startswith("| largest day |"))
    assert largest.count("%") == 6, "two differences with their intervals"
