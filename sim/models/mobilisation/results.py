"""What the flagship model records, each with where it comes from: daily columns, columns by locality, the summary.

A declaration says in `of` where its column comes from: ``count.NAME`` is a count of citizens (of
:class:`~sim.models.mobilisation.codes.Count`), ``nation.NAME`` a number of the nation's state as it is,
``officers.NAME`` one that counts officers; anything else is a function of what has been :class:`Recorded`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.core.names import in_order
from sim.models.declarations import Declarations
from sim.models.mobilisation.codes import Count
from sim.models.mobilisation.mechanism import FEELINGS, HEADINGS, PEOPLE, REGIME
from sim.models.mobilisation.mechanisms import MECHANISMS
from sim.models.mobilisation.recorded import ORDERS, SERVICE, Recorded, classes, cleavages, forces, groups, tactics
from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.mobilisation.summary import SUMMARY
from sim.models.results import COUNT, DATE, FRACTION, SHARE, WORD, Result

if TYPE_CHECKING:
    pass

QUIET = "none"
"""Leading tactic of a day without action."""
AWAY = (Count.PROTESTING, Count.ENGAGED, Count.IN_DETENTION, Count.EXILED, Count.DEAD, Count.VOLUNTEERS)
"""Everybody who is no bystander."""


def sources(kind: str) -> set[str]:
    """Return the names of the state that columns come from; `kind` is ``count``, ``nation`` or ``officers``."""
    texts = [one.of for one in COLUMNS if isinstance(one.of, str)]
    return {text.partition(".")[2] for text in texts if text.partition(".")[0] == kind}


def _members(cleavage: str) -> Callable[[Mobilisation], Iterable[str]]:
    return lambda config: cleavages(config)[cleavage]


def _in_action(cleavage: str) -> Callable[[Recorded], Any]:
    def in_action(recorded: Recorded) -> Any:
        chosen = [place for place, (name, _) in enumerate(groups(recorded.config)) if name == cleavage]
        return recorded.groups[:, chosen] * recorded.persons

    return in_action


def _serving(service: str) -> Callable[[Recorded], Any]:
    return lambda recorded: recorded.police[:, SERVICE.index(service)]


def _ordered(what: str) -> Callable[[Recorded], Any]:
    return lambda recorded: np.rint(recorded.orders[:, ORDERS.index(what)]).astype(np.int64)


def _bystanders(recorded: Recorded) -> Any:
    # Whoever is detained today was protesting in the morning, and is counted in both.
    away = recorded.counts[:, list(AWAY)].sum(axis=1) - recorded.counts[:, Count.DETAINED]
    return (recorded.agents - away) * recorded.persons


def _first_time_ever(recorded: Recorded) -> Any:
    return (recorded.earlier + np.cumsum(recorded.counts[:, Count.FIRST_TIME])) * recorded.persons


def _vigils(recorded: Recorded) -> Any:
    vigil = [place for place, one in enumerate(recorded.config.movement.tactics.values()) if one.vigil]
    return recorded.crowd[:, vigil].sum(axis=1) * recorded.persons


def _leading(recorded: Recorded) -> Any:
    given = list(tactics(recorded.config))
    order = in_order(given)  # so that a tie is decided by name, and not by the order of a file
    crowd = recorded.crowd[:, [given.index(name) for name in order]]
    leading = np.where(crowd.any(axis=1), crowd.argmax(axis=1), len(order))
    return np.array((*order, QUIET), dtype=object)[leading]


DAY = Result(
    "date", "", DATE, label="day", about="the day", of=lambda recorded: recorded.dates, group=PEOPLE
)  # fmt: skip
PROTESTING = Result(
    "protesting", "persons", COUNT, of="count.PROTESTING", combine="max", group=PEOPLE,
    label="people willing to protest", short="willing to protest",
    about="willing to protest today, whether or not they came",
)  # fmt: skip
ATTENDING = Result(
    "attending", "persons", COUNT, of="count.ATTENDING", combine="max", group=PEOPLE, main=True,
    label="turnout", short="in action",
    about="in action today: the turnout",
)  # fmt: skip
ENGAGED = Result(
    "engaged", "persons", COUNT, of="count.ENGAGED", combine="max", group=PEOPLE, main=True,
    label="helpers who do not protest", short="engaged: they help",
    about="engaged non-protesters: they help, and do not protest",
)  # fmt: skip
STRIKING = Result(
    "striking", "persons", COUNT, of="count.STRIKING", combine="max", group=PEOPLE, main=True,
    label="people on strike", short="on strike",
    about="on strike today",
)  # fmt: skip
DETAINED = Result(
    "detained_today", "persons", COUNT, of="count.DETAINED", combine="sum", group=PEOPLE, main=True,
    label="detentions", short="detained that day",
    about="detained today, including those who died in contact",
)  # fmt: skip
RELEASED = Result(
    "released_today", "persons", COUNT, of="count.RELEASED", combine="sum", group=PEOPLE,
    label="releases", short="released that day",
    about="released today",
)  # fmt: skip
IN_DETENTION = Result(
    "in_detention", "persons", COUNT, of="count.IN_DETENTION", combine="max", group=PEOPLE, main=True,
    label="people in detention", short="in detention",
    about="in detention at the end of the day",
)  # fmt: skip
EXILED = Result(
    "exiled", "persons", COUNT, of="count.EXILED", combine="last", group=PEOPLE,
    label="people who have left the country", short="left the country",
    about="have left the country for good, so far; who leaves on release, or because of a war, counts from the next "
    "day",
)  # fmt: skip
DIED = Result(
    "died", "persons", COUNT, of="count.DEAD", combine="last", group=PEOPLE,
    label="people who have died", short="died",
    about="have died in contact with the police, so far, in whole agents; `killed_today` counts them person by person",
)  # fmt: skip
FIRST_TIME = Result(
    "first_time_today", "persons", COUNT, of="count.FIRST_TIME", combine="sum", group=PEOPLE,
    label="people in action for the first time", short="first time",
    about="in action today and never before",
)  # fmt: skip
CROSSED = Result(
    "crossed_today", "persons", COUNT, of="count.CROSSED", combine="sum", group=PEOPLE,
    label="helpers in action for the first time", short="helped before",
    about="of `first_time_today`, those who had helped before: helpers who crossed over",
)  # fmt: skip
VOLUNTEERS = Result(
    "volunteers", "persons", COUNT, of="count.VOLUNTEERS", combine="last", group=PEOPLE,
    label="people away to fight as volunteers", short="away to fight",
    about="away to fight the regime as volunteers; who leaves today counts from the next day",
)  # fmt: skip
FIRST_TIME_EVER = Result(
    "first_time_ever", "persons", COUNT, of=_first_time_ever, combine="last", group=PEOPLE,
    label="people who have ever been in action", short="ever in action",
    about="`first_time_today` summed from the first day: everyone who ever took part",
)  # fmt: skip
BYSTANDERS = Result(
    "bystanders", "persons", COUNT, of=_bystanders, combine="last", group=PEOPLE,
    label="people who stand by", short="bystanders",
    about="all others who are free and in the country",
)  # fmt: skip
BY_CLASS = Result(
    "attending_class_*", "persons", COUNT, each="class", members=classes, combine="max", group=PEOPLE,
    of=lambda recorded: recorded.classes * recorded.persons,
    label="turnout by class",
    about="in action today, by class",
)  # fmt: skip
STRIKING_BY_CLASS = Result(
    "striking_class_*", "persons", COUNT, each="class", members=classes, combine="max", group=PEOPLE,
    of=lambda recorded: recorded.class_striking * recorded.persons,
    label="people on strike in *",
    about="on strike today, by class",
)  # fmt: skip
BY_AGE = Result(
    "attending_age_*", "persons", COUNT, each="age", members=_members("age"), combine="max", group=PEOPLE,
    of=_in_action("age"),
    label="turnout of the age group *",
    about="in action today, by age group",
)  # fmt: skip
BY_CAMP = Result(
    "attending_camp_*", "persons", COUNT, each="camp", members=_members("camp"), combine="max", group=PEOPLE,
    of=_in_action("camp"),
    label="turnout of the camp *",
    about="in action today, by political camp",
)  # fmt: skip
BY_SETTLEMENT = Result(
    "attending_settlement_*", "persons", COUNT, each="settlement", members=_members("settlement"), combine="max",
    of=_in_action("settlement"), group=PEOPLE,
    label="turnout by settlement",
    about="in action today, by kind of settlement",
)  # fmt: skip
BY_REGION = Result(
    "attending_region_*", "persons", COUNT, each="region", members=_members("region"), combine="max", group=PEOPLE,
    of=_in_action("region"),
    label="turnout of the region *",
    about="in action today, by region",
)  # fmt: skip
BY_TACTIC = Result(
    "attending_tactic_*", "persons", COUNT, each="tactic", members=tactics, combine="max", group=PEOPLE,
    of=lambda recorded: recorded.crowd * recorded.persons,
    label="turnout in *",
    about="in action today, by tactic",
)  # fmt: skip
VIGILS = Result(
    "vigils", "persons", COUNT, of=_vigils, combine="max", group=PEOPLE,
    label="people at vigils for prisoners", short="vigils",
    about="of `attending`, those in tactics that are vigils for prisoners",
)  # fmt: skip
LEADING_TACTIC = Result(
    "leading_tactic", "", WORD, of=_leading, group=PEOPLE,
    label="leading tactic",
    about="the tactic of most people today, `none` on a day without action",
)  # fmt: skip

SHUTDOWN = Result(
    "shutdown", FRACTION, SHARE, of=lambda recorded: 1.0 - recorded.nation["capacity"], combine="max", group=FEELINGS,
    label="share of the internet that is cut", short="internet cut",
    about="share of the internet that was cut, by event or by policy",
)  # fmt: skip


POLICE_LOYAL = Result(
    "police_loyal_*", "officers", COUNT, each="force", members=forces, of=_serving("loyal"), combine="last",
    group=REGIME, label="officers who serve", short="loyal",
    about="serving",
)  # fmt: skip
POLICE_SHIRKING = Result(
    "police_shirking_*", "officers", COUNT, each="force", members=forces, of=_serving("shirking"), combine="max",
    group=REGIME, main=True, label="officers who shirk", short="shirking",
    about="present, and quietly not acting",
)  # fmt: skip
POLICE_DEFECTED = Result(
    "police_defected_*", "officers", COUNT, each="force", members=forces, of=_serving("defected"), combine="last",
    group=REGIME, main=True, label="officers who have defected", short="defected",
    about="have openly defected (resigned or changed sides), so far",
)  # fmt: skip
POLICE_ORDERED = Result(
    "police_ordered_*", "officers", COUNT, each="force", members=forces, of=_ordered("ordered"), combine="max",
    group=REGIME, label="officers ordered against crowds", short="ordered out",
    about="ordered against crowds today",
)  # fmt: skip
POLICE_ASIDE = Result(
    "police_aside_*", "officers", COUNT, each="force", members=forces, of=_ordered("aside"), combine="max",
    group=REGIME, main=True, label="officers who stood aside", short="stood aside",
    about="of those ordered against crowds today, those who stood aside",
)  # fmt: skip


_COUNTRY: tuple[Result, ...] = (
    DAY, PROTESTING, ATTENDING, ENGAGED, VOLUNTEERS, BYSTANDERS, STRIKING, DETAINED, RELEASED, IN_DETENTION, EXILED,
    DIED, FIRST_TIME, CROSSED, FIRST_TIME_EVER, BY_CLASS, BY_AGE, BY_CAMP, BY_SETTLEMENT, BY_REGION,
    STRIKING_BY_CLASS, BY_TACTIC, VIGILS, LEADING_TACTIC,
    SHUTDOWN, POLICE_LOYAL, POLICE_SHIRKING, POLICE_DEFECTED, POLICE_ORDERED, POLICE_ASIDE,
)  # fmt: skip
"""The daily columns that the country itself has."""

COLUMNS: tuple[Result, ...] = tuple(
    sorted(
        (*_COUNTRY, *(one for mechanism in MECHANISMS.values() for one in mechanism.results)),
        key=lambda one: HEADINGS.index(one.group),
    )
)
"""The daily columns, in the order of the table: by heading, the country's own before those of mechanisms."""


