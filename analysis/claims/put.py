"""Claims put to the test from beginning to end: what the command does, as one call."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.claims.examine import EXPERIMENTS, Finding, Shown, carried_out, expected_cost, findings, studies
from analysis.claims.experiments import chosen, trials
from analysis.claims.report import DATA, PAGE, parameters_varied, write
from analysis.report.figures.files import check_formats
from analysis.report.figures.style import several
from analysis.stats.policy import FEWEST_PAIRS, FEWEST_POINTS
from sim.core.beside import available_cores
from sim.core.errors import ProtestorateError
from sim.evidence.ledger import load_ledger
from sim.study.manifest import check_folder
from sim.study.seeds import seeds_asked

PERSONS_PER_AGENT = 500
"""Large effects are near those of 1:100; at 1:1000 strikes and defections are too coarse (docs/claims.md)."""
POINTS, POINT_SEEDS = FEWEST_POINTS, 3


@dataclass(frozen=True)
class Settings:
    """How claims are put to the test.

    Parameters
    ----------
    ids : sequence of str
        Claims; all if empty.
    document : str or None
        Only claims of this document.
    replicates : int or str
        Pairs of runs: how many, or a list of seeds; at least `FEWEST_PAIRS`.
    persons_per_agent : int
    points : int
        Points of the hypercube of assumed parameters, at least `FEWEST_POINTS`; 0 leaves it out.
    point_seeds : int
        Pairs of runs at each of its points.
    """

    ids: Sequence[str] = ()
    document: str | None = None
    replicates: int | str = "quick-20"
    persons_per_agent: int = PERSONS_PER_AGENT
    points: int = POINTS
    point_seeds: int = POINT_SEEDS


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Parameters
    ----------
    findings : list of Finding
    data : dict
        What ``claims.json`` holds.
    untestable, failed : int
        Claims the model cannot speak to; runs that failed and are left out.
    """

    findings: list[Finding]
    data: dict[str, Any]
    untestable: int
    failed: int


def put_to_the_test(
    settings: Settings,
    folder: Path,
    workers: int | None = None,
    formats: Sequence[str] = (),
    command: str = "",
    progress: Shown | None = None,
    announce: Callable[[str], None] | None = None,
    force: bool = False,
) -> Outcome:
    """Run the experiments of some claims, or what is missing of them, and write what came of each.

    Parameters
    ----------
    settings : Settings
    folder : Path
        Gets ``report.html``, ``claims.json`` and the two studies. The same settings go on where they stopped.
    workers : int, optional
        As for `sim.study.run_study`.
    formats : sequence of str
        Formats of picture files to write besides the report.
    command : str
        What runs it again, for the report.
    progress : callable, optional
        See `analysis.claims.examine.carried_out`.
    announce : callable (str) -> None, optional
        Is told, before anything runs, how many runs there are and how long they may take.
    force : bool
        As for `sim.study.run_study`.

    Raises
    ------
    ProtestorateError
        For claims, experiments or settings that are not valid, or a folder that holds something else.
    """
    check_formats(tuple(formats))
    seeds = _seeds(settings)
    ledger = load_ledger()
    asked = chosen(ledger, settings.ids, settings.document)
    check_own(folder)
    found = trials(asked, settings.persons_per_agent)
    main, varied = studies(found, seeds, settings.points, settings.point_seeds)
    if announce is not None:
        announce(_estimate(len(found.trials), *expected_cost(main, varied), workers))
    done, done_varied = carried_out(main, varied, folder, workers, progress, force)
    results = findings(found, done, done_varied)
    failed = len(done.failures) + (len(done_varied.failures) if done_varied is not None else 0)
    about = {
        "seeds": list(seeds),
        "persons_per_agent": settings.persons_per_agent,
        "points": settings.points,
        "cube_seeds": settings.point_seeds if settings.points else 0,
        "parameters": parameters_varied(found) if settings.points else 0,
        "failed": failed,
        "command": command,
    }
    data = write(ledger, asked, results, about, folder, formats)
    return Outcome(results, data, sum(claim.test is None for claim in asked), failed)


def _seeds(settings: Settings) -> tuple[int, ...]:
    seeds = seeds_asked(settings.replicates)
    if len(seeds) < FEWEST_PAIRS:
        raise ProtestorateError(f"replicates: a verdict needs at least {FEWEST_PAIRS} pairs (given {len(seeds)})")
    if 0 < settings.points < FEWEST_POINTS:
        message = f"hypercube: must be 0, or at least {FEWEST_POINTS} points (given {settings.points})"
        raise ProtestorateError(message)
    if settings.points and not 2 <= settings.point_seeds <= len(seeds):
        message = f"hypercube replicates: must be 2 to {len(seeds)}, the replicates (given {settings.point_seeds})"
        raise ProtestorateError(message)
    return seeds


def check_own(folder: Path) -> None:
    """Raise ProtestorateError if a folder holds something other than tested claims."""
    if folder.exists() and not folder.is_dir():
        raise ProtestorateError(f"{folder}: is a file, not a folder")
    if folder.is_dir() and os.listdir(folder) and not (folder / EXPERIMENTS).is_dir():
        held = next((name for name in (PAGE, DATA) if (folder / name).exists()), "something")
        raise ProtestorateError(
            f"{folder}: holds {held} that is not of tested claims; choose another folder with --out"
        )
    check_folder(folder / EXPERIMENTS)


def _estimate(tested: int, runs: int, seconds: float, workers: int | None) -> str:
    hands = workers or available_cores()
    minutes = seconds / hands / 60.0
    time = f"about {max(1, round(60 * minutes))} seconds" if minutes < 1.5 else f"about {minutes:.0f} minutes"
    return f"{several(tested, 'experiment')}, {several(runs, 'run')}, {time} with {several(hands, 'worker')}"
