"""Does it work here? A newcomer's answer in about a minute: ``make smoke``, or ``python -m tests.smoke`` without make.

Needs no more than protestorate itself. Each line is one thing that must be so; the first that is not ends in
exit code 1.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

import sim
from sim.run.find import names
from sim.run.load import check

COARSE = {"persons_per_agent": 2000, "days": 30}


def scenarios() -> str:
    """Every scenario that comes with the project is valid."""
    problems = check(list(map(str, names().values())))
    assert not problems, problems
    return f"{len(names())} scenarios are valid"


def granovetter() -> str:
    """One of each threshold from 0 to 99 brings out all hundred (Granovetter 1978)."""
    active = sim.simulate("granovetter-1978").summary["active"]
    assert active == 100, active
    return "Granovetter's hundred persons all act, as in his article"


def kuran() -> str:
    """Two nearly equal societies end apart: nine or two of ten oppose in public (Kuran 1991)."""
    found = [sim.simulate(name).summary["active"] for name in ("kuran-1991", "kuran-1991-b")]
    assert found == [9, 2], found
    return "Kuran's two nearly equal societies end with nine and two opponents, as in his article"


def threads() -> str:
    """Belarus 2020 with coarse agents is the same to the bit on one thread and on two, and is kept as it was."""
    one, two = (sim.simulate("belarus-2020", seed=1, threads=number, **COARSE) for number in (1, 2))
    pd.testing.assert_frame_equal(one.days, two.days, check_exact=True)
    assert one.days["attending"].max() > 0
    with tempfile.TemporaryDirectory() as folder:
        kept = sim.read_run(one.save(Path(folder) / "run"))
        assert (Path(folder) / "run" / "report.html").stat().st_size > 10_000
    pd.testing.assert_frame_equal(kept.days, one.days, check_dtype=False)  # Parquet keeps dates to the millisecond
    return "thirty days of Belarus 2020 are the same to the bit on two threads, and are written and read back"


CHECKS: tuple[Callable[[], str], ...] = (scenarios, granovetter, kuran, threads)


def main() -> int:
    """Carry out the checks, a line each; return the exit code."""
    print(
        f"protestorate {sim.__version__} on Python {sys.version.split()[0]}; compiling takes most of the first minute"
    )
    began = time.perf_counter()
    for one in CHECKS:
        try:
            said = one()
        except AssertionError as error:
            print(f"NOT SO: {one.__doc__}\n{error}", file=sys.stderr)
            return 1
        print(f"{time.perf_counter() - began:5.0f} s  {said}", flush=True)
    print("it works here; next: make demo")
    return 0


if __name__ == "__main__":
    sys.exit(main())
