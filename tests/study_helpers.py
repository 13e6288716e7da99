"""What the tests of studies share: cheap studies, commands in processes of their own, and what a folder holds."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import psutil

from sim.scenario.load import Loaded, load
from sim.study import Keep, Point, Study, StudyData, read_study

ROOT = Path(__file__).resolve().parent.parent
TABLES = ("runs", "days", "localities")
SPREAD = "population.thresholds.spread"
DEADLINE = 60.0


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


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a study's tables, byte for byte."""
    return {f"{table}/{path.name}": path.read_bytes() for table in TABLES for path in (folder / table).iterdir()}


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


class Sweep:
    """A study carried out by a process of its own, as a user's script would.

    Parameters
    ----------
    call : str
        Expression for the study, of this module, such as ``crowds(10, 5)``.
    folder : Path
    options : str
        More arguments of ``run_study``.
    wrapper : list of str
        Command that starts the process, such as ``prlimit``.
    """

    def __init__(
        self, call: str, folder: Path, options: str = "", wrapper: tuple[str, ...] = (), **environment: str
    ) -> None:
        script = (
            "import sys, study_helpers\n"
            "from study_helpers import *\n"
            "from sim.study import *\n"
            "from sim.scenario.errors import ProtestorateError\n"
            "def tell(status):\n"
            "    print(f'{status.done} of {status.total}, {status.failed} failed {status.note}', flush=True)\n"
            "print('loaded', flush=True)\n"
            "try:\n"
            f"    run_study({call}, {str(folder)!r}, progress=tell, {options})\n"
            "except ProtestorateError as error:\n"
            "    sys.exit(f'refused: {error}')\n"
        )
        paths = os.pathsep.join([str(ROOT / "tests"), str(ROOT), environment.pop("PYTHONPATH", "")])
        self.process = subprocess.Popen(
            [*wrapper, sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": paths, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []

    def until(self, found: Callable[[str], bool]) -> str:
        """Read what it prints up to the first line that is looked for."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            if found(line):
                return line
        raise AssertionError("it ended before:\n" + "".join(self.lines))

    def until_chunks(self, count: int) -> None:
        """Wait until so many chunks have been told of."""
        for _ in range(count):
            self.until(lambda line: " of " in line)

    def workers(self, at_least: int = 1) -> list[psutil.Process]:
        """Return its worker processes, as soon as there are so many."""
        parent, end = psutil.Process(self.process.pid), time.monotonic() + DEADLINE
        while time.monotonic() < end:
            found = [child for child in parent.children() if "sim.study.worker" in child.cmdline()]
            if len(found) >= at_least:
                return found
            time.sleep(0.005)
        raise AssertionError(f"there are not {at_least} workers:\n" + "".join(self.lines))

    def finish(self) -> tuple[int, str]:
        """Wait for its end and return the exit code and all it printed."""
        rest, _ = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode, "".join(self.lines) + rest

    def kill(self) -> None:
        """Kill it as nothing can prevent."""
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def sweep(*arguments: Any, **options: Any) -> Iterator[Sweep]:
    """Start a sweep that is gone afterwards, whatever the test does."""
    running = Sweep(*arguments, **options)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.kill()
        if running.process.stdout:
            running.process.stdout.close()


def all_gone(processes: list[psutil.Process], within: float = DEADLINE) -> bool:
    """Return whether processes end by themselves in time."""
    _, alive = psutil.wait_procs(processes, timeout=within)
    return not alive


def stored(folder: Path) -> StudyData:
    """Read a study."""
    return read_study(folder)
