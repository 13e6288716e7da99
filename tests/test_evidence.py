"""The ledger is whole, its seeds can be drawn again, and sources are matched to values as documented."""

from __future__ import annotations

import math
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.core.errors import ProtestorateError, ScenarioError
from sim.core.share import share_dir
from sim.evidence.replicates import replicate_seeds
from sim.evidence.sources import Ledger, check_sources, coverage, load_ledger, source_table

PREFIXES = {
    "mobilisation-thread": "mt",
    "class-media-thread": "cm",
    "travelling-tactics": "tt",
    "local-chats": "lc",
    "russia-2022": "ru",
}
SECTIONS = {
    *("time", "places", "people", "police", "elites", "regime"),
    *("movement", "economy", "information", "events", "outcome"),
}

# What the documents count, by claim.
FIGURES = {
    "tt-28": {2_000_000, 9_500_000},
    "cm-09": {12, 7, 5},
    "cm-11": {24},
    "tt-37": {1},
    "lc-07": {1_000, 500_000},
    "tt-17": {2, 2_000},
    "tt-10": {600, 20_000},
    "tt-36": {50},
    "tt-13": {80},
    "cm-29": {70, 80},
    "cm-33": {80},
    "cm-06": {100_000, 0},
    "lc-01": {26},
    "tt-01": {200_000},
    "tt-20": {16},
    "ru-02": {7},
    "ru-07": {40_000_000},
    "ru-19": {100_000},
}

# The mechanisms the documents speak of, in the documents' order, and the claims each rests on.
MECHANISMS = {
    "dispersed protest": "mt-01 mt-02",
    "repression deters and mobilises, vigils": "mt-03 mt-04 mt-05",
    "cross-cleavage coalition": "mt-06 mt-07",
    "tactics shift by learning": "mt-08",
    "self-organisation": "mt-09 mt-10",
    "engaged non-protesters": "mt-11 mt-12 mt-13",
    "defections": "mt-14 mt-15 mt-16",
    "elite split": "mt-17 mt-18",
    "what is left of the regime": "mt-19 mt-20 mt-21",
    "international response": "mt-22 tt-14",
    "hardship and services": "cm-02 cm-03 cm-04 cm-05 cm-06",
    "arrears, initiative groups and strikes": "cm-07 cm-08 cm-09 cm-10 cm-11 cm-34 cm-35",
    "co-optation": "cm-12",
    "media trust by camp": "cm-14 cm-15 cm-16 cm-17 cm-18 cm-19 cm-21",
    "migrants, remittances and patron": "cm-22 cm-23 cm-24 cm-25 tt-40",
    "stances of parties": "cm-26",
    "de-escalation, provocateurs, pause": "cm-31 cm-32 cm-33",
    "regime voters surprised by violence": "cm-27 cm-30",
    "nationwide shutdown": "cm-28 tt-31",
    "diffusion of tactics": "tt-03 tt-04 tt-05 tt-06 tt-15 tt-20",
    "triggers and stored discontent": "tt-07 tt-09 tt-10 tt-11 tt-12 lc-01",
    "police thrown by new tactics": "tt-19",
    "walk-outs from the loyal base": "tt-21 tt-22 tt-23",
    "leaders arrested and replaced": "tt-24 tt-25 tt-27",
    "the hub": "tt-26 tt-28 tt-29 tt-30",
    "mesh apps and VPNs": "tt-32 tt-33",
    "a month of money": "tt-36 tt-37 tt-38",
    "staying power and defiance": "tt-34 tt-35 tt-39 tt-41",
    "connective and collective action": "lc-03 lc-04 lc-05 lc-09",
    "local groups, public and private": "lc-06 lc-07 lc-08",
    "mutual aid face to face": "lc-10 lc-11 lc-12",
    "many cities, arrests and prison": "ru-01 ru-02 ru-04",
    "war as trigger and context": "ru-03 ru-06",
    "volunteers and foreign legions": "ru-07 ru-13 ru-14 ru-15",
    "cyber-resistance": "ru-08 ru-09 ru-10",
    "findings on war crimes": "ru-11",
    "coverage against totals": "ru-17 ru-18",
}


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_ledger()


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """Return a copy of the ledger that a test may spoil."""
    return Path(shutil.copytree(share_dir("seeds"), tmp_path / "seeds"))


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_document_has_claims_under_its_own_prefix(ledger: Ledger) -> None:
    assert set(ledger.documents) == set(PREFIXES)
    assert len(ledger.claims) >= 70
    for name, prefix in PREFIXES.items():
        own = [claim.id for claim in ledger.claims.values() if claim.document == name]
        assert own == [f"{prefix}-{number:02}" for number in range(1, len(own) + 1)]
        assert len(own) >= 15


