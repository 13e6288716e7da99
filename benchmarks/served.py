"""The page in a process of its own, and a browser to look at it: for the benchmark of the page and for its tests."""

from __future__ import annotations

import importlib.util
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
ADDRESS = re.compile(r"http://\S+")
SECONDS_TO_START = 300


def chromium() -> str | None:
    """Return the browser's program; None if there is none. ``CHROMIUM`` names another."""
    chosen = os.environ.get("CHROMIUM")
    return next((path for path in (chosen, *CHROMIUM) if path and shutil.which(path)), None)


def what_is_missing() -> str:
    """Return what has to be installed to drive the page with a browser; empty if nothing."""
    if chromium() is None:
        return "no chromium: apt-get install chromium, or name one with CHROMIUM=/path"
    missing = [name for name in ("playwright", "psutil", "solara", "PIL") if importlib.util.find_spec(name) is None]
    return f"not installed: {', '.join(missing)}: pip install -e '.[test,view]'" if missing else ""


@dataclass
class Served:
    """A page that is being served: where it is, the process, and what it has said so far.

    Attributes
    ----------
    url : str
        Where the page is.
    address : str
        The address that opens it, with the token.
    """

    address: str
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the page is, without the token."""
        return self.address.partition("/?")[0]


@contextmanager
def served(*arguments: str, folder: Path | None = None) -> Iterator[Served]:
    """Serve the page with the arguments of ``protestorate view``, on a free port, until the block ends.

    Parameters
    ----------
    *arguments : str
        After ``protestorate view``.
    folder : Path, optional
        Working folder of the process.
    """
    command = [sys.executable, "-m", "analysis.cli", "view", *arguments, "--no-browser", "--port", "0"]
    root = str(Path(__file__).resolve().parents[1])
    paths = os.pathsep.join([root, os.environ["PYTHONPATH"]] if "PYTHONPATH" in os.environ else [root])
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder,
        env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip
    said: list[str] = []
    addresses: queue.Queue[str] = queue.Queue()
    listener = threading.Thread(target=_listen, args=(process, said, addresses), daemon=True)
    listener.start()
    try:
        yield Served(_address(process, said, addresses), process, said)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        listener.join(10)
        assert process.stdout is not None
        process.stdout.close()


def _listen(process: subprocess.Popen[str], said: list[str], addresses: queue.Queue[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        found = ADDRESS.search(line)
        if found and "the page is at" in line:
            addresses.put(found.group())


def _address(process: subprocess.Popen[str], said: list[str], addresses: queue.Queue[str]) -> str:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        try:
            return addresses.get(timeout=0.2)
        except queue.Empty:
            continue
    raise RuntimeError(f"the page did not start:\n{''.join(said)}")


@contextmanager
def browser() -> Iterator[Any]:
    """A headless browser of playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            yield opened
        finally:
            opened.close()
