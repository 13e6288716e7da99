"""The first screen of reports, measured in a real browser: a run and a study."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis.sweep.report import write_report
from benchmarks.served import browser
from sim.run.simulate import simulate
from sim.study import load_study, run_study

CROWD = "extends: granovetter-1978\npopulation: {thresholds: {kind: normal, mean: 25, spread: 12}}\n"
STUDY = """\
scenario: crowd.yaml
question: Do more people act where thresholds are spread wider, and does time matter?
design:
  kind: grid
  parameters:
    population.thresholds.spread: [5, 10, 20, 40]
    time.steps: [3, 1000]
replicates: 6
keep: {days: true}
"""
TALLEST = 6000


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("screens")
    (folder / "crowd.yaml").write_text(CROWD, encoding="utf-8")
    (folder / "spread.yaml").write_text(STUDY, encoding="utf-8")
    data = run_study(load_study(folder / "spread.yaml"), folder / "spread", workers=1)
    run = simulate("granovetter-1978", seed=1)
    return {"run": run.report(folder / "run.html"), "sweep": write_report(data)}


@pytest.mark.parametrize("kind", ["run", "sweep"])
def test_a_report_opens_with_one_screen(engine: Any, pages: dict[str, Path], kind: str) -> None:
    page = engine.new_page(viewport={"width": 1400, "height": 1000})
    page.goto(pages[kind].as_uri())
    assert page.evaluate("document.documentElement.scrollHeight") < TALLEST
    for part in (".answer", ".main-numbers", ".sure", ".lead svg"):
        assert page.locator(part).first.is_visible(), part
    assert 1 <= page.locator(".main-numbers dd").count() <= 3
    assert page.locator(".lead svg").first.bounding_box()["y"] < 1000, "the picture begins on the first screen"
    links = page.eval_on_selector_all(".contents a", "all => all.map(one => one.getAttribute('href').slice(1))")
    assert all(page.locator(f"[id='{name}']").count() == 1 for name in links)
    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.close()


def test_the_answer_of_a_study_is_its_paired_difference(pages: dict[str, Path]) -> None:
    text = pages["sweep"].read_text(encoding="utf-8")
    difference = r"mean paired difference [+−][\d.]+ persons \([+−]\d+ % of the base\)"
    assert re.search(difference + r", 95 % interval [+−][\d.]+ persons to [+−][\d.]+ persons", text)
    assert "6 pairs of runs that share their luck" in text
