"""The baseline: what every scenario gives at coarse agents, to the bit; ``python -m tests.baseline_runs`` writes it.

A file of ``tests/baseline`` holds one scenario: for each seed the outcome, the summary, and a digest of each daily
column, so that a difference names the column that changed. The files change only in a commit whose entry in
the changelog says **Results change**.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd

import sim
from sim.run.find import names
from sim.run.result import Run

FOLDER = Path(__file__).parent / "baseline"
SEEDS = (1, 2)
AGENTS = 5_000
"""Citizens of a run, about: enough for every mechanism to act, few enough for all scenarios in half a minute."""
DIGITS = 12


def scenarios() -> list[str]:
    """Return the names of all scenarios: cases, variants and classics."""
    return sorted(names())


def run(name: str, seed: int) -> Run:
    """Run a scenario at coarse agents."""
    places = getattr(sim.load(name).config, "places", None)
    coarse = {} if places is None else {"persons_per_agent": max(1, places.population // AGENTS)}
    return sim.simulate(name, seed=seed, **coarse)


def found(name: str) -> dict[str, Any]:
    """Return what a scenario gives, as plain data that JSON keeps to the bit."""
    return {str(seed): _of(run(name, seed)) for seed in SEEDS}


def kept(name: str) -> dict[str, Any]:
    """Return what it gave when the baseline was written."""
    return json.loads((FOLDER / f"{name}.json").read_text())


def _of(result: Run) -> dict[str, Any]:
    return {
        "outcome": result.outcome.name,
        "summary": {key: _plain(value) for key, value in result.summary.items()},
        # By name: the order of the columns is that of the declarations, and no number.
        "days": {str(name): digest(result.days[name]) for name in sorted(result.days)},
        "localities": {str(name): digest(result.localities[name]) for name in sorted(result.localities)},
    }


def digest(column: pd.Series) -> str:
    """Return the digest of a column: exact for numbers, by their text for dates and words."""
    if column.dtype.kind in "iufb":
        content = column.to_numpy().astype("<f8" if column.dtype.kind == "f" else "<i8").tobytes()
    else:
        content = "\n".join(map(str, column)).encode()
    return hashlib.sha256(content).hexdigest()[:DIGITS]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def write() -> None:
    """Write the baseline of all scenarios anew."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.json"):
        old.unlink()
    for name in scenarios():
        text = json.dumps(found(name), indent=1, ensure_ascii=False)
        (FOLDER / f"{name}.json").write_text(text + "\n")
        print(name, file=sys.stderr)


if __name__ == "__main__":
    write()
