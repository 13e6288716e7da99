"""Chunks computed on other machines, through Dask: a cluster that runs already, or jobs of Slurm.

The chunks' results come back as bytes to the process that carries out the study, which alone writes.
The scheduler sees only bytes, so it needs neither this program nor time to unpack scenarios.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import pickle
import queue
import shutil
import time
import zlib
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from sim.core.errors import ProtestorateError, one_line
from sim.core.share import to_install
from sim.run.load import Loaded
from sim.study.chunk import Chunk, Result
from sim.study.workers import Death, Finished

MISSING = f"Dask is not installed here; {to_install('dask')}"

try:
    import dask.config
    import distributed
    import distributed.core
except ImportError as error:
    raise ProtestorateError(MISSING) from error

untyped: Any = distributed

CHUNKS_A_THREAD = 2  # one under way and one waiting
SECONDS_TO_CONNECT = 10.0
SECONDS_WITHOUT_WORKERS = 600.0
SECONDS_IN_THE_QUEUE = 24 * 3600.0
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_TO_FETCH = 60.0
SECONDS_TO_LEAVE = 5.0
GOES_ON = "What is finished is kept, and the same command goes on"

Say = Callable[[str], None]


class Dask:
    """Computes chunks on the workers of a Dask cluster; an `Executor`.

    Every method raises ProtestorateError if the scheduler is lost or if the workers cannot load this program.

    Parameters
    ----------
    client : distributed.Client
        Connected; closed together with this.
    say : callable (str) -> None, optional
        Told what a user wants to know meanwhile, such as that no worker is there yet.
    patience : float
        Seconds for which to wait while the cluster has no worker.
    cluster : optional
        Closed after the client.

    Raises
    ------
    ProtestorateError
        If no worker comes while patience lasts.
    """

    def __init__(
        self,
        client: Any,
        say: Say | None = None,
        patience: float = SECONDS_WITHOUT_WORKERS,
        cluster: Any = None,
    ) -> None:
        self._client, self._cluster = client, cluster
        self._address = str(client.scheduler.address)
        self._say: Say = say or (lambda text: None)
        self._patience = patience
        self._under_way: dict[str, tuple[Any, Chunk]] = {}
        self._done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._packed: dict[str, tuple[Loaded, bytes]] = {}
        self._handed_in = itertools.count()
        self._threads = 0
        self._alone_since: float | None = None
        self._looked = 0.0
        try:
            self._look()
            while not self._threads:
                time.sleep(SECONDS_BETWEEN_LOOKS)
                self._look()
        except BaseException:
            self.close()
            raise

    @property
    def client(self) -> Any:
        """The distributed client, for work that is no chunk of a study."""
        return self._client

    @property
    def slots(self) -> int:
        """Two a thread of the workers of this moment; if there are none, chunks wait for them."""
        if time.monotonic() - self._looked > SECONDS_BETWEEN_LOOKS:
            self._look()
        return CHUNKS_A_THREAD * max(1, self._threads)

    def submit(self, chunk: Chunk) -> None:
        """Hand in a chunk."""
        key = f"protestorate-{chunk.name}-{self._client.id}-{next(self._handed_in)}"
        bases = {name: self._pack(name, base) for name, base in chunk.bases.items()}
        rest = pickle.dumps(replace(chunk, bases={}), pickle.HIGHEST_PROTOCOL)
        try:
            future = self._client.submit(_work(), bases, rest, key=key, pure=False)
        except (OSError, RuntimeError) as error:  # RuntimeError: the client has closed itself
            raise self._lost() from error
        self._under_way[key] = (future, chunk)
        future.add_done_callback(self._done.put)

    def finished(self) -> Finished:
        """Wait for a chunk and return it with its result, or with how its workers died."""
        while True:
            try:
                future = self._done.get(timeout=SECONDS_BETWEEN_LOOKS)
            except queue.Empty:
                self._look()
                continue
            result = self._outcome(future)
            if result is not None:
                _, chunk = self._under_way.pop(future.key)
                return chunk, result
            future.add_done_callback(self._done.put)

    def close(self) -> None:
        """Take back what is under way and leave the cluster; a cluster of our own ends."""
        self._under_way.clear()
        self._client.close(timeout=SECONDS_TO_LEAVE)
        if self._cluster is not None:
            self._cluster.close(timeout=SECONDS_TO_LEAVE)

    def _pack(self, name: str, base: Loaded) -> bytes:
        """Return a base scenario as bytes, made once: it goes with every chunk, so that no worker need ask for it."""
        known = self._packed.get(name)
        if known is None or known[0] is not base:
            packed = zlib.compress(pickle.dumps(base, pickle.HIGHEST_PROTOCOL), level=1)
            known = self._packed[name] = (base, packed)
        return known[1]

    def _outcome(self, future: Any) -> Result | Death | None:
        """Fetch what became of a chunk; None if its worker went away with the result, and it is computed again."""
        try:
            if future.status == "error":
                return self._fault(future.exception(timeout=SECONDS_TO_FETCH))
            result: Result = future.result(timeout=SECONDS_TO_FETCH)
        except TimeoutError:
            return None
        except CancelledError as error:
            if self._client.status != "running" or "connection-lost" in str(error):
                raise self._lost() from error
            return Death("it was cancelled on the cluster")
        except OSError as error:
            raise self._lost() from error
        return result

    def _fault(self, error: BaseException) -> Death:
        """Judge what went wrong on the cluster outside of any run: one chunk's bad luck, or nothing can work."""
        if isinstance(error, untyped.KilledWorker):
            times = error.allowed_failures + 1
            return Death(f"{times} workers of the cluster died over it in turn, as they do when memory runs out")
        causes = [error]
        while (deeper := causes[-1].__cause__ or causes[-1].__context__) is not None:
            causes.append(deeper)
        foreign = next((cause for cause in causes if isinstance(cause, (ImportError, AttributeError))), None)
        if foreign is not None or "deserializ" in str(error):
            raise ProtestorateError(
                f"the Dask cluster at {self._address} cannot load this program ({foreign or error}): install the same "
                "version of protestorate, with the same packages, for all of its workers"
            )
        return Death(f"{type(error).__name__}: {error}")

    def _look(self) -> None:
        """Count the workers' threads; give up if there have been none for too long."""
        try:
            threads = self._client.nthreads() if self._client.status == "running" else None
        except (OSError, RuntimeError) as error:
            raise self._lost() from error
        if threads is None:
            raise self._lost()
        before, self._threads = self._threads, sum(threads.values())
        now = self._looked = time.monotonic()
        if self._threads:
            if not before and self._threads > len(threads):
                who = f"{len(threads)} workers of the Dask cluster have" if len(threads) > 1 else "Dask worker has"
                self._say(
                    f"the {who} {self._threads} threads; runs in one process hinder each other, so that workers of one "
                    "thread each are faster"
                )
            self._alone_since = None
        elif self._alone_since is None:
            self._alone_since = now
            self._say(f"the Dask cluster at {self._address} has no worker; waiting up to {_span(self._patience)}")
        elif now - self._alone_since > self._patience:
            raise ProtestorateError(
                f"the Dask cluster at {self._address} has had no worker for {_span(self._patience)}. {GOES_ON}"
            )

    def _lost(self) -> ProtestorateError:
        return ProtestorateError(f"the connection to the Dask scheduler at {self._address} was lost. {GOES_ON}")


