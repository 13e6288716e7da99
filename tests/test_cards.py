"""Case cards: a scenario of public facts, whole and sourced; what is wrong with a card is told where it stands."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

import sim
from analysis.cli import app
from analysis.findings.cards import tables
from sim.cards import FACTS, NewCase, new_case, read_card, template
from sim.cards.facts import TRIGGERS
from sim.cards.medians import ABOUT, BY_YEAR, MEDIANS, REGIONS, WORLD_ONLY
from sim.cards.read import card_from
from sim.cards.rules import RULES, Known, Rule
from sim.cards.write import values_of
from sim.core.errors import ScenarioError
from sim.evidence.ledger import OWN_WORDS, load_ledger
from sim.evidence.sources import coverage, source_table
from sim.run.load import load, load_text

SUDAN: dict[str, Any] = {
    "country": "SDN",
    "trigger_date": dt.date(2018, 12, 19),
    "trigger_kind": "economic",
    "regime": "personal",
    "population": 42_300_000,
    "urban_share": 0.345,
}
FROM_CARDS = (
    "argentina-2001",
    "armenia-2018",
    "egypt-2011",
    "hong-kong-2019",
    "russia-2022",
    "syria-2011",
    "ukraine-2004",
    "venezuela-2017",
)
"""Cases of the project whose scenario is made of their card."""
AFTERWARDS = (
    "outcome",
    "ended",
    "success",
    "peak",
    "duration",
    "deaths",
    "killed",
    "defect",
    "fell",
    "winner",
    "result",
)


def case(**facts: Any) -> NewCase:
    return new_case({**SUDAN, **facts}, "sudan-2018")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_reads_facts_of_the_first_day_or_the_calendar_and_no_other(rule: Rule):
    assert set(rule.reads) <= set(FACTS)
    assert all(FACTS[name].known in ("before", "calendar") for name in rule.reads)
    known = Known(card_from(SUDAN, "x"), rule.reads, 1000)
    unread = next(name for name in FACTS if name not in rule.reads)
    with pytest.raises(LookupError, match=unread):
        getattr(known, unread)


def test_no_fact_is_of_course_or_end():
    assert [name for name in FACTS for word in AFTERWARDS if word in name] == []


def test_every_fact_is_read_by_a_rule_or_makes_one_that_is_but_the_ruler_s_years():
    only_to_fill = {"median_age", "physical_safety"}
    read = {name for rule in RULES for name in rule.reads}
    assert set(FACTS) - read == {*only_to_fill, "tenure"}
    for name, value in (("median_age", 40), ("physical_safety", 0.9)):
        assert values(case(**{name: value})) != values(case())


def values(made: NewCase) -> str:
    """All of a scenario but its comments and sources."""
    return "\n".join(line for line in made.text.split("sources:")[0].splitlines() if not line.lstrip().startswith("#"))


def test_rules_that_rested_on_an_assumption_against_the_data_are_neutral():
    """Which kinds of trigger move more people, and whether a new ruler's elite is divided, no publication says."""
    kinds = {kind: case(trigger_kind=kind).load().config.events["trigger"].effects for kind in TRIGGERS}
    assert {(one.trigger, one.hub_push) for one in kinds.values()} == {(1.0, 1.0)}
    assert [kind for kind, one in kinds.items() if one.vote > 0.0] == ["stolen_election"]
    assert len({values(case(tenure=years)) for years in (0.2, 3.0, 30.0)}) == 1


@pytest.mark.parametrize(
    ("country", "year", "users"),
    [
        ("SDN", 1989, 0.0), ("SDN", 2013, 0.0995), ("SDN", 2024, 0.15), ("IDN", 1998, 0.0179), ("IDN", 2019, 0.702),
        ("UKR", 2013, 0.541), ("HTI", 2004, 0.0395), ("TON", 2016, 0.454),
    ],
)  # fmt: skip
def test_what_changes_with_the_years_is_filled_by_the_year(country: str, year: int, users: float):
    found = case(country=country, trigger_date=dt.date(year, 6, 1)).card
    assert found["internet_users"] == users
    assert " about " in found.facts["internet_users"].filled


