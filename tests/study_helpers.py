"""What the tests of studies share: cheap studies, commands in processes of their own, and what a folder holds."""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import psutil

from sim.core.errors import ProtestorateError
from sim.run.load import Loaded, load
from sim.study import Keep, Point, Study, StudyData, run_study
from sim.study.execute import Status

TABLES = ("runs", "days", "localities")
SPREAD = "population.thresholds.spread"
DEADLINE = 180.0


@cache
def crowd(steps: int = 1000, persons: int = 100) -> Loaded:
    """Granovetter's crowd with thresholds by chance: a millisecond a run.

    The fewer `steps` it may take, the quicker a run is expected to be, and the more runs make a chunk.
    """
    thresholds = {"kind": "normal", "mean": 25.0, "spread": 12.0}
    changes = {"population.persons": persons, "population.thresholds": thresholds, "time.steps": steps}
    return load("granovetter-1978", changes)


@cache
def belarus(persons_per_agent: int = 2000) -> Loaded:
    """Belarus in few agents: about a tenth of a second a run."""
    return load("belarus-2020", {"run.persons_per_agent": persons_per_agent})


def crowds(points: int, seeds: int, steps: int = 1000, **others: Any) -> Study:
    """A study of thresholds that differ in their spread."""
    each = tuple(Point(f"spread {2 + number}", "crowd", {SPREAD: 2.0 + number}) for number in range(points))
    others.setdefault("keep", Keep(days=True))
    return Study("crowds", {"crowd": crowd(steps)}, each, tuple(range(1, seeds + 1)), **others)


def country(seeds: int) -> Study:
    """A study of Belarus with every table kept."""
    points = (
        Point("base", "belarus"),
        Point("no shutdown", "belarus", {"mechanisms.shutdown": False}),
        Point("the base again", "belarus", {"mechanisms.shutdown": True}),
    )
    return Study("country", {"belarus": belarus()}, points, tuple(range(1, seeds + 1)), Keep(True, True))


def contents(folder: Path) -> dict[str, str]:
    """Digests of every file of a study's tables: pytest would take minutes to say how bytes differ."""
    return {
        f"{table}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for table in TABLES
        for path in (folder / table).iterdir()
    }


def listing(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Everything in a folder with its size, time of change and content, the folder itself included."""
    return {
        str(path): (path.stat().st_size, path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in (folder, *sorted(folder.rglob("*")))
    }


def assert_same_results(found: StudyData, expected: StudyData) -> None:
    """Make sure that two studies have the same tables, bit for bit, row for row."""
    pd.testing.assert_frame_equal(found.points, expected.points, check_exact=True)
    pd.testing.assert_frame_equal(found.runs, expected.runs, check_exact=True)
    for table in ("days", "localities"):
        if expected.manifest["keep"][table]:
            pd.testing.assert_frame_equal(
                getattr(found, table)(), getattr(expected, table)(), check_exact=True, check_categorical=True
            )


def assert_nothing_left_over(folder: Path) -> None:
    """Make sure that no unfinished file and no shard without its runs lies about."""
    assert not [path for path in folder.rglob("*") if path.name.endswith(".unfinished")]
    chunks = {path.name for path in (folder / "runs").iterdir()}
    for table in TABLES:
        assert {path.name for path in (folder / table).iterdir()} <= chunks


def _carry_out(
    study: Study, folder: Path, options: dict[str, Any], environment: dict[str, str], more_memory: int | None, line: Any
) -> None:
    """Carry out a study in this process, and tell at the other end of a line how it goes."""
    os.setsid()
    os.environ.update(environment)
    if more_memory is not None:
        most = psutil.Process().memory_info().data + more_memory
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    try:
        run_study(study, folder, progress=line.send, **options)
    except ProtestorateError as error:
        line.send(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


class Sweep:
    """A study carried out by a process of its own.

    Parameters
    ----------
    study : Study
    folder : Path
    environment : dict of str to str, optional
        Variables for the process.
    more_memory : int, optional
        Bytes it may take beyond what it has at its start.
    **options
        More arguments of ``run_study``.
    """

    def __init__(
        self,
        study: Study,
        folder: Path,
        environment: dict[str, str] | None = None,
        more_memory: int | None = None,
        **options: Any,
    ) -> None:
        # One process imports everything and is copied for each sweep: that saves the second that a start takes.
        processes = multiprocessing.get_context("forkserver")
        processes.set_forkserver_preload(
            ["pytest", "study_helpers", "sim.models.granovetter_1978", "sim.models.mobilisation.engine"]
        )
        self.line, theirs = processes.Pipe(duplex=False)
        arguments = (study, folder, options, environment or {}, more_memory, theirs)
        self.process = processes.Process(target=_carry_out, args=arguments)
        self.process.start()
        theirs.close()
        self.told: list[Status | str] = []

    @property
    def pid(self) -> int:
        assert self.process.pid
        return self.process.pid

    def listen(self) -> Status | str:
        """Return what it tells next."""
        assert self.line.poll(DEADLINE), "it is silent"
        self.told.append(self.line.recv())
        return self.told[-1]

    def workers(self, at_least: int = 1) -> list[psutil.Process]:
        """Return its worker processes, as soon as there are so many."""
        parent, end = psutil.Process(self.pid), time.monotonic() + DEADLINE
        while time.monotonic() < end:
            found = [child for child in parent.children() if "sim.study.worker" in child.cmdline()]
            if len(found) >= at_least:
                return found
            time.sleep(0.005)
        raise AssertionError(f"there are not {at_least} workers")

    def finish(self) -> int:
        """Wait for its end and return its exit code."""
        with contextlib.suppress(EOFError):
            while True:
                self.listen()
        self.process.join(DEADLINE)
        assert self.process.exitcode is not None
        return self.process.exitcode

    @property
    def last_words(self) -> str:
        """What it said when it gave up."""
        assert isinstance(self.told[-1], str), self.told[-1]
        return self.told[-1]

    def kill(self) -> None:
        """Kill it as nothing can prevent."""
        self.process.kill()
        self.process.join()


@contextlib.contextmanager
def sweep(*arguments: Any, **options: Any) -> Iterator[Sweep]:
    """Start a sweep that is gone afterwards, whatever the test does."""
    running = Sweep(*arguments, **options)
    try:
        yield running
    finally:
        running.kill()
        running.process.close()
        running.line.close()


def all_gone(processes: list[psutil.Process], within: float = DEADLINE) -> bool:
    """Return whether processes end by themselves in time."""
    _, alive = psutil.wait_procs(processes, timeout=within)
    return not alive
