"""The page in a real browser: what a user watches, and what must never happen meanwhile."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest
from view_tab import PROGRESS, Tab, new_tab

from benchmarks.served import what_is_missing

MISSING = what_is_missing()
if MISSING and not os.environ.get("CI"):
    pytest.skip(f"THE PAGE IS NOT TESTED, {MISSING}", allow_module_level=True)

# Opening a tab takes seconds, so that what can be looked at in one tab is looked at in one.
pytestmark = pytest.mark.slow


def loads_with_the_case_and_its_text_is_only_text(tab: Tab) -> None:
    assert tab.text("h1") == "A country of <b>coarse</b> grain & few days"
    assert "<script>" in tab.text(".pv-question")
    assert tab.page.title() == "protestorate"
    assert tab.day == 0
    assert tab.page.locator(".pv-problem").count() == 0


def all_controls_have_names(tab: Tab) -> None:
    nameless = tab.page.evaluate(
        """[...document.querySelectorAll('.pv-page button, .pv-page input, .pv-page select, .pv-page img')]
           .filter(e => !(e.getAttribute('aria-label') || e.getAttribute('alt') || e.textContent.trim()))
           .map(e => e.outerHTML.slice(0, 100))"""
    )
    assert nameless == []


def a_step_shows_the_next_day(tab: Tab) -> None:
    tab.step()  # the first shows what day 0 did not have, such as charts
    times = []
    for day in range(2, 8):
        before, start = tab.source(), time.perf_counter()
        tab.step()
        tab.wait("before => document.querySelector('[data-name=map] img').src !== before", before)
        times.append(time.perf_counter() - start)
        assert tab.day == day
    print(f"Step to picture, coarse: {sorted(1000 * second for second in times)[len(times) // 2]:.0f} ms")
    assert tab.text(".pv-date") == "Friday 7 August 2020"
    assert tab.page.locator(".pv-charts svg").count() == 14
    tab.expect_whole()


def it_plays_pauses_and_follows_the_speed(tab: Tab) -> None:
    tab.page.get_by_label("Speed").select_option("1")
    tab.press("Play")
    tab.wait_for_day(tab.day + 2)
    tab.press("Pause")  # long before the end of the run, however slow the machine is
    tab.page.get_by_role("button", name="Play").wait_for()
    rested = tab.day
    time.sleep(0.6)
    assert tab.day == rested
    assert tab.page.get_by_role("button", name="Play").is_enabled()
    tab.page.get_by_label("Speed").select_option("25")
    tab.press("Play")
    tab.wait_for_day(45)  # at a day a second, this would take longer than a tab is waited for


def a_run_ends_and_says_when_and_where_it_peaked(tab: Tab) -> None:
    tab.jump("2020-09-14")
    tab.wait_for_day(45)
    tab.page.get_by_role("button", name="Play").wait_for()
    assert tab.page.get_by_role("button", name="Play").is_disabled()
    answer = tab.text(".pv-sentence")
    assert re.search(r"largest turnout is [\d,]+ persons \(.+ of the population\), on \w+ \d+ August 2020", answer)
    assert "Minsk" in answer
    assert re.search(r"The run ends: \w+", answer)
    tab.wait_for_picture_of("14 September")
    tab.wait("document.querySelector('.pv-story').textContent.includes('The end')")  # it stands below the charts
    peak = tab.page.locator('[data-name="turnout"] svg text[font-weight="600"]').text_content() or ""
    assert re.fullmatch(r"[\d,]+ on \d+ Aug", peak)
    assert peak.split()[0] in answer
    assert tab.page.locator(".pv-story li").count() > 5
    tab.shoot("run-1400")
    tab.expect_whole()


def test_a_run_is_watched_from_its_beginning_to_its_end(tab: Tab) -> None:
    loads_with_the_case_and_its_text_is_only_text(tab)
    all_controls_have_names(tab)
    a_step_shows_the_next_day(tab)
    it_plays_pauses_and_follows_the_speed(tab)
    a_run_ends_and_says_when_and_where_it_peaked(tab)


def charts_and_map_can_be_saved_as_png(tab: Tab, tmp_path: Path) -> None:
    tab.jump("2020-08-16")
    tab.wait_for_picture_of("16 August")
    for name in ("turnout", "map"):
        with tab.page.expect_download() as waiting:
            tab.page.locator(f'[data-name="{name}"] .pv-png').click()
        path = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(path)
        assert path.name == f"{name}.png"
        from PIL import Image

        with Image.open(path) as picture:
            assert picture.format == "PNG"
            assert picture.width >= 900
            assert len(picture.convert("RGB").getcolors(2**24) or ()) > 20


def a_locality_is_selected_by_click_and_by_name(tab: Tab) -> None:
    tab.jump("2020-08-16")
    tab.wait_for_picture_of("16 August")
    image = tab.page.locator('[data-name="map"] img')
    box = image.bounding_box()
    assert box is not None
    image.click(position={"x": box["width"] * 0.43, "y": box["height"] * 0.42})
    tab.wait("document.querySelector('[data-name^=neighbourhoods]') !== null")
    tab.page.get_by_label("locality").select_option("Grodno")
    near = tab.page.locator('[data-name="neighbourhoods-Grodno"] img')
    near.wait_for()
    tab.page.get_by_label("colour").select_option("detained")
    tab.expect_whole()
    tab.shoot("locality-1400")


def recorded_days_can_be_scrubbed(tab: Tab) -> None:
    tab.jump("2020-08-20")
    tab.wait_for_day(20)
    tab.wait_for_picture_of("20 August")
    newest = tab.source()
    tab.move("Scrub through the recorded days", "9")
    tab.wait_for_picture_of("9 August")
    assert tab.text(".pv-date") == "Sunday 9 August 2020"
    assert tab.source() != newest
    tab.jump("2020-08-16")
    tab.wait_for_picture_of("16 August")
    tab.page.locator('[data-name="turnout"] svg').click(position={"x": 60, "y": 60})
    tab.wait(f"Number({PROGRESS}) < 9")
    tab.press("newest day")
    tab.wait_for_day(20)
    tab.wait("newest => document.querySelector('[data-name=map] img').src === newest", newest)


def scrubbing_while_it_plays_pauses_it(tab: Tab) -> None:
    tab.press("Play")
    tab.wait_for_day(tab.day + 4)
    tab.move("Scrub through the recorded days", "2")
    tab.page.get_by_role("button", name="Play").wait_for()
    tab.wait_for_picture_of("2 August")


def test_a_run_is_looked_at_more_closely(tab: Tab, tmp_path: Path) -> None:
    charts_and_map_can_be_saved_as_png(tab, tmp_path)
    a_locality_is_selected_by_click_and_by_name(tab)
    recorded_days_can_be_scrubbed(tab)
    scrubbing_while_it_plays_pauses_it(tab)


def two_tabs_do_not_share_a_run(tab: Tab, other: Tab) -> None:
    tab.step(2)
    assert other.day == 0
    other.page.get_by_label("Seed").fill("99")
    other.press("Reset")
    other.press("Play")
    other.wait_for_day(4)
    assert tab.day == 2
    assert tab.page.get_by_label("Seed").input_value() == "1"
    tab.step()
    tab.expect_whole()


def a_closed_tab_stops_its_run(other: Tab) -> None:
    import psutil

    process = psutil.Process(other.served.process.pid)
    other.reset()
    other.page.get_by_label("Speed").select_option("5")
    other.press("Play")
    other.wait_for_day(2)
    running = process.num_threads()
    other.page.close(run_before_unload=True)
    end = time.monotonic() + 30
    while process.num_threads() >= running and time.monotonic() < end:
        time.sleep(0.2)
    assert process.num_threads() < running, "the run of a closed tab still has its thread"


def five_tabs_at_once_have_each_the_run_of_its_seed(tab: Tab, folder: Path) -> None:
    import sim

    tabs = [tab, *(new_tab(tab) for _ in range(4))]
    seeds = range(16, 21)
    for seed, one in zip(seeds, tabs, strict=True):
        one.page.get_by_label("Seed").fill(str(seed))
        one.press("Reset")
        one.page.get_by_label("Speed").select_option("1000")
        one.press("Play")
    peaks = [sim.simulate(folder / "coarse.yaml", seed=seed).summary["peak_turnout"] for seed in seeds]
    assert len(set(peaks)) == len(peaks)
    for seed, one, peak in zip(seeds, tabs, peaks, strict=True):
        one.wait("text => document.querySelector('.pv-sentence').textContent.includes(text)", "The run ends")
        assert f"largest turnout is {peak:,} persons" in one.text(".pv-sentence")
        assert one.page.get_by_label("Seed").input_value() == str(seed)
        one.expect_whole()
    for one in tabs[1:]:
        one.page.close()


def test_tabs_have_each_a_run_of_its_own(tab: Tab, folder: Path) -> None:
    other = new_tab(tab)
    two_tabs_do_not_share_a_run(tab, other)
    a_closed_tab_stops_its_run(other)
    five_tabs_at_once_have_each_the_run_of_its_seed(tab, folder)


def test_a_reload_comes_back_to_the_same_day(tab: Tab) -> None:
    tab.step(3)
    tab.wait("location.hash.endsWith('day=2020-08-03')")
    tab.reload()
    tab.page.wait_for_selector(".pv-map img")
    tab.wait_for_day(3)
    tab.wait("location.hash.endsWith('day=2020-08-03')")  # it stands there again
    tab.step()
    assert tab.day == 4
    tab.expect_whole()


def test_a_published_model_can_be_watched(tab: Tab) -> None:
    tab.page.get_by_label("scenario").select_option("granovetter-1978")
    tab.wait("document.querySelector('h1').textContent.includes('Granovetter')")
    tab.page.get_by_label("Jump to a step").fill("40")
    tab.page.get_by_label("Jump to a step").blur()
    tab.wait_for_day(40)
    tab.wait("document.querySelectorAll('.pv-charts svg').length === 2")
    assert "Persons who act: at most 40 persons so far, at step 40" in tab.text(".pv-sentence")
    tab.shoot("granovetter-1400")
    tab.expect_whole()
