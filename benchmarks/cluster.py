"""Measure what a Dask cluster adds to a study: ``python -m benchmarks.cluster``. Prints Markdown tables.

The scheduler and the workers are processes of their own, as on a cluster. For the first table workers
compute nothing and return a real chunk's result at once, so that what remains is the price of a chunk.
Seconds of processor time are given beside those of the clock, because only they hold on a busy machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from sim.core.beside import available_cores
from sim.evidence.replicates import replicate_seeds
from sim.run.load import load
from sim.study import Keep, Point, Study, run_study
from sim.study import dask as cluster
from sim.study.chunk import Chunk, Result, Task, run_chunk
from sim.study.folder import TABLES, keep
from sim.study.plan import plan
from sim.study.workers import Processes

SCENARIO, PERSONS_PER_AGENT = "belarus-2020", 1000
KEPT = {"summary": Keep(), "days": Keep(days=True), "days and localities": Keep(days=True, localities=True)}
RUNS_IN_A_CHUNK = (1, 8, 32)
CHUNKS, RUNS = 100, 60
MILLISECONDS, KILOBYTES = 1e3, 1e3


@dataclass(frozen=True)
class Price:
    """What a chunk costs [ms]: seconds of the clock, and of the processors of the two who serve all workers."""

    clock: float
    coordinator: float
    scheduler: float


def chunk_of(runs: int, kept: Keep) -> Chunk:
    """Return a chunk of replicates of the scenario."""
    base = load(SCENARIO, {"run.persons_per_agent": PERSONS_PER_AGENT})
    planned = plan(Study("price", {"b": base}, (Point("base", "b"),), replicate_seeds("standard-100")[:runs], kept))
    tasks = tuple(Task(planned.run(0, number), "base", "b", {}, {}) for number in range(runs))
    return Chunk(tasks, {"b": base}, kept)


@contextmanager
def running_cluster(workers: int) -> Iterator[tuple[str, psutil.Process]]:
    """Start a scheduler and workers of one thread; gives the address and the scheduler."""
    started = []

    def start(part: str, *arguments: object) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{part}", *map(str, arguments), "--no-dashboard"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        started.append(process)
        return process

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scheduler.json"
        try:
            scheduler = start("scheduler", "--port", 0, "--scheduler-file", file)
            while not file.exists() or not file.read_text():
                time.sleep(0.1)
            address = json.loads(file.read_text())["address"]
            for number in range(workers):
                start("worker", address, "--no-nanny", "--nthreads", 1, "--local-directory", f"{folder}/{number}")
            yield address, psutil.Process(scheduler.pid)
        finally:
            for process in started:
                process.kill()
            for process in started:
                process.wait()


def connected(address: str, workers: int) -> cluster.Dask:
    """Return an executor once all workers are there."""
    executor = cluster.connect(address, timeout=60)
    while executor.slots < cluster.CHUNKS_A_THREAD * workers:
        time.sleep(0.1)
    return executor


def returning(tables: Mapping[str, int]) -> Callable[[dict[str, bytes], bytes], Result]:
    """Return what a worker calls in place of computing: it gives back tables of these sizes [bytes]."""

    def at_once(bases: dict[str, bytes], rest: bytes) -> Result:
        import os

        from sim.study.chunk import Result

        return Result({name: os.urandom(size) for name, size in tables.items()}, (), "")

    return at_once


def price(executor: cluster.Dask, scheduler: psutil.Process, chunk: Chunk, tables: Mapping[str, int]) -> Price:
    """Send chunks through workers that return at once."""
    usual, cluster._work = cluster._work, lambda: returning(tables)
    try:
        pass_through(executor, chunk, CHUNKS // 4)  # workers import, connections open
        clock, own, theirs = time.perf_counter(), time.process_time(), processor_seconds(scheduler)
        pass_through(executor, chunk, CHUNKS)
        seconds = (
            time.perf_counter() - clock,
            time.process_time() - own,
            processor_seconds(scheduler) - theirs,
        )
    finally:
        cluster._work = usual
    return Price(*(part / CHUNKS * MILLISECONDS for part in seconds))


def pass_through(executor: cluster.Dask, chunk: Chunk, count: int) -> None:
    """Have chunks computed, as many under way as there are slots."""
    handed_in = under_way = 0
    while handed_in < count or under_way:
        while handed_in < count and under_way < executor.slots:
            executor.submit(chunk)
            handed_in, under_way = handed_in + 1, under_way + 1
        executor.finished()
        under_way -= 1


def processor_seconds(process: psutil.Process) -> float:
    """Return the processor time of a process."""
    times = process.cpu_times()
    return float(times.user + times.system)


def storing(result: Result) -> tuple[float, float]:
    """Return what storing a chunk takes [ms]: of the clock, and of the processor."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        for table in TABLES:
            (Path(folder) / table).mkdir()
        clock, own = time.perf_counter(), time.process_time()
        for number in range(CHUNKS):
            keep(Path(folder), f"chunk{number}", result)
        seconds = time.perf_counter() - clock, time.process_time() - own
    return seconds[0] / CHUNKS * MILLISECONDS, seconds[1] / CHUNKS * MILLISECONDS


