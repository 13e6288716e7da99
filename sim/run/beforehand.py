"""What a run will take, before it is begun: agents, time and memory."""

from __future__ import annotations

from dataclasses import dataclass

from sim.core.memory import available_bytes
from sim.models.interface import engine_of
from sim.run.load import Loaded

# What a run costs on one core of a 2020s server, measured (docs/speed.md); the size of chunks of studies rests on it.
SECONDS_A_RUN, SECONDS_A_STEP, SECONDS_AN_AGENT, SECONDS_AN_AGENT_STEP = 0.04, 0.0004, 5e-7, 70e-9
ALONE = 0.2
"""Share of an agent's step that more threads do not shorten."""
PROGRAM_BYTES = 250 * 2**20
"""What Python, its libraries and compiled code take."""
WORTH_A_WORD = 20.0
"""Seconds from which a run is announced."""


@dataclass(frozen=True)
class Estimate:
    """What a run will take, once everything is compiled.

    Attributes
    ----------
    agents, steps, threads : int
    seconds : float
    bytes : int
        Of memory, at the most.
    free : int or None
        Bytes that this process could have; None if unknown.
    """

    agents: int
    steps: int
    threads: int
    seconds: float
    bytes: int
    free: int | None

    def __str__(self) -> str:
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        free = "" if self.free is None else f" ({gigabytes(self.free)} are free)"
        return (
            f"{self.agents:,} agents, {self.steps:,} steps: about {duration(self.seconds)} on {threads} and "
            f"{gigabytes(self.bytes)} of memory{free}"
        )


def estimate(loaded: Loaded, days: int | None, threads: int) -> Estimate:
    """Return what a run of a scenario will take, if it stops after so many steps and not at its horizon."""
    engine = engine_of(loaded.config.model)
    agents, steps = engine.agents(loaded.config), days or engine.steps(loaded.config)
    room = PROGRAM_BYTES + engine.bytes_per_agent * agents
    return Estimate(agents, steps, threads, seconds_of(loaded, days, threads), room, available_bytes())


def seconds_of(loaded: Loaded, days: int | None = None, threads: int = 1) -> float:
    """Return about how long a run of a scenario takes [seconds]."""
    engine = engine_of(loaded.config.model)
    agents, steps = engine.agents(loaded.config), days or engine.steps(loaded.config)
    a_step = SECONDS_A_STEP + agents * SECONDS_AN_AGENT_STEP * (ALONE + (1.0 - ALONE) / threads)
    return SECONDS_A_RUN + agents * SECONDS_AN_AGENT + steps * a_step


def gigabytes(number: float) -> str:
    """Return bytes in words."""
    return f"{number / 2**30:,.1f} GB"


def duration(seconds: float) -> str:
    """Return seconds in words, no finer than an estimate is."""
    if seconds < 90:
        return f"{max(seconds, 1.0):.0f} s"
    return f"{seconds / 60:,.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:,.1f} h"
