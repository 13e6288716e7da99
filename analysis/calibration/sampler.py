"""Evaluations of ABC-SMC on any number of workers, each with luck of its own, taken in the order of their numbers."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

import numpy as np

CHUNK = 4
"""Evaluations that a worker takes at a time."""
Tell = Callable[[int, str], None]


def evaluate(payload: bytes, states: list[tuple[int, int, int]]) -> list[Any]:
    """Carry out evaluations, each with random numbers of its own: (seed, generation, number)."""
    simulate_one = _unpacked(payload)
    found = []
    with _state_kept():
        for state in states:
            words = np.random.SeedSequence(state).generate_state(4)
            np.random.seed(words)  # noqa: NPY002  # pyabc draws from this state alone
            random.seed(int(words[0]))
            found.append(simulate_one())
    return found


_LAST: dict[bytes, Any] = {}


def _unpacked(payload: bytes) -> Any:
    """Return what was sent, taken apart once a generation: to build a checked scenario takes time."""
    import cloudpickle

    if payload not in _LAST:
        _LAST.clear()
        _LAST[payload] = cloudpickle.loads(payload)
    return _LAST[payload]


@contextmanager
def _state_kept() -> Any:
    state, other = np.random.get_state(), random.getstate()  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(state)  # noqa: NPY002
        random.setstate(other)


def sampler(submit: Callable[..., Any], slots: int, seed: int, tell: Tell | None) -> Any:
    """Return a sampler whose accepted sets do not hang on who was first: they count in the order of their numbers."""
    import cloudpickle
    from pyabc.sampler import Sampler

    class InOrder(Sampler):  # type: ignore[misc]
        """Hands evaluations to workers and takes them in their order."""

        def sample_until_n_accepted(
            self,
            n: int,
            simulate_one: Any,
            t: int,
            *,
            max_eval: float = np.inf,
            all_accepted: bool = False,
            ana_vars: Any = None,
        ) -> Any:
            """Return a sample with n accepted particles."""
            payload = cloudpickle.dumps(simulate_one)
            sample, accepted, taken, asked = self._create_empty_sample(), 0, 0, 0
            under_way: list[Any] = []
            while accepted < n and taken < max_eval:
                while len(under_way) < 2 * slots:
                    states = [(seed, t + 2, number) for number in range(asked, asked + CHUNK)]
                    under_way.append(submit(evaluate, payload, states))
                    asked += CHUNK
                for particle in under_way.pop(0).result():
                    if accepted == n:
                        break
                    taken += 1
                    accepted += particle.accepted
                    sample.append(particle)
                if tell is not None:
                    tell(max(t, 0), f"generation {t + 1}: {accepted} of {n} accepted, {taken} run")
            for left in under_way:
                left.cancel()
            self.nr_evaluations_ = taken
            sample.ok = accepted >= n
            return sample

    return InOrder()


class _Done:
    """A result that is made when it is asked for, in this process."""

    def __init__(self, work: Callable[..., Any], *arguments: Any) -> None:
        self._work, self._arguments = work, arguments

    def result(self) -> Any:
        """Carry it out."""
        return self._work(*self._arguments)

    def cancel(self) -> None:
        """Nothing is under way."""


@contextmanager
def workers_of(count: int, client: Any = None) -> Any:
    """Yield what hands in work, and how many there are: processes of this machine, or a Dask client."""
    if client is not None:
        slots = max(1, len(client.scheduler_info()["workers"]))
        yield (lambda work, *arguments: client.submit(work, *arguments, pure=False)), slots
    elif count == 1:
        yield _Done, 1
    else:
        with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
            yield pool.submit, count
