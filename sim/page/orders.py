"""What a tab has ordered and its worker has not yet done: bounded, and rid of what a later order makes pointless."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from enum import Enum, auto

from sim.core.errors import ProtestorateError

MOST_WAITING = 200
"""Orders that may wait; more than a person can give while the slowest run is being built."""

Order = Callable[[], None]


class TooMany(ProtestorateError):
    """An order that was not taken, because too many are waiting."""


class Kind(Enum):
    """What an order means for those that wait before it."""

    STEP = auto()
    """Something done to the runs there are."""
    RESET = auto()
    """Runs in place of those there are: whatever waits to be done to these is pointless."""
    TAKE = auto()
    """Something taken from the runs there are: what comes before it must be done first."""


class Orders:
    """A queue of orders between any number of threads that give them and one that carries them out."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Kind, Order]] = deque()
        self._changed = threading.Condition()
        self._closed = False

    def put(self, order: Order, kind: Kind = Kind.STEP) -> None:
        """Add an order; after `close` it is ignored.

        Raises
        ------
        TooMany
            If as many wait as may.
        """
        with self._changed:
            if self._closed:
                return
            if kind is Kind.RESET:
                while self._waiting and self._waiting[-1][0] is not Kind.TAKE:
                    self._waiting.pop()
            if len(self._waiting) >= MOST_WAITING:
                raise TooMany("Too many orders are waiting: this one was not taken.")
            self._waiting.append((kind, order))
            self._changed.notify()

    def get(self, block: bool = True, timeout: float | None = None) -> Order | None:
        """Return the next order, or None if there will be no more.

        Raises
        ------
        queue.Empty
            If there is none, and none comes in time.
        """
        end = None if timeout is None else time.monotonic() + timeout
        with self._changed:
            while not self._waiting and not self._closed:
                left = None if end is None else end - time.monotonic()
                if not block or (left is not None and left <= 0):
                    raise queue.Empty
                self._changed.wait(left)
            return None if self._closed else self._waiting.popleft()[1]

    def empty(self) -> bool:
        """Return whether nothing waits."""
        return not self._waiting

    def close(self) -> None:
        """Drop all that waits; nothing is taken from now on."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()