def test_as_many_hear_news_before_the_internet_as_with_it():
    """Who hears, and the reach of the hub, do not follow the years where the card says nothing of other channels."""
    hearing = {}
    for year in (1979, 1998, 2019):
        config = case(trigger_date=dt.date(year, 6, 1), media_freedom=0.27).load().config
        hearing[year] = [one.internet for one in config.people.ages.values()], config.movement.hub.top_reach
    (old, reach), (_, middle_reach), (new, new_reach) = hearing.values()
    assert reach == middle_reach == new_reach == load("belarus-2020").config.movement.hub.top_reach
    assert sum(old) / 3 == pytest.approx(sum(new) / 3, abs=0.06)
    told = case(free_broadcaster=0.0, trigger_date=dt.date(1979, 6, 1), media_freedom=0.27).load().config
    assert max(one.internet for one in told.people.ages.values()) < 0.2, "a card that says so is believed"


def test_medians_rise_with_the_years_and_begin_without_the_internet():
    for name, rows in BY_YEAR.items():
        assert all(len(row) == len(ABOUT) and row[-1] > row[0] for row in rows.values()), name
    for row in BY_YEAR["internet_users"].values():
        assert list(row) == sorted(row)
        assert row[ABOUT.index(1990)] == 0.0


def test_each_rule_gives_what_it_declares_and_declared_sources_exist():
    ledger = load_ledger()
    card = card_from({**SUDAN, "patron": 0.5}, "x")
    for rule, values in values_of(card):
        assert all(name in OWN_WORDS or ledger.entry(name) for name in rule.source), rule.name
        roots = {path.split(".")[0] for path in rule.writes} | {"run"}
        assert set(values) <= roots, rule.name
    assert all(name in OWN_WORDS or ledger.entry(name) for name in {fact.source for fact in FACTS.values()})


def test_medians_stand_for_every_fact_that_is_filled_by_them():
    by_region = {name for name, fact in FACTS.items() if fact.fill == "region"}
    assert by_region == {*MEDIANS, *BY_YEAR}
    assert {name for name, fact in FACTS.items() if fact.fill == "world"} == set(WORLD_ONLY)
    assert all(set(row) == {*REGIONS, "world"} for row in MEDIANS.values())
    assert all({"world"} < set(row) < {*REGIONS, "world"} for row in BY_YEAR.values())


def test_a_card_of_four_facts_makes_a_whole_scenario_and_marks_what_was_filled():
    few = {name: SUDAN[name] for name in ("country", "trigger_date", "trigger_kind", "regime")}
    made = sim.new_case(few, "sudan-2018")
    config = made.load().config
    assert config.time.start == dt.date(2018, 12, 12)
    assert config.places.population == made.card["population"]
    assert "population" in made.card.missing
    assert "#   media_freedom: 0.647 (the median of Africa over 1975 to 2024)" in made.text
    assert len(made.card.missing) > 30


def test_every_value_of_a_card_names_its_fact_and_rule_and_belarus_s_are_called_so():
    data = case().load().data
    rows = {row.path: row for row in source_table(data, data["sources"], load_ledger())}
    assert rows["regime.defiance"].note.startswith("rule repression: political_rights 6 (filled)")
    assert rows["places.population"].note.endswith("population 42,300,000, urban_share 0.345")
    assert rows["people.emotion.anger_decay"].kind == "calibrated on Belarus 2020"
    kinds = coverage(rows.values())
    assert kinds["calibrated"] == 0
    own = load("belarus-2020").data
    calibrated = coverage(source_table(own, own["sources"], load_ledger()))["calibrated"]
    assert 5 < kinds["calibrated on Belarus 2020"] < calibrated == 12  # rules give some anew


def test_a_scenario_is_the_same_text_each_time_and_depends_on_each_fact_given():
    assert case().text == case().text
    assert case(police=9.0).text != case().text


def test_places_are_the_cities_scaled_and_the_rest_and_add_up():
    config = case().load().config
    places = config.places.localities
    urban = sum(place.population for place in places.values() if place.settlement != "village")
    assert sum(place.population for place in places.values()) == 42_300_000
    assert urban / 42_300_000 == pytest.approx(0.345, abs=0.001)
    assert places["Khartoum"].settlement == "metropolis"
    assert max(place.population for place in places.values() if place.settlement == "town") <= 250_000


def test_cities_and_calendar_of_one_s_own_take_the_place_of_the_usual():
    own = case(
        cities={"Khartoum": {"lat": 15.6, "lon": 32.5, "population": 5_000_000}},
        calls=[dt.date(2018, 12, 25), {"from": dt.date(2019, 4, 6), "until": dt.date(2019, 4, 11), "strength": 1.5}],
        patron=0.4,
    ).load().config  # fmt: skip
    assert [name for name, place in own.places.localities.items() if place.settlement == "metropolis"] == ["Khartoum"]
    assert own.events["call_2"].effects.called_action == 1.5
    assert "call_3" not in own.events
    assert own.events["patron"].effects.patron_support == 0.4


