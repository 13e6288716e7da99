"""Every parameter at both ends of its range: the day goes on, numbers stay numbers and shares stay shares."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pydantic import BaseModel, ValidationError
from tiny_country import arrays, country, live_through

from sim.models.mobilisation.schema.scenario import Mobilisation
from sim.models.mobilisation.state import NATION, TABLES

ELSEWHERE = ("about", "outcome", "places", "run", "mechanisms", "time")
"""Sections without parameters of the day."""


def sections(model: type[BaseModel], path: str) -> Iterator[tuple[str, type[BaseModel]]]:
    yield path, model
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from sections(field.annotation, f"{path}.{name}".strip("."))


def ends() -> Iterator[tuple[str, float]]:
    """Key path and value of both ends of every number's range."""
    for path, model in sections(Mobilisation, ""):
        if not path or path.startswith(ELSEWHERE):
            continue
        for name, field in model.model_fields.items():
            for limit in field.metadata:
                end = getattr(limit, "ge", getattr(limit, "le", None))
                if end is not None and field.annotation in (int, float):
                    yield f"{path}.{name}", end


def test_there_are_ranges_to_try():
    assert len({path for path, _ in ends()}) > 100


REFUSED = {
    f"information.{name}_{end}" for name in ("turnout", "violence", "defection", "crowd") for end in ("low", "high")
} | {f"police.ranks.{rank}" for rank in ("rank_and_file", "officer", "commander")}
REFUSED |= {"elites.private_noise", "elites.public_noise"}
"""Numbers that must agree with others, so that the schema refuses some of the ends."""


@pytest.mark.parametrize(("path", "value"), list(ends()), ids=str)
def test_no_parameter_breaks_the_day_at_the_end_of_its_range(path: str, value: float):
    try:
        config = country({path: value, "run.persons_per_agent": 500, "run.officers_per_agent": 20})
    except ValidationError:
        assert path in REFUSED
        return
    state = live_through(config, days=7)
    odd = [name for name, values in arrays(state.world).items() if not np.isfinite(values).all()]
    for owner, columns in {**TABLES, "nation": NATION}.items():
        for column in columns:
            table = getattr(state.world, owner)
            values = table[column.name] if owner == "nation" else getattr(table, column.name)
            if column.unit in {"share", "0..1", "flag"} and not within_one(values):
                odd.append(f"{owner}.{column.name}")
    days = state.recorder.national(config)
    odd += [name for name in days.columns if days[name].dtype == np.int64 and (days[name] < 0).any()]
    assert odd == []


def within_one(values: np.ndarray) -> bool:
    return bool(((values >= -1e-6) & (values <= 1.0 + 1e-6)).all())
