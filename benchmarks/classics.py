"""Epstein's model raced against Mesa's own example of it: `make bench-classics`.

Both run the same rules with the same values (scenario `mesa-epstein`) on the same machine, one after the other, each
round in a fresh process, since Mesa's example keeps some 20 MB a model. What is timed is stepping alone, in processor
time of the thread, so that other work on the machine disturbs as little as it can.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time

LEAST_RATIO = {40: 500.0, 200: 1500.0}
MOST_NANOSECONDS = {40: 60.0, 200: 45.0}
OUR_STEPS = {40: 2000, 200: 100}
MESA_STEPS = {40: 30, 200: 2}
WARM_UP = 5


def ours(size: int) -> tuple[int, float]:
    """Return agents and seconds a step of our engine."""
    from sim.run.load import load
    from sim.run.simulate import Running

    steps = OUR_STEPS[size]
    changes = {"grid.width": size, "grid.height": size, "time.steps": steps + WARM_UP}
    running = Running(load("mesa-epstein", changes), seed=1)
    for _ in range(WARM_UP):
        running.advance()
    began = time.thread_time()
    for _ in range(steps):
        running.advance()
    return int(running.state.size[0]), (time.thread_time() - began) / steps


def mesas(size: int) -> tuple[int, float]:
    """Return agents and seconds a step of Mesa's example."""
    from mesa.examples.advanced.epstein_civil_violence.model import EpsteinCivilViolence

    model = EpsteinCivilViolence(size, size, seed=1)
    model.step()
    began = time.thread_time()
    for _ in range(MESA_STEPS[size]):
        model.step()
    return len(model.agents), (time.thread_time() - began) / MESA_STEPS[size]


RACERS = {"ours": ours, "mesa": mesas}


def measured(who: str, size: int) -> float:
    """Return nanoseconds an agent-update, in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.classics", "--one", who, str(size)],
        capture_output=True,
        text=True,
        check=True,
    )
    agents, seconds = json.loads(done.stdout.splitlines()[-1])
    return float(seconds / agents * 1e9)


def main() -> None:
    """Run the race and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds; medians are shown")
    parser.add_argument("--one", nargs=2, metavar=("WHO", "SIZE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        who, size = arguments.one
        print(json.dumps(RACERS[who](int(size))))
        return
    measured("ours", 40)  # compiles, if need be
    print("Epstein's model, vision 7, random asynchronous activation, one thread; median (lowest to highest)")
    for size in (40, 200):
        rounds = [{who: measured(who, size) for who in RACERS} for _ in range(arguments.rounds)]
        for who, name in (("ours", "protestorate"), ("mesa", "Mesa's example")):
            times = [one[who] for one in rounds]
            spread = f"({min(times):,.0f} to {max(times):,.0f})"
            print(f"{size:4} x {size:<4} {name:16} {statistics.median(times):10,.0f} ns an agent-update {spread}")
        ratio = statistics.median(one["mesa"] / one["ours"] for one in rounds)
        own = statistics.median(one["ours"] for one in rounds)
        target = MOST_NANOSECONDS[size]
        print(f"{'':11} ratio {ratio:,.0f}, {_said(ratio >= LEAST_RATIO[size])} {LEAST_RATIO[size]:,.0f}; "
              f"{own:.0f} ns, {_said(own <= target, 'at most', 'above')} {target:.0f}")  # fmt: skip


def _said(reached: bool, yes: str = "at least", no: str = "below") -> str:
    return yes if reached else no


if __name__ == "__main__":
    main()
