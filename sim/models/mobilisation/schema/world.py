"""Sections ``world`` and ``war``: those who watch from abroad, and what a war does at home."""

from __future__ import annotations

from sim.scenario.fields import Open


class Abroad(Open):
    """How the world outside reacts (model stage 13)."""


class War(Open):
    """What a war the regime wages, or a war against it, does at home (model stages 1, 4 and 8)."""
