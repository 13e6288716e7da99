"""What several tests share: the command as a user runs it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., "subprocess.CompletedProcess[str]"]


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
