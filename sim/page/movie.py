"""A run as a movie: the map day by day, with date, turnout and what happened. No browser is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from sim.core.errors import Problem, ProtestorateError, ScenarioError
from sim.core.share import to_install
from sim.mesa.country import Country
from sim.mesa.frames import Frame
from sim.mesa.model import ProtestModel
from sim.page.canvas import FAINT, INK_, Canvas, blank, rgb
from sim.page.images import COLOURINGS, main_canvas
from sim.page.map_image import NARROW
from sim.page.story import Line, sentences
from sim.run.load import load
from sim.run.place import check_place, made, unfinished_file
from sim.run.simulate import Progress

FORMATS = (".mp4", ".gif")
SIDE, LINE, SIZE = 14, 19, 13
MOST_LINES = 5
"""Lines of the story that a picture has room for."""
CURVE = 70
"""Height of the curve of turnout below the map [CSS pixels]."""
REST_SECONDS = 2.5
"""How long the last day stands still."""
LARGE = 1120
"""Width from which letters and lines are drawn twice as large, so that a phone shows them, too [pixels]."""
CURVE_COLOUR = rgb("#0072B2")


@dataclass(frozen=True)
class Look:
    """How a movie looks.

    Attributes
    ----------
    colour : str
        What the colour of circles shows, a key of ``sim.page.images.COLOURINGS``.
    width : int
        Width [pixels], 240 to 3840.
    fps : int
        Days a second, 1 to 60.
    """

    colour: str = "share"
    width: int = 1280
    fps: int = 5


def write_movie(
    scenario: str | Path,
    path: Path,
    *,
    seed: int | None = None,
    overrides: Mapping[str, Any] | None = None,
    days: int | None = None,
    persons_per_agent: int | None = None,
    look: Look | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Run a scenario and write a movie of it.

    Parameters
    ----------
    scenario, seed, overrides, days, persons_per_agent
        As for ``sim.simulate``.
    path : Path
        The file; its ending, ``.mp4`` or ``.gif``, says what it becomes.
    look : Look, optional
        Colour, width and speed.
    force : bool
        Whether a file that is there already may be replaced.
    progress : callable, optional
        See :data:`sim.run.simulate.Progress`; called for each day simulated, and again for each day drawn.

    Returns
    -------
    Path
        The file, which appears when it is complete.

    Raises
    ------
    ScenarioError
        If anything asked for is not valid.
    ProtestorateError
        If the file cannot be written here, or the program that writes MP4 is not installed.
    """
    look = look or Look()
    check(path, look, force)
    if seed is None:
        seed = int(load(scenario, overrides).config.run.seed)
    model = ProtestModel(scenario, seed, overrides=overrides, days=days, persons_per_agent=persons_per_agent)
    total = 2 * model.horizon
    while model.running:
        model.step()
        if progress is not None:
            progress(model.day, total, model.label)
    frames, told = model.history.frames(), sentences(model.history, model.config)
    country, done = model.country, len(model.history)

    def drawn(number: int, label: str) -> None:
        if progress is not None:
            progress(done + number, 2 * done, label)

    model.close()
    return movie_of(frames, country, told, path, look, force, drawn)


def movie_of(
    frames: Sequence[Frame],
    country: Country | None,
    told: Sequence[Line],
    path: Path,
    look: Look | None = None,
    force: bool = False,
    drawn: Callable[[int, str], None] | None = None,
) -> Path:
    """Write a movie of the days of a run that there are already; see :func:`write_movie`.

    Parameters
    ----------
    frames : sequence of Frame
        At least one.
    told : sequence of Line
        What happened, a line a frame, as from ``sim.page.story.sentences``.
    drawn : callable, optional
        Called after each day with its number and its label.
    """
    look = look or Look()
    check(path, look, force)
    if not frames:
        raise ProtestorateError("the run has not begun: there is nothing to film yet")

    turnout = _turnout(frames)

    def pictures() -> Iterator[Image.Image]:
        for number, (frame, line) in enumerate(zip(frames, told, strict=True), start=1):
            yield still(frame, country, line[2], turnout, look)
            if drawn is not None:
                drawn(number, frame.label)

    try:
        with made(path.parent), unfinished_file(path, path.suffix.lower()) as unfinished:
            if path.suffix.lower() == ".mp4":
                _write_mp4(unfinished, pictures(), look.fps)
            else:
                fullest = int(turnout.argmax())
                sample = still(frames[fullest], country, told[fullest][2], turnout, look)
                _write_gif(unfinished, pictures(), look.fps, sample, len(frames))
            unfinished.replace(path)
    except OSError as error:
        raise ProtestorateError(f"{path}: the movie cannot be written here: {error.strerror or error}") from error
    return path


