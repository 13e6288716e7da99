"""A checked scenario as the numbers the step loop reads: one record of scalars, and one table for each kind of thing.

Every scalar leaf of the sections below becomes a field of the record under its own name, so the
schema is the only list of parameters. Off switches set the fields of their mechanism to zero here,
and nowhere else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.mobilisation.schema.society import Effects

SECTIONS = (
    "people.networks",
    "people.motive",
    "people.emotion",
    "police.detention",
    "police.loyalty",
    "elites",
    "regime",
    "movement.learning",
    "movement.hub",
    "movement.leadership",
    "movement.communities",
    "movement.aid",
    "movement.cooptation",
    "economy",
    "economy.services",
    "economy.strike",
    "information",
    "world",
    "war",
    "outcome",
    "time.availability",
)

LEVERS = tuple(name for name in Effects.model_fields if name != "examples")
PULSES = frozenset({"trigger", "leader_arrested", "hub_prosecuted", "amnesty"})
"""Effects that strike on the first day of their event only, however long it lasts."""

SWITCHES: Mapping[str, tuple[str, ...]] = {
    "turnout_news": ("turnout_weight", "coalition_weight"),
    "neighbours": ("neighbour_weight",),
    "colleagues": ("colleague_weight", "strike_colleagues"),
    "weak_ties": ("tie_weight",),
    "local_crowds": ("crowd_weight",),
    "backlash": ("anger_gain", "release_anger"),
    "regime_voters": ("legitimacy_loss",),
    "vigils": ("kin_weight", "kin_violence"),
    "triggers": ("trigger_gain", "epidemic_anger"),
    "deterrence": ("fear_gain",),
    "prison_threat": ("fear_of_prison",),
    "fatigue": ("fatigue_gain",),
    "commitment": ("commitment_protest", "commitment_engaged"),
    "engaged": ("engaged_possible", "engaged_band", "aid_effort", "donation", "commitment_engaged"),
    "shelter": ("shelter",),
    "mutual_aid": ("aid_lift",),
    "coalition": ("coalition_weight",),
    "cooptation": ("cooptation_rate",),
    "organisations": ("organisation_weight",),
    "hub": ("initial_reach", "top_reach", "call_weight"),
    "leadership": ("centralisation",),
    "pause": ("pause_possible",),
    "communities": ("forming_rate",),
    "community_trust": ("trust_possible",),
    "tactical_learning": ("tactic_learning", "imitation", "diffusion_gain"),
    "diffusion": ("diffusion_gain",),
    "police_learning": ("police_learning", "police_forgetting"),
    "strikes": ("strike_possible",),
    "arrears": ("arrears_anger", "arrears_doubt"),
    "savings": ("expense_possible",),
    "remittances": ("remittance",),
    "contraction": ("contraction_speed",),
    "services": ("service_weight",),
    "media_trust": ("distrust_possible",),
    "loyal_base": ("base_weight", "silence_possible"),
    "repression": ("contact",),
    "provocateurs": ("provocation",),
    "dispersion": ("overstretch",),
    "shutdown": ("shutdown_possible",),
    "circumvention": ("circumvention_start", "circumvention_growth"),
    "cyber": ("cyber_possible",),
    "defection": ("defection_possible",),
    "symbols": ("criticism_weight", "resignation_weight", "switching_weight", "base_weight"),
    "elite_split": ("preference_speed",),
    "coverage": ("coverage_weight",),
    "patron": ("patron_possible",),
    "restraint": ("restraint_possible",),
    "defiance": ("defiance",),
    "international": ("sanction_speed", "patron_wavering"),
    "findings": ("findings_outrage",),
    "war": ("conscription_anger", "rally", "emigration", "war_possible"),
    "volunteers": ("volunteering",),
}
"""Each mechanism of ``mechanisms`` and the parameters that its off switch sets to zero."""

POSSIBLE = (
    "defection_possible",
    "engaged_possible",
    "strike_possible",
    "shutdown_possible",
    "patron_possible",
    "restraint_possible",
    "pause_possible",
    "trust_possible",
    "expense_possible",
    "distrust_possible",
    "silence_possible",
    "cyber_possible",
    "war_possible",
)
"""Parameters that are 1 unless their mechanism is switched off."""


def scalars(config: Mobilisation) -> NDArray[Any]:
    """Return the record of scalar parameters, shape (1,), with the off switches applied.

    Raises
    ------
    ValueError
        If two sections use one name for different parameters (a fault in the schema).
    """
    values: dict[str, float] = dict.fromkeys(POSSIBLE, 1.0)
    for path in SECTIONS:
        for name, value in _leaves(_section(config, path)):
            if name in values:
                raise ValueError(f"two parameters are called {name!r}; one of them is in {path}")
            values[name] = value
    for mechanism, names in SWITCHES.items():
        if not getattr(config.mechanisms, mechanism):
            values.update(dict.fromkeys(names, 0.0))
    values["persons_per_agent"] = float(config.run.persons_per_agent)
    values["officers_per_agent"] = float(config.run.officers_per_agent)
    record = np.zeros(1, dtype=np.dtype([(name, "f8") for name in sorted(values)]))
    for name, value in values.items():
        record[name] = value
    return record


def table(items: Mapping[str, BaseModel]) -> NDArray[Any]:
    """Return named things of one kind as a structured array: a row each, a field for each scalar leaf."""
    rows = [dict(_leaves(item)) for item in items.values()]
    out = np.zeros(len(rows), dtype=np.dtype([(name, "f8") for name in rows[0]]))
    for index, row in enumerate(rows):
        for name, value in row.items():
            out[name][index] = value
    return out


def schedule(config: Mobilisation) -> NDArray[np.float64]:
    """Return what the events do on each day, shape (days, levers), columns as in :data:`LEVERS`.

    Where events overlap the stronger one counts, except for money, which adds up.
    """
    out = np.zeros((config.time.days, len(LEVERS)))
    for event in config.events.values():
        first, last = _span(config, event.date, event.until)
        for column, lever in enumerate(LEVERS):
            value = getattr(event.effects, lever)
            if lever in PULSES and event.date < config.time.start:
                continue
            days = out[first : first + 1 if lever in PULSES else last + 1, column]
            if lever == "patron_transfer":
                days += value
            else:
                np.maximum(days, value, out=days)
    return out


def examples(config: Mobilisation) -> NDArray[np.float64]:
    """Return the strength of foreign examples on each day, shape (days, tactics)."""
    names = list(config.movement.tactics)
    out = np.zeros((config.time.days, len(names)))
    for event in config.events.values():
        first, last = _span(config, event.date, event.until)
        for tactic, strength in event.effects.examples.items():
            days = out[first : last + 1, names.index(tactic)]
            np.maximum(days, strength, out=days)
    return out


def calendar(config: Mobilisation) -> NDArray[np.int64]:
    """Return the weekday of each day, shape (days,), 0 for Monday to 6 for Sunday."""
    return (config.time.start.weekday() + np.arange(config.time.days)) % 7


def camps(config: Mobilisation) -> NDArray[Any]:
    """Return the camps as a table with two more fields, shape (camps,).

    ``sway`` is how the stances of parties sway a camp, -1 (stay at home) to 1 (come out); ``own`` is 1 for the camp
    that may come to speak for the movement.
    """
    names = list(config.people.camps)
    plain = table(config.people.camps)
    out = np.zeros(len(names), dtype=np.dtype([*plain.dtype.descr, ("sway", "f8"), ("own", "f8")]))
    for name in plain.dtype.names or ():
        out[name] = plain[name]
    for body in config.movement.organisations.values():
        out["sway"][names.index(body.camp)] += getattr(config.movement.stances, body.stance) * body.pull
    out["sway"] = np.clip(out["sway"], -1.0, 1.0)
    out["own"][names.index(config.movement.cooptation.camp)] = 1.0
    return out


def _span(config: Mobilisation, date: dt.date, until: dt.date | None) -> tuple[int, int]:
    first = (date - config.time.start).days
    last = ((until or date) - config.time.start).days
    return max(first, 0), min(last, config.time.days - 1)


def _section(config: Mobilisation, path: str) -> BaseModel:
    section: Any = config
    for name in path.split("."):
        section = getattr(section, name)
    assert isinstance(section, BaseModel)
    return section


def _leaves(section: BaseModel) -> Iterator[tuple[str, float]]:
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, bool | int | float):
            yield name, float(value)
