"""Compiled code on disk: whatever has become of it, a run gives its result and says a word at most."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.core.beside import available_cores

pytestmark = pytest.mark.skipif(os.name != "posix", reason="owners and modes are POSIX's")

KERNELS = """
from sim.core.jit import compiled

@compiled
def half(x):
    return 0.5 * x

@compiled
def total(values):
    sum = 0.0
    for value in values:
        sum += half(value)
    return sum
"""
SCRIPT = f"""
import numpy as np
from sim.core.jit import watch_compilation
{KERNELS}
compilations = []
with watch_compilation(lambda: compilations.append(1)):
    print(half(2.0 * total(np.arange(10.0))), "compiled" if compilations else "loaded")
"""
ROOT = Path(__file__).resolve().parents[1]


class Machine:
    """A user's folder with a small program, and a cache of compiled code."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache = folder / "cache"
        (folder / "program.py").write_text(SCRIPT, encoding="utf-8")

    def run(self, before: str = "", **environment: str) -> tuple[str, str]:
        """Return what the program prints and what it says beside it; `before` is Python that is run first."""
        code = f"{before}\nimport runpy\nrunpy.run_path({str(self.folder / 'program.py')!r})"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=self.folder, check=False,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(self.cache),
                 "HOME": str(self.folder / "home"), "TMPDIR": str(self.folder), **environment},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip(), done.stderr

    @property
    def files(self) -> list[Path]:
        return sorted(path for path in self.cache.rglob("*.nb?") if path.is_file())


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    machine = Machine(tmp_path_factory.mktemp("filled"))
    assert machine.run() == ("22.5 compiled", "")
    assert machine.run() == ("22.5 loaded", "")
    assert machine.files
    return machine


@pytest.fixture
def machine(filled: Machine) -> Iterator[Machine]:
    kept = filled.folder / "kept"
    shutil.copytree(filled.cache, kept, copy_function=shutil.copy2)
    yield filled
    shutil.rmtree(filled.cache, ignore_errors=True)
    kept.rename(filled.cache)


class Trap:
    """A pickle that leaves a trace when it is loaded."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> object:
        return (os.mkdir, (str(self.trace),))


def expect_recompiled_once(machine: Machine) -> None:
    printed, said = machine.run()
    assert printed == "22.5 compiled"
    assert said.count("\n") == 1
    assert "damaged" in said
    assert machine.run() == ("22.5 loaded", "")


def started(machine: Machine) -> subprocess.Popen[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(machine.cache)}
    environment |= {"HOME": str(machine.folder / "home"), "TMPDIR": str(machine.folder)}
    return subprocess.Popen(
        [sys.executable, str(machine.folder / "program.py")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=machine.folder, env=environment,
    )  # fmt: skip


def test_a_program_killed_while_it_compiles_costs_the_next_nothing(machine: Machine) -> None:
    """Killed as soon as one, two or three files stand in the folder, whole or half written."""
    for files in (1, 2, 3):
        shutil.rmtree(machine.cache)
        process = started(machine)
        try:
            end = time.monotonic() + 60.0
            while sum(path.is_file() for path in machine.cache.rglob("*")) < files and time.monotonic() < end:
                if process.poll() is not None:
                    break
                time.sleep(0.001)
        finally:
            process.kill()
            process.communicate(timeout=60)
        printed, said = machine.run()
        assert printed.startswith("22.5 ")
        assert said == ""
    assert machine.run() == ("22.5 loaded", "")


def test_two_programs_may_compile_at_once(machine: Machine) -> None:
    shutil.rmtree(machine.cache)
    both = [started(machine) for _ in range(2)]
    for process in both:
        printed, said = process.communicate(timeout=120)
        assert (printed.split()[0], said, process.returncode) == ("22.5", "", 0)
    assert machine.run() == ("22.5 loaded", "")


def test_what_only_a_compilation_needs_is_not_loaded_with_compiled_code(machine: Machine) -> None:
    printed, _ = machine.run("import atexit, sys; atexit.register(lambda: print('scipy.linalg' in sys.modules))")
    assert printed == "22.5 loaded\nFalse"


BESIDE = """
import kernels
import numpy as np
from sim.core.beside import compile_beside
from sim.core.jit import watch_compilation