@pytest.mark.parametrize(("name", "values"), FIGURES.items())
def test_figures_of_the_documents(ledger: Ledger, name: str, values: set[float]) -> None:
    assert {figure.value for figure in ledger.claims[name].figures} == values


def test_positions_of_the_left_parties(ledger: Ledger) -> None:
    assert [figure.value for figure in ledger.claims["cm-26"].figures] == [1, 1, 1, 1, 1, 2]


def test_every_mechanism_has_a_claim(ledger: Ledger) -> None:
    assert len(MECHANISMS) == 37
    missing = {name: ids for name, ids in MECHANISMS.items() if not set(ids.split()) <= set(ledger.claims)}
    assert missing == {}


def test_claims_bear_on_sections_of_a_scenario(ledger: Ledger) -> None:
    named = {part.split(".")[0] for claim in ledger.claims.values() for part in claim.bears_on}
    assert named == SECTIONS


def test_figures_are_finite_and_dated(ledger: Ledger) -> None:
    figures = [figure for claim in ledger.claims.values() for figure in claim.figures]
    figures += [figure for entry in ledger.publications.values() for fact in entry.facts for figure in fact.figures]
    for figure in figures:
        assert math.isfinite(figure.value)
        assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?(/\d{4})?", figure.date), figure


def test_dois_have_the_form_of_one_and_are_not_repeated(ledger: Ledger) -> None:
    dois = [entry.doi for entry in ledger.publications.values() if entry.doi]
    assert len(dois) == len(set(dois)) >= 25
    assert all(re.fullmatch(r"10\.\d{4,}/\S+", doi) for doi in dois)


def test_publications_that_rules_cite(ledger: Ledger) -> None:
    assert ledger.publications["epstein-2002"].doi == "10.1073/pnas.092080199"
    facts = ledger.publications["validation-facts-belarus-2020"].facts
    values = {figure.value for fact in facts for figure in fact.figures}
    assert values >= {200_000, 250_000, 3_000, 6_600, 25_800, 33_000, 1_373, 30, 27, 700, 61, 654, 43, 34, 23}


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("mobilisation-thread", "kind: opinion", "kind: opinin", "mt-01.kind: must be one of"),
        ("mobilisation-thread", "trust: high", "trust: total", "mt-01.trust: must be one of"),
        ("mobilisation-thread", "says: Olga Onuch", "sais: Olga Onuch", "did you mean 'says'?"),
        ("mobilisation-thread", "[lc-05]", "[lc-95]", "mt-10.contradicted_by.0: unknown id (given 'lc-95')"),
        ("mobilisation-thread", "  mt-02:", "  mt-01:", "mt-01: the key is already given in line"),
        ("russia-2022", "  ru-01:", "  mt-01:", "mt-01: this id is already taken"),
        ("russia-2022", "value: 24", "value: many", "ru-01.figures.0.value: must be a number"),
        ("russia-2022", "  outlet: The Canary", "", "document.outlet: is missing"),
    ],
)
def test_faults_of_the_ledger_are_named_with_file_and_id(seeds: Path, file: str, old: str, new: str, said: str) -> None:
    spoil(seeds / "claims" / f"{file}.yaml", old, new)
    with pytest.raises(ProtestorateError) as caught:
        load_ledger(seeds)
    assert f"{file}.yaml:" in str(caught.value)
    assert said in str(caught.value)


def test_a_ledger_without_documents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProtestorateError, match="no evidence found"):
        load_ledger(tmp_path)


@pytest.mark.parametrize(("name", "count"), [("quick-20", 20), ("standard-100", 100), ("reference-1000", 1000)])
def test_lists_of_seeds_follow_their_rule(name: str, count: int) -> None:
    drawn = np.random.SeedSequence(20200809).generate_state(count) >> 1
    assert list(replicate_seeds(name)) == drawn.tolist()
    assert len(set(replicate_seeds(name))) == count


def test_shorter_lists_begin_longer_ones() -> None:
    longest = replicate_seeds("reference-1000")
    assert replicate_seeds("quick-20") == longest[:20]
    assert replicate_seeds("standard-100") == longest[:100]


def test_an_unknown_list_of_seeds_names_the_nearest() -> None:
    with pytest.raises(ProtestorateError, match=r"given 'standard-10'\), did you mean 'standard-100'"):
        replicate_seeds("standard-10")


VALUES = {
    "model": "mobilisation",
    "about": {"title": "A case"},
    "economy": {"savings": 30, "revenue": {"export": 0.4, "tax": 0.6}},
    "police": {"riot": {"pay": 1.5, "size": 10}, "army": {"pay": 1.0, "size": 20}},
    "events": {},
    "places": {"localities": {"Minsk oblast, rest": {"population": 9}}},
    "run": {"seed": 1},
}
COMPLETE = {
    "economy": "assumption",
    "economy.savings": {"from": "tt-37", "note": "thirty days"},
    "economy.revenue": ["wintrobe-1998", "mt-17"],
    "police": "epstein-2002",
    "police.*.pay": ["calibrated", "tt-23"],
    "police.army.pay": "assumption",
    "events": "assumption",
    "places.localities.Minsk oblast, rest": "belarus-census-2019",
}


