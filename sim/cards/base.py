"""The scenario that cards build on, Belarus 2020: its values stand wherever no rule gives one."""

from __future__ import annotations

from functools import cache
from typing import Any

from sim.core.share import share_dir
from sim.scenario.yaml import read

BASE = "belarus-2020"
INTERNET_USERS = 0.83
"""Who uses the internet there, of all ages together; the scenario has it by age."""


@cache
def base_data() -> dict[str, Any]:
    """Return the scenario's values as plain data."""
    return read(share_dir("scenarios") / f"{BASE}.yaml").data


def base(path: str) -> Any:
    """Return Belarus's value at a key path, so that what follows from it follows its calibration."""
    value: Any = base_data()
    for name in path.split("."):
        value = value[name]
    return value
