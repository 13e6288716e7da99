"""A browser tab on the page, in the words of its user."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.served import Served

COARSE = """\
extends: belarus-2020
about:
  title: "A country of <b>coarse</b> grain & few days"
  question: "Is <script>document.title = 'broken into'</script> only text?"
run: {persons_per_agent: 2000}
time: {days: 45}
events: {sanctions: null, patron_loan: null, ultimatum: null, general_strike_call: null}
"""
SCREENSHOTS = Path("results/screenshots").resolve()
PATIENCE = 120_000  # milliseconds; a busy machine with two cores is slow, and no test is about that
DESKTOP, PHONE = {"width": 1400, "height": 900}, {"width": 400, "height": 850}
DRAG = """([label, value]) => {
  const slider = document.querySelector(`input[aria-label="${label}"]`);
  slider.value = value;
  slider.dispatchEvent(new Event('input', {bubbles: true}));
  slider.dispatchEvent(new Event('change', {bubbles: true}));
}"""
RUNS_BEGUN = "Number(document.querySelector('.pv-controls').dataset.generation)"
PROGRESS = "document.querySelector('[data-testid=progress]').textContent.trim().split(/\\s+/)[1]"


@dataclass
class Seen:
    """What a tab must not have seen by its end."""

    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


class Tab:
    """A browser tab on the page, in the words of its user."""

    def __init__(self, page: Any, served: Served, seen: Seen) -> None:
        self.page, self.served, self.url, self.seen = page, served, served.url, seen
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

    def reload(self) -> None:
        """Load the page anew. What the old one was about to say finds its connection closed, and that is no fault."""
        before = len(self.seen.errors)
        self.page.reload()
        self.seen.errors[before:] = [error for error in self.seen.errors[before:] if error != "Cannot send"]

    def open(self, link: str = "") -> Tab:
        self.page.add_init_script("localStorage.setItem('protestorate-tour', 'seen')")
        self.page.goto(self.served.address + (f"#{link}" if link else ""))
        self.page.wait_for_selector(".pv-map img")
        self.wait("document.querySelector('.pv-preparing') === null")
        return self

    def wait(self, truth: str, argument: Any = None) -> None:
        self.page.wait_for_function(truth, arg=argument, polling=50)

    @property
    def link(self) -> str:
        """What the address bar has behind its ``#``."""
        return str(self.page.evaluate("location.hash.slice(1)"))

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=False).first.click()

    def hammer(self, name: str) -> bool:
        """Press a button now, whether it is ready or not; return whether it was."""
        ready = self.page.evaluate(
            """name => {
                const button = [...document.querySelectorAll('.pv-controls button')]
                    .find(button => button.innerText.includes(name));
                const ready = Boolean(button) && !button.disabled;
                button?.click();
                return ready;
            }""",
            name,
        )
        return bool(ready)

    @property
    def day(self) -> int:
        return int(self.page.evaluate(PROGRESS))

    @property
    def runs_begun(self) -> int:
        """How many times the page has begun a run."""
        return int(self.page.evaluate(RUNS_BEGUN))

    def wait_for_run(self, number: int) -> None:
        """Wait for day 0 of the given run, with patience for each one before it.

        Day 0 alone says nothing: it can be that of an earlier Reset.
        """
        for earlier in range(self.runs_begun, number):
            self.wait(f"earlier => {RUNS_BEGUN} > earlier", earlier)
        self.wait(f"number => {RUNS_BEGUN} === number && Number({PROGRESS}) === 0", number)

    def reset(self) -> None:
        """Begin anew, and wait for the new run."""
        before = self.runs_begun
        self.press("Reset")
        self.wait_for_run(before + 1)

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


def new_tab(tab: Tab, link: str = "") -> Tab:
    return Tab(tab.page.context.browser.new_page(viewport=DESKTOP), tab.served, tab.seen).open(link)
