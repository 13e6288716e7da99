"""The text of a file, or what keeps it from being read."""

from __future__ import annotations

import re
from pathlib import Path

from sim.core.errors import Problem, ScenarioError, shown

LARGEST_FILE = 4 * 2**20

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff")


def display(path: Path) -> str:
    """Return a path as errors show it: relative to the working folder if it is inside it."""
    absolute = path.absolute()
    folder = Path.cwd()
    return str(absolute.relative_to(folder)) if absolute.is_relative_to(folder) else str(path)


def text_of(path: Path) -> str:
    """Return the text of a file, without a byte order mark.

    Raises
    ------
    ScenarioError
        If it is missing, unreadable, larger than 4 megabytes, not UTF-8 or not printable.
    """
    name = display(path)
    try:
        if path.is_dir():
            raise ScenarioError(Problem("is a folder, not a file", file=name))
        if not path.exists():
            raise ScenarioError(Problem("there is no such file", file=name))
        if not path.is_file():
            raise ScenarioError(Problem("is not an ordinary file", file=name))
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ScenarioError(Problem(f"cannot be read: {error.strerror or error}", file=name)) from None
    if len(content) > LARGEST_FILE:
        raise ScenarioError(Problem("is larger than 4 megabytes", file=name))
    return _decoded(content, name)


def _decoded(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        line, column = _line_and_column(before, len(before))
        message = "is not UTF-8 text; save the file in the encoding UTF-8"
        raise ScenarioError(Problem(message, "", name, line, column)) from None
    strange = _UNPRINTABLE.search(text)
    if strange:
        line, column = _line_and_column(text, strange.start())
        message = "a character that cannot be printed"
        raise ScenarioError(Problem(message, "", name, line, column, shown(strange.group())))
    return text


def _line_and_column(text: str, index: int) -> tuple[int, int]:
    start = text.rfind("\n", 0, index) + 1
    return text.count("\n", 0, index) + 1, index - start + 1
