"""Whatever is done to a scenario file, the loader gives a valid configuration or a clear error."""

from __future__ import annotations

import copy
import datetime
import functools
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from sim.core.errors import ScenarioError
from sim.evidence.ledger import load_ledger
from sim.run import load as loading
from sim.run.load import Loaded, config_hash, load, resolved_json

SCENARIO = Path(__file__).parents[1] / "scenarios" / "belarus-2020.yaml"
TEXT = SCENARIO.read_text(encoding="utf-8")
LINES = TEXT.splitlines(keepends=True)
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
DATA: dict[str, Any] = yaml.safe_load(TEXT)

EXAMPLES = settings(
    max_examples=40,
    deadline=None,
    derandomize="CI" in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

JUNK_TEXT = (
    *("no", "1e3", "010", "1:30", "0x1f", ".nan", "-.inf", "-1", "0", "1", "2", "1.5", "1.0e+300"),
    *("9" * 400, "9" * 5000, "-1_0", "2020-02-31", "2020-08-09", "9999-12-31", "0001-01-01"),
    *("2020-08-09 10:00", "true", "~", "", "''", "text", "[1, 2]", "[", "{a: 1}", "{", "*x", "&x 1"),
    *("!!int 1", "|", "- 1", "a: b", "@", "%", "\t", "\0", "\u2028", "\ud7ff", "🙂", "&x [*x]", "# nothing"),
)
JUNK: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        0.5,
        -0.5,
        1e300,
        -1e300,
        2**63,
        2**64,
        10**400,
        10**5000,
        "",
        "text",
        "no",
    ),
    *(float("nan"), float("inf"), datetime.date(2020, 8, 9), datetime.date.min, datetime.date.max),
    *([], [1], [[]], {}, {"a": 1}, {"": 1}, {"a.b": {}}),
)


@pytest.fixture(autouse=True)
def _read_the_ledger_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading it takes half the time of a load, and no example changes it."""
    monkeypatch.setattr(loading, "load_ledger", functools.cache(load_ledger))


def paths_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (*path, key)
        yield from paths_in(inner, (*path, key))


PATHS = list(paths_in(DATA))


@st.composite
def changed_texts(draw: st.DrawFn) -> str:
    """Return the scenario's text after one to three changes of lines, characters or values."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(lines) - 1))
        line = lines[place]
        change = draw(st.sampled_from(("delete", "repeat", "swap", "junk", "value", "rename", "indent", "cut")))
        if change == "delete":
            del lines[place]
        elif change == "repeat":
            lines.insert(draw(st.integers(0, len(lines))), line)
        elif change == "swap" and len(line) > 2:
            at = draw(st.integers(0, len(line) - 2))
            lines[place] = line[:at] + line[at + 1] + line[at] + line[at + 2 :]
        elif change == "junk":
            at = draw(st.integers(0, len(line)))
            lines[place] = line[:at] + draw(st.sampled_from(JUNK_TEXT)) + line[at:]
        elif change == "value" and ":" in line:
            lines[place] = f"{line.partition(':')[0]}: {draw(st.sampled_from(JUNK_TEXT))}\n"
        elif change == "rename":
            key = line.lstrip()
            lines[place] = line[: len(line) - len(key)] + draw(st.sampled_from("xZ.*=é")) + key
        elif change == "indent":
            lines[place] = draw(st.sampled_from((" ", "  ", "\t", "    "))) + line
        elif change == "cut":
            del lines[place + 1 :]
            lines[place] = line[: draw(st.integers(0, len(line)))]
    return "".join(lines)


@st.composite
def changed_data(draw: st.DrawFn) -> str:
    """Return the scenario written anew, with one value replaced, removed, renamed or moved."""
    data = copy.deepcopy(DATA)
    path = draw(st.sampled_from(PATHS))
    around = data
    for part in path[:-1]:
        around = around[part]
    change = draw(st.sampled_from(("replace", "remove", "rename", "add", "copy")))
    if change == "remove":
        del around[path[-1]]
    elif change == "rename" and isinstance(around, dict):
        around[draw(st.sampled_from(("x", "", "a.b", f"{path[-1]}s", "no")))] = around.pop(path[-1])
    elif change == "add" and isinstance(around, dict):
        around[draw(st.text(max_size=5))] = draw(st.sampled_from(JUNK[:10]))
    elif change == "copy":
        other = draw(st.sampled_from(PATHS))
        source = DATA
        for part in other:
            source = source[part]
        around[path[-1]] = copy.deepcopy(source)
    else:
        around[path[-1]] = draw(st.sampled_from([value for value in JUNK if value != 10**5000]))
    return yaml.dump(data, Dumper=DUMPER, allow_unicode=True, sort_keys=False)


def check_load(path: Path, overrides: dict[str, object] | None = None) -> str:
    """Load, insist on a valid configuration or clear problems, and say which of them it was."""
    try:
        loaded = load(path, overrides)
    except ScenarioError as error:
        problems = error.problems
    else:
        check_valid(loaded)
        return "valid"
    assert problems
    for problem in problems:
        assert problem.message.strip()
        assert problem.file
        assert len(str(problem)) < 2000
    return "error"


def check_valid(loaded: Loaded) -> None:
    assert isinstance(loaded.config, BaseModel)
    assert type(loaded.config).model_validate(loaded.config.model_dump()) == loaded.config
    assert len(config_hash(loaded)) == 64
    assert isinstance(json.loads(resolved_json(loaded)), dict)


def test_the_scenario_itself_is_valid() -> None:
    assert check_load(SCENARIO) == "valid"


def test_changed_texts(tmp_path: Path) -> None:
    outcomes: Counter[str] = Counter()

    @EXAMPLES
    @given(changed_texts())
    def holds(text: str) -> None:
        path = tmp_path / "case.yaml"
        path.write_text(text, encoding="utf-8")
        outcomes[check_load(path)] += 1

    holds()
    assert outcomes["error"] > 10, outcomes


def test_changed_data(tmp_path: Path) -> None:
    outcomes: Counter[str] = Counter()

    @EXAMPLES
    @given(changed_data())
    def holds(text: str) -> None:
        path = tmp_path / "case.yaml"
        path.write_text(text, encoding="utf-8")
        outcomes[check_load(path)] += 1

    holds()
    assert outcomes["error"] > 10, outcomes


def test_any_override_of_any_value() -> None:
    outcomes: Counter[str] = Counter()
    paths = [".".join(map(str, path)) for path in PATHS if path[0] != "sources"]
    junk = st.one_of(st.sampled_from(JUNK), st.floats(), st.integers(), st.text(max_size=8))

    @EXAMPLES
    @given(st.sampled_from(paths), junk)
    def holds(path: str, value: object) -> None:
        outcomes[check_load(SCENARIO, {path: value})] += 1

    holds()
    assert outcomes["error"] > 10, outcomes


def test_any_bytes_at_all(tmp_path: Path) -> None:
    @EXAMPLES
    @given(st.one_of(st.binary(max_size=200), st.text(alphabet="ab:-?[]{}&*!|>'\"%@`#, \n\t10.~<").map(str.encode)))
    def holds(content: bytes) -> None:
        path = tmp_path / "case.yaml"
        path.write_bytes(content)
        assert check_load(path) == "error"

    holds()