def connect(
    address: str,
    timeout: float = SECONDS_TO_CONNECT,
    say: Say | None = None,
    patience: float = SECONDS_WITHOUT_WORKERS,
) -> Dask:
    """Connect to the scheduler of a running Dask cluster.

    Parameters
    ----------
    address : str
        Such as ``tcp://host:8786``; ``tls://`` takes its certificates from Dask's configuration.
    timeout : float
        Seconds within which the scheduler must answer.
    say, patience
        See `Dask`.

    Returns
    -------
    Dask

    Raises
    ------
    ProtestorateError
        If the address is none, if no scheduler answers there, or if no worker comes.
    """
    _quieten()
    if "://" in address and not address.startswith(("tcp://", "tls://")):
        raise ProtestorateError(f"--dask: an address looks like tcp://host:8786 (given {address!r})")
    try:
        role = _from_outside(lambda: asyncio.run(_role(address, timeout)))
    except TimeoutError as error:
        raise ProtestorateError(f"--dask: no Dask scheduler answers at {address} within {timeout:.0f} s") from error
    except (ValueError, TypeError) as error:  # TypeError: tls without certificates
        raise ProtestorateError(
            f"--dask: {address!r} cannot be used ({one_line(str(error).strip())}); such as tcp://host:8786"
        ) from error
    except MemoryError as error:  # something else answers, and what it says is taken for the length of a message
        raise ProtestorateError(f"--dask: what answers at {address} is no Dask scheduler") from error
    except OSError as error:
        raise ProtestorateError(
            f"--dask: no Dask scheduler is at {address} ({one_line(str(error).strip())})"
        ) from error
    if role != "Scheduler":
        raise ProtestorateError(f"--dask: a {role} is at {address}; the address of the scheduler is needed")
    try:
        client = untyped.Client(address, timeout=timeout, set_as_default=False, name="protestorate")
    except OSError as error:
        raise ProtestorateError(
            f"--dask: no Dask scheduler is at {address} ({one_line(str(error).strip())})"
        ) from error
    return Dask(client, say, patience)