def test_cities_with_regions_of_their_own_make_the_country_s_regions():
    cities = {
        "A": {"lat": 15.0, "lon": 32.0, "population": 3_000_000, "region": "North"},
        "B": {"lat": 15.1, "lon": 32.1, "population": 1_000_000, "region": "South"},
        "C": {"lat": 19.0, "lon": 37.0, "population": 500_000, "region": "North"},
    }
    places = case(cities=cities).load().config.places.localities
    assert {name: place.region for name, place in places.items() if name in cities} == {
        "A": "North", "B": "South", "C": "North"
    }  # fmt: skip
    assert {place.region for place in places.values()} == {"North", "South"}
    rest = [
        sum(p.population for n, p in places.items() if n not in cities and p.region == r) for r in ("North", "South")
    ]
    assert rest[0] / rest[1] == pytest.approx(3.5, rel=0.01)
    del cities["B"]["region"]
    with pytest.raises(ScenarioError, match=r"cities\.B: has no region, where other cities have one"):
        case(cities=cities)


def test_a_card_says_how_finely_its_country_is_run():
    usual, fine = case().load().config.run, case(agents=400_000).load().config.run
    assert usual.persons_per_agent == pytest.approx(SUDAN["population"] / 30_000, rel=0.05)
    assert fine.persons_per_agent == pytest.approx(SUDAN["population"] / 400_000, rel=0.05)
    assert fine.officers_per_agent <= usual.officers_per_agent
    assert fine.officers_per_agent <= fine.persons_per_agent
    coarse = new_case({**SUDAN, "agents": 400_000}, "sudan-2018", 6_000).load().config.run
    assert coarse.persons_per_agent == pytest.approx(SUDAN["population"] / 6_000, rel=0.05)


def test_states_that_are_gone_and_tiny_ones_have_a_card():
    gone = case(country="CSK", population=15_600_000, trigger_date=dt.date(1989, 11, 17)).load().config
    assert {"Prague", "Bratislava"} <= set(gone.places.localities)
    assert gone.places.outline is None
    assert case(country="TON", population=100_000).load().config.places.population == 100_000


OWN = sorted(path for path in Path("scenarios/cards").glob("*.card.yaml") if path.name.split(".")[0] in FROM_CARDS)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_a_scenario_of_the_project_is_what_its_card_makes(path: Path):
    """If not: protestorate new NAME --from scenarios/cards/NAME.card.yaml --out scenarios/NAME.yaml --force."""
    name = path.name.removesuffix(".card.yaml")
    assert new_case(path, name).text == Path(f"scenarios/{name}.yaml").read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return path.name.removesuffix(".card.yaml")


def test_every_comparison_case_has_a_card_and_no_card_knows_the_end():
    assert [path.name.removesuffix(".card.yaml") for path in OWN] == sorted(FROM_CARDS)
    for path in OWN:
        card = read_card(path)
        written = set(yaml.safe_load(path.read_text(encoding="utf-8"))) & set(FACTS)
        assert set(card.given) == written
        found = [one for one in card.adds if "calibrated" not in one.sources]
        assert {one.path[0] for one in found} <= {"events", "movement", "people", "elites", "police", "economy"}
        assert len(found) == len(card.adds) or name_of(path) == "russia-2022"


def test_what_a_card_adds_stands_in_the_scenario_with_its_source():
    adds = {
        "events.ban": {
            "is": {"title": "Ban", "date": dt.date(2019, 1, 5), "effects": {"prison_threat": 0.3}},
            "from": "assumption",
        },
        "economy.revenue": {"is": 0.9, "from": ["assumption", "kuran-1991"], "note": "taxes of 2017"},
        "war": {"is": {"rally": 0.2}, "from": "assumption"},
    }
    loaded = case(adds=adds).load()
    assert loaded.config.events["ban"].effects.prison_threat == 0.3
    assert (loaded.config.economy.revenue, loaded.config.war.rally) == (0.9, 0.2)
    rows = {row.path: row for row in source_table(loaded.data, loaded.data["sources"], load_ledger())}
    assert (rows["economy.revenue"].ids, rows["economy.revenue"].note) == (
        ("assumption", "kuran-1991"),
        "taxes of 2017",
    )
    assert case(adds={}).text == case().text


