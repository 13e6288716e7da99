"""The first screen of every kind of report, measured in a real browser, once folded and once unfolded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from made_reports import KINDS, reports

from benchmarks.served import browser

TALLEST = 6000
SCREEN = 1000


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return reports(tmp_path_factory.mktemp("reports"))


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    with browser() as opened:
        yield opened.new_page()


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_opens_with_one_screen(page: Any, pages: dict[str, Path], kind: str) -> None:
    page.set_viewport_size({"width": 1400, "height": SCREEN})
    page.goto(pages[kind].as_uri())
    assert page.evaluate("document.documentElement.scrollHeight") < TALLEST
    for part in (".answer", ".main-numbers", ".sure", ".lead svg"):
        assert page.locator(part).first.is_visible(), part
    assert page.locator(".answer").inner_text().rstrip().endswith("."), "the answer is a sentence"
    assert 2 <= page.locator(".main-numbers dd").count() <= 3
    assert page.locator(".lead svg").first.bounding_box()["y"] < 0.6 * SCREEN, "the picture begins on the first screen"
    links = page.eval_on_selector_all(".contents a", "all => all.map(one => one.getAttribute('href').slice(1))")
    assert links
    assert all(page.locator(f"[id='{name}']").count() == 1 for name in links)


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_can_be_read_on_a_phone(page: Any, pages: dict[str, Path], kind: str) -> None:
    """Nothing moves the page sideways, folded or not; what is wider, as a picture, scrolls in its own frame."""
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(pages[kind].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    frame, inside = page.eval_on_selector(".lead .picture", "one => [one.clientWidth, one.scrollWidth]")
    assert frame <= 400 < inside, "letters of a picture are not shrunk; its frame scrolls"


def test_the_answer_of_a_study_is_its_paired_difference(pages: dict[str, Path]) -> None:
    text = pages["sweep"].read_text(encoding="utf-8")
    difference = r"mean paired difference [+−][\d.]+ persons \([+−]\d+ % of the base\)"
    assert re.search(difference + r", 95% interval [+−][\d.]+ persons to [+−][\d.]+ persons", text)
    assert "6 pairs of runs that share their luck" in text
