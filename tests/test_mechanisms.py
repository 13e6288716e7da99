"""The table of mechanisms: all it names exists, its document is whole, and theory's signs hold in a tiny country."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

import sim
from analysis.cli import app
from analysis.mechanisms.document import PLACES, row_of_facts, tables
from analysis.mechanisms.effects import Planned, planned, results
from analysis.mechanisms.table import Mechanism, mechanisms, missing
from sim.evidence.ledger import load_ledger
from sim.models.mobilisation.parameters import SWITCHES
from sim.study import run_study

COARSE, FINE_ENOUGH = 20_000, 4000
CLONE = Path(__file__).resolve().parent.parent
DOCUMENT = (CLONE / "docs" / "mechanisms.md").read_text(encoding="utf-8")
TABLE = mechanisms()


def findings(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["findings", "mechanisms", *arguments])


@pytest.fixture(scope="module")
def plan() -> Planned:
    """`planned` raises for a scenario, setting or quantity that does not exist."""
    return planned(TABLE, range(1, 21), COARSE)


def test_all_the_mechanisms_of_the_documents_are_there() -> None:
    assert [one.number for one in TABLE] == list(range(1, 38))
    assert len({one.name for one in TABLE}) == 37
    assert all(one.claims and one.rules and one.seen and one.ablations for one in TABLE)


def test_every_claim_equation_and_switch_exists_and_no_switch_is_left_out() -> None:
    assert list(missing(TABLE, load_ledger().claims, SWITCHES)) == []


def test_a_table_that_names_what_does_not_exist_is_found_out() -> None:
    one = TABLE[0]
    wrong = Mechanism(1, one.name, ("mt-99",), {"dispersion.py": ("8z",), "none.py": ("1a",)}, one.seen, one.ablations)
    found = list(missing([wrong], load_ledger().claims, [*one.switches, "of_its_own"]))
    assert found == [
        "1: there is no claim mt-99",
        "1: dispersion.py has no equation (8z)",
        "1: none.py has no equation (1a)",
        "no mechanism names the switch of_its_own",
    ]


def test_every_mechanism_can_be_seen(plan: Planned) -> None:
    run = sim.simulate("belarus-2020", persons_per_agent=COARSE, days=1)
    known = {*run.days.columns, *run.summary}
    assert {name for one in TABLE for name in one.seen} - known == set()


def test_points_of_the_study_differ_in_their_switches_alone(plan: Planned) -> None:
    points = plan.study.points
    for pair in plan.pairs:
        on, off = points[pair.on], points[pair.off]
        switched = {f"mechanisms.{name}": False for name in pair.ablation.off}
        assert on.base == off.base == pair.ablation.scenario
        assert off.overrides == {**on.overrides, **switched}
        assert not set(on.overrides) & set(switched)


def test_the_document_has_every_row_as_the_table_has_it() -> None:
    for one in TABLE:
        facts = " | ".join(row_of_facts(one))
        assert f"| {facts} |" in DOCUMENT, one.number
        for ablation in one.ablations:
            assert ablation.because in DOCUMENT
    for switch in SWITCHES:
        assert f"`{switch}`" in DOCUMENT


@pytest.mark.slow
def test_a_small_table_from_beginning_to_end(tmp_path: Path) -> None:
    few = [one for one in TABLE if one.number in (2, 25)]
    small = planned(few, range(1, 21), FINE_ENOUGH)
    data = run_study(small.study, tmp_path / "study", workers=1)
    found = results(small, data)
    written = tables(few, small, data, "this test")
    assert len(found) == sum(len(one.ablations) for one in few)
    (deterred, *_, hub) = found
    assert deterred.effect.pairs == hub.effect.pairs == 20
    assert deterred.effect.estimate == pytest.approx(deterred.effect.second - deterred.effect.first)
    assert hub.found == "as expected"
    assert hub.effect.high < 0.0
    assert tuple(written) == PLACES
    assert "| 25 | The hub as news and headquarters, and its prosecution |" in written["mechanisms"]
    assert "by `this test`" in written["mechanisms"]
    assert "10 seeds, agents of 4,000 persons." in written["mechanisms"]


def test_a_document_without_the_places_is_refused_before_anything_runs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "mine.md").write_text("<!-- begin: mechanisms -->\n<!-- end: mechanisms -->\n", encoding="utf-8")
    done = findings("--out", str(tmp_path / "runs"), "--write", str(tmp_path / "mine.md"))
    assert done.exit_code == 2
    assert "has no place for the table 'switches'" in done.stderr
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--replicates", "quick-19"], "quick-20"), (["--replicates", "0"], "must be 1 to 1000")],
)
def test_mistakes_are_answered(arguments: list[str], said: str, tmp_path: Path) -> None:
    done = findings(*arguments, "--persons-per-agent", str(COARSE), "--out", str(tmp_path / "runs"))
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (tmp_path / "runs").exists()
