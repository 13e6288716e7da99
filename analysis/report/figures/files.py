"""Figures to files and to SVG text, the same bytes every time."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from analysis.report.figures.style import Picture, Run
from sim.core.errors import ProtestorateError
from sim.figures.plot import styled

# No dates and no versions, so that the same run gives the same bytes.
METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}


@contextmanager
def _settings(name: str) -> Iterator[None]:
    """Apply the house style, and make the ids inside an SVG depend on the picture's name alone."""
    with styled({"svg.hashsalt": name}):
        yield


def drawn(picture: Picture, run: Run) -> Figure:
    """Return the picture of a run, drawn in the house style."""
    with _settings(picture.name):
        return picture.draw(run)


def check_formats(formats: tuple[str, ...]) -> None:
    """Raise ProtestorateError if a format is not one that can be written."""
    for name in formats:
        if name not in METADATA:
            raise ProtestorateError(f"picture format {name!r} is none of {', '.join(METADATA)}")


def save(figure: Figure, name: str, folder: Path, formats: tuple[str, ...]) -> list[Path]:
    """Write a figure as ``folder/name.format`` in each format; return the files."""
    check_formats(formats)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in formats:
        path = folder / f"{name}.{kind}"
        if kind == "svg":
            path.write_text(_svg(figure, name), encoding="utf-8")
        else:
            with _settings(name):
                figure.savefig(path, format=kind, dpi=200, metadata=METADATA[kind])
        written.append(path)
    return written


def _svg(figure: Figure, name: str) -> str:
    """Return a figure as SVG, in which the areas that clip others are numbered.

    Matplotlib names them by their bounds to the last bit, and the layout is not the same to the last bit each time.
    """
    target = io.StringIO()
    with _settings(name):
        figure.savefig(target, format="svg", metadata=METADATA["svg"])
    text = target.getvalue()
    names = dict.fromkeys(re.findall(r"url\(#(p[0-9a-f]{10})\)", text))
    for number, area in enumerate(names, start=1):
        text = text.replace(area, f"clip{number}")
    return text


def inline_svg(figure: Figure, name: str, alternative: str) -> str:
    """Return a figure as an ``<svg>`` element to stand inside an HTML page.

    Parameters
    ----------
    figure : Figure
    name : str
        Prefix of all ids inside, so that several pictures in a page do not share any.
    alternative : str
        HTML-escaped text for those who cannot see the picture.
    """
    text = _svg(figure, name)
    text = text[text.index("<svg") :]
    # The page has one style for all; a style inside an inline SVG would apply to the whole page.
    text = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r"url\(#", f"url(#{name}-", text)
    text = re.sub(r'href="#', f'href="#{name}-', text)
    # A hundredth of a point is finer than any screen, and halves the size of the page.
    text = re.sub(r' d="[^"]*"', lambda path: re.sub(r"(\.\d\d)\d+", r"\1", path.group()), text)
    opening = f'<svg role="img" aria-labelledby="{name}-words"'
    words = f'<title id="{name}-words">{alternative}</title>'
    return text.replace("<svg", opening, 1).replace(">", f">{words}", 1)
