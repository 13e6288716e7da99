"""Citizens as a table: a copy of what the arrays hold of some of them, with names for numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.core.errors import Problem, ScenarioError, nearest
from sim.core.names import in_order, numbers
from sim.models.mobilisation.codes import Role

if TYPE_CHECKING:
    import pandas as pd

ROLES = tuple(role.name.lower() for role in Role)


def citizens_of(state: Any, role: str | None, locality: str | None) -> pd.DataFrame:
    """Return citizens as they are now, a row each; see ``ProtestModel.citizens``.

    Parameters
    ----------
    state : sim.models.mobilisation.engine.State
    role : str or None
        One of :data:`ROLES`, or all.
    locality : str or None
        One of the scenario's, or all.
    """
    import pandas as pd

    config, world = state.config, state.world
    citizens = world.citizens
    chosen = _chosen(citizens.role, role)
    if locality is not None:
        place = numbers(config.places.localities)[locality]
        chosen &= world.neighbourhoods.locality[citizens.neighbourhood] == place
    rows = np.flatnonzero(chosen)
    home = citizens.neighbourhood[rows]

    def coded(codes: Any, names: Sequence[str]) -> Any:
        return pd.Categorical.from_codes(np.asarray(codes, dtype=np.int64).tolist(), pd.Index(names))

    def named(codes: Any, names: Iterable[str]) -> Any:
        return coded(codes, in_order(names)).reorder_categories(list(names))

    columns: dict[str, Any] = {
        "role": coded(citizens.role[rows], ROLES),
        "locality": named(world.neighbourhoods.locality[home], config.places.localities),
        "neighbourhood": home,
        "class": named(citizens.class_[rows], config.people.classes),
        "age": named(citizens.age[rows], config.people.ages),
        "camp": named(citizens.camp[rows], config.people.camps),
        "tactic": named(citizens.attending[rows].astype(np.int64) - 1, config.movement.tactics),
        "striking": citizens.striking[rows] == 2,
    }
    for name in ("anger", "fear", "legitimacy", "fatigue", "commitment"):
        columns[name] = getattr(citizens, name)[rows]
    return pd.DataFrame(columns, index=pd.Index(rows, name="citizen"))


def _chosen(roles: Any, role: str | None) -> Any:
    if role is None:
        return np.ones(roles.size, dtype=bool)
    if role not in ROLES:
        near = nearest(role, ROLES)
        raise ScenarioError(Problem(f"there is no such role; there are {', '.join(ROLES)}", "role", nearest=near))
    return roles == ROLES.index(role)
