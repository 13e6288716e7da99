"""The map: a circle a locality, its area the people in action, its colour by choice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from sim.core.formats import day, number, share
from sim.figures.plot import GREY
from sim.mesa.country import MARGIN, Country
from sim.mesa.frames import Frame
from sim.page.canvas import GREY_, INK_, WHITE, Canvas, Colour, Pixels, disc, rgb, width_of

LAND, COAST = rgb("#F1F0EB"), rgb(GREY)
LARGEST_RADIUS = 0.13
"""Radius of the circle of a crowd of `LARGEST_CROWD`, as a share of the picture's width."""
LARGEST_CROWD = 0.025
"""Share of the country's population; a larger crowd has a larger circle still."""
SMALLEST_RADIUS, EMPTY_RADIUS = 1.6, 1.4
HEADER, LEGEND = 50, 54
NARROW = 560
"""Width below which the legend takes two rows [CSS pixels]."""
LARGEST_SAMPLE = 22.0
"""Radius of the largest circle of the legend, at most [CSS pixels]."""
MOST_LABELS = 14
CLICK_REACH = 12.0
"""How far beside a circle a click still counts [CSS pixels]."""


@dataclass(frozen=True)
class Colouring:
    """How a number of a locality becomes a colour: classes, so that a reader can name what he sees.

    Attributes
    ----------
    label : str
        What is shown.
    bounds : tuple of float
        Where one class ends and the next begins.
    colours : tuple of colours
        One more than bounds, from low to high.
    """

    label: str
    bounds: tuple[float, ...]
    colours: tuple[Colour, ...]

    def colour(self, value: float) -> Colour:
        """Return the colour of a value."""
        return self.colours[int(np.searchsorted(self.bounds, value, side="right"))]


COLOURINGS: dict[str, Colouring] = {
    "share": Colouring(
        "in action, share of inhabitants",
        (0.001, 0.005, 0.02, 0.05),
        tuple(map(rgb, ("#FBE3D2", "#F2B27E", "#DE7A30", "#A63D00", "#4F1A00"))),
    ),
    "detained": Colouring(
        "detained today, of those in action",
        (0.001, 0.01, 0.05, 0.2),
        tuple(map(rgb, ("#F3E6F0", "#D9A5C9", "#B45F9B", "#7C2A6B", "#3C0A36"))),
    ),
    "loyalty": Colouring(
        "police who are loyal",
        (0.5, 0.8, 0.95, 0.99),
        tuple(map(rgb, ("#7A2B00", "#D55E00", "#F2B77C", "#8FC1E3", "#0063A0"))),
    ),
}
"""What the colour of a circle can show. Dark and light tell the classes apart, too."""


def values(frame: Frame, country: Country, colour: str) -> NDArray[np.float64]:
    """Return the number that the colour shows, shape (localities,) [share]."""
    places = frame.places
    if colour == "share":
        return np.asarray(places["attending"] / country.population)
    if colour == "detained":
        return np.asarray(places["detained"] / np.maximum(places["attending"], 1))
    officers = places["police_loyal"] + places["police_shirking"] + places["police_defected"]
    return np.where(officers > 0, places["police_loyal"] / np.maximum(officers, 1), 1.0)


@dataclass(frozen=True, eq=False)
class Geometry:
    """Where everything stands in a map of some width [CSS pixels]."""

    width: int
    height: int
    header: int
    legend: int
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    rings: tuple[NDArray[np.float64], ...]

    def radius(self, attending: float, population: float) -> float:
        """Return the radius of a crowd's circle; the area is proportional to the crowd."""
        if attending <= 0:
            return EMPTY_RADIUS
        exact = LARGEST_RADIUS * self.width * math.sqrt(attending / (LARGEST_CROWD * population))
        return max(SMALLEST_RADIUS, exact)


