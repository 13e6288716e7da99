"""A small result of every kind that has a report: ``python tests/made_reports.py FOLDER`` writes all and says where."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from mini_country import mini
from test_campaigns import rows, write
from typer.testing import CliRunner

import analysis.campaigns.table
from analysis.cli import app

CROWD = "extends: granovetter-1978\npopulation: {thresholds: {kind: normal, mean: 25, spread: 12}}\n"
STUDY = """\
scenario: crowd.yaml
question: Do more people act where thresholds are spread wider, and does time matter?
design: {{kind: {kind}, parameters: {{{parameters}}}}}
replicates: {replicates}
"""
RANGES = "population.thresholds.mean: {low: 20, high: 60}, population.thresholds.spread: {low: 5, high: 40}"
GRID = "population.thresholds.spread: [5, 10, 20, 40], time.steps: [3, 1000]"
PATTERN = """\
title: {title}
scenario: granovetter-1978
design:
  kind: list
  points: [{{label: all}}, {{label: two, set: {{population.thresholds: {{kind: explicit, values: [0, 2, 2]}},
    population.persons: 3}}}}]
replicates: 20
pattern:
  says: A crowd acts.
  checks:
    share:
      says: share that acts
      statistic: level
      options: {{measure: share, at: {at}}}
      expected: {{above: 0.5}}
      source: granovetter-1978
"""
PARAMETERS = """\
parameters: {people.motive.threshold_mean: {low: 2.0, high: 6.0}}
fixed: {police.detention.contact: 3.0}
persons_per_agent: 400
"""
LIVELY = ("--set", "run.persons_per_agent=200", "--set", "people.motive.threshold_mean=3.0")
DAYS = 21


def call(*words: object) -> None:
    """Run a command of protestorate in this process; it must not fail."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code in (0, 1), f"{words}: {done.output}\n{done.exception}"


def run() -> str:
    call("run", "mini.yaml", *LIVELY, "--days", DAYS, "--out", "run")
    return "run/report.html"


def model() -> str:
    call("run", "granovetter-1978", "--out", "model")
    return "model/report.html"


def sweep() -> str:
    Path("spread.yaml").write_text(STUDY.format(kind="grid", parameters=GRID, replicates=6), encoding="utf-8")
    call("sweep", "spread.yaml", "--out", "sweep", "--workers", 1)
    return "sweep/report.html"


def compare() -> str:
    other = "mini.yaml mechanisms.backlash=false"
    call("compare", "mini.yaml", other, "--replicates", 4, *LIVELY, "--out", "compare", "--workers", 1)
    return "compare/report.html"


def sensitivity() -> str:
    Path("sobol.yaml").write_text(STUDY.format(kind="sobol, size: 8", parameters=RANGES, replicates=2))
    call("sweep", "sobol.yaml", "--out", "sobol", "--workers", 1)
    call("sensitivity", "sobol", "--outcome", "share", "--outcome", "steps")
    return "sobol/sensitivity/report.html"


def discover() -> str:
    text = STUDY.format(kind="latin_hypercube, size: 100", parameters=RANGES, replicates=1)
    Path("cube.yaml").write_text(text, encoding="utf-8")
    call("sweep", "cube.yaml", "--out", "cube", "--workers", 1)
    call("discover", "cube", "--outcome", "share > 0.5", "--resamples", 2)
    (page,) = Path("cube/discovery").glob("*/report.html")
    return str(page)


def claims() -> str:
    ids = [word for name in ("mt-04", "tt-27") for word in ("--claim", name)]
    call("claims", *ids, "--hypercube", 0, "--persons-per-agent", 20_000, "--replicates", 20, "--workers", 1,
         "--out", "claims")  # fmt: skip
    return "claims/report.html"


def patterns() -> str:
    for title, at in (("everybody", "all"), ("nobody follows", "two")):
        Path(f"{title.split()[0]}.yaml").write_text(PATTERN.format(title=title, at=at), encoding="utf-8")
    call("patterns", "everybody.yaml", "nobody.yaml", "--workers", 1, "--out", "patterns")
    return "patterns/patterns.html"


def campaigns() -> str:
    write(Path(), rows())
    usual, analysis.campaigns.table.DAYS = analysis.campaigns.table.DAYS, 30
    try:
        call("findings", "campaigns", "--data", "campaigns.csv", "--seeds", 2, "--agents", 500, "--sets", 0,
             "--out", "campaigns", "--workers", 1)  # fmt: skip
    finally:
        analysis.campaigns.table.DAYS = usual
    return "campaigns/report.html"


def cases() -> str:
    points = ", ".join(f"{{label: {name}, scenario: {name}}}" for name in ("armenia-2018", "syria-2011"))
    text = f"scenarios: [armenia-2018, syria-2011]\nreplicates: 2\ndesign: {{kind: list, points: [{points}]}}\n"
    Path("cases.yaml").write_text(f"{text}set: {{run.persons_per_agent: 20000}}\n", encoding="utf-8")
    call("sweep", "cases.yaml", "--out", "cases", "--workers", 1)
    call("findings", "cases", "cases")
    return "cases/outcomes.html"


def events() -> str:
    call("events", "write", "run", "--layout", "acled", "--out", "simulated.csv")
    call("events", "read", "simulated.csv", "--layout", "acled", "--case", "mini.yaml", "--out", "events")
    return "events/report.html"


def observe() -> str:
    call("observe", "mini.yaml", "--events", "events", "--replicates", 3, *LIVELY, "--out", "observe", "--workers", 1)
    return "observe/report.html"


def calibration() -> str:
    Path("parameters.yaml").write_text(PARAMETERS, encoding="utf-8")
    call("events", "targets", "events", "--case", "mini.yaml", "--out", "targets.yaml", "--force")
    call("calibrate", "mini.yaml", "--targets", "targets.yaml", "--parameters", "parameters.yaml",
         "--population", 10, "--generations", 2, "--predictive", 10,
         "--hold-out", "Btown", "--workers", 1, "--out", "calibration")  # fmt: skip
    return "calibration/report.html"


KINDS: Mapping[str, Callable[[], str]] = {
    one.__name__: one
    for one in (
        run, model, sweep, compare, sensitivity, discover, claims, patterns, campaigns, cases, events, observe,
        calibration,
    )
}  # fmt: skip
"""What writes a result of each kind into the working folder and returns its page; some read what earlier ones wrote."""


@contextmanager
def within(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def reports(folder: Path) -> dict[str, Path]:
    """Write all of them into an empty folder; return the page of each kind."""
    with within(folder):
        mini(Path())
        Path("crowd.yaml").write_text(CROWD, encoding="utf-8")
        return {kind: folder / page() for kind, page in KINDS.items()}


if __name__ == "__main__":
    with within(Path(sys.argv[1])):
        mini(Path())
        Path("crowd.yaml").write_text(CROWD, encoding="utf-8")
        for name in sys.argv[2:] or KINDS:
            before = time.process_time()
            page = KINDS[name]()
            print(f"{page} ({time.process_time() - before:.1f} s)")
