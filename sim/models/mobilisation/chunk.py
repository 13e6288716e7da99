"""The working table of a chunk of citizens, a row for each thing that is worked out on the way to what they do."""

from __future__ import annotations

ROWS = 24
(
    HEARD,  # how much of the news
    NEAR,  # share of neighbours acting
    COLLEAGUES,  # share of colleagues acting
    TIES,  # share of weak ties acting, as far as online
    VIOLENCE,  # violence felt, which frightens
    OUTRAGE,  # visible violence felt, which outrages
    CONNECTED,  # how far online
    MEMBER,  # how much of a local community, 0 outside one
    FAMILY,  # 1 with kin in detention, otherwise the chance that a friend is
    TELEVISION,  # trust in state television of one who watches it, else 0
    WRONGED,  # grievance
    HELD,  # share of the neighbourhood in detention
    RISK,  # of the own place: remembered chance of detention
    AID,  # of the own place: aid
    VIGIL,  # of the own place: vigils as they are seen
    VISIBLE,  # of the own place: the crowd as it is seen
    MOTIVE,  # motive to act, the sum of what the mechanisms add
    FELT,  # fear times risk aversion
    TO_PROTEST,  # margin of the motive to protest
    TO_ENGAGE,  # margin of the motive to help
    TO_STRIKE,  # margin of the motive to strike
    GIVEN,  # what has been looked up for each, for the loop that is at work
    LUCK,  # this and the one after it: draws of the impulses to act and to strike
    _,
) = range(ROWS)

CHUNK = 2048
"""Citizens of a chunk, at least; a chunk ends with a neighbourhood."""
