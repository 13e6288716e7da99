"""The scratch table of a chunk of citizens: what they hear and see, and how far from acting that leaves them."""

from __future__ import annotations

ROWS = 14
(
    HEARD,  # how much of the news
    NEAR,  # share of neighbours acting
    COLLEAGUES,  # share of colleagues acting
    TIES,  # share of weak ties acting, as far as online
    VIOLENCE,  # violence felt
    CONNECTED,  # how far online
    MEMBER,  # how much of a local community, 0 outside one
    FAMILY,  # 1 with kin in detention
    TELEVISION,  # trust in state television of one who watches it, else 0
    TO_PROTEST,  # margin of the motive to protest
    TO_ENGAGE,  # margin of the motive to help
    TO_STRIKE,  # margin of the motive to strike
    WRONGED,  # grievance
    FELT,  # fear times risk aversion
) = range(ROWS)

CHUNK = 2048
"""Citizens of a chunk, at least; a chunk ends with a neighbourhood or its locality."""
