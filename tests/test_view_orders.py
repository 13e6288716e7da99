"""Orders of a tab that wait: what a later one makes pointless is dropped, and a closed tab leaves nothing behind."""

from __future__ import annotations

import gc
import queue
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("solara", reason="the page is not installed: pip install -e '.[view]'")

from sim.page import exporting
from sim.page.options import Options
from sim.page.orders import MOST_WAITING, Kind, Orders, TooMany
from sim.page.session import Session
from sim.page.setup import Setup
from sim.page.snapshot import READY, Snapshot
from sim.page.tab import Tab

CASE = Setup("granovetter-1978")


def wait(truth: Callable[..., Any]) -> None:
    end = time.monotonic() + 60
    while not truth():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


class Watched:
    """A session whose worker can be held up, and what it has published."""

    def __init__(self) -> None:
        self.seen: list[Snapshot] = []
        self.session = Session(self.seen.append, (CASE,))
        wait(lambda: self.seen and self.seen[-1].generation == 1 and self.seen[-1].status == READY)

    def hold(self) -> threading.Event:
        """Keep the worker from its orders until the event is set."""
        held, release = threading.Event(), threading.Event()
        self.session.ask(lambda runs: (held.set(), release.wait(60))[0])
        assert held.wait(60)
        return release

    @property
    def generation(self) -> int:
        return self.seen[-1].generation


@pytest.fixture
def watched() -> Iterator[Watched]:
    one = Watched()
    yield one
    one.session.close()


def test_what_waits_for_a_closed_tab_is_dropped(watched: Watched) -> None:
    release = watched.hold()
    done: list[str] = []
    for _ in range(30):
        watched.session.reset((CASE,), None)
        watched.session.ask(lambda runs: done.append("taken"))
    watched.session.step()
    watched.session.close()
    release.set()
    wait(lambda: not watched.session.alive)
    assert watched.generation == 1
    assert done == []


def test_thirty_resets_are_one(watched: Watched) -> None:
    release = watched.hold()
    for seed in range(30):
        watched.session.reset((CASE,), seed)
        watched.session.step()
        watched.session.play()
    watched.session.reset((CASE,), 77)
    release.set()
    wait(lambda: watched.generation == 2 and watched.seen[-1].status == READY)
    asked = threading.Event()
    watched.session.ask(lambda runs: asked.set())
    assert asked.wait(60)
    assert watched.generation == 2
    assert watched.seen[-1].runs[0].seed == 77
    assert watched.seen[-1].days == 0


def test_after_a_reset_nothing_is_left_of_the_run_before(watched: Watched) -> None:
    """Frames, sentences and every series that charts are drawn of begin empty, and the model before is let go of."""
    for _ in range(5):
        watched.session.step()
    wait(lambda: watched.seen[-1].days == 5)
    models: list[weakref.ref[Any]] = []
    for seed in range(1, 9):
        watched.session.ask(lambda runs: models.append(weakref.ref(runs[0].model)))
        watched.session.reset((CASE,), seed)
        wait(lambda due=seed + 1: watched.generation == due and watched.seen[-1].status == READY)
        (run,) = watched.seen[-1].runs
        assert (run.days, run.frames, run.told) == (0, (), ())
        assert all(len(series) == 0 for series in run.series.values())
        del run
        watched.seen[:-1] = []
        watched.session.step()
        wait(lambda: watched.seen[-1].days == 1)
    gc.collect()
    assert len(models) == 8
    assert sum(model() is not None for model in models) <= 1


def test_what_is_taken_before_a_reset_is_taken_of_the_run_before(watched: Watched) -> None:
    release = watched.hold()
    taken: list[tuple[int, int]] = []
    watched.session.step()
    watched.session.ask(lambda runs: taken.append((runs[0].model.seed, runs[0].model.day)))
    watched.session.reset((CASE,), 5)
    watched.session.reset((CASE,), 6)
    watched.session.ask(lambda runs: taken.append((runs[0].model.seed, runs[0].model.day)))
    release.set()
    wait(lambda: len(taken) == 2)
    assert taken == [(1, 1), (6, 0)]
    assert watched.generation == 2


def test_steps_are_all_taken(watched: Watched) -> None:
    for _ in range(30):
        watched.session.step()
    wait(lambda: watched.seen[-1].days == 30)


def test_orders_do_not_wait_without_end(watched: Watched) -> None:
    release = watched.hold()
    for _ in range(MOST_WAITING):
        watched.session.step()
    with pytest.raises(TooMany):
        watched.session.step()
    watched.session.reset((CASE,), None)
    watched.session.step()
    release.set()
    wait(lambda: watched.generation == 2 and watched.seen[-1].days == 1)


def test_a_queue_gives_what_it_was_given_and_nothing_after_its_end() -> None:
    orders = Orders()
    with pytest.raises(queue.Empty):
        orders.get(block=False)
    with pytest.raises(queue.Empty):
        orders.get(timeout=0.01)
    said: list[int] = []
    for number in range(3):
        orders.put(lambda number=number: said.append(number))  # type: ignore[misc]
    while not orders.empty():
        order = orders.get()
        assert order is not None
        order()
    assert said == [0, 1, 2]
    orders.put(lambda: None, Kind.TAKE)
    orders.close()
    orders.put(lambda: None)
    assert orders.get() is None
    assert orders.empty()


def test_two_hundred_exports_are_written_by_one_thread(tmp_path: Path) -> None:
    tab = Tab(Options("granovetter-1978", export_folder=tmp_path))
    wait(lambda: tab.snapshot.value.generation == 1 and tab.snapshot.value.status == READY)
    tab.step()
    wait(lambda: tab.snapshot.value.days == 1)
    before = threading.active_count()
    most, said = 0, set()
    for _ in range(200):
        exporting.order(tab, 0, "Events as YAML")
        most = max(most, threading.active_count())
        said.add(tab.exported.value)
    answered = threading.Event()
    wait(lambda: tab.session._orders.empty())
    tab.session.ask(lambda runs: answered.set())
    assert answered.wait(60)
    wait(lambda: not tab.writer._working)
    assert most <= before + 2
    written = list(tmp_path.iterdir())
    assert len(written) >= exporting.MOST_WAITING
    assert len({path.read_text(encoding="utf-8") for path in written}) == 1
    tab.close()


def test_an_export_that_fails_does_not_stop_the_next(tmp_path: Path) -> None:
    tab = Tab(Options("granovetter-1978", export_folder=tmp_path / "file" / "below"))
    wait(lambda: tab.snapshot.value.generation == 1 and tab.snapshot.value.status == READY)
    tab.step()
    wait(lambda: tab.snapshot.value.days == 1)
    (tmp_path / "file").touch()
    exporting.order(tab, 0, "Events as YAML")
    wait(lambda: "cannot be written" in tab.exported.value[1])
    (tmp_path / "file").unlink()
    exporting.order(tab, 0, "Events as YAML")
    wait(lambda: tab.exported.value[1].startswith("Written"))
    tab.close()