def check(path: Path, look: Look, force: bool) -> None:
    """Make sure, before anything is computed, that the movie that is asked for can be made.

    Raises
    ------
    ScenarioError, ProtestorateError
        See :func:`write_movie`.
    """
    problems = []
    if look.colour not in COLOURINGS:
        problems.append(Problem(f"must be one of {', '.join(COLOURINGS)}", "colour", given=repr(look.colour)))
    if not 240 <= look.width <= 3840:
        problems.append(Problem("must lie in 240 to 3840", "width", given=str(look.width)))
    if not 1 <= look.fps <= 60:
        problems.append(Problem("must lie in 1 to 60", "fps", given=str(look.fps)))
    if problems:
        raise ScenarioError(problems)
    if path.suffix.lower() not in FORMATS:
        raise ProtestorateError(f"{path}: a movie's name ends in .mp4 or .gif")
    if path.is_dir():
        raise ProtestorateError(f"{path}: is a folder")
    if path.exists() and not force:
        raise ProtestorateError(f"{path}: there is a file already; replace it with --force or choose another name")
    if path.suffix.lower() == ".mp4":
        _av()
    check_place(path.parent)


def still(frame: Frame, country: Country | None, told: str, turnout: np.ndarray, look: Look) -> Image.Image:
    """Return the picture of a day: map, curve of turnout so far, and what happened."""
    scale = 2 if look.width >= LARGE else 1
    width = look.width // scale
    above = main_canvas(frame, country, look.colour, None, width, scale)
    top = above.image.height // scale
    lines = MOST_LINES if width >= NARROW else MOST_LINES + 3
    height = top + CURVE + LINE * lines + 22
    canvas = blank(width, height + height % 2, scale)  # video wants even numbers
    canvas.image.paste(above.image, (0, 0))
    _curve(canvas, turnout, frame.day, top)
    for number, words in enumerate(wrapped(canvas, told, width - 2 * SIDE, lines)):
        canvas.text(SIDE, top + CURVE + 14 + LINE * number, words, SIZE, INK_)
    return canvas.image


def wrapped(canvas: Canvas, words: str, room: float, most: int) -> list[str]:
    """Return words in lines of at most `room` CSS pixels; what is too much for `most` lines is cut."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if canvas.width_of(longer, SIZE) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], canvas.fitting(" ".join(lines[most - 1 :]), room, SIZE)]
    return lines


def _turnout(frames: Sequence[Frame]) -> np.ndarray:
    row = frames[0].national
    numbers = (name for name, value in row.items() if name != "step" and isinstance(value, int | float))
    name = next((name for name in ("attending", "active") if name in row), next(numbers, "step"))
    return np.array([float(frame.national[name]) for frame in frames])


def _curve(canvas: Canvas, turnout: np.ndarray, day: int, top: float) -> None:
    """Draw turnout day by day as bars, those to come in grey."""
    left, floor, scale = SIDE * canvas.scale, (top + CURVE) * canvas.scale, canvas.scale
    wide = (canvas.image.width - 2 * left) / len(turnout)
    highest = (CURVE - 10) * scale / max(float(turnout.max()), 1.0)
    for number, crowd in enumerate(turnout.tolist()):
        start, stop = left + number * wide, left + (number + 1) * wide - (scale if wide > 3 * scale else 1)
        box = (round(start), round(floor - max(scale, crowd * highest)), max(round(start), round(stop)), floor)
        canvas.pen.rectangle(box, fill=CURVE_COLOUR if number < day else FAINT)


def _av() -> Any:
    try:
        import av
    except ImportError:
        raise ProtestorateError(
            f"MP4 needs the package av: install it with  {to_install('view')}  or write a .gif"
        ) from None
    return av


def _write_mp4(path: Path, pictures: Iterator[Image.Image], fps: int) -> None:
    av = _av()
    with av.open(str(path), "w", options={"movflags": "faststart"}) as file:
        stream = None
        picture = None
        for picture in pictures:
            if stream is None:
                stream = file.add_stream("libx264", rate=fps, options={"crf": "20", "preset": "medium"})
                stream.width, stream.height = picture.width - picture.width % 2, picture.height
                stream.pix_fmt = "yuv420p"  # what every player understands
            _encode(av, file, stream, picture)
        assert stream is not None
        assert picture is not None
        for _ in range(round(REST_SECONDS * fps)):
            _encode(av, file, stream, picture)
        for packet in stream.encode():
            file.mux(packet)


def _encode(av: Any, file: Any, stream: Any, picture: Image.Image) -> None:
    fitting = picture.crop((0, 0, stream.width, stream.height))
    for packet in stream.encode(av.VideoFrame.from_image(fitting)):
        file.mux(packet)


def _write_gif(path: Path, pictures: Iterator[Image.Image], fps: int, sample: Image.Image, days: int) -> None:
    """Write a GIF with one palette for all pictures, that of a sample with all colours, so that nothing flickers."""
    palette = sample.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small = (picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures)
    durations = [round(1000 / fps)] * days
    durations[-1] += round(1000 * REST_SECONDS)
    with path.open("wb") as file:  # Pillow leaves a file of its own open when a picture fails
        next(small).save(file, "GIF", save_all=True, append_images=small, duration=durations, loop=0, optimize=False)
