"""Other seeds beside the run that is watched: taken in the background, and shown as bands behind the lines of charts.

A run is one draw; the bands say how far other draws of the same settings lie apart. They are whole runs, without what
was changed by hand while the watched one went on.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import ProtestorateError
from sim.models.interface import declared
from sim.page import chart_choice
from sim.page.chart_choice import Bands
from sim.run.simulate import HIGHEST_SEED, Running

if TYPE_CHECKING:
    from sim.page.chart_parts import Series
    from sim.run.load import Loaded

SEEDS = 20
"""Runs of a fan: enough for the ends of nine in ten, and of the same settings in the time that a person waits."""
FEWEST = 5
"""So many must be done before bands are drawn, and they are drawn anew after as many more."""
ENDS = (5.0, 25.0, 75.0, 95.0)
"""Ends of the bands [per cent of the runs]: nine of ten lie between the outer, half between the inner."""
BANDED = ("line", "area", "dashed")
"""Manners of lines that have bands; areas on top of each other would hide them."""
NICENESS = 10
log = logging.getLogger("protestorate.view")

_one_at_a_time = threading.Lock()  # of all tabs, so that what plays keeps its pace


@dataclass(frozen=True, eq=False)
class Fan:
    """What other seeds have given so far.

    Attributes
    ----------
    first : int
        Seed of the first run; each has the one after that before it.
    done : int
        Runs done, of `SEEDS`.
    working : bool
        Whether more come.
    bands : mapping of (str, str) to array, shape (4, steps)
        By chart and line; see `ENDS`.
    peaks : array, shape (runs,)
        Largest value of the model's leading column in each run.
    problem : str
        Why there will be no more, in words.
    """

    first: int
    done: int = 0
    working: bool = True
    bands: Bands = field(default_factory=dict)
    peaks: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    problem: str = ""


class Fanning:
    """Runs the seeds of one tab's fan; begun anew, it drops what it was at.

    Parameters
    ----------
    publish : callable (Fan or None) -> None
        Called from the worker thread when there is something new, and with None when the fan is dropped.
    """

    def __init__(self, publish: Callable[[Fan | None], None]) -> None:
        self._publish = publish
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._cancelled.set()
        self._closed = False
        self._fan: Fan | None = None

    def begin(self, loaded: Loaded[Any], seed: int, leading: str) -> None:
        """Run the scenario with the seeds after `seed`; `leading` is the column whose peaks are told."""
        self.drop()
        with self._lock:
            if self._closed:
                return
            cancelled = self._cancelled = threading.Event()
            seeds = [(seed + number) % (HIGHEST_SEED + 1) for number in range(1, SEEDS + 1)]
            fan = Fan(seeds[0])
        self._show(fan, cancelled)
        threading.Thread(
            target=self._work, args=(loaded, seeds, leading, fan, cancelled), name="protestorate-fan", daemon=True
        ).start()

    def stop(self) -> None:
        """Take no more runs; what is done stays."""
        with self._lock:
            self._cancelled.set()
            if self._fan is None:
                return
            self._fan = replace(self._fan, working=False)
        self._tell()

    def drop(self) -> None:
        """Take no more runs, and show none."""
        with self._lock:
            self._cancelled.set()
            had, self._fan = self._fan, None
        if had is not None:
            self._tell()

    def close(self) -> None:
        """End the worker without a word: the tab is gone."""
        with self._lock:
            self._closed = True
            self._cancelled.set()
            self._fan = None

    def _show(self, fan: Fan, cancelled: threading.Event) -> None:
        with self._lock:
            if cancelled.is_set():
                return
            self._fan = fan
        self._tell()  # not under the lock: it draws, and who draws may be waiting for a stop
        if cancelled.is_set():  # another thread's word may have come before this one: say what holds now
            self._tell()

    def _tell(self) -> None:
        if not self._closed:
            self._publish(self._fan)

    # The worker: everything below runs in its thread.

    def _work(
        self, loaded: Loaded[Any], seeds: Sequence[int], leading: str, fan: Fan, cancelled: threading.Event
    ) -> None:
        if sys.platform == "linux":  # where a thread can be nice by itself
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        runs: list[Series] = []
        try:
            for seed in seeds:
                series = _run(loaded, seed, cancelled)
                if series is None:
                    return
                runs.append(series)
                last = len(runs) == len(seeds)
                peaks = np.array([np.max(one[leading], initial=0.0) for one in runs])
                bands = bands_of(runs, loaded) if len(runs) % FEWEST == 0 or last else fan.bands
                fan = replace(fan, done=len(runs), working=not last, bands=bands, peaks=peaks)
                self._show(fan, cancelled)
        except ProtestorateError as error:
            self._show(replace(fan, working=False, problem=str(error)), cancelled)
        except Exception:
            log.exception("a run of the fan failed")
            said = "A run with another seed has failed; the terminal tells what."
            self._show(replace(fan, working=False, problem=said), cancelled)


def _run(loaded: Loaded[Any], seed: int, cancelled: threading.Event) -> Series | None:
    """Return the daily columns of a run; None if it was cancelled."""
    while not _one_at_a_time.acquire(timeout=0.1):
        if cancelled.is_set():
            return None
    try:
        if cancelled.is_set():
            return None
        running = Running(loaded, seed)
        while running.running:
            if cancelled.is_set():
                return None
            running.advance()
        days = running.result().days
        return {str(name): days[name].to_numpy() for name in days.columns}
    finally:
        _one_at_a_time.release()


def bands_of(runs: Sequence[Series], loaded: Loaded[Any]) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Return the ends of the bands of each line of each chart, over the days that at least half of the runs have."""
    lines: dict[tuple[str, str], list[NDArray[np.float64]]] = {}
    for series in runs:
        for chart in chart_choice.possible(series, declared(loaded.config).columns):
            for line in chart.lay_out(series).lines:
                if line.how in BANDED:
                    lines.setdefault((chart.name, line.label), []).append(line.values)
    return {name: _ends(values) for name, values in lines.items()}


def _ends(values: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    sizes = sorted(one.size for one in values)
    days = sizes[(len(sizes) - 1) // 2]  # at least half have as many
    padded = np.full((len(values), days), np.nan)
    for row, one in zip(padded, values, strict=True):
        row[: min(days, one.size)] = one[:days]
    ends = np.full((len(ENDS), days), np.nan)
    known = np.isfinite(padded).any(axis=0)
    ends[:, known] = np.nanpercentile(padded[:, known], ENDS, axis=0)
    return ends
