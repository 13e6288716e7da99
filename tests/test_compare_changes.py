"""What differs between two scenarios: paths, values, units and sources."""

from __future__ import annotations

from functools import cache

import pandas as pd

from analysis.compare.changes import Change, changes, sources_of, written
from analysis.compare.sides import Side
from sim.run.load import load


@cache
def _side(**overrides: object) -> Side:
    """A side without runs; double underscores stand for the dots of key paths."""
    loaded = load("belarus-2020", {path.replace("__", "."): value for path, value in overrides.items()})
    data = loaded.config.model_dump(mode="json", by_alias=True)
    return Side("side", "", data, pd.DataFrame(), sources=sources_of(loaded), given=loaded.data)


def _changed(**overrides: object) -> list[Change]:
    return changes(_side(), _side(**overrides))


def test_a_scenario_does_not_differ_from_itself_nor_by_its_title():
    assert _changed() == []
    assert _changed(about__title="Another title") == []


def test_a_number_has_its_unit_and_both_sources():
    before = load("belarus-2020").data["regime"]["aggression_gain"]
    (change,) = _changed(regime__aggression_gain=before / 2)
    assert (change.path, change.old, change.new) == ("regime.aggression_gain", f"{before:g}", f"{before / 2:g}")
    assert change.unit
    assert change.old_source.split(":")[0].split(";")[0] in ("documented", "literature", "calibrated", "assumption")
    assert change.new_source == "assumption; set by an override of this run"


def test_units_of_names_that_the_scenario_chose():
    (change,) = _changed(places__localities__Minsk__lat=53.5)
    assert (change.path, change.new, change.unit) == ("places.localities.Minsk.lat", "53.5", "degrees north")
    assert "geonames" in change.old_source
    (shutdown,) = _changed(events__shutdown__effects__shutdown=0.5)
    assert (shutdown.path, shutdown.old, shutdown.new) == ("events.shutdown.effects.shutdown", "0.8", "0.5")
    assert shutdown.unit == "share"


def test_a_switch_that_the_scenario_does_not_name_shows_its_default():
    (change,) = _changed(mechanisms__shutdown=False)
    assert (change.path, change.old, change.new, change.unit) == ("mechanisms.shutdown", "true", "false", "")


def test_an_event_that_is_taken_away_is_one_change():
    (change,) = _changed(events__shutdown=None)
    assert change.path == "events.shutdown"
    assert change.old.startswith("title: Internet at a fifth")
    assert "effects: {shutdown: 0.8}" in change.old
    assert change.new == "not there"
    (back,) = changes(_side(events__shutdown=None), _side())
    assert (back.old, back.new) == (change.new, change.old)


def test_values_are_written_as_a_scenario_file_has_them():
    assert written(True) == "true"
    assert written(None) == "none"
    assert written(0.1) == "0.1"
    assert written([1, "a", {"b": None, "c": 2.5}]) == "[1, a, c: 2.5]"
    assert len(written("word " * 100)) <= 140
