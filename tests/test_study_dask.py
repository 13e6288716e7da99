"""Studies on a Dask cluster of real processes: complete, identical, and plain words when something is missing."""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")

from sim.core.errors import ProtestorateError  # noqa: E402
from sim.evidence.replicates import replicate_seeds  # noqa: E402
from sim.run.load import load  # noqa: E402
from sim.study import Keep, Point, Study, read_study, run_study  # noqa: E402
from sim.study import dask as ours  # noqa: E402
from sim.study.chunk import Chunk, Result, Task  # noqa: E402
from sim.study.dask import Dask, connect  # noqa: E402
from sim.study.execute import Progress, Status  # noqa: E402
from sim.study.plan import plan  # noqa: E402
from sim.study.workers import Death  # noqa: E402

RUNS_A_CHUNK, CHUNKS = 2, 6
DEATHS = 2
NOBODY = "tcp://127.0.0.1:1"
SECONDS_TO_COME = 120.0
"""Within which a worker must have come, on a busy machine, too; no wait here is without a limit."""
CHEAP = {"run.persons_per_agent": 10_000}


def digests(folder: Path) -> dict[str, str]:
    """What stands in a study's folder, bit by bit."""
    shards = [path for table in ("runs", "days", "localities") for path in (folder / table).iterdir()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in shards}


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.study.execute.chunk_size", lambda *_: RUNS_A_CHUNK)


@pytest.fixture(scope="module")
def study() -> Study:
    base = load("belarus-2020", CHEAP)
    points = (Point("base", "b"), Point("no shutdown", "b", {"mechanisms.shutdown": False}))
    return Study("cluster", {"b": base}, points, replicate_seeds("quick-20")[:6], Keep(days=True, localities=True))


