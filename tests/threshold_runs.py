"""Runs of the threshold models without tables: thousands of them in seconds."""

from __future__ import annotations

from typing import Any

from sim.models.interface import Outcome, engine_of
from sim.run.load import load


def finished(name: str, seed: int, changes: dict[str, object] | None = None, config: Any = None) -> tuple[Any, Outcome]:
    """Return the last state and the outcome of a run, of a scenario or of a configuration that is loaded already."""
    config = load(name, changes).config if config is None else config
    engine = engine_of(config.model)
    state = engine.build(config, seed, 1)
    for _ in range(engine.steps(config)):
        engine.advance(state)
        found = engine.outcome(state)
        if found is not None:
            return state, found
    return state, engine.verdict(state)
