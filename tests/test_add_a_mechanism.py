"""The page on adding a mechanism, built word for word on a copy: one file, one line, one test, and values."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.models.mobilisation.mechanisms import MECHANISMS

CLONE = Path(__file__).resolve().parent.parent
PAGE = (CLONE / "docs" / "add-a-mechanism.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(?P<kind>python|diff) (?P<path>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
SCENARIOS = {"scenarios/belarus-2020.yaml", "tests/tiny_country.py"}
NEW = {"sim/models/mobilisation/mechanisms/curfew.py", "tests/mechanisms/curfew.py"}


def blocks() -> Iterator[tuple[str, str, str]]:
    for match in BLOCK.finditer(PAGE):
        yield match["kind"], match["path"], match["text"]


def patched(text: str, diff: str) -> str:
    """A text with a diff applied, whose context must stand in it exactly once."""
    lines = diff.splitlines()
    old = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
    new = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
    found = re.findall(rf"^{re.escape(old)}", text, re.MULTILINE)
    assert len(found) == 1, old
    return re.sub(rf"^{re.escape(old)}", lambda _: new, text, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("copy")
    unwanted = shutil.ignore_patterns("__pycache__", "baseline", ".*")
    for folder in ("sim", "analysis", "tests", "scenarios", "seeds", "docs"):
        shutil.copytree(CLONE / folder, root / folder, ignore=unwanted)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(CLONE / name, root / name)
    for kind, path, text in blocks():
        place = root / path
        if kind == "python":
            assert not place.exists()
            place.write_text(text, encoding="utf-8")
        else:
            place.write_text(patched(place.read_text(encoding="utf-8"), text), encoding="utf-8")
    return root


def python(root: Path, *arguments: str, plain: bool = False) -> str:
    paths = os.pathsep.join([str(root), str(root / "tests")])
    settings = os.environ | {"PYTHONPATH": paths}
    if plain:
        settings["NUMBA_DISABLE_JIT"] = "1"
    done = subprocess.run([sys.executable, *arguments], env=settings, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_it_is_one_file_one_line_one_test_and_values() -> None:
    """The whole of what the page asks for."""
    assert {path for kind, path, _ in blocks() if kind == "python"} == NEW
    changed = [(path, line) for kind, path, text in blocks() if kind == "diff" for line in text.splitlines()]
    assert not [line for _, line in changed if line.startswith("-")]
    assert len([path for path, line in changed if line.startswith("+") and path.endswith("day.py")]) == 1
    assert {path for path, _ in changed} == SCENARIOS | {"sim/models/mobilisation/day.py"}


@pytest.mark.slow
def test_all_else_is_derived(copy: Path) -> None:
    """Schema, record, switch, lever, source, the description's equation, and the row of the table of mechanisms."""
    code = """
import json, sim
from analysis.mechanisms.document import row_of_facts
from analysis.mechanisms.table import mechanisms
from analysis.describe.odd import document, motive
from sim.evidence.sources import load_ledger, source_table
from sim.models.mobilisation.parameters import LEVERS, SWITCHES, scalars
loaded = sim.load("belarus-2020")
off = sim.load("belarus-2020", {"mechanisms.curfew": False})
text = document()
sources = [row.ids for row in source_table(loaded.data, loaded.data["sources"], load_ledger()) if "curfew" in row.path]
print(json.dumps({
    "value": loaded.config.regime.curfew.curfew_weight,
    "record": [float(scalars(one.config)["curfew_weight"][0]) for one in (loaded, off)],
    "switch": SWITCHES["curfew"], "lever": "curfew" in LEVERS, "sources": sources, "motive": motive(),
    "described": [part in text for part in ("(5w)", "`regime.curfew.curfew_weight`", "### A curfew that believers")],
    "row": [row_of_facts(one) for one in mechanisms() if one.file == "curfew"],
}))
"""
    found = json.loads(python(copy, "-c", code, plain=True))
    assert found["value"] == 0.5
    assert found["record"] == [0.5, 0.0]
    assert found["switch"] == ["curfew_weight"]
    assert found["lever"]
    assert found["sources"] == [["assumption"]]
    assert "- w_Q * curfew * L" in found["motive"]
    assert found["described"] == [True] * 3
    assert found["row"][0][:4] == ["`curfew`", "A curfew that believers in the regime obey", "`cm-27`", "5w"]


@pytest.mark.slow
def test_it_can_be_taken_out_and_acts(copy: Path) -> None:
    """Its switch against a day in plain Python that does not call it; and that day against the mechanism at work."""
    found = json.loads(python(copy, "tests/plain_switches.py", "curfew", plain=True))
    assert found["curfew"]["differs"] == []
    assert found["curfew"]["at_work"] > 0


@pytest.mark.slow
def test_what_holds_for_every_mechanism_holds_for_it(copy: Path) -> None:
    chosen = (
        "tests/test_rules.py",
        "tests/test_step.py::test_every_call_stands_under_the_heading_of_its_stage",
        "tests/test_step.py::test_every_loop_of_every_mechanism_is_called",
        "tests/test_step.py::test_mechanisms_that_declare_a_term_of_the_motive_are_those_that_are_called_to_add_one",
        "tests/test_parameters.py::test_every_parameter_of_the_record_is_read",
        "tests/test_parameters.py::test_every_lever_is_read",
        "tests/test_parameters.py::test_a_switch_zeroes_its_own_parameters_and_nothing_else",
        "tests/test_mechanism_signs.py::test_every_sign_that_theory_gives_is_tested",
        "tests/test_mechanisms.py::test_every_mechanism_has_a_row_and_every_equation_one_place",
        "tests/test_mechanisms.py::test_every_claim_exists_and_every_switch_is_tried",
        "tests/test_mechanisms.py::test_every_row_of_the_document_is_as_its_mechanism_declares_it",
    )
    # The numbers of all other rules are tested where they stand; here they would be compiled anew.
    others = [f"--deselect=tests/test_rules.py::test_rule[{name}." for name in MECHANISMS]
    said = python(copy, "-m", "pytest", "-v", "-p", "no:cacheprovider", *others, *chosen)
    assert "test_rules.py::test_rule[curfew." in said
    assert " passed" in said
    assert "failed" not in said


@pytest.mark.nightly
def test_what_is_known_of_the_tiny_country_stays_true(copy: Path) -> None:
    """It has the new mechanism, too: too strong, it would hide what theory says of others."""
    chosen = (
        "tests/test_mechanism_signs.py",
        "tests/test_switches.py::test_inputs_are_the_switches_that_do_nothing_without_their_events",
        "tests/test_switches.py::test_both_signs_of_repression_are_reachable",
        "tests/test_reproducible.py::test_an_event_changes_nothing_before_its_day_and_something_from_then_on",
        "tests/test_whole.py",
    )
    said = python(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen)
    assert " passed" in said
    assert "failed" not in said
