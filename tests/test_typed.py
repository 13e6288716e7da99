"""The type checker knows of tables and records what is declared, and tells what is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.models.mobilisation import typed
from sim.models.mobilisation.mechanisms import MODULES
from sim.models.mobilisation.numbers import numbers

pytest.importorskip("mypy", reason="types are checked by mypy, of the extra 'dev'")

import mypy_tables

CLONE = Path(__file__).resolve().parent.parent
RECORDS = {
    "parameters": "scalars",
    "levers": "levers",
    "people.classes.*": "classes",
    "people.camps.*": "camps",
    "movement.tactics.*": "tactics",
    "police.forces.*": "forces",
    "elites.kinds.*": "elites",
    "institutions.*": "institutions",
}


def test_every_class_has_columns() -> None:
    assert {one.declares for one in typed.Declared.__subclasses__()} == set(mypy_tables.declared())


@pytest.mark.parametrize("name", RECORDS)
def test_records_have_the_columns_that_the_checker_knows(name: str) -> None:
    record = getattr(numbers(sim.load("belarus-2020").config), RECORDS[name])
    assert set(record.dtype.names) == set(mypy_tables.declared()[name])


def test_the_calls_of_a_day_are_held_against_all_mechanisms() -> None:
    from mypy.nodes import MypyFile
    from mypy.options import Options

    day = MypyFile([], [])
    day._fullname, day.path = mypy_tables.DAY, str(CLONE / "sim" / "models" / "mobilisation" / "day.py")
    found = mypy_tables.Tables(Options()).get_additional_deps(day)
    assert {name.rpartition(".")[2] for _, name, _ in found} == set(MODULES)


@pytest.mark.slow
def test_what_nobody_declares_is_told(tmp_path: Path) -> None:
    """A column read, one written, one of another table, and a record in place of another."""
    code = """
from sim.models.mobilisation.typed import ForceRow, Lever, Localities, Nation, Parameters, Rows
def fits(localities: Localities, nation: Nation, forces: Rows[ForceRow], p: Parameters) -> float:
    nation.turnout = p.obey_base + nation.day + forces[0].scale
    localities.count[0] = 1
    return nation.turnout
def wrong(localities: Localities, nation: Nation, lever: Lever, p: Parameters) -> None:
    nation.turnouts = 0.5
    print(p.obey_bases, localities.rank, lever.day)
    nation.day = 0.5
    fits(localities, p, nation, p)
"""
    settings = tmp_path / "mypy.ini"
    settings.write_text(f"[mypy]\nstrict = true\nplugins = {mypy_tables.__file__}\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", str(settings)]
    done = subprocess.run(
        [*command, "--cache-dir", str(tmp_path), "-c", code],
        cwd=CLONE, env=os.environ | {"PYTHONPATH": str(CLONE)}, capture_output=True, text=True,
    )  # fmt: skip
    told = [line.partition(": error: ")[2] for line in done.stdout.splitlines() if ": error: " in line]
    wanted = [
        "turnouts",
        "obey_bases",
        "rank",
        '"Lever" has no attribute "day"',
        "Incompatible types",
        "Argument 2",
        "Argument 3",
    ]
    assert len(told) == len(wanted), done.stdout + done.stderr
    assert all(word in line for word, line in zip(wanted, told, strict=True)), told
