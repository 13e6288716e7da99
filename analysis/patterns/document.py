"""What came of all patterns, as the table of a document."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.document import Tables, made, scales_of
from analysis.odd import table
from analysis.patterns.put import PatternResult
from analysis.patterns.report import TERMINAL_COLUMNS, summary, terminal_rows
from analysis.patterns.verdict import HOLDS
from sim.core.version import model_version

PLACE = "patterns"
"""The marked place of ``docs/patterns.md``."""


def tables(results: Sequence[PatternResult], command: str) -> Tables:
    """Return the table of patterns, by its `PLACE`.

    Parameters
    ----------
    results : sequence of PatternResult
    command : str
        What makes it again.
    """
    seeds = {len(one.pattern.study.seeds) for one in results}
    scales = {scale for one in results for scale in scales_of(one.pattern.study)}
    failed = sum(len(one.data.failures) for one in results)
    line = made(command, model_version(), seeds, scales, failed)
    rows = [_row(cells) for cells in terminal_rows(results)]
    return {PLACE: f"{line}\n\n{table(TERMINAL_COLUMNS, rows)}\n\n{summary(results)}."}


def _row(cells: Sequence[str]) -> list[str]:
    """A row with the pattern's name as code, and in bold its verdict and each check's that does not hold."""
    pattern, *others, verdict = cells
    name, _, together = pattern.partition(": ")
    return [
        f"`{name}` **{together}**" if pattern else "",
        *others,
        verdict if verdict == HOLDS else f"**{verdict}**",
    ]
