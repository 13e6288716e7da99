"""Measure speed and memory: ``python -m benchmarks`` or ``make bench``. Prints a Markdown table.

Times of the step loop are medians over days 20 to 60 of Belarus 2020, when the movement is at its
height, with everything compiled; recording the day is included. ``--quick`` measures days 20 to 30
at 94,000 agents only. Beside them stands the memory bandwidth of the same machine at the same time
(triad of the STREAM benchmark, McCalpin 1995), because the pass over citizens cannot be faster than
its state can be read and written.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numba
import numpy as np

import sim
from sim.core.version import model_version
from sim.run.simulate import Running

SCENARIO = "belarus-2020"
SEED = 1
FIRST_DAY = 20
THREADS = (1, 2)
TRIAD_ELEMENTS = 2**24
TRIAD_BYTES = 24  # per element: two numbers of eight bytes are read, one is written
NANOSECONDS = 1e9
STARTS = 5
BUSY = 0.3
"""Load of the machine, in processes per core before we start, from which its numbers are not to be trusted."""

ONE_DAY = f"""
import sim
from sim.run.simulate import Running
running = Running(sim.load({SCENARIO!r}, {{"run.persons_per_agent": 10000}}), {SEED})
running.advance()
"""


@dataclass(frozen=True)
class Pass:
    """What was measured at one size and number of threads."""

    agents: int
    threads: int
    nanoseconds: float
    """Median over days, for each agent-day."""
    of_citizens: float
    """Bytes of state of an agent."""
    of_ties: float
    """Bytes of ties of an agent."""
    of_the_rest: float
    """Bytes of all other tables, shared out over agents."""


def measure(persons_per_agent: int, threads: int, last_day: int) -> Pass:
    """Run the scenario and time each day from `FIRST_DAY` to `last_day`."""
    running = Running(sim.load(SCENARIO, {"run.persons_per_agent": persons_per_agent}), SEED, threads)
    seconds = []
    while running.running and running.done <= last_day:
        start = time.perf_counter()
        running.advance()
        if running.done > FIRST_DAY:
            seconds.append(time.perf_counter() - start)
    if len(seconds) < last_day - FIRST_DAY:
        raise SystemExit(f"the run ended on day {running.done}, before day {last_day}: choose another seed")
    world = running.state.world
    agents = world.citizens.role.size
    own = sum(column.nbytes for column in world.citizens)
    tables = (world.neighbourhoods, world.kin, world.workplaces, world.localities, world.officers, world.elites)
    rest = sum(column.nbytes for table in tables for column in table)
    return Pass(
        agents,
        threads,
        statistics.median(seconds) / agents * NANOSECONDS,
        own / agents,
        world.ties.nbytes / agents,
        rest / agents,
    )


@numba.njit(nogil=True, error_model="numpy")
def triad(a: Any, b: Any, c: Any, scale: float) -> None:
    """Add scaled numbers to numbers, as STREAM does."""
    for i in range(a.size):
        a[i] = b[i] + scale * c[i]


def bandwidth(threads: int) -> float:
    """Return the bytes a second that the triad moves, best of ten."""
    a, b, c = (np.full(TRIAD_ELEMENTS, value) for value in (0.0, 1.0, 2.0))
    cuts = np.linspace(0, TRIAD_ELEMENTS, threads + 1).astype(int)
    parts = [slice(first, last) for first, last in pairwise(cuts)]
    triad(a[:1], b[:1], c[:1], 3.0)

    def work(part: slice) -> None:
        triad(a[part], b[part], c[part], 3.0)

    best = np.inf
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(10):
            start = time.perf_counter()
            list(pool.map(work, parts))
            best = min(best, time.perf_counter() - start)
    assert (a == 7.0).all()
    return TRIAD_ELEMENTS * TRIAD_BYTES / best


def seconds_of(command: list[str], settings: dict[str, str] | None = None) -> float:
    """Return the wall time of a command in a process of its own."""
    start = time.perf_counter()
    subprocess.run(command, env={**os.environ, **(settings or {})}, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def first_day() -> tuple[float, float]:
    """Return the seconds to load, build and run one day of a small country: nothing compiled, and all compiled."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {"NUMBA_CACHE_DIR": folder}
        cold = seconds_of([sys.executable, "-c", ONE_DAY], settings)
        cached = min(seconds_of([sys.executable, "-c", ONE_DAY], settings) for _ in range(3))
    return cold, cached


def start_up() -> Iterator[tuple[str, float]]:
    """Yield what starts, and the seconds it takes: best of `STARTS`."""
    program = str(Path(sys.executable).with_name("protestorate"))
    commands = {
        "start of Python alone": [sys.executable, "-c", "pass"],
        "`import sim`, start of Python included": [sys.executable, "-c", "import sim"],
        "`protestorate --help`": [program, "--help"],
    }
    for name, command in commands.items():
        yield name, min(seconds_of(command) for _ in range(STARTS))


def written(threads: int) -> str:
    """Return a number of threads in words."""
    return "1 thread" if threads == 1 else f"{threads} threads"


def rows(quick: bool, say: Callable[[str], None]) -> Iterator[tuple[str, str]]:
    """Yield each measurement and its result."""
    say("memory bandwidth")
    speeds = {threads: bandwidth(threads) for threads in THREADS}
    sizes, last_day = ((100,), 30) if quick else ((100, 10), 60)
    for persons_per_agent in sizes:
        for threads in THREADS:
            say(f"{written(threads)}, {persons_per_agent} persons per agent")
            found = measure(persons_per_agent, threads, last_day)
            name = f"{found.agents:,} agents, {written(threads)}"
            yield f"step loop, {name}", f"{found.nanoseconds:.1f} ns per agent-day"
            traffic = (found.of_citizens + found.of_ties) / found.nanoseconds
            yield f"state and ties that it reads, {name}", f"{traffic:.1f} GB/s"
        memory = f"{found.of_citizens:.0f} state + {found.of_ties:.0f} ties + {found.of_the_rest:.1f} shared"
        yield f"bytes per agent, {found.agents:,} agents", memory
    for threads, speed in speeds.items():
        yield f"memory bandwidth (triad), {written(threads)}", f"{speed / 1e9:.1f} GB/s"
    say("compilation")
    cold, cached = first_day()
    yield "first run: start, compile, one day of a small country", f"{cold:.1f} s"
    yield "later runs: the same, compiled before", f"{cached:.2f} s"
    yield "compilation", f"{cold - cached:.1f} s"
    say("start-up")
    for name, seconds in start_up():
        yield name, f"{seconds:.2f} s"


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="days 20 to 30 at 94,000 agents only")
    options = parser.parse_args()
    cores = os.cpu_count() or 1
    load = os.getloadavg()[0] / cores if hasattr(os, "getloadavg") else 0.0
    found = list(rows(options.quick, lambda text: print(f"measuring: {text}", file=sys.stderr)))
    print(f"protestorate {model_version()}, Python {platform.python_version()}, numba {numba.__version__}, "
          f"{platform.machine()}, {cores} cores\n")  # fmt: skip
    print("| measured | result |\n|---|---|")
    for name, result in found:
        print(f"| {name} | {result} |")
    if load > BUSY:
        print(f"\nThe machine was busy when this began ({load:.1f} processes per core): do not quote these numbers.")


if __name__ == "__main__":
    main()
