"""The part of a Dask worker: unpack a chunk, see that the machine compiles the step loop once, compute."""

from __future__ import annotations

import os
import pickle
import socket
import tempfile
import zlib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from filelock import FileLock

from sim.core.jit import cache_folder
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
    model, folder = Path(scenario.config.model).name, cache_folder()
    if folder is None or model in _compiled:
        return
    mark = folder / f".compiled-{socket.gethostname()}-{model}"
    if not mark.exists():
        # The lock stands on the machine's own disk: a home that machines share may know no locks.
        with FileLock(Path(tempfile.gettempdir()) / f"protestorate-{os.getuid()}-{folder.name}.lock"):
            if not mark.exists():
                Running(scenario, 0).advance()
                mark.touch()
    _compiled.add(model)
