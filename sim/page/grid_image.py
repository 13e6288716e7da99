"""A grid model at a glance: every cell by its state, as the first builders of these models drew them."""

from __future__ import annotations

import numpy as np
from PIL import Image

from sim.core.formats import number
from sim.mesa.frames import Frame
from sim.models.results import capital
from sim.page.canvas import GREY_, Canvas, blank, rgb

HEADER, SIDE, LEGEND, LINE = 62, 14, 30, 18
LEAST_WITH_GAPS = 5
"""Cells of so many pixels and more are set apart by a thin line."""


def draw_grid(frame: Frame, width: int = 720, scale: int = 2) -> Canvas:
    """Draw a model on a grid; see :func:`sim.page.images.grid_png`."""
    grid = frame.grid
    assert grid is not None
    rows, columns = grid.shape
    room = (width - 2 * SIDE) * scale
    tall = max(1, round(room * rows / columns))
    lines = _legend_lines(frame, width, scale)
    canvas = blank(width, HEADER + -(-tall // scale) + LEGEND + LINE * (len(lines) - 1), scale)
    canvas.text(SIDE, 8, capital(frame.label), 16, bold=True)
    canvas.text(SIDE, 36, _said(frame), 12, GREY_)
    canvas.image.paste(Image.fromarray(_pixels(frame, room, tall)), (SIDE * scale, HEADER * scale))
    top = HEADER + tall / scale + 8
    for number_, line in enumerate(lines):
        x = float(SIDE)
        for colour, name in line:
            canvas.box(x, top + LINE * number_ + 2, 10, 10, rgb(colour), GREY_)
            canvas.text(x + 14, top + LINE * number_, name, 11.5)
            x += 30 + canvas.width_of(name, 11.5)
    return canvas


def _said(frame: Frame) -> str:
    """Return how many are in each state of which the day's numbers tell, or the cells taken before the first."""
    row = frame.national
    if "active" not in row:
        return "before anybody has acted"
    groups = [
        f"{number(row[name])} {name.replace('_', ' ')}" for name in ("first_group", "second_group") if name in row
    ]
    states = [f"{number(row[name])} {name}" for name in ("active", "quiet", "jailed") if name in row]
    return ", ".join(groups or states)


def _pixels(frame: Frame, wide: int, tall: int) -> np.ndarray:
    """Return the picture of the cells, shape (tall, wide, 3); a picture smaller than the grid leaves cells out."""
    assert frame.grid is not None
    rows, columns = frame.grid.shape
    palette = np.array([rgb(state.colour) for state in frame.grid.states], dtype=np.uint8)
    down, across = np.arange(tall) * rows // tall, np.arange(wide) * columns // wide
    pixels = palette[frame.grid.cells()[down[:, None], across]]
    if wide // columns >= LEAST_WITH_GAPS:
        pixels[np.flatnonzero(np.diff(down, append=rows))] = 255
        pixels[:, np.flatnonzero(np.diff(across, append=columns))] = 255
    return pixels


def _legend_lines(frame: Frame, width: int, scale: int) -> list[list[tuple[str, str]]]:
    """Return colour and name of each state but the empty one, in as many lines as they need."""
    assert frame.grid is not None
    ruler = blank(1, 1, scale)
    lines: list[list[tuple[str, str]]] = [[]]
    used = 0.0
    for state in frame.grid.states[1:]:
        taken = 30 + ruler.width_of(state.name, 11.5)
        if lines[-1] and used + taken > width - 2 * SIDE:
            lines.append([])
            used = 0.0
        lines[-1].append((state.colour, state.name))
        used += taken
    return lines
