"""A calibration a user asks for: a point by CMA-ES or a posterior by ABC-SMC, and runs of what was found."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.calibration.as_written import TOUCHED_RUNS, touched_sets
from analysis.calibration.asked import Asked
from analysis.calibration.case import Case
from analysis.calibration.distance import Fight, Floats, fights, residuals
from analysis.calibration.evaluate import Candidate, Evaluator, Table, check_measures, prepared, table
from analysis.calibration.posterior import Plan as Sampling
from analysis.calibration.posterior import Posterior, sample
from analysis.calibration.search import Settings, position_of, search, values_at, values_in
from sim.core.errors import ProtestorateError
from sim.core.files import json_of
from sim.core.version import model_version
from sim.run.load import Loaded, config_hash
from sim.run.place import check_holds_only, write_atomically
from sim.study.workers import warm

ASKED = "asked.json"
OWN = frozenset({"asked", "calibration", "evaluations", "posterior", "report", "figures"})
"""What files of a calibration are called before the first full stop; --force may replace them."""
METHODS = ("cma", "abc")
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
FIRST_STEP = 0.2
PREDICTIVE_SEEDS = 1_000_003
Report = Callable[[str, int, int, str], None]


@dataclass(frozen=True)
class How:
    """How to calibrate.

    method : one of `METHODS`; evaluations, seeds : of `cma`, sets and runs of each; population, generations : of `abc`;
    seed : of all draws; predictive : runs of what was found; persons_per_agent : None for the case's.
    """

    method: str = "abc"
    evaluations: int = 200
    seeds: int = 2
    population: int = 100
    generations: int = 8
    seed: int = 1
    predictive: int = 60
    persons_per_agent: int | None = None


@dataclass(frozen=True)
class Fit:
    """What was found.

    Parameters
    ----------
    asked : Asked
    how : How
    best : dict of str to float
        The point of `cma`; of `abc` the mean of the posterior's positions.
    posterior : Posterior or None
        Of `abc`.
    rows : array (runs, targets)
        Runs of what was found with seeds that did not choose it: of the point, or of sets drawn from the posterior.
        Targets of the fit first, then those held out.
    checked : Table
        The same beside the targets.
    fights : list of Fight
        Targets of the fit that oppose each other over the posterior's sets.
    evaluations : int
        Runs (`abc`) or sets (`cma`) in all.
    touched : array (sets, 2)
        Of `cma`: targets met, in the fit and held out, when each value found is moved by up to `as_written.TOUCH` of itself.
    """

    asked: Asked
    how: How
    best: dict[str, float]
    posterior: Posterior | None
    rows: Floats
    checked: Table
    fights: list[Fight]
    evaluations: int
    touched: NDArray[np.int64]

    def met(self, held_out: bool) -> tuple[int, int]:
        """Return how many targets the median run meets, and how many there are, in the fit or held out."""
        fit, rest = _met(self.asked, self.checked)
        of = len(self.asked.case.targets)
        return (rest, len(self.checked.rows) - of) if held_out else (fit, of)

    def bands(self) -> Floats:
        """Return quantiles of the targets over the runs, an array (levels, targets)."""
        found = np.full((len(LEVELS), self.rows.shape[1]), np.nan)
        known = ~np.isnan(self.rows).all(axis=0)
        found[:, known] = np.nanquantile(self.rows[:, known], LEVELS, axis=0)
        return found


def calibrate(
    asked: Asked, how: How, folder: Path, workers: int = 1, client: Any = None, report: Report | None = None,
    force: bool = False,
) -> Fit:  # fmt: skip
    """Calibrate, or go on where the same calibration was stopped.

    Parameters
    ----------
    folder : Path
        Of everything that was run; another calibration in it is replaced only with `force`.
    workers : int
        Processes; the result is the same with any number.
    client : optional
        Of a Dask cluster, for the sets of `abc`.

    Raises
    ------
    ProtestorateError
        If the folder holds another calibration.
    ScenarioError
        If runs do not have what the targets measure.
    """
    case = asked.case
    loaded = prepared(case, how.persons_per_agent or case.persons_per_agent)
    check_measures(asked.checked, loaded)
    _begin(folder, _identity(asked, how, loaded), force)
    warm(loaded)
    posterior, evaluations = None, 0
    if how.method == "cma":
        with Evaluator(case, loaded, folder, workers) as evaluator:
            settings = Settings(
                how.evaluations, tuple(range(1, how.seeds + 1)), how.seed, FIRST_STEP, _population(case)
            )
            tell = _telling(report, "search", how.evaluations)
            found = search(evaluator, _start(case, loaded), settings, tell)
        best, evaluations = values_at(case, found.position), found.evaluations
        drawn = [best] * how.predictive
    else:
        plan = Sampling(how.population, how.generations, seed=how.seed)
        posterior = sample(case, loaded, plan, folder, workers, client, _telling(report, "posterior", how.generations))
        best, evaluations = values_at(case, posterior.mean), posterior.evaluations
        drawn = [values_at(case, position) for position in posterior.draw(how.predictive, how.seed)]
    candidates = [Candidate(values, (PREDICTIVE_SEEDS + number,)) for number, values in enumerate(drawn)]
    with Evaluator(asked.checked, loaded, folder, workers) as evaluator:
        done = None if report is None else lambda count: report("check", count, len(candidates), f"{count} runs")
        rows = np.concatenate(evaluator(candidates, done))
        touched = np.zeros((0, 2), dtype=np.int64)
        if how.method == "cma":
            seeds = tuple(PREDICTIVE_SEEDS + number for number in range(TOUCHED_RUNS))
            moved = [Candidate(values, seeds) for values in touched_sets(best)]
            shown = None if report is None else lambda count: report("touched", count, len(moved), f"{count} sets")
            touched = np.array([_met(asked, table(asked.checked, runs)) for runs in evaluator(moved, shown)])
    misses = np.array([residuals(case.targets, row[: len(case.targets)]) for row in rows])
    against = fights(case.targets, misses) if posterior is not None else []
    return Fit(asked, how, best, posterior, rows, table(asked.checked, rows), against, evaluations, touched)


def _met(asked: Asked, checked: Table) -> tuple[int, int]:
    """Return how many targets are met: of the fit, and held out."""
    of = len(asked.case.targets)
    return sum(row.met for row in checked.rows[:of]), sum(row.met for row in checked.rows[of:])


def _start(case: Case, loaded: Loaded[Any]) -> Floats:
    """Return where a search begins: at the scenario's own values, in the middle where it has none."""
    try:
        return position_of(case, values_in(case, loaded))
    except ProtestorateError:
        return np.full(len(case.searched), 0.5)


