"""What the pictures share: fonts, colours, discs with smooth edges, and the way to a PNG.

Lengths are given in CSS pixels and multiplied by the scale of the screen (1 or 2), so that a picture
looks the same on both and is sharp on both.
"""

from __future__ import annotations

import math
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Pixels = NDArray[np.uint8]
Anchor = Literal["la", "ra", "lm", "rm", "mm", "ma", "ms", "ls", "rs", "md", "ld", "rd"]

WHITE: Colour = (255, 255, 255)
QUICK = 1
"""Level of compression: a picture lives for a fraction of a second, so size matters less than time."""


def rgb(colour: str) -> Colour:
    """Return ``#RRGGBB`` as three numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


INK_, GREY_, FAINT = rgb("#222222"), rgb("#666666"), rgb("#C8C8C8")


@cache
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Return DejaVu Sans, which comes with matplotlib and has Latin, Greek and Cyrillic letters."""
    found = find_spec("matplotlib")
    assert found is not None
    assert found.submodule_search_locations is not None
    folder = Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
    return ImageFont.truetype(str(folder / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")), size)


def width_of(words: str, size: float, scale: int, bold: bool = False) -> float:
    """Return the width of words [CSS pixels]."""
    return font(round(size * scale), bold).getlength(words) / scale


@dataclass
class Canvas:
    """A picture being drawn.

    Attributes
    ----------
    image : PIL.Image.Image
        RGB, width * scale pixels wide.
    scale : int
        Pixels for each CSS pixel.
    """

    image: Image.Image
    scale: int

    def __post_init__(self) -> None:
        self.pen = ImageDraw.Draw(self.image)

    def text(
        self, x: float, y: float, words: str, size: float = 12, colour: Colour = INK_, bold: bool = False,
        anchor: Anchor = "la", halo: bool = False,
    ) -> None:  # fmt: skip
        """Write words; with a halo they can be read on any ground."""
        self.pen.text(
            (x * self.scale, y * self.scale), words, fill=colour, font=font(round(size * self.scale), bold),
            anchor=anchor, stroke_width=self.scale * 2 if halo else 0, stroke_fill=WHITE if halo else None,
        )  # fmt: skip

    def width_of(self, words: str, size: float = 12, bold: bool = False) -> float:
        """Return the width of words [CSS pixels]."""
        return width_of(words, size, self.scale, bold)

    def fitting(self, words: str, room: float, size: float = 12, bold: bool = False) -> str:
        """Return words cut so that they take no more than `room` CSS pixels."""
        if self.width_of(words, size, bold) <= room:
            return words
        kept = words
        while kept and self.width_of(kept + "…", size, bold) > room:
            kept = kept[:-1]
        return kept.rstrip() + "…"

    def box(self, x: float, y: float, width: float, height: float, fill: Colour, edge: Colour | None = None) -> None:
        """Fill a rectangle."""
        s = self.scale
        self.pen.rectangle(
            (round(x * s), round(y * s), round((x + width) * s) - 1, round((y + height) * s) - 1), fill=fill,
            outline=edge, width=s,
        )  # fmt: skip

    def png(self) -> bytes:
        """Return the picture as a file."""
        return encoded(self.image)


def encoded(image: Image.Image) -> bytes:
    """Return an RGB image as a PNG.

    Pillow tries five filters on every line, which takes most of the time and gains nothing where large areas
    are of one colour. Here lines are compressed as they are.
    """
    pixels = np.asarray(image)
    height, width, _ = pixels.shape
    lines = np.zeros((height, 1 + 3 * width), dtype=np.uint8)  # the first byte names the filter: none
    lines[:, 1:] = pixels.reshape(height, -1)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits, RGB
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines.data, QUICK)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def blank(width: int, height: int, scale: int, ground: Colour = WHITE) -> Canvas:
    """Return an empty picture of a size in CSS pixels."""
    return Canvas(Image.new("RGB", (width * scale, height * scale), ground), scale)


def disc(
    pixels: Pixels, x: float, y: float, radius: float, fill: Colour | None, edge: Colour, edge_width: float,
    opacity: float = 1.0,
) -> None:  # fmt: skip
    """Draw a disc with smooth edges into an array of pixels; all lengths in its pixels.

    The filled area is exact to some hundredths, however small the disc is.
    """
    reach = radius + edge_width / 2 + 1
    left, right = max(0, math.floor(x - reach)), min(pixels.shape[1], math.ceil(x + reach) + 1)
    top, bottom = max(0, math.floor(y - reach)), min(pixels.shape[0], math.ceil(y + reach) + 1)
    if left >= right or top >= bottom:
        return
    down, across = np.ogrid[top:bottom, left:right]
    distance = np.sqrt((across + 0.5 - x) ** 2 + (down + 0.5 - y) ** 2).astype(np.float32)
    patch = pixels[top:bottom, left:right].astype(np.float32)
    if fill is not None:
        # A rim that fades over a whole pixel adds 1/12 of pi to the area, which is much for a small disc.
        filled = math.sqrt(max(radius**2 - 1 / 12, 0.0))
        inside = np.clip(filled + 0.5 - distance, 0.0, 1.0) * opacity
        patch += (np.array(fill, dtype=np.float32) - patch) * inside[..., None]
    if edge_width > 0:
        on_edge = np.clip(edge_width / 2 + 0.5 - np.abs(distance - radius), 0.0, 1.0)
        patch += (np.array(edge, dtype=np.float32) - patch) * on_edge[..., None]
    pixels[top:bottom, left:right] = np.rint(patch).astype(np.uint8)
