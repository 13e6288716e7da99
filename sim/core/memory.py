"""How much memory there is, so that a run that cannot fit is refused before it takes any."""

from __future__ import annotations

import os
from pathlib import Path

from sim.core.errors import ProtestorateError

MEMINFO = Path("/proc/meminfo")
GROUP = Path("/sys/fs/cgroup")
LEAST_ADDRESS_SPACE = 900_000_000
"""Bytes of address space that compiling the step loop takes: on two cores 0.72 GB are too few and 0.82 enough."""


def available_bytes() -> int | None:
    """Return the bytes this process could still have: of the machine, its container and its limit; None if unknown."""
    found = [room for room in (_of_the_machine(), _of_the_container(), _of_the_limit()) if room is not None]
    return max(min(found), 0) if found else None


def check_address_space() -> None:
    """Refuse a limit under which the step loop cannot be compiled: libraries would abort, or try without end.

    Raises
    ------
    ProtestorateError
        With the limit, and what is needed.
    """
    try:
        import resource

        most = resource.getrlimit(resource.RLIMIT_AS)[0]
        if most == resource.RLIM_INFINITY or most >= LEAST_ADDRESS_SPACE:
            return
    except (ImportError, OSError, ValueError):
        return
    raise ProtestorateError(
        f"there is too little memory for this: ulimit -v allows {most / 1e9:.1f} GB, and {LEAST_ADDRESS_SPACE / 1e9:g} "
        "GB is needed to compile the step loop; raise it (ulimit -v unlimited)"
    )


def _of_the_machine() -> int | None:
    try:
        lines = MEMINFO.read_text(encoding="ascii").splitlines()
        kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
        return 1024 * (kilobytes["MemAvailable"] + kilobytes["SwapFree"])
    except (OSError, ValueError, KeyError, IndexError):
        return None


def _of_the_container() -> int | None:
    """What a control group leaves, less what the system can take back from its files."""
    try:
        most = (GROUP / "memory.max").read_text(encoding="ascii").strip()
        if most == "max":
            return None
        used = int((GROUP / "memory.current").read_text(encoding="ascii"))
        parts = dict(line.split() for line in (GROUP / "memory.stat").read_text(encoding="ascii").splitlines())
        return int(most) - used + int(parts.get("file", 0))
    except (OSError, ValueError):
        return None


def _of_the_limit() -> int | None:
    """What ``ulimit -v`` leaves."""
    try:
        import resource

        most = resource.getrlimit(resource.RLIMIT_AS)[0]
        if most == resource.RLIM_INFINITY:
            return None
        return most - int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (ImportError, OSError, ValueError, IndexError):
        return None
