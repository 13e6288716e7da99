"""Who computes chunks: this process, or processes of its own on this machine.

An executor takes chunks and gives back, in any order, what became of them. A worker process is a
fresh interpreter at the other end of a socket (no fork, which threads make dangerous, and no second
import of the user's own script). If it dies, by a signal or for want of memory, only its chunk is
lost, and if the study itself dies, its workers find their line cut and end.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections import deque
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Protocol

from sim.core.cache import cache_folder
from sim.core.errors import ProtestorateError
from sim.core.notes import QUIET
from sim.run.load import Loaded
from sim.run.simulate import Running
from sim.study.chunk import Chunk, Result, run_chunk

SECONDS_TO_DIE = 5.0
BUFFER_BYTES = 2**22  # a chunk fits, so that handing it to a worker that still starts does not wait


@dataclass(frozen=True)
class Death:
    """A worker that died over a chunk, and how."""

    reason: str


Finished = tuple[Chunk, Result | Death]


class Executor(Protocol):
    """Computes chunks."""

    @property
    def slots(self) -> int:
        """Number of chunks to keep handed in, so that no worker waits."""

    def submit(self, chunk: Chunk) -> None:
        """Hand in a chunk."""

    def finished(self) -> Finished:
        """Wait for a chunk and return it with its result, or with how its worker died."""

    def close(self) -> None:
        """Let go of the workers; chunks still under way are lost."""


class ThisProcess:
    """Computes chunks here, one after the other."""

    slots = 1

    def __init__(self) -> None:
        self._waiting: deque[Chunk] = deque()

    def submit(self, chunk: Chunk) -> None:
        """Hand in a chunk."""
        self._waiting.append(chunk)

    def finished(self) -> Finished:
        """Compute the chunk handed in first."""
        chunk = self._waiting.popleft()
        return chunk, run_chunk(chunk)

    def close(self) -> None:
        """Nothing to let go of."""


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    line: Connection
    chunk: Chunk | None = None


class Processes:
    """Worker processes on this machine.

    Parameters
    ----------
    count : int
        Workers, at least 1. Each computes its runs on one thread.
    """

    def __init__(self, count: int) -> None:
        if not self.possible():
            raise ProtestorateError("worker processes need Linux or macOS; use one worker, or Dask")
        self.count = count
        self._waiting: deque[Chunk] = deque()
        self._deaths: deque[Finished] = deque()
        self._workers: list[_Worker] = []

    @staticmethod
    def possible() -> bool:
        """Return whether this system knows what workers are made of: sockets that are handed on, and groups."""
        return os.name == "posix"

    @property
    def slots(self) -> int:
        """Two a worker: one under way and one waiting."""
        return 2 * self.count

    def submit(self, chunk: Chunk) -> None:
        """Hand in a chunk."""
        self._waiting.append(chunk)
        self._hand_out()

    def finished(self) -> Finished:
        """Wait for a chunk and return it with its result, or with how its worker died."""
        while not self._deaths:
            self._hand_out()
            busy = {worker.line: worker for worker in self._workers if worker.chunk}
            for line in wait(list(busy)):
                worker = busy[line]  # type: ignore[index]
                try:
                    result: Result = worker.line.recv()
                except (EOFError, OSError):
                    self._bury(worker)
                    continue
                chunk, worker.chunk = worker.chunk, None
                self._hand_out()  # before the result is stored, so that the worker does not wait for the disk
                if chunk:
                    return chunk, result
        return self._deaths.popleft()

    def close(self) -> None:
        """End the workers; chunks still under way are lost."""
        for worker in self._workers:
            worker.line.close()
            worker.process.kill()
        for worker in self._workers:
            worker.process.wait()
        self._workers.clear()

    def _hand_out(self) -> None:
        """Give waiting chunks to idle workers, and start workers while some are wanted."""
        while self._waiting:
            idle = next((worker for worker in self._workers if worker.chunk is None), None)
            if idle is None:
                if len(self._workers) == self.count:
                    return
                idle = self._start()
            idle.chunk = self._waiting.popleft()
            try:
                idle.line.send(idle.chunk)
            except OSError:
                self._bury(idle)

    def _start(self) -> _Worker:
        ours, theirs = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
        root = str(Path(__file__).resolve().parents[2])
        paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        one_thread = dict.fromkeys(("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "sim.study.worker", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            env={**os.environ, **one_thread, "PYTHONPATH": paths, QUIET: "1"},
            pass_fds=(theirs.fileno(),),
            process_group=0,  # Ctrl-C in a terminal is the study's business, even while a worker still starts
        )
        theirs.close()
        worker = _Worker(process, Connection(ours.detach()))
        self._workers.append(worker)
        return worker

    def _bury(self, worker: _Worker) -> None:
        """Note the death of a worker with the chunk it had."""
        self._workers.remove(worker)
        worker.line.close()
        try:
            code = worker.process.wait(timeout=SECONDS_TO_DIE)
        except subprocess.TimeoutExpired:  # it has cut its line and is still alive
            worker.process.kill()
            code = worker.process.wait()
        if worker.chunk:
            self._deaths.append((worker.chunk, Death(how_it_ended(code))))


def warm(scenario: Loaded) -> None:
    """Compile the step loop once, before several processes would do it at the same time."""
    folder = cache_folder()
    if folder is None or not any(folder.rglob("*.nbi")):
        Running(scenario, 0).advance()


def how_it_ended(code: int) -> str:
    """Return a dead process's exit code in words."""
    if code >= 0:
        return f"its worker process ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    hint = ", as the system does when memory runs out" if name == "SIGKILL" else ""
    return f"its worker process was ended by {name}{hint}"
