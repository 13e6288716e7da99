"""How far runs part, worked by hand, and the table for a small country."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mini_country import mini

from analysis.findings.luck import HEAD, day_spread, main, relative_spread


def test_the_interquartile_range_over_the_median() -> None:
    assert relative_spread(np.array([1.0, 2.0, 3.0, 4.0, 5.0])) == pytest.approx(2.0 / 3.0)  # (4 - 2) / 3
    assert relative_spread(np.full(5, 7.0)) == 0.0


def test_the_spread_of_days_leaves_quiet_days_out() -> None:
    e = np.e
    daily = np.array([[0.0, 100.0, 1000.0], [9.0, 100.0 * e, 1000.0], [0.0, 100.0 * e * e, 1000.0]])
    assert day_spread(daily, 50.0) == pytest.approx(np.sqrt(0.5))  # variances of ln: 1 and 0
    assert day_spread(daily, 150.0) == pytest.approx(np.sqrt(0.5))
    assert day_spread(daily, 500.0) == 0.0
    assert np.isnan(day_spread(daily, 5000.0))


def test_the_table_of_a_small_country(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(mini(tmp_path)), "--replicates", "quick-20", "--least", "50"])
    head, _, with_it, without = capsys.readouterr().out.splitlines()
    assert head == f"| {' | '.join(HEAD)} |"
    assert with_it.startswith("| with luck | ")
    assert without.startswith("| without luck | ")
    (wide, narrow) = (float(line.split(" | ")[3]) for line in (with_it, without))
    assert wide > narrow