values = np.arange(10.0)
compile_beside(kernels.total, values)
compilations = []
with watch_compilation(lambda: compilations.append(1)):
    print(kernels.total(values), "compiled" if compilations else "loaded")
"""


@pytest.mark.skipif(available_cores() < 2, reason="nothing is compiled beside on one core")
@pytest.mark.parametrize(
    ("before", "path", "became"),
    [
        ("", True, "loaded"),
        ("import sys; sys.path.append('.')", False, "compiled"),  # the other process does not find the function
        ("import sys; sys.executable = '/nowhere/python'", True, "compiled"),
        ("import os; os.sched_getaffinity = lambda of: {0}", True, "compiled"),
    ],
)
def test_another_process_compiles_or_this_one_does(tmp_path: Path, before: str, path: bool, became: str) -> None:
    machine = Machine(tmp_path)
    (tmp_path / "kernels.py").write_text(KERNELS, encoding="utf-8")
    (tmp_path / "program.py").write_text(BESIDE, encoding="utf-8")
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT), *([str(tmp_path)] if path else [])])}
    assert machine.run(before, **paths) == (f"22.5 {became}", "")
    assert machine.run(before, **paths) == ("22.5 loaded", "")


WRONG = (b"", b"\x80", b"not a pickle", pickle.dumps("other version"), pickle.dumps(3))


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
def test_a_file_that_is_no_compiled_code_is_thrown_away(machine: Machine, ending: str) -> None:
    for number, path in enumerate(path for path in machine.files if path.suffix == f".{ending}"):
        path.write_bytes(WRONG[number % len(WRONG)])
    expect_recompiled_once(machine)


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(2, 8))])
def test_a_changed_byte_is_noticed(machine: Machine, seed: int) -> None:
    chance = random.Random(seed)
    for path in machine.files:
        whole = bytearray(path.read_bytes())
        whole[chance.randrange(len(whole))] ^= 1 << chance.randrange(3)
        path.write_bytes(whole)
    expect_recompiled_once(machine)


def test_files_that_have_changed_places_are_noticed(machine: Machine) -> None:
    data = [path for path in machine.files if path.suffix == ".nbc"]
    assert len(data) >= 2
    contents = [path.read_bytes() for path in data]
    for path, content in zip(data, [*contents[1:], contents[0]], strict=True):
        path.write_bytes(content)
    expect_recompiled_once(machine)


def test_a_missing_file_is_made_again_in_silence(machine: Machine) -> None:
    for path in machine.files:
        if path.suffix == ".nbc":
            path.unlink()
    assert machine.run() == ("22.5 compiled", "")
    assert machine.run() == ("22.5 loaded", "")


def test_a_folder_in_the_place_of_a_file_is_thrown_away(machine: Machine) -> None:
    for path in machine.files:
        path.unlink()
        path.mkdir()
    expect_recompiled_once(machine)


def test_a_pipe_in_the_place_of_a_file_is_thrown_away(machine: Machine) -> None:
    for path in machine.files:
        path.unlink()
        os.mkfifo(path)
    expect_recompiled_once(machine)


@pytest.mark.parametrize("error", ["OSError(5, 'Input/output error')", "OSError(24, 'Too many open files')"])
def test_a_file_that_cannot_be_read_just_now_is_kept(machine: Machine, error: str) -> None:
    before = {path: path.read_bytes() for path in machine.files}
    fail = f"""
import sim.core.cache as cache
def refused(path):
    raise {error}
cache.opened = refused
"""
    printed, said = machine.run(fail)
    assert printed == "22.5 compiled"
    assert "thrown away" not in said
    assert {path for path in before if path.read_bytes() == before[path]} >= {
        path for path in before if path.suffix == ".nbc"
    }
    assert machine.run()[0].startswith("22.5 ")


def test_too_little_memory_is_no_damage(machine: Machine) -> None:
    before = {path: path.read_bytes() for path in machine.files}
    fail = """
import pickle, sys
import sim.core.cache as cache
class Short:
    def __getattr__(self, name): return getattr(pickle, name)
    def loads(self, data): raise MemoryError
cache.pickle = Short()
import atexit, os
def quietly(kind, error, trace):
    print(kind.__name__, flush=True)
    os._exit(0)
