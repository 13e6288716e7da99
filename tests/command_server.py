"""A process that has loaded the program once, and forks for each command, which is spared seconds of imports.

Each command still has a process of its own, with its arguments, folder, surroundings, streams and exit code, and ends
as Python ends. What it does not have is a first import; the tests of surroundings, wheels and the first moments of the
command start real ones, and so do all with ``pytest --fresh``, which ``make nightly`` calls: a part that a command uses
and forgets to import is found there. As a script it reads calls and writes exit codes, a line of JSON each.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SECONDS = 300
"""No command of a test takes so long; one that does is ended."""
LEFT_ALONE = {"__main__", "mesa", "page", "dask"}
"""Parts that few commands import, with much behind them."""


class CommandServer:
    """The server's process, as tests see it."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def call(self, arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a command in a folder; return its exit code and what it printed."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with tempfile.TemporaryDirectory() as place:
            printed, said = (Path(place) / name for name in ("out", "err"))
            wish = {
                "arguments": arguments, "folder": str(folder), "out": str(printed), "err": str(said),
                "environment": dict(os.environ),
            }  # fmt: skip
            self.process.stdin.write(json.dumps(wish) + "\n")
            self.process.stdin.flush()
            code = int(self.process.stdout.readline())
            texts = [path.read_text(encoding="utf-8") for path in (printed, said)]
        return subprocess.CompletedProcess(["protestorate", *arguments], code, *texts)

    def close(self) -> None:
        """End it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()


def _load() -> None:
    """Import what commands import, and load the compiled step loop, so that forked processes have both."""
    import analysis
    import sim.study

    for package in (analysis, sim):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not LEFT_ALONE & set(found.name.split(".")):
                importlib.import_module(found.name)
    with contextlib.redirect_stderr(io.StringIO()):
        sim.simulate("belarus-2020", days=1, persons_per_agent=20_000)
    gc.collect()
    gc.freeze()  # what is loaded stays, so that no forked process looks through it


def _become(wish: Mapping[str, Any]) -> None:
    """Turn a forked process into that of the command."""
    os.environ.clear()
    os.environ.update(wish["environment"])
    os.chdir(wish["folder"])
    for number, (path, flags) in enumerate(
        ((os.devnull, os.O_RDONLY), (wish["out"], os.O_WRONLY | os.O_CREAT), (wish["err"], os.O_WRONLY | os.O_CREAT))
    ):
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  # for as long as the process lives
    sys.stdout, sys.stderr = (io.TextIOWrapper(io.FileIO(number, "w", closefd=False), "utf-8") for number in (1, 2))
    sys.argv = ["protestorate", *wish["arguments"]]
    signal.alarm(SECONDS)


def _serve() -> Mapping[str, Any] | None:
    """Answer calls until there are no more; in a forked process, return the call."""
    for line in sys.stdin:
        wish: Mapping[str, Any] = json.loads(line)
        child = os.fork()
        if child == 0:
            return wish
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    return None


if __name__ == "__main__":
    _load()
    called = _serve()
    if called is not None:
        _become(called)
        from analysis.cli import main

        main()
