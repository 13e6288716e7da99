"""The one table of arrays: every state variable's name, type, unit and meaning stands here, and nowhere else.

The state is a struct of arrays. Citizens are sorted by locality, then neighbourhood, so that a
neighbourhood is the range ``first .. first + size`` and kin groups are consecutive blocks within it.
Counts are counts of agents unless the unit says persons.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np


class Role(IntEnum):
    """What a citizen is today. Roles are states, not castes."""

    BYSTANDER = 0
    ENGAGED = 1
    PROTESTER = 2
    DETAINED = 3
    EXILED = 4
    DEAD = 5
    VOLUNTEER = 6


class Media(IntEnum):
    """Bits of a citizen's media diet and household."""

    INTERNET = 1
    STATE_TV = 2
    MIGRANT_HOUSEHOLD = 4


class Community(IntEnum):
    """State of a neighbourhood's local community."""

    NONE = 0
    OPEN = 1
    CLOSED = 2


class Service(IntEnum):
    """Where an officer stands. From ``RESIGNED`` on the officer has left the force."""

    LOYAL = 0
    SHIRKING = 1
    CRITICAL = 2  # shirks, and criticises in public
    RESIGNED = 3
    SWITCHED = 4


class Cleavage(IntEnum):
    """What divides a population, apart from class."""

    AGE = 0
    CAMP = 1
    SETTLEMENT = 2
    REGION = 3


class Stance(IntEnum):
    """What a member of the elite shows in public."""

    SUPPORT = 0
    OPPOSED = 1


class Count(IntEnum):
    """What is counted each day in every locality (columns of ``localities.count``; agents)."""

    PROTESTING = 0  # willing: role protester
    ENGAGED = 1
    ATTENDING = 2  # in action today
    STRIKING = 3
    IN_DETENTION = 4
    DETAINED = 5  # today
    RELEASED = 6  # today
    FIRST_TIME = 7  # attend for the first time
    EXILED = 8
    ONLINE = 9  # reached by the network today
    ANGER = 10  # sums of citizens' emotions, in units of 1/65536 so that they are exact in any order
    FEAR = 11
    LEGITIMACY = 12
    FATIGUE = 13
    COMMITMENT = 14
    CROSSED = 15  # attend for the first time, and have helped before
    VOLUNTEERS = 16  # away to fight
    DEAD = 17


FIXED_POINT = 65536.0


@dataclass(frozen=True)
class Column:
    """One array: its name, NumPy type, unit, meaning, and its width (a name in ``widths``) if it has two dimensions."""

    name: str
    dtype: str
    unit: str
    meaning: str
    width: str = ""


CITIZEN = (
    Column("neighbourhood", "i4", "index", "neighbourhood of residence"),
    Column("workplace", "i4", "index", "workplace, -1 for those not employed"),
    Column("class_", "u1", "index", "class or sector, in the order of their names"),
    Column("age", "u1", "index", "age group, in the order of their names"),
    Column("camp", "u1", "index", "political camp, in the order of their names"),
    Column("media", "u1", "Media bits", "internet user, state television viewer, migrant household"),
    Column("hub_rank", "u1", "1/255", "follows the hub while its reach exceeds this rank; 255 never"),
    Column("circumvention_rank", "u1", "1/255", "circumvents a shutdown while adoption exceeds this; 255 never"),
    Column("threshold", "f4", "SD", "participation threshold"),
    Column("hardship", "f4", "share", "hardship, 0 to 1"),
    Column("risk_aversion", "f4", "share", "how much fear counts, uniform 0 to 1"),
    Column("former_legitimacy", "f4", "share", "legitimacy of the regime on the first day"),
    Column("role", "u1", "Role", "role today"),
    Column("days_left", "i2", "days", "days until release, for the detained"),
    Column("imprisoned", "u1", "flag", "serving a prison term, not a short detention"),
    Column("attending", "u1", "index + 1", "tactic in which the citizen takes part today, 0 for none"),
    Column("striking", "u1", "0..2", "1 willing to strike, 2 on strike"),
    Column("veteran", "u1", "flag", "has attended at least once"),
    Column("helper", "u1", "flag", "has helped at least once"),
    Column("acting", "u1", "halves", "yesterday: 2 willing to protest, 1 engaged, 0 neither"),
    Column("anger", "f4", "SD", "anger"),
    Column("fear", "f4", "SD", "fear"),
    Column("legitimacy", "f4", "share", "legitimacy of the regime"),
    Column("fatigue", "f4", "SD", "fatigue"),
    Column("commitment", "f4", "SD", "commitment by habituation"),
    Column("savings", "f4", "days of income", "household savings"),
)

