"""A search that is real and small: twelve days of Belarus at a coarse scale, three parameters."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from analysis.calibration.asked import asked
from analysis.calibration.case import Case, Span, Target
from analysis.calibration.evaluate import JOURNAL, Candidate, Evaluator, days_of, distance_of, prepared
from analysis.calibration.fit import ASKED, _begin
from analysis.calibration.search import Settings, position_of, search, values_at, values_in
from analysis.cli import app
from analysis.observed import read_observed
from sim.core.errors import ProtestorateError, ScenarioError
from sim.measures.language import parse

pytest.importorskip("cma", reason="needs the extra 'calibrate'")

TURNOUT, DETAINED = (
    parse("max:attending:2020-08-09 / places.population"),
    parse("sum:detained_today:2020-08-09..2020-08-12"),
)
CASE = Case(
    name="belarus-2020",
    targets=(
        Target(
            "turnout",
            0.6,
            0.3,
            1.2,
            "%",
            "assumption",
            parse("max:attending:2020-08-09 / places.population"),
            times=100.0,
        ),
        Target(
            "detained", 5000, 4000, 6000, "persons", "assumption", parse("sum:detained_today:2020-08-09..2020-08-12")
        ),
    ),
    searched={
        "people.emotion.trigger_gain": Span(0.3, 2.5),
        "police.detention.contact": Span(0.3, 6.0),
        "people.motive.crowd_weight": Span(0.0, 2.0, "linear"),
    },
    last_day="2020-08-12",
    persons_per_agent=2000,
    fixed={"people.settlement_readiness.village": 0.0},
)


def test_a_search_comes_nearer(tmp_path: Path) -> None:
    loaded = prepared(CASE, 2000)
    with Evaluator(CASE, loaded, tmp_path) as evaluator:
        start = np.array([0.9, 0.9, 0.9])
        rows = evaluator([Candidate(values_at(CASE, start), (1, 2))])
        found = search(evaluator, start, Settings(48, (1, 2), step=0.3, population=8))
        assert found.distance < 0.5 * distance_of(CASE, rows[0])
        assert found.evaluations == 48
        assert np.all((found.position >= 0.0) & (found.position <= 1.0))
    journal = tmp_path / JOURNAL
    cut = journal.read_text().splitlines()
    journal.write_text("\n".join(cut[:-3]) + "\n" + cut[-3][:40])  # as if the machine had gone down while writing
    with Evaluator(CASE, loaded, tmp_path) as evaluator:
        again = search(evaluator, start, Settings(48, (1, 2), step=0.3, population=8))
        assert evaluator.computed == 3
    assert np.array_equal(again.position, found.position)


def test_a_scenario_is_run_up_to_the_last_day_with_what_is_fixed() -> None:
    loaded = prepared(CASE, 500)
    assert days_of(CASE, loaded) == 12
    assert days_of(replace(CASE, last_day=None), loaded) is None
    assert loaded.config.run.persons_per_agent == 500  # type: ignore[attr-defined]
    assert loaded.config.people.settlement_readiness.village == 0.0  # type: ignore[attr-defined]


def test_a_search_begins_at_the_scenario() -> None:
    loaded = prepared(CASE, 2000)
    here = values_at(CASE, position_of(CASE, values_in(CASE, loaded)))
    motive = loaded.config.people.motive  # type: ignore[attr-defined]
    assert here["people.motive.crowd_weight"] == pytest.approx(motive.crowd_weight, rel=6e-3)


def test_parameters_that_the_schema_refuses_answer_no_target() -> None:
    with Evaluator(CASE, prepared(CASE, 2000)) as evaluator:
        rows = evaluator([Candidate({"time.availability.working_day": 7.0}, (1,))])[0]
    assert np.isnan(rows).all()


def test_a_hopeless_candidate_is_given_up_after_its_first_run() -> None:
    with Evaluator(CASE, prepared(CASE, 2000)) as evaluator:
        kept, given_up = evaluator([Candidate({}, (1, 2), 1e9), Candidate({}, (1, 2), 0.0)])
    assert (len(kept), len(given_up)) == (2, 1)
    assert np.array_equal(kept[0], given_up[0])


def test_the_parameter_of_a_search_must_be_a_number() -> None:
    wrong = Case("belarus-2020", CASE.targets, {"about.title": Span(0.1, 1.0)})
    with pytest.raises(ProtestorateError, match=r"about\.title is searched and is no number"):
        values_in(wrong, prepared(CASE, 2000))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere-1999"], "there is no such scenario"),
        (["egypt-2011"], "has no section calibration with targets"),
        (["belarus-2020", "--method", "abd"], "--method: must be one of cma, abc (given 'abd'), did you mean 'abc'?"),
        (
            ["belarus-2020", "--hold-out", "Minks"],
            "is neither days such as 2020-09-13.. nor a locality (given 'Minks'), did",
        ),
        (["belarus-2020", "--hold-out", "2020-9.."], "days are written 2020-09-13.., ..2020-08-20"),
        (["belarus-2020", "--method", "cma", "--dask", "tcp://x:1"], "--dask: can be used with --method abc alone"),
        (
            ["belarus-2020", "--targets", "nowhere.yaml"],
            "--targets: there is no such file of targets (given 'nowhere.yaml')",
        ),
    ],
)
def test_mistakes_are_said_once(arguments: list[str], message: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["calibrate", *arguments, "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("people.emotion.triger_gain: {}", "unknown key path, did you mean 'people.emotion.trigger_gain'?"),
        ("about.title: {low: 1, high: 2}", "cannot be searched: it is a text"),
        ("people.emotion.trigger_gain: {low: 2, high: 1}", "low must be below high"),
        (
            "time.availability.working_day: {low: 0.1, high: 7.0}",
            "must lie in the range of the schema, 0 to 1 (given 7.0)",
        ),
        ("time.availability.working_day: {scale: log}", "low must be above 0 on a logarithmic scale"),
        (
            "people.emotion.trigger_gain: {low: 1, high: 2, scale: logg}",
            "must be 'log' or 'linear' (given 'logg'), did you mean 'log'?",
        ),
        ("people.emotion.trigger_gain: {low: 1, high: 2, source: kuran-1992}", "the ledger has no such entry"),
    ],
)
def test_every_mistake_in_a_file_of_parameters_is_said_at_its_line(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "parameters.yaml"
    file.write_text(f"parameters:\n  {line}\n")
    with pytest.raises(ScenarioError) as caught:
        asked("belarus-2020", None, file)
    (problem,) = caught.value.problems
    assert (problem.line, said in str(problem)) == (2, True), str(problem)


def test_measures_that_runs_do_not_have_are_said_at_their_line(tmp_path: Path) -> None:
    file = tmp_path / "targets.yaml"
    told = "value: 2, low: 1, high: 3, unit: persons, source: assumption"
    file.write_text(
        f"calibration:\n  targets:\n    a: {{measure: 'sum:atending', {told}}}\n"
        f"    b: {{measure: 'max:attending@Minks', {told}}}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        asked("belarus-2020", file)
    said = [line.partition("targets.yaml:")[2] for line in str(caught.value).splitlines()]
    assert said == [
        "3:18: target 'a': there is no such daily column (given 'atending'), did you mean 'attending'?",
        "4:18: target 'b': there is no such locality (given 'Minks'), did you mean 'Minsk'?",
    ]


def test_limits_are_those_of_the_schema_where_none_are_given(tmp_path: Path) -> None:
    file = tmp_path / "parameters.yaml"
    file.write_text("parameters: {time.availability.working_day: {}}\nfixed: {people.emotion.trigger_gain: 1.0}\n")
    found = asked("belarus-2020", None, file).case
    assert dict(found.searched) == {"time.availability.working_day": Span(0.0, 1.0, "linear")}
    assert dict(found.fixed) == {"people.emotion.trigger_gain": 1.0}


PARAMETER = "time.availability.working_day"


@pytest.mark.parametrize(
    ("fixed", "said"),
    [
        (f"{PARAMETER}: 0.5", f"2:9: {PARAMETER}: is searched as well: choose one"),
        ("regime.alert_decay: 7", "2:9: regime.alert_decay: must be at most 1"),
        ("regime.alert_decy: 7", "2:9: regime.alert_decy: unknown key path, did you mean 'regime.alert_decay'?"),
        ("about.title: 7", "2:9: about.title: must be text"),
    ],
)
def test_what_is_fixed_is_checked_before_the_search(tmp_path: Path, fixed: str, said: str) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(f"parameters: {{{PARAMETER}: {{}}}}\nfixed: {{{fixed}}}\n")
    with pytest.raises(ScenarioError) as caught:
        asked("belarus-2020", None, file)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("searched", "said"),
    [
        (f"{{{PARAMETER}: {{low: 0.1, high: 0.5}}}}", "is searched as well: choose one"),
        ("{regime.alert_decay: {low: 0.5, high: 0.5}}", "low must be below high"),
        ("{regime.alert_decay: {low: 0.0, high: 0.5}}", "low must be above 0 on a logarithmic scale"),
    ],
)
def test_limits_of_a_file_of_targets_are_checked(tmp_path: Path, searched: str, said: str) -> None:
    file = tmp_path / "t.yaml"
    target = "{measure: 'sum:attending', value: 5, low: 4, high: 6, unit: x, source: assumption}"
    file.write_text(f"calibration: {{targets: {{a: {target}}}, searched: {searched}, fixed: {{{PARAMETER}: 0.5}}}}\n")
    with pytest.raises(ScenarioError) as caught:
        read_observed(file)
    assert said in str(caught.value)


def test_what_is_held_out_is_not_fitted() -> None:
    whole = asked("belarus-2020")
    found = asked("belarus-2020", hold_out=("2020-09-14..", "Grodno"))
    names = {one.name for one in found.held_out}
    assert {one.name for one in (*found.case.targets, *found.held_out)} == {one.name for one in whole.case.targets}
    assert {"turnout on 25 October", "largest day in Grodno, August"} <= names
    assert "turnout on 6 September" not in names
    late = dt.date(2020, 9, 14)
    for one in found.case.targets:
        assert all(part.place != "Grodno" and (part.last is None or part.last < late) for part in one.measure.parts)


def test_nothing_left_to_fit_is_refused() -> None:
    with pytest.raises(ProtestorateError, match="no target is left to fit"):
        asked("russia-2022", hold_out=("2022-02-01..",))


RUNS = Candidate({}, (1,))
JUNK = {
    "no UTF-8": b"\xff\xfe\x00\n",
    "other JSON": b'[1, 2]\n"x"\n{"a": 1}\n7\n',
    "deep": b"[" * 100_000 + b"\n",
    "binary": b"\0" * 4096,
}


@pytest.mark.parametrize("junk", JUNK)
def test_a_journal_with_lines_that_are_none_of_ours(tmp_path: Path, junk: str) -> None:
    loaded = prepared(CASE, 2000)
    with Evaluator(CASE, loaded, tmp_path) as evaluator:
        before = evaluator([RUNS])[0]
    journal = tmp_path / JOURNAL
    journal.write_bytes(JUNK[junk] + b"\n" + journal.read_bytes())
    with Evaluator(CASE, loaded, tmp_path) as evaluator:
        assert np.array_equal(evaluator([RUNS])[0], before)
        assert evaluator.computed == 0


@pytest.mark.parametrize("rows", ["x", [], [["a"]], [[1.0]], [1.0], [[True, 1.0, 1.0]], {}])
def test_rows_of_a_journal_that_are_no_runs_are_run_again(tmp_path: Path, rows: object) -> None:
    loaded = prepared(CASE, 2000)
    with Evaluator(CASE, loaded, tmp_path) as evaluator:
        before = evaluator([RUNS])[0]
    journal = tmp_path / JOURNAL
    journal.write_text(json.dumps(json.loads(journal.read_text()) | {"rows": rows}) + "\n")
    with Evaluator(CASE, loaded, tmp_path) as evaluator:
        assert np.array_equal(evaluator([RUNS])[0], before)
        assert evaluator.computed == 1


@pytest.mark.parametrize("content", [b"[" * 100_000, b"\xff", b"[]", b"{"])
def test_the_mark_of_a_calibration_that_cannot_be_read_is_another(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ASKED).write_bytes(content)
    with pytest.raises(ProtestorateError, match="holds another calibration"):
        _begin(tmp_path, "ours", force=False)
