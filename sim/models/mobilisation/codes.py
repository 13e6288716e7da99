"""The codes that arrays hold: roles, media, what is counted, and so on."""

from __future__ import annotations

from enum import IntEnum


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
    PRIVATE = 2  # has broken with the ruler, and does not say so


class Power(IntEnum):
    """What an institution can do to a ruler."""

    ANNUL = 1
    REMOVE = 2
    OUST = 3
    REFUSE = 4
    WITHHOLD = 5


class Choice(IntEnum):
    """What a ruler can choose for tomorrow."""

    WAIT = 0
    CLEAR = 1
    ARMY = 2
    CONCEDE = 3
    RESIGN = 4
    FLEE = 5


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
"""Units of one in which emotions are added up, exactly in any order."""