@pytest.fixture(scope="module")
def expected(study: Study, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("here")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.study.execute.chunk_size", lambda *_: RUNS_A_CHUNK)
        run_study(study, folder, workers=1)
    found = digests(folder)
    assert len(found) == 3 * CHUNKS
    return found


@contextmanager
def two_workers() -> Iterator[Any]:
    """Two worker processes with a nanny each, who replaces the one that dies."""
    settings = {"distributed.scheduler.allowed-failures": DEATHS - 1}
    with (
        dask.config.set(settings),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as running,
    ):
        running.wait_for_workers(2, timeout=SECONDS_TO_COME)
        yield running


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """For tests that leave every worker alive."""
    with two_workers() as running:
        yield running


@pytest.fixture
def doomed() -> Iterator[Any]:
    """For a test whose workers die: whether they all come back is nothing that the next test may wait for."""
    with two_workers() as running:
        yield running


@contextmanager
def connected(cluster: Any) -> Iterator[Dask]:
    found = connect(cluster.scheduler_address, patience=SECONDS_TO_COME)
    try:
        yield found
    finally:
        found.close()


@pytest.fixture
def executor(cluster: Any) -> Iterator[Dask]:
    with connected(cluster) as found:
        yield found


def after_the_first_chunk(act: Any) -> Progress:
    """Do something once, as soon as something has been stored and much has not."""
    seen: list[Status] = []

    def progress(status: Status) -> None:
        seen.append(status)
        if len(seen) == 1:
            assert 0 < status.done < status.total
            act()

    return progress


def test_a_cluster_stores_what_one_process_stores(
    study: Study, expected: dict[str, str], executor: Dask, tmp_path: Path
) -> None:
    assert executor.slots == 4
    data = run_study(study, tmp_path / "s", executor=executor)
    assert len(data.runs) == RUNS_A_CHUNK * CHUNKS
    assert digests(tmp_path / "s") == expected


def test_a_killed_worker_costs_nothing(study: Study, expected: dict[str, str], doomed: Any, tmp_path: Path) -> None:
    with (
        distributed.Client(doomed.scheduler_address, set_as_default=False) as other,
        connected(doomed) as executor,
    ):
        before = sorted(other.run(os.getpid).values())
        data = run_study(
            study,
            tmp_path / "s",
            executor=executor,
            progress=after_the_first_chunk(lambda: os.kill(before[0], signal.SIGKILL)),
        )
        assert before[0] not in other.run(os.getpid).values()
    assert data.failures == []
    assert digests(tmp_path / "s") == expected


def test_interrupted_on_a_cluster_and_resumed_here(
    study: Study, expected: dict[str, str], executor: Dask, tmp_path: Path
) -> None:
    folder = tmp_path / "s"
    with pytest.raises(KeyboardInterrupt):
        run_study(
            study,
            folder,
            executor=executor,
            progress=after_the_first_chunk(lambda: signal.raise_signal(signal.SIGINT)),
        )
    assert 0 < len(read_study(folder).runs) < RUNS_A_CHUNK * CHUNKS
    run_study(study, folder, workers=1)
    assert digests(folder) == expected


class Deadly(str):
    """A label that ends the process which unpacks it."""

    def __reduce__(self) -> Any:
        return os._exit, (3,)


def test_what_kills_every_worker_comes_back_as_a_death(study: Study, doomed: Any) -> None:
    run = plan(study).run(0, 0)
    healthy = Chunk((Task(run, "base", "b", {}, {}),), study.bases, study.keep)
    with connected(doomed) as executor:
        executor.submit(replace(healthy, tasks=(replace(healthy.tasks[0], label=Deadly()),)))
        _, result = executor.finished()
        assert isinstance(result, Death)
        assert f"{DEATHS} workers of the cluster died" in result.reason
        executor.submit(healthy)
        chunk, result = executor.finished()
    assert chunk is healthy
    assert isinstance(result, Result)
    assert [row["run_id"] for row in result.rows] == [run.run_id]


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler in its own process: its address, and the process."""
    file = tmp_path / "scheduler.json"
    process = start("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", file)
    deadline = time.monotonic() + 60
    while not file.exists() or not file.read_text():
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.1)
    yield json.loads(file.read_text())["address"], process
    process.kill()
    process.wait()


def start(part: str, *arguments: object, paths: Path | None = None) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{part}", *map(str, arguments)]
    environment = dict(os.environ) | ({"PYTHONPATH": str(paths)} if paths else {})
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def start_worker(address: str, folder: Path, paths: Path | None = None) -> subprocess.Popen[bytes]:
    flags = ("--no-nanny", "--nthreads", 1, "--no-dashboard", "--death-timeout", 30, "--local-directory", folder)
    return start("worker", address, *flags, paths=paths)


def test_a_lost_scheduler_is_said_and_the_study_goes_on_here(
    study: Study, expected: dict[str, str], scheduler: tuple[str, subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    address, process = scheduler
    worker = start_worker(address, tmp_path / "scratch")
    said: list[str] = []
    executor = connect(address, say=said.append, patience=60)
    try:
        with pytest.raises(ProtestorateError, match=r"scheduler at tcp://.* was lost\. What is finished is kept"):
            run_study(study, tmp_path / "s", executor=executor, progress=after_the_first_chunk(process.kill))
    finally:
        executor.close()
        worker.kill()
        worker.wait()
    assert [text for text in said if "no worker" not in text] == []
    assert 0 < len(read_study(tmp_path / "s").runs) < RUNS_A_CHUNK * CHUNKS
    run_study(study, tmp_path / "s", workers=1)
    assert digests(tmp_path / "s") == expected


def test_a_worker_without_this_program_is_named(
    study: Study, scheduler: tuple[str, subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    address, _ = scheduler
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['sim'] = None\n")
    worker = start_worker(address, tmp_path / "scratch", paths=tmp_path)
    executor = connect(address, patience=60)
    try:
        with pytest.raises(ProtestorateError, match=r"cannot load this program .*install the same version"):
            run_study(study, tmp_path / "s", executor=executor)
    finally:
        executor.close()
        worker.kill()
        worker.wait()
    assert digests(tmp_path / "s") == {}


def test_a_cluster_without_workers_is_waited_for_with_a_limit(scheduler: tuple[str, subprocess.Popen[bytes]]) -> None:
    said: list[str] = []
    with pytest.raises(ProtestorateError, match="has had no worker for 2 s"):
        connect(scheduler[0], say=said.append, patience=2)
    assert [text.endswith("has no worker; waiting up to 2 s") for text in said] == [True]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        (NOBODY, r"no Dask scheduler (answers|is) at tcp://127\.0\.0\.1:1"),
        ("tcp://no-such-host.invalid:8786", "no Dask scheduler"),
        ("scheduler", "cannot be used"),
        ("scheduler:port", "cannot be used"),
        ("", "cannot be used"),
        ("http://127.0.0.1:8786", "an address looks like tcp://host:8786"),
        ("tls://127.0.0.1:8786", "cannot be used"),
    ],
)
def test_an_address_where_nobody_is(address: str, message: str, capfd: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    with pytest.raises(ProtestorateError, match=message) as caught:
        connect(address, timeout=2)
    assert time.monotonic() - began < 8
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == ""


def test_a_study_runs_from_a_notebook(study: Study, expected: dict[str, str], cluster: Any, tmp_path: Path) -> None:
    """There an event loop runs already, in the same thread."""

    async def cell() -> None:
        executor = connect(cluster.scheduler_address)
        try:
            run_study(study, tmp_path / "s", executor=executor)
        finally:
            executor.close()

    asyncio.run(cell())
    assert digests(tmp_path / "s") == expected


def test_a_workers_address_is_not_taken_for_the_schedulers(cluster: Any) -> None:
    worker = next(iter(cluster.scheduler.workers))
    with pytest.raises(ProtestorateError, match=r"a Worker is at tcp://.* the address of the scheduler is needed"):
        connect(worker)


def test_slurm_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProtestorateError, match="there is no 'sbatch' here"):
        ours.slurm(2)
    (tmp_path / "sbatch").touch(mode=0o755)
    with (
        dask.config.set({"jobqueue.slurm.cores": None}),
        pytest.raises(ProtestorateError, match="how many 'cores' and how much 'memory'"),
    ):
        ours.slurm(2)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "sim.study.dask")
    with pytest.raises(ProtestorateError, match=r"pip install -e '?\S*\[dask\]"):
        importlib.import_module("sim.study.dask")
