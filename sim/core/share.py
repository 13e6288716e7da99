"""Where the folders that travel with the program lie: `seeds` and `scenarios`."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def share_dir(name: str) -> Path:
    """Return the folder `name`: beside the package in a clone, inside it once installed."""
    beside = PACKAGE.parent / name
    if (PACKAGE.parent / "pyproject.toml").is_file() and beside.is_dir():
        return beside
    return PACKAGE / "_share" / name