@lru_cache(maxsize=16)
def geometry(country: Country, width: int, title: bool = True) -> Geometry:
    """Return where everything stands in a map of a width in CSS pixels."""
    west, south, east, north = country.bounds
    room = width * (1 - 2 * MARGIN)
    scale = room / (east - west)
    header = HEADER if title else 0
    top = header + MARGIN * width * 0.4

    def placed(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return width * MARGIN + (lon - west) * scale, top + (north - lat) * scale * country.stretch

    x, y = placed(country.lon, country.lat)
    rings = tuple(np.stack(placed(ring[:, 0], ring[:, 1]), axis=1) for ring in country.rings)
    bottom = top + (north - south) * scale * country.stretch + MARGIN * width * 0.4
    rows = 2 if width < NARROW else 1
    return Geometry(width, math.ceil(bottom) + LEGEND * rows, header, math.ceil(bottom), x, y, rings)


@lru_cache(maxsize=8)
def _ground(country: Country, width: int, scale: int, title: bool) -> Image.Image:
    """The outline, drawn once for all frames of a run, three times as large and then reduced."""
    place, finer = geometry(country, width, title), 3
    size = (width * scale, place.height * scale)
    large = Image.new("RGB", (size[0] * finer, size[1] * finer), WHITE)
    pen = ImageDraw.Draw(large)
    for ring in place.rings:
        points = [(float(x), float(y)) for x, y in ring * (scale * finer)]
        pen.polygon(points, fill=LAND)
        pen.line([*points, points[0]], fill=COAST, width=scale * finer)
    return large.reduce(finer)


def map_size(country: Country, width: int = 720, title: bool = True) -> tuple[int, int]:
    """Return width and height of the map [CSS pixels]."""
    place = geometry(country, width, title)
    return place.width, place.height


def locality_at(frame: Frame, country: Country, x: float, y: float, width: int = 720, title: bool = True) -> str | None:
    """Return the locality at a point of the map [CSS pixels], the smallest circle first; None if there is none."""
    place = geometry(country, width, title)
    away = np.hypot(place.x - x, place.y - y)
    radii = _radii(frame, country, place)
    under = np.flatnonzero(away <= radii)
    if under.size:
        return country.names[int(under[np.argmin(radii[under])])]
    nearest = int(np.argmin(away - radii))
    return country.names[nearest] if away[nearest] - radii[nearest] <= CLICK_REACH else None


def _radii(frame: Frame, country: Country, place: Geometry) -> NDArray[np.float64]:
    population = float(country.population.sum())
    return np.array([place.radius(float(crowd), population) for crowd in frame.places["attending"]])


def draw_map(
    frame: Frame, country: Country, colour: str = "share", selected: str | None = None, width: int = 720,
    scale: int = 2, title: bool = True,
) -> Canvas:  # fmt: skip
    """Draw the map of a day; see :func:`sim.page.images.map_png`."""
    place = geometry(country, width, title)
    radii = _radii(frame, country, place)
    pixels: Pixels = np.array(_ground(country, width, scale, title))
    look = COLOURINGS[colour]
    shown = values(frame, country, colour)
    crowds = frame.places["attending"]
    for i in np.argsort(-radii, kind="stable").tolist():
        acting = crowds[i] > 0
        fill = look.colour(float(shown[i])) if acting else WHITE
        disc(
            pixels, place.x[i] * scale, place.y[i] * scale, radii[i] * scale, fill, INK_ if acting else GREY_,
            0.7 * scale, 0.9,
        )  # fmt: skip
    chosen = country.names.index(selected) if selected in country.names else -1
    if chosen >= 0:
        x, y = place.x[chosen] * scale, place.y[chosen] * scale
        disc(pixels, x, y, (radii[chosen] + 2.5) * scale, None, WHITE, 3.0 * scale)
        disc(pixels, x, y, (radii[chosen] + 2.5) * scale, None, (0, 0, 0), 1.6 * scale)
    sizes = _sizes(place, float(country.population.sum()), scale)
    for size in sizes:
        x, y = (size.x + size.radius) * scale, size.y * scale
        disc(pixels, x, y, size.radius * scale, None, INK_, 0.9 * scale)
    canvas = Canvas(Image.fromarray(pixels), scale)
    if title:
        _header(canvas, frame, width)
    _labels(canvas, place, country.names, radii, crowds, chosen)
    _legend(canvas, place, look, sizes)
    return canvas


def _header(canvas: Canvas, frame: Frame, width: int) -> None:
    when = day(frame.date) if frame.date and frame.day else frame.label
    canvas.text(14, 10, when, 17 if width >= NARROW else 15, bold=True)
    if not frame.national:
        return
    taken = frame.national["detained_today"]
    detained = f"{number(taken)} detained" if taken else "nobody detained"
    words = f"{number(frame.national['attending'])} in action, {detained}"
    if width >= NARROW:
        canvas.text(width - 14, 13, words, 14, anchor="ra")
    else:
        canvas.text(14, 31, words, 12, GREY_)


Box = tuple[float, float, float, float]


def _labels(
    canvas: Canvas, place: Geometry, names: Sequence[str], radii: NDArray[np.float64], crowds: NDArray[np.int64],
    chosen: int,
) -> None:  # fmt: skip
    """Name the largest crowds where a name covers neither another name nor the middle of another circle."""
    order = [int(i) for i in np.argsort(-crowds, kind="stable")[:MOST_LABELS] if crowds[i] > 0]
    if chosen >= 0:
        order = [chosen, *(i for i in order if i != chosen)]
    core = np.minimum(radii, 6.0)
    taken: list[Box] = [(0, 0, place.width, place.header)]
    taken += [(x - r, y - r, x + r, y + r) for x, y, r in zip(place.x, place.y, core, strict=True)]
    first = 1
    for i in order:
        size = 13 if radii[i] > 22 else 11.5
        wide, high = canvas.width_of(names[i], size, i == chosen), size + 2
        for box in _sides(place.x[i], place.y[i], radii[i] + (7 if i == chosen else 3), wide, high):
            others = (other for j, other in enumerate(taken) if j != first + i)
            inside = box[0] >= 2 and box[2] <= place.width - 2 and box[3] <= place.legend
            if inside and not any(_overlap(box, other) for other in others):
                canvas.text(box[0], (box[1] + box[3]) / 2, names[i], size, bold=i == chosen, anchor="lm", halo=True)
                taken.append(box)
                break


def _sides(x: float, y: float, away: float, wide: float, high: float) -> list[Box]:
    """Where a name may stand: right, left, above, below of its circle."""
    return [
        (x + away, y - high / 2, x + away + wide, y + high / 2),
        (x - away - wide, y - high / 2, x - away, y + high / 2),
        (x - wide / 2, y - away - high, x + wide / 2, y - away),
        (x - wide / 2, y + away, x + wide / 2, y + away + high),
    ]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _legend(canvas: Canvas, place: Geometry, look: Colouring, sizes: Sequence[Size]) -> None:
    top = place.legend
    swatch = min(46.0, (place.width - 40) / len(look.colours))
    canvas.text(14, top + 3, look.label, 11.5, GREY_)
    for i, colour in enumerate(look.colours):
        canvas.box(14 + i * swatch, top + 20, swatch, 11, colour)
    for i, bound in enumerate(look.bounds, start=1):
        canvas.text(14 + i * swatch, top + 34, share(bound), 10.5, anchor="ma")
    if sizes:
        canvas.text(sizes[0].x - 8, sizes[0].y, CROWD, 11.5, GREY_, anchor="rm")
    for size in sizes:
        canvas.text(size.x + 2 * size.radius + 4, size.y, number(size.crowd), 10.5, anchor="lm")


@dataclass(frozen=True)
class Size:
    """A circle of the legend: its left edge, its middle, its radius [CSS pixels], and what it stands for."""

    x: float
    y: float
    radius: float
    crowd: int


CROWD = "people in action"
ROUND = [step * 10**power for power in range(9, -1, -1) for step in (5, 2, 1)]


@lru_cache(maxsize=32)
def _sizes(place: Geometry, population: float, scale: int) -> tuple[Size, ...]:
    """Circles of three round crowds, as large as the legend holds."""
    first = next(
        (i for i, crowd in enumerate(ROUND) if place.radius(crowd, population) <= LARGEST_SAMPLE), len(ROUND) - 1
    )
    crowds = ROUND[first::2][:3][::-1]
    radii = [place.radius(crowd, population) for crowd in crowds]
    room = [2 * r + width_of(number(crowd), 10.5, scale) + 14 for r, crowd in zip(radii, crowds, strict=True)]
    words = width_of(CROWD, 11.5, scale) + 8
    x = 14 + words if place.width < NARROW else place.width - 4 - sum(room)
    y = place.height - LEGEND / 2
    sizes = []
    for radius, crowd, wide in zip(radii, crowds, room, strict=True):
        sizes.append(Size(x, y, radius, crowd))
        x += wide
    return tuple(sizes)
