"""What is measured: each row of the table, and how. All times are in seconds until they are shown."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import sim
from benchmarks.studies import rate
from sim.models.mobilisation import day
from sim.run.load import load
from sim.run.simulate import Running, simulate
from sim.study import Keep, Point, Study, read_study, run_study

SCENARIO = "belarus-2020"
SEED = 1
RUN = {"run.persons_per_agent": 1000}
"""9,400 agents, as studies have them."""
FIRST_DAY, LAST_DAY = 20, 60
"""Days of Belarus 2020 in which the movement is at its height."""
SWEEP_RUNS, RESULTS = 400, 1000

ONE_DAY = f"""
import sim
from sim.run.simulate import Running
Running(sim.load({SCENARIO!r}, {{"run.persons_per_agent": 10000}}), {SEED}).advance()
"""
WHOLE_COUNTRY = """
import json, resource, sys, time
import sim
start = time.perf_counter()
sim.simulate(sys.argv[1], seed=1, persons_per_agent=1, days=int(sys.argv[2]), threads=int(sys.argv[3]))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps([time.perf_counter() - start, peak]))
"""
FIRST_SIMULATE = f"""
import json, time
from sim.run.simulate import Running, simulate
simulate("russia-2022", days=1, persons_per_agent=20000)
start = time.perf_counter()
simulate({SCENARIO!r}, {SEED}, persons_per_agent=1000, days=1)
whole = time.perf_counter() - start
import sim
loaded = sim.load({SCENARIO!r}, {{"run.persons_per_agent": 1000}})
start = time.perf_counter()
running = Running(loaded, {SEED})
running.advance()
print(json.dumps(whole - (time.perf_counter() - start)))
"""


@dataclass(frozen=True)
class Row:
    """A measure, and what it must be on an idle machine like that of the baseline.

    Attributes
    ----------
    name : str
        Stays the same from version to version.
    title, unit : str
    scale : float
        What makes a number in that unit of seconds (or of bytes); a rate is `scale` over seconds.
    must, aim : float or None
        In the unit.
    rate : bool
        Whether more is better.
    fixed : bool
        Whether it is the same on a slower machine, as memory is.
    """

    name: str
    title: str
    unit: str
    scale: float = 1.0
    must: float | None = None
    aim: float | None = None
    rate: bool = False
    fixed: bool = False

    def shown(self, value: float) -> float:
        """Return a measured value in the row's unit."""
        return self.scale / value if self.rate else value * self.scale


ROWS = (
    Row("sweep", f"sweep, {SWEEP_RUNS} runs of 9,400 agents and 140 days, 2 workers", "runs/s", 1, 35, 50, True),
    Row("run_build", "one such run, one thread: drawing the country", "ms", 1e3, 5, 3),
    Row("run_days", "one such run, one thread: 140 days", "ms", 1e3, 45, 30),
    Row("run_evening", "of these days: police, organisation and the rest", "ms", 1e3, 12, 6),
    Row("simulate_first", "`simulate` on top of building and days, first in a process", "ms", 1e3, 40),
    Row("simulate_after", "`simulate` on top of building and days, afterwards", "ms", 1e3, 10),
    Row("step_1", "step loop, 94,134 agents, 1 thread", "ns per agent-day", 1e9, 28, 20),
    Row("step_2", "step loop, 94,134 agents, 2 threads", "ns per agent-day", 1e9, 16, 12),
    Row("compile", "cold compile of what a run needs", "s", 1, 12, 8),
    Row("warm_start", "start, compiled before, to the end of the first simulated day", "s", 1, 1.0, 0.8),
    Row("results", f"{RESULTS:,} runs read, reported and compared", "s", 1, 10, 5),
    Row("import", "`import sim`, start of Python included", "s"),
    Row("help", "`protestorate --help`", "s"),
)
COUNTRY_ROWS = (
    Row("belarus_time", "Belarus person by person (9.4 million agents), 140 days", "s"),
    Row("belarus_memory", "the same: memory", "GB", 2**-30, fixed=True),
    Row("russia_time", "Russia person by person (144.7 million agents), 30 days", "s", 1, 360, 240),
    Row("russia_memory", "the same: memory", "GB", 2**-30, 16, fixed=True),
)

Measured = Iterator[tuple[str, float]]
"""Name of a row and one value; a row may have several, whose median counts."""
Say = Callable[[str], None]


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def one_run(times: int) -> Measured:
    """Yield what a run of 9,400 agents takes, stage by stage, and what `simulate` adds."""
    loaded = load(SCENARIO, RUN)
    simulate(loaded, SEED, days=2)
    for _ in range(times):
        start = time.perf_counter()
        running = Running(loaded, SEED)
        built = time.perf_counter()
        with _watched("evening") as spent:
            while running.running:
                running.advance()
        days = time.perf_counter() - built
        yield "run_build", built - start
        yield "run_days", days
        yield "run_evening", sum(spent)
        whole = timed(lambda: simulate(SCENARIO, SEED, persons_per_agent=1000))
        again = timed(lambda: Running(loaded, SEED)) + _days(Running(loaded, SEED))
        yield "simulate_after", max(whole - again, 0.0)


