"""What the command line chose for the page: read by every tab, changed by none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.run.result import Run

Exporter = Callable[[Run, Path], object]
"""Given a run and the folder that is being written, adds files such as the report."""

DEFAULT_SCENARIO = "belarus-2020"


@dataclass(frozen=True)
class Options:
    """What `protestorate view` was asked for.

    Attributes
    ----------
    scenario : str
        Name or file of the scenario with which a tab opens.
    compare : str or None
        The second scenario, if the page is to open with a comparison.
    overrides : mapping of str to value
        Values set beside the file, by key path; they hold for both scenarios.
    export_folder : Path
        The only folder that the page writes to.
    exporter : callable or None
        Adds the report to an exported run. `sim` knows no reports, so the command hands it in.
    threads : int
        Threads for the pass over citizens, in each tab.
    """

    scenario: str = DEFAULT_SCENARIO
    compare: str | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    export_folder: Path = Path("results")
    exporter: Exporter | None = None
    threads: int = 1


_chosen = Options()


def configure(options: Options) -> None:
    """Set the options of this process, before the server starts."""
    global _chosen
    _chosen = options


def options() -> Options:
    """Return the options of this process."""
    return _chosen
