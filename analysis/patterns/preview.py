"""Patterns before they run: how many runs, how long."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.console import show_table
from analysis.figures.style import several
from analysis.patterns.load import LoadedPattern
from analysis.sweep.preview import preview as preview_study

COLUMNS = ("pattern", "checks", "points", "replicates", "runs", "to do", "seconds")


def preview(patterns: Sequence[LoadedPattern], folder: Path, workers: int | None) -> list[dict[str, Any]]:
    """Return what each pattern's study would do, as plain data. Nothing is started and nothing written."""
    return [
        {"pattern": one.name, "checks": len(one.asked)} | preview_study(one.study, folder / one.name, workers)
        for one in patterns
    ]


def show_preview(planned: Sequence[dict[str, Any]]) -> None:
    """Print what the patterns would run."""
    rows = [
        (
            one["pattern"],
            one["checks"],
            f"{one['points']:,}",
            f"{one['replicates']:,}",
            f"{one['runs']:,}",
            f"{one['runs_to_do']:,}",
            f"{one['estimated_seconds']:.0f}",
        )
        for one in planned
    ]
    seconds = sum(one["estimated_seconds"] for one in planned)
    runs = sum(one["runs_to_do"] for one in planned)
    hands = several(planned[0]["workers"], "core")
    note = f"{several(runs, 'run')} to do, about {seconds / 60.0:.1f} minutes on {hands}; "
    show_table(COLUMNS, rows, note + "nothing was started (--dry-run)")
