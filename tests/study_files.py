"""Study files written by tests, and what is said about them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sim.core.errors import ScenarioError
from sim.run.load import load
from sim.study import load as loading

BASE = "scenario: belarus-2020\n"
SPAN = "regime.aggression_gain: {low: 0.1, high: 0.5}"
GRANOVETTER = "scenario: granovetter-1978\n"

read_once = cache(load)
"""The scenario's own reader; most of these tests start from the same file."""


def working_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make `folder` the working folder, and let each scenario be read once."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(loading, "load", read_once)
    return folder


def write(folder: Path, text: str, name: str = "s.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(folder: Path, text: str, overrides: dict[str, Any] | None = None) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        loading.load_study(write(folder, text), overrides)
    return [str(problem) for problem in caught.value.problems]
