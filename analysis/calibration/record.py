"""The record of a calibration: what was searched, with what, and what came of it."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.metadata
import io
import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from analysis.calibration.accept import Accepted, quantiles
from analysis.calibration.case import Case
from analysis.calibration.check import Table
from analysis.calibration.evaluate import Values
from analysis.calibration.fights import fights
from analysis.calibration.search import values_at
from sim.core.errors import ProtestorateError
from sim.core.version import model_version

FOLDER = Path(__file__).resolve().parent / "records"
Record = dict[str, Any]


def new_record(case: Case, command: str) -> Record:
    """Return the parts of a record that are known before a search."""
    return {
        "case": case.name,
        "command": command,
        "version": importlib.metadata.version("protestorate"),
        "model_version": model_version(),
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "targets": [
            {
                "name": target.name, "value": target.value, "low": target.low, "high": target.high, "unit": target.unit,
                "scale": target.scale, "weight": target.weight, "source": target.source, "note": target.note,
            }
            for target in case.targets
        ],
        "searched": {path: asdict(span) for path, span in case.searched.items()},
        "fixed": dict(case.fixed),
        "last_day": case.last_day,
        "stages": [],
    }  # fmt: skip


def as_checked(table: Table, seeds: str, runs: int, persons_per_agent: int) -> Record:
    """Return a target table as a record keeps it: with the seeds, the scale, the day and the version of the model."""
    made = {"date": dt.datetime.now(dt.UTC).date().isoformat(), "model_version": model_version()}
    return {**table.as_record(), "seeds": seeds, "runs": runs, "persons_per_agent": persons_per_agent, **made}


def accepted_part(case: Case, accepted: Accepted, best: Values) -> Record:
    """Return what was accepted: the tolerance, how many, and the range of each parameter beside what was drawn.

    Raises
    ------
    ProtestorateError
        If nothing was accepted: the best was run a few times too often by luck, or the draws are too few.
    """
    if not len(accepted.positions):
        raise ProtestorateError(f"none of {len(accepted.drawn)} parameter sets was accepted: run more (--accept)")
    low, middle, high = (values_at(case, row) for row in quantiles(accepted.positions))
    drawn_low, _, drawn_high = (values_at(case, row) for row in quantiles(accepted.drawn))
    levels, drawn = quantiles(accepted.positions), quantiles(accepted.drawn)
    return {
        "method": "ABC by rejection (Pritchard et al. 1999)",
        "tolerance": accepted.tolerance,
        "drawn": len(accepted.drawn),
        "sets": len(accepted.positions),
        "ranges": {
            path: {
                "best": best[path], "low": low[path], "median": middle[path], "high": high[path],
                "drawn_low": drawn_low[path], "drawn_high": drawn_high[path],
                "share_of_limits": float(levels[2, place] - levels[0, place]),
                "share_of_drawn": float(
                    (levels[2, place] - levels[0, place]) / max(drawn[2, place] - drawn[0, place], 1e-9)
                ),
            }
            for place, path in enumerate(case.searched)
        },
        "fights": [asdict(fight) for fight in fights(case.targets, accepted.residuals)],
    }  # fmt: skip


def accepted_sets(case: Case, accepted: Accepted) -> str:
    """Return the accepted parameter sets as CSV: values by key path, distance, residual by target."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*case.searched, "distance", *(target.name for target in case.targets)])
    for place, position in enumerate(accepted.positions):
        numbers = [accepted.distances[place], *accepted.residuals[place]]
        writer.writerow([*values_at(case, position).values(), *(f"{number:.4g}" for number in numbers)])
    return text.getvalue()


def path_of(case: Case, folder: Path | None = None) -> Path:
    """Return where a case's record stands."""
    return (folder or FOLDER) / f"{case.name}.json"


def read_record(path: Path) -> Record:
    """Read a record.

    Raises
    ------
    ProtestorateError
        If there is none yet.
    """
    if not path.exists():
        raise ProtestorateError(f"{path.name}: there is no record yet; search first (--evaluations)")
    record: Record = json.loads(path.read_text(encoding="utf-8"))
    return record


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    """Write a record, whole or not at all; numbers are rounded to six digits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_rounded(record), indent=1, ensure_ascii=False, allow_nan=False)
    trial = path.with_suffix(".json.part")
    trial.write_text(text + "\n", encoding="utf-8")
    trial.replace(path)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return value
