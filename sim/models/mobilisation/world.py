"""The state of a run: its arrays, the ties between citizens, and the names of their indices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.core.table import Table
from sim.models.mobilisation.typed import (
    Citizens,
    Classes,
    Elites,
    Groups,
    Institutions,
    Kin,
    Kinds,
    Localities,
    Nation,
    Neighbourhoods,
    Officers,
    Rows,
    Tactics,
    Workplaces,
)


class World(Table):
    """Everything the step loop reads and writes. None of it is replaced; the arrays change only in the step loop.

    Attributes
    ----------
    citizens, neighbourhoods, kin, workplaces, localities, officers, elites, kinds, institutions, classes, groups,
    tactics
        As listed in :mod:`sim.models.mobilisation.state`.
    nation : structured array, shape (1,)
        National state, columns as in ``sim.models.mobilisation.state.NATION``.
    ties : int32 array, shape (citizens, ties)
        The citizens whose news each citizen sees.
    """

    citizens: Citizens
    neighbourhoods: Neighbourhoods
    kin: Kin
    workplaces: Workplaces
    localities: Localities
    officers: Officers
    elites: Elites
    kinds: Kinds
    institutions: Institutions
    classes: Classes
    groups: Groups
    tactics: Tactics
    nation: Rows[Nation]
    ties: NDArray[np.int32]
