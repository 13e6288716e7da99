"""Sections ``world`` and ``war``: those who watch from abroad, and what a war does at home."""

from __future__ import annotations

from sim.scenario.fields import Section, fraction, number


class Abroad(Section):
    """How the world outside reacts (model stage 13)."""

    framing: float = fraction("share of foreign attention that sees the movement as the people see it")
    violence_outrage: float = number("outrage abroad at full violence against the peaceful", "share", 0.0, 5.0)
    turnout_outrage: float = number("attention abroad to full turnout", "share", 0.0, 5.0)
    findings_outrage: float = number("outrage abroad at full findings on crimes", "share", 0.0, 5.0)
    tolerance: float = fraction("outrage that has no consequences")
    sanction_speed: float = number("share of the gap to what outrage demands closed a day", "1/day", 0.0, 1.0)
    patron_wavering: float = fraction("share of the patron's backing that full outrage takes away")


class War(Section):
    """What a war the regime wages, or a war against it, does at home (model stages 1, 4 and 8)."""

    conscription_anger: float = number("anger gained a day under a full call-up", "1/day", 0.0, 1.0)
    rally: float = number("belief gained a day by viewers of state TV under full war", "1/day", 0.0, 1.0)
    emigration: float = number("chance a day that one opposed and afraid leaves, under full war", "1/day", 0.0, 1.0)
    volunteering: float = number("chance a day that one fully angry leaves to fight, at a full call", "1/day", 0.0, 1.0)
    legion_bind: float = number("share of mobile forces bound per volunteers", "share per 100,000 people", 0.0, 1.0)