NEIGHBOURHOOD = (
    Column("locality", "i4", "index", "its locality"),
    Column("first", "i8", "index", "its first citizen"),
    Column("size", "i4", "agents", "its citizens"),
    Column("kin_first", "i4", "index", "its first kin group"),
    Column("community", "u1", "Community", "its local community"),
    Column("trust", "f4", "share", "trust among the members of its community"),
    Column("acting", "i4", "halves", "2 for each willing protester, 1 for each engaged, yesterday"),
    Column("in_detention", "i4", "agents", "residents in detention"),
)

KIN = (Column("in_detention", "u2", "agents", "members in detention"),)

WORKPLACE = (
    Column("locality", "i4", "index", "its locality"),
    Column("class_", "u1", "index", "class of its workers"),
    Column("key", "u8", "64 bits", "what the names of locality and class add to the key of its draws"),
    Column("number", "i4", "index", "its number among those of its locality and class"),
    Column("size", "i4", "agents", "its workers"),
    Column("threshold", "f4", "share", "willing share at which it walks out"),
    Column("acting", "i4", "halves", "2 for each willing protester, 1 for each engaged, yesterday"),
    Column("willing", "i4", "agents", "workers willing to strike, yesterday"),
    Column("out", "u1", "flag", "on strike"),
    Column("organised", "i2", "days", "days in a row with an initiative group"),
    Column("barred", "i2", "days", "days until a broken strike may restart"),
)

LOCALITY = (
    Column("key", "u8", "64 bits", "what its name adds to the key of the draws of all who live there"),
    Column("first", "i8", "index", "its first citizen"),
    Column("size", "i4", "agents", "its citizens"),
    Column("settlement", "u1", "index", "kind of settlement, in the order of SETTLEMENTS"),
    Column("region", "i4", "index", "its region, in the order of their names"),
    Column("seen", "f8", "share", "share of its crowd that one of its people can see: all of it, except in villages"),
    Column("count", "i8", "agents", "the day's counts, columns as in Count", "counts"),
    Column("crowd", "i8", "agents", "attending by tactic", "tactics"),
    Column("attraction", "f8", "log odds", "attraction of each tactic", "tactics"),
    Column("mix", "f8", "share", "cumulative share of each tactic in today's action", "tactics"),
    Column("chance", "f8", "share", "today's chance of detention in each tactic", "tactics"),
    Column("injured", "i8", "persons", "injured today"),
    Column("killed", "i8", "persons", "killed today"),
    Column("deaths_owed", "f8", "agents", "deaths not yet taken from the population of agents"),
    Column("risk", "f8", "share", "remembered chance of detention of those who attend"),
    Column("remembered_crowd", "f8", "persons", "largest recent crowd of the place that its people still have in mind"),
    Column("visible", "f8", "0..1", "crowd still in mind, on a logarithmic scale"),
    Column("aid", "f8", "share", "share of needs met by engaged non-protesters"),
    Column("loyal", "i8", "agents", "loyal police by force", "forces"),
    Column("shirking", "i8", "agents", "shirking police by force", "forces"),
    Column("defected", "i8", "agents", "police who resigned or changed sides, by force", "forces"),
)

OFFICER = (
    Column("locality", "i4", "index", "home locality"),
    Column("force", "u1", "index", "force, in the order of their names"),
    Column("key", "u8", "64 bits", "what the names of locality and force add to the key of his draws"),
    Column("number", "i4", "index", "number among those of the same locality and force"),
    Column("rank", "u1", "index", "0 rank and file, 1 officer, 2 commander"),
    Column("outsider", "u1", "flag", "from elsewhere"),
    Column("former_loyalty", "f4", "SD", "loyalty on the first day"),
    Column("loyalty", "f4", "SD", "loyalty"),
    Column("fatigue", "f4", "share", "fatigue of duty"),
    Column("guilt", "f4", "share", "blood on the hands"),
    Column("service", "u1", "Service", "loyal, shirking, criticising, resigned or gone over"),
)

ELITE = (
    Column("kind", "u1", "index", "kind, in the order of their names"),
    Column("base", "f4", "SD", "lasting leaning of this person"),
    Column("preference", "f4", "SD", "private preference for the regime; below 0 is against"),
    Column("threshold", "f4", "share", "open dissent at which a private opponent speaks"),
    Column("stance", "u1", "Stance", "public stance"),
)

CLASS = (
    Column("size", "i8", "agents", "citizens of this class"),
    Column("crowd", "i8", "agents", "attending today"),
    Column("striking", "i8", "agents", "striking today"),
)

GROUP = (
    Column("cleavage", "u1", "Cleavage", "what the group is one of"),
    Column("size", "i8", "agents", "citizens of this group"),
    Column("crowd", "i8", "agents", "attending today"),
)
"""Groups by age, camp, settlement and region, in this order; classes have a table of their own."""

