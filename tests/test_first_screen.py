"""Every kind of report: its first screen, measured in a real browser, folded and unfolded; and its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
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


EDGE = "one => getComputedStyle(one).maskImage"


@pytest.mark.parametrize("kind", ["run", "sweep", "observe"])
def test_what_is_wider_than_its_frame_fades_at_the_edge_until_it_is_scrolled_to_the_end(
    page: Any, pages: dict[str, Path], kind: str
) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(pages[kind].as_uri())
    assert page.eval_on_selector(".lead .picture", EDGE).startswith("linear-gradient")
    page.eval_on_selector(".lead .picture", "one => { one.scrollLeft = one.scrollWidth }")
    page.wait_for_function("getComputedStyle(document.querySelector('.lead .picture')).maskImage === 'none'")
    page.set_viewport_size({"width": 1400, "height": SCREEN})
    page.goto(pages[kind].as_uri())
    assert page.eval_on_selector(".lead .picture", EDGE) == "none"


def test_the_answer_of_a_study_is_its_paired_difference(pages: dict[str, Path]) -> None:
    text = pages["sweep"].read_text(encoding="utf-8")
    difference = r"mean paired difference [+−][\d.]+ persons \([+−]\d+% of the base\)"
    assert re.search(difference + r", 95% interval [+−][\d.]+ persons to [+−][\d.]+ persons", text)
    assert "6 pairs of runs that share their luck" in text


NO_WORDS = {
    "a key path": r"\b[a-z]+(?:_[a-z]+)*(?:\.[a-z]+(?:_[a-z]+)*)+\b",
    "a name of code": r"\b[A-Za-z]+_\w+",
    "a setting": r"\w=\S",
    "a scenario's name": r"\b[a-z]+(?:-[a-z]+)*-(?:19|20)\d\d\b",
    "an exponent": r"\b\d+(?:\.\d+)?[eE][+−-]?\d+\b",
    "a percentage with a gap": r"\d\s%",
    "a value of Python": r"\b(?:True|False|None|nan)\b",
}
FILES = re.compile(r"\S+\.(?:csv|yaml|json|parquet|md|html|com|org)\b")
"""Names of files and of sites are names."""


class Seen(HTMLParser):
    """What a reader sees of a page, but code and the ids of sources, which are there to be looked up."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.said: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("br", "meta", "link", "img", "hr", "input", "use", "path", "rect", "line", "circle"):
            self.open.append((tag, dict(attrs).get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        if any(tag == one for one, _ in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        hidden = {"style", "script", "code", "pre", "metadata", "title"}
        if not any(tag in hidden or "source" in name.split() for tag, name in self.open):
            self.said.append(" ".join(data.split()))


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_has_words_where_files_have_ids(pages: dict[str, Path], kind: str) -> None:
    found = [
        (what, text)
        for text in Seen(pages[kind].read_text(encoding="utf-8")).said
        for what, pattern in NO_WORDS.items()
        if re.search(pattern, FILES.sub("", text))
    ]
    assert not found