def _days(running: Running) -> float:
    def days() -> None:
        while running.running:
            running.advance()

    return timed(days)


class _watched:
    """Times the calls of a function of the day."""

    def __init__(self, name: str) -> None:
        self.name, self.whole, self.spent = name, getattr(day, name), list[float]()

    def __enter__(self) -> list[float]:
        setattr(day, self.name, lambda *given: self.spent.append(timed(lambda: self.whole(*given))))
        return self.spent

    def __exit__(self, *error: object) -> None:
        setattr(day, self.name, self.whole)


def simulate_first(times: int) -> Measured:
    """Yield what `simulate` adds the first time that a scenario is read, when all libraries are there."""
    for _ in range(times):
        yield "simulate_first", max(float(_printed(FIRST_SIMULATE)), 0.0)


def steps(times: int) -> Measured:
    """Yield the step loop's time of an agent-day, the median over days, recording included."""
    for threads in (1, 2):
        for _ in range(times):
            running = Running(load(SCENARIO, {"run.persons_per_agent": 100}), SEED, threads)
            agents = running.state.world.citizens.role.size
            seconds = []
            while running.running and running.done <= LAST_DAY:
                seconds.append(timed(running.advance))
            if len(seconds) <= LAST_DAY:
                raise SystemExit(f"the run ended on day {running.done}: choose another seed")
            yield f"step_{threads}", statistics.median(seconds[FIRST_DAY:]) / agents


def starts(times: int) -> Measured:
    """Yield what it takes to compile and to start."""
    program = str(Path(sys.executable).with_name("protestorate"))
    for _ in range(max(times // 3, 1)):
        with tempfile.TemporaryDirectory() as folder:
            one_day = partial(_run, [sys.executable, "-c", ONE_DAY], {"NUMBA_CACHE_DIR": folder})
            cold = timed(one_day)
            warm = [timed(one_day) for _ in range(times)]
        yield "compile", cold - statistics.median(warm)
        for value in warm:
            yield "warm_start", value
    for _ in range(times):
        yield "import", timed(lambda: _run([sys.executable, "-c", "import sim"], {}))
        yield "help", timed(lambda: _run([program, "--help"], {}))


def sweep(times: int) -> Measured:
    """Yield the time of a run of a sweep, from the first chunk of runs to the last: workers start once."""
    loaded = load(SCENARIO, RUN)
    study = Study("benchmark", {"base": loaded}, (Point("base", "base"),), tuple(range(1, SWEEP_RUNS + 1)), Keep())
    for _ in range(times):
        yield "sweep", 1.0 / rate(study, 2)[0]


def results(times: int) -> Measured:
    """Yield the time from the folder of 1,000 runs to two points compared and a report of each."""
    from analysis.compare.command import compare
    from analysis.sweep.report import write_report

    loaded = load(SCENARIO, {"run.persons_per_agent": 10000})
    points = (Point("base", "base"), Point("no backlash", "base", {"mechanisms.backlash": False}))
    study = Study("benchmark", {"base": loaded}, points, tuple(range(1, RESULTS // 2 + 1)), Keep(days=True))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "study"
        run_study(study, folder, workers=2)

        def read() -> None:
            write_report(read_study(folder))
            compare([folder], Path(temporary) / "comparison", force=True)

        for _ in range(times):
            yield "results", timed(read)


def countries(times: int) -> Measured:
    """Yield time and memory of whole countries person by person, on all cores, each in a process of its own."""
    del times
    threads = str(os.cpu_count() or 1)
    for name, scenario, days in (("belarus", "belarus-2020", "140"), ("russia", "russia-2022", "30")):
        seconds, peak = _printed(WHOLE_COUNTRY, scenario, days, threads)
        yield f"{name}_time", seconds
        yield f"{name}_memory", peak


PARTS: dict[str, tuple[Callable[[int], Measured], int]] = {
    "one run": (one_run, 7),
    "first simulate": (simulate_first, 5),
    "step loop": (steps, 3),
    "starts": (starts, 5),
    "sweep": (sweep, 3),
    "results": (results, 3),
}
"""What ``make bench`` measures, and how often."""
COUNTRY_PARTS: dict[str, tuple[Callable[[int], Measured], int]] = {"countries": (countries, 1)}


def _run(command: list[str], settings: dict[str, str]) -> None:
    subprocess.run(command, env={**os.environ, **settings}, check=True, stdout=subprocess.DEVNULL)


def _printed(program: str, *words: str) -> Any:
    done = subprocess.run([sys.executable, "-c", program, *words], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def bytes_of_an_agent() -> tuple[float, float, float]:
    """Return the bytes of an agent's state, of its ties, and of all other tables shared out, at 94,134 agents."""
    world = Running(sim.load(SCENARIO, {"run.persons_per_agent": 100}), SEED).state.world
    agents = world.citizens.role.size
    tables = (world.neighbourhoods, world.kin, world.workplaces, world.localities, world.officers, world.elites)
    own, rest = (
        sum(column.nbytes for table in some for column in vars(table).values()) for some in ((world.citizens,), tables)
    )
    return own / agents, world.ties.nbytes / agents, rest / agents