def _from_outside(call: Callable[[], str]) -> str:
    """Call in a thread apart where an event loop runs in this one, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return call()
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(call).result()


async def _role(address: str, timeout: float) -> str:
    """Ask who is at an address; a client would wait without end for a server that is not Dask's."""
    security = untyped.Security().get_connection_args("client")
    async with asyncio.timeout(timeout), untyped.core.rpc(address, timeout=timeout, connection_args=security) as server:
        answer = await server.identity()
        return str(answer.get("type"))


def slurm(workers: int | None = None, say: Say | None = None, patience: float = SECONDS_IN_THE_QUEUE) -> Dask:
    """Start a scheduler here and workers as jobs of Slurm.

    What a job asks for stands in Dask's own configuration, ``jobqueue.slurm``: ``cores`` and ``memory`` at least.
    Unless it says otherwise, each core gets a worker process of its own.

    Parameters
    ----------
    workers : int, optional
        Worker processes, all jobs together; those of one job if left out.
    say, patience
        See `Dask`; patience is the time that jobs may wait in Slurm's queue.

    Returns
    -------
    Dask
        Closing it ends the jobs.

    Raises
    ------
    ProtestorateError
        If this is no machine of a Slurm cluster, the configuration is not enough, or no job starts.
    """
    try:
        import dask_jobqueue
    except ImportError as error:
        raise ProtestorateError(f"--slurm: {MISSING}") from error
    _quieten()
    if shutil.which("sbatch") is None:
        raise ProtestorateError("--slurm: there is no 'sbatch' here; run this on a machine from which jobs are sent")
    cores, memory = (dask.config.get(f"jobqueue.slurm.{name}", None) for name in ("cores", "memory"))
    if not cores or not memory:
        raise ProtestorateError(
            "--slurm: say in ~/.config/dask/jobqueue.yaml under jobqueue: slurm: how many 'cores' and how much "
            "'memory' a job has; docs/cluster.md shows an example"
        )
    processes = dask.config.get("jobqueue.slurm.processes", None) or cores
    try:
        slurm_cluster: Any = vars(dask_jobqueue)["SLURMCluster"]
        cluster = slurm_cluster(processes=processes)
    except (OSError, ValueError, TypeError) as error:
        raise ProtestorateError(f"--slurm: the cluster cannot be started: {one_line(str(error).strip())}") from error
    cluster.scale(workers or processes)
    return Dask(untyped.Client(cluster, set_as_default=False), say, patience, cluster)


def _span(seconds: float) -> str:
    """Return a length of time as one reads it."""
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def _work() -> Callable[[dict[str, bytes], bytes], Result]:
    """Return what a worker calls. Being local, it travels as code and not by its name.

    A worker that does not know the name of what it is sent falls down without a word; one that cannot import
    `compute` when it is called says so.
    """

    def compute_there(bases: dict[str, bytes], rest: bytes) -> Result:
        from sim.study.dask_worker import compute

        return compute(bases, rest)

    return compute_there


def _quieten() -> None:
    """Keep from the user's eyes what Dask tells its developers; what goes wrong we say ourselves."""
    logging.getLogger("distributed").setLevel(logging.ERROR)
    for name in ("distributed.client", "distributed.comm", "distributed.core"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
