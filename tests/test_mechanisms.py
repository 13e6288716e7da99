"""The table of mechanisms: all it names exists, its document is whole, and theory's signs hold in a tiny country."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

import sim
from analysis.cli import app
from analysis.mechanisms.document import PLACES, row_of_facts, tables
from analysis.mechanisms.effects import Planned, planned, results
from analysis.mechanisms.table import mechanisms, missing
from sim.evidence.ledger import load_ledger
from sim.models.mobilisation.mechanisms import MECHANISMS, SWITCHES, rules
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


def test_every_mechanism_has_a_row_and_every_equation_one_place() -> None:
    assert [one.file for one in TABLE] == sorted(MECHANISMS)
    assert len({one.title for one in TABLE}) == len(TABLE)
    assert all(one.seen for one in TABLE)
    assert [one.file for one in TABLE if one.switches and not one.claims] == []
    numbers = [number for one in TABLE for number in one.equations]
    assert len(numbers) == len(set(numbers)) > 100


def test_every_equation_names_its_source() -> None:
    """A publication, a document, or the word assumption, below the equation."""
    numbered = {
        f"{file}.{name}": rule.__doc__
        for file, found in rules().items()
        for name, rule in found.items()
        if re.search(r"\(\d+[a-z]\)$", rule.__doc__ or "", re.MULTILINE)
    }
    assert len(numbered) > 100
    assert [name for name, text in numbered.items() if "Source: " not in text] == []


def test_every_claim_exists_and_every_switch_is_tried() -> None:
    assert list(missing(TABLE, load_ledger().claims)) == []
    assert {name for one in TABLE for name in one.switches} == set(SWITCHES)


def test_a_table_that_names_what_does_not_exist_is_found_out() -> None:
    one = next(row for row in TABLE if row.file == "colleagues")
    wrong = replace(one, claims=("mt-99",), ablations=(replace(one.ablations[0], off=("hub",), expected="doubles"),))
    assert list(missing([wrong], load_ledger().claims)) == [
        "colleagues: there is no claim mt-99",
        "colleagues: 'doubles' is no sign",
        "colleagues: no ablation tries the switch colleagues",
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


def rows_of_the_document(place: str) -> dict[str, list[str]]:
    """Rows of one of the document's tables by the mechanism, or the switches, they begin with."""
    _, _, text = DOCUMENT.partition(f"<!-- begin: {place} -->")
    rows: dict[str, list[str]] = {}
    for line in text.partition(f"<!-- end: {place} -->")[0].splitlines():
        if line.startswith("| `"):
            rows.setdefault(line.split(" | ")[0].removeprefix("| ").strip("`"), []).append(line)
    return rows


MEASURED = rows_of_the_document("mechanisms") | rows_of_the_document("inputs")


def test_every_row_of_the_document_is_as_its_mechanism_declares_it() -> None:
    """A mechanism that is not measured yet has no row; all others are described as they are."""
    assert set(MEASURED) <= set(MECHANISMS)
    reasons = rows_of_the_document("reasons")
    measured = [one for one in TABLE if one.file in MEASURED]
    for one in measured:
        (row,) = MEASURED[one.file]
        assert row in rows_of_the_document("inputs" if one.is_input else "mechanisms")[one.file]
        assert row.startswith(f"| {' | '.join(row_of_facts(one))} | ")
        for ablation, reason in zip(one.ablations, reasons.get(one.file, []), strict=True):
            assert reason.endswith(f" | {ablation.expected} | {ablation.because} |")
    switches = {name for names in rows_of_the_document("switches") for name in names.split("` and `")}
    assert switches == {name for one in measured for name in one.switches}


def test_what_cannot_be_told_is_named_below_the_table() -> None:
    """The paragraph names the switches whose sign theory gives and twenty pairs do not tell, and no other."""
    _, _, rest = DOCUMENT.partition("**Too small, or too rare, for twenty pairs to tell the sign.**")
    named = set(re.findall(r"`([^`]+)`", rest.partition("\n\n")[0]))
    not_told = set()
    for (row,) in MEASURED.values():
        *_, effects, theory, found = (cell.strip().split("<br>") for cell in row.strip().strip("|").split(" | "))
        for effect, sign, verdict in zip(effects, theory, found, strict=True):
            if verdict == "not told from 0" and sign != "open":
                not_told.add(effect.partition(":")[0].strip("`"))
    assert named == not_told


@pytest.mark.nightly
def test_every_mechanism_is_measured() -> None:
    assert sorted(MEASURED) == sorted(MECHANISMS)


@pytest.mark.slow
def test_a_small_table_from_beginning_to_end(tmp_path: Path) -> None:
    few = [replace(one, ablations=one.ablations[:1]) for one in TABLE if one.file in ("fear", "hub")]
    small = planned(few, range(1, 21), FINE_ENOUGH)
    data = run_study(small.study, tmp_path / "study", workers=1)
    found = results(small, data)
    written = tables(few, small, data, "this test")
    assert len(found) == sum(len(one.ablations) for one in few)
    deterred, hub = found
    assert deterred.effect.pairs == hub.effect.pairs == 20
    assert deterred.effect.estimate == pytest.approx(deterred.effect.second - deterred.effect.first)
    assert hub.found == "as expected"
    assert hub.effect.high < 0.0
    assert tuple(written) == PLACES
    assert "| `hub` | The hub as news and headquarters, and its prosecution |" in written["mechanisms"]
    assert "by `this test`" in written["mechanisms"]
    assert "20 seeds, agents of 4,000 persons." in written["mechanisms"]


def test_a_document_without_the_places_is_refused_before_anything_runs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "mine.md").write_text("<!-- begin: mechanisms -->\n<!-- end: mechanisms -->\n", encoding="utf-8")
    done = findings("--out", str(tmp_path / "runs"), "--write", str(tmp_path / "mine.md"))
    assert done.exit_code == 2
    assert "has no place for the table 'inputs'" in done.stderr
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
