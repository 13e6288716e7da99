"""Where the folders that travel with the program lie: `seeds` and `scenarios`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def is_clone() -> bool:
    """Return whether the program runs from a clone, and not from where it was installed alone."""
    return (PACKAGE.parent / "pyproject.toml").is_file()


def share_dir(name: str) -> Path:
    """Return the folder `name`: beside the package in a clone, inside it once installed."""
    beside = PACKAGE.parent / name
    return beside if is_clone() and beside.is_dir() else PACKAGE / "_share" / name


def share_file(name: str) -> Path:
    """Return a file that travels likewise, such as ``CITATION.cff``."""
    return (PACKAGE.parent if is_clone() else PACKAGE / "_share") / name


def to_install(extra: str) -> str:
    """Return the command that installs an extra of the program beside it: from the clone, where it runs from one."""
    what = ["-e", f"{PACKAGE.parent}[{extra}]"] if is_clone() else [f"protestorate[{extra}]"]
    return shlex.join([sys.executable, "-m", "pip", "install", *what])
