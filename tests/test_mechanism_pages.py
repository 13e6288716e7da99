"""The page of each mechanism: all that it declares stands there, and curves show what the rules give."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from analysis.describe import curves as drawing
from analysis.describe.mechanism_pages import pages
from analysis.mechanisms.table import Mechanism, mechanisms
from sim.evidence.ledger import load_ledger
from sim.models.mobilisation.mechanisms import MECHANISMS, rules

MEASURED = (Path(__file__).parent.parent / "docs" / "mechanisms.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def made() -> tuple[dict[str, str], dict[str, bytes]]:
    return pages(MEASURED)


def test_every_mechanism_has_a_page_and_a_line_of_the_index(made: tuple[dict[str, str], dict[str, bytes]]) -> None:
    texts, _ = made
    assert set(texts) == {f"mechanisms/{name}.md" for name in (*MECHANISMS, "index")}
    assert re.findall(r"\]\((\w+)\.md\)", texts["mechanisms/index.md"]) == list(MECHANISMS)


@pytest.mark.parametrize("one", mechanisms(), ids=lambda one: one.file)
def test_a_page_has_claims_equations_switches_effects_values_and_columns(
    one: Mechanism, made: tuple[dict[str, str], dict[str, bytes]]
) -> None:
    texts, pictures = made
    page, ledger = texts[f"mechanisms/{one.file}.md"], load_ledger()
    assert page.startswith(f"# {one.title}\n")
    for claim in one.claims:
        assert f"* `{claim}`, " in page
        assert ledger.claims[claim].claim.split()[0] in page
    for equation in one.equations:
        assert f"({equation})" in page
    for switch in one.switches:
        assert f"`mechanisms.{switch}=false`" in page
    for section, schema in MECHANISMS[one.file].parameters.items():
        for field in schema.model_fields:
            assert f"| `{section}.{field}` |" in page
    for name in one.seen:
        assert f"`{name}`" in page
    shown = {f"mechanisms/{name}" for name in re.findall(r"\]\(([\w-]+\.png)\)", page)}
    assert shown == {name for name in pictures if name.startswith(f"mechanisms/{one.file}-")}


def test_what_was_measured_of_fear_stands_on_its_page(made: tuple[dict[str, str], dict[str, bytes]]) -> None:
    row = next(line for line in MEASURED.splitlines() if line.startswith("| `fear` | Repression"))
    effect = row.split("|")[7].strip()
    assert "person-days of protest" in effect
    assert effect in made[0]["mechanisms/fear.md"]


def test_pictures_are_pictures(made: tuple[dict[str, str], dict[str, bytes]]) -> None:
    assert len(made[1]) >= 10
    assert all(picture.startswith(b"\x89PNG") for picture in made[1].values())


def test_a_curve_is_what_the_rule_gives_with_ranges_that_are_declared_and_values_that_are_given() -> None:
    values = {"fear_of_risk": 3.0, "fear_of_violence": 0.5, "fear_of_prison": 0.25}
    curve = next(one for one in drawing.curves("fear", values) if one.rule == "risk_seen")
    rule = rules()["fear"]["risk_seen"]
    rule = getattr(rule, "py_func", rule)
    assert (curve.over, curve.span) == ("local_risk", (0.0, 1.0))
    assert curve.held == {"of_risk": 3.0, "of_violence": 0.5, "of_prison": 0.25, **_held(curve)}
    for label, drawn in curve.lines:
        threat = float(label.split()[-1])
        given = {**curve.held, "prison_threat": threat}
        expected = [
            rule(x, given["violence"], threat, given["of_risk"], given["of_violence"], given["of_prison"])
            for x in curve.x
        ]
        np.testing.assert_allclose(drawn, expected)


def _held(curve: drawing.Curve) -> dict[str, float]:
    return {name: value for name, value in curve.held.items() if not name.startswith("of_")}


def test_a_rule_that_reads_what_has_no_range_is_not_drawn() -> None:
    assert "local_risk" not in {one.rule for one in drawing.curves("fear", {})}  # it reads numbers of persons
