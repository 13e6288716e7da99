"""How results are told: the report of a run, the frame and pictures of every report, tables in terminals and documents.

Imported alone it loads nothing heavy.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.run.result import Run


def write_report(run: Run, folder: Path, formats: Iterable[str] = (), name: str = "report.html") -> Path:
    """Write the report of a run, as `analysis.report.run.write_report`: the door that ``run.report()`` calls."""
    from analysis.report.run import write_report as write

    return write(run, folder, formats, name)
