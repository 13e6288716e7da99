"""Studies that are killed, starved, interrupted: nothing is lost, nothing is torn, the result is the same."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time

import fragile_model
import psutil
import pyarrow.parquet as pq
import pytest
from study_helpers import (
    Sweep,
    all_gone,
    assert_nothing_left_over,
    assert_same_results,
    belarus,
    contents,
    country,
    crowd,
    crowds,
    sweep,
)

from sim.core.errors import ProtestorateError
from sim.study import Point, Study, read_study, run_study

KILLS = 6
SEEDS = 20


def shards(folder):
    """Which shards count, and which file each is: a shard that was written again is another."""
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.glob("runs/*.parquet")}


def killed_again_and_again(
    study: Study, folder, kills: int, waiting: range, longest: float, kill, **options
) -> list[int]:
    """Kill a study at random moments, and return how many chunks stood after each.

    A moment is counted from the start of the process, or from its first chunk if its number is in `waiting`.
    """
    moments, counts, before = random.Random(1), [], {}
    for attempt in range(kills):
        with sweep(study, folder, **options) as running:
            if attempt in waiting:
                running.listen()
            time.sleep(moments.uniform(0.0, longest))
            kill(running)
        after = shards(folder)
        assert before.items() <= after.items(), "a chunk that stood was computed again"
        before = after
        counts.append(len(after))
    return counts


def kill_all(running: Sweep) -> None:
    try:
        os.killpg(running.pid, signal.SIGKILL)
    except ProcessLookupError:  # not yet its own group
        running.kill()


def kill_parent_only(running: Sweep) -> None:
    try:
        workers = psutil.Process(running.pid).children()
    except psutil.NoSuchProcess:
        workers = []
    running.kill()
    assert all_gone(workers, within=20.0)


@pytest.fixture(scope="module")
def whole_country(tmp_path_factory):
    """The study of Belarus, uninterrupted."""
    return run_study(country(SEEDS), tmp_path_factory.mktemp("country") / "whole", workers=2)


@pytest.mark.slow
def test_a_study_killed_at_random_moments_ends_the_same(tmp_path):
    study = crowds(60, 10, steps=100)
    expected = run_study(study, tmp_path / "whole", workers=1)
    counts = killed_again_and_again(study, tmp_path / "killed", KILLS, range(1, KILLS), 0.05, kill_all, workers=1)
    assert 0 < counts[-1] < len(shards(tmp_path / "whole")), "the moments did not fall into the work"
    found = run_study(study, tmp_path / "killed", workers=1)
    assert_same_results(found, expected)
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")
    assert_nothing_left_over(tmp_path / "killed")


@pytest.mark.slow
def test_a_study_whose_workers_are_orphaned_ends_the_same(tmp_path, whole_country):
    folder = tmp_path / "killed"
    counts = killed_again_and_again(country(SEEDS), folder, 3, range(1, 2), 0.5, kill_parent_only, workers=2)
    assert 0 < counts[-1] < len(shards(whole_country.folder)), "the moments did not fall into the work"
    found = run_study(country(SEEDS), folder, workers=2)
    assert_same_results(found, whole_country)
    assert contents(folder) == contents(whole_country.folder)
    assert_nothing_left_over(folder)


@pytest.mark.slow
def test_workers_that_are_killed_are_replaced(tmp_path, whole_country):
    with sweep(country(SEEDS), tmp_path / "study", workers=2) as running:
        first, second = running.workers(2)
        first.kill()  # while it starts
        running.listen()
        second.kill()  # while it computes; not what the other had, for what two workers die over is done run by run
        assert running.finish() == 0
    found = read_study(tmp_path / "study")
    assert found.failures == []
    assert_same_results(found, whole_country)
    assert contents(found.folder) == contents(whole_country.folder)


def test_runs_that_raise_or_kill_their_worker_are_recorded_and_the_rest_go_on(tmp_path):
    study, folder = crowds(1, 20, steps=100), tmp_path / "study"
    with sweep(study, folder, environment=fragile_model.install(tmp_path), workers=2) as running:
        assert running.finish() == 0
        assert (running.told[-1].done, running.told[-1].failed) == (18, 2)
    found = read_study(folder)
    killed, raised = found.failures
    assert (killed["seed"], raised["seed"]) == (fragile_model.KILLS, fragile_model.RAISES)
    assert killed["reason"] == "its worker process was ended by SIGKILL, as the system does when memory runs out"
    assert raised["reason"] == "ArithmeticError: no rest was found"
    assert "fragile_model.py" in raised["details"]
    assert sorted(found.runs["seed"]) == sorted(set(study.seeds) - {fragile_model.KILLS, fragile_model.RAISES})

    before = shards(folder)
    assert len(run_study(study, folder).failures) == 2, "failed runs are not tried again unasked"
    assert shards(folder) == before
    failures = (folder / "failures.json").read_bytes()

    mended = run_study(study, folder, retry_failed=True)
    assert mended.failures == []
    assert before.items() <= shards(folder).items()
    assert_same_results(mended, run_study(study, tmp_path / "sound", workers=1))

    (folder / "failures.json").write_bytes(failures)  # as if killed before the success was noted
    assert run_study(study, folder).failures == []


def test_a_run_that_needs_more_memory_than_there_is_fails_alone(tmp_path):
    points = (Point("a few", "crowd"), Point("a nation", "crowd", {"population.persons": 10_000_000}))
    study = Study("memory", {"crowd": crowd(100)}, points, (1, 2))
    with sweep(study, tmp_path / "study", more_memory=2**28, workers=1) as running:
        assert running.finish() == 0
    found = read_study(tmp_path / "study")
    assert list(found.runs["label"]) == ["a few"] * 2
    assert [entry["label"] for entry in found.failures] == ["a nation"] * 2
    assert "MemoryError: Unable to allocate" in found.failures[0]["reason"]


@pytest.mark.parametrize("asked_by", [signal.SIGINT, signal.SIGTERM])
def test_a_wish_to_stop_keeps_what_is_under_way(tmp_path, asked_by):
    study, folder = crowds(60, 10, steps=100), tmp_path / "study"
    with sweep(study, folder, workers=1) as running:
        running.listen()
        os.kill(running.pid, asked_by)
        assert running.finish() == 130
        done = running.told[-1].done
    assert 0 < done < 600
    assert len(read_study(folder).runs) == done
    assert read_study(folder).manifest["sessions"][0]["runs"] == done
    assert_nothing_left_over(folder)
    again = []
    run_study(study, folder, workers=1, progress=again.append)
    assert again[0].before == done
    assert len(read_study(folder).runs) == 600


@pytest.mark.slow
def test_ctrl_c_at_the_terminal_lets_workers_finish(tmp_path, whole_country):
    folder = tmp_path / "study"
    with sweep(country(SEEDS), folder, workers=2) as running:
        workers = running.workers(2)
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to all of the group, while workers start
        assert running.finish() == 130
        assert all_gone(workers)
    assert len(read_study(folder).runs) > 0
    assert_nothing_left_over(folder)
    assert_same_results(run_study(country(SEEDS), folder), whole_country)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_second_ctrl_c_does_not_wait(tmp_path, workers):
    study, folder = Study("long", {"belarus": belarus(5)}, (Point("base", "belarus"),), (1, 2)), tmp_path / "study"
    with sweep(study, folder, workers=workers) as running:
        found = running.workers(2) if workers == 2 else []
        while not (folder / "localities").exists():
            time.sleep(0.01)
        time.sleep(0.3)
        # Two are enough wherever it was tried; once, on a busy machine, they were not, and it could not be repeated.
        for _ in range(10):
            os.kill(running.pid, signal.SIGINT)
            running.process.join(0.3)
            if running.process.exitcode is not None:
                break
        assert running.finish() == 130
        assert all_gone(found, within=10.0)
    assert read_study(folder).runs.empty
    assert_nothing_left_over(folder)


def free_bytes(disk) -> int:
    """Room left on a disk."""
    found = os.statvfs(disk)
    return found.f_bavail * found.f_frsize


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 200 kB, and a function that mounts it anew with other options."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options: str) -> None:
        call = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
        done = subprocess.run(call, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no small disk can be made here: {done.stderr.strip()}")

    mount("size=200k")
    yield place, lambda options: mount(f"remount,{options}")
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_fills_loses_nothing(tmp_path, small_disk):
    disk, remount = small_disk
    study, folder = crowds(60, 10, steps=100), disk / "study"
    for _ in range(2):  # the second time there is no room to begin with
        with pytest.raises(ProtestorateError, match=r"No space left on device.*the same command goes on"):
            run_study(study, folder, workers=1)
        assert not list(folder.rglob("*.unfinished"))
        for path in folder.rglob("*.parquet"):
            pq.read_table(path, page_checksum_verification=True)
        half = read_study(folder)
        assert 0 < len(half.runs) < 600
        assert set(half.days()["run_id"]) == set(half.runs["run_id"])
    remount("size=10m")
    assert_same_results(run_study(study, folder, workers=1), run_study(study, tmp_path / "whole", workers=1))
    assert_nothing_left_over(folder)


def test_a_disk_without_room_for_a_beginning(small_disk):
    disk, remount = small_disk
    (disk / "full").write_bytes(b"0" * free_bytes(disk))
    with pytest.raises(ProtestorateError, match="No space left on device"):
        run_study(crowds(2, 2), disk / "study", workers=1)
    remount("size=10m")
    assert len(run_study(crowds(2, 2), disk / "study", workers=1).runs) == 4


def test_a_disk_that_is_read_only(small_disk):
    disk, remount = small_disk
    remount("ro")
    for _ in range(2):
        with pytest.raises(ProtestorateError, match="Read-only file system"):
            run_study(crowds(2, 2), disk / "study", workers=1)
    remount("rw,size=10m")
    run_study(crowds(2, 2), disk / "study", workers=1)
    remount("ro")
    with pytest.raises(ProtestorateError, match="Read-only file system"):
        run_study(crowds(2, 4), disk / "study", workers=1)
    assert len(read_study(disk / "study").runs) == 4
    remount("rw")
    assert len(run_study(crowds(2, 4), disk / "study", workers=1).runs) == 8


def test_one_folder_is_for_one_study_at_a_time(tmp_path):
    study, folder = crowds(80, 10, steps=100), tmp_path / "study"
    with sweep(study, folder, workers=1) as running:
        running.listen()
        with pytest.raises(ProtestorateError, match=rf"process {running.pid} on .* is at work in this folder"):
            run_study(study, folder)
        running.kill()
    assert (folder / ".lock-holder").exists(), "it did not die as it was to"
    assert len(run_study(study, folder, workers=1).runs) == 800
    assert not (folder / ".lock-holder").exists()
