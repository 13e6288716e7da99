"""How a frame is made: a run's arrays, copied in the evening of a day."""

from __future__ import annotations

import datetime as dt
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core import names
from sim.mesa.frames import PLACE_COLUMNS, POLICE_COLUMNS, Figure, Frame, Grid, Layout, Record
from sim.models.interface import Outcome
from sim.models.mobilisation.codes import Count, Role
from sim.models.mobilisation.recorder import officers
from sim.run.simulate import Running

QUICKEST = 1
"""Level of compression: most citizens of a day are alike, so more would save little."""


def layout_of(running: Running) -> Layout | None:
    """Return where localities begin, for models with citizens; None for others."""
    world = getattr(running.state, "world", None)
    if world is None:
        return None
    places = world.localities.size.size
    homes = np.bincount(world.neighbourhoods.locality, minlength=places).astype(np.int64)
    rows = np.array(list(names.numbers(running.state.config.places.localities).values()))
    return Layout(
        rows=_kept(rows),
        first=_kept(world.localities.first[rows]),
        size=_kept(world.localities.size[rows]),
        home_first=_kept((np.cumsum(homes) - homes)[rows]),
        homes=_kept(homes[rows]),
        home_size=_kept(world.neighbourhoods.size),
        persons_per_agent=running.state.config.run.persons_per_agent,
        officers_per_agent=running.state.config.run.officers_per_agent,
    )


def frame_of(running: Running, layout: Layout | None, outcome: Outcome | None) -> Frame:
    """Return the day that a run has just ended, copied."""
    if layout is None:
        return _plain_frame(running, outcome)
    state = running.state
    day = running.done
    config, world = state.config, state.world
    national: dict[str, Any] = {}
    if day:
        row = state.recorder.national(config, since=day - 1)
        values = row.to_numpy(dtype=object)[0].tolist()  # plain numbers; several times faster than column by column
        national = {name: value for name, value in zip(row.columns, values, strict=True) if name != "date"}
    return Frame(
        day=day,
        date=config.time.start + dt.timedelta(days=max(day - 1, 0)),
        label=running.label if day else "before the first day",
        national=Record(national),
        places=Record(_places(world, layout, config)),
        outcome=outcome,
        people=_packed(figures(world)),
        communities=_packed(world.neighbourhoods.community),
        layout=layout,
    )


def _plain_frame(running: Running, outcome: Outcome | None) -> Frame:
    national: dict[str, Any] = {}
    if running.done:
        row = running.engine.report(running.state).days.iloc[-1]
        national = {str(name): getattr(value, "item", lambda kept=value: kept)() for name, value in row.items()}
    return Frame(
        day=running.done,
        date=None,
        label=running.label if running.done else "before the first step",
        national=Record(national),
        places=Record({}),
        outcome=outcome,
        crowd=running.engine.crowd(running.state) if running.engine.crowd else None,
        grid=_grid(running),
    )


def _grid(running: Running) -> Grid | None:
    picture = running.engine.picture
    if picture is None:
        return None
    drawn = picture(running.state)
    rows, columns = drawn.cells.shape
    return Grid((rows, columns), drawn.states, _packed(drawn.cells))


def figures(world: Any) -> NDArray[np.uint8]:
    """Return what each citizen is drawn as, shape (citizens,); see :class:`Figure`."""
    role = world.citizens.role
    drawn: NDArray[np.uint8] = np.minimum(role, int(Role.EXILED)).astype(np.uint8)
    drawn += (role >= int(Role.DETAINED)).astype(np.uint8)
    in_action = (role == int(Role.PROTESTER)) & (world.citizens.attending > 0)
    drawn[in_action] = int(Figure.IN_ACTION)
    return drawn


def _places(world: Any, layout: Layout, config: Any) -> dict[str, NDArray[Any]]:
    """Persons by locality; on day 0 nobody has acted yet."""
    counts, persons = world.localities.count[layout.rows], layout.persons_per_agent
    columns = dict(
        zip(
            (*PLACE_COLUMNS, "in_detention"),
            (Count.ATTENDING, Count.PROTESTING, Count.ENGAGED, Count.STRIKING, Count.DETAINED, Count.IN_DETENTION),
            strict=True,
        )
    )
    found = {name: _kept(counts[:, column] * persons) for name, column in columns.items()}
    services = [getattr(world.localities, name.removeprefix("police_"))[layout.rows] for name in POLICE_COLUMNS]
    police = officers(np.stack(services, axis=1), config).sum(axis=-1)
    for column, name in enumerate(POLICE_COLUMNS):
        found[name] = _kept(police[:, column])
    return found


def _kept(values: NDArray[Any]) -> NDArray[Any]:
    """A copy that nobody can write."""
    copy = np.array(values)
    copy.flags.writeable = False
    return copy


def _packed(values: NDArray[np.uint8]) -> bytes:
    return zlib.compress(np.ascontiguousarray(values).tobytes(), QUICKEST)