RULED: tuple[tuple[str, Any, str, str], ...] = (
    (
        "regime.defiance",
        {"is": 0.9, "from": "assumption"},
        "adds.regime.defiance",
        "rule repression gives this: change",
    ),
    ("police.forces", {"is": {"army": {"pay": 9.0}}, "from": "assumption"}, "adds.police.forces", "rule forces gives"),
    ("police.forces.army.pay", {"is": 9.0, "from": "assumption"}, "adds.police.forces.army.pay", "rule forces gives"),
    ("events", {"is": 3, "from": "assumption"}, "adds.events", "rule trigger gives this"),
    ("time.start.x", {"is": 3, "from": "assumption"}, "adds.time.start.x", "rule time gives this"),
    ("economy.revenue", {"is": 0.9}, "adds.economy.revenue", "must be {is: value, from: source"),
    ("economy.revenue", 0.9, "adds.economy.revenue", "must be {is: value, from: source"),
    ("economy.revenue", {"is": 0.9, "from": ""}, "adds.economy.revenue.from", "must name a source"),
    ("economy.revenue", {"is": 0.9, "from": "x", "not": 1}, "adds.economy.revenue.not", "unknown key, did you mean"),
)


@pytest.mark.parametrize(("key", "value", "path", "said"), RULED)
def test_a_card_may_not_add_what_a_rule_gives_or_what_has_no_source(key: str, value: Any, path: str, said: str):
    with pytest.raises(ScenarioError) as caught:
        case(adds={key: value})
    problem = caught.value.problems[0]
    assert (problem.path, said in str(problem)) == (path, True), str(problem)


def test_what_is_added_is_held_against_the_schema_and_the_ledger_and_told_at_its_line(tmp_path: Path):
    for adds, said in (
        ({"economy.revenu": {"is": 0.9, "from": "assumption"}}, "did you mean 'revenue'"),
        ({"economy.revenue": {"is": "much", "from": "assumption"}}, "economy.revenue"),
        ({"economy.revenue": {"is": 0.9, "from": "nowhere-1999"}}, "no claim or publication has this id"),
    ):
        with pytest.raises(ScenarioError, match=said):
            case(adds=adds).load()
    (tmp_path / "c.yaml").write_text(FOUR + "adds:\n  regime.defiance: {is: 0.9, from: assumption}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"c.yaml:6:3: adds.regime.defiance: rule repression gives this"):
        new_case(tmp_path / "c.yaml")
    twice = {"events.a.date": 1, "events.a": {"date": 2}}
    with pytest.raises(ScenarioError, match=r"adds\.events\.a: is added twice"):
        case(adds={key: {"is": value, "from": "assumption"} for key, value in twice.items()})


def test_a_card_says_what_kind_a_city_is():
    cities = {
        "Omdurman": {"lat": 15.6, "lon": 32.5, "population": 900_000, "settlement": "metropolis"},
        "Kosti": {"lat": 13.2, "lon": 32.7, "population": 300_000, "settlement": "town"},
        "Kassala": {"lat": 15.4, "lon": 36.4, "population": 400_000},
    }
    places = case(cities=cities).load().config.places.localities
    assert [places[name].settlement for name in cities] == ["metropolis", "town", "city"]
    cities["Kosti"]["settlement"] = "vilage"
    with pytest.raises(ScenarioError, match=r"cities\.Kosti\.settlement: must be metropolis, city, town"):
        case(cities=cities)


def test_belarus_s_own_card_gives_belarus_s_values_where_rules_say_so():
    card = read_card(Path("scenarios/cards/belarus-2020.card.yaml"))
    made, own = new_case(card, "card").load().config, load("belarus-2020").config
    for path in ("regime.aggression_gain", "regime.defiance", "elites.punishment", "police.detention.lethality"):
        ours: Any = made
        theirs: Any = own
        for name in path.split("."):
            ours, theirs = getattr(ours, name), getattr(theirs, name)
        assert ours == pytest.approx(theirs, rel=0.01), path
    assert made.people.classes["industry"].share == pytest.approx(own.people.classes["industry"].share, abs=0.02)


BAD: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"mediam_age": 20}, "mediam_age", "no such fact, did you mean 'median_age'"),
    ({"country": "Sudan"}, "country", "no country of this ISO code (given 'Sudan'), did you mean 'SDN'"),
    ({"country": "XXQ"}, "country", "no country of this ISO code"),
    ({"trigger_date": "2018-02-30"}, "trigger_date", "must be a date"),
    ({"trigger_date": dt.date(1918, 1, 1)}, "trigger_date", "must be 1950-01-01 to 2100-12-31"),
    ({"urban_share": 34.5}, "urban_share", "so 0.4 for 40 per cent (given 34.5)"),
    ({"regime": "monarky"}, "regime", "did you mean 'monarchy'"),
    ({"police": {"is": 2, "form": "x"}}, "police.form", "unknown key, did you mean 'from'"),
    ({"calls": [dt.date(2025, 1, 1)]}, "calls.0.from", "lies outside the run"),
    ({"calls": [{"from": dt.date(2018, 12, 25), "until": dt.date(2018, 12, 1)}]}, "calls.0.until", "lies before"),
    ({"calls": [{"on": dt.date(2018, 12, 25)}]}, "calls.0.on", "unknown key"),
    ({"cities": {"A": {"lat": 100, "lon": 0, "population": 5}}}, "cities.A.lat", "must be -90 to 90"),
    ({"population": 2.5}, "population", "must be a whole number"),
    ({"conscription": 1}, "conscription", "must be true or false"),
)  # fmt: skip


