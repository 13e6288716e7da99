"""The page in a real browser: what a user changes, compares and takes away."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml
from view_tab import COARSE, DESKTOP, DRAG, PHONE, PROGRESS, RUNS_BEGUN, Tab

from benchmarks.served import what_is_missing

MISSING = what_is_missing()
if MISSING and not os.environ.get("CI"):
    pytest.skip(f"THE PAGE IS NOT TESTED, {MISSING}", allow_module_level=True)

pytestmark = pytest.mark.slow


def a_bad_seed_is_told_and_changes_nothing(tab: Tab) -> None:
    tab.step()
    tab.page.get_by_label("Seed").fill("one")
    tab.press("Reset")
    tab.page.get_by_text("The seed must be a whole number").wait_for()
    assert tab.day == 1
    tab.page.get_by_label("Seed").fill("1")


def a_scenario_gone_bad_is_told_and_the_old_run_stays(tab: Tab, folder: Path) -> None:
    tab.step()
    file = folder / "coarse.yaml"
    try:
        file.write_text(COARSE + "police: {forces: none}\nnonsense: 1\n", encoding="utf-8")
        tab.press("Reset")
        problem = tab.page.locator(".pv-problem")
        problem.wait_for()
        assert "coarse.yaml" in problem.inner_text()
        assert "nonsense" in problem.inner_text()
        assert tab.day == 2
    finally:
        file.write_text(COARSE, encoding="utf-8")
    tab.step()
    tab.wait("document.querySelector('.pv-problem') === null")
    tab.reset()
    tab.expect_whole()


def a_live_lever_acts_the_next_day(tab: Tab) -> None:
    tab.jump("2020-08-05")
    tab.wait_for_day(5)
    cut = tab.page.locator(".pv-figures div").nth(5).locator("b")
    assert cut.inner_text() == "0%"
    tab.move("internet cut", "0.6")
    tab.wait("document.querySelectorAll('.pv-levers .pv-changed').length === 1")
    assert cut.inner_text() == "0%"
    tab.step()
    tab.wait("document.querySelectorAll('.pv-figures div b')[5].textContent === '60%'")
    tab.page.get_by_role("button", name="internet cut: release").click()
    tab.wait("document.querySelectorAll('.pv-levers .pv-changed').length === 0")
    tab.step()
    tab.wait("document.querySelectorAll('.pv-figures div b')[5].textContent === '0%'")
    tab.page.get_by_label("show", exact=True).select_option("events")
    tab.page.locator(".pv-story").get_by_text("By hand: internet cut, 60%").wait_for()


def test_mistakes_are_told_and_levers_act(tab: Tab, folder: Path) -> None:
    a_bad_seed_is_told_and_changes_nothing(tab)
    a_scenario_gone_bad_is_told_and_the_old_run_stays(tab, folder)
    a_live_lever_acts_the_next_day(tab)


def settings_act_on_reset(tab: Tab) -> None:
    tab.jump("2020-08-14")
    tab.wait_for_day(14)
    tab.wait_for_picture_of("14 August")
    before = tab.text(".pv-sentence")
    tab.move("cuts of the internet", "0")
    tab.wait("document.querySelector('.pv-count') !== null")
    assert tab.text(".pv-count") == "1"
    assert tab.text(".pv-sentence") == before
    tab.page.get_by_label("Seed").fill("7")
    tab.reset()
    tab.wait("document.querySelector('.pv-count') === null")
    tab.jump("2020-08-14")
    tab.wait_for_day(14)
    tab.wait_for_picture_of("14 August")
    assert tab.text(".pv-sentence") != before
    assert tab.page.get_by_label("Seed").input_value() == "7"
    assert float(tab.page.locator(".pv-figures div").nth(5).locator("b").inner_text().rstrip("%")) == 0.0


def everything_at_once_breaks_nothing(tab: Tab) -> None:
    tab.page.get_by_label("Speed").select_option("1000")
    tab.press("Play")
    for count in range(4):
        tab.hammer("Step")
        tab.hammer("Pause")
        tab.page.evaluate(DRAG, ["internet cut", f"0.{count + 1}"])
        tab.page.evaluate(DRAG, ["backing by the patron", f"1.{count}"])
        tab.page.evaluate(DRAG, ["Scrub through the recorded days", "1"])
        tab.hammer("Reset")
        tab.hammer("Play")
        tab.hammer("Step")
        tab.page.set_viewport_size(PHONE if count % 2 else DESKTOP)
    tab.page.set_viewport_size(DESKTOP)
    before = tab.runs_begun
    tab.press("Reset")
    tab.wait(f"before => {RUNS_BEGUN} > before && Number({PROGRESS}) === 0", before)
    tab.step(2)  # Resets that waited are one with this, so the steps come after it in any case
    assert tab.day == 2
    tab.expect_whole()


def test_settings_act_on_reset_also_when_all_is_pressed_at_once(tab: Tab) -> None:
    settings_act_on_reset(tab)
    everything_at_once_breaks_nothing(tab)


def test_two_parameter_sets_are_compared(tab: Tab) -> None:
    tab.page.get_by_label("compare with").select_option(label="the same, without shutdown")
    tab.wait("document.querySelectorAll('[data-name$=map] img').length === 2")
    tab.jump("2020-09-14")
    tab.wait_for_day(45)
    tab.wait("document.body.textContent.includes('after 45 days')")
    assert tab.page.locator(".pv-answer h2").nth(1).inner_text() == "B · the same, without shutdown"
    apart = tab.text(".pv-apart")
    assert re.match(r"The same, without shutdown: after 45 days the largest turnout is [\d,]+ persons, ", apart)
    table = tab.text(".pv-table")
    assert "the internet can be cut" in table
    came = tab.page.locator(".pv-table").nth(1).inner_text()
    assert "largest turnout on one day" in came
    assert re.search(r"person-days of protest\s+[\d,]+\s+[\d,]+\s+[+−][\d,]+", came)
    assert tab.page.locator('[data-name^="difference-"] svg').count() >= 5
    assert tab.page.locator('[data-name="a-turnout"] svg').count() == 1
    assert tab.page.locator('[data-name="b-turnout"] svg').count() == 1
    tab.expect_whole()
    tab.shoot("compare-1400")
    tab.page.get_by_label("compare with").select_option("off")
    tab.wait("document.querySelectorAll('[data-name$=map] img').length === 1")


def test_a_run_can_be_taken_away_and_had_again(tab: Tab, folder: Path) -> None:
    import sim
    from sim.run.store import read_run

    tab.move("internet cut", "0.4")
    tab.wait("document.querySelectorAll('.pv-levers .pv-changed').length === 1")
    tab.jump("2020-08-12")
    tab.wait_for_day(12)
    said = {}
    for name, ending in (("Run folder", "seed-1"), ("Events as YAML", ".yaml"), ("Movie", ".gif")):
        tab.press(name)
        beside = tab.page.locator(".pv-export .pv-notice")  # who presses at the foot of the page does not see its head
        beside.filter(has_text=re.compile(f"Written: .*{re.escape(ending)}$")).wait_for()
        said[name] = folder / beside.inner_text().removeprefix("Written: ")
    stored = read_run(said["Run folder"])
    assert len(stored.days) == 12
    assert (said["Run folder"] / "report.html").stat().st_size > 10_000
    assert said["Movie"].stat().st_size > 10_000
    text = said["Events as YAML"].read_text(encoding="utf-8")
    assert any("shutdown" in event["effects"] for event in yaml.safe_load(text)["events"].values() if event)
    again = sim.simulate(said["Events as YAML"], days=12)
    assert again.days["attending"].tolist() == stored.days["attending"].tolist()
    assert {path.name for path in folder.iterdir()} == {"coarse.yaml", "results"}, "something else was written"
