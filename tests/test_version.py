"""The version of the model: moved by what computes, and by nothing that is only said."""

from __future__ import annotations

import gc
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sim.core.version import PACKAGE, computing, digest

CODE = '''"""What this module is for."""
from sim.core.errors import FieldError, Problem

LIMIT = 3  # a comment


def rule(x):
    """Double it."""
    if x > LIMIT:
        raise FieldError(f"{x} is too large", ("a",), nearest="b")
    Problem("must be small", "key")
    return number("how many", "persons", 0.0, 2.0) * x, Result("x", label="a label")
'''

SAID = [
    ('"""Double it."""', '"""Twice the number.\n\n    Source: nobody.\n    """'),
    ('"""What this module is for."""\n', ""),
    ("  # a comment", "  # another"),
    ("is too large", "is larger than allowed"),
    ("must be small", "must not be large"),
    ("how many", "number of"),
    ("a label", "another label"),
    ("\n", "\r\n"),
]
DONE = [
    ("LIMIT = 3", "LIMIT = 4"),
    ("x > LIMIT", "x >= LIMIT"),
    ("2.0) * x", "2.5) * x"),
    ('Result("x"', 'Other("x"'),
    ("    return number", "    x += 1\n    return number"),
]


def of(tmp_path: Path, code: str) -> str:
    path = tmp_path / "rule.py"
    path.write_bytes(code.encode())
    return digest([path])


@pytest.mark.parametrize(("old", "new"), SAID)
def test_what_is_said_has_no_part_in_the_version(tmp_path: Path, old: str, new: str) -> None:
    assert old in CODE
    assert of(tmp_path, CODE.replace(old, new)) == of(tmp_path, CODE)


@pytest.mark.parametrize(("old", "new"), DONE)
def test_what_is_done_has(tmp_path: Path, old: str, new: str) -> None:
    assert old in CODE
    assert of(tmp_path, CODE.replace(old, new)) != of(tmp_path, CODE)


def test_every_room_that_computes_has_a_part() -> None:
    names = {path.name for path in computing()}
    assert {"rng.py", "day.py", "cooptation.py", "granovetter_1978.py", "geography.py", "simulate.py"} <= names
    assert not {"load.py", "store.py", "errors.py"} & names


def test_all_that_is_compiled_and_what_lays_out_its_tables_has_a_part() -> None:
    """A draw that changed without the version would be taken for the old one, and found compiled as it was."""
    compiled = {path for path in PACKAGE.rglob("*.py") if "@compiled" in path.read_text(encoding="utf-8")}
    assert {path.name for path in compiled} > {"normals.py", "rng.py"}
    assert compiled | {PACKAGE / "core" / "table.py"} <= set(computing())


def test_threads_that_ask_at_once_get_the_same_version() -> None:
    """Python 3.11 cannot make two syntax trees at once where a callback of the collector lets another thread in."""

    def callback(phase: str, info: dict[str, int]) -> None:
        time.sleep(0)

    paths = computing()[:8]
    one = digest(paths)
    gc.callbacks.append(callback)
    try:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: digest(paths), range(8)))
    finally:
        gc.callbacks.remove(callback)
    assert found == [one] * 8
