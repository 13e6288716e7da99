"""A threshold model at a glance: who acts, and where the crowd can come to rest."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from sim.core.formats import number
from sim.figures.plot import BLACK, BLUE, ORANGE, VERMILION
from sim.mesa.frames import Frame
from sim.models.interface import Crowd
from sim.models.results import capital
from sim.page.canvas import FAINT, GREY_, INK_, WHITE, Canvas, Colour, blank, disc, rgb

WAITING, ACTING, NEXT, GONE = rgb("#DDDDDD"), rgb(BLUE), rgb(ORANGE), rgb(BLACK)
LOOKS = (WAITING, NEXT, ACTING, GONE)
"""The colour of each standing of :class:`sim.models.interface.Crowd`."""
NAMES = {ACTING: "acting", NEXT: "joins next", WAITING: "waits", GONE: "removed"}
HEADER, SIDE, LEGEND = 62, 14, 34
MOST_SQUARES = 10_000


def draw_thresholds(frame: Frame, width: int = 720, scale: int = 2) -> Canvas:
    """Draw a threshold model; see :func:`sim.page.images.threshold_png`."""
    crowd = frame.crowd
    assert crowd is not None
    narrow = width < 560
    side = width - 2 * SIDE if narrow else (width - 3 * SIDE) // 2
    height = HEADER + side + LEGEND + (side + 40 if narrow else 0)
    canvas = blank(width, height, scale)
    persons, acting = crowd.standing.size, int((crowd.standing == 2).sum())
    removed = int((crowd.standing == 3).sum())
    canvas.text(SIDE, 8, capital(frame.label), 16, bold=True)
    words = f"{number(acting)} of {number(persons)} persons act" + (f", {number(removed)} removed" if removed else "")
    canvas.text(SIDE, 36, words, 12, GREY_)
    _squares(canvas, crowd, SIDE, HEADER, side)
    _legend(canvas, HEADER + side + 10, LOOKS[: 4 if removed else 3])
    left, top = (SIDE, HEADER + side + LEGEND + 24) if narrow else (2 * SIDE + side, HEADER)
    _curve(canvas, crowd, acting, left, top, side)
    return canvas


def _squares(canvas: Canvas, crowd: Crowd, left: int, top: int, side: int) -> None:
    """Draw a square a person, lowest threshold first; of a very large crowd every so many-th."""
    every = math.ceil(crowd.standing.size / MOST_SQUARES)
    shown = np.array(LOOKS, dtype=np.uint8)[crowd.standing[::every]]
    columns = math.ceil(math.sqrt(len(shown)))
    cell = max(1, side * canvas.scale // columns)
    rows = math.ceil(len(shown) / columns)
    squares = np.full((rows * columns, 3), 255, dtype=np.uint8)
    squares[: len(shown)] = shown
    pixels = np.repeat(np.repeat(squares.reshape(rows, columns, 3), cell, axis=0), cell, axis=1)
    edge = 0 if cell < 4 else max(1, cell // 8)
    for i in range(edge):
        pixels[cell - 1 - i :: cell] = 255
        pixels[:, cell - 1 - i :: cell] = 255
    canvas.image.paste(Image.fromarray(pixels), (left * canvas.scale, top * canvas.scale))


def _legend(canvas: Canvas, y: float, looks: tuple[Colour, ...]) -> None:
    x = float(SIDE)
    for colour, words in NAMES.items():
        if colour in looks:
            canvas.box(x, y + 2, 10, 10, colour)
            canvas.text(x + 14, y, words, 11.5)
            x += 30 + canvas.width_of(words, 11.5)


def _curve(canvas: Canvas, crowd: Crowd, acting: int, left: float, top: float, side: float) -> None:
    """Draw how many would act if so many acted, the line on which a crowd rests, and where this one is."""
    persons = crowd.thresholds.size
    floor, room = top + side - 34, side - 40
    start = left + 36

    def place(now: float, then: float) -> tuple[float, float]:
        return (start + now / persons * room) * canvas.scale, (floor - then / persons * room) * canvas.scale

    grid = np.linspace(0, persons, 401)
    would = np.searchsorted(crowd.thresholds, grid, side="right")
    canvas.pen.line([place(0, 0), place(persons, 0)], fill=FAINT, width=canvas.scale)
    canvas.pen.line([place(0, 0), place(0, persons)], fill=FAINT, width=canvas.scale)
    canvas.pen.line([place(0, 0), place(persons, persons)], fill=rgb("#8A8A8A"), width=canvas.scale)
    points = [place(float(now), float(then)) for now, then in zip(grid, would, strict=True)]
    canvas.pen.line(points, fill=ACTING, width=2 * canvas.scale, joint="curve")
    pixels = np.array(canvas.image)
    x, y = place(acting, int(np.searchsorted(crowd.thresholds, acting, side="right")))
    disc(pixels, x, y, 5.0 * canvas.scale, rgb(VERMILION), WHITE, 1.5 * canvas.scale)
    canvas.image.paste(Image.fromarray(pixels))
    canvas.text(start, floor + 6, "0", 10.5, GREY_, anchor="ma")
    canvas.text(start + room, floor + 6, number(persons), 10.5, GREY_, anchor="ma")
    canvas.text(start + room / 2, floor + 6, "persons acting now", 11.5, INK_, anchor="ma")
    canvas.text(start - 5, floor - room, number(persons), 10.5, GREY_, anchor="rm")
    then = "would act then" if crowd.everybody else "would act then if everybody saw everybody"
    canvas.text(start, floor - room - 14, then, 11.5, INK_, anchor="lm")
    if crowd.everybody:
        canvas.text(
            start + room - 2, floor - 16, "on the grey line the crowd rests", 10.5, GREY_, anchor="rm", halo=True
        )  # fmt: skip
