"""The neighbourhood view: every citizen of a locality as a square, neighbourhood by neighbourhood, police beside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sim.core.formats import day, number
from sim.figures.plot import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION, YELLOW
from sim.mesa.country import Country
from sim.mesa.frames import Frame, Street
from sim.models.mobilisation.recorded import SERVICE
from sim.models.mobilisation.results import column
from sim.page.canvas import FAINT, GREY_, WHITE, Canvas, Colour, rgb, width_of

COLOURS: tuple[Colour, ...] = tuple(map(rgb, ("#DDDDDD", SKY, BLUE, "#111111", VERMILION, YELLOW)))
"""Of each :class:`sim.mesa.frames.Figure`: the more involved, the darker, until a person is taken."""
NAMES = ("bystander", "engaged", "would protest", column("attending").brief, "detained", "gone (exile, war, death)")
POLICE_COLOURS: tuple[Colour, ...] = tuple(map(rgb, (GREY, ORANGE, PURPLE)))
POLICE_NAMES = tuple(column(f"police_{service}_*").brief for service in SERVICE)
COMMUNITY = rgb(GREEN)
HEADER = 62
GAP = 8
SIDE = 14
NARROW = 560
"""Width of a picture for a phone [CSS pixels]."""
LARGEST_CELL = 14
TALLEST, TALLEST_NARROW = 0.95, 2.0
"""Height of the citizens, as a share of their width; more of them make the picture taller if they must."""
NOTHING = 255
RIM = len(COLOURS)
PALETTE = [*(part for colour in (*COLOURS, COMMUNITY) for part in colour), *[255] * (3 * (NOTHING - RIM))]


@dataclass(frozen=True)
class Blocks:
    """How a locality's citizens are laid out [pixels of the screen].

    Attributes
    ----------
    columns, rows : int
        Neighbourhoods side by side, and one below the other.
    across, down : int
        Citizens side by side in a neighbourhood, and one below the other.
    cell : int
        Side of the square that is a citizen.
    rim : int
        Width of the line around a neighbourhood, in which a community shows.
    gap : int
        Distance between neighbourhoods.
    """

    columns: int
    rows: int
    across: int
    down: int
    cell: int
    rim: int
    gap: int

    @property
    def width(self) -> int:
        """Width of the whole."""
        return self.columns * (self.across * self.cell + 2 * self.rim + self.gap)

    @property
    def height(self) -> int:
        """Height of the whole."""
        return self.rows * (self.down * self.cell + 2 * self.rim + self.gap)


def blocks(sizes: NDArray[np.int64], width: int, height: int, scale: int) -> Blocks:
    """Return the layout with the largest squares that fits into a width and height [pixels of the screen]."""
    most = max(1, int(sizes.max()) if sizes.size else 1)
    across = math.ceil(math.sqrt(most))
    down = math.ceil(most / across)
    homes = max(1, sizes.size)
    for cell in range(LARGEST_CELL * scale, 0, -1):
        rim, gap = (scale, max(2, cell // 2)) if cell > scale else (0 if cell == 1 else 1, 1)
        columns = min(homes, max(1, width // (across * cell + 2 * rim + gap)))
        found = Blocks(columns, math.ceil(homes / columns), across, down, cell, rim, gap)
        if found.width <= width and found.height <= height:
            return found
    return found  # one pixel each, and as tall as it takes


def painted(street: Street, layout: Blocks) -> Image.Image:
    """Return the picture of all neighbourhoods."""
    homes = street.sizes.size
    cells = np.full((layout.rows * layout.columns, layout.down * layout.across), NOTHING, dtype=np.uint8)
    place = np.arange(street.figures.size) - np.repeat(np.cumsum(street.sizes) - street.sizes, street.sizes)
    cells[np.repeat(np.arange(homes), street.sizes), place] = street.figures
    rims = np.zeros(layout.rows * layout.columns, dtype=bool)
    rims[:homes] = street.community
    return _spread(cells, rims, layout)


def _spread(cells: NDArray[np.uint8], rims: NDArray[np.bool_], layout: Blocks) -> Image.Image:
    """Blow cells up to squares, put rims and gaps around the neighbourhoods, and colour it all."""
    rows, columns, down, across = layout.rows, layout.columns, layout.down, layout.across
    cell, rim, gap = layout.cell, layout.rim, layout.gap
    tall, wide = down * cell + 2 * rim, across * cell + 2 * rim
    codes = np.full((rows, tall + gap, columns, wide + gap), NOTHING, dtype=np.uint8)
    marked = np.where(rims, RIM, NOTHING).astype(np.uint8).reshape(rows, 1, columns, 1)
    if rim:
        codes[:, :tall, :, :wide] = marked
    inner = cells.reshape(rows, columns, down, across).transpose(0, 2, 1, 3)
    inner = np.repeat(np.repeat(inner, cell, axis=1), cell, axis=3)
    codes[:, rim : rim + down * cell, :, rim : rim + across * cell] = inner
    picture = Image.fromarray(codes.reshape(rows * (tall + gap), columns * (wide + gap)))
    picture.putpalette(PALETTE)
    return picture.convert("RGB")


def draw_street(frame: Frame, country: Country, locality: str, width: int = 720, scale: int = 2) -> Canvas:
    """Draw the neighbourhoods of a locality; see :func:`sim.page.images.neighbourhood_png`."""
    street = frame.street(country.number(locality))
    police_width = _police_width(width)
    room = width - 3 * SIDE - police_width
    tallest = TALLEST_NARROW if width < NARROW else TALLEST
    layout = blocks(street.sizes, room * scale, round(room * tallest) * scale, scale)
    citizens = painted(street, layout)
    body = max(math.ceil(layout.height / scale), 120)
    lines = _lines(width, scale)
    height = HEADER + body + GAP + 20 * len(lines) + 12
    canvas = Canvas(Image.new("RGB", (width * scale, height * scale), WHITE), scale)
    _title(canvas, frame, locality, int(country.population[country.number(locality)]), width)
    canvas.image.paste(citizens, (SIDE * scale, HEADER * scale))
    left = width - SIDE - police_width
    canvas.pen.line(
        [((left - SIDE / 2) * scale, HEADER * scale), ((left - SIDE / 2) * scale, (HEADER + body) * scale)],
        fill=FAINT, width=scale,
    )  # fmt: skip
    _police(canvas, street.police, frame, left, police_width, body)
    _legend(canvas, lines, HEADER + body + GAP)
    return canvas


def _police_width(width: int) -> int:
    return round(width * (0.25 if width < NARROW else 0.17))


def _title(canvas: Canvas, frame: Frame, locality: str, population: int, width: int) -> None:
    when = day(frame.date) if frame.date and frame.day else frame.label
    room = width - 2 * SIDE
    canvas.text(SIDE, 8, canvas.fitting(f"{locality}, {when}", room, 16, bold=True), 16, bold=True)
    layout = frame.layout
    stands = f"{number(population)} inhabitants"
    if layout is not None and layout.persons_per_agent > 1:
        stands += f", a square for {number(layout.persons_per_agent)}"
    police_width = _police_width(width)
    canvas.text(SIDE, 38, canvas.fitting(stands, room - police_width - SIDE, 11.5), 11.5, GREY_)
    canvas.text(width - SIDE - police_width, 38, "police", 11.5, GREY_)


def _police(canvas: Canvas, police: Sequence[int], frame: Frame, left: int, width: int, height: int) -> None:
    """Draw a square for each police agent who is at home here, those who have gone over at the end."""
    s, total = canvas.scale, sum(police)
    words = 16 * len(POLICE_NAMES) + 22
    room_x, room_y = width * s, (height - words) * s
    cell = LARGEST_CELL * s
    while cell > 1 and math.ceil(total / max(1, room_x // cell)) * cell > room_y:
        cell -= 1
    edge = 0 if cell <= 2 else 1
    columns = max(1, room_x // cell)
    codes = np.repeat(np.arange(len(POLICE_COLOURS)), police)
    squares = np.full((math.ceil(max(total, 1) / columns) * columns, 3), 255, dtype=np.uint8)
    squares[:total] = np.array(POLICE_COLOURS, dtype=np.uint8)[codes]
    grid = squares.reshape(-1, columns, 3)
    pixels = np.repeat(np.repeat(grid, cell, axis=0), cell, axis=1)
    if edge:
        pixels[cell - 1 :: cell] = 255
        pixels[:, cell - 1 :: cell] = 255
    canvas.image.paste(Image.fromarray(pixels), (left * s, HEADER * s))
    officers = frame.layout.officers_per_agent if frame.layout is not None else 1
    y = HEADER + math.ceil(pixels.shape[0] / s) + 8
    for colour, name, count in zip(POLICE_COLOURS, POLICE_NAMES, police, strict=True):
        canvas.box(left, y + 2, 9, 9, colour)
        canvas.text(left + 13, y, canvas.fitting(f"{number(count * officers)} {name}", width - 13, 10.5), 10.5)
        y += 16
    if officers > 1:
        canvas.text(left, y, canvas.fitting(f"a square for {number(officers)}", width, 10.5), 10.5, GREY_)


@dataclass(frozen=True)
class Entry:
    """An entry of the legend: where it starts [CSS pixels], its colour (None: the rim of a community), its words."""

    x: float
    colour: Colour | None
    words: str


def _lines(width: int, scale: int) -> list[list[Entry]]:
    """Spread the legend over as many lines as it needs."""
    lines: list[list[Entry]] = [[]]
    x = float(SIDE)
    entries: list[tuple[Colour | None, str]] = list(zip(COLOURS, NAMES, strict=True))
    for colour, words in [*entries, (None, "local community")]:
        wide = 14 + width_of(words, 11.5, scale) + 16
        if x + wide > width and lines[-1]:
            lines.append([])
            x = float(SIDE)
        lines[-1].append(Entry(x, colour, words))
        x += wide
    return lines


def _legend(canvas: Canvas, lines: Sequence[Sequence[Entry]], top: float) -> None:
    for number_of_line, line in enumerate(lines):
        y = top + 20 * number_of_line + 6
        for entry in line:
            canvas.box(entry.x, y + 1, 10, 10, entry.colour or WHITE, COMMUNITY if entry.colour is None else None)
            canvas.text(entry.x + 14, y - 1, entry.words, 11.5)
