"""Whatever is done to a study file, to the ledger, or to what stands after ``--set``: it is read or answered."""

from __future__ import annotations

import copy
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from study_files import working_folder, write

from sim.core.errors import ProtestorateError
from sim.core.share import share_dir
from sim.evidence.ledger import load_ledger
from sim.scenario.overrides import parse_set, written_set
from sim.study.load import load_study

EXAMPLES = settings(
    max_examples=60,
    deadline=None,
    derandomize="CI" in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
JUNK: tuple[Any, ...] = (
    None, True, 0, 1, -1, 0.5, 1e300, 10**400, float("nan"), float("inf"), "", "text", "no", "2020-08-09",
    "kuran-1991", [], [1], [[]], [None], {}, {"a": 1}, {"": 1}, {"a.b": {}}, {"low": 1, "high": 0}, {"values": []},
    "sobol", "quick-20", {"set": 3}, [{"set": {"time.days": 3}}], {"a": [1, {"b": []}]}, "9" * 5000, "\u2028",
    {"parameters": []},
)  # fmt: skip
STUDIES: tuple[dict[str, Any], ...] = (
    {
        "title": "t", "question": "q", "scenario": "granovetter-1978", "set": {"time.steps": 5},
        "design": {"kind": "grid", "parameters": {"population.persons": [5, 9], "time.steps": {"low": 2, "high": 5,
                                                                                           "steps": 2}}},
        "replicates": 2, "keep": {"days": True},
        "precision": {"outcome": "share", "half_width": 0.1, "confidence": 0.9, "relative": True, "at_least": 2},
    },
    {
        "scenario": "granovetter-1978",
        "design": {"kind": "latin_hypercube", "size": 4, "seed": 1, "parameters": {
            "population.persons": {"low": 5, "high": 9, "scale": "log"},
            "run.seed": {"low": 1, "high": 3, "chance": 0.5},
        }, "linked": {"time.steps": {"of": "population.persons", "times": 2.0}}},
        "replicates": "quick-20",
    },
    {
        "scenarios": ["granovetter-1978", "kuran-1991"],
        "design": {
            "kind": "list", "points": [{"label": "a", "scenario": "granovetter-1978", "set": {"time.steps": 3}}],
        },
        "replicates": [1, 2],
    },
)  # fmt: skip


def paths_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (*path, key)
        yield from paths_in(inner, (*path, key))


def changed(data: Any, path: tuple[Any, ...], value: Any, how: str) -> Any:
    """A copy of data with one thing replaced, taken away, or put under another name."""
    copied = copy.deepcopy(data)
    part = copied
    for key in path[:-1]:
        part = part[key]
    if how == "replaced":
        part[path[-1]] = value
    elif how == "gone":
        del part[path[-1]]
    elif isinstance(part, dict):
        part[f"{path[-1]}x"] = part.pop(path[-1])
    return copied


def answer(error: ProtestorateError) -> None:
    lines = str(error).splitlines()
    assert lines
    assert all(line.isprintable() for line in lines), lines


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return working_folder(tmp_path, monkeypatch)


def test_any_study(folder: Path) -> None:
    outcomes: Counter[str] = Counter()
    places = [(study, path) for study in STUDIES for path in paths_in(study)]

    @EXAMPLES
    @given(st.sampled_from(places), st.sampled_from(JUNK), st.sampled_from(("replaced", "gone", "renamed")))
    def holds(place: tuple[dict[str, Any], tuple[Any, ...]], value: Any, how: str) -> None:
        path = write(folder, yaml.safe_dump(changed(*place, value, how), allow_unicode=True))
        try:
            load_study(path)
            outcomes["read"] += 1
        except ProtestorateError as error:
            answer(error)
            outcomes["answered"] += 1

    holds()
    assert outcomes["answered"] > 20, outcomes


@pytest.mark.parametrize("name", ["publications.yaml", "claims"])
def test_any_ledger(tmp_path: Path, name: str) -> None:
    """A page of each kind alone, so that reading it takes no time."""
    seeds = tmp_path / "seeds"
    shutil.copytree(share_dir("seeds"), seeds, ignore=shutil.ignore_patterns("replicates"))
    file = (
        seeds / name
        if name.endswith("yaml")
        else min((seeds / name).glob("*.yaml"), key=lambda one: one.stat().st_size)
    )
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    few = settings(EXAMPLES, max_examples=8)
    outcomes: Counter[str] = Counter()

    @few
    @given(
        st.sampled_from(list(paths_in(data))), st.sampled_from(JUNK), st.sampled_from(("replaced", "gone", "renamed"))
    )
    def holds(path: tuple[Any, ...], value: Any, how: str) -> None:
        file.write_text(yaml.safe_dump(changed(data, path, value, how), allow_unicode=True), encoding="utf-8")
        try:
            load_ledger(seeds)
            outcomes["read"] += 1
        except ProtestorateError as error:
            answer(error)
            outcomes["answered"] += 1

    holds()
    assert outcomes["answered"] > 1, outcomes


SIGNS = st.text(alphabet="ab.=:'\"[]{},-+ 0159eE_~#&*!|>\\\t\u2028é", max_size=24)

SCALARS = st.sampled_from(
    ("1e3", "010", "1:30", "0x1f", ".nan", "-.inf", "-1_0", "2020-02-31", "2020-08-09 10:00", "~", "''", "[1, 2",
     "{a: 1}", "!!int 1", "&x 1", "*x", "9" * 5000, "1e-5", "-0.0", "[.nan]", "{a: [1e3]}",
     "yes", "'", '"', "[]", "{}", "\0")
)  # fmt: skip


@settings(EXAMPLES, max_examples=300)
@given(st.one_of(SIGNS, st.tuples(SIGNS, st.one_of(SIGNS, SCALARS)).map("=".join), SCALARS.map("a.b={}".format)))
def test_any_setting(text: str) -> None:
    try:
        path, value = parse_set(text)
    except ProtestorateError as error:
        answer(error)
    else:
        assert parse_set(written_set(path, value)) == (path, value)
