"""What several tests share: the command as a user runs it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from command_server import CommandServer

Command = Callable[..., "subprocess.CompletedProcess[str]"]
Wording = Callable[[str, list[str]], None]
# A job in the background of a shell ignores Ctrl-C, and so would all that it starts; tests of Ctrl-C need it.
signal.signal(signal.SIGINT, signal.default_int_handler)
WORDING = Path(__file__).parent / "wording.yaml"
"""What the program says, word for word; other tests look at exit codes, places and numbers."""

SLOWEST_FIRST = (
    "test_study_faults.py",
    "test_view_page.py",
    "test_view_more.py",
    "test_view_change.py",
    "test_cache.py",
    "test_surroundings.py",
    "test_switches.py",
    "test_study_dask.py",
    "test_cli.py",
    "test_study_run.py",
    "test_long_runs.py",
    "test_mechanism_pages.py",
    "test_full_stops.py",
    "test_epstein.py",
    "test_kept.py",
    "test_view_images.py",
    "test_compare.py",
    "test_patterns.py",
    "test_calibration.py",
    "test_campaigns.py",
    "test_sweep.py",
    "test_add_a_mechanism.py",
    "test_figures.py",
    "test_docs.py",
    "test_discover.py",
    "test_baseline.py",
    "test_mechanisms.py",
    "test_mechanism_signs.py",
    "test_wheel.py",
)
"""Files that take longest: begun first, so that no core idles at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files; the rest keeps its order."""
    place = {name: order for order, name in enumerate(SLOWEST_FIRST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --write-wording, which writes tests/wording.yaml anew, in one process, and --fresh, to fork no command."""
    parser.addoption("--write-wording", action="store_true", help="keep what is said in tests/wording.yaml")
    parser.addoption("--fresh", action="store_true", help="start each command in a new interpreter, as a user does")


@pytest.fixture
def wording(request: pytest.FixtureRequest) -> Wording:
    """Holds what is said, under a name of its own, against tests/wording.yaml, or writes it there."""

    def check(name: str, said: list[str]) -> None:
        known = yaml.safe_load(WORDING.read_text(encoding="utf-8"))
        if request.config.getoption("--write-wording"):
            text = yaml.safe_dump(known | {name: said}, allow_unicode=True, width=10_000)
            WORDING.write_text(text, encoding="utf-8")
        else:
            assert said == known.get(name), f"{name}: pytest --write-wording keeps new words, to be read in the diff"

    return check


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[CommandServer | None]:
    """Where the commands of tests come from; none where processes cannot be forked, or are not to be."""
    if request.config.getoption("--fresh") or not sys.platform.startswith("linux"):
        yield None
        return
    started = CommandServer()
    yield started
    started.close()


@pytest.fixture
def protestorate(tmp_path: Path, server: CommandServer | None) -> Command:
    """The command in its own process and an empty folder: its exit code and what it printed."""

    def call(*arguments: object, folder: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        words = [str(word) for word in arguments]
        return started(words, folder) if server is None else server.call(words, folder)

    return call


@pytest.fixture
def fresh(tmp_path: Path) -> Command:
    """The same, as a user starts it: in a new interpreter."""
    return lambda *arguments: started([str(word) for word in arguments], tmp_path)


def started(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Start the command in a new interpreter."""
    command = [sys.executable, "-m", "analysis.cli", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
