"""The numbers of a step as a picture, for models that have neither a map nor thresholds."""

from __future__ import annotations

from numbers import Real

from sim.core.formats import number, to_digits
from sim.mesa.frames import Frame
from sim.models.results import capital
from sim.page.canvas import GREY_, Canvas, blank

SIDE, HEADER, ROW, FEWEST_ROWS = 14, 52, 26, 4


def draw_numbers(frame: Frame, width: int = 720, scale: int = 2) -> Canvas:
    """Draw a row for each number of the step, in the order of the model's report."""
    rows = [(str(name), value) for name, value in frame.national.items() if name != "step" and isinstance(value, Real)]
    canvas = blank(width, HEADER + ROW * max(len(rows), FEWEST_ROWS) + SIDE, scale)
    canvas.text(SIDE, 8, capital(frame.label), 16, bold=True)
    for place, (name, value) in enumerate(rows):
        y = HEADER + place * ROW
        canvas.text(SIDE, y, canvas.fitting(name.replace("_", " "), width * 0.6, 12), 12, GREY_)
        written = number(float(value)) if float(value).is_integer() else to_digits(float(value))
        canvas.text(width - SIDE, y, written, 13, bold=True, anchor="ra")
    return canvas