def without(*keys: str) -> dict[str, object]:
    return {key: source for key, source in COMPLETE.items() if key not in keys}


def test_complete_sources_have_no_problem(ledger: Ledger) -> None:
    assert check_sources(VALUES, COMPLETE, ledger) == []


def test_the_most_specific_source_counts(ledger: Ledger) -> None:
    rows = {row.path: row for row in source_table(VALUES, COMPLETE, ledger)}
    assert list(rows) == [
        "economy.savings",
        "economy.revenue.export",
        "economy.revenue.tax",
        "police.riot.pay",
        "police.riot.size",
        "police.army.pay",
        "police.army.size",
        "events",
        "places.localities.Minsk oblast, rest.population",
    ]
    assert rows["economy.savings"].ids == ("tt-37",)
    assert rows["economy.savings"].note == "thirty days"
    assert ledger.claims["tt-37"].claim in rows["economy.savings"].text
    assert rows["economy.revenue.tax"].kind == "documented"
    assert rows["police.riot.pay"].kind == "calibrated"
    assert rows["police.army.pay"].kind == "assumption"
    assert rows["police.army.size"].kind == "literature"
    assert "10.1073/pnas.092080199" in rows["police.army.size"].text
    assert coverage(rows.values()) == {"documented": 3, "literature": 3, "calibrated": 1, "assumption": 2}


def test_names_spelt_out_early_win_a_tie(ledger: Ledger) -> None:
    for order in (("police.*.pay", "police.riot.*"), ("police.riot.*", "police.*.pay")):
        tied = without("police.*.pay") | {key: {"from": "assumption", "note": key} for key in order}
        rows = {row.path: row for row in source_table(VALUES, tied, ledger)}
        assert rows["police.riot.pay"].note == "police.riot.*"


def test_a_part_without_sources_is_reported_once(ledger: Ledger) -> None:
    bare = without("economy", "economy.savings", "economy.revenue", "police", "police.army.pay")
    problems = {problem.path: problem.message for problem in check_sources(VALUES, bare, ledger)}
    assert set(problems) == {"economy", "police.riot.size", "police.army.size"}
    assert problems["economy"].startswith("none of its 3 values has a source")
    assert problems["police.riot.size"].startswith("has no source")


def test_a_path_that_matches_nothing_names_the_nearest(ledger: Ledger) -> None:
    (problem,) = check_sources(VALUES, COMPLETE | {"economy.savngs": "tt-37"}, ledger)
    assert (problem.path, problem.nearest) == ("sources.economy.savngs", "economy.savings")
    (problem,) = check_sources(VALUES, COMPLETE | {"police.*.rank": "tt-37"}, ledger)
    assert problem.path == "sources.police.*.rank"
    (problem,) = check_sources(VALUES, COMPLETE | {"economy.savings.*": "tt-37"}, ledger)
    assert problem.path == "sources.economy.savings.*"


@pytest.mark.parametrize("given", ["tt-337", ["tt-337"], {"from": ["tt-37", "tt-337"]}])
def test_an_unknown_id_names_the_nearest(ledger: Ledger, given: object) -> None:
    (problem,) = check_sources(VALUES, COMPLETE | {"economy.savings": given}, ledger)
    assert problem.path == "sources.economy.savings"
    assert (problem.given, problem.nearest) == ("'tt-337'", "tt-37")


@pytest.mark.parametrize(("key", "near"), [("and so on", ""), ("form", "from"), ("notes", "note")])
def test_a_note_that_a_comma_cuts_off_is_told(ledger: Ledger, key: str, near: str) -> None:
    (problem,) = check_sources(VALUES, COMPLETE | {"economy.savings": {"from": "tt-37", key: None}}, ledger)
    assert (problem.path, problem.given, problem.nearest) == ("sources.economy.savings", f"'{key}'", near)
    assert "a note with a comma stands in quotation marks" in problem.message


@pytest.mark.parametrize("given", [None, [], {"note": "somewhere"}])
def test_an_entry_that_names_nothing_is_a_problem(ledger: Ledger, given: object) -> None:
    (problem,) = check_sources(VALUES, COMPLETE | {"economy.savings": given}, ledger)
    assert (problem.path, problem.message) == ("sources.economy.savings", "names no source")


def test_a_table_of_faulty_sources_is_refused(ledger: Ledger) -> None:
    with pytest.raises(ScenarioError, match="places"):
        source_table(VALUES, without("places.localities.Minsk oblast, rest"), ledger)
