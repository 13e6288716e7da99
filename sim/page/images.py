"""The pictures of a frame, as PNG: map, neighbourhoods, thresholds, grid.

Widths are CSS pixels; a picture is `width * scale` pixels wide, so that scale 2 is sharp on fine screens.
All read frames only, and take some tens of milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.core.errors import Problem, ProtestorateError, ScenarioError, nearest
from sim.mesa.country import Country
from sim.mesa.frames import Frame
from sim.page.canvas import Canvas
from sim.page.grid_image import draw_grid
from sim.page.map_image import COLOURINGS as MAP_COLOURINGS
from sim.page.map_image import draw_map, locality_at, map_size
from sim.page.numbers_image import draw_numbers
from sim.page.street_image import draw_street
from sim.page.threshold_image import draw_thresholds

COLOURINGS: Mapping[str, str] = {name: look.label for name, look in MAP_COLOURINGS.items()}
"""What the colour of the map's circles can show."""


def map_png(
    frame: Frame, country: Country, colour: str = "share", selected: str | None = None, width: int = 720,
    scale: int = 2, title: bool = True,
) -> bytes:  # fmt: skip
    """Return the map of a day.

    Parameters
    ----------
    frame : Frame
    country : Country
    colour : str
        A key of :data:`COLOURINGS`.
    selected : str, optional
        A locality to be marked.
    width, scale : int
        Width [CSS pixels], and pixels for each of them.
    title : bool
        Whether date and turnout stand above the map.

    Returns
    -------
    bytes
        A PNG. The area of a circle is proportional to the people in action, on the same scale every day.

    Raises
    ------
    ScenarioError
        If there is no such colour.
    """
    if colour not in COLOURINGS:
        known = ", ".join(COLOURINGS)
        raise ScenarioError(Problem(f"must be one of {known}", "colour", given=repr(colour),
                                    nearest=nearest(colour, COLOURINGS)))  # fmt: skip
    return draw_map(frame, country, colour, selected, width, scale, title).png()


def neighbourhood_png(frame: Frame, country: Country, locality: str, width: int = 720, scale: int = 2) -> bytes:
    """Return the neighbourhoods of a locality: a square for each citizen, coloured by what he does.

    Police whose home it is stand beside. A green rim marks a neighbourhood with a local community.

    Raises
    ------
    ScenarioError
        If there is no such locality.
    """
    return draw_street(frame, country, locality, width, scale).png()


def threshold_png(frame: Frame, width: int = 720, scale: int = 2) -> bytes:
    """Return the state of a threshold model: who acts, and how many would act if so many acted.

    Raises
    ------
    ProtestorateError
        If the frame is of another model.
    """
    if frame.crowd is None:
        raise ProtestorateError("only a threshold model can be drawn by thresholds")
    return draw_thresholds(frame, width, scale).png()


def grid_png(frame: Frame, width: int = 720, scale: int = 2) -> bytes:
    """Return the cells of a grid model, each in the colour of its state.

    Raises
    ------
    ProtestorateError
        If the frame is of another model.
    """
    if frame.grid is None:
        raise ProtestorateError("only a model on a grid can be drawn by cells")
    return draw_grid(frame, width, scale).png()


def picture(
    frame: Frame, country: Country | None, colour: str = "share", selected: str | None = None, width: int = 720,
    scale: int = 2,
) -> bytes:  # fmt: skip
    """Return the main picture of any model, as :func:`main_canvas` draws it."""
    return main_canvas(frame, country, colour, selected, width, scale).png()


def main_canvas(
    frame: Frame, country: Country | None, colour: str, selected: str | None, width: int, scale: int
) -> Canvas:
    """Draw the main picture of any model: the map, the cells, the thresholds, or else the numbers of the step."""
    if country is not None:
        return draw_map(frame, country, colour, selected, width, scale)
    if frame.grid is not None:
        return draw_grid(frame, width, scale)
    return draw_numbers(frame, width, scale) if frame.crowd is None else draw_thresholds(frame, width, scale)


__all__ = [
    "COLOURINGS",
    "grid_png",
    "locality_at",
    "map_png",
    "map_size",
    "neighbourhood_png",
    "picture",
    "threshold_png",
]
