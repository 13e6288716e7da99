"""The generated description names everything that the program runs, and nothing need be compiled for it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis.describe.odd import document, motive, terms
from sim.core.errors import ScenarioError
from sim.evidence.sources import load_ledger, source_table
from sim.models.mobilisation import day, parameters, state
from sim.models.mobilisation.mechanisms import MECHANISMS, rules
from sim.models.mobilisation.outcome import OUTCOMES
from sim.run.load import load

CASE = "belarus-2020"
EQUATION = re.compile(r"\((\d+)[a-z]'?\)$", re.MULTILINE)


@pytest.fixture(scope="module")
def general() -> str:
    return document()


@pytest.fixture(scope="module")
def particular() -> str:
    return document(CASE)


RULES: list[tuple[str, Any]] = [(name, rule) for name, found in rules().items() for rule in found.values()]


def tables(text: str) -> Iterator[list[list[str]]]:
    """Tables of a Markdown text as lists of rows of cells."""
    rows: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("| "):
            rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
        elif rows:
            yield rows
            rows = []


def first_cells(text: str) -> set[str]:
    return {row[0].strip("`") for table in tables(text) for row in table}


def between(text: str, begin: str, end: str) -> str:
    assert text.count(begin) == 1, begin
    found, _, _ = text.partition(begin)[2].partition(end)
    return found


def test_the_seven_parts_of_the_protocol_stand_in_order(general):
    numbers = re.findall(r"^## (\d)", general, re.MULTILINE)
    assert numbers == list("1234567")


def test_there_are_rules_to_describe():
    assert len(RULES) > 40


@pytest.mark.parametrize(("module", "function"), RULES, ids=lambda value: getattr(value, "__name__", value))
def test_every_rule_is_described_with_its_arguments_and_equation(general, module, function):
    part = between(general, f"File `sim/models/mobilisation/mechanisms/{module}.py`", "\n### ")
    names = function.py_func.__code__.co_varnames[: function.py_func.__code__.co_argcount]
    described = part.partition(f"`{function.__name__}({', '.join(names)})`")[2].partition("\n#### ")[0]
    assert described
    for line in (function.__doc__ or "").splitlines():
        if EQUATION.search(line):
            assert line.strip() in described


def test_every_mechanism_with_equations_has_its_own_heading(general):
    for name in {module for module, _ in RULES}:
        assert general.count(f"### {MECHANISMS[name].title}\n") == 1, name
        assert general.count(f"File `sim/models/mobilisation/mechanisms/{name}.py`") == 1, name


def test_the_motive_is_the_sum_of_what_mechanisms_declare(general):
    """Among them what a hand-written equation once left out: representation, and the lift of membership."""
    declared = [term for term, _, _ in terms()]
    assert len(declared) == sum(len(one.motive) for one in MECHANISMS.values())
    assert {"-alienation * k * (1 - own)", "w_N * N * (1 + lift * m)", "-fatigue", "anger"} <= set(declared)
    assert re.split(r" [+-] (?![^(]*\))", " ".join(motive().removeprefix("M = ").split()).lstrip("-")) == [
        term.removeprefix("-") for term in declared
    ]
    assert motive() in general


def test_equations_have_numbers_of_their_own_that_begin_with_a_stage():
    numbers = [match.group() for _, f in RULES for match in EQUATION.finditer(f.__doc__ or "")]
    assert len(numbers) == len(set(numbers))
    assert {int(number) for _, f in RULES for number in EQUATION.findall(f.__doc__ or "")} <= set(range(1, 16))


@pytest.mark.parametrize("table", [*state.TABLES, "nation"])
def test_every_state_variable_is_described(general, table):
    part = between(general, f"\n### {table.capitalize()}\n", "\n### ")
    rows = {row[0].strip("`"): row for row in next(tables(part))[2:]}
    columns = {**state.TABLES, "nation": state.NATION}[table]
    assert set(rows) == {column.name for column in columns}
    for column in columns:
        assert rows[column.name][1] == f"`{column.dtype}`"


def test_every_stage_is_listed_in_order(general):
    part = between(general, "## 3 Process", "## 4")
    assert re.findall(r"^\d+\. \*\*(\w+)\*\*: \S", part, re.MULTILINE) == list(day.stages())


def test_every_parameter_is_described(general):
    described = first_cells(between(general, "## 6 Input data", "## 7"))
    patterns = [re.compile(re.escape(path).replace(r"\*", r"[^.]+")) for path in described]
    loaded = load(CASE)
    paths = [row.path for row in source_table(loaded.data, loaded.data["sources"], load_ledger())]
    assert len(paths) > 500
    assert [path for path in paths if not any(pattern.fullmatch(path) for pattern in patterns)] == []
    leaves = {path.rpartition(".")[2] for path in described}
    read = set(parameters.scalars(loaded.config).dtype.names or ()) - set(parameters.POSSIBLE)
    assert read <= leaves
    assert set(parameters.LEVERS) <= leaves


def test_parameters_have_units_and_ranges(general):
    part = between(general, "## 6 Input data", "### Off switches")
    units = {row[0].strip("`"): row[1] for table in tables(part) for row in table}
    assert units["regime.aggression_gain"] == "factor; 0 to 2"
    assert units["places.localities.*.settlement"] == "metropolis or city or town or village"
    assert units["time.start"] == "date"


def test_every_switch_and_outcome_is_described(general):
    cells = first_cells(general)
    assert set(parameters.SWITCHES) <= cells
    assert {f"**{name}**" for name in OUTCOMES} <= cells
    for switch, names in parameters.SWITCHES.items():
        row = next(row for table in tables(general) for row in table if row[0] == f"`{switch}`" and len(row) == 3)
        assert row[2] == ", ".join(f"`{name}`" for name in names)


def test_tables_are_whole(general, particular):
    for text in (general, particular):
        for table in tables(text):
            assert len({len(row) for row in table}) == 1, table[0]


def test_a_scenario_adds_its_values_and_their_sources(general, particular):
    assert particular.startswith(general.rstrip())
    added = particular[len(general.rstrip()) :]
    loaded = load(CASE)
    assert loaded.config.about.title in added
    for row in source_table(loaded.data, loaded.data["sources"], load_ledger()):
        assert f"`{row.path.rpartition('.')[0]}`: " in added
    assert " documented, " in added


def test_words_of_a_scenario_are_no_markup(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(f"extends: {CASE}\nabout: {{title: 'One | <script>*two*', summary: three, question: ''}}\n")
    text = document(str(path))
    assert "Scenario: One | \\<script\\>\\*two\\*" in text
    assert "<script>" not in text


def test_a_published_model_is_described_as_itself():
    text = document("granovetter-1978")
    assert text.startswith("# Granovetter's threshold model")
    assert "r(t + 1) = " in text
    assert "`population.thresholds (normal).spread`" in text
    assert "aggression" not in text


def test_an_unknown_scenario_is_a_clear_error():
    with pytest.raises(ScenarioError, match="belarus-2020"):
        document("belarus-2002")


def test_the_same_text_in_every_process_and_nothing_compiled(tmp_path, general):
    code = (
        "import sys; from sim.core.jit import watch_compilation; from analysis.describe.odd import document\n"
        "with watch_compilation(lambda: sys.exit('compiled')): print(document(), end='')"
    )
    for salt in ("1", "2"):
        settings = {**os.environ, "PYTHONHASHSEED": salt, "NUMBA_CACHE_DIR": str(tmp_path)}
        found = subprocess.run([sys.executable, "-c", code], env=settings, capture_output=True, text=True, check=True)
        assert found.stdout == general


def test_the_negative_control_of_the_compilation_watch(tmp_path):
    code = (
        "import sys; from sim.core.jit import watch_compilation\n"
        "from sim.models.mobilisation.mechanisms.regime import threat\n"
        "with watch_compilation(lambda: sys.exit('compiled')): threat(0.0, 1.0)"
    )
    settings = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    found = subprocess.run([sys.executable, "-c", code], env=settings, capture_output=True, text=True, cwd=Path.cwd())
    assert "compiled" in found.stderr