def _population(case: Case) -> int:
    """Return candidates of a generation: 4 + 3 ln n, as Hansen (2016) has it, and no fewer than 8."""
    return max(8, 4 + int(3 * np.log(len(case.searched))))


def _identity(asked: Asked, how: How, loaded: Loaded[Any]) -> str:
    told = [
        config_hash(loaded), model_version(), repr(asked.case.targets), repr(dict(asked.case.searched)),
        repr(replace(how, predictive=0, generations=0, evaluations=0)), asked.case.last_day,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _begin(folder: Path, identity: str, force: bool) -> None:
    """Make sure that a folder is of this calibration."""
    mark = folder / ASKED
    if mark.is_file():
        try:
            before = json_of(mark).get("identity")
        except (ValueError, AttributeError, RecursionError):
            before = None
        if before == identity:
            return
        if not force:
            raise ProtestorateError(
                f"{folder}: holds another calibration, or one of another version; nothing was touched, choose another "
                "folder with --out or replace it with --force"
            )
        names = (path.name for path in folder.iterdir())
        check_holds_only(folder, {name for name in names if name.split(".")[0] in OWN}, "a calibration")
        shutil.rmtree(folder)
    elif folder.exists() and any(folder.iterdir()):
        raise ProtestorateError(f"{folder}: holds something else; choose another folder with --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(mark, (json.dumps({"identity": identity}) + "\n").encode())
    except OSError as error:
        raise ProtestorateError(f"{folder}: cannot be written: {error.strerror}") from error


def _telling(report: Report | None, title: str, total: int) -> Callable[[int, str], None] | None:
    if report is None:
        return None
    return lambda done, label: report(title, min(done, total), total, label)