NATION = (
    Column("day", "i8", "days", "day of the run, from 0"),
    Column("turnout", "f8", "share", "attending today as a share of the population"),
    Column("remembered_turnout", "f8", "share", "largest turnout still in mind"),
    Column("heard_turnout", "f8", "0..1", "turnout as it is heard, on a logarithmic scale"),
    Column("remembered_violence", "f8", "per 100,000", "victims still in mind"),
    Column("heard_violence", "f8", "0..1", "violence as it is heard, on a logarithmic scale"),
    Column("peaceful", "f8", "share", "share of contact without violence from the crowd"),
    Column("abuse", "f8", "share", "mean aggression under which today's prisoners were taken"),
    Column("dispersion", "f8", "share", "how far action was spread over places"),
    Column("effective_places", "f8", "count", "effective number of places in which people acted"),
    Column("coverage", "f8", "share", "share of the population that lives where people acted in numbers"),
    Column("shock", "f8", "SD", "today's shock to all who do not think the regime legitimate"),
    Column("burden", "f8", "factor", "how much harder life is without public services"),
    Column("prison_threat", "f8", "share", "threat of prison by law or campaign"),
    Column("war", "f8", "share", "war the regime wages"),
    Column("legion_call", "f8", "share", "strength of a call for volunteers"),
    Column("police_bound", "f8", "share", "share of mobile forces kept elsewhere"),
    Column("volunteers", "f8", "per 100,000", "people away to fight"),
    Column("cyber", "f8", "share", "damage to the state's computers"),
    Column("findings", "f8", "share", "weight of what has been found on crimes of the regime"),
    Column("remittance_cut", "f8", "share", "share of money from abroad that stops today"),
    Column("remembered_defection", "f8", "resignations per officer", "acts of disloyalty still in mind, by weight"),
    Column("heard_defection", "f8", "0..1", "defection as it is heard, on a logarithmic scale"),
    Column("online", "f8", "share", "share of the population reached by the network"),
    Column("capacity", "f8", "share", "share of the internet that works"),
    Column("adoption", "f8", "share", "share of the able who circumvent"),
    Column("hub_reach", "f8", "share", "share of the population that follows the hub"),
    Column("coordination", "f8", "share", "leadership left after arrests"),
    Column("call", "f8", "share", "strength of today's call to come out"),
    Column("strike_call", "f8", "share", "strength of today's call to strike"),
    Column("pause", "f8", "share", "share of action called off today"),
    Column("working_day", "f8", "flag", "1 on a working day, 0 at the weekend"),
    Column("censorship", "f8", "share", "share of the news that state television keeps back today"),
    Column("sanctions", "f8", "share", "foreign sanctions today"),
    Column("epidemic", "f8", "share", "epidemic today"),
    Column("condemnation", "f8", "share", "outrage abroad"),
    Column("own_sanctions", "f8", "share", "sanctions that outrage has brought, beside those of events"),
    Column("community_trust", "f8", "share", "mean trust in communities"),
    Column("mean_anger", "f8", "SD", "mean anger of citizens"),
    Column("mean_fear", "f8", "SD", "mean fear of citizens"),
    Column("mean_legitimacy", "f8", "share", "mean legitimacy"),
    Column("mean_fatigue", "f8", "SD", "mean fatigue"),
    Column("mean_commitment", "f8", "SD", "mean commitment"),
    Column("strike_fund", "f8", "days of income", "money in strike funds, in agents' daily incomes"),
    Column("strike_pay", "f8", "share", "share of a striker's lost income that the fund replaces today"),
    Column("output_lost", "f8", "share", "share of revenue lost to strikes"),
    Column("treasury", "f8", "days of spending", "reserves"),
    Column("arrears", "f8", "share", "share of today's pay that is not paid"),
    Column("services", "f8", "share", "what is left of public services"),
    Column("contraction", "f8", "share", "lasting damage to revenue"),
    Column("put_by", "f8", "days of income", "what a household puts by on a paid day"),
    Column("base_striking", "f8", "share", "share of the loyal base on strike"),
    Column("silent", "f8", "share", "share of broadcasters on strike"),
    Column("initiative_groups", "i8", "count", "workplaces with an initiative group that are not out"),
    Column("workplaces_out", "i8", "count", "workplaces on strike"),
    Column("communities", "i8", "count", "local communities"),
    Column("officers", "i8", "agents", "police of all forces"),
    Column("loyal_share", "f8", "share", "loyal police, all forces, weighted by their crowd-control strength"),
    Column("duty_fatigue", "f8", "share", "mean fatigue of police"),
    Column("new_critics", "i8", "agents", "police who began to criticise today"),
    Column("new_resigned", "i8", "agents", "police who resigned today"),
    Column("new_switched", "i8", "agents", "police who changed sides today"),
    Column("critics", "i8", "agents", "police who criticise"),
    Column("resigned", "i8", "agents", "police who have resigned"),
    Column("switched", "i8", "agents", "police who have changed sides"),
    Column("elite_private", "f8", "share", "elites who privately prefer the regime"),
    Column("elite_public", "f8", "share", "elites who publicly support it"),
    Column("aggression", "f8", "share", "aggression of the regime"),
    Column("alert", "f8", "share", "alarm of the regime"),
    Column("policy_shutdown", "f8", "share", "internet cut by the regime's own choice today"),
    Column("concession", "f8", "share", "what the regime concedes"),
    Column("patron", "f8", "share", "the patron's backing"),
    Column("patron_gain", "f8", "share", "share of revenue that has passed to the patron's people"),
    Column("dependence", "f8", "share", "largest backing the regime has drawn on"),
    Column("breadth", "f8", "0..1", "breadth of the coalition: mean over the five cleavages"),
    Column("breadth_class", "f8", "0..1", "normalised entropy of participation rates over classes"),
    Column("breadth_age", "f8", "0..1", "the same over age groups"),
    Column("breadth_camp", "f8", "0..1", "the same over camps"),
    Column("breadth_settlement", "f8", "0..1", "the same over kinds of settlement"),
    Column("breadth_region", "f8", "0..1", "the same over regions"),
    Column("cooptation", "f8", "share", "share of the movement's voice that a narrower camp has won"),
    Column("groups", "f8", "count", "effective number of classes taking part"),
    Column("start_legitimacy", "f8", "share", "mean legitimacy on the first day"),
    Column("peak_turnout", "f8", "share", "largest turnout so far"),
    Column("quiet_days", "i8", "days", "days in a row below notice"),
    Column("failing_days", "i8", "days", "days in a row with two pillars failing"),
    Column("injured", "i8", "persons", "injured today"),
    Column("killed", "i8", "persons", "killed today"),
    Column("killed_week", "f8", "persons", "killed in about seven days (exponential window)"),
)

