"""The part of a Dask worker: unpack a chunk, see that the machine compiles the step loop once, compute."""

from __future__ import annotations

import contextlib
import pickle
import socket
import zlib
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePath

from filelock import FileLock

from sim.core.cache import cache_folder, own_temporary_folder
from sim.core.private import why_not_usable
from sim.run.load import Loaded, derive
from sim.run.simulate import Running
from sim.study.chunk import Chunk, Result, run_chunk

BASES_REMEMBERED = 16


def compute(bases: dict[str, bytes], rest: bytes) -> Result:
    """Compute a chunk on a worker.

    Parameters
    ----------
    bases : dict of str to bytes
        Base scenarios by name, pickled and compressed.
    rest : bytes
        The chunk without them, pickled.

    Returns
    -------
    Result
    """
    without: Chunk = pickle.loads(rest)
    chunk = replace(without, bases={name: _unpacked(packed) for name, packed in bases.items()})
    first = chunk.tasks[0]
    _compile_once(derive(chunk.bases[first.base], first.overrides))
    return run_chunk(chunk)


@lru_cache(maxsize=BASES_REMEMBERED)
def _unpacked(packed: bytes) -> Loaded:
    base: Loaded = pickle.loads(zlib.decompress(packed))
    return base


_compiled: set[str] = set()


def _compile_once(scenario: Loaded) -> None:
    """Compile the step loop in one process of this machine while the others wait, and all load what it made.

    Whichever worker comes first does it, so that machines which join later are served, too.
    """
    model, folder = PurePath(scenario.config.model).name, cache_folder()
    if folder is None or model in _compiled:
        return
    mark = folder / f".compiled-{socket.gethostname()}-{model}"
    if not mark.exists():
        with _lock(f"{folder.name}.lock"):
            if not mark.exists():
                Running(scenario, 0).advance()
                with contextlib.suppress(OSError):  # a full disk: the next worker compiles as well
                    mark.touch()
    _compiled.add(model)


def _lock(name: str) -> AbstractContextManager[object]:
    """Return a lock on the machine's own disk, for a home that machines share may know no locks.

    It stands in a folder of the user's own: a name in /tmp that others can know, they can take before.
    """
    place = own_temporary_folder()
    return contextlib.nullcontext() if why_not_usable(place) else FileLock(place / name)