sys.excepthook = quietly
"""
    assert machine.run(fail) == ("MemoryError", "")
    assert {path: path.read_bytes() for path in machine.files} == before
    assert machine.run() == ("22.5 loaded", "")


def test_pickles_of_others_are_not_loaded(machine: Machine, tmp_path: Path) -> None:
    """Even with a right digest, a file that others could have written is not loaded."""
    from sim.core.cache import _seal

    trace = tmp_path / "trace"
    for path in machine.files:
        content = pickle.dumps(Trap(trace))
        path.write_bytes(content + _seal(path.name, content))
        path.chmod(0o666)
    expect_recompiled_once(machine)
    assert not trace.exists()


@pytest.mark.parametrize("writable", ["cache", "cache/protestorate", "digest"])
def test_a_folder_that_others_can_write_to_is_refused(machine: Machine, writable: str) -> None:
    digest = next((machine.cache / "protestorate").iterdir())
    folder = digest if writable == "digest" else machine.folder / writable
    before = folder.stat().st_mode
    folder.chmod(0o777)
    try:
        printed, said = machine.run()
        assert printed == "22.5 compiled"
        assert said == ""  # another was found
        assert list((machine.folder / "home" / ".cache" / "protestorate").iterdir())
    finally:
        folder.chmod(before)
        shutil.rmtree(machine.folder / "home")


def test_a_named_folder_of_others_is_refused_and_said(machine: Machine) -> None:
    named = machine.folder / "named"
    named.mkdir()
    assert machine.run(NUMBA_CACHE_DIR=str(named)) == ("22.5 compiled", "")
    assert machine.run(NUMBA_CACHE_DIR=str(named)) == ("22.5 loaded", "")
    assert any(named.rglob("*.nbi"))
    named.chmod(0o777)
    printed, said = machine.run(NUMBA_CACHE_DIR=str(named))
    assert printed == "22.5 loaded"  # from the usual place
    assert said == f"NUMBA_CACHE_DIR is not used: others can write to {named}\n"
    shutil.rmtree(named)


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only the superuser can give files away")
def test_a_folder_of_another_user_is_refused(machine: Machine) -> None:
    named = machine.folder / "others"
    named.mkdir(mode=0o755)
    os.chown(named, 12345, 12345)
    assert "belongs to another user" in machine.run(NUMBA_CACHE_DIR=str(named))[1]
    below = named / "mine"
    below.mkdir(mode=0o700)
    assert "belongs to another user" in machine.run(NUMBA_CACHE_DIR=str(below))[1]
    digest = next((machine.cache / "protestorate").iterdir())
    os.chown(digest, 12345, 12345)
    assert machine.run()[0] == "22.5 compiled"
    shutil.rmtree(machine.folder / "home")
    shutil.rmtree(named)


def test_new_folders_are_for_their_user_alone(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.run("import os; os.umask(0)")
    digest = next((machine.cache / "protestorate").iterdir())
    assert all(folder.stat().st_mode & 0o077 == 0 for folder in (machine.cache, digest.parent, digest))


NO_ROOM = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))
"""


@pytest.mark.parametrize("size", [0, pytest.param(200, marks=pytest.mark.nightly), 2000])
def test_a_full_folder_costs_no_run(tmp_path: Path, size: int) -> None:
    """A limit on the size of files stands for a full disk: writing fails, sooner or later."""
    machine = Machine(tmp_path)
    printed, said = machine.run(NO_ROOM.format(size))
    assert printed == "22.5 compiled"
    assert said.count("\n") <= 1
    assert said == "" or "cannot be kept" in said
    assert machine.run()[0] == "22.5 compiled"
    assert machine.run() == ("22.5 loaded", "")


def test_a_folder_that_cannot_be_made_costs_no_run(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.cache.touch()
    named = tmp_path / "file"
    named.touch()
    printed, said = machine.run(NUMBA_CACHE_DIR=str(named / "below"))
    assert printed == "22.5 compiled"
    assert said.startswith("NUMBA_CACHE_DIR is not used:")
    for nowhere in ("\udcff/x", "~", "relative"):
        assert machine.run(NUMBA_CACHE_DIR=nowhere)[0].startswith("22.5 ")
