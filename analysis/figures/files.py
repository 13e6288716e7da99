"""Figures to files and to SVG text, the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from analysis.figures.style import Run
from sim.plot import SETTINGS

FORMATS = ("svg", "png", "pdf")
Draw = Callable[[Run], Figure]
# No dates and no version: the same run gives the same bytes.
METADATA = {
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}


def drawn(draw: Draw, run: Run) -> Figure:
    """Return the figure, drawn in the house style."""
    with mpl.rc_context(SETTINGS):
        return draw(run)


def svg_text(draw: Draw, run: Run, name: str) -> str:
    """Return the figure as SVG, with text as text, so that it can be searched and read aloud."""
    target = io.StringIO()
    with mpl.rc_context({**SETTINGS, "svg.hashsalt": name}):
        draw(run).savefig(target, format="svg", metadata=METADATA["svg"])
    return target.getvalue()


def save(table: Iterable[tuple[str, Draw]], run: Run, folder: Path, formats: tuple[str, ...]) -> list[Path]:
    """Write each figure in each format; see `analysis.figures.save_all`."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise ValueError(f"picture format {unknown[0]!r} is none of {', '.join(FORMATS)}")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, draw in table:
        with mpl.rc_context({**SETTINGS, "svg.hashsalt": name}):
            figure = draw(run)
            for kind in formats:
                path = folder / f"{name}.{kind}"
                figure.savefig(path, format=kind, dpi=200, metadata=METADATA[kind])
                written.append(path)
    return written
