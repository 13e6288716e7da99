"""What a run of the page is asked for: a scenario, the sliders that were moved, and what was set beside the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Setup:
    """One parameter set: a scenario, the sliders that were moved, and what was set beside the file."""

    scenario: str
    values: Mapping[str, float] = field(default_factory=dict)
    overrides: Mapping[str, Any] = field(default_factory=dict)