def throughput(executor: Any, runs: int) -> tuple[float, float]:
    """Return runs per second of a real study, and processor seconds of this process per run [ms]."""
    base = load(SCENARIO, {"run.persons_per_agent": PERSONS_PER_AGENT})
    seeds = replicate_seeds("standard-100")[:runs]
    study = Study("rate", {"b": base}, (Point("base", "b"),), seeds, Keep(days=True))
    with tempfile.TemporaryDirectory() as folder:
        run_study(study, Path(folder) / "warm", max_runs=20, executor=executor)
        clock, own = time.perf_counter(), time.process_time()
        run_study(study, Path(folder) / "s", executor=executor)
        return runs / (time.perf_counter() - clock), (time.process_time() - own) / runs * MILLISECONDS


def print_prices() -> None:
    """Print what chunks of each kind cost."""
    print("| kept | runs a chunk | computing [ms a run] | kB a run | storing, clock | storing, processor |")
    print("|---|" + "---:|" * 5)
    run_chunk(chunk_of(1, Keep()))
    kinds = []
    for words, kept in KEPT.items():
        for runs in RUNS_IN_A_CHUNK:
            chunk = chunk_of(runs, kept)
            began = time.process_time()
            result = run_chunk(chunk)
            computing = (time.process_time() - began) / runs * MILLISECONDS
            tables = {name: len(content) for name, content in result.tables.items()}
            kinds.append((words, runs, chunk, tables))
            clock, processor = storing(result)
            size = sum(tables.values()) / runs / KILOBYTES
            print(f"| {words} | {runs} | {computing:.0f} | {size:.1f} | {clock:.1f} | {processor:.2f} |", flush=True)
    print("\n| kept | runs a chunk | workers | clock | coordinator | scheduler |\n|---|" + "---:|" * 5)
    for workers in (1, 2):
        with running_cluster(workers) as (address, scheduler):
            executor = connected(address, workers)
            for words, runs, chunk, tables in kinds:
                found = price(executor, scheduler, chunk, tables)
                row = f"{found.clock:.1f} | {found.coordinator:.1f} | {found.scheduler:.1f}"
                print(f"| {words} | {runs} | {workers} | {row} |", flush=True)
            executor.close()


def print_rates() -> None:
    """Print how fast a real study goes, with Dask and with workers of its own."""
    print("\n| who computes | runs per second | coordinator [ms of processor a run] |\n|---|---:|---:|")
    for workers in (1, 2):
        with running_cluster(workers) as (address, _):
            executor = connected(address, workers)
            rate, own = throughput(executor, RUNS)
            executor.close()
        print(f"| Dask, workers: {workers} | {rate:.1f} | {own:.1f} |", flush=True)
        local = Processes(workers)
        rate, own = throughput(local, RUNS)
        local.close()
        print(f"| this machine, workers: {workers} | {rate:.1f} | {own:.1f} |", flush=True)


def main() -> None:
    """Print what was measured; times are milliseconds a chunk where nothing else is said."""
    print(f"{available_cores()} cores, load before {os.getloadavg()[0]:.1f}; Python {sys.version.split()[0]}\n")
    print_prices()
    print_rates()
    print(f"\nload after {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
