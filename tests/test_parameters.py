"""No dead parameter, no dead switch; and how events become the numbers of a day."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel, ValidationError
from tiny_country import START, country, country_data, day

import sim
from sim.models.mobilisation import parameters
from sim.models.mobilisation.parameters import (
    EFFECTS,
    LEVERS,
    POSSIBLE,
    PULSES,
    SECTIONS,
    SWITCHES,
    calendar,
    camps,
    examples,
    scalars,
    schedule,
    table,
)
from sim.models.mobilisation.schema.movement import Tactic
from sim.models.mobilisation.schema.people import Age, Camp, Class
from sim.models.mobilisation.schema.police import ElitePosition, Force
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.mobilisation.schema.society import Locality
from sim.models.mobilisation.state import NATION, TABLES

SOURCES = Path(sim.__file__).parent
NOT_THE_MODEL = {"scenario", "study", "mesa", "page", "figures", "evidence"}
"""Rooms of sim that only read, draw or keep."""
NATURE_OF_THINGS = {"title", "summary", "question", "authors", "region", "lat", "lon", "outline"}
"""Fields that describe or draw, and move nothing."""


@cache
def trees() -> dict[str, ast.Module]:
    """The parsed sources of the model: all of sim but the schema and what only reads results."""
    return {
        path.relative_to(SOURCES).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(SOURCES.rglob("*.py"))
        if path.relative_to(SOURCES).parts[0] not in NOT_THE_MODEL
    }


def nodes() -> Iterator[ast.AST]:
    for tree in trees().values():
        yield from ast.walk(tree)


@cache
def attributes_read() -> frozenset[tuple[str, str]]:
    """(whose, which) of every attribute that the model reads, such as ("p", "anger_gain")."""
    found = set()
    for node in nodes():
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            owner = node.value
            if isinstance(owner, ast.Subscript):
                owner = owner.value
            name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            found.add((name, node.attr))
    return frozenset(found)


@cache
def names_read() -> frozenset[str]:
    """Every attribute read from anything, and every text used as a key: ``x.name``, ``x["name"]``."""
    keys = {
        node.slice.value
        for node in nodes()
        if isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Load)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    }
    return frozenset({name for _, name in attributes_read()} | keys)


def leaves_of_the_record() -> list[str]:
    return [name for name in scalars(country()).dtype.names if name not in {"persons_per_agent", "officers_per_agent"}]


def test_the_search_for_readers_finds_what_is_read_and_not_what_is_not():
    """Negative control of the tests below."""
    assert ("p", "anger_gain") in attributes_read()
    assert ("lever", "amnesty") in attributes_read()
    assert "no_such_parameter" not in names_read()


def test_every_parameter_of_the_record_is_read():
    """By a stage as ``p.name``, or by the builder of the world or the outcome from the configuration."""
    readers = {
        "p",
        "limits",
        "networks",
        "motive",
        "strike",
        "loyalty",
        "section",
        "elites",
        "law",
        "regime",
        "ordinary",
        "outcome",
    }
    read = {name for owner, name in attributes_read() if owner in readers} | {
        node.slice.value
        for node in nodes()
        if isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    }
    assert [name for name in leaves_of_the_record() if name not in read] == []


def test_every_lever_is_read():
    read = {name for owner, name in attributes_read() if owner == "lever"}
    keys = {"trigger", "called_action"}  # read by name in sim.models.mobilisation.day, outside the compiled loops
    assert keys <= names_read()
    assert [name for name in LEVERS if name not in read | keys] == []


@pytest.mark.parametrize(
    "kind", [Class, Tactic, Force, ElitePosition, Age, Camp, Locality], ids=lambda kind: kind.__name__
)
def test_every_field_of_things_with_names_is_read(kind: type[BaseModel]):
    dead = [name for name in kind.model_fields if name not in names_read() | NATURE_OF_THINGS]
    assert dead == []


def test_every_column_of_the_state_is_read():
    """A column that is only written, or not even that, says nothing of the world."""
    recorded = {"start_legitimacy"} | set(_sources_of_columns())
    dead = [
        f"{owner}.{column.name}"
        for owner, columns in {**TABLES, "nation": NATION}.items()
        for column in columns
        if column.name not in names_read() | recorded
    ]
    assert dead == []


def _sources_of_columns() -> set[str]:
    from sim.models.mobilisation.recorded import SERVICE
    from sim.models.mobilisation.results import sources

    return sources("nation") | sources("officers") | set(SERVICE)


def test_every_parameter_of_the_schema_reaches_the_model():
    """Sections that are not in the record are read from the configuration by name."""
    in_record = set(leaves_of_the_record())
    dead = []
    for path, model in _sections(Mobilisation, ""):
        if path.startswith(("about", "sources", "mechanisms", "movement.stances")) or path in {"run", ""}:
            continue
        for name, field in model.model_fields.items():
            if _is_number(field.annotation) and name not in in_record and name not in names_read() | NATURE_OF_THINGS:
                dead.append(f"{path}.{name}")
    assert [name for name in dead if not name.endswith(("metropolis", "city", "town", "village"))] == []


def _sections(model: type[BaseModel], path: str) -> Iterator[tuple[str, type[BaseModel]]]:
    yield path, model
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _sections(field.annotation, f"{path}.{name}".strip("."))


def _is_number(annotation: Any) -> bool:
    return annotation in (int, float, bool)


def test_names_of_parameters_are_unique():
    """Two sections with one name would shadow each other; the record refuses them."""
    names = [name for path in SECTIONS for name in _numbers_of(path)]
    assert sorted(names) == sorted(set(names))
    assert set(names) == set(leaves_of_the_record()) - set(POSSIBLE)


def _numbers_of(path: str) -> list[str]:
    section: Any = country()
    for name in path.split("."):
        section = getattr(section, name)
    return [name for name in type(section).model_fields if isinstance(getattr(section, name), bool | int | float)]


def test_a_name_used_twice_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parameters, "SECTIONS", (*SECTIONS, "people.motive"))
    with pytest.raises(ValueError, match=r"two parameters are called '.*'; one of them is in people\.motive"):
        scalars(country())


def test_record_has_the_scenarios_values():
    record = scalars(country({"people.emotion.anger_gain": 0.123}))
    assert record["anger_gain"][0] == 0.123
    assert record["persons_per_agent"][0] == 100.0
    assert all(record[name][0] == 1.0 for name in POSSIBLE)


def test_every_mechanism_has_a_switch_and_every_switch_a_mechanism():
    assert set(SWITCHES) == set(Mobilisation.model_fields["mechanisms"].annotation.model_fields)


@pytest.mark.parametrize("mechanism", SWITCHES)
def test_a_switch_zeroes_its_own_parameters_and_nothing_else(mechanism: str):
    on, off = scalars(country()), scalars(country({"mechanisms": {mechanism: False}}))
    changed = {name for name in on.dtype.names if on[name][0] != off[name][0]}
    assert changed == set(SWITCHES[mechanism])  # so none is zero already in this country
    assert all(off[name][0] == 0.0 for name in changed)


def test_table_has_a_row_each_and_a_field_for_each_number():
    config = country()
    rows = table(config.police.forces)
    assert rows["persons"].tolist() == [600.0, 400.0]
    assert rows["call_out"].tolist() == [0.0, 0.3]
    assert table(config.people.classes)["public_pay"].tolist() == [1.0, 0.0, 1.0, 1.0]
    assert "workplaces" not in table(config.people.classes).dtype.names


def scheduled(events: dict[str, Any], lever: str) -> list[float]:
    config = country({"events": events, "time.days": 8})
    return schedule(config)[:, LEVERS.index(lever)].tolist()


def event(first: int, last: int | None = None, **effects: Any) -> dict[str, Any]:
    until = {} if last is None else {"until": day(last)}
    return {"title": "a shock", "date": day(first), "effects": effects, **until}


def test_an_event_lasts_from_its_date_until_its_end():
    assert scheduled({"one": event(2, 4, shutdown=0.5)}, "shutdown") == [0, 0, 0.5, 0.5, 0.5, 0, 0, 0]
    assert scheduled({"one": event(2, shutdown=0.5)}, "shutdown") == [0, 0, 0.5, 0, 0, 0, 0, 0]


def test_where_events_overlap_the_stronger_counts():
    events = {"one": event(1, 4, shutdown=0.5), "two": event(3, 5, shutdown=0.8), "three": event(3, 6, shutdown=0.2)}
    assert scheduled(events, "shutdown") == [0, 0.5, 0.5, 0.8, 0.8, 0.8, 0.2, 0]


def test_money_adds_up():
    events = {"one": event(1, 3, patron_transfer=0.5), "two": event(3, 4, patron_transfer=0.25)}
    assert scheduled(events, "patron_transfer") == [0, 0.5, 0.5, 0.75, 0.25, 0, 0, 0]


@pytest.mark.parametrize("lever", sorted(PULSES))
def test_a_pulse_strikes_on_the_first_day_only(lever: str):
    assert scheduled({"one": event(2, 5, **{lever: 0.5})}, lever) == [0, 0, 0.5, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("lever", sorted(set(LEVERS) - PULSES))
def test_what_is_no_pulse_lasts(lever: str):
    assert scheduled({"one": event(2, 4, **{lever: 0.5})}, lever) == [0, 0, 0.5, 0.5, 0.5, 0, 0, 0]


def test_an_event_that_began_before_the_run_goes_on_in_it():
    began = {"one": {**event(2, 2, shutdown=0.5), "date": START - dt.timedelta(days=3)}}
    assert scheduled(began, "shutdown") == [0.5, 0.5, 0.5, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("lever", sorted(PULSES))
def test_a_pulse_whose_day_was_before_the_run_does_not_strike_in_it(lever: str):
    began = {"one": {**event(2, 2, **{lever: 0.5}), "date": START - dt.timedelta(days=3)}}
    assert scheduled(began, lever) == [0.0] * 8


def test_an_event_that_outlasts_the_run_is_cut():
    assert scheduled({"one": event(6, 20, shutdown=0.5)}, "shutdown") == [0, 0, 0, 0, 0, 0, 0.5, 0.5]


def test_examples_are_of_their_tactic_and_the_stronger_counts():
    events = {
        "one": event(1, 2, examples={"courtyard": 0.4}),
        "two": event(2, 3, examples={"courtyard": 0.9, "picket": 0.1}),
    }
    found = examples(country({"events": events, "time.days": 5}))
    march, picket, courtyard, _vigil = found.T.tolist()
    assert march == [0, 0, 0, 0, 0]
    assert picket == [0, 0, 0.1, 0.1, 0]
    assert courtyard == [0, 0.4, 0.9, 0.9, 0]


def test_a_force_is_not_wholly_out_before_its_first_are():
    with pytest.raises(ValidationError, match=r"all_out \(0\.2\) must not be below call_out \(0\.3\)"):
        country({"police.forces.army.all_out": 0.2})


def test_calendar_begins_on_the_weekday_of_the_start():
    assert calendar(country({"time.days": 9})).tolist() == [0, 1, 2, 3, 4, 5, 6, 0, 1]
    sunday = country({"time.start": START + dt.timedelta(days=6), "time.days": 2, "events": {}})
    assert calendar(sunday).tolist() == [6, 0]


def test_sway_adds_up_over_the_parties_of_a_camp_and_is_bounded():
    stances = {
        "regime": -1.0, "challenger": 1.0, "own_candidate": 0.5, "warns_of_provocation": -0.5, "joins_all": 1.0,
        "none": 0.0,
    }  # fmt: skip
    for stance, direction in stances.items():
        one = {"one": {"stance": stance, "camp": "regime", "pull": 0.4}}
        assert camps(country({"movement.organisations": one}))["sway"].tolist() == [0.0, direction * 0.4]
    many = {f"party {n}": {"stance": "challenger", "camp": "protest", "pull": 0.7} for n in range(3)}
    assert camps(country({"movement.organisations": many}))["sway"].tolist() == [1.0, 0.0]
    assert camps(country({"movement.organisations": {}}))["sway"].tolist() == [0.0, 0.0]


def test_levers_are_all_numbers_of_an_event():
    assert set(LEVERS) == set(EFFECTS.model_fields) - {"examples"}
    assert schedule(country()).shape == (40, len(LEVERS))
    assert np.all(schedule(country()) >= 0.0)


def test_country_of_the_tests_is_a_scenario_of_the_schema():
    """It names every field, so that a new parameter cannot go untested by its default."""
    data = country_data()
    missing = [
        f"{path}.{name}"
        for path, model in _sections(Mobilisation, "")
        if path not in {"", "about", "mechanisms", "run"}
        for name in model.model_fields
        if name not in _at(data, path) and name != "outline"
    ]
    assert missing == []


def _at(data: dict[str, Any], path: str) -> dict[str, Any]:
    for name in path.split("."):
        data = data[name]
    return data
