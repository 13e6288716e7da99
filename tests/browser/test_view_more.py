"""The page in a real browser: links that hold its state, the numbers behind charts, its look, and a phone's screen."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path
from typing import Any

import pytest
from view_tab import PHONE, Seen, Tab, new_tab

from benchmarks.served import Served, served, what_is_missing

MISSING = what_is_missing()
if MISSING and not os.environ.get("CI"):
    pytest.skip(f"THE PAGE IS NOT TESTED, {MISSING}", allow_module_level=True)

pytestmark = pytest.mark.slow


def figures(tab: Tab) -> str:
    return tab.text(".pv-sentence") + tab.text(".pv-figures")


def test_a_link_opens_the_same_run_on_the_same_day(tab: Tab) -> None:
    tab.page.get_by_label("Seed").fill("7")
    tab.move("cuts of the internet", "0.5")
    tab.wait("document.querySelector('.pv-count') !== null")
    tab.reset()
    tab.jump("2020-08-09")
    tab.wait_for_day(9)
    tab.move("internet cut", "0.6")
    tab.wait("document.querySelectorAll('.pv-levers .pv-changed').length === 1")
    tab.jump("2020-08-16")
    tab.wait("location.hash.includes('day=2020-08-16')")
    tab.wait_for_picture_of("16 August")
    link = tab.link
    assert link == "scenario=coarse.yaml&seed=7&day=2020-08-16&set.internet_cuts=0.5&lever.shutdown=9:0.6"
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.page.get_by_test_id("copy-link").click()
    tab.page.get_by_text("link copied").wait_for()
    assert tab.page.evaluate("navigator.clipboard.readText()") == f"{tab.url}/#{link}"

    other = new_tab(tab, link)  # with the token in the address: the redirect keeps what stands behind the #
    other.wait("location.hash.includes('day=2020-08-16')")
    other.wait_for_picture_of("16 August")
    other.wait("document.querySelectorAll('.pv-levers .pv-changed').length === 1")
    assert other.runs_begun == 1
    assert figures(other) == figures(tab)
    assert other.link == link
    assert other.page.get_by_label("Seed").input_value() == "7"
    other.page.close()


def a_bad_link_is_one_sentence_and_changes_nothing(tab: Tab) -> None:
    tab.step()
    for link, said in (
        ("nonsense", "NAME=VALUE"),
        ("scenario=coarse.yaml&day=1999-01-01", "lies outside the days of the scenario, 2020-08-01 to 2020-09-14"),
        ("scenario=coarse.yaml&sede=1", "did you mean seed?"),
    ):
        tab.page.evaluate("link => { location.hash = link; }", link)
        notice = tab.page.locator(".pv-notice").filter(has_text=said)
        notice.wait_for()
        assert notice.inner_text().startswith("The link cannot be opened")
        assert "\n" not in notice.inner_text().strip()
        assert tab.day == 1
        tab.wait("location.hash.endsWith('day=2020-08-01')")  # the address bar says again what is shown
    tab.expect_whole()


def test_a_chart_tells_its_numbers_and_can_be_saved_and_enlarged(tab: Tab, folder: Path, tmp_path: Path) -> None:
    import sim

    assert tab.page.locator(".pv-charts svg").count() == 14  # axes stand from the start
    tab.jump("2020-08-16")
    tab.wait_for_picture_of("16 August")
    expected = sim.simulate(folder / "coarse.yaml", days=16).days["attending"].tolist()
    with tab.page.expect_download() as waiting:
        tab.page.locator('[data-name="turnout"] .pv-csv').click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.name == "turnout.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["date", "in action", "detained that day"]
    assert [row[0] for row in rows[1:]] == [f"2020-08-{day:02}" for day in range(1, 17)]
    assert [float(row[1]) for row in rows[1:]] == expected
    drawing = tab.page.locator('[data-name="turnout"] svg')
    box = drawing.bounding_box()
    assert box is not None
    left, right, steps = (float(drawing.get_attribute(f"data-{name}") or 0) for name in ("left", "right", "steps"))
    drawing.hover(position={"x": (left + 15.5 * (right - left) / steps) * box["width"] / 400, "y": 60})
    tip = tab.page.locator('[data-name="turnout"] .pv-tip')
    tip.wait_for()
    assert tip.inner_text().startswith("2020-08-16")
    assert f"in action {expected[15]:,.0f}" in tip.inner_text().replace("\n", " ")
    chart = tab.page.locator('[data-name="roles"]')
    chart.locator(".pv-enlarge").click()
    tab.wait("document.querySelector('[data-name=roles]').getBoundingClientRect().width > 1200")
    tab.page.keyboard.press("Escape")
    tab.wait("document.querySelector('.pv-large') === null")
    tab.expect_whole()


LIGHTNESS = """selector => {
  const [r, g, b] = getComputedStyle(document.querySelector(selector)).backgroundColor.match(/\\d+/g).map(Number);
  return (r + g + b) / 3;
}"""
INK = "() => Number(getComputedStyle(document.querySelector('.pv-sentence')).color.match(/\\d+/)[0])"


def it_is_dark_where_the_system_is_and_can_be_switched(tab: Tab) -> None:
    assert tab.page.evaluate(LIGHTNESS, ".pv-controls") > 240
    tab.page.emulate_media(color_scheme="dark")
    tab.wait("document.documentElement.dataset.look === 'dark'")
    assert tab.page.evaluate(LIGHTNESS, ".pv-controls") < 60
    assert tab.page.evaluate(INK) > 200
    look = tab.page.get_by_test_id("look")
    look.click()
    tab.wait("document.documentElement.dataset.look === 'light'")
    tab.reload()
    tab.page.get_by_test_id("look").get_by_text("light").wait_for()  # it is remembered
    assert tab.page.evaluate(LIGHTNESS, ".pv-controls") > 240


def test_what_a_link_cannot_do_and_a_look_that_is_kept(tab: Tab) -> None:
    a_bad_link_is_one_sentence_and_changes_nothing(tab)
    it_is_dark_where_the_system_is_and_can_be_switched(tab)


def the_sentence_and_the_map_come_first(tab: Tab) -> None:
    tab.step(2)
    tab.page.evaluate("window.scrollTo(0, 0)")
    tops = tab.page.evaluate(
        """['h1', '.pv-sentence', '.pv-map img', '.pv-figures', '.pv-charts', '.pv-choices']
           .map(selector => document.querySelector(selector).getBoundingClientRect().top)"""
    )
    assert tops == sorted(tops)
    bottom = tab.page.evaluate("document.querySelector('.pv-map img').getBoundingClientRect().bottom")
    foot = tab.page.evaluate("document.querySelector('.pv-bar').getBoundingClientRect()")
    assert bottom <= foot["top"], "the map is not seen without scrolling"
    assert foot["bottom"] == PHONE["height"]


def it_all_is_shown_without_scrolling_sideways(tab: Tab) -> None:
    tab.jump("2020-08-30")
    tab.wait_for_day(30)
    tab.page.get_by_label("locality").select_option("Minsk")
    tab.page.locator('[data-name="neighbourhoods-Minsk"] img').wait_for()
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    sizes = tab.page.evaluate(
        "[...document.querySelectorAll('.pv-charts svg')].map(svg => 11 * svg.getBoundingClientRect().width / 400)"
    )
    assert min(sizes) >= 9, "letters in charts are too small to read"
    tab.shoot("phone-400")
    tab.expect_whole()


def test_a_phone_shows_it_all(engine: Any, page_server: Served, seen: Seen) -> None:
    page = engine.new_page(viewport=PHONE)
    tab = Tab(page, page_server, seen).open()
    the_sentence_and_the_map_come_first(tab)
    it_all_is_shown_without_scrolling_sideways(tab)
    page.close()
    assert seen == Seen()


def test_other_seeds_are_run_beside_and_shown_as_bands(tab: Tab, folder: Path) -> None:
    import numpy as np

    import sim

    tab.press("Run 20 other seeds")
    tab.jump("2020-08-20")
    tab.page.get_by_text("Bands: dark, half of the runs").wait_for()
    peaks = [sim.simulate(folder / "coarse.yaml", seed=seed).summary["peak_turnout"] for seed in range(2, 22)]
    said = tab.text(".pv-fan-words")
    low, middle, high = (f"{value:,.0f}" for value in np.percentile(peaks, (5, 50, 95), method="inverted_cdf"))
    assert f"in 20 runs with seeds 2 to 21: {middle} persons in the middle" in said
    assert f"nine of ten from {low} persons to {high} persons" in said
    tab.wait("document.querySelectorAll('[data-name=turnout] svg g.fan polygon').length === 2")
    tab.shoot("fan-1400")
    tab.expect_whole()
    tab.press("Remove")
    tab.wait("document.querySelectorAll('svg g.fan').length === 0")


def test_a_question_of_what_if_sets_a_variant_beside(tab: Tab) -> None:
    tab.page.get_by_label("scenario").select_option("belarus-2020")
    chip = tab.page.get_by_role("button", name="… without the shutdown", exact=True)
    chip.wait_for()
    assert (
        chip.get_attribute("title")
        == "Did the shutdown slow the news, or did it anger and gather people in their courtyards?"
    )
    chip.click()
    tab.wait("document.querySelectorAll('[data-name$=map] img').length === 2")
    assert tab.page.locator(".pv-answer h2").nth(1).inner_text() == "B · Belarus 2020 without the shutdown"
    assert "Internet at a fifth of its capacity" in tab.text(".pv-table")
    cells = tab.page.locator(".pv-table").first.locator("td", has_text=re.compile("^off$"))
    assert cells.count() == 1
    assert (
        cells.evaluate(
            "cell => { const all = document.createRange(); all.selectNodeContents(cell); "
            "return all.getClientRects().length; }"
        )
        == 1
    ), "a short word is cut beside a long one"
    tab.wait("location.hash.includes('beside=scenario:belarus-2020-no-shutdown')")


def test_the_tour_comes_once_and_when_asked_for(engine: Any, page_server: Served, seen: Seen) -> None:
    context = engine.new_context()
    tab = Tab(context.new_page(), page_server, seen)
    tab.page.goto(page_server.address)
    step = tab.page.locator(".pv-tour")
    step.wait_for()
    for number in range(1, 7):
        assert f"{number} of 6" in step.inner_text()
        assert tab.page.locator(".pv-toured").count() == 1, f"step {number} points at nothing"
        step.get_by_role("button", name="Next" if number < 6 else "Done").click()
    tab.wait("document.querySelector('.pv-tour') === null")
    tab.reload()
    tab.page.wait_for_selector(".pv-map img")
    tab.step()
    assert step.count() == 0
    tab.page.get_by_test_id("tour").click()
    step.wait_for()
    tab.page.keyboard.press("Escape")
    tab.wait("document.querySelector('.pv-tour') === null && document.querySelector('.pv-toured') === null")
    context.close()
    assert seen == Seen()


def test_on_a_phone_a_long_suggestion_wraps_and_no_box_is_empty(engine: Any, tmp_path: Path) -> None:
    with served("belarus-2020", folder=tmp_path) as page:  # it has variants, one of them with a long title
        phone = engine.new_page(viewport=PHONE)
        phone.goto(page.address)
        phone.locator(".pv-chip").last.wait_for()
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        outside = (
            "([...document.querySelectorAll('.pv-chip .v-btn__content')].map(e => e.getBoundingClientRect().right))"
        )
        assert max(phone.evaluate(outside)) <= PHONE["width"]
        assert phone.evaluate("document.querySelector('.pv-figures').getBoundingClientRect().height") == 0
        phone.close()