@pytest.mark.parametrize(("wrong", "path", "said"), BAD, ids=[path for _, path, _ in BAD])
def test_what_is_wrong_with_a_card_is_told_with_its_key(wrong: dict[str, Any], path: str, said: str):
    with pytest.raises(ScenarioError) as caught:
        case(**wrong)
    problem = caught.value.problems[0]
    assert (problem.path, said in str(problem)) == (path, True), str(problem)


def test_several_mistakes_are_told_at_once_with_their_lines_and_nothing_is_written(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "country: Sudan\ntrigger_date: 2018-12-19\nurban_shar: 0.3\nregime: personal\nmedia_freedom: 1.7\n"
    Path("x.card.yaml").write_text(text, encoding="utf-8")
    ran = CliRunner().invoke(app, ["new", "x", "--from", "x.card.yaml"])
    assert ran.exit_code == 2
    lines = ran.stderr.splitlines()
    assert [line.split(": ")[0] for line in lines] == [
        "x.card.yaml:1:1",
        "x.card.yaml:1:10",
        "x.card.yaml:3:1",
        "x.card.yaml:5:16",
    ]
    assert "trigger_kind: is missing" in lines[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.card.yaml"]


def test_the_command_writes_a_card_then_a_scenario_and_replaces_nothing(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(app, ["new", "sudan-2018"])
    assert ran.exit_code == 0, ran.output
    text = Path("sudan-2018.card.yaml").read_text(encoding="utf-8")
    assert text == template("sudan-2018")
    assert set(yaml.safe_load(text)) == {*FACTS, "title", "summary"}
    assert "country: SDN" in text
    again = CliRunner().invoke(app, ["new", "sudan-2018"])
    assert (again.exit_code, "is there already" in again.stderr) == (2, True)
    for fact in ("trigger_date", "trigger_kind", "regime"):
        text = text.replace(f"\n{fact}:\n", f"\n{fact}: {SUDAN[fact]}\n")
    own = "publications:\n  mine: {citation: 'Me (2019). Police.', note: numbers}\n"
    text = text.replace("\npolice:\n", "\npolice: {is: 2.5, from: mine, note: without guards}\n")
    Path("sudan-2018.card.yaml").write_text(text + own, encoding="utf-8")
    ran = CliRunner().invoke(app, ["new", "sudan-2018", "--from", "sudan-2018.card.yaml"])
    assert ran.exit_code == 0, ran.output
    loaded = load("sudan-2018.yaml")
    rows = {row.path: row for row in source_table(loaded.data, loaded.data["sources"], load_ledger())}
    row = rows["police.forces.regular.persons"]
    assert "mine" in row.ids
    assert "Me (2019). Police." in row.text
    assert "without guards" in row.note
    assert CliRunner().invoke(app, ["new", "belarus-2020", "--from", "sudan-2018.card.yaml"]).exit_code == 2


def test_an_unknown_source_of_a_fact_is_told():
    with pytest.raises(ScenarioError, match="no claim or publication has this id"):
        case(police={"is": 2.0, "from": "nowhere-1999"}).load()


def test_a_publication_of_one_s_own_must_not_take_an_id_of_the_project():
    text = case().text.replace("\nsources:\n", "\npublications:\n  kuran-1991: {citation: Other}\n\nsources:\n")
    with pytest.raises(ScenarioError, match="already taken by the project"):
        load_text(text, Path("x.yaml"))


def test_outlines_are_named_by_iso_code_or_a_file_of_one_s_own_or_refused(tmp_path: Path):
    from sim.mesa.country import outline

    assert len(outline("SDN")[0]) > 20
    shape = {"type": "Polygon", "coordinates": [[[30, 10], [35, 10], [35, 20], [30, 10]]]}
    (tmp_path / "own.geojson").write_text(str(shape).replace("'", '"'), encoding="utf-8")
    own = case(outline="own.geojson").load(tmp_path / "s.yaml")
    assert outline(own.config.places.outline)[0].tolist()[1] == [35.0, 10.0]
    for name, said in (("Sudan", "did you mean 'SDN'"), ("none.geojson", "cannot be read")):
        with pytest.raises(ScenarioError, match=said):
            case(outline=name).load(tmp_path / "s.yaml")
    (tmp_path / "own.geojson").write_text("[]", encoding="utf-8")
    with pytest.raises(ScenarioError, match="is no GeoJSON"):
        case(outline="own.geojson").load(tmp_path / "t.yaml")


FOUR = "country: SDN\ntrigger_date: 2018-12-19\ntrigger_kind: economic\nregime: personal\n"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("publications: [a]", "publications: must be a mapping of sources by id"),
        ("police: {is: 2.1, from: []}", "police.from: must name a source"),
        ("police: {is: 2.1, from: {a: b}}", "police.from: must name a source"),
        ("population: 1e400", "population: must be a finite number"),
        ("outline: /etc/passwd", "places.outline: there is no such outline"),
    ],
)
def test_odd_facts_are_told_once_and_never_of_a_file_that_is_not_there(tmp_path: Path, more: str, said: str):
    (tmp_path / "c.yaml").write_text(FOUR + more + "\n", encoding="utf-8")
    result = CliRunner().invoke(
        app, ["new", "x", "--from", str(tmp_path / "c.yaml"), "--out", str(tmp_path / "x.yaml")]
    )
    (line,) = result.stderr.splitlines()
    assert (result.exit_code, said in line, "x.yaml" in line) == (2, True, False), line
    assert not (tmp_path / "x.yaml").exists()


def test_a_title_of_several_lines_stays_within_its_comment(tmp_path: Path):
    (tmp_path / "c.yaml").write_text(FOUR + 'title: "a: b #c\\n\\"d\\" {e}"\n', encoding="utf-8")
    assert new_case(tmp_path / "c.yaml").load().data["about"]["title"] == 'a: b #c\n"d" {e}'


def test_facts_of_python_may_be_those_of_numpy_and_pandas():
    plain = {"country": "SDN", "trigger_date": dt.date(2018, 12, 19), "trigger_kind": "economic", "regime": "personal"}
    odd = plain | {"trigger_date": dt.datetime(2018, 12, 19), "population": np.int64(42_300_000)}
    assert new_case(odd, "x").text == new_case(plain | {"population": 42_300_000}, "x").text
    with pytest.raises(ScenarioError, match=r"population: a value of type set cannot stand in a scenario"):
        new_case(plain | {"population": {1}}, "x")
    with pytest.raises(ScenarioError, match="trigger_date: must be a date without a time of day"):
        new_case(plain | {"trigger_date": dt.datetime(2018, 12, 19, 7)}, "x")
    with pytest.raises(ScenarioError, match="3: a card has no such fact"):
        new_case(plain | {3: 4}, "x")  # type: ignore[dict-item]


def test_an_effect_that_does_not_exist_is_answered_with_those_that_do():
    with pytest.raises(ScenarioError, match=r"unknown key; there are aggression, alert, .*strike_wave, trigger"):
        load_text(case().text.replace("hub_push: 1.0", "zzz: 1.0"), Path("x.yaml"))


def test_the_document_has_the_tables_as_they_are_made():
    text = Path("docs/cards.md").read_text(encoding="utf-8")
    for name, table in tables().items():
        assert f"<!-- begin: {name} -->\n\n{table.strip()}\n\n<!-- end: {name} -->" in text, name
