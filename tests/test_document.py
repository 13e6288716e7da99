"""Tables of findings: put between the marks of a document, and nowhere else; every document has the marks it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.claims import document as of_claims
from analysis.findings import cases, scale
from analysis.mechanisms import document as of_mechanisms
from analysis.patterns import report as of_patterns
from analysis.report.document import check_places, made, refresh, scales_of
from sim.core.errors import ProtestorateError
from sim.run.load import load
from sim.study import Point, Study

CLONE = Path(__file__).resolve().parent.parent
TEXT = """\
# Findings

<!-- begin: first -->
old
<!-- end: first -->

Prose with a \\backslash.

<!-- begin: second -->
<!-- end: second -->
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.md"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_only_what_stands_between_the_marks_is_replaced(page: Path) -> None:
    refresh(page, {"first": "| \\1 | g<0> |\n"})
    assert page.read_text(encoding="utf-8") == TEXT.replace("\nold\n", "\n\n| \\1 | g<0> |\n\n")
    refresh(page, {"second": "two", "first": "one"})
    text = page.read_text(encoding="utf-8")
    assert text == TEXT.replace("\nold\n", "\n\none\n\n").replace("second -->\n<", "second -->\n\ntwo\n\n<")
    refresh(page, {"second": "two", "first": "one"})
    assert page.read_text(encoding="utf-8") == text
    assert [path.name for path in page.parent.iterdir()] == ["page.md"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT.replace("<!-- end: first -->\n", ""),
        TEXT.replace("<!-- begin: first -->\n", ""),
        TEXT + TEXT,
        TEXT.replace("begin: first", "x").replace("end: first", "begin: first").replace("x", "end: first"),
        TEXT.replace("old\n", "<!-- begin: second -->\n<!-- end: second -->\n").rpartition("<!-- begin")[0],
    ],
    ids=["empty", "no end", "no begin", "twice", "turned round", "another within"],
)
def test_a_document_without_the_place_is_left_alone(page: Path, text: str) -> None:
    page.write_text(text, encoding="utf-8")
    with pytest.raises(ProtestorateError, match=r"page\.md: has no place for the table '(first|second)'; it needs"):
        refresh(page, {"second": "two", "first": "one"} if "second" in text else {"first": "one"})
    assert page.read_text(encoding="utf-8") == text


def test_a_document_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ProtestorateError, match=r"none\.md: cannot be read: No such file"):
        check_places(tmp_path / "none.md", ["first"])
    check_places(None, ["first"])


def test_what_made_a_table_and_what_it_lacks() -> None:
    whole = made("make it", "0.1.0+abc", {20, 100}, {1000, 25, 500})
    assert whole.startswith("Made on ")
    assert whole.endswith(" by `make it`, model version `0.1.0+abc`, 20 to 100 seeds, agents of 25 to 1,000 persons.")
    assert made("make it", "0", {20}).endswith("version `0`, 20 seeds.")
    assert made("make it", "0", {20}, failed=3).endswith("**Not complete: 3 runs failed; they are left out.**")
    lacking = made("make it", "0", {20}, failed=1000, missing=2)
    assert lacking.endswith("**Not complete: 1,000 runs failed and 2 runs not made; they are left out.**")


def test_the_scale_is_that_of_the_points() -> None:
    bases = {name: load(name) for name in ("belarus-2020", "granovetter-1978")}
    points = (Point("a", "belarus-2020", {"run.persons_per_agent": 7}), Point("b", "granovetter-1978"))
    assert scales_of(Study("one", bases, points, (1,))) == {7}
    usual = bases["belarus-2020"].config.run.persons_per_agent  # type: ignore[attr-defined]
    assert scales_of(Study("two", bases, (*points, Point("c", "belarus-2020")), (1,))) == {7, usual}


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("patterns.md", [of_patterns.PLACE]),
        ("claims.md", of_claims.PLACES),
        ("cases.md", [cases.PLACE]),
        ("mechanisms.md", of_mechanisms.PLACES),
        ("variants.md", ["belarus-variants"]),
        ("scale.md", [scale.PLACE]),
    ],
)
def test_every_document_has_the_places_of_its_command(name: str, places: list[str]) -> None:
    path = CLONE / "docs" / name
    check_places(path, places)
    assert path.read_text(encoding="utf-8").count("<!-- begin: ") == len(places)


def test_findings_are_written_where_they_stand() -> None:
    recipe = (CLONE / "Makefile").read_text(encoding="utf-8").split("\nfindings:")[1].split("\n\n")[0]
    named = [
        f"docs/{name}.md" for name in ("calibration", "patterns", "mechanisms", "variants", "scale", "cases", "claims")
    ]
    assert [word for word in recipe.split() if word.startswith("docs/")] == named