def _of_residents(one: Result, name: str = "", about: str = "") -> Result:
    return replace(one, name=name or one.name, about=about or one.about, main=False, group="")


def _all_forces(family: Result, service: str, about: str) -> Result:
    def serving(recorded: Recorded) -> Any:
        return recorded.police[:, SERVICE.index(service)].sum(axis=1)

    name = family.prefix.removesuffix("_")
    return replace(family, name=name, members=None, each="", of=serving, about=about, main=False, group="")


def _under_orders(family: Result, what: str, about: str) -> Result:
    def under_orders(recorded: Recorded) -> Any:
        return np.rint(recorded.orders[:, ORDERS.index(what)].sum(axis=1)).astype(np.int64)

    name = family.prefix.removesuffix("_")
    return replace(family, name=name, members=None, each="", of=under_orders, about=about, main=False, group="")


PLACES: tuple[Result, ...] = (
    _of_residents(DAY),
    Result(
        "locality", "", WORD, of=lambda recorded: recorded.places, label="locality",
        about="the locality, as the scenario calls it",
    ),
    _of_residents(ATTENDING, about="in action today"),
    _of_residents(PROTESTING, about="willing to protest today"),
    _of_residents(ENGAGED, about="engaged non-protesters"),
    _of_residents(STRIKING, about="residents on strike today"),
    _of_residents(DETAINED, "detained", "residents detained today"),
    _all_forces(POLICE_LOYAL, "loyal", "serving, all forces"),
    _all_forces(POLICE_SHIRKING, "shirking", "shirking, all forces"),
    _all_forces(POLICE_DEFECTED, "defected", "resigned or changed sides so far, all forces"),
    _under_orders(POLICE_ORDERED, "ordered", "ordered against the place's crowd today, all forces"),
    _under_orders(POLICE_ASIDE, "aside", "of those, who stood aside, all forces"),
    _of_residents(LEADING_TACTIC, about="the tactic of most people today, `none` without action"),
)  # fmt: skip
"""The columns by locality, in the order of the table."""


NUMBERS: tuple[Result, ...] = (*SUMMARY, *(one for mechanism in MECHANISMS.values() for one in mechanism.numbers))
"""The entries of the summary, in their order."""


def column(name: str) -> Result:
    """Return the declaration of a daily column or family, such as ``police_loyal_*``; raises KeyError for others."""
    return Declarations(COLUMNS)[name]


def columns() -> Declarations:
    """Return the daily columns by name, families as such."""
    return Declarations(COLUMNS)


def places() -> Declarations:
    """Return the columns by locality by name."""
    return Declarations(PLACES)


def numbers() -> Declarations:
    """Return the entries of the summary by name."""
    return Declarations(NUMBERS)
