"""The state of a run: its arrays, the ties between citizens, and the names of their indices."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.table import Table


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

    citizens: Any
    neighbourhoods: Any
    kin: Any
    workplaces: Any
    localities: Any
    officers: Any
    elites: Any
    kinds: Any
    institutions: Any
    classes: Any
    groups: Any
    tactics: Any
    nation: NDArray[Any]
    ties: NDArray[np.int32]
