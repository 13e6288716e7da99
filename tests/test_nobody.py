"""A run in which nobody protests: no date, no place and no crowd is made of the zero."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path

import pytest
from tiny_country import country_file

import sim
from analysis.report.figures.daily import emotions_caption, roles_caption, turnout_caption
from analysis.report.figures.events import timeline_caption
from analysis.report.run import answer, key_numbers, write_report
from sim.run.result import Run
from sim.run.store import record_of

NOBODY = {"people.motive.threshold_mean": 8.0, "people.motive.noise": 0.01, "events": {}}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    run = sim.simulate(country_file(tmp_path_factory.mktemp("nobody"), NOBODY), days=20)
    assert run.days["attending"].max() == 0
    return run


def test_there_is_no_day_of_the_largest_turnout(run: Run):
    assert run.summary["peak_date"] is None
    assert record_of(run)["summary"]["peak_date"] is None
    assert run.outcome.reasons == ("nobody ever came out",)
    assert ("day of the largest turnout", "–") in key_numbers(run.summary, run.declared.numbers)


def test_no_sentence_speaks_of_a_peak(run: Run):
    for text in (answer(run), turnout_caption(run), roles_caption(run), emotions_caption(run)):
        assert "peaks" not in text
        assert not re.search(r"\b0 persons|\(0\)|0\.00 SD|0\.00%", text), text
    assert "Nobody was in action on any day" in turnout_caption(run)


def test_the_report_and_the_overview_are_drawn_without_a_warning(run: Run, tmp_path: Path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write_report(run, tmp_path)
        run.plot()
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Turnout peaks" not in text
    assert "The largest crowds" not in text
    assert "Where: the day of the largest turnout" not in text
    assert json.dumps(run.summary, default=str)


def test_events_that_nothing_followed_are_told_without_an_empty_list(tmp_path: Path):
    run = sim.simulate(country_file(tmp_path, {key: NOBODY[key] for key in NOBODY if key != "events"}), days=2)
    assert run.days["attending"].max() == run.days["striking"].max() == 0
    assert timeline_caption(run).endswith("The run itself reached nothing to mark.")
