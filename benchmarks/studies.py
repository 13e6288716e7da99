"""Measure what studies cost beside their runs: ``python -m benchmarks.studies``. Prints a Markdown table.

Two questions decide how studies are carried out. Do two workers do twice the work of one (and would
threads, which need no second interpreter)? And how much time goes into choosing, gathering and
storing runs, when a run takes a twentieth of a second? Runs are those of Belarus 2020 with 140 days,
in agents of 1,000 persons for the first question and of 4,000 for the second.

Where the machine is busy with other things, the processor's time tells more than the clock's; both are given.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sim.core.version import model_version
from sim.evidence.replicates import replicate_seeds
from sim.run.load import Loaded, load
from sim.run.simulate import simulate
from sim.study import Keep, Point, Study, run_study
from sim.study.execute import Status
from sim.study.workers import Finished, ThisProcess

SCENARIO = "belarus-2020"
BUSY = 0.3
"""Load of the machine, in processes per core before we start, from which its numbers are not to be trusted."""


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and of this process on the processor."""

    clock: float
    processor: float


def spent(work: Callable[[], object]) -> Spent:
    """Return what a piece of work takes."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - clock, time.process_time() - processor)


class Timed(ThisProcess):
    """Computes in this process, and notes the time that takes."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = self.processor = 0.0

    def finished(self) -> Finished:
        """Compute the chunk handed in first."""
        found: list[Finished] = []
        took = spent(lambda: found.append(super(Timed, self).finished()))
        self.clock, self.processor = self.clock + took.clock, self.processor + took.processor
        return found[0]


def study_of(loaded: Loaded, seeds: int, keep: Keep) -> Study:
    """Return a study of one point."""
    return Study("benchmark", {"base": loaded}, (Point("base", "base"),), replicate_seeds("standard-100")[:seeds], keep)


def rate(study: Study, workers: int) -> tuple[float, float]:
    """Return runs a second, and the share of a core that this process needed beside its workers.

    Counted from the first chunk to the last, so that the start of workers, which comes once, is left out.
    """
    told: list[tuple[float, Status]] = []
    with tempfile.TemporaryDirectory() as folder:
        processor = time.process_time()
        study_began = time.perf_counter()
        run_study(
            study,
            Path(folder) / "study",
            workers=workers,
            progress=lambda status: told.append((time.perf_counter(), status)),
        )
        share = (time.process_time() - processor) / (time.perf_counter() - study_began)
    (began, first), (ended, last) = told[0], told[-1]
    return (last.done - first.done) / (ended - began), share


def in_threads(loaded: Loaded, seeds: tuple[int, ...], threads: int) -> float:
    """Return runs a second of so many threads of this process."""
    with ThreadPoolExecutor(threads) as pool:
        return len(seeds) / spent(lambda: list(pool.map(lambda seed: simulate(loaded, seed), seeds))).clock


def rows(runs: int, say: Callable[[str], None]) -> Iterator[tuple[str, str]]:
    """Yield each measurement and its result."""
    large, small = (load(SCENARIO, {"run.persons_per_agent": size}) for size in (1000, 4000))
    seeds = replicate_seeds("standard-100")[:runs]
    for loaded in (large, small):
        simulate(loaded, 0)
    say("workers")
    study = study_of(large, runs, Keep(days=True))
    one, _ = rate(study, 1)
    two, share = rate(study, 2)
    yield "1 worker, in agents of 1,000 persons", f"{one:.2f} runs/s"
    yield "2 workers", f"{two:.2f} runs/s, {two / one:.2f} times one"
    yield "the study's own process beside 2 workers", f"{share:.1%} of a core"
    say("threads")
    single, double = (in_threads(large, seeds, threads) for threads in (1, 2))
    yield "2 threads in place of 2 workers", f"{double:.2f} runs/s, {double / single:.2f} times one thread"
    say("scheduling and storage")
    for name, keep in (
        ("summaries", Keep()),
        ("summaries and days", Keep(days=True)),
        ("all tables", Keep(True, True)),
    ):
        executor, study = Timed(), study_of(small, runs, keep)
        total = beside_the_start(study, executor)
        each = executor.processor / (runs - 1) * 1000
        clock, processor = total.clock / executor.clock - 1.0, total.processor / executor.processor - 1.0
        yield f"scheduling and storing runs of {each:.0f} ms, {name}", shares(clock, processor)
        if keep == Keep():
            plain = spent(lambda: [simulate(small, seed) for seed in seeds[1:]])
            clock, processor = total.clock / plain.clock - 1.0, total.processor / plain.processor - 1.0
            yield "a study in one process, against a plain loop over `simulate`", shares(clock, processor)


def shares(clock: float, processor: float) -> str:
    """Return shares of a time in words."""
    return f"{clock:+.1%} by the clock, {processor:+.1%} on the processor"


def beside_the_start(study: Study, executor: Timed) -> Spent:
    """Return what all runs but the first take, when the folder is there: what a study costs once is left out."""
    with tempfile.TemporaryDirectory() as folder:
        run_study(study, Path(folder) / "study", executor=executor, max_runs=1)
        executor.clock = executor.processor = 0.0
        return spent(lambda: run_study(study, Path(folder) / "study", executor=executor))


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100, help="runs for each measurement, at most 100")
    options = parser.parse_args()
    cores = os.cpu_count() or 1
    load_before = os.getloadavg()[0] / cores
    found = list(rows(options.runs, lambda text: print(f"measuring: {text}", file=sys.stderr)))
    print(f"protestorate {model_version()}, Python {platform.python_version()}, {platform.machine()}, {cores} cores\n")
    print("| measured | result |\n|---|---|")
    for name, result in found:
        print(f"| {name} | {result} |")
    if load_before > BUSY:
        print(
            f"\nThe machine was busy when this began ({load_before:.1f} processes per core): "
            "do not quote these numbers."
        )


if __name__ == "__main__":
    main()
