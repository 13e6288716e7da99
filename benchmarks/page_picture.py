"""Draw ``docs/view.png`` anew (``make picture-view``), and say the sentences that its description quotes."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.served import browser, served, what_is_missing

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "view.png"
VIEWPORT = {"width": 1400, "height": 1130}
LAST_DAY = "2020-12-18"
LONGEST = 600_000
"""Milliseconds for which anything on the page is waited for."""


def main() -> int:
    """Run Belarus 2020 and 20 other seeds on the page, and take its picture at the day of the largest turnout."""
    missing = what_is_missing()
    if missing:
        print(missing, file=sys.stderr)
        return 2
    with served("belarus-2020") as page, browser() as opened:
        tab = opened.new_page(viewport=VIEWPORT)
        tab.set_default_timeout(LONGEST)
        tab.add_init_script("localStorage.setItem('protestorate-tour', 'seen')")
        tab.goto(page.address)
        tab.wait_for_selector(".pv-map img")
        tab.wait_for_function("document.querySelector('.pv-preparing') === null")
        tab.get_by_label("Jump to a date").fill(LAST_DAY)
        tab.locator(".pv-sentence", has_text="The run ends").wait_for()
        tab.get_by_role("button", name="Run 20 other seeds").click()
        tab.locator(".pv-fan", has_text="Remove").wait_for()
        tab.get_by_text("show that day").click()
        tab.wait_for_function("document.querySelector('[data-name$=map] img').alt.includes('16 August')")
        tab.wait_for_timeout(2_000)  # the charts follow the map
        tab.screenshot(path=str(PICTURE))
        for sentence in (".pv-sentence", ".pv-fan"):
            print(tab.locator(sentence).first.inner_text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
