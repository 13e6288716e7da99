"""What each claim was said to come to, version after version of the model: a verdict that moves is one to distrust."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path

from analysis.claims.examine import Finding
from analysis.report.figures.style import several
from analysis.report.markdown import table
from analysis.report.page import write_text
from sim.core.errors import ProtestorateError

COLUMNS = ("made", "model_version", "claim", "verdict")


@dataclass(frozen=True)
class Said:
    """A verdict as it was once written down: the day it was made (ISO), the version of the model, claim, verdict."""

    made: str
    model_version: str
    claim: str
    verdict: str


def beside(document: Path) -> Path:
    """Return the file that holds the history of a document's verdicts, such as ``docs/claims-history.csv``."""
    return document.with_name(f"{document.stem}-history.csv")


def read(file: Path) -> list[Said]:
    """Return all verdicts that were written down, the oldest first; none if there is no such file.

    Raises
    ------
    ProtestorateError
        If it cannot be read, or a line is not made, model_version, claim and verdict.
    """
    if not file.exists():
        return []
    try:
        lines = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ProtestorateError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    for number, line in enumerate(lines, start=1):
        if len(line) != len(COLUMNS) or (number == 1) != (tuple(line) == COLUMNS):
            raise ProtestorateError(f"{file}:{number}: must be {', '.join(COLUMNS)}")
    return [Said(*line) for line in lines[1:]]


def added(before: Sequence[Said], made: str, version: str, findings: Sequence[Finding]) -> list[Said]:
    """Return a history with today's verdicts at its end; a version that is made again is replaced."""
    kept = [one for one in before if one.model_version != version]
    return [*kept, *(Said(made, version, one.trial.claim.id, one.verdict) for one in findings)]


def write(file: Path, history: Sequence[Said]) -> None:
    """Write a history, completely or not at all."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerows([COLUMNS, *((one.made, one.model_version, one.claim, one.verdict) for one in history)])
    write_text(file, text.getvalue())


def shown(history: Sequence[Said]) -> str:
    """Return in Markdown which verdicts changed from one version to the next, and how many did."""
    versions = list(dict.fromkeys(one.model_version for one in history))
    by_claim: dict[str, dict[str, Said]] = {}
    for one in history:
        by_claim.setdefault(one.claim, {})[one.model_version] = one
    if len(versions) < 2:
        return f"Verdicts of {several(len(versions), 'version')} of the model are kept; there is none to compare with."
    lines = [_between(by_claim, *both) for both in pairwise(versions)]
    moved = {
        claim: [next(group) for _, group in groupby(said.values(), key=lambda one: one.verdict)]
        for claim, said in sorted(by_claim.items())
    }
    rows = [
        (f"`{claim}`", " → ".join(f"{one.verdict} ({one.made})" for one in steps))
        for claim, steps in moved.items()
        if len(steps) > 1
    ]
    return "\n".join([*lines, "", table(("claim", "verdicts, each with the day it was first given"), rows)])


def _between(by_claim: Mapping[str, Mapping[str, Said]], earlier: str, later: str) -> str:
    both = [said for said in by_claim.values() if earlier in said and later in said]
    changed = sum(said[earlier].verdict != said[later].verdict for said in both)
    return f"* From `{earlier}` to `{later}`: {changed} of {several(len(both), 'experiment')} changed their verdict."
