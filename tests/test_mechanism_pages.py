"""The page of each mechanism: all that it declares stands there, and curves show what the rules give."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from analysis.describe import curves as drawing
from analysis.describe import seen as looking
from analysis.describe.mechanism_pages import pages
from analysis.mechanisms.table import Mechanism, mechanisms
from sim.evidence.ledger import load_ledger
from sim.models.mobilisation.mechanisms import MECHANISMS, rules

MEASURED = (Path(__file__).parent.parent / "docs" / "mechanisms.md").read_text(encoding="utf-8")

Made = tuple[dict[str, str], dict[str, drawing.Curve]]


@pytest.fixture(scope="module")
def made() -> Made:
    return pages(MEASURED)


def test_every_mechanism_has_a_page_and_a_line_of_the_index(
    made: Made,
) -> None:
    texts, _ = made
    assert set(texts) == {f"mechanisms/{name}.md" for name in (*MECHANISMS, "index")}
    assert re.findall(r"\]\((\w+)\.md\)", texts["mechanisms/index.md"]) == list(MECHANISMS)


@pytest.mark.parametrize("one", mechanisms(), ids=lambda one: one.file)
def test_a_page_has_claims_equations_switches_effects_values_and_columns(one: Mechanism, made: Made) -> None:
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


def test_what_was_measured_of_fear_stands_on_its_page(made: Made) -> None:
    row = next(line for line in MEASURED.splitlines() if line.startswith("| `fear` | Repression"))
    effect = row.split("|")[7].strip()
    assert "person-days of protest" in effect
    assert effect in made[0]["mechanisms/fear.md"]


def test_every_rule_has_a_curve_or_says_why_not(made: Made) -> None:
    texts, pictures = made
    own = [(mechanism, rule) for mechanism, found in rules().items() for rule in found]
    for mechanism, rule in own:
        heading = rule.replace("_", " ").capitalize()
        (part,) = re.findall(
            rf"^### {heading}\n(.*?)(?=^##)", texts[f"mechanisms/{mechanism}.md"], re.DOTALL | re.MULTILINE
        )
        drawn = f"]({mechanism}-{rule}.png)" in part
        assert drawn == (f"mechanisms/{mechanism}-{rule}.png" in pictures)
        assert drawn != bool(re.search(r"^No curve: \w[^\n]+\.$", part, re.MULTILINE)), f"{mechanism}.{rule}"
    assert len(pictures) > 0.9 * len(own)


@pytest.mark.parametrize("name", ["aid-fund", "anger-anger"])
def test_a_curve_becomes_a_picture(made: Made, name: str) -> None:
    """A line for each level, and a panel for each number that a rule gives; ``make docs`` draws all of them."""
    assert made[1][f"mechanisms/{name}.png"].png().startswith(b"\x89PNG")


SEEN = {
    "local_risk": looking.Seen(0.0, 0.1, 0.4, 0.0, 0.9),
    "violence": looking.Seen(0.0, 0.0, 0.5, 0.0, 0.8),
    "prison_threat": looking.Seen(0.0, 0.0, 1.0, 0.0, 1.0),
    "of_risk": looking.Seen(3.0, 3.0, 3.0, 3.0, 3.0),
    "of_violence": looking.Seen(0.5, 0.5, 0.5, 0.5, 0.5),
    "of_prison": looking.Seen(0.25, 0.25, 0.25, 0.25, 0.25),
}


def test_a_curve_is_what_the_rule_gives_over_declared_ranges_or_those_that_were_seen() -> None:
    values = {"fear_of_risk": 3.0, "fear_of_violence": 0.5, "fear_of_prison": 0.25}
    (curve,) = (one for one in drawing.curves("fear", values, {"fear.risk_seen": SEEN}) if one.rule == "risk_seen")
    rule = rules()["fear"]["risk_seen"]
    rule = getattr(rule, "py_func", rule)
    assert isinstance(curve, drawing.Curve)
    assert (curve.over, curve.span) == ("local_risk", (0.0, 1.0))  # its range is declared
    assert curve.held == {"of_risk": 3.0, "of_violence": 0.5, "of_prison": 0.25, "prison_threat": 0.0}
    assert curve.from_run == ("violence",)  # called like the end of a parameter, but not the same at every call
    assert [label for label, _ in curve.lines] == ["violence 0", "violence 0.25", "violence 0.5"]
    for (_, drawn), violence in zip(curve.lines, (0.0, 0.25, 0.5), strict=True):
        np.testing.assert_allclose(drawn, [rule(x, violence, 0.0, 3.0, 0.5, 0.25) for x in curve.x])


def test_a_rule_of_which_nothing_is_known_is_not_drawn() -> None:
    (found,) = (one for one in drawing.curves("fear", {}, {}) if one.rule == "local_risk")
    assert isinstance(found, drawing.NoCurve)
    assert "`detained`" in found.because


def test_a_rule_that_gives_the_same_everywhere_says_so() -> None:
    still = {name: looking.Seen(0.0, 0.0, 0.0, 0.0, 0.0) for name in ("detained", "crowd")}
    (found,) = (one for one in drawing.curves("fear", {}, {"fear.local_risk": still}) if one.rule == "local_risk")
    assert found == drawing.NoCurve("local_risk", "All that it reads stayed the same in the run that was looked at.")


def test_a_rule_with_two_numbers_has_a_line_for_each(made: Made) -> None:
    assert "mechanisms/aid-fund.png" in made[1]


def test_what_a_run_hands_to_rules_is_seen() -> None:
    found = looking.seen()
    assert set(found) <= {f"{mechanism}.{rule}" for mechanism, own in rules().items() for rule in own}
    anger = found["anger.anger"]
    assert 0.0 <= anger["legitimacy"].low < anger["legitimacy"].middle < anger["legitimacy"].high <= 1.0
    assert anger["cap"].least == anger["cap"].most > 0.0
