"""Compilation of the fast loops, with an on-disk cache that notices a change in any rule.

numba's own cache looks at the timestamp of the one file a function stands in. A kernel
that inlines a rule of another file would go on running the old rule. The cache folder is
therefore named after a digest of all code that has a part in results (:mod:`sim.core.version`).
"""

from __future__ import annotations

import functools
import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, overload

from sim.core.memory import check_address_space
from sim.core.numba_settings import check_settings, said

check_settings()
check_address_space()
with said():
    import numba
    from numba.core import event, types

from sim.core.cache import KernelCache, cache_folder  # noqa: E402  # it loads numba, too

unliteral: Any = types.unliteral  # numba has no types
register: Any = event.register
Function = TypeVar("Function", bound=Callable[..., Any])


@overload
def compiled(function: Function) -> Function: ...
@overload
def compiled(
    *, parallel: bool = False, inline: bool = False, makes_arrays: bool = True
) -> Callable[[Function], Function]: ...
def compiled(function: Any = None, *, parallel: bool = False, inline: bool = False, makes_arrays: bool = True) -> Any:
    """Compile a function with numba on its first call and keep the result on disk.

    Parameters
    ----------
    function : callable
        Restricted to what numba understands. The plain Python twin remains as ``.py_func``.
    parallel : bool
        Whether ``numba.prange`` loops in it run on several threads.
    inline : bool
        Whether to copy its body into each caller. Small functions are inlined anyway; force
        it where a longer one, called in a loop, would otherwise keep the loop from vectorising.
    makes_arrays : bool
        False for functions that only read and write the arrays they are given: numba then does not count
        references to them, which in a loop that hands arrays on costs several times the work itself.
    """
    if function is None:
        return lambda wrapped: _compile(wrapped, parallel, inline, makes_arrays)
    return _compile(function, parallel, inline, makes_arrays)


def _compile(function: Any, parallel: bool, inline: bool, makes_arrays: bool) -> Any:
    def dispatch(**options: bool) -> Any:
        return numba.njit(  # type: ignore[call-overload]  # the stubs know no wrapper options
            function,
            nogil=True,
            error_model="numpy",
            parallel=parallel,
            inline="always" if inline else "never",
            _nrt=makes_arrays,
            no_cfunc_wrapper=True,
            **options,
        )

    dispatcher = dispatch()
    if dispatcher is function:  # where NUMBA_DISABLE_JIT is set
        return function

    @functools.cache
    def within() -> Any:
        return dispatch(no_cpython_wrapper=True)

    def template(args: Any, kws: Any) -> Any:
        return within().get_call_template(
            [unliteral(arg) for arg in args], {name: unliteral(arg) for name, arg in kws.items()}
        )

    # What compiled code calls needs no entry for Python, a quarter of the compiler's time, and no file of its own;
    # and one form serves all callers, whatever constants they hand over.
    dispatcher.get_call_template = template
    dispatcher.get_overload = lambda signature: within().get_overload(signature)
    folder = cache_folder()
    if folder is not None:
        dispatcher._cache = KernelCache(function, folder)
    return dispatcher


class _NoCollection(event.Listener):
    """The compiler makes many small objects and no circles worth finding: a fifth of its time went into the search."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.within = 0
        self.before = False

    def on_start(self, event: Any) -> None:
        with self.lock:  # threads may compile at once
            if self.within == 0:
                self.before = gc.isenabled()
                gc.disable()
            self.within += 1

    def on_end(self, event: Any) -> None:
        with self.lock:
            self.within -= 1
            if self.within == 0 and self.before:
                gc.enable()


register("numba:compile", _NoCollection())


class _FirstCompilation(event.Listener):
    def __init__(self, announce: Callable[[], None]) -> None:
        self.announce = announce
        self.announced = False

    def on_start(self, event: Any) -> None:
        if not self.announced:
            self.announced = True
            self.announce()

    def on_end(self, event: Any) -> None:
        """Nothing to say: the progress bar takes over."""


@contextmanager
def watch_compilation(announce: Callable[[], None]) -> Iterator[None]:
    """Call ``announce`` once, when the first function is really compiled (not loaded from the cache)."""
    listener = _FirstCompilation(announce)
    with event.install_listener("numba:compile", listener):
        yield
