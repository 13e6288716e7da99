"""A study carried out: what is missing is computed, what comes back is kept, what fails is noted."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.beside import available_cores
from sim.core.errors import ProtestorateError
from sim.core.notes import say
from sim.study import folder as store
from sim.study.chunk import Chunk, Failure, Result, Task, failure, kind_of
from sim.study.enough import Replication, check_precision
from sim.study.interrupt import Stop, stop_on_signals
from sim.study.manifest import check_folder, digest, identity, is_same_study, open_manifest
from sim.study.plan import Plan, PlannedRun, Study, plan
from sim.study.read import StudyData, read_study
from sim.study.workers import Death, Executor, Processes, ThisProcess, warm

CHUNK_SECONDS, LARGEST_CHUNK = 1.5, 2000
CHUNKS_A_SECOND = 20.0  # that one process can take in and store with ease; docs/cluster.md has the measurements
SECONDS_WORTH_WORKERS = 4.0
DEATHS_OF_A_CHUNK = 2


@dataclass(frozen=True)
class Status:
    """How far a study has come.

    Parameters
    ----------
    done, failed, total : int
        Runs; the total is the most there can be if replication is adaptive.
    before : int
        Runs that were stored, or had failed and are not tried again, when the command began.
    seconds : float
        Since the first chunk was handed in.
    note : str
        Something to tell the user once, such as a file that was set aside; mostly empty.
    """

    done: int
    failed: int
    total: int
    before: int
    seconds: float
    note: str = ""


Progress = Callable[[Status], None]


def run_study(
    study: Study,
    folder: str | Path,
    workers: int | None = None,
    progress: Progress | None = None,
    max_runs: int | None = None,
    retry_failed: bool = False,
    executor: Executor | None = None,
    force: bool = False,
) -> StudyData:
    """Carry out a study, or what is missing of it.

    Parameters
    ----------
    study : Study
    folder : str or Path
        The study's own; the same study is taken up where it stopped.
    workers : int, optional
        Worker processes; 1 computes in this process. Left out: one a core if there is work for them.
        The result does not depend on it.
    progress : callable (Status) -> None, optional
        Called after each chunk.
    max_runs : int, optional
        Runs after which to stop; the next call goes on.
    retry_failed : bool
        Whether runs that failed before are tried again.
    executor : Executor, optional
        Who computes, in place of `workers`; the caller closes it.
    force : bool
        Whether another study in the folder, or the same one of another version, is deleted; the same one goes on.

    Returns
    -------
    StudyData

    Raises
    ------
    ScenarioError
        If a point of the study is not valid.
    ProtestorateError
        If the folder belongs to another study or is in use, or the disk refuses.
    KeyboardInterrupt
        After Ctrl-C or a request to terminate; chunks under way have been kept.
    """
    path = Path(folder).expanduser()
    for name, value in (("workers", workers), ("max_runs", max_runs)):
        if value is not None and value < 1:
            raise ProtestorateError(f"{name}: must be at least 1 (given {value})")
    check_folder(path)
    planned = plan(study)
    if planned.caution:
        say(planned.caution)
    if not (same := is_same_study(path, planned, force)):
        check_precision(planned)
    with store.locked(path):
        if force and not same:
            store.empty(path)
        manifest = open_manifest(path, planned)
        session = _Session(path, planned, progress or (lambda status: None), retry_failed)
        began = dt.datetime.now(dt.UTC)
        own = None
        try:
            with stop_on_signals() as stop:
                if executor is None and session.missing(max_runs):
                    executor = own = _executor(workers, session.missing(max_runs) * planned.seconds, planned)
                if executor is not None:
                    session.carry_out(executor, max_runs, stop)
        finally:
            if own is not None:
                own.close()
            session.note_in(manifest, began)
    if stop.asked:
        raise KeyboardInterrupt
    return read_study(path)


def _executor(workers: int | None, seconds: float, planned: Plan) -> Executor:
    """Return who computes; workers must pay for their start."""
    if workers is None:
        workers = available_cores() if seconds > SECONDS_WORTH_WORKERS else 1
    if workers > 1 and not Processes.possible():
        say("worker processes need Linux or macOS: the study runs in this process (Dask can do more)")
        workers = 1
    if workers == 1:
        return ThisProcess()
    warm(planned.study.resolved(planned.distinct[0]))
    return Processes(workers)


def chunk_size(seconds_a_run: float, slots: int) -> int:
    """Return how many runs make a chunk.

    A second or more of work, so that storing it costs little; more with many workers, so that chunks do not
    come back faster than one process can store them. Up to some thirty workers it does not depend on them.
    """
    seconds = max(CHUNK_SECONDS, slots / 2.0 / CHUNKS_A_SECOND)
    return max(1, min(LARGEST_CHUNK, round(seconds / seconds_a_run)))


@dataclass
class _Session:
    """One command at work on a study."""

    folder: Path
    plan: Plan
    progress: Progress
    retry_failed: bool
    done: NDArray[np.bool_] = field(init=False)
    failures: dict[tuple[int, int], Failure] = field(init=False)
    deaths: dict[str, int] = field(default_factory=dict)
    computed: int = 0

    def __post_init__(self) -> None:
        self.study = digest(identity(self.plan))
        with store.disk_refusals(self.folder):
            found = store.survey(self.folder, self.plan, self.study)
        self.done = found.done
        self.stored = int(self.done.sum())
        members = store.members_of(self.plan, self.study)
        earlier = {(entry.point, entry.replicate): entry for entry in store.read_failures(self.folder, members)}
        self.failures = {key: entry for key, entry in earlier.items() if not self.done[key]}
        if len(self.failures) < len(earlier):  # a second try was cut off before its success was noted
            self._write_failures()
        if self.retry_failed:
            self.failures = {}
        self.before = self.stored + len(self.failures)
        self.failed_before = len(self.failures)
        self.kinds = {path: kind_of(column) for path, column in self.plan.changed.items()}
        self.replication = Replication(self.plan, found.shards)
        self.began = time.perf_counter()
        for note in found.set_aside:
            self._tell(note)

    def missing(self, most: int | None) -> int:
        """Return how many runs there are to do, at most."""
        points = len(self.plan.distinct)
        count = points * len(self.plan.study.seeds) - self.stored - len(self.failures)
        return count if most is None else min(count, most)

    def carry_out(self, executor: Executor, most: int | None, stop: Stop) -> None:
        """Compute what is missing, a round of replicates at a time."""
        self.began = time.perf_counter()
        left = most
        for points, replicates in self.replication.rounds():
            wanted = self._tasks(self.plan.runs(points, replicates))
            tasks = list(islice(wanted, left)) if left is not None else wanted
            before = self.computed
            self._compute(executor, self._chunks(tasks, executor.slots), stop)
            if left is not None:
                left -= self.computed - before
            if stop.asked or left == 0:
                return

    def _tasks(self, runs: Iterable[PlannedRun]) -> Iterator[Task]:
        for run in runs:
            place = (run.point, run.replicate)
            if not self.done[place] and place not in self.failures:
                point = self.plan.study.points[run.point]
                values = {path: column[run.point] for path, column in self.plan.changed.items()}
                yield Task(run, point.label, point.base, point.overrides, values)

    def _chunks(self, tasks: Iterable[Task], slots: int) -> Iterator[Chunk]:
        """Gather runs into chunks, each with the base scenarios it needs."""
        remaining, study = iter(tasks), self.plan.study
        size = chunk_size(self.plan.seconds, slots)
        while together := tuple(islice(remaining, size)):
            bases = {task.base: study.bases[task.base] for task in together}
            yield Chunk(together, bases, study.keep, self.study, self.kinds, study.days, study.models)

    def _compute(self, executor: Executor, chunks: Iterator[Chunk], stop: Stop) -> None:
        under_way = 0
        again: list[Chunk] = []
        while True:
            while under_way < executor.slots and not stop.asked:
                chunk = again.pop() if again else next(chunks, None)
                if chunk is None:
                    break
                executor.submit(chunk)
                under_way += 1
            if not under_way:
                return
            chunk, result = executor.finished()
            under_way -= 1
            if isinstance(result, Death):
                again += self._after_death(chunk, result)
            else:
                self._keep(chunk, result)

    def _keep(self, chunk: Chunk, result: Result) -> None:
        if result.version != self.plan.version:
            raise ProtestorateError(
                f"a worker runs model version {result.version}, this study {self.plan.version}: install the same "
                "version of protestorate everywhere"
            )
        store.keep(self.folder, chunk.name, result)
        self.stored += len(result.rows)
        for row in result.rows:
            self.done[row["point"], row["replicate"]] = True
        self.replication.take(result.rows, result.tables.__getitem__)
        self._fail(result.failures)
        self.computed += len(chunk.tasks)
        self._tell()

    def _after_death(self, chunk: Chunk, death: Death) -> list[Chunk]:
        """Try a chunk that a worker died over once more, then its runs one by one, to find the one to blame."""
        self.deaths[chunk.name] = self.deaths.get(chunk.name, 0) + 1
        if self.deaths[chunk.name] < DEATHS_OF_A_CHUNK:
            return [chunk]
        if len(chunk.tasks) > 1:
            return [replace(chunk, tasks=(task,)) for task in chunk.tasks]
        self._fail([failure(chunk.tasks[0], death.reason)])
        self.computed += 1
        self._tell()
        return []

    def _fail(self, failures: Iterable[Failure]) -> None:
        new = {(entry.point, entry.replicate): entry for entry in failures}
        if new or self.retry_failed:
            self.failures |= new
            self._write_failures()

    def _write_failures(self) -> None:
        in_order = sorted(self.failures.values(), key=lambda one: (one.point, one.replicate))
        store.write_failures(self.folder, in_order)

    def _tell(self, note: str = "") -> None:
        total = len(self.plan.distinct) * len(self.plan.study.seeds)
        seconds = time.perf_counter() - self.began
        self.progress(Status(self.stored, len(self.failures), total, self.before, seconds, note))

    def note_in(self, manifest: dict[str, Any], began: dt.datetime) -> None:
        """Add this command to the manifest's list, if it computed anything."""
        if not self.computed:
            return
        seconds = time.perf_counter() - self.began
        entry = {
            "began": began.isoformat(timespec="seconds"),
            "runs": self.computed,
            "failed": len(self.failures) - self.failed_before,
            "seconds": round(seconds, 3),
            "runs_per_second": round(self.computed / seconds, 3),
        }
        with store.disk_refusals(self.folder):
            store.write_json(self.folder / store.MANIFEST, {**manifest, "sessions": [*manifest["sessions"], entry]})
