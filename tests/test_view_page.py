"""The page in a real browser: everything that a user does, and what must never happen while it is done."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.served import Served, browser, served, what_is_missing

MISSING = what_is_missing()
if MISSING and not os.environ.get("CI"):
    pytest.skip(f"THE PAGE IS NOT TESTED, {MISSING}", allow_module_level=True)

pytestmark = pytest.mark.slow

COARSE = """\
extends: belarus-2020
about:
  title: "A country of <b>coarse</b> grain & few days"
  question: "Is <script>document.title = 'broken into'</script> only text?"
run: {persons_per_agent: 2000}
time: {days: 45}
events: {sanctions: null, ultimatum: null, general_strike_call: null}
"""
SCREENSHOTS = Path("results/screenshots").resolve()
PATIENCE = 40_000  # milliseconds; a busy machine with two cores is slow, and no test is about that
DESKTOP, PHONE = {"width": 1400, "height": 900}, {"width": 400, "height": 850}
PROGRESS = "document.querySelector('[data-testid=progress]').textContent.trim().split(/\\s+/)[1]"


@dataclass
class Seen:
    """What a tab must not have seen by its end."""

    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


class Tab:
    """A browser tab on the page, in the words of its user."""

    def __init__(self, page: Any, url: str, seen: Seen) -> None:
        self.page, self.url, self.seen = page, url, seen
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda said: seen.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.on("request", self._note_request)
        page.on("requestfailed", self._note_failure)
        page.on("response", lambda answer: seen.failed.append(answer.url) if answer.status >= 400 else None)

    def _note_request(self, request: Any) -> None:
        if not request.url.startswith((self.url, self.url.replace("http", "ws"), "data:", "blob:")):
            self.seen.foreign.append(request.url)

    def _note_failure(self, request: Any) -> None:
        # A reload cuts off what is still being loaded, and the farewell to the old session.
        if "/_solara/api/close/" not in request.url and "ERR_ABORTED" not in (request.failure or ""):
            self.seen.failed.append(request.url)

    def open(self) -> Tab:
        self.page.goto(self.url)
        self.page.wait_for_selector(".pv-map img")
        self.wait("document.querySelector('.pv-preparing') === null")
        return self

    def wait(self, truth: str, argument: Any = None) -> None:
        self.page.wait_for_function(truth, arg=argument, polling=50)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=False).first.click()

    @property
    def day(self) -> int:
        return int(self.page.evaluate(PROGRESS))

    def wait_for_day(self, day: int) -> None:
        self.wait(f"day => Number({PROGRESS}) >= day", day)

    def wait_for_picture_of(self, words: str) -> None:
        """Map and date agree; they come one after the other."""
        self.wait("w => document.querySelector('[data-name$=map] img').alt.includes(w)", words)

    def step(self, times: int = 1) -> None:
        for _ in range(times):
            before = self.day
            self.press("Step")
            self.wait_for_day(before + 1)

    def jump(self, date: str) -> None:
        self.page.get_by_label("Jump to a date").fill(date)

    def text(self, selector: str) -> str:
        return str(self.page.locator(selector).first.inner_text())

    def source(self, name: str = "map") -> str:
        return str(self.page.locator(f'[data-name="{name}"] img').get_attribute("src"))

    def move(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).fill(value)

    def shoot(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(SCREENSHOTS / f"{name}.png"), full_page=True)

    def expect_whole(self) -> None:
        """No blank chart, no picture that could not be drawn, no traceback."""
        assert self.page.locator(".pv-chart-missing, .jupyter-widgets-error").count() == 0
        body = self.text("body")
        assert "Traceback" not in body
        assert "has failed" not in body
        widths = self.page.evaluate("[...document.querySelectorAll('.pv-page img')].map(image => image.naturalWidth)")
        assert widths
        assert all(width > 0 for width in widths)
        marks = self.page.evaluate(
            "[...document.querySelectorAll('.pv-charts svg')].map(svg => svg.querySelectorAll('path,polyline').length)"
        )
        assert all(count > 3 for count in marks)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("page")
    (made / "coarse.yaml").write_text(COARSE, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def page_server(folder: Path) -> Iterator[Served]:
    with served("coarse.yaml", folder=folder) as page:
        yield page


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    with browser() as opened:
        yield opened


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def tab(engine: Any, page_server: Served, seen: Seen) -> Iterator[Tab]:
    page = engine.new_page(viewport=DESKTOP)
    yield Tab(page, page_server.url, seen).open()
    page.close()
    assert seen == Seen(), f"the tab saw {seen}"


def new_tab(tab: Tab) -> Tab:
    return Tab(tab.page.context.browser.new_page(viewport=DESKTOP), tab.url, tab.seen).open()


def test_it_loads_with_the_case_and_its_text_is_only_text(tab: Tab) -> None:
    assert tab.text("h1") == "A country of <b>coarse</b> grain & few days"
    assert "<script>" in tab.text(".pv-question")
    assert tab.page.title() == "protestorate"
    assert tab.day == 0
    assert tab.page.locator(".pv-problem").count() == 0


def test_a_step_shows_the_next_day(tab: Tab) -> None:
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
    assert tab.page.locator(".pv-charts svg").count() == 9
    tab.expect_whole()


def test_it_plays_pauses_and_follows_the_speed(tab: Tab) -> None:
    tab.page.get_by_label("Speed").select_option("25")
    tab.press("Play")
    tab.wait_for_day(8)
    tab.press("Pause")
    tab.page.get_by_role("button", name="Play").wait_for()
    rested = tab.day
    time.sleep(0.6)
    assert tab.day == rested
    assert tab.page.get_by_role("button", name="Play").is_enabled()


def test_a_run_ends_and_says_when_and_where_it_peaked(tab: Tab) -> None:
    tab.jump("2020-09-14")
    tab.wait_for_day(45)
    tab.page.get_by_role("button", name="Play").wait_for()
    assert tab.page.get_by_role("button", name="Play").is_disabled()
    answer = tab.text(".pv-sentence")
    assert re.search(r"largest turnout is [\d,]+ persons \(.+ of the population\), on \w+ \d+ August 2020", answer)
    assert "Minsk" in answer
    assert re.search(r"The run ends: \w+", answer)
    peak = tab.page.locator('[data-name="turnout"] svg text[font-weight="600"]').text_content() or ""
    assert re.fullmatch(r"[\d,]+ on \d+ Aug", peak)
    assert peak.split()[0] in answer
    assert tab.page.locator(".pv-story li").count() > 5
    tab.shoot("run-1400")
    tab.expect_whole()


def test_recorded_days_can_be_scrubbed(tab: Tab) -> None:
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


def test_scrubbing_while_it_plays_pauses_it(tab: Tab) -> None:
    tab.press("Play")
    tab.wait_for_day(4)
    tab.move("Scrub through the recorded days", "2")
    tab.page.get_by_role("button", name="Play").wait_for()
    tab.wait_for_picture_of("2 August")


def test_settings_act_on_reset(tab: Tab) -> None:
    tab.jump("2020-08-14")
    tab.wait_for_day(14)
    before = tab.text(".pv-sentence")
    tab.move("cuts of the internet", "0")
    tab.wait("document.querySelector('.pv-count') !== null")
    assert tab.text(".pv-count") == "1"
    assert tab.text(".pv-sentence") == before
    tab.page.get_by_label("Seed").fill("7")
    tab.press("Reset")
    tab.wait(f"Number({PROGRESS}) === 0")
    tab.wait("document.querySelector('.pv-count') === null")
    tab.jump("2020-08-14")
    tab.wait_for_day(14)
    tab.wait_for_picture_of("14 August")
    assert tab.text(".pv-sentence") != before
    assert tab.page.get_by_label("Seed").input_value() == "7"
    assert float(tab.page.locator(".pv-figures div").nth(5).locator("b").inner_text().rstrip("%")) == 0.0


def test_a_bad_seed_is_told_and_changes_nothing(tab: Tab) -> None:
    tab.step()
    tab.page.get_by_label("Seed").fill("one")
    tab.press("Reset")
    tab.page.get_by_text("The seed must be a whole number").wait_for()
    assert tab.day == 1


def test_a_live_lever_acts_the_next_day(tab: Tab) -> None:
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


def test_a_locality_is_selected_by_click_and_by_name(tab: Tab) -> None:
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


def test_two_parameter_sets_are_compared(tab: Tab) -> None:
    tab.page.get_by_label("compare with").select_option(label="the same, without shutdown")
    tab.wait("document.querySelectorAll('[data-name$=map] img').length === 2")
    tab.jump("2020-09-14")
    tab.wait_for_day(45)
    tab.wait("document.body.textContent.includes('after 45 days')")
    assert tab.page.locator(".pv-answer h2").nth(1).inner_text() == "B · the same, without shutdown"
    table = tab.text(".pv-table")
    assert "mechanisms.shutdown" in table
    came = tab.page.locator(".pv-table").nth(1).inner_text()
    assert "largest turnout on a day" in came
    assert re.search(r"person-days of action\s+[\d,]+\s+[\d,]+\s+[+−][\d,]+", came)
    assert tab.page.locator('[data-name^="difference-"] svg').count() >= 5
    assert tab.page.locator('[data-name="a-turnout"] svg').count() == 1
    assert tab.page.locator('[data-name="b-turnout"] svg').count() == 1
    tab.expect_whole()
    tab.shoot("compare-1400")
    tab.page.get_by_label("compare with").select_option("off")
    tab.wait("document.querySelectorAll('[data-name$=map] img').length === 1")


def test_a_run_can_be_taken_away_and_had_again(tab: Tab, folder: Path) -> None:
    import sim
    from sim.store import read_run

    tab.move("internet cut", "0.4")
    tab.wait("document.querySelectorAll('.pv-levers .pv-changed').length === 1")
    tab.jump("2020-08-12")
    tab.wait_for_day(12)
    said = {}
    for name, ending in (("Run folder", "seed-1"), ("Events as YAML", ".yaml"), ("Movie of the map", ".gif")):
        tab.press(name)
        tab.page.locator(".pv-notice").filter(has_text=re.compile(f"Written: .*{re.escape(ending)}$")).wait_for()
        said[name] = folder / tab.text(".pv-notice").removeprefix("Written: ")
    stored = read_run(said["Run folder"])
    assert len(stored.days) == 12
    assert (said["Run folder"] / "report.html").stat().st_size > 10_000
    assert said["Movie of the map"].stat().st_size > 10_000
    text = said["Events as YAML"].read_text(encoding="utf-8")
    assert any("shutdown" in event["effects"] for event in yaml.safe_load(text)["events"].values() if event)
    again = sim.simulate(said["Events as YAML"], days=12)
    assert again.days["attending"].tolist() == stored.days["attending"].tolist()
    assert {path.name for path in folder.iterdir()} == {"coarse.yaml", "results"}, "something else was written"


def test_charts_and_map_can_be_saved_as_png(tab: Tab, tmp_path: Path) -> None:
    tab.jump("2020-08-16")
    tab.wait_for_picture_of("16 August")
    for name in ("turnout", "map"):
        with tab.page.expect_download() as waiting:
            tab.page.locator(f'[data-name="{name}"] .pv-save').click()
        path = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(path)
        assert path.name == f"{name}.png"
        from PIL import Image

        with Image.open(path) as picture:
            assert picture.format == "PNG"
            assert picture.width >= 900
            assert len(picture.convert("RGB").getcolors(2**24) or ()) > 20


def test_a_reload_begins_again(tab: Tab) -> None:
    tab.press("Play")
    tab.wait_for_day(2)
    tab.page.reload()
    tab.page.wait_for_selector(".pv-map img")
    assert tab.day == 0
    tab.step()
    tab.expect_whole()


def test_two_tabs_do_not_share_a_run(tab: Tab) -> None:
    other = new_tab(tab)
    tab.step(2)
    assert other.day == 0
    other.page.get_by_label("Seed").fill("99")
    other.press("Reset")
    other.press("Play")
    other.wait_for_day(4)
    assert tab.day == 2
    assert tab.page.get_by_label("Seed").input_value() == "1"
    other.page.close()
    tab.step()
    tab.expect_whole()


def test_a_closed_tab_stops_its_run(tab: Tab, page_server: Served) -> None:
    import psutil

    process = psutil.Process(page_server.process.pid)
    other = new_tab(tab)
    other.page.get_by_label("Speed").select_option("5")
    other.press("Play")
    other.wait_for_day(2)
    running = process.num_threads()
    other.page.close(run_before_unload=True)
    end = time.monotonic() + 30
    while process.num_threads() >= running and time.monotonic() < end:
        time.sleep(0.2)
    assert process.num_threads() < running, "the run of a closed tab still has its thread"


def test_everything_at_once_breaks_nothing(tab: Tab) -> None:
    tab.page.get_by_label("Speed").select_option("1000")
    tab.press("Play")
    for count in range(4):
        tab.press("Step")
        tab.move("Scrub through the recorded days", "1")
        tab.move("internet cut", f"0.{count + 1}")
        tab.move("backing by the patron", f"1.{count}")
        tab.press("Reset")
        tab.page.get_by_role("button", name=re.compile("Play|Pause")).first.click()
        tab.page.set_viewport_size(PHONE if count % 2 else DESKTOP)
    tab.page.set_viewport_size(DESKTOP)
    tab.wait("document.querySelector('.pv-preparing') === null")
    tab.press("Reset")
    tab.wait(f"Number({PROGRESS}) === 0")
    tab.step(2)
    tab.expect_whole()


def test_a_scenario_gone_bad_is_told_and_the_old_run_stays(tab: Tab, folder: Path) -> None:
    tab.step(2)
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
    tab.press("Reset")
    tab.wait(f"Number({PROGRESS}) === 0")
    tab.expect_whole()


def test_a_published_model_can_be_watched(tab: Tab) -> None:
    tab.page.get_by_label("scenario").select_option("granovetter-1978")
    tab.wait("document.querySelector('h1').textContent.includes('Granovetter')")
    tab.page.get_by_label("Jump to a step").fill("40")
    tab.page.get_by_label("Jump to a step").blur()
    tab.wait_for_day(40)
    tab.wait("document.querySelectorAll('.pv-charts svg').length === 1")
    assert "The largest number so far is 40 persons" in tab.text(".pv-sentence")
    tab.shoot("granovetter-1400")
    tab.expect_whole()


def test_a_phone_shows_it_all_without_scrolling_sideways(engine: Any, page_server: Served, seen: Seen) -> None:
    page = engine.new_page(viewport=PHONE)
    tab = Tab(page, page_server.url, seen).open()
    tab.jump("2020-08-30")
    tab.wait_for_day(30)
    tab.page.get_by_label("locality").select_option("Minsk")
    tab.page.locator('[data-name="neighbourhoods-Minsk"] img').wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    sizes = page.evaluate(
        "[...document.querySelectorAll('.pv-charts svg')].map(svg => 11 * svg.getBoundingClientRect().width / 400)"
    )
    assert min(sizes) >= 9, "letters in charts are too small to read"
    tab.shoot("phone-400")
    tab.expect_whole()
    page.close()
    assert seen == Seen()


def test_all_controls_have_names(tab: Tab) -> None:
    nameless = tab.page.evaluate(
        """[...document.querySelectorAll('.pv-page button, .pv-page input, .pv-page select, .pv-page img')]
           .filter(e => !(e.getAttribute('aria-label') || e.getAttribute('alt') || e.textContent.trim()))
           .map(e => e.outerHTML.slice(0, 100))"""
    )
    assert nameless == []


@pytest.mark.parametrize(
    "header", [("Origin", "http://elsewhere.example"), ("Origin", "http://["), ("Host", "elsewhere.example")]
)
def test_a_page_of_another_site_is_refused(page_server: Served, header: tuple[str, str]) -> None:
    import urllib.error
    import urllib.request

    stranger = urllib.request.Request(page_server.url, headers=dict([header]))
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(stranger, timeout=10)
    own = urllib.request.Request(page_server.url, headers={"Origin": page_server.url})
    with urllib.request.urlopen(own, timeout=10) as answer:
        assert answer.status == 200
