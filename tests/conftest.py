"""What several tests share: the command as a user runs it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., "subprocess.CompletedProcess[str]"]

SLOWEST_FIRST = (
    "test_switches.py",
    "test_patterns.py",
    "test_baseline.py",
    "test_mechanism_signs.py",
    "test_study_dask.py",
    "test_wheel.py",
)
"""Files that take minutes: begun first, so that no core idles at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files; the rest keeps its order."""
    place = {name: order for order, name in enumerate(SLOWEST_FIRST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


@pytest.fixture
def protestorate(tmp_path: Path) -> Command:
    """The installed command in its own process and an empty folder: its exit code and what it printed."""

    def call(*arguments: object, folder: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "analysis.cli", *map(str, arguments)],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
        )

    return call