TACTIC = (
    Column("key", "u8", "64 bits", "what its name adds to the key of draws about crowds that hold it"),
    Column("familiarity", "f8", "share", "how well police know the tactic"),
)

TABLES: Mapping[str, tuple[Column, ...]] = {
    "citizens": CITIZEN,
    "neighbourhoods": NEIGHBOURHOOD,
    "kin": KIN,
    "workplaces": WORKPLACE,
    "localities": LOCALITY,
    "officers": OFFICER,
    "elites": ELITE,
    "classes": CLASS,
    "groups": GROUP,
    "tactics": TACTIC,
}


def _tuple_of(name: str, columns: tuple[Column, ...]) -> Any:
    made = namedtuple(name, [column.name for column in columns])  # type: ignore[misc]
    made.__doc__ = "\n".join(f"{c.name} ({c.dtype}, {c.unit}): {c.meaning}" for c in columns)
    return made


Citizens: Any = _tuple_of("Citizens", CITIZEN)
Neighbourhoods: Any = _tuple_of("Neighbourhoods", NEIGHBOURHOOD)
Kin: Any = _tuple_of("Kin", KIN)
Workplaces: Any = _tuple_of("Workplaces", WORKPLACE)
Localities: Any = _tuple_of("Localities", LOCALITY)
Officers: Any = _tuple_of("Officers", OFFICER)
Elites: Any = _tuple_of("Elites", ELITE)
Classes: Any = _tuple_of("Classes", CLASS)
Groups: Any = _tuple_of("Groups", GROUP)
Tactics: Any = _tuple_of("Tactics", TACTIC)
NATION_TYPE = np.dtype([(column.name, column.dtype) for column in NATION], align=True)

_MADE = (Citizens, Neighbourhoods, Kin, Workplaces, Localities, Officers, Elites, Classes, Groups, Tactics)


def allocate(table: str, rows: int, widths: Mapping[str, int]) -> Any:
    """Return the named tuple of zeroed arrays of a table.

    Parameters
    ----------
    table : str
        A key of :data:`TABLES`.
    rows : int
        Length of every array.
    widths : mapping of str to int
        Second dimension of the columns that have one: ``counts``, ``tactics``, ``forces``.
    """
    make = dict(zip(TABLES, _MADE, strict=True))[table]
    return make(
        *(np.zeros((rows, widths[c.width]) if c.width else rows, dtype=np.dtype(c.dtype)) for c in TABLES[table])
    )


def bytes_per_citizen() -> int:
    """Return the bytes of state that a citizen takes, without ties."""
    return sum(np.dtype(column.dtype).itemsize for column in CITIZEN)
