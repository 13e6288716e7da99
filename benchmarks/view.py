"""Measure the browser page with a real browser: ``python -m benchmarks.view`` or ``make bench-view``.

Belarus 2020 at 94,000 citizens. A Step is timed in the browser, from the click until the new map has been decoded
and painted; Play by the pictures that are really shown; memory is the resident set of the server's process after
500 days of one run and after each of ten resets. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from typing import Any

from benchmarks.served import Served, browser, served, what_is_missing

SCENARIO = "belarus-2020"
WIDTH, HEIGHT = 1400, 900
STEPS = 40
PLAY_SECONDS = 20
FAST_SECONDS = 3
LONG_RUN = 500
SHORT_RUN = 20
RESETS = 10
MEGABYTE = 2**20
MILLISECONDS_WANTED, DAYS_A_SECOND_WANTED = 300, 5.0

# Clicks Step, waits until date and map have both changed and the map is painted, and says how long it took.
TIME_STEPS = """async (steps) => {
  const picture = () => document.querySelector('[data-name="map"] img');
  const date = () => document.querySelector('.pv-date').textContent;
  const button = [...document.querySelectorAll('.pv-controls button')].find(b => b.textContent.includes('Step'));
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const times = [];
  for (let step = 0; step < steps; step++) {
    const [source, day, start] = [picture().src, date(), performance.now()];
    button.click();
    while (date() === day || picture().src === source) { await frame(); }
    await picture().decode().catch(() => picture().decode());  // it fails where a newer one has come meanwhile
    await frame();
    times.push(performance.now() - start);
    await new Promise(done => setTimeout(done, 100));
  }
  return times;
}"""

# Counts the different maps that were painted in so many seconds.
COUNT_PICTURES = """async (seconds) => {
  const seen = new Set();
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    seen.add(document.querySelector('[data-name="map"] img').src);
    await new Promise(done => requestAnimationFrame(done));
  }
  return seen.size - 1;
}"""


def opened(engine: Any, page: Served) -> Any:
    """Return a tab in which the first runs stand ready."""
    tab = engine.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    tab.add_init_script("localStorage.setItem('protestorate-tour', 'seen')")
    tab.goto(page.address)
    tab.wait_for_selector(".pv-map img", timeout=120_000)
    return tab


def days_done(tab: Any) -> int:
    """Return the number of days done, as the page shows it."""
    return int(tab.get_by_test_id("progress").inner_text().split()[1])


def run_until(tab: Any, day: int) -> None:
    """Have the run go on to a day, and wait until it is there."""
    start = tab.get_by_label("Jump to a date")
    first = start.get_attribute("min")
    goal = tab.evaluate("([date, days]) => new Date(Date.parse(date) + 864e5 * days).toISOString().slice(0, 10)",
                        [first, day - 1])  # fmt: skip
    start.fill(goal)
    tab.wait_for_function(
        "day => Number(document.querySelector('[data-testid=progress]').textContent.trim().split(/\\s+/)[1]) >= day",
        arg=day,
        timeout=300_000,
    )
    tab.get_by_role("button", name="Play").wait_for()
    tab.wait_for_timeout(500)


def begin_again(tab: Any) -> None:
    """Reset, and wait until the new run stands ready."""
    tab.get_by_role("button", name="Reset").click()
    tab.wait_for_function("document.querySelector('[data-testid=progress]').textContent.includes(' 0 of')")
    tab.wait_for_function("document.querySelector('.pv-preparing') === null")


def memory(page: Served) -> float:
    """Return the resident memory of the server's process, in megabytes."""
    import psutil

    return float(psutil.Process(page.process.pid).memory_info().rss / MEGABYTE)


def cpu_seconds(page: Served) -> float:
    """Return the processor time that the server has used."""
    import psutil

    times = psutil.Process(page.process.pid).cpu_times()
    return float(times.user + times.system)


def measure_speed(rows: list[tuple[str, str]]) -> None:
    """Time Step and Play."""
    with served(SCENARIO) as page, browser() as engine:
        tab = opened(engine, page)
        run_until(tab, SHORT_RUN)
        before = cpu_seconds(page)
        times = sorted(tab.evaluate(TIME_STEPS, STEPS))
        server = 1000 * (cpu_seconds(page) - before) / STEPS
        median = statistics.median(times)
        rows.append(("Step: click to new picture, median", f"{median:.0f} ms (wanted: < {MILLISECONDS_WANTED})"))
        rows.append(("Step: the same, 95 of 100", f"{times[int(0.95 * len(times))]:.0f} ms"))
        rows.append(("Step: processor time of the server", f"{server:.0f} ms"))
        for speed, name, seconds in (("5", "5 days a second", PLAY_SECONDS), ("1000", "all it can", FAST_SECONDS)):
            begin_again(tab)
            run_until(tab, SHORT_RUN)
            tab.get_by_label("Speed").select_option(speed)
            days = days_done(tab)
            tab.get_by_role("button", name="Play").click()
            start = time.monotonic()
            pictures = tab.evaluate(COUNT_PICTURES, seconds)
            took = time.monotonic() - start
            rate = (days_done(tab) - days) / took
            wanted = f" (wanted: {DAYS_A_SECOND_WANTED:g})" if speed == "5" else ""
            rows.append((f"Play at {name}: days a second", f"{rate:.1f}{wanted}"))
            rows.append((f"Play at {name}: pictures a second", f"{pictures / took:.1f}"))


def measure_memory(rows: list[tuple[str, str]]) -> None:
    """Take the memory over a long run and ten resets."""
    with served(SCENARIO, "--set", f"time.days={LONG_RUN}") as page, browser() as engine:
        tab = opened(engine, page)
        run_until(tab, SHORT_RUN)
        first = memory(page)
        rows.append((f"memory after {SHORT_RUN} days", f"{first:.0f} MB"))
        run_until(tab, LONG_RUN)
        rows.append((f"memory after {LONG_RUN} days", f"{memory(page):.0f} MB"))
        after = []
        for _ in range(RESETS):
            begin_again(tab)
            run_until(tab, SHORT_RUN)
            after.append(memory(page))
        told = ", ".join(f"{value:.0f}" for value in after)
        rows.append((f"memory after each of {RESETS} resets and {SHORT_RUN} days", f"{told} MB"))
        rows.append(("growth from the second to the last reset", f"{after[-1] - after[1]:+.0f} MB"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--speed", action="store_true", help="leave out memory, which takes minutes")
    chosen = parser.parse_args()
    missing = what_is_missing()
    if missing:
        raise SystemExit(missing)
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    rows: list[tuple[str, str]] = []
    measure_speed(rows)
    if not chosen.speed:
        measure_memory(rows)
    print("| measured | result |")
    print("|---|---|")
    for name, value in rows:
        print(f"| {name} | {value} |")
    if load > 0.3:
        print(f"\nThe machine was busy ({load:.1f} processes a core): these numbers are not to be quoted.")


if __name__ == "__main__":
    main()
