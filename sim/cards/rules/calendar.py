"""The calendar: when the run begins, what set it off, and the dated events that the case names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sim.cards.rules.rule import Known, Rule, severity, three
from sim.models.mobilisation.schema.scenario import WEEKDAYS

LEAD = dt.timedelta(days=7)
SHOCK = 1.0
"""Strength of what set it off: that of Belarus's stolen vote, on which the calibration stands, whatever its kind."""
TITLES = {
    "stolen_election": "A vote, and a count that few believe",
    "economic": "A decision on prices, pay or savings",
    "court_constitution": "A change of the constitution, or a court above it",
    "war": "War, or a call-up",
    "killing": "A killing",
    "corruption": "A scandal of corruption",
    "other": "What set it off",
}


def time(known: Known) -> dict[str, Any]:
    """Return start, length and the week."""
    return {
        "time": {
            "start": known.trigger_date - LEAD,
            "days": known.days,
            "weekend": list(known.weekend),
            "big_day": known.weekend[-1],
        }
    }


def trigger(known: Known) -> dict[str, Any]:
    """Return the event that set it off."""
    effects = {"trigger": SHOCK, "hub_push": SHOCK}
    if known.trigger_kind == "stolen_election":
        effects["vote"] = 1.0
    alarm = three(min(1.0, 0.5 * severity(known.political_rights, known.civil_liberties)))
    if alarm > 0.0:
        effects["alert"] = alarm
    event = {"title": TITLES[known.trigger_kind], "date": known.trigger_date, "effects": effects}
    return {"events": {"trigger": event}}


def calls(known: Known) -> dict[str, Any]:
    """Return calls to come out: those of the card, or one for the first day on which people gather."""
    if known.calls is not None:
        return {"events": _events("call", "Call to come out", "called_action", known.calls, known)}
    first = known.trigger_date
    while WEEKDAYS[first.weekday()] != known.weekend[-1]:
        first += dt.timedelta(days=1)
    event = {"title": "First call to all to come out", "date": first, "effects": {"called_action": 1.0}}
    return {"events": {"call_1": event}}


KINDS: tuple[tuple[str, str, str, str], ...] = (
    ("strike_calls", "strike_call", "Call to strike", "strike_wave"),
    ("shutdowns", "shutdown", "The internet is cut", "shutdown"),
    ("concessions", "concession", "A concession", "concession"),
    ("alarms", "alarm", "The forces are called out", "alert"),
    ("patron_backing", "patron", "The patron backs the regime", "patron_support"),
)


def dated(known: Known) -> dict[str, Any]:
    """Return the other dated events that the card names."""
    found: dict[str, Any] = {}
    for fact, name, title, effect in KINDS:
        found |= _events(name, title, effect, getattr(known, fact) or (), known)
    return {"events": found} if found else {}


def patron(known: Known) -> dict[str, Any]:
    """Return the patron's backing from the first day to the last, as it stood at the start."""
    if known.patron <= 0.0 or known.patron_backing:
        return {}
    start = known.trigger_date - LEAD
    event = {
        "title": "A foreign state stands behind the regime",
        "date": start,
        "until": start + dt.timedelta(days=known.days - 1),
        "effects": {"patron_support": three(known.patron)},
    }
    return {"events": {"patron": event}}


def _events(name: str, title: str, effect: str, spans: Iterable[Mapping[str, Any]], known: Known) -> dict[str, Any]:
    last = known.trigger_date - LEAD + dt.timedelta(days=known.days - 1)
    found: dict[str, Any] = {}
    for number, span in enumerate(spans, 1):
        if span["from"] > last:
            continue
        event = {"title": span["title"] or title, "date": span["from"]}
        if span["until"] > span["from"]:
            event["until"] = min(span["until"], last)
        found[f"{name}_{number}"] = event | {"effects": {effect: three(span["strength"])}}
    return found


RULES = (
    Rule(
        "time", ("trigger_date", "days", "weekend"), ("time.start", "time.days", "time.weekend", "time.big_day"),
        "From a week before what set it off, as long as the card says; people gather on the last day of the weekend.",
        ("assumption",), time,
    ),
    Rule(
        "trigger", ("trigger_date", "trigger_kind", "political_rights", "civil_liberties"), ("events.trigger",),
        "Strength 1, as Belarus's stolen vote, whatever its kind; a vote can be annulled only where it is at issue. Alarm of "
        "the regime half of r.",
        ("assumption",), trigger,
    ),
    Rule(
        "calls", ("calls", "trigger_date", "days", "weekend"), ("events.call_*",),
        "The card's calls; without any, one to all (strength 1) for the first day of gathering from the trigger on.",
        ("assumption",), calls,
    ),
    Rule(
        "dated", ("trigger_date", "days", *(fact for fact, *_ in KINDS)),
        tuple(f"events.{name}_*" for _, name, _, _ in KINDS),
        "Dated events of the card: calls to strike, cuts of the internet, concessions, alarms and the patron's backing, each "
        "as strong as the card says.",
        ("assumption",), dated,
    ),
    Rule(
        "patron", ("patron", "patron_backing", "trigger_date", "days"), ("events.patron",),
        "A patron of the first day stands behind the regime for the whole run, unless the card dates his backing.",
        ("assumption",), patron,
    ),
)  # fmt: skip
